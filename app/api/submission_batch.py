"""/submissions/batches: many figures at once, each named by indicator, unit and period; 207, one answer each."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.problems import pointers
from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.submission_batch import BatchInput, BatchOutcome, send_submissions

router = APIRouter(prefix="/submissions/batches", tags=["submissions"], route_class=AnsweredRoute)


class BatchOutcomeOut(BaseModel):
    """One item. `status` 201: sent as version `number` of the figure `id`; 200: what was sent before says the same, so
    nothing was sent; else the status, `code`, `detail` and `errors` of the refusal, and the figure's state where it
    has one. `doubts`: what its note had to explain, or has to."""

    status: int
    id: UUID | None
    state: str | None
    version: int | None
    number: int | None
    doubts: list[str]
    code: str | None
    detail: str | None
    errors: list[dict[str, str]]


class BatchOut(BaseModel):
    """`items` in the order they were given."""

    sent: int
    unchanged: int
    refused: int
    items: list[BatchOutcomeOut]


@router.post(
    "",
    operation_id="send_submissions",
    summary="Send up to 500 figures, by natural key",
    status_code=207,
    response_model=BatchOut,
)
@policy(P.SUBMISSION_SEND)
def send(request: Request, work: WorkGiven, given: BatchInput) -> Response:
    outcomes = send_submissions(work, given)
    counts = {
        "sent": sum(one.is_sendable for one in outcomes),
        "unchanged": sum(one.is_unchanged for one in outcomes),
        "refused": sum(one.error is not None for one in outcomes),
    }
    return reply(
        request, counts | {"items": [_out(one, place) for place, one in enumerate(outcomes)]}, status=207
    )


def _out(one: BatchOutcome, place: int) -> dict[str, Any]:
    error, row = one.error, one.row
    return {
        "status": error.status if error else 200 if one.is_unchanged else 201,
        "id": row.id if row else None,
        "state": row.state if row else None,
        "version": row.version if row else None,
        "number": one.last.number if one.last else None,
        "doubts": [doubt.code for doubt in one.doubts],
        "code": error.code if error else "unchanged" if one.is_unchanged else None,
        "detail": error.message if error else None,
        "errors": pointers(error, f"/items/{place}") if error else [],
    }
