"""/api/v1/extensions as another system meets it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.api.extension import ExtensionOut, ExtensionPage
from tests.factories import add_assignment, add_plan, add_task

TODAY = datetime.now(UTC).date()
ASKED = {"asked_due_on": str(TODAY + timedelta(days=30)), "reason": "Chờ kinh phí của tỉnh"}


@pytest.fixture
def row(stage, cast):
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated", due_on=TODAY + timedelta(days=5))
    made = add_assignment(stage, task, cast.school_cell)
    stage.commit()
    return made


@pytest.fixture
def asked(client, row):
    answer = client("binh").post(f"/api/v1/assignments/{row.id}/extensions", json=ASKED)
    return answer.json()


def test_unit_asks_and_office_grants(client, row):
    answer = client("binh").post(f"/api/v1/assignments/{row.id}/extensions", json=ASKED)
    made = ExtensionOut.model_validate_json(answer.content)
    assert (answer.status_code, made.state, made.allowed_actions) == (201, "requested", ["withdraw"])
    assert answer.headers["location"] == f"/api/v1/extensions/{made.id}"
    office = client("an")
    granted = office.post(
        f"/api/v1/extensions/{made.id}/grants", headers={"If-Match": answer.headers["etag"]}
    )
    assert (granted.status_code, granted.json()["granted_due_on"]) == (201, ASKED["asked_due_on"])
    seen = office.get(f"/api/v1/assignments/{row.id}").json()
    assert (seen["due_on"], seen["first_due_on"], seen["extended"], seen["extension"]) == (
        ASKED["asked_due_on"],
        str(TODAY + timedelta(days=5)),
        1,
        None,
    )


def test_office_refuses_with_a_reason(client, asked):
    office = client("an")
    assert office.post(f"/api/v1/extensions/{asked['id']}/refusals", json={"reason": " "}).status_code == 422
    answer = office.post(f"/api/v1/extensions/{asked['id']}/refusals", json={"reason": "Đã sát ngày"})
    assert (answer.json()["state"], answer.json()["decision_reason"]) == ("refused", "Đã sát ngày")


def test_unit_takes_it_back(client, asked, row):
    answer = client("binh").post(f"/api/v1/extensions/{asked['id']}/withdrawals")
    assert answer.json()["state"] == "withdrawn"


def test_list_pages_and_narrows(client, asked, row):
    office = client("an")
    page = ExtensionPage.model_validate_json(office.get("/api/v1/extensions?state=requested&limit=1").content)
    assert ([str(one.id) for one in page.items], page.next) == ([asked["id"]], None)
    assert office.get("/api/v1/extensions?state=granted").json()["items"] == []
    assert client("hoa").get("/api/v1/extensions").json()["items"] == []


def test_leader_reads_but_may_not_grant(client, asked):
    leader = client("chi")
    assert leader.get(f"/api/v1/extensions/{asked['id']}").json()["allowed_actions"] == []
    assert leader.post(f"/api/v1/extensions/{asked['id']}/grants").status_code == 403


def test_a_second_request_is_a_409_by_name(client, asked, row):
    again = client("binh").post(f"/api/v1/assignments/{row.id}/extensions", json=ASKED)
    assert (again.status_code, again.json()["code"]) == (409, "extension_waiting")


def test_a_day_before_the_date_in_force_points_at_its_field(client, row):
    answer = client("binh").post(
        f"/api/v1/assignments/{row.id}/extensions", json=ASKED | {"asked_due_on": str(TODAY)}
    )
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/asked_due_on")
