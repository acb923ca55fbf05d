from decimal import Decimal

from app.documents.values import IndicatorRead
from tests.documents.annex_tables import read

HEADER = "TT | Chỉ tiêu | ĐVT | TH 2025 | Năm 2026 | Năm 2027"


def first(*rows: str, title: str = "BIỂU CHỈ TIÊU") -> IndicatorRead:
    return read(*rows, title=title).indicators[0]


def test_each_year_is_a_target_with_the_baseline_beside_it() -> None:
    reading = read(HEADER, "1 | Diện tích rừng | ha | 26.120 | 27.000 | 27.500")

    one, two = reading.indicators
    assert (one.statement, one.unit, one.measure) == ("Diện tích rừng", "ha", "count")
    assert (one.horizon, one.value, two.horizon, two.value) == (2026, 27000, 2027, 27500)
    assert (one.baseline, one.baseline_year, one.direction) == (26120, 2025, "up")


def test_a_child_is_named_with_its_parent() -> None:
    reading = read(
        HEADER,
        "I | CÂY CÔNG NGHIỆP | | | |",
        "1 | Cà phê | | | |",
        "- | Diện tích | Ha | 10 | 11 | 12",
        "II | BÒ SỮA | | | |",
        "- | Tổng đàn | Con | 20 | 21 | 22",
        "III | KHÁC | | | |",
        "2 | Hộ nghèo | % | 5 | 4 | 3",
        "2.1 | Trong đó: hộ ở bản | % | 9 | 8 | 7",
    )

    assert list(dict.fromkeys(one.statement for one in reading.indicators)) == [
        "Cà phê / Diện tích",
        "BÒ SỮA / Tổng đàn",
        "Hộ nghèo",
        "Hộ nghèo / hộ ở bản",
    ]
    assert (reading.annexes[0].rows, reading.annexes[0].parent_rows) == (4, 4)


def test_of_which_rows_without_an_ordinal_belong_to_the_row_above() -> None:
    reading = read(
        HEADER,
        "1 | Thu ngân sách | triệu đồng | 10 | 11 | 12",
        " | Trong đó: thu tiền đất | triệu đồng | 3 | 4 | 5",
        "2 | Hộ nghèo | hộ | 9 | 8 | 7",
        " | Trong đó: | | | |",
        "- | Ở bản | hộ | 3 | 2 | 1",
    )

    assert [one.statement for one in reading.indicators[::2]] == [
        "Thu ngân sách",
        "Thu ngân sách / thu tiền đất",
        "Hộ nghèo",
        "Hộ nghèo / Ở bản",
    ]
    assert reading.annexes[0].groups == ()


def test_cells_keep_their_comparing_words() -> None:
    one, two = read(HEADER, "1 | Tỷ lệ hộ dùng nước sạch | % | 90 | ≥ 95 | 96 - 98").indicators

    assert (one.comparator, one.value, one.measure) == ("gte", 95, "percent")
    assert (two.comparator, two.value, two.value_to) == ("between", 96, 98)


def test_a_dash_sets_no_target() -> None:
    reading = read(HEADER, "1 | Trường đạt chuẩn | trường | 3 | - | 5")

    assert [one.horizon for one in reading.indicators] == [2027]


def test_figures_that_fall_point_down_and_equal_ones_are_kept() -> None:
    assert first(HEADER, "1 | Tỷ lệ hộ nghèo | % | 5 | 4 | 3").direction == "down"
    assert first(HEADER, "1 | Tỷ lệ che phủ rừng | % | 60 | 60 | 60").direction == "keep"


def test_words_in_a_cell_are_a_target_to_be_achieved() -> None:
    one = first(HEADER, "1 | Chuẩn nông thôn mới | | Chưa | Đạt | Nâng cao")

    assert (one.measure, one.comparator, one.value) == ("yes_no", "achieve", None)
    assert one.statement == "Chuẩn nông thôn mới: Đạt"


def test_a_unit_above_the_table_holds_for_all_rows() -> None:
    one = first("TT | Chỉ tiêu | 2026", "1 | Hộ nghèo | 3,5", title="BIỂU CHỈ TIÊU\n(Đơn vị tính: %)")

    assert (one.unit, one.value, one.horizon) == ("%", Decimal("3.5"), 2026)


def test_a_target_column_without_a_year_takes_the_last_year_of_the_title() -> None:
    one = first(
        "TT | Chỉ tiêu | ĐVT | Mục tiêu", "1 | Hộ nghèo | % | 3", title="CHỈ TIÊU GIAI ĐOẠN 2026 - 2030"
    )

    assert one.horizon == 2030


def test_who_answers_for_a_figure_is_kept() -> None:
    one = first(
        "TT | Chỉ tiêu | ĐVT | Năm 2026 | Đơn vị theo dõi", "1 | Hộ nghèo | % | 3 | Phòng Kinh tế; Công an xã"
    )

    assert one.lead == ("Phòng Kinh tế", "Công an xã")


def test_a_unit_unlike_that_of_rows_of_the_same_name_is_doubted() -> None:
    rows = [f"- | Sản lượng | {unit} | 1 | 2 | 3" for unit in ("Tấn", "Tấn", "Ha", "Tấn")]
    reading = read(
        HEADER, *(row for name, one in zip("ABCD", rows, strict=True) for row in (f"1 | {name} | | | |", one))
    )

    doubts = [warning for warning in reading.warnings if warning.code == "unit_differs"]
    assert [warning.excerpt for warning in doubts] == ["C / Sản lượng"]


def test_a_decimal_point_is_doubted() -> None:
    reading = read(HEADER, "1 | Thu nhập | triệu đồng | 50 | 55.5 | 60")

    assert reading.indicators[0].value == Decimal("55.5")
    assert "doubtful_number" in {warning.code for warning in reading.warnings}


def test_measures_follow_the_unit() -> None:
    units = {"%": "percent", "tỷ đồng": "money", "giường/vạn dân": "ratio", "trường": "count"}
    for unit, measure in units.items():
        assert first(HEADER, f"1 | Chỉ tiêu | {unit} | 1 | 2 | 3").measure == measure


def test_blank_lines_between_rows_part_nothing() -> None:
    rows = [
        "TT | Chỉ tiêu | ĐVT | Giai đoạn 2026 - 2027 | ",
        " | | | Năm 2026 | Năm 2027",
        "1 | Hộ nghèo | % | 4 | 3",
    ]

    reading = read("\n\n".join(f"| {row} |" for row in rows)[2:-2])

    assert [(one.horizon, one.value) for one in reading.indicators] == [(2026, 4), (2027, 3)]
