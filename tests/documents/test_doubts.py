"""Warnings about the draft as a whole."""

import pytest

from app.documents.reading import read_plan
from app.documents.spelling import find_misread
from app.documents.values import WarningRead

HEADER = "ỦY BAN NHÂN DÂN\nXÃ A\n\nSố: 01/KH-UBND\n\nA, ngày 20 tháng 3 năm 2026\n\nKẾ HOẠCH\nthử nghiệm\n\n"
DUTIES = "\n\nIII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra các tuyến đường chính."


def _warnings(text: str, code: str) -> list[WarningRead]:
    return [warning for warning in read_plan(HEADER + text + DUTIES).warnings if warning.code == code]


def _aimed(clause: str, code: str) -> list[str]:
    return [warning.excerpt for warning in _warnings(f"I. MỤC TIÊU NĂM 2030\n\n- {clause}", code)]


@pytest.mark.parametrize(
    "clause", ["Chỉ số cải cách hành chính đạt trên 85.", "PCI tối thiểu 68,5; PAPI nhóm khá."]
)
def test_a_target_without_its_unit_is_pointed_out(clause: str) -> None:
    assert len(_aimed(clause, "target_without_unit")) == 1


@pytest.mark.parametrize(
    "clause",
    ["Có ít nhất 1/2 tổng số thôn đạt chuẩn.", "3/4 số chi bộ khá.", "Ít nhất một phần ba số trường khá."],
)
def test_a_target_said_as_a_fraction_is_pointed_out(clause: str) -> None:
    assert len(_aimed(clause, "target_as_fraction")) == 1


@pytest.mark.parametrize("clause", ["Có 3/4 chi bộ khá.", "Tặng 20 phần quà.", "Trước ngày 1/2 số liệu đủ."])
def test_a_count_of_a_whole_or_a_date_is_no_fraction(clause: str) -> None:
    assert _aimed(clause, "target_as_fraction") == []


@pytest.mark.parametrize(
    "clause",
    ["Chỉ số đạt trên 85 điểm.", "Hoàn thành trước 2030.", "Thu đạt 1.250 tỷ đồng.", "Trên 30 ha, 5 xã."],
)
def test_a_target_with_its_unit_is_not(clause: str) -> None:
    assert _aimed(clause, "target_without_unit") == []


def test_a_share_of_nothing_named_is_pointed_out() -> None:
    assert len(_aimed("Phấn đấu đến năm 2030 đạt 95% trở lên.", "target_without_denominator")) == 1
    assert _aimed("80% hộ dân dùng nước sạch; năm 2030 đạt 100%.", "target_without_denominator") == []
    assert _aimed("Tỷ lệ hộ nghèo dưới 2%.", "target_without_denominator") == []


def test_points_and_commas_that_may_mean_either_are_pointed_out() -> None:
    assert len(_aimed("Tỷ lệ hộ nghèo còn 1.5%.", "doubtful_figure")) == 1
    assert len(_aimed("Thu hút 1,200 lượt khách.", "doubtful_figure")) == 1
    assert _aimed("Thu hút 1.200 lượt khách; đạt 99,9% hộ; theo mục 2.1.", "doubtful_figure") == []


def test_what_was_due_before_the_plan_was_issued_is_pointed_out() -> None:
    late = "II. NHIỆM VỤ\n\n1. Tuyên truyền\n\n- Tập huấn, hoàn thành trước ngày 15/02/2026."
    soon = "II. NHIỆM VỤ\n\n1. Tuyên truyền\n\n- Tập huấn, hoàn thành trước ngày 15/04/2026."

    assert len(_warnings(late, "deadline_before_issue")) == 1
    assert len(_aimed("Năm 2024 đạt 50% thôn có nhà văn hóa.", "deadline_before_issue")) == 1
    assert _warnings(soon, "deadline_before_issue") == []
    assert _warnings("Thực hiện Công văn số 5/UBND-VP ngày 02/01/2026.", "deadline_before_issue") == []


def test_the_same_duty_twice_is_pointed_out_once() -> None:
    again = "\n\n2. Trạm Y tế\n\n- Khám bệnh cho người cao tuổi.\n\n- Khám bệnh cho người cao tuổi."

    found = [w for w in read_plan(HEADER + DUTIES + again).warnings if w.code == "duplicate_duty"]

    assert [warning.excerpt for warning in found] == ["Khám bệnh cho người cao tuổi."]


def test_a_clause_nothing_was_made_of_is_pointed_out_and_general_words_are_not() -> None:
    rest = (
        "\n\n2. Công tác kiểm tra\n\nKiểm tra đột xuất vào buổi trưa.\n\n3. Kinh phí\n\nTừ ngân sách xã.\n\n"
        "Trên đây là Kế hoạch của xã."
    )

    found = [w for w in read_plan(HEADER + DUTIES + rest).warnings if w.code == "clause_without_use"]

    assert [warning.excerpt for warning in found] == ["Kiểm tra đột xuất vào buổi trưa."]


def test_two_figures_for_one_thing_in_one_year_are_pointed_out() -> None:
    one = "I. MỤC TIÊU\n\n- Đến năm 2030 đạt 50% thôn không có người nghiện ma túy.\n\n"
    other = "II. NHIỆM VỤ\n\n1. Vận động\n\n- Đến năm 2030 đạt 100% thôn không có người nghiện ma túy."

    assert len(_warnings(one + other, "conflicting_targets")) == 1
    assert _warnings(one + other.replace("2030", "2035"), "conflicting_targets") == []


def test_one_document_spelled_two_ways_is_pointed_out() -> None:
    text = "Thực hiện Nghị quyết số 71-NQ/TW.\n\nI. MỤC ĐÍCH\n\n- Quán triệt Nghị quyết số 71/NQ-TW."

    (warning,) = _warnings(text, "reference_spelling")

    assert "71-NQ/TW" in warning.message


@pytest.mark.parametrize(
    ("text", "meant"), [("đạt l00% số hộ", "100"), ("năm 2O30", "2030"), ("còn 1O,5%", "10")]
)
def test_letters_among_figures_are_a_misreading(text: str, meant: str) -> None:
    assert [misread.meant for misread in find_misread(text)] == [meant]


@pytest.mark.parametrize("text", ["mạng 5G, công nghệ 4.0", "phường 10, tổ 1A", "lo cho dân", "số hộ: 100%"])
def test_letters_beside_figures_are_none(text: str) -> None:
    assert find_misread(text) == []
