"""In which periods a plan's work reports: its scheme, its cycle, the work's own cycle, periods typed by hand."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Forbidden, Invalid
from app.models import Assignment, Period, Submission
from app.services.period import PeriodInput, ReopenInput, close_period, open_period, reopen_period
from app.services.plan import PlanChange, change_plan
from tests.factories import add_indicator, add_period, add_plan, add_responsibility, add_task


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    add_responsibility(stage, add_task(stage, plan), cast.school_cell)
    yearly = add_task(stage, plan, "NV-002", cycle="year", ordinal=2)
    add_responsibility(stage, yearly, cast.school_cell)
    add_indicator(stage, plan, owners=(cast.village_cell,))
    stage.commit()
    return plan


def rows(work, period):
    return tuple(
        work.session.scalar(select(func.count()).select_from(model).where(model.period_id == period.id))
        for model in (Assignment, Submission)
    )


def ad_hoc(**more):
    return PeriodInput(
        cycle="ad_hoc", label="2026-DX1", name="Báo cáo đột xuất", starts_on=date(2026, 11, 1),
        ends_on=date(2026, 11, 20), due_on=date(2026, 11, 25), **more,
    )  # fmt: skip


def test_only_periods_of_its_scheme_take_its_rows(working, cast, plan):
    with working(cast.an) as work:
        change_plan(work, plan.id, PlanChange(scheme="administrative", cycle="month"), plan.version)
        assert rows(work, open_period(work, PeriodInput(label="2026-12"))) == (0, 0)
        administrative = "administrative"
        assert rows(work, open_period(work, PeriodInput(scheme=administrative, label="2026-12"))) == (1, 1)
        assert rows(work, open_period(work, PeriodInput(scheme=administrative, label="2026-Q4"))) == (0, 0)
        assert rows(work, open_period(work, PeriodInput(scheme=administrative, label="2026"))) == (1, 0)


def test_a_plan_without_a_scheme_reports_in_any_period(working, cast, plan):
    with working(cast.an) as work:
        assert rows(work, open_period(work, PeriodInput(scheme="administrative", label="2026-12"))) == (1, 1)
        assert rows(work, open_period(work, PeriodInput(label="2026-Q4"))) == (1, 1)


def test_a_period_typed_by_hand_asks_for_everything(working, cast, plan):
    with working(cast.an) as work:
        change_plan(work, plan.id, PlanChange(scheme="administrative", cycle="month"), plan.version)
        period = open_period(work, ad_hoc())
        assert (period.cycle, period.locks_on, rows(work, period)) == ("ad_hoc", date(2026, 12, 2), (2, 1))
        assert open_period(work, ad_hoc()).id == period.id


def test_a_period_about_one_plan_asks_that_plan_alone(working, cast, plan, stage):
    other = add_plan(stage, cast.commune, code="KH-02")
    add_responsibility(stage, add_task(stage, other), cast.village_cell)
    stage.commit()
    with working(cast.an) as work:
        period = open_period(work, ad_hoc(plan=other.id))
        assert rows(work, period) == (1, 0)
        assert open_period(work, ad_hoc()).plan_id == other.id


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (PeriodInput(cycle="ad_hoc", label="2026-DX1"), "name"),
        (ad_hoc().model_copy(update={"label": "2026-Q4"}), "label"),
        (ad_hoc().model_copy(update={"ends_on": date(2026, 10, 1)}), "ends_on"),
        (ad_hoc().model_copy(update={"due_on": date(2026, 10, 1)}), "due_on"),
        (ad_hoc().model_copy(update={"locks_on": date(2026, 11, 1)}), "locks_on"),
    ],
)
def test_a_period_typed_wrongly_says_where(working, cast, plan, wanted, field):
    with pytest.raises(Invalid) as refusal, working(cast.an) as work:
        open_period(work, wanted)
    assert field in refusal.value.errors


def test_only_a_period_typed_by_hand_is_about_one_plan(working, cast, plan):
    with pytest.raises(Invalid), working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4", plan=plan.id))


def test_a_scheme_without_that_cycle_is_refused(working, cast, plan):
    for change in (PlanChange(scheme="school_year", cycle="month"), PlanChange(scheme="weekly")):
        with pytest.raises(Invalid), working(cast.an) as work:
            change_plan(work, plan.id, change, plan.version)


def test_of_an_issued_plan_nothing_else_is_changed(working, cast, plan):
    with pytest.raises(Conflict), working(cast.an) as work:
        change_plan(work, plan.id, PlanChange(title="Tên khác", scheme="calendar"), plan.version)
    with pytest.raises(Forbidden), working(cast.chi) as work:
        change_plan(work, plan.id, PlanChange(scheme="calendar"), plan.version)


def test_a_closed_period_is_opened_again_with_a_reason(working, cast, plan, stage):
    period = add_period(stage, cast.commune)
    stage.commit()
    with working(cast.an) as work:
        close_period(work, period.id)
    for reader in (cast.binh, cast.chi):
        with pytest.raises(Forbidden), working(reader) as work:
            reopen_period(work, period.id, ReopenInput(reason="Bổ sung"))
    with pytest.raises(Invalid), working(cast.an) as work:
        reopen_period(work, period.id, ReopenInput(reason="Bổ sung", until=date(2026, 1, 1)))
    with working(cast.quan) as work:
        reopened = reopen_period(work, period.id, ReopenInput(reason="Bổ sung", until=date(2027, 3, 1)))
        assert (reopened.state, reopened.closed_at, reopened.locks_on) == ("open", None, date(2027, 3, 1))
    with pytest.raises(Conflict), working(cast.an) as work:
        reopen_period(work, period.id, ReopenInput(reason="Bổ sung"))
    assert stage.scalar(select(func.count()).select_from(Period)) == 1
