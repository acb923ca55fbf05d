"""Remarks on rows of work and figures, and those that name units of the reader's."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import Limit, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services import remark as service

router = APIRouter(tags=["remarks"], route_class=AnsweredRoute)


class UnitNamedOut(BaseModel):
    id: UUID
    name: str


class RemarkOut(BaseModel):
    id: UUID
    text: str
    by: str
    at: str
    mentioned: list[UnitNamedOut]


class MentionOut(RemarkOut):
    """`about`: the task or indicator, which everybody of the commune may know; `assignment` or `submission` only where
    the reader may see that row."""

    about: str
    assignment: UUID | None
    submission: UUID | None


class RemarkList(BaseModel):
    items: list[RemarkOut]
    next: str | None


class MentionList(BaseModel):
    items: list[MentionOut]
    next: str | None


@router.get(
    "/assignments/{assignment_id}/remarks",
    operation_id="list_assignment_remarks",
    summary="Remarks on a row, oldest first",
    response_model=RemarkList,
)
@policy(P.ASSIGNMENT_READ)
def of_assignment(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    return _listed(request, [_out(one) for one in service.list_assignment_remarks(work, assignment_id)])


@router.get(
    "/submissions/{submission_id}/remarks",
    operation_id="list_submission_remarks",
    summary="Remarks on a figure, oldest first",
    response_model=RemarkList,
)
@policy(P.SUBMISSION_READ)
def of_submission(request: Request, work: WorkGiven, submission_id: UUID) -> Response:
    return _listed(request, [_out(one) for one in service.list_submission_remarks(work, submission_id)])


@router.post(
    "/submissions/{submission_id}/remarks",
    operation_id="remark_on_submission",
    summary="Write a remark on a figure; the figure does not change",
    status_code=201,
    response_model=RemarkOut,
)
@policy(P.REMARK_WRITE)
def on_submission(
    request: Request, work: WorkGiven, submission_id: UUID, said: service.RemarkInput
) -> Response:
    remark = service.remark_on_submission(work, submission_id, said)
    seen = service.list_submission_remarks(work, submission_id)
    return reply(request, _out(next(one for one in seen if one.id == remark.id)), status=201)


@router.get(
    "/remarks",
    operation_id="list_mentions",
    summary="Remarks that name units of yours, newest first",
    response_model=MentionList,
)
@policy(P.ASSIGNMENT_READ)
def mentions(request: Request, work: WorkGiven, limit: Limit = 50) -> Response:
    found = service.list_mentions(work, limit=limit)
    return _listed(
        request,
        [
            _out(one.remark)
            | {"about": one.about, "assignment": one.assignment_id, "submission": one.submission_id}
            for one in found
        ],
    )


def _listed(request: Request, items: list[dict[str, Any]]) -> Response:
    return reply(request, {"items": items, "next": None})


def _out(one: service.RemarkSeen) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text,
        "by": one.by,
        "at": one.at,
        "mentioned": [{"id": unit.id, "name": unit.name} for unit in one.mentioned],
    }
