"""Who cooperates does not finish: while a unit leads a task, the rows of those who cooperate in it are in state
`supporting` and leave every count; where nobody leads they are rows like any other (decision 0024)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select

from app.events import AssignmentMadeOwn, AssignmentMadeSupporting
from app.models import Assignment, Period, Responsibility, Unit
from app.models.base import columns
from app.services.row_ending import settle_ended_row
from app.services.states import CARRYING_STEPS, next_state
from app.work import Work

assignments, given, periods, units = (
    columns(Assignment),
    columns(Responsibility),
    columns(Period),
    columns(Unit),
)


def leads_of(work: Work, task_ids: Collection[UUID]) -> dict[UUID, Unit]:
    """The unit that leads now, by task; a task nobody leads is not there."""
    if not task_ids:
        return {}
    rows = work.session.execute(
        select(given.task_id, units)
        .join(units, units.id == given.unit_id)
        .where(given.task_id.in_(task_ids), given.role == "lead", given.ended_on.is_(None))
    )
    return {row.task_id: row.Unit for row in rows}


def fit_support(work: Work, task_id: UUID) -> None:
    """After a lead was given, ended or carried over: cooperating rows support or stand alone again. Rows of closed
    periods and rows somebody reported on are the past: they stay."""
    work.session.flush()
    lead = leads_of(work, [task_id]).get(task_id)
    for row, role in _untouched(work, task_id):
        shall_support = role == "cooperate" and lead is not None
        if shall_support and row.state in CARRYING_STEPS["support"]:
            _move(row, "support")
            work.record(AssignmentMadeSupporting(**_about(row), lead=lead.name if lead else ""))
            settle_ended_row(work, row, " vì đơn vị chủ trì báo cáo việc này")
        elif not shall_support and row.state in CARRYING_STEPS["stand_alone"]:
            _move(row, "stand_alone")
            work.record(AssignmentMadeOwn(**_about(row)))


def _untouched(work: Work, task_id: UUID) -> list[tuple[Assignment, str]]:
    statement = (
        select(assignments, given.role)
        .join(given, given.id == assignments.responsibility_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.task_id == task_id, assignments.reported_at.is_(None))
        .where(or_(given.role == "cooperate", assignments.state == "supporting"))
        .where(or_(assignments.period_id.is_(None), periods.state == "open"))
        .order_by(assignments.id)
        .with_for_update(of=assignments)
    )
    return [(row, role) for row, role in work.session.execute(statement)]


def _move(row: Assignment, action: str) -> None:
    row.state = next_state("carrying", row.state, action)
    row.version += 1


def _about(row: Assignment) -> dict[str, UUID]:
    return {"locality_id": row.locality_id, "subject_id": row.id, "unit_id": row.unit_id}
