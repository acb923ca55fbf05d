"""A unit's own due date: its open rows move, the first date stays, rows made later take it."""

from datetime import date

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import Assignment, Submission
from app.services.period import PeriodInput, close_period, get_period, open_period
from app.services.period_exception import ExceptionInput, except_unit, list_exceptions, period_timeline
from tests.factories import add_indicator, add_plan, add_responsibility, add_task

LATER = date(2027, 3, 15)


@pytest.fixture
def period(stage, cast, working):
    plan = add_plan(stage, cast.commune)
    for unit, code in ((cast.school_cell, "NV-001"), (cast.village_cell, "NV-002")):
        add_responsibility(stage, add_task(stage, plan, code), unit)
    add_indicator(stage, plan, owners=(cast.school_cell,))
    stage.commit()
    with working(cast.an) as work:
        return open_period(work, PeriodInput(label="2026-Q4"))


def given(cast, due_on=LATER, reason="Trường đang sửa chữa"):
    return ExceptionInput(unit=cast.school_cell.id, due_on=due_on, reason=reason)


def dates(work, unit):
    return {
        (row.due_on, row.first_due_on, row.extended)
        for model in (Assignment, Submission)
        for row in work.session.scalars(select(model).where(model.unit_id == unit.id))
    }


def test_open_rows_of_the_unit_move_and_keep_their_first_date(working, cast, period):
    with working(cast.an) as work:
        except_unit(work, period.id, given(cast))
        assert dates(work, cast.school_cell) == {(LATER, period.due_on, 1)}
        assert dates(work, cast.village_cell) == {(period.due_on, None, 0)}
        assert get_period(work, period.id).locks_on == LATER
    with working(cast.an) as work:
        except_unit(work, period.id, given(cast, date(2027, 3, 20)))
        assert dates(work, cast.school_cell) == {(date(2027, 3, 20), period.due_on, 2)}
        assert [one.due_on for one in list_exceptions(work, period.id)] == [date(2027, 3, 20)]


def test_rows_that_were_reported_stay(working, cast, period, stage):
    row = stage.scalars(select(Assignment).where(Assignment.unit_id == cast.school_cell.id)).one()
    row.state = "reported"
    stage.commit()
    with working(cast.an) as work:
        except_unit(work, period.id, given(cast))
    stage.expire_all()
    assert stage.get(Assignment, row.id).due_on == period.due_on


def test_rows_made_later_take_the_date(working, cast, period, stage):
    with working(cast.an) as work:
        except_unit(work, period.id, given(cast))
    plan = add_plan(stage, cast.commune, code="KH-02")
    add_responsibility(stage, add_task(stage, plan, "NV-003"), cast.school_cell)
    stage.commit()
    with working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
        rows = work.session.scalars(select(Assignment).where(Assignment.plan_id == plan.id)).all()
        assert [(r.due_on, r.first_due_on, r.extended) for r in rows] == [(LATER, period.due_on, 1)]


def test_who_may_and_what_cannot_be(working, cast, period):
    for actor, refusal in ((cast.binh, Forbidden), (cast.chi, Forbidden), (cast.dung, NotFound)):
        with pytest.raises(refusal), working(actor) as work:
            except_unit(work, period.id, given(cast))
    with pytest.raises(Invalid), working(cast.an) as work:
        except_unit(work, period.id, given(cast, date(2020, 1, 1)))
    with pytest.raises(Invalid), working(cast.an) as work:
        except_unit(work, period.id, ExceptionInput(unit=cast.other_unit.id, due_on=LATER, reason="Nhầm xã"))
    with working(cast.an) as work:
        close_period(work, period.id)
    with pytest.raises(Conflict), working(cast.an) as work:
        except_unit(work, period.id, given(cast))


def test_another_unit_reads_neither_the_date_nor_its_reason(working, cast, period):
    with working(cast.an) as work:
        except_unit(work, period.id, given(cast))
    for actor, seen in ((cast.binh, 1), (cast.hoa, 0), (cast.chi, 1)):
        with working(actor) as work:
            assert len(list_exceptions(work, period.id)) == seen
            told = [entry.kind for entry in period_timeline(work, get_period(work, period.id))]
            assert told.count("period_excepted") == seen
