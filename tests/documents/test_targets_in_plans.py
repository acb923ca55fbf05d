"""Figures that plans aim at, in the words they use, and figures that only look like it."""

import time
from decimal import Decimal

import pytest

from app.documents.reading import read_plan
from app.documents.values import IndicatorRead, Reading
from tests.documents.plans import body, objectives


@pytest.mark.parametrize(
    ("clause", "value", "unit"),
    [
        ("Trồng mới 500ha rừng.", 500, "ha"),
        ("Tỷ suất tử vong giảm xuống còn 12‰.", 12, "‰"),
        ("Đạt 28 giường bệnh trên 10.000 dân.", 28, "giường bệnh/10.000 dân"),
        ("Diện tích nhà ở đạt 32 m2 sàn/người.", 32, "m2 sàn/người"),
        ("Vận động 250 nhà Đại đoàn kết.", 250, "nhà"),
        ("Tuổi thọ bình quân đạt 75,5 tuổi.", Decimal("75.5"), "tuổi"),
        ("Giải quyết thủ tục không quá 5 ngày làm việc.", 5, "ngày làm việc"),
        ("Đàn lợn 500 nghìn con.", 500, "nghìn con"),
        ("Tỷ lệ hộ nghèo còn 1.5%.", Decimal("1.5"), "%"),
        ("Năng suất lao động tăng gấp 2 lần so với năm 2025.", 2, "lần"),
        ("Công suất cấp nước 10.000 m³/ngày đêm.", 10000, "m³"),
    ],
)
def test_a_figure_of_any_measure_is_read(clause: str, value: Decimal, unit: str) -> None:
    (indicator,) = objectives(clause)

    assert (indicator.value, indicator.unit) == (value, unit)


@pytest.mark.parametrize(
    "clause",
    [
        "Xây dựng 3 trụ cột của kinh tế số.",
        "Tạo đột phá trên 5 lĩnh vực trọng tâm.",
        "Nâng cao sức khỏe trẻ em dưới 5 tuổi.",
        "Hiện nay có 45% thôn có nhà văn hóa.",
        "Phát huy kết quả, đến nay có 12 trường đạt chuẩn; quan tâm 30% còn lại.",
    ],
)
def test_a_figure_nobody_aims_at_is_not(clause: str) -> None:
    assert [one for one in objectives(clause) if "còn lại" not in one.statement] == []


def test_how_often_something_is_done_is_no_target_outside_the_objectives() -> None:
    reading = body(
        "I. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra ít nhất 02 lần/tuần, giúp ít nhất 05 hộ."
    )

    assert [one.unit for one in reading.indicators] == ["hộ"]


def test_what_is_today_may_stand_before_what_is_aimed_at() -> None:
    (aimed,) = objectives("Hiện nay đạt 45%, phấn đấu đến năm 2030 đạt 60% thôn có nhà văn hóa.")

    assert (aimed.value, aimed.horizon) == (60, 2030)


def test_what_is_kept_may_be_called_present() -> None:
    (kept,) = objectives("Duy trì tỷ lệ che phủ 52% diện tích rừng hiện có.")

    assert (kept.value, kept.direction) == (52, "keep")


def test_a_list_shares_its_first_verb() -> None:
    found = objectives("Phấn đấu có 12 bác sĩ/vạn dân, 35 giường bệnh/vạn dân.")

    assert [one.value for one in found] == [12, 35]


def test_a_rate_is_the_target_and_the_count_in_it_says_of_what() -> None:
    (rate,) = objectives("Tỷ lệ trạm y tế có từ 4 đến 5 bác sĩ đạt 80%.")

    assert (rate.measure, rate.value) == ("percent", 80)


def test_under_a_heading_of_targets_a_known_thing_needs_no_verb_of_ours() -> None:
    (one,) = objectives("Thắp sáng 20 km đường nông thôn.", heading="CHỈ TIÊU")

    assert (one.value, one.unit) == (20, "km")


def test_a_heading_may_say_that_targets_are_yearly() -> None:
    (one,) = objectives("Kết nạp 10 đảng viên mới.", heading="CHỈ TIÊU HẰNG NĂM")

    assert (one.annual, one.horizon) == (True, None)


def test_a_school_year_ends_in_its_second_year() -> None:
    (one,) = objectives("100% trường dùng học bạ số.", heading="MỤC TIÊU NĂM HỌC 2025 - 2026")

    assert one.horizon == 2026


def test_the_year_a_multiple_is_compared_with_is_no_target_year() -> None:
    (_, times) = objectives("Quy mô đạt 120 tỷ đồng, gấp 2 lần năm 2025.", heading="MỤC TIÊU ĐẾN NĂM 2030")

    assert times.horizon == 2030


def test_fewer_than_last_year_by_a_share() -> None:
    (one,) = objectives("Hộ nghèo giảm so với năm trước từ 1% trở lên.")

    assert (one.comparator, one.value, one.direction) == ("gte", 1, "down")


@pytest.mark.parametrize("marker", ["1- ", "1. ", "- ", "a1) ", "(a) ", "ii) ", "\uf0b7 ", "➤ "])
def test_a_share_behind_a_list_mark_is_no_range(marker: str) -> None:
    found = _of(f"{marker}100% thôn có điện.")

    assert [(one.comparator, one.value) for one in found] == [("reach", 100)]


def _of(clause: str) -> tuple[IndicatorRead, ...]:
    return body(
        f"I. MỤC TIÊU\n\n{clause}\n\nII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra."
    ).indicators


@pytest.mark.parametrize(
    "unit", ["10% ", "1 ha ", "đạt 10%, ", "gấp 2 lần ", "1.5% ", "hiện nay 5 xã ", "Chủ trì: Sở Y tế; "]
)
def test_clauses_of_nothing_but_figures_are_read_in_seconds(unit: str) -> None:
    clauses = "\n\n- ".join([unit * (5000 // len(unit))] * 12)

    begun = time.process_time()
    body(f"I. MỤC TIÊU\n\n- {clauses}")

    assert time.process_time() - begun < 8


@pytest.mark.parametrize(
    ("clause", "value", "year"),
    [
        ("Thu nhập bình quân đạt 95 triệu đồng (năm 2024 đạt 61 triệu đồng).", 95, 2030),
        ("Tỷ lệ hộ nghèo giảm từ 6,5% năm 2025 xuống còn dưới 3%.", 3, 2030),
        ("Tỷ lệ che phủ rừng đạt 45% (năm 2025 là 43%).", 45, 2030),
        ("Tỷ lệ hộ dùng nước sạch tăng từ 60% (năm 2025) lên 85%.", 85, 2030),
        ("Tỷ lệ che phủ rừng từ 43% năm 2025 đến 45%.", 45, 2030),
        ("Tỷ lệ che phủ rừng từ 43% năm 2025 đến năm 2028 đạt 45%.", 45, 2028),
        ("Tỷ lệ hộ có máy tính tăng từ 50% năm 2025, năm 2027 lên 60%.", 60, 2027),
        ("Quy mô sản xuất tăng 20% so với bình quân giai đoạn 2021 - 2025.", 20, 2030),
        ("Tỷ lệ hộ nghèo giảm từ 6,5% năm 2025 xuống dưới 3% vào năm 2029.", 3, 2029),
        ("Tỷ lệ hồ sơ số hóa đạt từ 80% trở lên trong năm 2027 (toàn bộ hồ sơ).", 80, 2027),
        ("Tỷ lệ hồ sơ số hóa đạt 80% (trước ngày 30/11/2027).", 80, 2027),
        ("Tỷ lệ hồ sơ số hóa đạt 80% (giai đoạn 2026 - 2028).", 80, 2028),
    ],
)
def test_the_year_of_what_was_is_not_the_year_of_the_target(clause: str, value: int, year: int) -> None:
    (one,) = objectives(clause, heading="MỤC TIÊU ĐẾN NĂM 2030")

    assert (one.value, one.horizon) == (value, year)


@pytest.mark.parametrize(
    ("words", "comparator"),
    [
        ("thấp hơn", "lt"),
        ("ít hơn", "lt"),
        ("không thấp hơn", "gte"),
        ("cao hơn", "gt"),
        ("không cao hơn", "lte"),
        ("bằng hoặc dưới", "lte"),
        ("dưới hoặc bằng", "lte"),
        ("thấp hơn hoặc bằng", "lte"),
        ("bằng hoặc trên", "gte"),
        ("lớn hơn hoặc bằng", "gte"),
    ],
)
def test_words_that_compare_are_read_whole(words: str, comparator: str) -> None:
    (one,) = objectives(f"Tỷ lệ nợ xấu {words} 2%.")

    assert (one.comparator, one.value) == (comparator, 2)


@pytest.mark.parametrize(
    ("clause", "comparator", "value", "unit"),
    [
        ("Giá trị thu hoạch trên 01 ha đất đạt 160 triệu đồng trở lên.", "gte", 160, "triệu đồng"),
        ("Giá trị trên 1 ha canh tác đạt 160 triệu đồng.", "reach", 160, "triệu đồng"),
        ("Doanh thu trên một đơn vị diện tích đạt trên 90 triệu đồng.", "gt", 90, "triệu đồng"),
        ("Mở rộng vùng chè trên 01 ha.", "gt", 1, "ha"),
        ("Đạt 12 bác sĩ trên 01 vạn dân.", "reach", 12, "bác sĩ/01 vạn dân"),
        ("Đạt 12 bác sĩ trên một vạn dân.", "reach", 12, "bác sĩ/một vạn dân"),
        ("Mật độ dân số 320 người/km2.", "reach", 320, "người/km2"),
    ],
)
def test_what_a_figure_is_counted_on_is_no_figure(
    clause: str, comparator: str, value: int, unit: str
) -> None:
    (one,) = objectives(clause)

    assert (one.comparator, one.value, one.unit) == (comparator, value, unit)


@pytest.mark.parametrize(
    ("clause", "value", "unit"),
    [
        ("Diện tích gieo trồng cây hàng năm 1.250ha.", 1250, "ha"),
        ("Tổng đàn lợn 3.500con.", 3500, "con"),
        ("Tỷ lệ giải ngân tăng 3 điểm phần trăm.", 3, "điểm phần trăm"),
    ],
)
def test_a_unit_may_be_close_to_its_figure_or_long(clause: str, value: int, unit: str) -> None:
    (one,) = objectives(clause)

    assert (one.value, one.unit, one.annual) == (value, unit, False)


def test_a_part_in_words_is_no_count() -> None:
    assert objectives("Ít nhất một phần ba số trường đạt chuẩn.") == ()


_HEADER = (
    "ỦY BAN NHÂN DÂN\nXÃ SÔNG HOA\n\nSố: 12/KH-UBND\nSông Hoa, ngày 20 tháng 01 năm 2026\n\n"
    "KẾ HOẠCH\nchuyển đổi số\n\nỦy ban nhân dân xã ban hành kế hoạch như sau:\n\n"
)


def _issued_in_2026(clause: str) -> Reading:
    return read_plan(
        f"{_HEADER}I. MỤC TIÊU\n\n- {clause}\n\nII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.\n"
    )


@pytest.mark.parametrize(
    ("clause", "values"),
    [
        ("Tỷ lệ số hóa hồ sơ đạt tối thiểu 95%; năm 2025 đạt 71,4%.", [95]),
        ("Tỷ lệ số hóa đạt 95%; năm 2025 đạt 71,4%; tỷ lệ ký số đạt 80%.", [95, 80]),
        ("Tỷ lệ số hóa hồ sơ đạt 95%. Năm 2025 đạt 71,4%.", [95]),
        ("Năm 2025 có 71% hộ dùng nước sạch, phấn đấu năm 2026 đạt 78%.", [78]),
        ("Năm 2025 có 71% hộ, 20% cơ quan dùng mạng, phấn đấu đạt 78% hộ.", [78]),
        ("Năm 2025 xã có 12 sản phẩm OCOP, năm 2026 có thêm 03 sản phẩm.", [3]),
        ("Năm 2026 đạt 33% số hộ, năm 2027 đạt 40%.", [33, 40]),
        ("Năm 2025 đạt 33% số hộ.", [33]),
    ],
)
def test_beside_a_target_a_year_gone_by_says_what_was(clause: str, values: list[int]) -> None:
    reading = _issued_in_2026(clause)

    assert [one.value for one in reading.indicators] == values
    assert reading.milestones == ()


@pytest.mark.parametrize(
    ("clause", "comparator", "value", "unit"),
    [
        ("Tỷ lệ hộ dùng nước sạch (%): 95.", "reach", 95, "%"),
        ("Tỷ lệ che phủ rừng (%): ≥ 45,5", "gte", Decimal("45.5"), "%"),
        ("Diện tích rừng trồng mới (ha): 1.250.", "reach", 1250, "ha"),
        ("Thu nhập bình quân (triệu đồng/người): trên 95", "gt", 95, "triệu đồng/người"),
        ("Tỷ lệ hộ nghèo (%) còn 3% số hộ.", "reach", 3, "%"),
    ],
)
def test_a_unit_may_stand_before_its_figure(
    clause: str, comparator: str, value: int | Decimal, unit: str
) -> None:
    (one,) = objectives(clause)

    assert (one.comparator, one.value, one.unit) == (comparator, value, unit)


@pytest.mark.parametrize(
    ("clause", "values"),
    [
        ("Hoàn thành 02 tuyến đường, tổng mức đầu tư 15 tỷ đồng.", [2]),
        ("Hỗ trợ 20 học sinh với mức 500.000 đồng/tháng.", [20]),
        ("Huy động kinh phí 200 triệu đồng.", [200]),
        ("Kinh phí vận động Quỹ đạt ít nhất 200 triệu đồng.", [200]),
        ("Nâng mức hỗ trợ lên 500.000 đồng/tháng.", [500000]),
        ("Lắp 58 trạm bơm với kinh phí không quá 1,2 tỷ đồng.", [58, Decimal("1.2")]),
    ],
)
def test_what_something_costs_is_no_target_and_what_is_raised_is(
    clause: str, values: list[int | Decimal]
) -> None:
    assert [one.value for one in objectives(clause)] == values


def test_a_kept_title_with_a_level_is_kept_up_and_a_level_to_reach_is_a_level() -> None:
    assert objectives("Nâng cao chất lượng, giữ vững trường chuẩn quốc gia mức độ 1.") == ()

    kept, level = objectives("Giữ vững trường chuẩn quốc gia mức độ 1.", "Phổ cập tiểu học đạt mức độ 3.")
    assert (kept.comparator, kept.value) == ("maintain", None)
    assert (level.measure, level.value) == ("level", 3)
