"""What an address asks for after its `?`: nothing of it is passed over."""

from uuid import uuid4

import pytest

from tests.factories import add_indicator, add_period, add_plan


@pytest.fixture
def plan(stage, cast):
    made = add_plan(stage, cast.commune)
    add_period(stage, cast.commune)
    stage.commit()
    return made


@pytest.mark.parametrize(
    "address", ["assignments", "submissions", "units", "periods", "events", "plans", "me"]
)
def test_an_unknown_parameter_is_refused_by_name(client, cast, address):
    refused = client("an").get(f"/api/v1/{address}", params={"stat": "confirmed"})
    assert (refused.status_code, [e["pointer"] for e in refused.json()["errors"]]) == (422, ["/stat"])


def test_pages_take_whatever_an_address_carries(client, cast):
    assert client("an").get("/ky?utm_source=zalo").status_code == 200


@pytest.mark.parametrize("of", ["plan", "unit"])
def test_a_board_of_a_period_that_is_not_there_is_not_found(client, cast, plan, of):
    address = (
        f"/api/v1/plans/{plan.id}/board" if of == "plan" else f"/api/v1/units/{cast.school_cell.id}/board"
    )
    assert client("an").get(address, params={"period": "2026-Q4"}).status_code == 200
    assert client("an").get(address, params={"period": "2031-Q1"}).status_code == 404


def test_a_unit_board_as_of_a_day_before_the_period_was_opened_is_not_found(client, cast, plan):
    asked = {"as_of": str(plan.issued_at.date()), "period": "2031-Q1"}
    assert client("an").get(f"/api/v1/units/{cast.school_cell.id}/board", params=asked).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("nobody", 404), ("other_unit", 404), ("school_cell", 422)])
def test_a_roll_up_over_what_is_no_group_is_refused(client, stage, cast, plan, who, status):
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,))
    stage.commit()
    group = uuid4() if who == "nobody" else getattr(cast, who).id
    answer = client("an").get(f"/api/v1/indicators/{indicator.id}/roll-up", params={"group": str(group)})
    assert answer.status_code == status


def test_an_unknown_kind_of_event_is_refused(client, cast):
    assert client("an").get("/api/v1/events", params={"kind": "nope"}).status_code == 422
    assert client("an").get("/api/v1/events", params={"kind": "period_opened"}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "periods",
        "units",
        "unit-changes",
        "unit-groups",
        "people",
        "questions",
        "documents",
        "plans",
        "events",
    ],
)
def test_a_list_of_an_unknown_locality_is_not_found(client, cast, address):
    who = client("quan" if address == "people" else "an")
    for key in (uuid4(), cast.other_commune.id):
        assert who.get(f"/api/v1/{address}", params={"locality": str(key)}).status_code == 404
    own = {"locality": str(cast.commune.id)}
    assert who.get(f"/api/v1/{address}", params=own).status_code == 200
