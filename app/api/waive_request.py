"""…/waive-requests: a unit says that a row does not apply to it; the office answers the question this raises."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Assignment, Submission
from app.permissions import Permission as P
from app.services.typed import Nothing
from app.services.waive_request import (
    Subject,
    WaiveRequestInput,
    WaiveRequestSeen,
    list_waive_requests,
    raise_waive_request,
    withdraw_waive_request,
)
from app.work import Work

router = APIRouter(tags=["waive requests"], route_class=AnsweredRoute)


class WaiveRequestOut(BaseModel):
    """`state`: open, answered or withdrawn; `answer`: waived (the row leaves the counts) or refused."""

    id: UUID
    state: str
    reason: str
    asked_at: datetime
    asked_by: str | None
    answer: str | None
    answer_text: str | None
    answered_at: datetime | None
    answered_by: str | None


class WaiveRequestList(BaseModel):
    """Newest first; never more than one is open."""

    items: list[WaiveRequestOut]
    next: str | None


@router.get(
    "/assignments/{assignment_id}/waive-requests",
    operation_id="list_assignment_waive_requests",
    summary="Requests not to have to carry out a row, with the office's answers",
    response_model=WaiveRequestList,
)
@policy(P.ASSIGNMENT_READ)
def list_of_assignment(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    return _listed(request, work, Assignment, assignment_id)


@router.post(
    "/assignments/{assignment_id}/waive-requests",
    operation_id="request_assignment_waiver",
    summary="Say that a row does not apply to the unit, with the reason",
    status_code=201,
    response_model=WaiveRequestOut,
)
@policy(P.ASSIGNMENT_REPORT)
def ask_of_assignment(
    request: Request, work: WorkGiven, assignment_id: UUID, why: WaiveRequestInput
) -> Response:
    raise_waive_request(work, Assignment, assignment_id, why)
    return _last(request, work, Assignment, assignment_id)


@router.post(
    "/assignments/{assignment_id}/waive-requests/withdrawals",
    operation_id="withdraw_assignment_waive_request",
    summary="Take the open request back",
    status_code=201,
    response_model=WaiveRequestOut,
)
@policy(P.ASSIGNMENT_REPORT)
def withdraw_of_assignment(
    request: Request, work: WorkGiven, assignment_id: UUID, body: Nothing | None = None
) -> Response:
    withdraw_waive_request(work, Assignment, assignment_id)
    return _last(request, work, Assignment, assignment_id)


@router.get(
    "/submissions/{submission_id}/waive-requests",
    operation_id="list_submission_waive_requests",
    summary="Requests not to have to report a figure, with the office's answers",
    response_model=WaiveRequestList,
)
@policy(P.SUBMISSION_READ)
def list_of_submission(request: Request, work: WorkGiven, submission_id: UUID) -> Response:
    return _listed(request, work, Submission, submission_id)


@router.post(
    "/submissions/{submission_id}/waive-requests",
    operation_id="request_submission_waiver",
    summary="Say that a figure does not apply to the unit, with the reason",
    status_code=201,
    response_model=WaiveRequestOut,
)
@policy(P.SUBMISSION_SEND)
def ask_of_submission(
    request: Request, work: WorkGiven, submission_id: UUID, why: WaiveRequestInput
) -> Response:
    raise_waive_request(work, Submission, submission_id, why)
    return _last(request, work, Submission, submission_id)


@router.post(
    "/submissions/{submission_id}/waive-requests/withdrawals",
    operation_id="withdraw_submission_waive_request",
    summary="Take the open request back",
    status_code=201,
    response_model=WaiveRequestOut,
)
@policy(P.SUBMISSION_SEND)
def withdraw_of_submission(
    request: Request, work: WorkGiven, submission_id: UUID, body: Nothing | None = None
) -> Response:
    withdraw_waive_request(work, Submission, submission_id)
    return _last(request, work, Submission, submission_id)


def _listed(request: Request, work: Work, subject: Subject, row_id: UUID) -> Response:
    items = [waive_request_out(seen) for seen in list_waive_requests(work, subject, row_id)]
    return reply(request, {"items": items, "next": None})


def _last(request: Request, work: Work, subject: Subject, row_id: UUID) -> Response:
    return reply(request, waive_request_out(list_waive_requests(work, subject, row_id)[0]), status=201)


def waive_request_out(seen: WaiveRequestSeen) -> dict[str, Any]:
    return {
        "id": seen.id,
        "state": seen.state,
        "reason": seen.reason,
        "asked_at": seen.asked_at,
        "asked_by": seen.asked_by,
        "answer": seen.answer,
        "answer_text": seen.answer_text,
        "answered_at": seen.answered_at,
        "answered_by": seen.answered_by,
    }
