"""A unit's own due date in one period, given by the office with a reason (decision 0020).

The period takes reports at least until then: the day it locks moves along, for everybody, so that nobody has to
know of a period that is closed for some and open for others.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field

from app.errors import Conflict, Invalid
from app.events import PeriodExcepted
from app.models import Account, Assignment, Period, PeriodException, Submission, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.states import MISSING_SUBMISSIONS
from app.services.timeline import TimelineEntry, timeline_of
from app.services.typed import Day, Typed
from app.work import Work

exceptions, accounts = columns(PeriodException), columns(Account)
assignments, submissions, units = columns(Assignment), columns(Submission), columns(Unit)


class ExceptionInput(Typed):
    """Another due date for one unit; giving one again replaces it."""

    unit: UUID
    due_on: Day
    reason: str = Field(min_length=1, max_length=2_000)


@dataclass(frozen=True, slots=True)
class ExceptionSeen:
    id: UUID
    unit_id: UUID
    unit_name: str
    due_on: date
    reason: str
    decided_at: datetime
    decided_by: str | None


def list_exceptions(work: Work, period_id: UUID) -> list[ExceptionSeen]:
    """Those of units whose rows the actor may read, by date, then name."""
    find(work, Period, period_id)
    statement = (
        visible(work, PeriodException, exceptions, units.name, accounts.name)
        .join(units, units.id == exceptions.unit_id)
        .outerjoin(accounts, accounts.id == exceptions.decided_by_id)
        .where(exceptions.period_id == period_id)
        .order_by(exceptions.due_on, units.name, exceptions.id)
    )
    return [
        ExceptionSeen(row.id, row.unit_id, unit_name, row.due_on, row.reason, row.decided_at, decided_by)
        for row, unit_name, decided_by in work.session.execute(statement)
    ]


def period_timeline(work: Work, period: Period) -> tuple[TimelineEntry, ...]:
    """What happened to the period; of single units, to those who read their rows."""
    return tuple(
        entry
        for entry in timeline_of(work, [period.id])
        if entry.unit_id is None
        or work.actor.may(Permission.ASSIGNMENT_READ, period.locality_id, entry.unit_id)
    )


def except_unit(work: Work, period_id: UUID, given: ExceptionInput) -> PeriodException:
    """Give a unit its own due date: its open rows take it at once, rows made later when they are made. Conflict when
    the period is closed."""
    period = find(work, Period, period_id)
    work.require(Permission.PERIOD_MANAGE, period.locality_id)
    unit = _unit(work, period, given.unit)
    if period.state != "open":
        raise Conflict(
            f"{period.name} đã đóng. Mở lại kỳ trước rồi mới đặt hạn riêng cho đơn vị.", code="period_closed"
        )
    if given.due_on < period.starts_on:
        raise Invalid.field("due_on", "Hạn riêng không thể trước ngày đầu kỳ. Chọn ngày muộn hơn.")

    one = _exception(work, period, unit) or PeriodException(
        locality_id=period.locality_id, period_id=period.id, unit_id=unit.id, version=0,
        due_on=given.due_on, reason=given.reason, decided_at=work.now,
    )  # fmt: skip
    one.due_on, one.reason, one.reminded_on = given.due_on, given.reason, None
    one.decided_at, one.decided_by_id, one.version = work.now, work.actor.account_id, one.version + 1
    work.add(one)
    period.locks_on = max(period.locks_on, given.due_on)
    rows = _move_rows(work, period, unit, given.due_on)
    work.record(
        PeriodExcepted(
            locality_id=period.locality_id,
            subject_id=period.id,
            unit_id=unit.id,
            label=period.label,
            unit_name=unit.name,
            due_on=given.due_on,
            rows=rows,
            reason=given.reason,
        )
    )
    return one


def _unit(work: Work, period: Period, unit_id: UUID) -> Unit:
    unit: Unit | None = work.session.scalars(
        visible(work, Unit).where(units.id == unit_id, units.locality_id == period.locality_id)
    ).first()
    if unit is None:
        raise Invalid.field("unit", "Không có đơn vị này ở địa phương. Chọn lại đơn vị.")
    return unit


def _exception(work: Work, period: Period, unit: Unit) -> PeriodException | None:
    """Safe with two at once: the period is locked."""
    found: PeriodException | None = work.session.scalars(
        select(exceptions).where(exceptions.period_id == period.id, exceptions.unit_id == unit.id)
    ).first()
    return found


def _move_rows(work: Work, period: Period, unit: Unit, due_on: date) -> int:
    moved = 0
    both: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (assignments, MISSING_ASSIGNMENTS),
        (submissions, MISSING_SUBMISSIONS),
    )
    for table, open_states in both:
        rows = work.session.scalars(
            select(table)
            .where(table.period_id == period.id, table.unit_id == unit.id, table.state.in_(open_states))
            .order_by(table.id)
            .with_for_update()
        ).all()
        for row in rows:
            if row.due_on != due_on:
                row.first_due_on, row.due_on = row.first_due_on or row.due_on, due_on
                row.extended, row.version = row.extended + 1, row.version + 1
                moved += 1
    return moved
