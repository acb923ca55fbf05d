"""Reading the rows of a board: lists, one row, its reports, and what may be done next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from app.models import Account, Assignment, Period, ReportDecision, Responsibility, Task, TaskReport, Unit
from app.models.base import columns
from app.services._scope import find, visible
from app.services.deadlines import overdue_condition
from app.services.states import ACTION_PERMISSION, actions_from
from app.text import fold
from app.work import Work

assignments, tasks, units, periods = columns(Assignment), columns(Task), columns(Unit), columns(Period)
given, reports, decisions = columns(Responsibility), columns(TaskReport), columns(ReportDecision)
accounts = columns(Account)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentFilter:
    """Plain query filters; None means any. `q` is folded, every word must occur in the task."""

    plan: UUID | None = None
    task: UUID | None = None
    unit: UUID | None = None
    period: str | None = None
    states: tuple[str, ...] = ()
    overdue: bool | None = None
    q: str = ""


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """One sent report with the office's answer, ready to show."""

    id: UUID
    number: int
    result: str
    difficulty: str | None
    proposal: str | None
    progress: int | None
    sent_at: datetime
    sent_by: str | None
    decision: str | None
    reason: str | None
    decided_at: datetime | None


def get_assignment(work: Work, assignment_id: UUID) -> Assignment:
    return find(work, Assignment, assignment_id)


def list_assignments(
    work: Work, wanted: AssignmentFilter, *, after: tuple[date | None, UUID] | None = None, limit: int = 100
) -> list[Any]:
    """Rows (columns of `assignment_columns`) ordered by due date, those without one last, then by id."""
    far = date.max
    key = func.coalesce(assignments.due_on, far)
    statement = _narrowed(work, visible(work, Assignment, *assignment_columns()), wanted)
    if after is not None:
        due, last = after[0] or far, after[1]
        statement = statement.where(or_(key > due, and_(key == due, assignments.id > last)))
    return list(work.session.execute(statement.order_by(key, assignments.id).limit(limit)).all())


def count_assignments(work: Work, wanted: AssignmentFilter) -> int:
    statement = _narrowed(work, visible(work, Assignment, assignments.id), wanted)
    return work.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def get_assignment_row(work: Work, assignment_id: UUID) -> Any:
    """One row with the same columns as the list; 404 unless visible."""
    get_assignment(work, assignment_id)
    statement = _joined(select(*assignment_columns())).where(assignments.id == assignment_id)
    return work.session.execute(statement).one()


def list_reports(work: Work, assignment_id: UUID) -> list[ReportSeen]:
    """Every report of a row the actor may see, newest first."""
    get_assignment(work, assignment_id)
    statement = (
        select(
            reports.id,
            reports.number,
            reports.result,
            reports.difficulty,
            reports.proposal,
            reports.progress,
            reports.sent_at,
            accounts.name,
            decisions.kind,
            decisions.reason,
            decisions.decided_at,
        )
        .outerjoin(accounts, accounts.id == reports.sent_by_id)
        .outerjoin(decisions, decisions.report_id == reports.id)
        .where(reports.assignment_id == assignment_id)
        .order_by(reports.number.desc())
    )
    return [ReportSeen(*row) for row in work.session.execute(statement)]


def allowed_actions(work: Work, row: Any) -> list[str]:
    """What this actor may do next with a row of `assignment_columns`."""
    permissions = ACTION_PERMISSION["assignment"]
    pointless = {"block" if row.blocked_reason else "unblock"}
    if is_too_late(row.state, row.period_state):
        pointless |= {"acknowledge", "start", "report"}
    return [
        action
        for action in actions_from("assignment", row.state)
        if action not in pointless and work.actor.may(permissions[action], row.locality_id, row.unit_id)
    ]


def is_too_late(state: str, period_state: str | None) -> bool:
    """A closed period takes no first report any more; what the office returned or opened again may be answered."""
    return period_state == "closed" and state not in ("returned", "in_progress", "reported")


def assignment_columns() -> tuple[Any, ...]:
    return (
        assignments.id,
        assignments.locality_id,
        assignments.version,
        assignments.plan_id,
        assignments.task_id,
        assignments.unit_id,
        assignments.group_id,
        tasks.code,
        tasks.title,
        tasks.text,
        tasks.kind,
        tasks.expected_product,
        units.name.label("unit_name"),
        given.role,
        given.mode,
        periods.label.label("period"),
        periods.state.label("period_state"),
        assignments.state,
        assignments.state_reason,
        assignments.blocked_reason,
        assignments.progress,
        assignments.due_on,
        assignments.reported_on,
        assignments.done_on,
    )


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(assignments)
        .join(tasks, tasks.id == assignments.task_id)
        .join(units, units.id == assignments.unit_id)
        .join(given, given.id == assignments.responsibility_id)
        .outerjoin(periods, periods.id == assignments.period_id)
    )


def _narrowed(work: Work, statement: Select[Any], wanted: AssignmentFilter) -> Select[Any]:
    statement = _joined(statement)
    conditions = [
        column == value
        for column, value in (
            (assignments.plan_id, wanted.plan),
            (assignments.task_id, wanted.task),
            (assignments.unit_id, wanted.unit),
        )
        if value is not None
    ]
    if wanted.states:
        conditions.append(assignments.state.in_(wanted.states))
    if wanted.period is not None:
        conditions.append(periods.label == wanted.period)
    if wanted.overdue is not None:
        late = overdue_condition(work.today)
        conditions.append(late if wanted.overdue else ~func.coalesce(late, False))
    conditions += [tasks.folded.contains(word, autoescape=True) for word in fold(wanted.q).split()]
    return statement.where(*conditions)
