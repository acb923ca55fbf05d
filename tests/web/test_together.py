"""Groups, cooperation and the story on pages and in JSON: who sees what, who may do what."""

from datetime import timedelta

import pytest

from app.services.assignment import (
    ReasonInput,
    ReportInput,
    confirm_assignment,
    report_assignment,
    return_assignment,
)
from app.services.assignment_list import AssignmentFilter, list_assignments
from app.services.responsibility import ResponsibilityInput, give_responsibility
from app.text import format_date
from tests.factories import (
    add_assignment,
    add_group,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
    add_unit,
)


@pytest.fixture
def duty(stage, cast):
    """`made(completion)`: a group's duty in an open period; (group, task, rows by unit)."""

    def made(completion):
        period = add_period(stage, cast.commune)
        task = add_task(stage, add_plan(stage, cast.commune))
        members = [cast.school_cell, cast.village_cell]
        group = add_group(stage, cast.commune, "NHOM", "Các chi bộ", members)
        given = add_responsibility(stage, task, group, completion=completion)
        units, through = ([group], None) if completion == "joint" else (members, group.id)
        rows = {
            unit.id: add_assignment(stage, task, unit, period=period, responsibility=given, group_id=through)
            for unit in units
        }
        stage.commit()
        return group, task, rows

    return made


def test_a_groups_board_names_who_is_silent_and_offers_one_reminder(client, working, cast, duty):
    group, _, rows = duty("each")
    with working(cast.binh) as work:
        report_assignment(work, rows[cast.school_cell.id].id, ReportInput(result="Xong"))
    page = client("an").get(f"/bang/{group.id}").text
    silent = rows[cast.village_cell.id].id
    assert f'name="viec" value="{silent}"' in page
    assert f'name="viec" value="{rows[cast.school_cell.id].id}"' not in page
    assert "Nhắc các đơn vị chưa báo cáo" in page
    assert "Nhắc các đơn vị chưa báo cáo" not in client("chi").get(f"/bang/{group.id}").text


def test_a_members_own_date_is_said_beside_its_name_and_is_nobody_elses(client, stage, cast, duty):
    group, _, rows = duty("each")
    usual = rows[cast.school_cell.id].due_on
    rows[cast.village_cell.id].due_on = own = usual + timedelta(days=9)
    stage.add(rows[cast.village_cell.id])
    stage.commit()
    (said,) = client("an").get(f"/api/v1/units/{group.id}/board").json()["duties"]
    assert said["due_on"] == usual.isoformat()
    assert {one["name"]: one["due_on"] for one in said["silent"]} == {
        cast.school_cell.name: usual.isoformat(),
        cast.village_cell.name: own.isoformat(),
    }
    card, _, names = client("an").get(f"/bang/{group.id}").text.partition('id="ai-chua-bao-cao"')
    assert f"Hạn {format_date(usual)}" in card
    assert f"{cast.village_cell.name} hạn {format_date(own)}" in card
    assert names.count(f"hạn {format_date(usual)}") == names.count(f"hạn {format_date(own)}") == 1


def test_joint_work_stands_on_the_period_form_of_each_member(client, cast, duty):
    group, task, rows = duty("joint")
    row = rows[group.id]
    form = f"{cast.school_cell.id}/{row.period_id}"
    assert client("binh").get(f"/api/v1/period-forms/{form}").json()["joint"] == [
        {
            "assignment": str(row.id),
            "code": task.code,
            "title": task.title,
            "group": {"id": str(group.id), "name": "Các chi bộ"},
            "state": "assigned",
            "due_on": row.due_on.isoformat(),
        }
    ]
    page = client("binh").get(f"/bao-cao-ky/{form}").text
    assert "Việc làm chung" in page
    assert "không phải báo cáo gì" not in page


def test_the_groups_standing_is_json_too(client, working, cast, duty):
    group, task, rows = duty("each")
    with working(cast.binh) as work:
        report_assignment(work, rows[cast.school_cell.id].id, ReportInput(result="Xong"))
    (said,) = client("an").get(f"/api/v1/units/{group.id}/board").json()["duties"]
    assert (said["task"], said["k"], said["n"], said["confirmed"], said["settled"]) == (
        str(task.id),
        1,
        2,
        0,
        False,
    )
    assert [one["name"] for one in said["silent"]] == [cast.village_cell.name]


def test_with_any_a_confirmed_member_settles_the_duty(client, working, cast, duty):
    group, _, rows = duty("any")
    with working(cast.binh) as work:
        report_assignment(work, rows[cast.school_cell.id].id, ReportInput(result="Xong"))
    with working(cast.an) as work:
        confirm_assignment(work, rows[cast.school_cell.id].id)
    (said,) = client("an").get(f"/api/v1/units/{group.id}/board").json()["duties"]
    assert (said["k"], said["n"], said["settled"]) == (1, 1, True)


def test_every_member_finds_and_reports_the_joint_row(client, cast, duty):
    group, _, rows = duty("joint")
    row = rows[group.id]
    for login, unit in (("binh", cast.school_cell), ("hoa", cast.village_cell)):
        assert f"/viec/{row.id}" in client(login).get(f"/bang/{unit.id}").text
        assert "Các chi bộ" in client(login).get("/").text
    sent = client("hoa").post(f"/api/v1/assignments/{row.id}/reports", json={"result": "Cả nhóm đã xong"})
    assert sent.status_code == 201
    assert client("binh").get(f"/api/v1/assignments/{row.id}").json()["state"] == "reported"
    board = client("an").get(f"/api/v1/units/{cast.school_cell.id}/board").json()
    assert (board["joint"], board["counts"]) == ([str(row.id)], {})


def test_who_belongs_to_no_such_group_does_not_know_the_joint_row(client, stage, cast, duty):
    from app.permissions import Role
    from tests.people import add_person

    group, _, rows = duty("joint")
    add_person(
        stage,
        cast.commune,
        "moi",
        "Người mới",
        Role.UNIT,
        add_unit(stage, cast.commune, "KT", "Phòng Kinh tế"),
    )
    stage.commit()
    assert client("moi").get(f"/viec/{rows[group.id].id}").status_code == 404
    assert client("moi").get(f"/bang/{group.id}").status_code in (403, 404)


def test_a_member_sees_no_other_members_row_on_the_groups_board(client, cast, duty):
    group, _, rows = duty("each")
    page = client("binh").get(f"/bang/{group.id}").text
    assert f"/viec/{rows[cast.village_cell.id].id}" not in page
    # k of n of its own rows would be taken for the group's.
    only_own = "chỉ có phần việc của đơn vị bạn trong nhóm"
    assert only_own in page
    assert "đơn vị xong" not in page
    assert "Ai đã báo cáo" not in page
    yesterday = client("binh").get(f"/bang/{group.id}?ngay=2026-11-20")
    assert yesterday.status_code == 200
    whole = client("an").get(f"/bang/{group.id}").text
    assert ("đơn vị xong" in whole, "Ai đã báo cáo" in whole, only_own in whole) == (True, True, False)
    said = client("binh").get(f"/api/v1/units/{group.id}/board").json()
    assert (said["own_alone"], said["duties"], sum(said["counts"].values())) == (True, [], 1)


@pytest.fixture
def led(stage, working, cast):
    """A task the school cell leads and the village cell supports; their rows."""
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated")
    stage.commit()
    with working(cast.an) as work:
        for unit, role in ((cast.school_cell, "lead"), (cast.village_cell, "cooperate")):
            give_responsibility(work, task.id, ResponsibilityInput(unit=unit.id, role=role))
        rows = {one.unit_id: one.id for one in list_assignments(work, AssignmentFilter(task=task.id))}
    return task, rows[cast.school_cell.id], rows[cast.village_cell.id]


def test_a_board_shows_what_the_unit_supports_in_a_place_of_its_own(client, cast, led):
    _, _, helping = led
    page = client("hoa").get(f"/bang/{cast.village_cell.id}").text
    assert "Phối hợp (1)" in page
    assert f"{cast.school_cell.name} chủ trì" in page
    assert f"/viec/{helping}" in page


def test_a_groups_board_names_who_supports_once_for_each_task(client, stage, working, cast):
    members = [cast.school_cell, cast.village_cell]
    group = add_group(stage, cast.commune, "NHOM", "Các chi bộ", members)
    office = add_unit(stage, cast.commune, "VP", "Văn phòng")
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated")
    stage.commit()
    with working(cast.an) as work:
        for unit, role in ((office, "lead"), (group, "cooperate")):
            give_responsibility(work, task.id, ResponsibilityInput(unit=unit.id, role=role))
    _, _, shown = client("an").get(f"/bang/{group.id}").text.partition('id="phoi-hop"')
    assert "Phối hợp (1)" in shown
    assert shown.count(task.title) == 1
    assert "2 đơn vị phối hợp" in shown
    assert all(unit.name in shown for unit in members)
    told = client("an").get(f"/api/v1/units/{group.id}/board").json()["supporting"]
    assert {one["name"] for one in told} == {unit.name for unit in members}


def test_the_page_of_a_supporting_row_offers_a_remark_and_no_report(client, led):
    _, lead, helping = led
    browser = client("hoa")
    page = browser.get(f"/viec/{helping}").text
    assert "Đơn vị chủ trì báo cáo" in page
    assert 'name="remark"' in page
    assert 'name="result"' not in page
    assert browser.post(f"/viec/{helping}/y-kien", data={"remark": "Đã cử người"}).status_code == 303
    assert "Đã cử người" in client("binh").get(f"/viec/{lead}").text


def test_json_says_why_a_supporting_row_takes_no_report(client, led):
    _, _, helping = led
    row = client("hoa").get(f"/api/v1/assignments/{helping}").json()
    assert row["allowed_actions"] == ["remark"]
    assert row["refused_actions"]["report"].startswith("Đơn vị chủ trì báo cáo")
    refused = client("hoa").post(f"/api/v1/assignments/{helping}/reports", json={"result": "x"})
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_step")


def test_a_story_reads_forward_with_the_units_words_and_turns_round(client, working, cast, led):
    task, lead, _ = led
    with working(cast.binh) as work:
        report_assignment(work, lead, ReportInput(result="Đã họp hai buổi"))
    with working(cast.an) as work:
        return_assignment(work, lead, ReasonInput(reason="Thiếu biên bản"))
    page = client("an").get(f"/nhiem-vu/{task.id}").text
    assert page.index("Phân công") < page.index("gửi báo cáo lần 1") < page.index("“Đã họp hai buổi”")
    assert page.index("“Đã họp hai buổi”") < page.index("trả lại báo cáo lần 1")
    turned = client("an").get(f"/nhiem-vu/{task.id}?thu-tu=moi").text
    assert turned.index("trả lại báo cáo lần 1") < turned.index("gửi báo cáo lần 1")


def test_a_story_tells_a_unit_nothing_of_others_reports(client, working, cast, led):
    task, lead, helping = led
    with working(cast.binh) as work:
        report_assignment(work, lead, ReportInput(result="Chuyện riêng của trường"))
    for address in (f"/nhiem-vu/{task.id}", f"/viec/{helping}", f"/api/v1/tasks/{task.id}"):
        assert "Chuyện riêng của trường" not in client("hoa").get(address).text
    narrowed = client("an").get(f"/nhiem-vu/{task.id}?don-vi={cast.village_cell.id}").text
    assert "Chuyện riêng của trường" not in narrowed


def test_who_is_named_finds_the_remark_on_its_page(client, cast, led):
    _, lead, _ = led
    data = {"remark": "Nhờ giúp một tay", "mention": str(cast.village_cell.id)}
    assert client("chi").post(f"/viec/{lead}/y-kien", data=data).status_code == 303
    page = client("hoa").get("/y-kien").text
    assert "Nhờ giúp một tay" in page
    assert f"/viec/{lead}" not in page
