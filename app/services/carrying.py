"""Keeping a task's rows true to who carries it and when: used by task.py and responsibility.py.

Rows of closed periods and rows somebody reported on are the past: they stay as they are.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from app.events import AssignmentRestored
from app.models import Assignment, Period, Plan, Responsibility, Task
from app.models.base import columns
from app.services.deadlines import keeps_own_day
from app.services.expectation import open_periods
from app.services.fan_out import fan_out, members_of
from app.services.period_dates import exceptions_in
from app.services.plan_reporting import is_due_in
from app.services.row_ending import cancel_row
from app.services.states import CARRYING_STEPS, next_state
from app.services.supporting import fit_support
from app.work import Work

assignments, given, periods = columns(Assignment), columns(Responsibility), columns(Period)

DECIDED = ("confirmed", "not_needed", "cancelled")


def fit_rows(work: Work, task: Task, responsibilities: Sequence[Responsibility], reason: str) -> int:
    """Make the missing rows, restore cancelled ones that are asked for again, cancel (for `reason`) those no
    longer asked for. Returns how many rows are now expected that were not before."""
    wanted = _wanted_periods(work, task)
    keys = {period.id if period else None for period in wanted}
    by_id = {one.id: one for one in responsibilities if one.ended_on is None}
    carriers = members_of(work, {one.unit_id for one in by_id.values()}, work.today)
    restored = 0
    for row in current_rows(work, responsibilities):
        one = by_id.get(row.responsibility_id)
        if one is None or row.period_id not in keys:
            _cancel(work, row, reason)
        elif row.state == "cancelled" and row.unit_id in carriers.get(one.unit_id, [one.unit_id]):
            _restore(work, row, task, wanted)
            restored += 1
    made = sum(fan_out(work, list(by_id.values()), period) for period in wanted)
    fit_support(work, task.id)
    return restored + made


def current_rows(work: Work, responsibilities: Sequence[Responsibility]) -> list[Assignment]:
    """Their dated rows and those of open periods. Every row of their tasks is locked, since a lead given or ended
    changes those who cooperate as well: in id order, before the first event takes the ledger (decision 0023)."""
    of_tasks = assignments.task_id.in_({one.task_id for one in responsibilities})
    work.session.execute(select(assignments.id).where(of_tasks).order_by(assignments.id).with_for_update())
    statement = (
        select(assignments)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.responsibility_id.in_([one.id for one in responsibilities]))
        .where(or_(assignments.period_id.is_(None), periods.state == "open"))
        .order_by(assignments.id)
        .execution_options(populate_existing=True)
    )
    return list(work.session.scalars(statement))


def was_reported_on(rows: Sequence[Assignment]) -> bool:
    return any(row.reported_at is not None for row in rows)


def move_due(work: Work, task_id: UUID, due_on: date | None) -> int:
    """Rows of a dated task that are not decided take the task's new due date; one that was given a later day of its
    own keeps that."""
    rows = work.session.scalars(
        select(assignments)
        .where(assignments.task_id == task_id, assignments.period_id.is_(None))
        .where(assignments.state.not_in(DECIDED))
        .order_by(assignments.id)
        .with_for_update()
    ).all()
    moved = [row for row in rows if not keeps_own_day(row, due_on)]
    for row in moved:
        row.due_on, row.version = due_on, row.version + 1
    return len(moved)


def _wanted_periods(work: Work, task: Task) -> list[Period | None]:
    if task.kind != "standing":
        return [None]
    running = open_periods(work, task.locality_id)
    plan = work.session.get(Plan, task.plan_id)
    return [period for period in running if plan is not None and is_due_in(plan, task.cycle, period)]


def _cancel(work: Work, row: Assignment, reason: str) -> None:
    if row.state not in CARRYING_STEPS["cancel"] or row.reported_at is not None:
        return
    cancel_row(work, row, "carrying", "cancel", reason)


def _restore(work: Work, row: Assignment, task: Task, wanted: Sequence[Period | None]) -> None:
    due = {
        period.id: exceptions_in(work, period).get(row.unit_id, period.due_on) for period in wanted if period
    }
    row.state = next_state("carrying", row.state, "restore")
    row.state_reason, row.version = None, row.version + 1
    row.due_on = due[row.period_id] if row.period_id else task.due_on
    work.record(AssignmentRestored(locality_id=row.locality_id, subject_id=row.id, unit_id=row.unit_id))
