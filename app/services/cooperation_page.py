"""What the page of one row shows of those who work on the same task: who leads, who cooperates and what they say."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models import Assignment, Period, Remark, Responsibility, Unit
from app.models.base import columns
from app.services.assignment_list import AssignmentRow
from app.services.remark import RemarkSeen, remarks_of
from app.work import Work

assignments, given, units = columns(Assignment), columns(Responsibility), columns(Unit)
remarks, periods = columns(Remark), columns(Period)


@dataclass(frozen=True, slots=True)
class Partner:
    """Another unit's row of the same task and period; `remarks` of one that supports, oldest first."""

    id: UUID
    unit_id: UUID
    name: str
    state: str
    remarks: tuple[RemarkSeen, ...] = ()


def leads_beside(work: Work, row: AssignmentRow) -> tuple[Partner, ...]:
    """Of a row that supports: the rows of who leads. Name and state only: the reports are not the reader's."""
    return tuple(_partners(work, row, "lead")) if row.state == "supporting" else ()


def helpers_beside(work: Work, row: AssignmentRow) -> tuple[Partner, ...]:
    """Of a lead's row: who cooperates, with what those who support say to the lead."""
    if row.role != "lead":
        return ()
    found = _partners(work, row, "cooperate")
    return tuple(
        Partner(one.id, one.unit_id, one.name, one.state, _said(work, one.id))
        if one.state == "supporting"
        else one
        for one in found
    )


def _partners(work: Work, row: AssignmentRow, role: str) -> list[Partner]:
    period: Any = select(assignments.period_id).where(assignments.id == row.id).scalar_subquery()
    found = work.session.execute(
        select(assignments.id, units.id, units.name, assignments.state)
        .join(given, given.id == assignments.responsibility_id)
        .join(units, units.id == assignments.unit_id)
        .where(assignments.task_id == row.task_id, given.role == role, given.ended_on.is_(None))
        .where(assignments.state != "cancelled", assignments.period_id.is_not_distinct_from(period))
        .order_by(units.name, assignments.id)
    )
    return [Partner(*one) for one in found]


def _said(work: Work, assignment_id: UUID) -> tuple[RemarkSeen, ...]:
    return tuple(remarks_of(work, remarks.assignment_id == assignment_id))
