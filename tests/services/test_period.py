"""Opening a period creates its rows; closing it says what is missing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.events import PeriodClosed
from app.models import Assignment, EventRow, Submission, UnitGroupMember
from app.services.period import (
    PeriodInput,
    close_period,
    find_period,
    list_periods,
    open_period,
    open_periods,
)
from app.services.period_standing import period_missing, shares_of
from tests.factories import (
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
)
from tests.people import NOW


@pytest.fixture
def plan(stage, cast):
    """An issued plan: a standing task and an indicator of the group of both cells, a yearly task of the school."""
    plan = add_plan(stage, cast.commune)
    cells = add_group(stage, cast.commune, "G-CB", "Các chi bộ", [cast.school_cell, cast.village_cell])
    add_responsibility(stage, add_task(stage, plan), cells)
    yearly = add_task(stage, plan, "NV-002", cycle="year", ordinal=2)
    add_responsibility(stage, yearly, cast.school_cell)
    dated = add_task(stage, plan, "NV-003", kind="dated", due_on=date(2026, 12, 20), ordinal=3)
    add_responsibility(stage, dated, cast.school_cell)
    add_indicator(stage, plan, owners=(cells,))
    add_indicator(stage, plan, "CT-02", owners=(cast.school_cell,), cycle="quarter")
    add_indicator(stage, plan, "CT-03", owners=(cast.school_cell,), cycle="year")
    stage.commit()
    return plan


def count(session, model, **equal):
    table = model
    statement = select(func.count()).select_from(table)
    for name, value in equal.items():
        statement = statement.where(getattr(table, name) == value)
    return session.scalar(statement)


def test_opening_creates_every_row_of_its_cycle(working, cast, plan):
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4"))
        assert (period.name, period.cycle, period.state) == ("Quý IV/2026", "quarter", "open")
        assert count(work.session, Assignment, period_id=period.id) == 2
        assert count(work.session, Submission, period_id=period.id) == 3
        said = work.session.scalars(select(EventRow)).one()
        assert (said.data["assignments"], said.data["submissions"]) == (2, 3)


def test_opening_the_period_of_today_by_its_cycle(working, cast, plan):
    with working(cast.an) as work:
        assert open_period(work, PeriodInput(cycle="quarter")).label == "2026-Q4"
        assert open_period(work, PeriodInput(cycle="month", scheme="administrative")).label == "2026-12"


def test_opening_again_adds_only_what_is_missing(working, cast, plan, stage):
    with working(cast.an) as work:
        first = open_period(work, PeriodInput(label="2026-Q4"))
    with working(cast.an) as work:
        assert open_period(work, PeriodInput(label="2026-Q4")).id == first.id
        assert count(work.session, EventRow) == 1
    add_indicator(stage, plan, "CT-04", owners=(cast.village_cell,))
    stage.commit()
    with working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
        assert count(work.session, Submission, period_id=first.id) == 4
        assert count(work.session, EventRow) == 2


def test_members_who_left_get_no_rows(working, cast, plan, stage):
    for member in stage.scalars(
        select(UnitGroupMember).where(UnitGroupMember.unit_id == cast.village_cell.id)
    ):
        member.valid_to = NOW.date() - timedelta(days=1)
    stage.commit()
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4"))
        assert count(work.session, Assignment, unit_id=cast.village_cell.id, period_id=period.id) == 0


def test_plans_that_are_not_in_force_get_no_rows(working, cast, plan, stage):
    plan.state = "closed"
    stage.commit()
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4"))
        assert count(work.session, Assignment, period_id=period.id) == 0


def test_the_due_day_can_be_set(working, cast, plan):
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4", due_on=date(2027, 3, 1)))
        assert (period.due_on, period.locks_on) == (date(2027, 3, 1), date(2027, 3, 1))
        row = work.session.scalars(select(Assignment).where(Assignment.period_id == period.id)).first()
        assert row.due_on == date(2027, 3, 1)


def test_a_period_is_found_by_label_or_id(working, cast, plan):
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4"))
        assert find_period(work, cast.commune.id, "2026-Q4").id == period.id
        assert find_period(work, cast.commune.id, str(period.id)).id == period.id
        with pytest.raises(NotFound):
            find_period(work, cast.commune.id, "2026-Q3")


def test_a_label_of_two_schemes_means_the_open_one_or_is_asked_back(working, cast, plan, stage):
    add_period(stage, cast.commune, "2026-11", state="closed")
    stage.commit()
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-11", scheme="administrative"))
        assert find_period(work, cast.commune.id, "2026-11").id == period.id
        for scheme in ("calendar", "administrative"):
            open_period(work, PeriodInput(label="2026-12", scheme=scheme))
        with pytest.raises(Invalid, match="nhiều kỳ"):
            find_period(work, cast.commune.id, "2026-12")


def test_closing_keeps_what_is_missing(working, cast, plan):
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4"))
    with working(cast.an) as work:
        closed = close_period(work, period.id, period.version)
        assert (closed.state, closed.closed_at) == ("closed", NOW)
        said = work.session.scalars(select(EventRow).where(EventRow.kind == "period_closed")).one()
        assert said.data["missing"] == 5
        assert PeriodClosed.sentence.format(**said.data) == "Đóng kỳ báo cáo 2026-Q4, còn thiếu 5"
        assert open_periods(work, cast.commune.id) == []


def test_who_has_not_reported_is_listed_by_unit(working, cast, plan, stage):
    period = add_period(stage, cast.commune)
    task = add_task(stage, plan, "NV-009")
    add_assignment(stage, task, cast.village_cell, period=period, state="reported")
    stage.commit()
    with working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
        units = period_missing(work, period.id)
        assert [(unit.name, unit.share.reported, unit.share.expected) for unit in units] == [
            (cast.school_cell.name, 0, 3),
            (cast.village_cell.name, 1, 3),
        ]
        assert [row.code for row in units[1].missing] == ["NV-001", "CT-01"]
        assert shares_of(work, [period.id])[period.id].missing == 5


def test_a_unit_sees_only_its_own_part(working, cast, plan):
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4"))
    with working(cast.hoa) as work:
        assert [unit.name for unit in period_missing(work, period.id)] == [cast.village_cell.name]
        assert [row.label for row in list_periods(work)] == ["2026-Q4"]
    with working(cast.dung) as work:
        assert list_periods(work) == []
        with pytest.raises(NotFound):
            period_missing(work, period.id)


@pytest.mark.parametrize("name", ["binh", "chi", "kiem", "giang"])
def test_only_office_and_admin_open_and_close(working, cast, plan, stage, name):
    period = add_period(stage, cast.commune, "2026-Q3")
    stage.commit()
    wanted = PeriodInput(label="2026-Q4", locality=cast.commune.id)
    with pytest.raises(Forbidden), working(cast.everybody[name]) as work:
        open_period(work, wanted)
    with pytest.raises(Forbidden), working(cast.everybody[name]) as work:
        close_period(work, period.id, 1)


def test_another_commune_gets_404(working, cast, plan, stage):
    period = add_period(stage, cast.commune, "2026-Q3")
    stage.commit()
    with pytest.raises(NotFound), working(cast.dung) as work:
        open_period(work, PeriodInput(label="2026-Q4", locality=cast.commune.id))
    with pytest.raises(NotFound), working(cast.dung) as work:
        close_period(work, period.id, 1)


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"label": "2026-Q5"},
        {"label": "quý này"},
        {"label": "2026-Q4", "scheme": "lunar"},
        {"label": "2026-Q4", "due_on": date(2026, 9, 1)},
        {"cycle": "fortnight"},
    ],
)
def test_a_period_that_cannot_be_is_refused(working, cast, wanted):
    with pytest.raises(Invalid), working(cast.an) as work:
        open_period(work, PeriodInput(**wanted))


def test_a_closed_period_is_not_opened_or_closed_again(working, cast, stage):
    period = add_period(stage, cast.commune, state="closed")
    stage.commit()
    with pytest.raises(Conflict), working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
    with pytest.raises(Conflict), working(cast.an) as work:
        close_period(work, period.id, 1)


def test_closing_what_somebody_changed_meanwhile_is_stale(working, cast, stage):
    period = add_period(stage, cast.commune)
    stage.commit()
    with pytest.raises(Stale), working(cast.an) as work:
        close_period(work, period.id, 7)
