"""Rows of work and figures as they stood on an evening (as_of.py). Who may see a row today may see what it was; words
(a task's title) are today's."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from app.models import Assignment, EventRow, Responsibility, Submission
from app.models.base import table
from app.services._scope import visible
from app.services.as_of import EVENT, Evening, PeriodThen, by_subject
from app.services.as_of_replay import REPLAYED, Happened, Then, replay
from app.services.states import OPEN_ASSIGNMENTS
from app.work import Work

assignments, submissions, events = table(Assignment).c, table(Submission).c, table(EventRow).c
given = table(Responsibility).c


@dataclass(slots=True, kw_only=True)
class RowThen:
    """A row of work, with the names a board reads it by. `n`: it counts once."""

    id: UUID
    code: str
    title: str
    ordinal: int
    role: str
    mode: str
    completion: str
    state: str
    state_reason: str | None
    blocked_reason: str | None
    period: str | None
    period_name: str | None
    period_state: str | None
    due_on: date | None
    first_due_on: date | None
    extended: int
    reported_on: date | None
    done_on: date | None
    plan_id: UUID
    plan_code: str
    task_id: UUID
    period_id: UUID | None
    unit_id: UUID
    unit_name: str
    group_id: UUID | None
    is_past: bool
    is_own: bool = True
    n: int = 1


@dataclass(slots=True, kw_only=True)
class FigureThen:
    """A figure asked of a unit."""

    id: UUID
    indicator_id: UUID
    unit_id: UUID
    period: PeriodThen
    state: str
    due_on: date | None


def list_rows(work: Work, evening: Evening, *wanted: Any) -> list[RowThen]:
    """Rows of work there were and the actor may see, in the plan's order. `wanted` narrows the rows as they are stored,
    so it must let through what has gone elsewhere since; the caller narrows them as they were. Two statements."""
    return _rows(work, evening, visible(work, Assignment, *_ROW), wanted)


def list_leads(work: Work, evening: Evening, task_ids: list[UUID]) -> list[RowThen]:
    """The rows of who led these tasks, also to those who only support them. Two statements."""
    led = (
        assignments.task_id.in_(evening.tasks_onwards(task_ids)),
        given.role == "lead",
        or_(given.ended_on.is_(None), given.ended_on > evening.day),
    )
    return _rows(work, evening, select(*_ROW), led)


def list_figures(work: Work, evening: Evening, *wanted: Any) -> list[FigureThen]:
    """`list_rows` for figures. Two statements."""
    there = (
        submissions.locality_id == evening.locality_id,
        submissions.created_at < evening.until,
        *wanted,
    )
    rows = work.session.execute(visible(work, Submission, *_FIGURE).where(*there)).all()
    own = _events_of(work, select(submissions.id).where(*there))
    found = []
    for row in rows:
        then = replay(row, own.get(row.id, ()), evening.shared, evening.until)
        found.append(
            FigureThen(
                id=row.id,
                indicator_id=then.thing_id,
                unit_id=then.unit_id,
                period=evening.periods[row.period_id],
                state=then.state,
                due_on=then.due_on,
            )
        )
    return found


def is_current(row: RowThen, period: str | None) -> bool:
    """`lanes.is_current` for a row as it was."""
    if period is not None:
        return row.period == period
    return row.period_id is None or row.period_state == "open"


_ROW = (
    assignments.id,
    assignments.unit_id,
    assignments.task_id.label("thing_id"),
    assignments.group_id,
    assignments.period_id,
    assignments.created_at,
    assignments.state,
    given.role,
    given.mode,
    given.completion,
)
_FIGURE = (
    submissions.id,
    submissions.unit_id,
    submissions.indicator_id.label("thing_id"),
    submissions.period_id,
    submissions.created_at,
    submissions.state,
)


def _rows(work: Work, evening: Evening, base: Select[Any], wanted: tuple[Any, ...]) -> list[RowThen]:
    there = (
        assignments.locality_id == evening.locality_id,
        assignments.created_at < evening.until,
        *wanted,
    )
    duty = table(Responsibility)
    stored = base.join(duty, given.id == assignments.responsibility_id).where(*there)
    ids = select(assignments.id).join(duty, given.id == assignments.responsibility_id).where(*there)
    own = _events_of(work, ids)
    found = [
        _row(row, replay(row, own.get(row.id, ()), evening.shared, evening.until), evening)
        for row in work.session.execute(stored)
    ]
    return sorted(found, key=lambda row: (row.ordinal, row.id))


def _row(row: Any, then: Then, evening: Evening) -> RowThen:
    task = evening.shared.things[then.thing_id]
    period = evening.periods[row.period_id] if row.period_id else None
    is_gone = evening.plan_states[task.plan_id] == "superseded" and then.state not in OPEN_ASSIGNMENTS
    return RowThen(
        id=row.id,
        code=task.code,
        title=task.title,
        ordinal=task.ordinal,
        role=row.role,
        mode=row.mode,
        completion=row.completion,
        state=then.state,
        state_reason=then.state_reason,
        blocked_reason=then.blocked_reason,
        period=period.label if period else None,
        period_name=period.name if period else None,
        period_state=period.state if period else None,
        due_on=then.due_on,
        first_due_on=then.first_due_on,
        extended=then.extended,
        reported_on=then.reported_on,
        done_on=then.done_on,
        plan_id=task.plan_id,
        plan_code=evening.plans[task.plan_id].code,
        task_id=task.id,
        period_id=row.period_id,
        unit_id=then.unit_id,
        unit_name=evening.names[then.unit_id],
        group_id=row.group_id,
        is_past=is_gone,
    )


def _events_of(work: Work, ids: Select[Any]) -> dict[UUID, list[Happened]]:
    statement = select(*EVENT).where(events.subject_id.in_(ids), events.kind.in_(REPLAYED))
    return by_subject(work.session.execute(statement.order_by(events.number)))
