"""Deciding several rows at once: 207 with what became of each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services import bulk_decision as service
from app.services.bulk_decision import BulkInput, BulkReturnInput, Outcome

router = APIRouter(route_class=AnsweredRoute)


class OutcomeOut(BaseModel):
    """One row: `status` 201 with its new `state` and `version`, or the status, `code` and `detail` of the refusal."""

    id: UUID
    status: int
    state: str | None
    version: int | None
    code: str | None
    detail: str | None


class OutcomesOut(BaseModel):
    items: list[OutcomeOut]


@router.post(
    "/assignments/bulk-confirmations",
    operation_id="confirm_assignments",
    summary="Confirm the last report of several rows",
    tags=["assignments"],
    status_code=207,
    response_model=OutcomesOut,
)
@policy(P.ASSIGNMENT_DECIDE)
def confirm(request: Request, work: WorkGiven, given: BulkInput) -> Response:
    return _reply(request, service.confirm_assignments(work, given))


@router.post(
    "/assignments/bulk-returns",
    operation_id="return_assignments",
    summary="Return the last report of several rows with one reason",
    tags=["assignments"],
    status_code=207,
    response_model=OutcomesOut,
)
@policy(P.ASSIGNMENT_DECIDE)
def return_(request: Request, work: WorkGiven, given: BulkReturnInput) -> Response:
    return _reply(request, service.return_assignments(work, given))


@router.post(
    "/submissions/bulk-acceptances",
    operation_id="accept_submissions",
    summary="Accept the last version of several figures",
    tags=["submissions"],
    status_code=207,
    response_model=OutcomesOut,
)
@policy(P.SUBMISSION_DECIDE)
def accept(request: Request, work: WorkGiven, given: BulkInput) -> Response:
    return _reply(request, service.accept_submissions(work, given))


@router.post(
    "/submissions/bulk-returns",
    operation_id="return_submissions",
    summary="Return the last version of several figures with one reason",
    tags=["submissions"],
    status_code=207,
    response_model=OutcomesOut,
)
@policy(P.SUBMISSION_DECIDE)
def return_figures(request: Request, work: WorkGiven, given: BulkReturnInput) -> Response:
    return _reply(request, service.return_submissions(work, given))


def _reply(request: Request, outcomes: Sequence[Outcome]) -> Response:
    return reply(request, {"items": [_out(one) for one in outcomes]}, status=207)


def _out(one: Outcome) -> dict[str, Any]:
    error = one.error
    return {
        "id": one.id,
        "status": error.status if error else 201,
        "state": one.state,
        "version": one.version,
        "code": error.code if error else None,
        "detail": error.message if error else None,
    }
