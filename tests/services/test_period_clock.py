"""What the clock opens, reminds of and closes: only for plans with a scheme, once, and after a pause too."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app.jobs.periods import keep_periods
from app.models import Assignment, EventRow, Period, PeriodScheme
from app.permissions import SYSTEM
from app.services.period import PeriodInput, ReopenInput, open_period, reopen_period
from app.services.period_clock import (
    list_due_locks,
    list_due_openings,
    list_due_reminders,
    list_next_openings,
    lock_due_period,
    open_due_period,
    remind_due_period,
    reminder_due,
)
from app.services.period_exception import ExceptionInput, except_unit
from app.services.period_rules import working_day
from tests.factories import add_plan, add_responsibility, add_task


def at(year, month, day, hour=1):
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    plan.scheme_id = stage.scalars(
        select(PeriodScheme.id).where(
            PeriodScheme.locality_id == cast.commune.id, PeriodScheme.code == "administrative"
        )
    ).one()
    plan.cycle = "month"
    add_responsibility(stage, add_task(stage, plan), cast.school_cell)
    stage.commit()
    return plan


def look(working, now):
    """What the chore does, at any day."""
    with working(SYSTEM, now) as work:
        for key in list_due_locks(work):
            lock_due_period(work, key)
        for due in list_due_openings(work):
            open_due_period(work, due)
        for reminder in list_due_reminders(work):
            remind_due_period(work, reminder)


def kinds(database):
    with database.read_session() as session:
        return list(session.scalars(select(EventRow.kind).order_by(EventRow.number)))


def labels(database):
    with database.read_session() as session:
        return set(session.scalars(select(Period.label)))


def test_a_period_opens_on_its_first_day_in_vietnam_and_once(working, database, plan):
    look(working, at(2026, 12, 14, 16))  # 23:00 of the 14th
    assert "2027-01" not in labels(database)
    look(working, at(2026, 12, 14, 17))  # the 15th begins
    look(working, at(2026, 12, 15, 9))
    assert "2027-01" in labels(database)
    assert kinds(database).count("period_opened") == len(labels(database))


def test_plans_without_a_scheme_are_left_to_the_office(working, database, plan, stage):
    plan.scheme_id = None
    stage.commit()
    with working(SYSTEM, at(2027, 6, 1)) as work:
        open_period(work, PeriodInput(label="2026-Q1", locality=plan.locality_id))
    look(working, at(2027, 6, 1))
    assert kinds(database) == ["period_opened"]


def test_nothing_is_opened_that_ended_before_the_plan_was_issued(working, database, plan, stage):
    plan.issued_at = at(2026, 11, 16)
    stage.commit()
    look(working, at(2026, 11, 23))
    assert labels(database) == {"2026-12"}


def test_a_machine_that_was_off_catches_up_without_doubling(working, database, plan, stage):
    plan.issued_at = at(2026, 11, 16)
    stage.commit()
    look(working, at(2026, 11, 20))
    look(working, at(2027, 2, 20))
    assert {"2027-02", "2027-03"} <= labels(database)
    assert kinds(database).count("period_closed") == 1
    before = kinds(database)
    look(working, at(2027, 2, 20, 5))
    assert kinds(database) == before


def test_units_that_miss_rows_are_reminded_before_and_after_each_once(working, database, plan, stage, cast):
    plan.issued_at = at(2026, 11, 16)
    stage.commit()
    look(working, at(2026, 11, 16))
    with database.read_session() as session:
        due = session.scalars(select(Period.due_on)).one()
    assert due == date(2026, 12, 17)
    for day in range(13, 24):
        look(working, at(2026, 12, day))
        look(working, at(2026, 12, day, 8))
    with database.read_session() as session:
        said = [
            row
            for row in session.scalars(select(EventRow).order_by(EventRow.number))
            if row.kind == "period_reminded" and row.data["label"] == "2026-12"
        ]
    assert [(row.data["which"], row.at.date()) for row in said] == [
        ("before", date(2026, 12, 14)),
        ("after", date(2026, 12, 18)),
    ]
    assert said[0].data["units"] == [str(cast.school_cell.id)]


def test_nobody_is_reminded_when_nothing_is_missing(working, database, plan, stage):
    plan.issued_at = at(2026, 11, 16)
    stage.commit()
    look(working, at(2026, 11, 16))
    for row in stage.scalars(select(Assignment)):
        row.state = "reported"
    stage.commit()
    look(working, at(2026, 12, 14))
    assert "period_reminded" not in kinds(database)


def test_a_unit_with_its_own_date_is_reminded_by_that(working, database, plan, stage, cast):
    plan.issued_at = at(2026, 11, 16)
    stage.commit()
    look(working, at(2026, 11, 16))
    with database.read_session() as session:
        key = session.scalars(select(Period.id)).one()
    given = ExceptionInput(unit=cast.school_cell.id, due_on=date(2026, 12, 28), reason="Trường nghỉ")
    with working(cast.an, at(2026, 12, 1)) as work:
        except_unit(work, key, given)
    look(working, at(2026, 12, 14))
    assert "period_reminded" not in kinds(database)
    look(working, at(2026, 12, 25))
    assert kinds(database).count("period_reminded") == 1


def test_a_period_closes_on_the_day_after_it_locks(working, database, plan, stage, cast):
    plan.issued_at = at(2026, 11, 16)
    stage.commit()
    look(working, at(2026, 11, 16))
    with database.read_session() as session:
        period = session.scalars(select(Period)).one()
    last = period.locks_on
    look(working, datetime(last.year, last.month, last.day, 16, tzinfo=UTC))
    assert "period_closed" not in kinds(database)
    look(working, datetime(last.year, last.month, last.day, 17, tzinfo=UTC))
    assert kinds(database).count("period_closed") == 1


def test_a_period_opened_again_is_not_closed_by_the_next_look(working, database, plan, stage, cast):
    plan.issued_at = at(2026, 11, 16)
    stage.commit()
    look(working, at(2026, 11, 16))
    look(working, at(2027, 1, 20))
    with database.read_session() as session:
        key = session.scalars(select(Period.id).where(Period.state == "closed")).one()
    with working(cast.an, at(2027, 1, 20)) as work:
        assert reopen_period(work, key, ReopenInput(reason="Bổ sung")).locks_on == date(2027, 1, 27)
    look(working, at(2027, 1, 27))
    with database.read_session() as session:
        assert session.get(Period, key).state == "open"
    look(working, at(2027, 1, 28))
    with database.read_session() as session:
        assert session.get(Period, key).state == "closed"


def test_what_opens_next_is_told(working, plan, stage, cast):
    plan.issued_at = at(2026, 11, 16)
    stage.commit()
    look(working, at(2026, 11, 16))
    with working(cast.an) as work:
        nearest = list_next_openings(work, cast.commune.id)
    assert [(due.span.label, due.span.starts_on) for due in nearest] == [("2027-01", date(2026, 12, 15))]


def test_the_chore_itself_opens_what_is_due_today(database, settings, plan):
    keep_periods(database, settings)
    keep_periods(database, settings)
    with database.read_session() as session:
        opened = session.scalar(select(func.count()).select_from(Period))
        assert opened >= 1
        assert session.scalar(select(func.count()).select_from(Assignment)) == opened


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 2, 16), date(2026, 2, 23)),  # Tết Bính Ngọ
        (date(2026, 4, 30), date(2026, 5, 4)),  # 30/4 and 1/5, then a weekend
        (date(2026, 9, 2), date(2026, 9, 3)),  # Quốc khánh
        (date(2023, 1, 2), date(2023, 1, 3)),  # New Year's Day on a Sunday is taken on Monday
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
        (date(2026, 11, 27), date(2026, 11, 27)),
    ],
)
def test_weekends_and_holidays_move_a_date(day, moved):
    assert working_day(day) == moved


@pytest.mark.parametrize(
    ("today", "reminded_on", "which"),
    [
        (date(2026, 4, 26), None, None),
        (date(2026, 4, 27), None, "before"),
        (date(2026, 4, 28), date(2026, 4, 27), None),
        (date(2026, 5, 1), date(2026, 4, 27), None),  # after the due day, but a holiday
        (date(2026, 5, 4), date(2026, 4, 27), "after"),
        (date(2026, 5, 10), None, "after"),  # the machine was off: only the later one
        (date(2026, 5, 5), date(2026, 5, 4), None),
    ],
)
def test_which_reminder_is_due(today, reminded_on, which):
    assert reminder_due(date(2026, 4, 30), reminded_on, today) == which
