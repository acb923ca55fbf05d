"""/api/v1/submissions as another system meets it."""

from uuid import uuid4

import pytest

from app.api.submission import SubmissionDetailOut, SubmissionPage
from tests.factories import add_indicator, add_period, add_plan

ADDRESS = "/api/v1/submissions"


@pytest.fixture
def body(stage, cast):
    """What the contract says a figure is sent with."""
    plan = add_plan(stage, cast.commune)
    add_period(stage, cast.commune)
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,))
    stage.commit()
    return {
        "indicator": str(indicator.id),
        "unit": str(cast.school_cell.id),
        "period": "2026-Q4",
        "numerator": 37,
        "denominator": "40",
        "note": "Theo biểu EMIS",
    }


def test_unit_sends_and_office_accepts(client, body):
    sent = client("binh").post(ADDRESS, json=body)
    assert sent.status_code == 201
    out = SubmissionDetailOut.model_validate_json(sent.content)
    assert (out.state, out.number, out.period, out.allowed_actions) == ("sent", 1, "2026-Q4", ["send"])
    assert sent.json()["figure"] == {
        "value": "92.5",
        "numerator": "37",
        "denominator": "40",
        "no_data": False,
        "level": None,
        "flag": None,
        "note": "Theo biểu EMIS",
    }
    assert sent.headers["location"] == f"{ADDRESS}/{out.id}"
    done = client("an").post(f"{ADDRESS}/{out.id}/acceptances", json={})
    assert (done.status_code, done.json()["state"]) == (201, "accepted")
    assert [v["decision"] for v in done.json()["versions"]] == ["accepted"]
    kinds = [entry["kind"] for entry in done.json()["timeline"]]
    assert kinds == ["submission_accepted", "submission_sent"]


def test_office_returns_with_a_reason_and_unit_sends_again(client, body):
    unit, office = client("binh"), client("an")
    address = unit.post(ADDRESS, json=body).headers["location"]
    returned = office.post(f"{address}/returns", json={"reason": "Chưa khớp biểu"}).json()
    assert (returned["state"], returned["state_reason"]) == ("returned", "Chưa khớp biểu")
    again = unit.post(ADDRESS, json=body | {"numerator": 38}).json()
    assert [(v["number"], v["decision"]) for v in again["versions"]] == [(2, None), (1, "returned")]


def test_waiving_and_reopening(client, body):
    office = client("an")
    address = client("binh").post(ADDRESS, json=body).headers["location"]
    waived = office.post(f"{address}/waivers", json={"reason": "Không có lớp"})
    assert waived.json()["allowed_actions"] == ["reopen"]
    assert office.post(f"{address}/reopenings", json={"reason": "Có lớp"}).json()["state"] == "reopened"


def test_list_filters_pages_and_matches_its_model(client, body):
    sent = client("binh").post(ADDRESS, json=body).json()
    office = client("an")
    answer = office.get(ADDRESS, params={"count": True, "state": "sent,accepted", "period": "2026-Q4"})
    page = SubmissionPage.model_validate_json(answer.content)
    assert ([str(item.id) for item in page.items], page.count, page.next) == ([sent["id"]], 1, None)
    for name in ("plan", "unit", "indicator"):
        key = sent[name] if name == "plan" else sent[name]["id"]
        assert len(office.get(ADDRESS, params={name: key}).json()["items"]) == 1
        assert office.get(ADDRESS, params={name: str(uuid4())}).json()["items"] == []
    assert len(office.get(ADDRESS, params={"period": sent["period_id"]}).json()["items"]) == 1
    assert office.get(ADDRESS, params={"state": "accepted"}).json()["items"] == []


@pytest.mark.parametrize("params", [{"period": "\0"}, {"state": "done"}, {"cursor": "x"}, {"limit": 0}])
def test_a_filter_that_cannot_be_is_refused(client, cast, params):
    assert client("an").get(ADDRESS, params=params).status_code == 422


def test_unchanged_reads_are_304(client, body):
    unit = client("binh")
    address = unit.post(ADDRESS, json=body).headers["location"]
    etag = unit.get(address).headers["etag"]
    assert unit.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_a_repeated_post_has_one_effect(client, body):
    unit = client("binh")
    first, second = (unit.post(ADDRESS, json=body, headers={"Idempotency-Key": "k1"}) for _ in range(2))
    assert first.json() == second.json()
    assert len(unit.get(first.headers["location"]).json()["versions"]) == 1


@pytest.mark.parametrize(
    ("name", "status"), [("hoa", 403), ("an", 403), ("chi", 403), ("dung", 404), (None, 401)]
)
def test_who_may_not_send(client, body, name, status):
    assert client(name).post(ADDRESS, json=body).status_code == status


@pytest.mark.parametrize(("name", "status"), [("binh", 403), ("chi", 403), ("hoa", 404), ("dung", 404)])
def test_who_may_not_decide(client, body, name, status):
    address = client("binh").post(ADDRESS, json=body).headers["location"]
    assert client(name).post(f"{address}/acceptances", json={}).status_code == status


def test_others_find_nothing(client, body):
    address = client("binh").post(ADDRESS, json=body).headers["location"]
    for name in ("hoa", "dung"):
        assert client(name).get(address).status_code == 404
        assert client(name).get(ADDRESS).json()["items"] == []
    assert client("giang").get(address).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"numerator": 48}, 422, "/numerator"),
        ({"denominator": 0}, 422, "/denominator"),
        ({"numerator": "99,9"}, 422, "/numerator"),
        ({"numerator": "abc"}, 422, "/numerator"),
        ({"numerator": "NaN"}, 422, "/numerator"),
        ({"numerator": 1e300}, 422, "/numerator"),
        ({"note": "Đã\0gửi"}, 422, "/note"),
        ({"level": 2}, 422, "/level"),
        ({"numerator": True}, 422, "/numerator"),
        ({"numerator": 1234567890.1234567}, 422, "/numerator"),
        ({"numerator": "0.123456789"}, 422, "/numerator"),
        ({"state": "accepted"}, 422, "/state"),
        ({"unit": "school"}, 422, "/unit"),
        ({"period": "2031-Q1"}, 404, None),
        ({"indicator": "01a2024b-bafb-72dd-8777-09cad40eafec"}, 404, None),
    ],
)
def test_what_cannot_be_is_refused_with_a_pointer(client, body, change, status, pointer):
    answer = client("binh").post(ADDRESS, json=body | change)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert pointer is None or pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_more_than_everything_is_explained_in_vietnamese(client, body):
    answer = client("binh").post(ADDRESS, json=body | {"numerator": 48})
    assert answer.json()["detail"] == "120 % vượt quá 100 %. Kiểm tra lại tử số và mẫu số."


def test_a_stale_decision_is_refused(client, body):
    unit, office = client("binh"), client("an")
    first = unit.post(ADDRESS, json=body)
    unit.post(ADDRESS, json=body | {"numerator": 38})
    address, etag = first.headers["location"], first.headers["etag"]
    assert office.post(f"{address}/acceptances", json={}, headers={"If-Match": etag}).status_code == 412
