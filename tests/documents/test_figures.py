from decimal import Decimal
from typing import Any

import pytest

from tests.documents.plans import body, objectives

ROWS: list[tuple[str, tuple[Any, ...]]] = [
    # clause, (measure, comparator, value, value_to, unit, horizon, direction)
    ("Đạt trên 85% hộ dân.", ("percent", "gt", "85", None, "%", None, "up")),
    ("Tỷ lệ thất nghiệp dưới 4%.", ("percent", "lt", "4", None, "%", None, "down")),
    ("Tỷ lệ tồn đọng không quá 3%.", ("percent", "lte", "3", None, "%", None, "down")),
    ("Từ 95% trở lên học sinh có thẻ.", ("percent", "gte", "95", None, "%", None, "up")),
    ("Có ≥ 80% học sinh biết bơi.", ("percent", "gte", "80", None, "%", None, "up")),
    ("100 % trường học có mạng.", ("percent", "reach", "100", None, "%", None, "up")),
    ("Đạt 40 - 50% hộ dân.", ("percent", "between", "40", "50", "%", None, "up")),
    ("Độ che phủ đạt từ 62,5% đến 63%.", ("percent", "between", "62.5", "63", "%", None, "up")),
    ("Tỷ lệ che phủ ổn định ở mức 42%.", ("percent", "reach", "42", None, "%", None, "keep")),
    ("Doanh thu tăng từ 5% lên 20%.", ("percent", "reach", "20", None, "%", None, "up")),
    ("Giảm tỷ lệ nghèo xuống còn 1% vào năm 2030.", ("percent", "reach", "1", None, "%", 2030, "down")),
    ("Trồng mới 26.120 cây.", ("count", "reach", "26120", None, "cây", None, "up")),
    ("Ít nhất hai thôn đạt chuẩn.", ("count", "gte", "2", None, "thôn", None, "up")),
    ("Hằng năm kết nạp từ 10 đảng viên trở lên.", ("count", "gte", "10", None, "đảng viên", None, "up")),
    ("Ít nhất 01 đồng chí phụ trách.", ("count", "gte", "1", None, "đồng chí", None, "up")),
    ("Giữ vững 19/19 tiêu chí.", ("count", "reach", "19", None, "tiêu chí", None, "keep")),
    ("Số bác sĩ đạt 12 người/1 vạn dân.", ("ratio", "reach", "12", None, "người/1 vạn dân", None, "up")),
    (
        "Thu nhập đạt 85 triệu đồng/người/năm.",
        ("money", "reach", "85", None, "triệu đồng/người/năm", None, "up"),
    ),
    ("Chi không quá 1,2 tỷ đồng.", ("money", "lte", "1.2", None, "tỷ đồng", None, "down")),
    ("Phổ cập giáo dục mức độ 3.", ("level", "reach", "3", None, "mức độ", None, "up")),
    ("Hoàn thành 9,5 km rãnh trước ngày 30/11/2026.", ("count", "reach", "9.5", None, "km", 2026, "up")),
    ("Giai đoạn 2026 - 2030, trồng 50 ha.", ("count", "reach", "50", None, "ha", 2030, "up")),
    ("Xây 20% số nhà trong năm 2026.", ("percent", "reach", "20", None, "%", 2026, "up")),
]


@pytest.mark.parametrize(("clause", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_a_target_is_read_from_one_clause(clause: str, expected: tuple[Any, ...]) -> None:
    (found,) = objectives(clause)

    measure, comparator, value, value_to, unit, horizon, direction = expected
    assert (found.measure, found.comparator, found.unit) == (measure, comparator, unit)
    assert found.value == Decimal(value)
    assert found.value_to == (Decimal(value_to) if value_to else None)
    assert (found.horizon, found.direction) == (horizon, direction)


@pytest.mark.parametrize(
    "clause",
    [
        "Hiện nay có khoảng 180 trạm, trong đó có 22 trạm 5G.",
        "Chăm sóc trẻ từ 3 đến 5 tuổi.",
        "Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024.",
        "Truyền dữ liệu với tốc độ 10 Gigabit mỗi giây.",
        "Nâng cao tỷ lệ trường đạt chuẩn mức độ 2.",
        "Hoàn thành trong 30 ngày.",
    ],
)
def test_baselines_dates_and_ages_are_no_targets(clause: str) -> None:
    assert objectives(clause) == ()


def test_several_targets_of_a_sentence_are_told_apart() -> None:
    found = objectives("Bảo hiểm y tế năm 2026 đạt 95%, năm 2027 đạt 96%, đến năm 2030 đạt 98%.")

    assert [(one.value, one.horizon) for one in found] == [(95, 2026), (96, 2027), (98, 2030)]


def test_a_level_inside_a_percentage_is_its_coverage() -> None:
    (found,) = objectives("100% tổ dân phố đạt chuẩn xóa mù chữ mức độ 2.")

    assert found.coverage is not None
    assert (found.value, found.coverage.per, found.coverage.level) == (100, "tổ dân phố", 2)


def test_each_of_a_set_is_coverage() -> None:
    (found,) = objectives("Mỗi trường có ít nhất 01 phòng học thông minh.")

    assert found.coverage is not None
    assert (found.unit, found.coverage.per) == ("phòng học", "trường")


def test_two_school_levels_are_two_targets() -> None:
    found = objectives("Phổ cập giáo dục tiểu học và THCS đạt mức độ 3.")

    assert [one.statement for one in found] == ["Phổ cập giáo dục tiểu học", "THCS đạt mức độ 3."]


def test_the_year_comes_from_the_heading_where_the_clause_has_none() -> None:
    (found,) = objectives("Đạt 90% hộ dân.", heading="MỤC TIÊU ĐẾN NĂM 2030, TẦM NHÌN 2045")

    assert found.horizon == 2030


def test_a_yearly_target_takes_no_year_from_its_heading() -> None:
    (found,) = objectives("Hằng năm, số vụ vi phạm giảm 5%.", heading="MỤC TIÊU ĐẾN NĂM 2030")

    assert (found.horizon, found.annual, found.is_change, found.direction) == (None, True, True, "down")


def test_targets_without_a_figure_are_kept_up_or_reached() -> None:
    found = objectives("Tiếp tục duy trì kết quả phổ cập.", "Đạt chuẩn đô thị văn minh.")

    assert [(one.measure, one.comparator, one.value) for one in found] == [
        ("yes_no", "maintain", None),
        ("yes_no", "achieve", None),
    ]


def test_under_tasks_only_compared_counts_are_targets() -> None:
    reading = body(
        "I. NHIỆM VỤ\n\n1. Tuyên truyền\n\n- Tổ chức 3 hội nghị.\n\n- Mở ít nhất 2 lớp tập huấn.\n\n"
        "II. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra."
    )

    assert [(one.value, one.unit) for one in reading.indicators] == [(2, "lớp tập huấn")]


def test_a_target_said_again_is_one_target_with_two_places() -> None:
    reading = body(
        "I. MỤC TIÊU\n\n- Đến năm 2030, ít nhất 50% thôn bản vùng cao không hút thuốc.\n\n"
        "II. NHIỆM VỤ\n\n1. Vận động\n\n- Vận động để 50% thôn bản vùng cao không hút thuốc.\n\n"
        "III. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra."
    )

    (found,) = reading.indicators
    assert len(found.restated_in) == 1
    assert "restated_target" in {warning.code for warning in reading.warnings}


def test_a_goal_with_a_year_and_no_figure_is_a_milestone() -> None:
    reading = body("I. MỤC TIÊU\n\nĐến năm 2026 đủ điều kiện công nhận và đến năm 2027 tham gia mạng lưới.")

    assert [milestone.year for milestone in reading.milestones] == [2026, 2027]
