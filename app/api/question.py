"""/questions: what only the office can answer; each is answered once."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.assignment import TimelineEntryOut, UnitBrief
from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.api.timeline import timeline_out
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services import question as service
from app.services._scope import check_locality
from app.services.group_work import HeldRow, LackedRow
from app.services.question import QuestionSeen
from app.services.typed import states_given
from app.work import Work

router = APIRouter(prefix="/questions", tags=["questions"], route_class=AnsweredRoute)


class QuestionOut(BaseModel):
    """`late_joiner` and `ended_member` are about a member (`unit`) of a `group`; `waive_request` about one row
    (`assignment` or `submission`), named in `subject`. `allowed_answers`: what you may answer now."""

    id: UUID
    version: int
    locality: UUID
    kind: str
    state: str
    unit: UnitBrief
    group: UnitBrief | None
    period: str | None
    assignment: UUID | None
    submission: UUID | None
    subject: str | None
    text: str
    asked_at: datetime
    asked_by: str | None
    answer: str | None
    answer_text: str | None
    answered_at: datetime | None
    answered_by: str | None
    allowed_answers: list[str]


class QuestionRowOut(BaseModel):
    """A row the member lacks (no `id` yet) or still holds."""

    kind: Literal["assignment", "submission"]
    id: UUID | None
    code: str
    title: str
    due_on: date | None


class QuestionDetailOut(QuestionOut):
    rows: list[QuestionRowOut]
    timeline: list[TimelineEntryOut]


class QuestionPage(BaseModel):
    items: list[QuestionOut]
    next: str | None


class AnsweredOut(BaseModel):
    """`rows`: how many rows the answer made, cancelled or let off."""

    question: QuestionDetailOut
    rows: int


@router.get(
    "",
    operation_id="list_questions",
    summary="List questions, open ones first",
    response_model=QuestionPage,
)
@policy(P.ASSIGNMENT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    locality: UUID | None = None,
    state: Annotated[str | None, Query(description="Comma-separated states.", max_length=100)] = None,
    kind: Literal["late_joiner", "ended_member", "waive_request"] | None = None,
    unit: UUID | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    check_locality(work, locality)
    after: Any = from_cursor(cursor, int, UUID)
    found = service.list_questions(
        work,
        locality=locality,
        states=states_given(state, service.STATES),
        kind=kind,
        unit=unit,
        after=after,
        limit=limit + 1,
    )
    outs = [_out(work, seen) for seen in found]
    return reply(request, page_of(outs, limit, lambda o: (int(o["state"] != "open"), o["id"])))


@router.get(
    "/{question_id}",
    operation_id="get_question",
    summary="One question with the rows it is about",
    response_model=QuestionDetailOut,
)
@policy(P.ASSIGNMENT_READ)
def get(request: Request, work: WorkGiven, question_id: UUID) -> Response:
    seen = service.get_question(work, question_id)
    return reply(request, _detail(work, seen), version=seen.row.version)


@router.post(
    "/{question_id}/answers",
    operation_id="answer_question",
    summary="Answer a question, once",
    status_code=201,
    response_model=AnsweredOut,
)
@policy(P.QUESTION_ANSWER)
def answer(
    request: Request, work: WorkGiven, question_id: UUID, given: service.AnswerInput, version: IfMatch
) -> Response:
    done = service.answer_question(work, question_id, given, version)
    seen = service.get_question(work, question_id)
    out = {"question": _detail(work, seen), "rows": done.rows}
    return reply(request, out, status=201, version=seen.row.version)


def _detail(work: Work, seen: QuestionSeen) -> dict[str, Any]:
    rows = [_row(one) for one in service.list_rows(work, seen.row)]
    return _out(work, seen) | {"rows": rows, "timeline": timeline_out(work, [seen.row.id])}


def _row(one: LackedRow | HeldRow) -> dict[str, Any]:
    return {"code": one.code, "title": one.title, "due_on": one.due_on, "kind": one.kind, "id": one.id}


def _out(work: Work, seen: QuestionSeen) -> dict[str, Any]:
    row = seen.row
    return {
        "id": row.id,
        "version": row.version,
        "locality": row.locality_id,
        "kind": row.kind,
        "state": row.state,
        "unit": {"id": row.unit_id, "name": seen.unit_name},
        "group": {"id": row.group_id, "name": seen.group_name} if row.group_id else None,
        "period": seen.period_name,
        "assignment": row.assignment_id,
        "submission": row.submission_id,
        "subject": seen.subject,
        "text": row.text,
        "asked_at": row.asked_at,
        "asked_by": seen.asked_by,
        "answer": row.answer,
        "answer_text": row.answer_text,
        "answered_at": row.answered_at,
        "answered_by": seen.answered_by,
        "allowed_answers": list(service.answers_allowed(work, row)),
    }
