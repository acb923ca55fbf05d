"""/api/v1/plans/{id}/overview as another system meets it."""

from datetime import date
from uuid import uuid4

import pytest

from app.api.overview import OverviewOut
from tests.factories import add_assignment, add_indicator, add_period, add_plan, add_task


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    period = add_period(stage, cast.commune)
    add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period)
    late = add_task(stage, plan, "NV-002", ordinal=2, kind="dated", due_on=date(2026, 1, 5))
    add_assignment(stage, late, cast.village_cell)
    done = add_task(stage, plan, "NV-003", ordinal=3, kind="dated", due_on=date(2026, 1, 5))
    add_assignment(stage, done, cast.village_cell, state="confirmed", done_on=date(2026, 1, 5))
    add_indicator(stage, plan)
    stage.commit()
    return plan


def test_overview_matches_its_model(client, cast, plan):
    answer = client("chi").get(f"/api/v1/plans/{plan.id}/overview")
    seen = OverviewOut.model_validate_json(answer.content)
    assert (seen.dated.done_on_time, seen.dated.open_overdue, seen.dated.rate) == (1, 1, 0.5)
    assert (seen.standing.expected, seen.standing.accepted) == (1, 0)
    assert [lane.unit.board_url for lane in seen.lanes] == [
        f"/bang/{cast.school_cell.id}",
        f"/bang/{cast.village_cell.id}",
    ]
    assert [(row.code, row.unit_name) for row in seen.late] == [("NV-002", cast.village_cell.name)]
    assert {silent.name: silent.rows for silent in seen.silent} == {
        cast.school_cell.name: 1,
        cast.village_cell.name: 1,
    }


def test_a_period_narrows_it_and_an_unknown_one_is_404(client, plan):
    leader = client("chi")
    seen = leader.get(f"/api/v1/plans/{plan.id}/overview", params={"period": "2026-Q4"}).json()
    assert (seen["period"], len(seen["silent"])) == ("2026-Q4", 1)
    unknown = leader.get(f"/api/v1/plans/{plan.id}/overview", params={"period": "2031-Q1"})
    assert unknown.status_code == 404


def test_unchanged_overview_is_answered_with_304(client, plan):
    leader, address = client("chi"), f"/api/v1/plans/{plan.id}/overview"
    etag = leader.get(address).headers["etag"]
    assert leader.get(address, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(("login", "status"), [("binh", 404), ("dung", 404), ("giang", 200), (None, 401)])
def test_who_may_read_it(client, plan, login, status):
    assert client(login).get(f"/api/v1/plans/{plan.id}/overview").status_code == status


def test_unknown_plan_is_404(client, plan):
    assert client("chi").get(f"/api/v1/plans/{uuid4()}/overview").status_code == 404
