"""Task annexes, written as Markdown: what becomes a task, a group, a detail, and what stays text."""

from datetime import date

import pytest

from app.documents.reading import read_plan
from tests.documents.annex_tables import markdown, read, tasks

HEADER = "TT | Nhiệm vụ | Đơn vị chủ trì | Đơn vị phối hợp | Thời gian | Sản phẩm"


def test_a_row_tells_who_when_and_what_for() -> None:
    reading = read(HEADER, "1 | Lập danh mục | Phòng Kinh tế | Công an xã; các thôn | 6/2026 | Danh mục")

    [task] = tasks(reading)
    assert (task.text, task.lead, task.cooperating) == (
        "Lập danh mục",
        ("Phòng Kinh tế",),
        ("Công an xã", "các thôn"),
    )
    assert task.product == "Danh mục"
    assert task.deadline is not None
    assert (task.deadline.kind, task.deadline.ends) == ("date", date(2026, 6, 30))


def test_columns_may_stand_in_any_order() -> None:
    reading = read("Hạn | Chủ trì | Nội dung", "Quý IV/2026 | Trạm Y tế | Khám sức khỏe")

    [task] = tasks(reading)
    assert (task.text, task.lead) == ("Khám sức khỏe", ("Trạm Y tế",))
    assert task.deadline is not None
    assert task.deadline.ends == date(2026, 12, 31)


def test_group_rows_head_their_tasks() -> None:
    reading = read(
        HEADER,
        "I. Tuyên truyền | | | | |",
        "1 | Đăng tin | Trung tâm | | Hằng tháng |",
        "II | KIỂM TRA | | | |",
        "2 | Kiểm tra chợ | Phòng Kinh tế | | Hằng quý |",
    )

    assert [(group.heading, len(group.tasks)) for group in reading.task_groups] == [
        ("I. Tuyên truyền", 1),
        ("II. KIỂM TRA", 1),
    ]
    assert reading.annexes[0].groups == ("Tuyên truyền", "KIỂM TRA")


def test_a_numbered_row_over_told_rows_only_gathers() -> None:
    reading = read(
        HEADER,
        "1 | Chuyển đổi số | | | |",
        "1.1 | Mua máy | Văn phòng | | 3/2026 |",
        "1.2 | Tập huấn | Văn phòng | | 4/2026 |",
    )

    assert [group.heading for group in reading.task_groups] == ["1. Chuyển đổi số"]
    assert [task.text for task in tasks(reading)] == ["Mua máy", "Tập huấn"]


def test_dashes_under_a_told_row_are_its_details() -> None:
    reading = read(
        HEADER,
        "1 | Tổ chức hội thi | Xã đoàn | | 5/2026 |",
        "- | Vòng sơ khảo | | | |",
        "- | Vòng chung khảo | | | |",
        "2 | Tổng kết | Xã đoàn | | 6/2026 |",
    )

    first, second = tasks(reading)
    assert (len(first.details), second.details) == (2, ())
    assert reading.leftovers == ()


def test_a_row_cut_by_a_page_goes_on_behind_the_repeated_header() -> None:
    reading = read(
        HEADER,
        "1 | Rà soát hộ | Phòng Văn hóa | Công an xã; | 6/2026 |",
        HEADER,
        " | nghèo, cận nghèo |  | các thôn |  | Danh sách",
        "2 | Báo cáo | Phòng Văn hóa | | 7/2026 |",
    )

    first, second = tasks(reading)
    assert first.text == "Rà soát hộ nghèo, cận nghèo"
    assert first.cooperating == ("Công an xã", "các thôn")
    assert first.product == "Danh sách"
    assert second.text == "Báo cáo"
    assert reading.annexes[0].rows == 2


def test_a_page_number_between_two_halves_of_a_table_parts_nothing() -> None:
    first = markdown(HEADER, "1 | Lập kế hoạch | Văn phòng | | 1/2026 |")
    reading = read_plan(f"{first}\n12\n\n| 2 | Phân công | Văn phòng | | 2/2026 | |\n")

    assert [task.text for task in tasks(reading)] == ["Lập kế hoạch", "Phân công"]
    assert len(reading.annexes) == 1


@pytest.mark.parametrize("ditto", ["″", "-nt-", "nt", "Như trên"])
def test_a_ditto_stands_for_the_cell_above(ditto: str) -> None:
    reading = read(
        HEADER,
        "1 | Làm một việc | Phòng Kinh tế | Công an xã | 6/2026 |",
        f"2 | Làm việc khác | {ditto} | | {ditto} |",
    )

    assert tasks(reading)[1].lead == ("Phòng Kinh tế",)
    assert tasks(reading)[1].cooperating == ()
    assert tasks(reading)[1].deadline == tasks(reading)[0].deadline


def test_notes_and_signatures_under_a_table_are_no_tasks() -> None:
    reading = read(
        HEADER,
        "1 | Lập kế hoạch | Văn phòng | | 1/2026 |",
        "Ghi chú: các đơn vị chủ động thực hiện | | | | |",
        "Người lập biểu | | | | TM. ỦY BAN NHÂN DÂN |",
    )

    assert [task.text for task in tasks(reading)] == ["Lập kế hoạch"]
    assert [p.kind for p in reading.passages if p.text.startswith("Ghi chú")] == ["table_note"]


def test_a_month_without_a_year_takes_the_year_of_the_title() -> None:
    reading = read(HEADER, "1 | Báo cáo | Văn phòng | | Tháng 9 |", title="NHIỆM VỤ TRỌNG TÂM NĂM 2026")

    [task] = tasks(reading)
    assert task.deadline is not None
    assert task.deadline.ends == date(2026, 9, 30)


def test_a_deadline_of_mere_words_is_kept_and_doubted() -> None:
    reading = read(HEADER, "1 | Ban hành quy chế | Văn phòng | | Sau khi có hướng dẫn |")

    [task] = tasks(reading)
    assert task.deadline is not None
    assert (task.deadline.kind, task.deadline.raw) == ("unknown", "Sau khi có hướng dẫn")
    assert "deadline_unclear" in {warning.code for warning in reading.warnings}


def test_cells_that_stand_on_lines_of_their_own_read_like_rows() -> None:
    cells = [
        *("TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời gian"),
        *("1", "Lập danh\nmục", "Phòng Kinh tế", "6/2026"),
        *("2", "Báo cáo", "Văn phòng", "Hằng năm"),
    ]
    rows = [cells[0:4], cells[4:8], cells[8:12]]
    text = "|\n".join("|\n" + "\n|\n".join(row) + "\n" for row in rows) + "|\n"

    reading = read_plan(f"PHỤ LỤC\n\n{text}")

    assert [(task.text, task.lead) for task in tasks(reading)] == [
        ("Lập danh mục", ("Phòng Kinh tế",)),
        ("Báo cáo", ("Văn phòng",)),
    ]


def test_a_table_inside_a_plan_leaves_the_text_round_it_alone() -> None:
    plan = (
        "KẾ HOẠCH\nthử nghiệm\n\nI. MỤC TIÊU\n\n- Đạt 95% số hộ.\n\nII. NHIỆM VỤ\n\n1. Làm sạch đường.\n\n"
        "{table}"
        "III. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.\n"
    )
    table = markdown(HEADER, "1 | Đo đạc | Phòng Kinh tế | | 6/2026 |", title="Bảng 1. Việc phải làm")

    without, having = read_plan(plan.format(table="")), read_plan(plan.format(table=f"{table}\n"))

    assert having.units[0].name == without.units[0].name
    assert len(having.indicators) == len(without.indicators)
    assert [task.text for task in tasks(having)] == ["Làm sạch đường.", "Đo đạc"]


def test_each_row_is_a_passage_of_its_own() -> None:
    reading = read(
        HEADER, "1 | Đo đạc | Phòng Kinh tế | | 6/2026 |", "2 | Cắm mốc | Phòng Kinh tế | | 7/2026 |"
    )

    rows = [p for p in reading.passages if p.kind.startswith("table")]
    assert [(p.path, p.kind) for p in rows] == [
        ("B1.1", "table_head"),
        ("B1.2", "table_row"),
        ("B1.3", "table_row"),
    ]
    assert rows[1].text == "1 | Đo đạc | Phòng Kinh tế | 6/2026"


@pytest.mark.parametrize(
    "rows",
    [
        ["TT | Họ và tên | Chức vụ | Nhiệm vụ", "1 | Nguyễn Văn A | Chủ tịch | Trưởng ban"],
        ["Nơi nhận: | TM. ỦY BAN NHÂN DÂN", "- Lưu: VT | CHỦ TỊCH"],
        ["TT | Nội dung | Kinh phí | Nguồn", "1 | Mua máy | 20.000.000 | Ngân sách"],
    ],
)
def test_tables_of_another_kind_give_no_tasks(rows: list[str]) -> None:
    reading = read(*rows)

    assert (tasks(reading), reading.annexes) == ([], ())


def test_a_heading_with_only_a_table_under_it_is_its_title() -> None:
    table = "| TT | Nội dung | Đơn vị chủ trì |\n| 1 | Đo đạc | Phòng Kinh tế |\n"
    reading = read_plan(
        f"KẾ HOẠCH\nthử\n\nI. NHIỆM VỤ\n\n1. Về đất đai\n\n{table}\n2. Về môi trường\n\n- Thu gom rác.\n"
    )

    assert [(group.heading, [task.text for task in group.tasks]) for group in reading.task_groups] == [
        ("2. Về môi trường", ["Thu gom rác."]),
        ("1. Về đất đai", ["Đo đạc"]),
    ]
    assert reading.leftovers == ()


def test_a_merged_cell_whose_words_are_repeated_heads_a_group() -> None:
    group = " | ".join(["I. Tuyên truyền"] * 6)
    reading = read(HEADER, group, "1 | Đăng tin | Trung tâm | | Hằng tháng |")

    assert [one.heading for one in reading.task_groups] == ["I. Tuyên truyền"]


def test_crosses_under_years_are_the_span_of_a_task() -> None:
    reading = read("TT | Nhiệm vụ | Chủ trì | 2026 | 2027 | 2028", "1 | Làm đường | Phòng Kinh tế | x | x | ")

    [task] = tasks(reading)
    assert task.deadline is not None
    assert (task.deadline.begins, task.deadline.ends) == (date(2026, 1, 1), date(2027, 12, 31))
