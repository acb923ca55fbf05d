"""/api/v1/urgings as another system meets it."""

from datetime import date
from uuid import uuid4

import pytest

from app.api.urging import UrgingDetailOut, UrgingPage
from tests.factories import add_assignment, add_plan, add_task

ADDRESS = "/api/v1/urgings"


@pytest.fixture
def row(stage, cast):
    made = add_assignment(
        stage, add_task(stage, add_plan(stage, cast.commune)), cast.school_cell, due_on=date(2025, 11, 3)
    )
    stage.commit()
    return made


@pytest.fixture
def urging(client, row):
    sent = client("an").post(ADDRESS, json={"assignments": [str(row.id)], "channel": "phone"})
    assert sent.status_code == 201
    return UrgingPage.model_validate_json(sent.content).items[0]


def test_office_urges_the_unit_answers_and_both_read_it(client, cast, row, urging):
    assert (urging.unit.id, urging.channel, urging.standing) == (cast.school_cell.id, "phone", "waiting")
    unit = client("binh")
    seen = unit.get(f"{ADDRESS}/{urging.id}")
    out = UrgingDetailOut.model_validate_json(seen.content)
    assert (out.allowed_actions, [one.id for one in out.about_rows]) == (["answer"], [row.id])
    answered = unit.post(f"{ADDRESS}/{urging.id}/answers", json={"text": "Báo cáo ngày mai"})
    assert answered.status_code == 201
    listed = client("an").get(ADDRESS, params={"standing": "answered"}).json()
    assert [one["answer"] for one in listed["items"]] == ["Báo cáo ngày mai"]
    assert (
        unit.post(f"{ADDRESS}/{urging.id}/answers", json={"text": "Nữa"}).json()["code"] == "already_answered"
    )


def test_urging_twice_a_day_is_refused_by_name(client, row, urging):
    again = client("an").post(ADDRESS, json={"assignments": [str(row.id)]})
    assert (again.status_code, again.json()["code"], again.json()["rows"]) == (
        409,
        "urged_today",
        [str(row.id)],
    )
    said_so = client("an").post(ADDRESS, json={"assignments": [str(row.id)], "repeat": True})
    assert said_so.status_code == 201


def test_a_text_for_a_unit_that_is_not_urged_is_refused(client, cast, row):
    texts = {str(cast.village_cell.id): "Gửi thôn", str(cast.school_cell.id): "Gửi trường"}
    refused = client("an").post(ADDRESS, json={"assignments": [str(row.id)], "texts": texts})
    assert (refused.status_code, [e["pointer"] for e in refused.json()["errors"]]) == (
        422,
        [f"/texts/{cast.village_cell.id}"],
    )
    assert client("an").get(ADDRESS).json()["items"] == []


def test_the_same_request_twice_has_one_effect(client, row):
    office, key = client("an"), {"Idempotency-Key": "don-doc-1"}
    first = office.post(ADDRESS, json={"assignments": [str(row.id)]}, headers=key)
    second = office.post(ADDRESS, json={"assignments": [str(row.id)]}, headers=key)
    assert (second.json(), second.headers["idempotency-replayed"]) == (first.json(), "true")


def test_the_list_pages(client, row, urging):
    office = client("an")
    office.post(ADDRESS, json={"assignments": [str(row.id)], "repeat": True})
    first = office.get(ADDRESS, params={"limit": 1}).json()
    second = office.get(ADDRESS, params={"limit": 1, "cursor": first["next"]}).json()
    assert [first["items"][0]["id"] == str(urging.id), second["items"][0]["id"]] == [False, str(urging.id)]
    assert second["next"] is None


@pytest.mark.parametrize(("name", "status"), [("binh", 403), ("chi", 403), ("dung", 404), (None, 401)])
def test_who_may_not_urge(client, row, name, status):
    assert client(name).post(ADDRESS, json={"assignments": [str(row.id)]}).status_code == status


def test_unknown_and_foreign_urgings_are_not_found(client, urging):
    assert client("dung").get(f"{ADDRESS}/{urging.id}").status_code == 404
    assert client("hoa").post(f"{ADDRESS}/{urging.id}/answers", json={"text": "x"}).status_code == 404
    assert client("an").get(f"{ADDRESS}/{uuid4()}").status_code == 404


def test_an_answer_based_on_an_old_version_is_refused(client, urging):
    answer = client("binh").post(
        f"{ADDRESS}/{urging.id}/answers", json={"text": "x"}, headers={"If-Match": '"9"'}
    )
    assert answer.status_code == 412
