"""/api/v1/plans/{id}/indicator-exceptions as another system meets it."""

import re
from datetime import date
from html import unescape

import pytest

from app.api.indicator_exception import ExceptionsOut
from tests.factories import add_indicator, add_period, add_plan, add_submission
from tests.services.test_indicator_table import counted, send

KEPT = {"comparator": "gte", "value": 90, "horizon": 2030}


@pytest.fixture
def plan(stage, cast):
    """CT-01 is kept no more and falls, and the village is late with it; CT-02 jumped and says why."""
    plan = add_plan(stage, cast.commune)
    before = add_period(stage, cast.commune, "2026-Q3", state="closed")
    period = add_period(stage, cast.commune)
    kept = add_indicator(stage, plan, direction="keep", target=KEPT, is_key=True)
    jumping = add_indicator(stage, plan, "CT-02", ordinal=2)
    send(stage, kept, cast.school_cell, before, 80)
    send(stage, kept, cast.school_cell, period, 70)
    send(stage, jumping, cast.school_cell, period, 60, doubts=["jump"])
    add_submission(stage, kept, cast.village_cell, period, due_on=date(2026, 11, 1))
    stage.commit()
    return plan


def read(client, plan):
    answer = client.get(f"/api/v1/plans/{plan.id}/indicator-exceptions")
    assert answer.status_code == 200
    return ExceptionsOut.model_validate_json(answer.content)


def test_each_kind_says_of_which_figures_it_is(client, plan, cast):
    off, worse, overdue, explained = read(client("chi"), plan).items
    assert [one.kind for one in (off, worse, overdue, explained)] == ["off", "worse", "overdue", "explained"]
    assert (off.code, off.is_key, off.period, off.value, off.standing.distance) == (
        "CT-01",
        True,
        "2026-Q4",
        70,
        20,
    )
    assert (off.reported, off.expected, off.figures) == (1, 2, [])
    assert worse.trend is not None
    assert (worse.trend.kind, worse.trend.change) == ("worse", -10)
    assert [one.unit.id for one in overdue.figures] == [cast.village_cell.id]
    assert [(one.unit.id, one.doubts) for one in explained.figures] == [(cast.school_cell.id, ["jump"])]


def test_it_is_what_the_page_of_leaders_says(client, plan):
    page = unescape(client("chi").get(f"/chi-tieu/chu-yeu?ke-hoach={plan.id}").text)
    told = page[page.index("can-chu-y") :]
    names = re.findall(r'href="/chi-tieu/([0-9a-f-]{36})"', told)
    assert names == [str(one.indicator) for one in read(client("chi"), plan).items]


def test_a_unit_reads_what_concerns_itself(client, plan):
    items = read(client("hoa"), plan).items
    assert [(one.kind, one.expected) for one in items] == [("overdue", 1)]


def test_it_takes_five_statements_however_many_there_are(client, plan, database):
    reader = client("chi")
    with counted(database) as asked:
        assert len(read(reader, plan).items) == 4
    assert len([one for one in asked if "FROM account" not in one and "FROM api_token" not in one]) <= 5


def test_a_plan_without_exceptions_has_an_empty_list(client, stage, cast):
    plan = add_plan(stage, cast.commune)
    stage.commit()
    assert read(client("chi"), plan).items == []


def test_a_plan_of_another_commune_is_not_there(client, stage, cast):
    plan = add_plan(stage, cast.other_commune)
    stage.commit()
    answer = client("chi").get(f"/api/v1/plans/{plan.id}/indicator-exceptions")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
