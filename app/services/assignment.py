"""Assignments: the rows of a board, and what units and the office do with them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, field_validator
from sqlalchemy import Select, and_, func, or_, select
from sqlmodel import Field, SQLModel

from app.errors import Conflict
from app.events import (
    AssignmentAcknowledged,
    AssignmentBlocked,
    AssignmentConfirmed,
    AssignmentRemarked,
    AssignmentReopened,
    AssignmentReported,
    AssignmentReturned,
    AssignmentStarted,
    AssignmentUnblocked,
    AssignmentWaived,
)
from app.models import (
    Account,
    Assignment,
    Period,
    Plan,
    Remark,
    ReportDecision,
    Responsibility,
    Task,
    TaskReport,
    Unit,
)
from app.models.base import columns
from app.services._scope import find, visible
from app.services.deadlines import overdue_condition
from app.services.states import ACTION_PERMISSION, actions_from, next_state
from app.text import fold, nfc
from app.work import Work

assignments, tasks, units, periods = columns(Assignment), columns(Task), columns(Unit), columns(Period)
given, reports, decisions, remarks = (
    columns(Responsibility),
    columns(TaskReport),
    columns(ReportDecision),
    columns(Remark),
)
accounts, plans = columns(Account), columns(Plan)


class Typed(SQLModel):
    """Input of people and systems: unknown fields are refused, text is NFC without blanks at its ends."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def compose(cls, value: Any) -> Any:
        return nfc(value) if isinstance(value, str) else value


class ReportInput(Typed):
    """What a unit reports. `progress` in percent, 0 to 100."""

    result: str = Field(min_length=1, max_length=10_000)
    difficulty: str | None = Field(default=None, max_length=10_000)
    proposal: str | None = Field(default=None, max_length=10_000)
    progress: int | None = Field(default=None, ge=0, le=100)


class ReasonInput(Typed):
    reason: str = Field(min_length=1, max_length=2_000)


class RemarkInput(Typed):
    text: str = Field(min_length=1, max_length=2_000)


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


# Reads


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


def allowed_actions(work: Work, state: str, locality_id: UUID, unit_id: UUID) -> list[str]:
    """What this actor may do next with a row in `state`."""
    permissions = ACTION_PERMISSION["assignment"]
    return [
        action
        for action in actions_from("assignment", state)
        if work.actor.may(permissions[action], locality_id, unit_id)
    ]


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
        assignments.state,
        assignments.state_reason,
        assignments.blocked_reason,
        assignments.progress,
        assignments.due_on,
        assignments.reported_on,
        assignments.done_on,
    )


# Writes: the unit's side


def acknowledge_assignment(work: Work, assignment_id: UUID) -> Assignment:
    """Repeating it changes nothing: the second click of an impatient thumb is not an error."""
    row = _to_act_on(work, assignment_id, "acknowledge")
    if row.state == "acknowledged":
        return row
    _move(row, "acknowledge")
    row.acknowledged_at = work.now
    work.record(AssignmentAcknowledged(**_about(row)))
    return row


def start_assignment(work: Work, assignment_id: UUID) -> Assignment:
    row = _to_act_on(work, assignment_id, "start")

    _move(row, "start")
    work.record(AssignmentStarted(**_about(row)))
    return row


def report_assignment(work: Work, assignment_id: UUID, sent: ReportInput) -> TaskReport:
    """Send a report. IllegalStep once confirmed; Conflict when the period is closed."""
    row = _to_act_on(work, assignment_id, "report")
    _check_period_open(work, row)

    _move(row, "report")
    row.state_reason = None
    row.reported_at, row.reported_on = work.now, work.today
    row.progress = sent.progress if sent.progress is not None else row.progress
    report = TaskReport(
        locality_id=row.locality_id,
        assignment_id=row.id,
        number=_last_number(work, row.id) + 1,
        sent_at=work.now,
        sent_by_id=work.actor.account_id,
        **{name: value or None for name, value in sent.model_dump(exclude={"progress"}).items()},
        progress=sent.progress,
    )
    work.add(report)
    work.record(AssignmentReported(**_about(row), number=report.number))
    return report


def block_assignment(work: Work, assignment_id: UUID, why: ReasonInput) -> Assignment:
    row = _to_act_on(work, assignment_id, "block")

    _move(row, "block")
    row.blocked_reason = why.reason
    work.record(AssignmentBlocked(**_about(row), reason=why.reason))
    return row


def unblock_assignment(work: Work, assignment_id: UUID) -> Assignment:
    row = _to_act_on(work, assignment_id, "unblock")
    if row.blocked_reason is None:
        raise Conflict("Việc này hiện không báo vướng mắc. Tải lại trang để xem trạng thái mới nhất.")

    _move(row, "unblock")
    row.blocked_reason = None
    work.record(AssignmentUnblocked(**_about(row)))
    return row


# Writes: the office's side


def confirm_assignment(work: Work, assignment_id: UUID) -> Assignment:
    row = _to_act_on(work, assignment_id, "confirm")
    report = _last_report(work, row.id)

    _move(row, "confirm")
    row.done_on, row.blocked_reason = row.reported_on, None
    _decide(work, report, "confirmed", None)
    work.record(AssignmentConfirmed(**_about(row), number=report.number))
    return row


def return_assignment(work: Work, assignment_id: UUID, why: ReasonInput) -> Assignment:
    row = _to_act_on(work, assignment_id, "return")
    report = _last_report(work, row.id)

    _move(row, "return")
    row.state_reason = why.reason
    _decide(work, report, "returned", why.reason)
    work.record(AssignmentReturned(**_about(row), number=report.number, reason=why.reason))
    return row


def waive_assignment(work: Work, assignment_id: UUID, why: ReasonInput) -> Assignment:
    row = _to_act_on(work, assignment_id, "waive")

    _move(row, "waive")
    row.state_reason = why.reason
    work.record(AssignmentWaived(**_about(row), reason=why.reason))
    return row


def reopen_assignment(work: Work, assignment_id: UUID, why: ReasonInput) -> Assignment:
    row = _to_act_on(work, assignment_id, "reopen")

    _move(row, "reopen")
    row.state_reason, row.done_on = None, None
    work.record(AssignmentReopened(**_about(row), reason=why.reason))
    return row


def remark_on_assignment(work: Work, assignment_id: UUID, said: RemarkInput) -> Remark:
    """A remark never changes the row, nor its version."""
    row = _to_act_on(work, assignment_id, "remark")

    remark = Remark(
        locality_id=row.locality_id,
        assignment_id=row.id,
        text=said.text,
        written_at=work.now,
        written_by_id=work.actor.account_id,
    )
    work.add(remark)
    work.record(AssignmentRemarked(**_about(row), text=said.text))
    return remark


def _to_act_on(work: Work, assignment_id: UUID, action: str) -> Assignment:
    """The row, once the actor may see it (404) and take this action on it (403)."""
    row = find(work, Assignment, assignment_id)
    work.require(ACTION_PERMISSION["assignment"][action], row.locality_id, row.unit_id)
    return row


def _move(row: Assignment, action: str) -> None:
    row.state = next_state("assignment", row.state, action)
    row.version += 1


def _about(row: Assignment) -> dict[str, UUID]:
    return {"locality_id": row.locality_id, "subject_id": row.id, "unit_id": row.unit_id}


def _check_period_open(work: Work, row: Assignment) -> None:
    period = work.session.get(Period, row.period_id) if row.period_id else None
    if period is not None and period.state == "closed":
        raise Conflict(
            f"{period.name} đã đóng. Đề nghị Văn phòng mở lại kỳ, hoặc báo cáo trong kỳ này.",
            code="period_closed",
        )


def _last_number(work: Work, assignment_id: UUID) -> int:
    newest = select(func.max(reports.number)).where(reports.assignment_id == assignment_id)
    return work.session.scalar(newest) or 0


def _last_report(work: Work, assignment_id: UUID) -> TaskReport:
    newest = select(reports).where(reports.assignment_id == assignment_id).order_by(reports.number.desc())
    report: TaskReport | None = work.session.scalars(newest.limit(1)).first()
    if report is None:
        raise Conflict("Chưa có báo cáo nào để xem xét. Đợi đơn vị gửi báo cáo.")
    return report


def _decide(work: Work, report: TaskReport, kind: str, reason: str | None) -> None:
    work.add(
        ReportDecision(
            locality_id=report.locality_id,
            report_id=report.id,
            kind=kind,
            reason=reason,
            decided_at=work.now,
            decided_by_id=work.actor.account_id,
        )
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
