"""…/draft: what is typed on a row and not sent yet. Read and saved by those who report for its unit, nobody else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import IfMatch, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Assignment, Submission
from app.permissions import Permission as P
from app.services.draft import DraftInput, DraftSeen, get_draft, save_draft

router = APIRouter(tags=["drafts"], route_class=AnsweredRoute)


class DraftOut(BaseModel):
    """`fields`: as typed, blank ones left out. `version` 0 while nobody has saved anything; it counts on with each
    saving and ends with the sending."""

    version: int
    fields: dict[str, str]
    saved_at: datetime | None
    saved_by: str


@router.get(
    "/assignments/{assignment_id}/draft",
    operation_id="get_assignment_draft",
    summary="What is typed for a row and not sent yet",
    response_model=DraftOut,
)
@policy(P.ASSIGNMENT_REPORT)
def get_of_assignment(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    return _reply(request, get_draft(work, Assignment, assignment_id))


@router.put(
    "/assignments/{assignment_id}/draft",
    operation_id="save_assignment_draft",
    summary="Save what is typed for a row: result, difficulty, proposal, progress",
    response_model=DraftOut,
)
@policy(P.ASSIGNMENT_REPORT)
def save_of_assignment(
    request: Request, work: WorkGiven, assignment_id: UUID, typed: DraftInput, version: IfMatch
) -> Response:
    return _reply(request, save_draft(work, Assignment, assignment_id, typed, version))


@router.get(
    "/submissions/{submission_id}/draft",
    operation_id="get_submission_draft",
    summary="What is typed for a figure and not sent yet",
    response_model=DraftOut,
)
@policy(P.SUBMISSION_SEND)
def get_of_submission(request: Request, work: WorkGiven, submission_id: UUID) -> Response:
    return _reply(request, get_draft(work, Submission, submission_id))


@router.put(
    "/submissions/{submission_id}/draft",
    operation_id="save_submission_draft",
    summary="Save what is typed for a figure: value, numerator, denominator, level, flag, note",
    response_model=DraftOut,
)
@policy(P.SUBMISSION_SEND)
def save_of_submission(
    request: Request, work: WorkGiven, submission_id: UUID, typed: DraftInput, version: IfMatch
) -> Response:
    return _reply(request, save_draft(work, Submission, submission_id, typed, version))


def draft_out(draft: DraftSeen) -> dict[str, Any]:
    return {
        "version": draft.version,
        "fields": draft.fields,
        "saved_at": draft.saved_at,
        "saved_by": draft.saved_by,
    }


def _reply(request: Request, draft: DraftSeen) -> Response:
    return reply(request, draft_out(draft), version=draft.version)
