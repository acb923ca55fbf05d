"""Overdue and due soon: never stored, computed from dates.

A unit is late by the day it *sends*, so a report that waits for the office is measured by its own day.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case

from app.models import Assignment
from app.models.base import table
from app.services.states import OPEN_ASSIGNMENTS

SOON = timedelta(days=3)

assignments = table(Assignment).c


def is_overdue(state: str, due_on: date | None, reported_on: date | None, today: date) -> bool:
    if due_on is None or state not in OPEN_ASSIGNMENTS:
        return False
    measured = reported_on if state == "reported" and reported_on else today
    return measured > due_on


def is_due_soon(state: str, due_on: date | None, today: date) -> bool:
    """Due today or within three days, and still to be reported."""
    if due_on is None or state not in OPEN_ASSIGNMENTS or state == "reported":
        return False
    return today <= due_on <= today + SOON


def was_late(due_on: date | None, done_on: date | None) -> bool:
    return due_on is not None and done_on is not None and done_on > due_on


def overdue_condition(today: Any) -> Any:
    """`is_overdue` as SQL, over the assignment table; `today` a date or a bind parameter of that type."""
    measured = case((assignments.state == "reported", assignments.reported_on), else_=today)
    return and_(
        assignments.due_on.is_not(None),
        assignments.state.in_(OPEN_ASSIGNMENTS),
        assignments.due_on < measured,
    )
