"""Tables of organisations and their work in the section that assigns it."""

from app.documents.values import Reading
from tests.documents.plans import body

HEADER = "| STT | Đơn vị | Nhiệm vụ |\n|---|---|---|\n"


def _assigned(rows: str, header: str = HEADER) -> Reading:
    return body(f"II. TỔ CHỨC THỰC HIỆN\n\n{header}{rows}\n")


def _duties(reading: Reading) -> list[tuple[str, list[str]]]:
    return [(unit.name, [duty.text for duty in unit.duties]) for unit in reading.units]


def test_a_table_under_the_organisation_heading_lists_units_with_duties() -> None:
    reading = _assigned(
        "| 1 | Phòng Kinh tế | - Chủ trì tham mưu.<br>- Tổng hợp báo cáo. |\n"
        "| 2 | Các thôn | Tuyên truyền; vận động nhân dân. |\n"
    )

    assert _duties(reading) == [
        ("Phòng Kinh tế", ["Chủ trì tham mưu.", "Tổng hợp báo cáo."]),
        ("Các thôn", ["Tuyên truyền; vận động nhân dân."]),
    ]
    assert [unit.is_group for unit in reading.units] == [False, True]
    assert (reading.task_groups, reading.annexes, reading.leftovers) == ((), (), ())


def test_duties_point_to_the_row_they_stand_in() -> None:
    reading = _assigned("| 1 | Công an xã | Bảo đảm an ninh. |\n| | ″ | Tuần tra ban đêm. |\n")

    rows = {passage.id: passage for passage in reading.passages}
    places = [rows[duty.passage] for unit in reading.units for duty in unit.duties]
    assert [(place.path, place.section) for place in places] == [
        ("B1.2", "organisation"),
        ("B1.3", "organisation"),
    ]


def test_an_empty_or_repeated_cell_goes_on_with_its_unit() -> None:
    reading = _assigned(
        "| 1 | Công an xã | Bảo đảm an ninh. |\n| | ″ | Tuần tra ban đêm. |\n| | | - Trực ban. |\n"
        "| 2 | Trạm Y tế | Khám bệnh. |\n"
    )

    assert _duties(reading) == [
        ("Công an xã", ["Bảo đảm an ninh.", "Tuần tra ban đêm.", "Trực ban."]),
        ("Trạm Y tế", ["Khám bệnh."]),
    ]


def test_a_bullet_behind_a_semicolon_begins_a_duty() -> None:
    reading = _assigned(
        "| **Công an xã** | - Bảo đảm an ninh; - Tuần tra. |\n",
        "| Đơn vị thực hiện | Nội dung công việc |\n|---|---|\n",
    )

    assert _duties(reading) == [("Công an xã", ["Bảo đảm an ninh;", "Tuần tra."])]


def test_a_unit_of_the_list_and_of_the_table_is_one() -> None:
    reading = body(
        "II. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.\n\n2. Phân công các đơn vị\n\n"
        f"{HEADER}| 1 | Công an xã | Bảo đảm an ninh. |\n"
    )

    assert _duties(reading) == [("Công an xã", ["Tuần tra.", "Bảo đảm an ninh."])]


def test_tables_of_tasks_stay_tasks() -> None:
    row = "| 1 | Trạm Y tế | Trực cấp cứu. |\n"
    amid_tasks = body(f"I. NHIỆM VỤ\n\n{HEADER}{row}\nII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.")
    behind_the_signature = body(
        f"II. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.\n\nNơi nhận:\n- Lưu: VT.\n\nPHỤ LỤC\n\n{HEADER}{row}"
    )
    dated = _assigned(
        "| 1 | Trạm Y tế | Trực cấp cứu | Tháng 9/2026 |\n",
        "| STT | Đơn vị | Nhiệm vụ | Thời gian |\n|---|---|---|---|\n",
    )

    for reading in (amid_tasks, behind_the_signature, dated):
        assert [task.lead for group in reading.task_groups for task in group.tasks] == [("Trạm Y tế",)]
        assert "Trạm Y tế" not in {unit.name for unit in reading.units}
