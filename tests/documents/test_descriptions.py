"""Lines that tell who carries out a task, when, and what comes of it."""

from datetime import date

import pytest

from app.documents.descriptions import describes, with_descriptions
from app.documents.values import TaskGroupRead, TaskRead
from tests.documents.plans import body


def _told(*lines: str) -> TaskRead:
    return with_descriptions(TaskRead("Tập huấn", "p1"), lines)


def _groups(text: str) -> tuple[TaskGroupRead, ...]:
    return body(f"I. NHIỆM VỤ\n\n{text}\n\nII. TỔ CHỨC THỰC HIỆN\n\n1. Công an xã\n\n- Tuần tra.").task_groups


def test_one_line_may_tell_everything() -> None:
    task = _told(
        "Thời gian hoàn thành: Tháng 12/2025; Đơn vị chủ trì: Ban Xây dựng Đảng; Đơn vị phối hợp: Văn phòng Đảng ủy, "
        "Trung tâm Chính trị phường; Sản phẩm: Hội nghị."
    )

    assert (task.lead, task.cooperating) == (
        ("Ban Xây dựng Đảng",),
        ("Văn phòng Đảng ủy", "Trung tâm Chính trị phường"),
    )
    assert task.deadline is not None
    assert (task.deadline.ends, task.product) == (date(2025, 12, 31), "Hội nghị")


@pytest.mark.parametrize(
    ("line", "lead", "cooperating"),
    [
        ("Cơ quan chủ trì, phối hợp: Sở Y tế, Sở Tài chính", ("Sở Y tế",), ("Sở Tài chính",)),
        ("Phân công: Công an xã", ("Công an xã",), ()),
        ("b) Phân công thực hiện: Sở Nội vụ chủ trì, phối hợp với các xã", ("Sở Nội vụ",), ("các xã",)),
        ("Đơn vị chủ trì (đầu mối): Phòng Kinh tế. Phối hợp: Các thôn", ("Phòng Kinh tế",), ("Các thôn",)),
        ("Tập huấn (chủ trì: Trạm Y tế)", ("Trạm Y tế",), ()),
        ("Tập huấn (Sở Y tế chủ trì, phối hợp với các xã)", ("Sở Y tế",), ("các xã",)),
    ],
)
def test_who_leads_and_who_cooperates(line: str, lead: tuple[str, ...], cooperating: tuple[str, ...]) -> None:
    task = _told(line.removeprefix("b) "))

    assert (task.lead, task.cooperating) == (lead, cooperating)


def test_what_is_said_first_counts() -> None:
    assert _told("Đơn vị chủ trì: Sở Y tế", "Đơn vị chủ trì: Sở Nội vụ").lead == ("Sở Y tế",)


def test_a_time_in_brackets_is_the_deadline() -> None:
    task = _told("Ban hành nghị quyết (hoàn thành trong quý II/2026)")

    assert task.deadline is not None
    assert task.deadline.ends == date(2026, 6, 30)
    assert _told("Ban hành nghị quyết (trong đó có nội dung về văn hóa)").deadline is None


@pytest.mark.parametrize(
    "text", ["Phối hợp: triển khai các hoạt động", "Nội dung: tuyên truyền", "Tổ chức tập huấn: 2 lớp", ""]
)
def test_work_is_no_description(text: str) -> None:
    assert not describes(text)


def test_lines_below_a_task_are_no_tasks_of_their_own() -> None:
    (group,) = _groups(
        "1. Tuyên truyền\n\n1.1. Tập huấn\n\n- Đơn vị chủ trì: Trạm Y tế\n\n- Thời gian: Quý I/2026\n\n1.2. Treo pano"
    )

    assert [(task.text, task.lead) for task in group.tasks] == [
        ("Tập huấn", ("Trạm Y tế",)),
        ("Treo pano", ()),
    ]


def test_a_line_beside_tasks_tells_about_the_one_before() -> None:
    (group,) = _groups(
        "1. Tuyên truyền\n\n1.1. Tập huấn.\n\n*Đơn vị chủ trì: Trạm Y tế.*\n\n1.2. Treo pano.\n\n*Đơn vị chủ trì: "
        "Phòng Kinh tế.*"
    )

    assert [task.lead for task in group.tasks] == [("Trạm Y tế",), ("Phòng Kinh tế",)]


def test_one_block_behind_several_tasks_tells_about_all() -> None:
    (group,) = _groups("1. Tuyên truyền\n\n- Tập huấn.\n\n- Treo pano.\n\n- Đơn vị chủ trì: Trạm Y tế.")

    assert [task.lead for task in group.tasks] == [("Trạm Y tế",), ("Trạm Y tế",)]


def test_a_heading_with_nothing_but_descriptions_is_the_task() -> None:
    (group,) = _groups("1. Rà soát dữ liệu\n\na) Đơn vị chủ trì: Công an xã.\n\nb) Thời gian: Thường xuyên.")

    assert [(task.text, task.lead) for task in group.tasks] == [("Rà soát dữ liệu", ("Công an xã",))]


def test_names_listed_under_a_label_are_read_as_one_line() -> None:
    (group,) = _groups("1. Tuyên truyền\n\n1.1. Tập huấn\n\n- Đơn vị phối hợp:\n\n+ Các thôn\n\n+ Trạm Y tế")

    assert group.tasks[0].cooperating == ("Các thôn", "Trạm Y tế")
