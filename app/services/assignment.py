"""What units and the office do with the rows of a board. Reading them: assignment_list.py."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Field

from app.errors import Conflict
from app.events import (
    AssignmentAcknowledged,
    AssignmentBlocked,
    AssignmentConfirmed,
    AssignmentReopened,
    AssignmentReported,
    AssignmentReturned,
    AssignmentStarted,
    AssignmentUnblocked,
    AssignmentWaived,
)
from app.models import Assignment, Period, ReportDecision, TaskReport
from app.models.base import columns
from app.services._scope import find
from app.services.any_of_group import lock_with_others, recall_the_rest, release_the_rest
from app.services.assignment_list import is_too_late
from app.services.deadlines import runs_on
from app.services.draft import discard_draft
from app.services.earlier_answers import find_same_answer
from app.services.evidence_rule import check_evidence
from app.services.row_ending import settle_ended_row, take_back_requests
from app.services.sent_meanwhile import refuse_unseen
from app.services.states import ACTION_PERMISSION, next_state
from app.services.typed import Typed
from app.services.waive_request import grant_waive_request
from app.work import Work

reports = columns(TaskReport)


class ReportInput(Typed):
    """What a unit reports. `progress` in percent, 0 to 100."""

    result: str = Field(min_length=1, max_length=10_000)
    difficulty: str | None = Field(default=None, max_length=10_000)
    proposal: str | None = Field(default=None, max_length=10_000)
    progress: int | None = Field(default=None, ge=0, le=100)


class ReasonInput(Typed):
    reason: str = Field(min_length=1, max_length=2_000)


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
    row.state_reason = None
    work.record(AssignmentStarted(**_about(row)))
    return row


def report_assignment(
    work: Work, assignment_id: UUID, sent: ReportInput, over: int | None = None
) -> TaskReport:
    """Send a report. IllegalStep once confirmed; Conflict when the period is closed, or when another report than
    number `over` was the last one."""
    row = _to_act_on(work, assignment_id, "report")
    period = _check_period_open(work, row)
    last = _last_number(work, row.id)
    refuse_unseen(last, over)
    same = find_same_answer(work, row, period, sent.result, sent.difficulty, sent.proposal)

    _move(row, "report")
    row.state_reason = None
    row.reported_at, row.reported_on = work.now, work.today
    row.progress = sent.progress if sent.progress is not None else row.progress
    report = TaskReport(
        locality_id=row.locality_id,
        assignment_id=row.id,
        number=last + 1,
        sent_at=work.now,
        sent_by_id=work.actor.account_id,
        result=sent.result,
        difficulty=sent.difficulty or None,
        proposal=sent.proposal or None,
        progress=sent.progress,
        carried_from_id=same,
    )
    work.add(report)
    work.record(AssignmentReported(**_about(row), number=report.number))
    take_back_requests(work, row, " vì đã báo cáo")
    discard_draft(work, Assignment, row.id)
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
    """Conflict `evidence_missing` where the task asks for evidence and none is there."""
    lock_with_others(work, [assignment_id])
    row = _to_act_on(work, assignment_id, "confirm")
    state = next_state("assignment", row.state, "confirm")
    check_evidence(work, row.id)
    report = _last_report(work, row.id)

    row.state, row.version = state, row.version + 1
    row.done_on, row.blocked_reason = row.reported_on, None
    _decide(work, report, "confirmed", None)
    work.record(AssignmentConfirmed(**_about(row), number=report.number))
    release_the_rest(work, row)
    return row


def return_assignment(work: Work, assignment_id: UUID, why: ReasonInput) -> Assignment:
    row = _to_act_on(work, assignment_id, "return")
    state = next_state("assignment", row.state, "return")
    report = _last_report(work, row.id)

    row.state, row.version = state, row.version + 1
    row.state_reason = why.reason
    _decide(work, report, "returned", why.reason)
    work.record(AssignmentReturned(**_about(row), number=report.number, reason=why.reason))
    return row


def waive_assignment(work: Work, assignment_id: UUID, why: ReasonInput) -> Assignment:
    row = _to_act_on(work, assignment_id, "waive")

    _move(row, "waive")
    row.state_reason = why.reason
    work.record(AssignmentWaived(**_about(row), reason=why.reason))
    grant_waive_request(work, row, why.reason)
    settle_ended_row(work, row, " vì việc không áp dụng")
    return row


def reopen_assignment(work: Work, assignment_id: UUID, why: ReasonInput) -> Assignment:
    lock_with_others(work, [assignment_id])
    row = _to_act_on(work, assignment_id, "reopen")
    was_confirmed = row.state == "confirmed"

    _move(row, "reopen")
    row.state_reason, row.done_on = why.reason, None
    work.record(AssignmentReopened(**_about(row), reason=why.reason))
    if was_confirmed:
        recall_the_rest(work, row)
    return row


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


def _check_period_open(work: Work, row: Assignment) -> Period | None:
    period = work.session.get(Period, row.period_id) if row.period_id else None
    runs = runs_on(row.extended, row.due_on, work.today)
    if period is not None and is_too_late(row.state, row.state_reason, period.state, is_extended=runs):
        raise Conflict(
            f"{period.name} đã đóng nên không nhận báo cáo mới. Hãy báo cáo trong kỳ đang mở, hoặc hỏi Văn phòng.",
            code="period_closed",
        )
    return period


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
