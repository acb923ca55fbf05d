"""Overdue and due soon: never stored, computed from dates.

A unit is late by the day it *sends*, so a report that waits for the office is measured by its own day.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.models import Assignment
from app.models.base import table
from app.services.states import OPEN_ASSIGNMENTS
from app.text import VIETNAM_TIME

SOON = timedelta(days=3)
# Days overdue, both ends included.
OVERDUE_BANDS: dict[str, tuple[int, int]] = {
    "week": (1, 7),
    "month": (8, 30),
    "quarter": (31, 90),
    "longer": (91, 1_000_000),
}

assignments = table(Assignment).c


def is_overdue(state: str, due_on: date | None, reported_on: date | None, today: date) -> bool:
    if due_on is None or state not in OPEN_ASSIGNMENTS:
        return False
    measured = reported_on if state == "reported" and reported_on else today
    return measured > due_on


def days_overdue(state: str, due_on: date | None, reported_on: date | None, today: date) -> int:
    """How long a row is overdue, 0 when it is not; a report that waits stopped the count on its own day."""
    if due_on is None or not is_overdue(state, due_on, reported_on, today):
        return 0
    measured = reported_on if state == "reported" and reported_on else today
    return (measured - due_on).days


def band_of(days: int) -> str | None:
    """The band of OVERDUE_BANDS; None when not overdue."""
    return next((name for name, (low, high) in OVERDUE_BANDS.items() if low <= days <= high), None)


def is_due_soon(state: str, due_on: date | None, today: date) -> bool:
    """Due today or within three days, and still to be reported."""
    if due_on is None or state not in OPEN_ASSIGNMENTS or state == "reported":
        return False
    return today <= due_on <= today + SOON


def was_late(due_on: date | None, done_on: date | None) -> bool:
    return due_on is not None and done_on is not None and done_on > due_on


def was_sent_late(due_on: date | None, sent_at: datetime | None) -> bool:
    """Measured by the day it was sent in Vietnam, so that a slow reviewer never makes a unit late."""
    return was_late(due_on, sent_at.astimezone(VIETNAM_TIME).date() if sent_at else None)


def runs_on(extended: int, due_on: date | None, today: date) -> bool:
    """Whether the office gave this row a later day that has not passed: it takes a report, whatever became of its
    period."""
    return bool(extended) and due_on is not None and today <= due_on


def keeps_own_day(row: Any, due_on: date | None) -> bool:
    """Whether a row keeps its own day when its task gets the day `due_on`: it was given a later one."""
    return bool(row.extended) and row.due_on is not None and due_on is not None and due_on < row.due_on


def overdue_condition(today: Any) -> Any:
    """`is_overdue` as SQL, over the assignment table; `today` a date or a bind parameter of that type."""
    return and_(
        assignments.due_on.is_not(None),
        assignments.state.in_(OPEN_ASSIGNMENTS),
        assignments.due_on < _measured(today),
    )


def band_condition(today: Any, low: Any, high: Any) -> Any:
    """Rows overdue by `low` to `high` days, as SQL."""
    days = days_between(_measured(today), assignments.due_on)
    return and_(overdue_condition(today), days >= low, days <= high)


def _measured(today: Any) -> Any:
    return case((assignments.state == "reported", assignments.reported_on), else_=today)


class days_between(FunctionElement[int]):  # noqa: N801 - reads like the function of SQL that it is
    """Whole days from the second day to the first; the engines subtract days in ways of their own."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "postgresql")
def _subtract(element: Any, compiler: Any, **more: Any) -> str:
    later, earlier = (compiler.process(day, **more) for day in element.clauses)
    return f"({later} - {earlier})"


@compiles(days_between, "sqlite")
def _subtract_julian_days(element: Any, compiler: Any, **more: Any) -> str:
    later, earlier = (compiler.process(day, **more) for day in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"
