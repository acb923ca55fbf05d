import pytest

from app.documents.columns import Header, read_header


def header(*rows: str) -> Header | None:
    return read_header([tuple(cell.strip() for cell in row.split("|")) for row in rows])


def meanings(*rows: str) -> list[str]:
    found = header(*rows)
    return [column.meaning for column in found.columns] if found else []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "STT | Nhiệm vụ | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian hoàn thành | Sản phẩm",
            ["ordinal", "task", "lead", "cooperating", "deadline_text", "product"],
        ),
        (
            "Thời hạn | Nội dung công việc | Đơn vị thực hiện | Ghi chú",
            ["deadline_text", "task", "lead", "notes"],
        ),
        (
            "TT | Nhiệm vụ, giải pháp | Kết quả | Đơn vị phối hợp | Đơn vị chủ trì | Tiến độ",
            ["ordinal", "task", "product", "cooperating", "lead", "deadline_text"],
        ),
        (
            "TT | Nhóm nhiệm vụ | Nhiệm vụ cụ thể | Đơn vị chủ trì, phối hợp | Thời gian bắt đầu | Thời gian kết thúc",
            ["ordinal", "other", "task", "carriers", "deadline_start", "deadline_text"],
        ),
        (
            "TT | Nhiệm vụ | Chỉ tiêu | Kinh phí | Đơn vị | Thời gian",
            ["ordinal", "task", "other", "other", "lead", "deadline_text"],
        ),
    ],
)
def test_the_columns_of_a_task_annex_are_told_by_their_words(row: str, expected: list[str]) -> None:
    found = header(row)

    assert found is not None
    assert found.kind == "tasks"
    assert [column.meaning for column in found.columns] == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "TT | Chỉ tiêu | Đơn vị tính | Thực hiện 2025 | Kế hoạch 2026 | Cơ quan theo dõi",
            ["ordinal", "name", "unit", "baseline", "targets", "lead"],
        ),
        (
            "STT | Chỉ tiêu | Đơn vị | Đến năm 2030 | Tầm nhìn 2045",
            ["ordinal", "name", "unit", "targets", "targets"],
        ),
        ("TT | Nội dung | ĐVT | Hiện trạng | Năm 2026", ["ordinal", "name", "unit", "baseline", "targets"]),
        ("TT | Chỉ tiêu | ĐVT | Mục tiêu", ["ordinal", "name", "unit", "targets"]),
    ],
)
def test_the_columns_of_an_indicator_annex_are_told_by_their_words(row: str, expected: list[str]) -> None:
    found = header(row)

    assert found is not None
    assert found.kind == "indicators"
    assert [column.meaning for column in found.columns] == expected


@pytest.mark.parametrize(
    "row",
    [
        "TT | Họ và tên | Chức vụ | Đơn vị công tác",
        "TT | Họ tên | Nhiệm vụ | Ghi chú",
        "TT | Nội dung | Kinh phí | Nguồn vốn",
        "ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "1 | Xây dựng kế hoạch | Phòng Kinh tế | 6/2026",
        "Nơi nhận: | TM. ỦY BAN NHÂN DÂN",
    ],
)
def test_other_tables_are_left_alone(row: str) -> None:
    assert header(row) is None


def test_a_second_row_completes_merged_cells() -> None:
    two = meanings("TT | Nhiệm vụ | Cơ quan thực hiện | | Thời hạn", " | | Chủ trì | Phối hợp | ")

    assert two == ["ordinal", "task", "lead", "cooperating", "deadline_text"]


def test_unknown_words_under_a_merged_cell_belong_to_the_header_too() -> None:
    found = header("TT | Chỉ tiêu | Năm 2026 | So sánh | ", " | | | KH/ƯTH | Tăng, giảm")

    assert found is not None
    assert (found.depth, [column.meaning for column in found.columns[2:]]) == (
        2,
        ["targets", "other", "other"],
    )


def test_merged_cells_that_are_left_out_are_put_back() -> None:
    found = header("TT | Chỉ tiêu | ĐVT | Giai đoạn 2026 - 2028", "Năm 2026 | Năm 2027 | Năm 2028")

    assert found is not None
    assert [column.year for column in found.columns] == [None, None, None, 2026, 2027, 2028]


def test_what_was_reached_is_no_target() -> None:
    found = header("TT | Chỉ tiêu | ĐVT | Thực hiện | | Mục tiêu", " | | | 2024 | 2025 | 2030")

    assert found is not None
    assert [(c.meaning, c.year) for c in found.columns[3:]] == [
        ("baseline", 2024),
        ("baseline", 2025),
        ("targets", 2030),
    ]


def test_a_row_of_column_numbers_belongs_to_the_header() -> None:
    found = header("TT | Nhiệm vụ | Đơn vị chủ trì", "(1) | (2) | (3)", "1 | Làm | Công an xã")

    assert found is not None
    assert found.depth == 2
