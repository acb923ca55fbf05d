"""/api/v1/tasks and /responsibilities as another system meets them."""

from uuid import uuid4

import pytest

from app.api.responsibility import ResponsibilityOut, ResponsibilityPage
from app.api.task import TaskDetailOut, TaskPage
from tests import factories
from tests.factories import add_assignment, add_group, add_period, add_plan

TASKS, GIVEN = "/api/v1/tasks", "/api/v1/responsibilities"


@pytest.fixture
def plan(stage, cast):
    made = add_plan(stage, cast.commune)
    stage.commit()
    return made


@pytest.fixture
def task(stage, cast, plan):
    """A standing task of the school cell, with its row in the open quarter."""
    made = factories.add_task(stage, plan)
    add_assignment(stage, made, cast.school_cell, period=add_period(stage, cast.commune))
    stage.commit()
    return made


def typed(plan, **more):
    return {
        "plan": str(plan.id),
        "title": "Rà soát quỹ đất",
        "text": "Rà soát quỹ đất cho trường học.",
    } | more


def test_office_adds_gives_and_changes_a_task(client, cast, plan):
    office = client("an")
    made = office.post(TASKS, json=typed(plan, kind="dated", due_on="2027-06-30"))
    assert made.status_code == 201
    given = office.post(
        f"{made.headers['location']}/responsibilities", json={"unit": str(cast.school_cell.id)}
    )
    assert given.status_code == 201
    assert ResponsibilityOut.model_validate_json(given.content).role == "lead"
    changed = office.patch(
        made.headers["location"], json={"due_on": "2027-12-31"}, headers={"If-Match": made.headers["etag"]}
    )
    seen = TaskDetailOut.model_validate_json(changed.content)
    assert (str(seen.due_on), str(seen.assignments[0].due_on)) == ("2027-12-31", "2027-12-31")
    assert seen.timeline[0].text == "Sửa nhiệm vụ NV-001: hạn từ 30/06/2027 thành 31/12/2027"
    assert [entry.kind for entry in seen.timeline] == ["task_changed", "responsibility_given", "task_added"]


def test_list_pages_by_cursor_and_matches_its_model(client, stage, plan, task):
    factories.add_task(stage, plan, "NV-002", ordinal=2, kind="dated")
    stage.commit()
    office = client("an")
    first = TaskPage.model_validate_json(office.get(TASKS, params={"limit": 1, "count": True}).content)
    assert (first.items[0].code, first.count) == ("NV-001", 2)
    second = office.get(TASKS, params={"limit": 1, "cursor": first.next}).json()
    assert ([item["code"] for item in second["items"]], second["next"]) == (["NV-002"], None)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"without_lead": True}, ["NV-002"]),
        ({"without_deadline": True}, ["NV-002"]),
        ({"without_product": True}, ["NV-002"]),
        ({"kind": "standing"}, ["NV-001"]),
        ({"q": "co so vat chat"}, ["NV-001", "NV-002"]),
        ({"plan": str(uuid4())}, []),
    ],
)
def test_filters_narrow_the_list(client, stage, plan, task, query, codes):
    factories.add_task(stage, plan, "NV-002", ordinal=2, kind="dated")
    stage.commit()
    assert [item["code"] for item in client("an").get(TASKS, params=query).json()["items"]] == codes


def test_unit_reads_the_task_with_its_own_row_only(client, stage, cast, task, plan):
    group = add_group(stage, cast.commune, "CBT", "Các chi bộ", [cast.village_cell])
    stage.commit()
    client("an").post(
        f"{TASKS}/{task.id}/responsibilities", json={"unit": str(group.id), "role": "cooperate"}
    )
    assert [r["unit_name"] for r in client("an").get(f"{TASKS}/{task.id}").json()["assignments"]] == [
        cast.school_cell.name,
        cast.village_cell.name,
    ]
    seen = client("binh").get(f"{TASKS}/{task.id}").json()
    assert [row["unit_name"] for row in seen["assignments"]] == [cast.school_cell.name]
    assert (seen["allowed_actions"], seen["responsibilities"][0]["allowed_actions"]) == ([], [])


def test_responsibilities_are_listed_and_ended(client, cast, task):
    office = client("an")
    page = ResponsibilityPage.model_validate_json(office.get(GIVEN, params={"task": str(task.id)}).content)
    one = page.items[0]
    assert (one.unit.id, one.allowed_actions) == (cast.school_cell.id, ["end"])
    ended = office.post(f"{GIVEN}/{one.id}/endings", json={})
    assert (ended.status_code, ended.json()["ended_on"] is not None) == (201, True)
    assert office.get(GIVEN, params={"task": str(task.id)}).json()["items"] == []
    assert office.get(f"{GIVEN}/{one.id}").json()["allowed_actions"] == []
    assert office.get(f"{TASKS}/{task.id}").json()["assignments"][0]["state"] == "cancelled"


def test_a_report_on_the_task_changes_its_etag_but_not_its_version(client, task):
    office = client("an")
    before = office.get(f"{TASKS}/{task.id}")
    row = before.json()["assignments"][0]["id"]
    assert (
        office.get(f"{TASKS}/{task.id}", headers={"If-None-Match": before.headers["etag"]}).status_code == 304
    )
    client("binh").post(f"/api/v1/assignments/{row}/reports", json={"result": "Đã xong."})
    after = office.get(f"{TASKS}/{task.id}", headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.json()["version"]) == (200, 1)
    changed = office.patch(
        f"{TASKS}/{task.id}", json={"title": "Tên mới"}, headers={"If-Match": before.headers["etag"]}
    )
    assert changed.json()["version"] == 2


@pytest.mark.parametrize(("login", "status"), [("binh", 403), ("chi", 403), ("kiem", 403), ("dung", 404)])
def test_others_may_not_change_anything(client, cast, plan, task, login, status):
    other = client(login)
    answers = [
        other.post(TASKS, json=typed(plan)),
        other.patch(f"{TASKS}/{task.id}", json={"title": "Tên mới"}, headers={"If-Match": '"1"'}),
        other.post(
            f"{TASKS}/{task.id}/responsibilities",
            json={"unit": str(cast.village_cell.id), "role": "cooperate"},
        ),
    ]
    assert {answer.status_code for answer in answers} == {status}


def test_nobody_gets_401(client, task):
    assert client(None).get(f"{TASKS}/{task.id}").status_code == 401


def test_the_sentence_cannot_be_changed(client, task):
    answer = client("an").patch(f"{TASKS}/{task.id}", json={"text": "Câu khác"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/text")


def test_version_is_asked_for_and_checked(client, task):
    office = client("an")
    assert office.patch(f"{TASKS}/{task.id}", json={"title": "Tên mới"}).status_code == 428
    stale = office.patch(f"{TASKS}/{task.id}", json={"title": "Tên"}, headers={"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["version"]) == (412, 1)


def test_a_second_lead_is_a_409_that_names_the_first(client, cast, task):
    answer = client("an").post(
        f"{TASKS}/{task.id}/responsibilities", json={"unit": str(cast.village_cell.id)}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "lead_taken")
    assert cast.school_cell.name in answer.json()["detail"]


def test_foreign_and_malformed_ids(client, cast, task):
    office = client("an")
    assert office.get(f"{TASKS}/{uuid4()}").status_code == 404
    assert office.get(f"{TASKS}/khong-phai-ma").status_code == 422
    foreign = office.post(
        f"{TASKS}/{task.id}/responsibilities", json={"unit": str(cast.other_unit.id), "role": "cooperate"}
    )
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (422, "/unit")
