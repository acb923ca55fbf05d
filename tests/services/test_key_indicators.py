"""What leaders look at first: key indicators, and every indicator something is wrong with."""

from datetime import date

import pytest

from app.services.indicator_table import build_indicator_table
from app.services.key_indicators import build_key_page
from tests.factories import add_indicator, add_period, add_plan, add_submission
from tests.services.test_indicator_table import counted, send

PAST = date(2026, 11, 1)


@pytest.fixture
def page(stage, cast, working):
    """The key page over what the test sets up: `add(code, (value of Q3, value of Q4), …)`."""
    plan = add_plan(stage, cast.commune)
    third = add_period(stage, cast.commune, "2026-Q3", state="closed")
    fourth = add_period(stage, cast.commune, "2026-Q4")

    class Page:
        def add(self, number, before=None, now=None, *, doubts=None, **more):
            indicator = add_indicator(stage, plan, f"CT-0{number}", ordinal=number, **more)
            for period, value in ((third, before), (fourth, now)):
                send(
                    stage, indicator, cast.school_cell, period, value, doubts=doubts if value == now else None
                )
            return indicator

        def leave_out(self, indicator, period=fourth):
            add_submission(stage, indicator, cast.village_cell, period, due_on=PAST)

        def build(self):
            stage.commit()
            with working(cast.chi) as work:
                return build_key_page(build_indicator_table(work, plan.id))

    Page.third, Page.fourth = third, fourth
    return Page()


def codes(found):
    return [getattr(one, "row", one).indicator.code for one in found]


def test_three_statements_however_many_indicators(database, page):
    for number in range(1, 7):
        page.leave_out(page.add(number, 60, 50, doubts=["jump"], is_key=True))
    with counted(database) as asked:
        seen = page.build()
    assert (len(seen.key), len(seen.worse), len(seen.overdue), len(asked)) == (6, 6, 6, 3)


def test_key_indicators_stand_in_the_documents_order(page):
    page.add(2, 50, 60, is_key=True)
    page.add(1, 50, 60, is_key=True)
    page.add(3, 50, 60)
    seen = page.build()
    assert codes(seen.key) == ["CT-01", "CT-02"]
    assert seen.exceptions == ()


def test_what_was_missed_by_its_year_or_not_kept_is_off(page):
    page.add(1, 50, 60, target={"comparator": "gte", "value": 90, "horizon": 2025})
    page.add(
        2, 50, 60, direction="keep", target={"comparator": "gte", "value": 90, "horizon": 2030}, is_key=True
    )
    page.add(3, 50, 60)
    assert codes(page.build().off) == ["CT-02", "CT-01"]


def test_where_units_are_not_made_one_it_says_which_of_them_is_off(page, stage, cast):
    goal = {"comparator": "gte", "value": 90, "horizon": 2025}
    indicator = page.add(1, 50, 60, over_units="none", target=goal)
    send(stage, indicator, cast.village_cell, page.fourth, 95)
    (one,) = page.build().off
    assert [cell.unit_id for cell in one.cells] == [cast.school_cell.id]


def test_what_gets_further_from_its_target_is_worse(page):
    page.add(1, 60, 50)
    page.add(2, 50, 60, direction="down", target={"comparator": "lt", "value": 10, "horizon": 2030})
    page.add(3, 50, 60)
    assert codes(page.build().worse) == ["CT-01", "CT-02"]


def test_a_figure_past_its_day_is_overdue_while_its_period_is_open(page):
    page.leave_out(page.add(1, 50, 60))
    page.leave_out(page.add(2, 50, 60), page.third)
    (one,) = page.build().overdue
    assert (one.row.indicator.code, one.period.label, len(one.cells)) == ("CT-01", "2026-Q4", 1)


def test_what_the_office_asked_for_again_is_overdue_in_a_closed_period_too(page, stage, cast):
    indicator = page.add(1, 50, 60)
    add_submission(
        stage, indicator, cast.village_cell, page.third, state="reopened", state_reason="Sai", due_on=PAST
    )
    (one,) = page.build().overdue
    assert (one.period.label, [cell.state for cell in one.cells]) == ("2026-Q3", ["reopened"])


def test_figures_that_were_asked_about_are_listed(page):
    page.add(1, 50, 60, doubts=["jump"])
    page.add(2, 50, 60)
    (one,) = page.build().explained
    assert (one.row.indicator.code, one.cells[0].doubts) == ("CT-01", ("jump",))
