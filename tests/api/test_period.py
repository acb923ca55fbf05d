"""/api/v1/periods as another system meets it."""

from uuid import uuid4

import pytest

from app.api.period import PeriodDetailOut, PeriodPage
from tests.factories import add_indicator, add_period, add_plan, add_responsibility, add_task

ADDRESS = "/api/v1/periods"


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    add_responsibility(stage, add_task(stage, plan), cast.school_cell)
    add_indicator(stage, plan, owners=(cast.village_cell,))
    stage.commit()
    return plan


def test_office_opens_reads_and_closes(client, plan, cast):
    office = client("an")
    opened = office.post(ADDRESS, json={"label": "2026-Q4"})
    assert opened.status_code == 201
    out = PeriodDetailOut.model_validate_json(opened.content)
    assert (out.scheme, out.reported, out.expected, out.allowed_actions) == (
        "calendar", 0, 2, ["close", "except"],
    )  # fmt: skip
    assert {(u.unit.name, u.missing[0].kind) for u in out.units} == {
        (cast.school_cell.name, "assignment"),
        (cast.village_cell.name, "submission"),
    }
    assert office.post(ADDRESS, json={"label": "2026-Q4"}).json()["id"] == str(out.id)
    closed = office.post(f"{ADDRESS}/{out.id}/closures", json={}).json()
    assert (closed["state"], closed["allowed_actions"]) == ("closed", ["reopen"])
    assert [entry["kind"] for entry in closed["timeline"]] == ["period_closed", "period_opened"]
    assert office.post(ADDRESS, json={"label": "2026-Q4"}).json()["code"] == "period_closed"


def test_list_is_newest_first_and_pages(client, stage, cast):
    for label in ("2026-Q2", "2026-Q4", "2026-Q3"):
        add_period(stage, cast.commune, label, state="open" if label == "2026-Q4" else "closed")
    stage.commit()
    reader = client("chi")
    first = PeriodPage.model_validate_json(reader.get(ADDRESS, params={"limit": 2}).content)
    assert [item.label for item in first.items] == ["2026-Q4", "2026-Q3"]
    second = reader.get(ADDRESS, params={"limit": 2, "cursor": first.next}).json()
    assert ([item["label"] for item in second["items"]], second["next"]) == (["2026-Q2"], None)
    assert [i["label"] for i in reader.get(ADDRESS, params={"state": "open"}).json()["items"]] == ["2026-Q4"]


def test_a_unit_reads_its_own_part(client, plan, cast):
    address = client("an").post(ADDRESS, json={"label": "2026-Q4"}).headers["location"]
    seen = client("hoa").get(address).json()
    assert (seen["expected"], [u["unit"]["name"] for u in seen["units"]]) == (1, [cast.village_cell.name])


@pytest.mark.parametrize(("name", "status"), [("binh", 403), ("chi", 403), ("dung", 404), (None, 401)])
def test_who_may_not_open(client, plan, cast, name, status):
    body = {"label": "2026-Q4", "locality": str(cast.commune.id)}
    assert client(name).post(ADDRESS, json=body).status_code == status


@pytest.mark.parametrize(
    "body", [{}, {"label": "2026-Q9"}, {"cycle": "decade"}, {"label": "2026-Q4", "state": "closed"}]
)
def test_a_period_that_cannot_be_is_refused(client, cast, body):
    assert client("an").post(ADDRESS, json=body).status_code == 422


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"starts_on": "2026-10-02", "ends_on": "2026-12-31"}, ["/starts_on"]),
        ({"name": "Kỳ khác", "locks_on": "2027-03-01"}, ["/name", "/locks_on"]),
        ({"cycle": "month"}, ["/cycle"]),
    ],
)
def test_what_is_given_and_is_otherwise_is_refused(client, cast, is_open, more, fields):
    body = {"label": "2026-Q4"}
    if is_open:
        assert client("an").post(ADDRESS, json=body).status_code == 201
    refused = client("an").post(ADDRESS, json=body | more)
    assert (refused.status_code, [e["pointer"] for e in refused.json()["errors"]]) == (422, fields)


def test_the_day_of_a_new_period_may_be_chosen_once(client, cast):
    body = {"label": "2026-Q4", "due_on": "2027-01-20"}
    opened = client("an").post(ADDRESS, json=body)
    assert opened.json()["due_on"] == "2027-01-20"
    assert client("an").post(ADDRESS, json=body).json()["id"] == opened.json()["id"]
    refused = client("an").post(ADDRESS, json=body | {"due_on": "2027-01-22"})
    assert "20/01/2027" in refused.json()["errors"][0]["detail"]


def test_a_period_typed_by_hand_is_not_opened_again_as_another(client, plan, cast):
    body = {
        "cycle": "ad_hoc", "label": "2026-DX1", "name": "Sau bão", "starts_on": "2026-11-01",
        "ends_on": "2026-11-20", "due_on": "2026-11-25",
    }  # fmt: skip
    opened = client("an").post(ADDRESS, json=body).json()
    assert client("an").post(ADDRESS, json=body).json()["id"] == opened["id"]
    refused = client("an").post(ADDRESS, json=body | {"name": "Sau lũ", "plan": str(plan.id)})
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/name", "/plan"]


def test_unknown_and_foreign_periods_are_not_found(client, stage, cast):
    foreign = add_period(stage, cast.other_commune)
    stage.commit()
    for key in (foreign.id, uuid4()):
        assert client("an").get(f"{ADDRESS}/{key}").status_code == 404
        assert client("an").post(f"{ADDRESS}/{key}/closures", json={}).status_code == 404
