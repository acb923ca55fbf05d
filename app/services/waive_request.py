"""A unit says that a row does not apply to it, and the office decides (question of kind `waive_request`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Field

from app.errors import Conflict
from app.events import QuestionRaised
from app.models import Account, Assignment, Question, Submission
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.question_closing import mark_answered, mark_withdrawn
from app.services.states import MISSING_SUBMISSIONS
from app.services.typed import Typed
from app.work import Work

questions, accounts = columns(Question), columns(Account)
answering = columns(aliased(Account))

Subject = type[Assignment] | type[Submission]
_ASKING = {Assignment: Permission.ASSIGNMENT_REPORT, Submission: Permission.SUBMISSION_SEND}
_ASKED_FROM = {Assignment: MISSING_ASSIGNMENTS, Submission: MISSING_SUBMISSIONS}
_KEY = {Assignment: questions.assignment_id, Submission: questions.submission_id}


class WaiveRequestInput(Typed):
    reason: str = Field(min_length=1, max_length=2_000)


@dataclass(frozen=True, slots=True)
class WaiveRequestSeen:
    """`state`: open, answered or withdrawn; `answer`: waived or refused."""

    id: UUID
    state: str
    reason: str
    asked_at: datetime
    asked_by: str | None
    answer: str | None
    answer_text: str | None
    answered_at: datetime | None
    answered_by: str | None


def list_waive_requests(work: Work, subject: Subject, row_id: UUID) -> list[WaiveRequestSeen]:
    """Every request about a row the actor may see, newest first."""
    find(work, subject, row_id)
    return _requests_of(work, subject, [row_id]).get(row_id, [])


def last_requests(work: Work, subject: Subject, row_ids: Sequence[UUID]) -> dict[UUID, WaiveRequestSeen]:
    """The newest request by row. The caller has made sure that the actor may see the rows."""
    return {key: found[0] for key, found in _requests_of(work, subject, row_ids).items()}


def rows_asked_about(work: Work, subject: Subject, row_ids: Sequence[UUID]) -> set[UUID]:
    """Of these rows, those somebody waits to be let off from."""
    key = _KEY[subject]
    statement = select(key).where(
        key.in_(row_ids), questions.kind == "waive_request", questions.state == "open"
    )
    return set(work.session.scalars(statement))


def raise_waive_request(work: Work, subject: Subject, row_id: UUID, why: WaiveRequestInput) -> Question:
    row = _to_ask_about(work, subject, row_id)
    if row.state not in _ASKED_FROM[subject]:
        raise Conflict(
            "Mục này đã gửi hoặc không còn phải báo cáo nên không đề nghị được nữa. Tải lại trang để xem.",
            code="not_due",
        )
    if _open_request(work, subject, row_id) is not None:
        raise Conflict("Đã có một đề nghị cho mục này, đang chờ Văn phòng trả lời.", code="already_asked")

    request = Question(
        locality_id=row.locality_id,
        kind="waive_request",
        unit_id=row.unit_id,
        period_id=row.period_id,
        text=why.reason,
        asked_at=work.now,
        asked_by_id=work.actor.account_id,
    )
    setattr(request, "assignment_id" if subject is Assignment else "submission_id", row_id)
    work.add(request)
    work.record(
        QuestionRaised(
            locality_id=request.locality_id,
            subject_id=request.id,
            unit_id=request.unit_id,
            kind=request.kind,
            text=why.reason,
        )
    )
    return request


def withdraw_waive_request(work: Work, subject: Subject, row_id: UUID) -> Question:
    _to_ask_about(work, subject, row_id)
    request = _open_request(work, subject, row_id)
    if request is None:
        raise Conflict("Không có đề nghị nào đang chờ. Tải lại trang để xem trạng thái mới nhất.")

    mark_withdrawn(work, request)
    return request


def drop_waive_request(work: Work, row: Assignment | Submission, why: str) -> None:
    """Who reports on a row no longer asks to be let off, nor does anybody about a row that ended. The caller has made
    sure that the actor may; `why` goes on from "Rút đề nghị không áp dụng"."""
    request = _open_request(work, type(row), row.id)
    if request is not None:
        mark_withdrawn(work, request, why)


def grant_waive_request(work: Work, row: Assignment | Submission, reason: str) -> None:
    """The office waived the row by itself: what the unit asked for is thereby answered. The caller has made sure that
    the actor may."""
    request = _open_request(work, type(row), row.id)
    if request is not None:
        mark_answered(work, request, "waived", reason)


def _to_ask_about(work: Work, subject: Subject, row_id: UUID) -> Any:
    """The row, locked: two requests at once come one after the other."""
    row: Any = find(work, subject, row_id)
    work.require(_ASKING[subject], row.locality_id, row.unit_id)
    return row


def _open_request(work: Work, subject: Subject, row_id: UUID) -> Question | None:
    statement = select(questions).where(
        _KEY[subject] == row_id, questions.kind == "waive_request", questions.state == "open"
    )
    found: Question | None = work.session.scalars(statement.with_for_update()).first()
    return found


def _requests_of(work: Work, subject: Subject, row_ids: Sequence[UUID]) -> dict[UUID, list[WaiveRequestSeen]]:
    key = _KEY[subject]
    statement = (
        select(
            key,
            questions.id,
            questions.state,
            questions.text,
            questions.asked_at,
            accounts.name,
            questions.answer,
            questions.answer_text,
            questions.answered_at,
            answering.name,
        )
        .outerjoin(accounts, accounts.id == questions.asked_by_id)
        .outerjoin(answering, answering.id == questions.answered_by_id)
        .where(key.in_(row_ids), questions.kind == "waive_request")
        .order_by(questions.asked_at.desc(), questions.id.desc())
    )
    found: dict[UUID, list[WaiveRequestSeen]] = {}
    for row_id, *seen in work.session.execute(statement):
        found.setdefault(row_id, []).append(WaiveRequestSeen(*seen))
    return found
