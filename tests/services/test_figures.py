"""Indicators with their figures, as pages show them."""

from decimal import Decimal

import pytest

from app.errors import NotFound
from app.services.assignment import ReasonInput
from app.services.figures import build_indicator_page
from app.services.indicator_table import build_indicator_table
from app.services.period import PeriodInput, open_period
from app.services.submission import (
    SubmissionInput,
    accept_submission,
    return_submission,
    send_submission,
    waive_submission,
)
from tests.factories import add_group, add_indicator, add_plan

WHY = ReasonInput(reason="Chưa rõ nguồn.")


@pytest.fixture
def indicator(stage, cast, working):
    """A share both cells report, in an open period."""
    plan = add_plan(stage, cast.commune)
    cells = add_group(stage, cast.commune, "G", "Các chi bộ", [cast.school_cell, cast.village_cell])
    target = {"comparator": "gt", "value": 90, "horizon": 2030}
    indicator = add_indicator(stage, plan, owners=(cells,), target=target)
    stage.commit()
    with working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
    return indicator


@pytest.fixture
def send(working, cast, indicator):
    def sent(actor, unit, **parts):
        with working(actor) as work:
            given = SubmissionInput(indicator=indicator.id, unit=unit.id, period="2026-Q4", **parts)
            return send_submission(work, given).submission_id

    return sent


def test_a_page_shows_every_units_figure_and_their_sum(send, working, cast, indicator):
    send(cast.binh, cast.school_cell, numerator=Decimal(95), denominator=Decimal(100))
    send(cast.hoa, cast.village_cell, numerator=Decimal(1), denominator=Decimal(4))
    with working(cast.chi) as work:
        page = build_indicator_page(work, indicator.id)
    (period,) = page.periods
    assert {cell.unit_name: (cell.shown, cell.standing.state) for cell in period.cells} == {
        cast.school_cell.name: ("95% (95/100)", "met"),
        cast.village_cell.name: ("25% (1/4)", "no_mark"),
    }
    assert (period.shown, period.rolled.reported, period.met) == ("92,31% (96/104)", 2, 1)
    assert period.standing.state == "met"
    assert (page.goal.shown, page.goal.horizon) == ("trên 90%", 2030)
    assert [entry.kind for entry in page.timeline] == ["submission_sent", "submission_sent"]


def test_missing_and_returned_figures_are_neither_zero_nor_counted(send, working, cast, indicator):
    row_id = send(cast.binh, cast.school_cell, numerator=Decimal(95), denominator=Decimal(100))
    with working(cast.an) as work:
        (period,) = build_indicator_page(work, indicator.id).periods
        assert (period.rolled.reported, period.rolled.expected, period.shown) == (1, 2, "95% (95/100)")
        return_submission(work, row_id, WHY)
    with working(cast.an) as work:
        (period,) = build_indicator_page(work, indicator.id).periods
        assert (period.rolled.reported, period.shown, period.standing.state) == (0, "", "no_data")


def test_waived_rows_leave_the_count(working, cast, indicator, send):
    row_id = send(cast.binh, cast.school_cell, value=Decimal(95))
    with working(cast.an) as work:
        waive_submission(work, row_id, WHY)
        (period,) = build_indicator_page(work, indicator.id).periods
        assert (period.rolled.reported, period.rolled.expected) == (0, 1)


def test_a_table_shows_the_newest_period_somebody_reported_in(send, working, cast, indicator):
    row_id = send(cast.binh, cast.school_cell, numerator=Decimal(95), denominator=Decimal(100))
    with working(cast.an) as work:
        accept_submission(work, row_id)
        open_period(work, PeriodInput(label="2027-Q1"))
    with working(cast.an) as work:
        (row,) = build_indicator_table(work, indicator.plan_id)
        assert (row.latest.label, row.latest.shown, row.owners) == (
            "2026-Q4",
            "95% (95/100)",
            ("Các chi bộ",),
        )


def test_a_unit_sees_only_its_own_figures(send, working, cast, indicator):
    send(cast.binh, cast.school_cell, value=Decimal(95))
    with working(cast.hoa) as work:
        (row,) = build_indicator_table(work, indicator.plan_id)
        assert [cell.unit_name for cell in row.latest.cells] == [cast.village_cell.name]
        page = build_indicator_page(work, indicator.id)
        assert [cell.unit_name for cell in page.periods[0].cells] == [cast.village_cell.name]
        assert page.timeline == ()


def test_another_commune_gets_404(working, cast, indicator):
    with pytest.raises(NotFound), working(cast.dung) as work:
        build_indicator_page(work, indicator.id)
