from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import (
    AmbiguousNumber,
    NotADate,
    NotANumber,
    capitalised,
    compare_key,
    fold,
    format_date,
    format_datetime,
    format_number,
    is_keepable,
    parse_date,
    parse_number,
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Tổ dân phố", "to dan pho"),
        ("ĐẢNG  ỦY\n phường", "dang uy phuong"),
        ("Ðông", "dong"),
        ("Hằng năm", "hang nam"),
    ],
)
def test_folding_removes_case_marks_and_extra_spaces(text: str, key: str) -> None:
    assert fold(text) == key


def test_folding_treats_composed_and_decomposed_letters_alike() -> None:
    assert fold("Đu\u031b\u0303ng") == fold("Đững")


@given(st.text(alphabet="aăâbcdđeêghioôơuưy ÀẢÃÁẠẰĐỔỬỵ\n", max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ủy ban", "Uỷ ban"),
        ("văn hóa", "Văn hoá"),
        ("132- KL/TW", "132-KL/TW"),
        ("71/NQ -CP", "71/NQ-CP"),
        ("Văn hóa – Xã hội", "văn hoá - xã  hội"),
        ("họa mi, xòe, thúy", "hoạ mi, xoè, thuý"),
    ],
)
def test_spellings_of_one_name_compare_equal(one: str, other: str) -> None:
    assert compare_key(one) == compare_key(other)


def test_names_that_differ_only_in_marks_stay_apart() -> None:
    assert compare_key("Tân Quang") != compare_key("Tần Quảng")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("26.120", "26120"),
        ("99,9", "99.9"),
        ("1.234,5", "1234.5"),
        ("1 234 567", "1234567"),
        ("03", "3"),
        ("0,5", "0.5"),
        ("-1,5", "-1.5"),
        (" 120 % ", "120"),
        ("1.234.567", "1234567"),
    ],
)
def test_numbers_are_read_by_vietnamese_rules(typed: str, number: str) -> None:
    assert parse_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "question"), [("99.9", "99,9 hay 999?"), ("1.25", "1,25 hay 125?"), ("0.123", "0,123 hay 123?")]
)
def test_a_point_that_may_be_a_decimal_point_is_asked_about(typed: str, question: str) -> None:
    with pytest.raises(AmbiguousNumber, match=question.replace("?", r"\?")):
        parse_number(typed)


@pytest.mark.parametrize(
    "typed", ["", "abc", "12a", "1,2,3", "1.23.4", ",", "5,", ".", "²", "٣", "1 2", "--1", "9" * 99]
)
def test_what_is_no_number_says_how_to_write_one(typed: str) -> None:
    with pytest.raises(NotANumber, match=r"26\.120 hoặc 99,9"):
        parse_number(typed)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False, allow_infinity=False))
def test_a_printed_number_reads_back_as_itself(number: Decimal) -> None:
    assert parse_number(format_number(number)) == number


@given(st.text(max_size=30))
def test_reading_a_number_never_fails_in_another_way(typed: str) -> None:
    with suppress(AmbiguousNumber, NotANumber):
        parse_number(typed)


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [("1234.5", None, "1.234,5"), ("1234.565", 2, "1.234,57"), ("12", 1, "12,0"), ("1E+3", None, "1.000")],
)
def test_numbers_are_printed_the_vietnamese_way(number: str, decimals: int | None, text: str) -> None:
    assert format_number(Decimal(number), decimals) == text


@given(st.dates())
def test_a_printed_date_reads_back_as_itself(day: date) -> None:
    assert parse_date(format_date(day)) == day


@pytest.mark.parametrize("typed", ["", "31/02/2026", "2026-01-31", "1/1/26", "hôm nay"])
def test_what_is_no_date_says_how_to_write_one(typed: str) -> None:
    with pytest.raises(NotADate, match="22/08/2025"):
        parse_date(typed)


def test_times_are_shown_in_vietnam() -> None:
    assert format_datetime(datetime(2026, 3, 31, 17, 5, tzinfo=UTC)) == "00:05 01/04/2026"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        format_datetime(datetime(2026, 3, 31))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("name", "alone"),
    [
        ("số lượng đảng viên", "Số lượng đảng viên"),
        ("đạt 99%", "Đạt 99%"),
        ("pH của nước", "pH của nước"),
        ("", ""),
    ],
)
def test_a_name_standing_alone_begins_with_a_capital(name: str, alone: str) -> None:
    assert capitalised(name) == alone


@pytest.mark.parametrize("text", ["tổ\0dân", "\ud83d", "a\udc00b"])
def test_nul_and_half_a_surrogate_pair_cannot_be_kept(text: str) -> None:
    assert not is_keepable(text)
    assert is_keepable("Tổ dân phố 🙂")
