"""/api/v1/plans/{id}/completeness as another system meets it."""

import pytest

from app.api.completeness import CompletenessOut
from tests.factories import add_indicator, add_period, add_plan, add_submission


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    indicator = add_indicator(stage, plan)
    period = add_period(stage, cast.commune)
    for unit in (cast.school_cell, cast.village_cell):
        add_submission(stage, indicator, unit, period)
    stage.commit()
    return plan


def test_it_counts_by_unit_and_by_indicator(client, plan, cast):
    answer = client("chi").get(f"/api/v1/plans/{plan.id}/completeness", params={"period": "2026-Q4"})
    out = CompletenessOut.model_validate_json(answer.content)
    assert (out.period, out.tally.asked, out.tally.silent) == ("2026-Q4", 2, 2)
    assert [one.name for one in out.units] == [cast.school_cell.name, cast.village_cell.name]
    assert (out.units[0].figures[0].kind, out.indicators[0].tally.asked) == ("silent", 2)


def test_a_unit_reads_its_own_line(client, plan, cast):
    out = client("hoa").get(f"/api/v1/plans/{plan.id}/completeness").json()
    assert [one["unit"] for one in out["units"]] == [str(cast.village_cell.id)]


def test_a_period_that_is_not_there_is_said_so(client, plan):
    answer = client("chi").get(f"/api/v1/plans/{plan.id}/completeness", params={"period": "2020-Q1"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
