"""By when a unit reports in a period: the period's due day, or the unit's own where it was given one."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.models import Period, PeriodException
from app.models.base import columns
from app.work import Work

periods, exceptions = columns(Period), columns(PeriodException)


def exceptions_in(work: Work, period: Period | None) -> dict[UUID, date]:
    """Due days of single units."""
    if period is None:
        return {}
    rows = work.session.execute(
        select(exceptions.unit_id, exceptions.due_on).where(exceptions.period_id == period.id)
    )
    return {row.unit_id: row.due_on for row in rows}


def due_day_of(work: Work, period: Period, unit_id: UUID) -> date:
    return exceptions_in(work, period).get(unit_id, period.due_on)


def due_day(unit_id: Any) -> Any:
    """The same in a statement over periods."""
    own = select(exceptions.due_on).where(exceptions.period_id == periods.id, exceptions.unit_id == unit_id)
    return func.coalesce(own.scalar_subquery(), periods.due_on)


def dates_of_row(period: Period, due_on: date | None) -> dict[str, Any]:
    """The dates of a new row of the period; `due_on`: the unit's own, if it has one."""
    if due_on is None or due_on == period.due_on:
        return {"due_on": period.due_on}
    return {"due_on": due_on, "first_due_on": period.due_on, "extended": 1}
