"""When something is to be done, as plans and their annexes write it."""

from datetime import date

import pytest

from app.documents.deadlines import read_deadline

LIMITS = [
    ("6/2025", date(2025, 6, 30)),
    ("Tháng 02 năm 2028", date(2028, 2, 29)),
    ("Quý III Năm 2026", date(2026, 9, 30)),
    ("Dự kiến tháng 11/2025 (sau khi tỉnh ban hành, trước 01/01/2027)", date(2025, 11, 30)),
    ("Chậm nhất ngày 10/12/2025 (trước ngày hội 95 ngày)", date(2025, 12, 10)),
    ("Trước ngày 15 tháng 12 năm 2025", date(2025, 12, 15)),
    ("6 tháng đầu năm 2026", date(2026, 6, 30)),
    ("Đến hết năm 2030", date(2030, 12, 31)),
]
SPANS = [
    ("2025 - 2026", date(2025, 1, 1), date(2026, 12, 31)),
    ("Quý IV/2025- Quý II/2026", date(2025, 10, 1), date(2026, 6, 30)),
    ("Quý I, II/2026", date(2026, 1, 1), date(2026, 6, 30)),
    ("Từ tháng 12/2025 đến quý I/2026", date(2025, 12, 1), date(2026, 3, 31)),
    ("Tháng 11, 12/2025", date(2025, 11, 1), date(2025, 12, 31)),
    ("Ngày 15-20/12/2025", date(2025, 12, 15), date(2025, 12, 20)),
    ("Năm học 2025-2026", date(2025, 9, 1), date(2026, 8, 31)),
]
RHYTHMS = [
    ("Hàng năm", "year"),
    ("Trước ngày 30/11 hằng năm", "year"),
    ("Hằng quý, hằng năm", "quarter"),
    ("Định kỳ 6 tháng, năm", "half_year"),
    ("hằng tháng", "month"),
    ("Mỗi năm học", "school_year"),
]


@pytest.mark.parametrize(("raw", "ends"), LIMITS)
def test_one_time_is_the_day_it_ends(raw: str, ends: date) -> None:
    deadline = read_deadline(raw)

    assert (deadline.kind, deadline.begins, deadline.ends, deadline.raw) == ("date", None, ends, raw)


@pytest.mark.parametrize(("raw", "begins", "ends"), SPANS)
def test_two_times_are_a_range(raw: str, begins: date, ends: date) -> None:
    deadline = read_deadline(raw)

    assert (deadline.kind, deadline.begins, deadline.ends) == ("range", begins, ends)


@pytest.mark.parametrize(("raw", "cycle"), RHYTHMS)
def test_a_rhythm_is_a_cycle_and_the_shortest_counts(raw: str, cycle: str) -> None:
    deadline = read_deadline(raw)

    assert (deadline.kind, deadline.cycle, deadline.ends) == ("cycle", cycle, None)


def test_a_rhythm_within_years_keeps_them() -> None:
    deadline = read_deadline("Hằng năm, giai đoạn 2026 - 2030")

    assert (deadline.kind, deadline.begins, deadline.ends) == ("cycle", date(2026, 1, 1), date(2030, 12, 31))


def test_what_goes_on_without_end_is_standing() -> None:
    assert read_deadline("Thường xuyên").kind == "standing"
    assert read_deadline("Năm 2026 và các năm tiếp theo").begins == date(2026, 1, 1)
    assert read_deadline("Từ năm 2026").kind == "standing"


def test_what_names_no_day_keeps_its_words() -> None:
    for raw in ("Ngay sau khi có hướng dẫn", "", "31/02/2026", "Tháng 13/2026", "Quý IV"):
        assert (read_deadline(raw).kind, read_deadline(raw).raw) == ("unknown", raw)


def test_a_missing_year_is_the_one_given() -> None:
    assert read_deadline("trước 30/11", year=2025).ends == date(2025, 11, 30)
    assert read_deadline("Quý IV", year=2025).ends == date(2025, 12, 31)
