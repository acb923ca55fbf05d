"""Completion `any`: one member's confirmed report is enough for the group. What that means for the rows of the
others, and what it means when that report is opened again (decision 0024)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from app.events import AssignmentRecalled, AssignmentReleased
from app.models import Assignment, Period, ReportDecision, Responsibility, TaskReport, Unit
from app.models.base import columns
from app.services._scope import visible
from app.services.row_ending import settle_ended_row
from app.services.states import OPEN_ASSIGNMENTS, next_state
from app.work import Work

assignments, reports, decisions = columns(Assignment), columns(TaskReport), columns(ReportDecision)
duties = columns(Responsibility)


def lock_with_others(work: Work, ids: Collection[UUID]) -> list[Assignment]:
    """The rows, and with completion `any` those of the other members: every row a decision may change, in id order and
    before the first event takes the ledger. Whoever decides one row alone holds it while waiting for the ledger
    (decision 0023). What the actor may not know of is not among them."""
    shared = (
        select(assignments.responsibility_id)
        .join(duties, duties.id == assignments.responsibility_id)
        .where(assignments.id.in_(ids), duties.completion == "any")
    )
    touched = or_(assignments.id.in_(ids), assignments.responsibility_id.in_(shared))
    locked = visible(work, Assignment).where(touched).order_by(assignments.id).with_for_update()
    return list(work.session.scalars(locked.execution_options(populate_existing=True)))


def release_the_rest(work: Work, row: Assignment) -> None:
    """The first confirmed row closes the open ones of the same duty and period as not needed."""
    for other in _others(work, row, assignments.state.in_(OPEN_ASSIGNMENTS)):
        other.state = next_state("carrying", other.state, "release")
        other.version += 1
        work.record(AssignmentReleased(**_about(other)))
        settle_ended_row(work, other, " vì việc không cần nữa")


def recall_the_rest(work: Work, row: Assignment) -> None:
    """The confirmed row was opened again: the others are open again (a report that waits, waits again), as long
    as nobody else of them is confirmed and the period still takes their reports."""
    period = work.session.get(Period, row.period_id) if row.period_id else None
    if period is not None and period.state != "open":
        return
    others = _others(work, row, assignments.state.in_(("confirmed", "not_needed")))
    if any(other.state == "confirmed" for other in others):
        return
    name = work.get(Unit, row.unit_id).name
    for other in others:
        other.state = next_state("carrying", other.state, _step_back(work, other))
        other.version += 1
        work.record(AssignmentRecalled(**_about(other), unit_name=name))


def _step_back(work: Work, row: Assignment) -> str:
    if row.reported_at is None:
        return "recall"
    last = (
        select(decisions.kind)
        .select_from(reports)
        .outerjoin(decisions, decisions.report_id == reports.id)
        .where(reports.assignment_id == row.id)
        .order_by(reports.number.desc())
        .limit(1)
    )
    kind = work.session.scalars(last).first()
    if kind is None:
        return "recall_reported"
    return "recall_returned" if row.state_reason else "recall"


def _others(work: Work, row: Assignment, wanted: Any) -> list[Assignment]:
    """Locked by now: `lock_with_others` came first."""
    duty = work.session.get(Responsibility, row.responsibility_id)
    if duty is None or duty.completion != "any":
        return []
    statement = (
        select(assignments)
        .where(
            assignments.responsibility_id == duty.id,
            assignments.period_id.is_not_distinct_from(row.period_id),
            assignments.id != row.id,
            wanted,
        )
        .order_by(assignments.id)
    )
    return list(work.session.scalars(statement))


def _about(row: Assignment) -> dict[str, UUID]:
    return {"locality_id": row.locality_id, "subject_id": row.id, "unit_id": row.unit_id}
