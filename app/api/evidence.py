"""Files and photos beside rows of work and figures: what there is, adding, handing out, removing."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.receiving import take_files
from app.services import evidence as service
from app.services.assignment import ReasonInput
from app.services.evidence import EvidenceOf, EvidenceSeen, OpenedFile, Subject
from app.services.evidence_file import PreparedFile, RefusedFile
from app.work import Work

router = APIRouter(tags=["evidence"], route_class=AnsweredRoute)
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
                }
            }
        },
    }
}


_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A small picture",
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class EvidenceOut(BaseModel):
    """`own` is false for a file of a unit that cooperates in the same work: it stands beside that unit's row."""

    id: UUID
    assignment: UUID | None
    submission: UUID | None
    unit: UUID
    unit_name: str
    own: bool
    name: str
    media_type: str
    size: int
    preview: bool
    added_at: datetime
    added_by: str
    allowed_actions: list[str]


class RefusedFileOut(BaseModel):
    name: str
    code: str
    detail: str


class EvidencePage(BaseModel):
    """`allowed_actions` has `add` where the caller may add a file to this row now."""

    items: list[EvidenceOut]
    next: str | None
    allowed_actions: list[str]


class EvidenceAddedOut(EvidencePage):
    """Everything that is beside the row now, and what was not taken of the files sent."""

    refused: list[RefusedFileOut]


async def _to_assignment(request: Request, assignment_id: UUID) -> list[PreparedFile | RefusedFile]:
    return await take_files(request, Subject("assignment", assignment_id))


async def _to_submission(request: Request, submission_id: UUID) -> list[PreparedFile | RefusedFile]:
    return await take_files(request, Subject("submission", submission_id))


@router.get(
    "/assignments/{assignment_id}/evidence",
    operation_id="list_assignment_evidence",
    summary="Files beside a row of work, oldest first",
    response_model=EvidencePage,
)
@policy(P.ASSIGNMENT_READ)
def list_of_assignment(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    return reply(request, _page(service.list_evidence(work, Subject("assignment", assignment_id))))


@router.post(
    "/assignments/{assignment_id}/evidence",
    operation_id="add_assignment_evidence",
    summary="Lay files beside a row of work",
    status_code=201,
    response_model=EvidenceAddedOut,
    openapi_extra=_FORM,
)
@policy(P.EVIDENCE_WRITE)
def add_to_assignment(
    request: Request,
    work: WorkGiven,
    assignment_id: UUID,
    sent: Annotated[list[PreparedFile | RefusedFile], Depends(_to_assignment)],
) -> Response:
    return _added(request, work, Subject("assignment", assignment_id), sent)


@router.get(
    "/submissions/{submission_id}/evidence",
    operation_id="list_submission_evidence",
    summary="Files beside a figure, oldest first",
    response_model=EvidencePage,
)
@policy(P.SUBMISSION_READ)
def list_of_submission(request: Request, work: WorkGiven, submission_id: UUID) -> Response:
    return reply(request, _page(service.list_evidence(work, Subject("submission", submission_id))))


@router.post(
    "/submissions/{submission_id}/evidence",
    operation_id="add_submission_evidence",
    summary="Lay files beside a figure",
    status_code=201,
    response_model=EvidenceAddedOut,
    openapi_extra=_FORM,
)
@policy(P.EVIDENCE_WRITE)
def add_to_submission(
    request: Request,
    work: WorkGiven,
    submission_id: UUID,
    sent: Annotated[list[PreparedFile | RefusedFile], Depends(_to_submission)],
) -> Response:
    return _added(request, work, Subject("submission", submission_id), sent)


@router.get(
    "/evidence/{evidence_id}/content",
    operation_id="download_evidence",
    summary="The file; a photo without its place and device",
    response_class=Response,
    responses=_FILE,
)
@policy(P.ASSIGNMENT_READ)
def content(request: Request, work: WorkGiven, evidence_id: UUID) -> Response:
    return _handed_out(request, service.open_evidence(work, evidence_id), "attachment")


@router.get(
    "/evidence/{evidence_id}/preview",
    operation_id="preview_evidence",
    summary="A small picture of it, 320 pixels at most",
    response_class=Response,
    responses=_PICTURE,
)
@policy(P.ASSIGNMENT_READ)
def preview(request: Request, work: WorkGiven, evidence_id: UUID) -> Response:
    return _handed_out(request, service.open_evidence(work, evidence_id, service.PREVIEW), "inline")


@router.post(
    "/evidence/{evidence_id}/removals",
    operation_id="remove_evidence",
    summary="Take a file away, with a reason; that it was there stays recorded",
    status_code=201,
    response_model=EvidencePage,
)
@policy(P.EVIDENCE_WRITE)
def remove(request: Request, work: WorkGiven, evidence_id: UUID, why: ReasonInput) -> Response:
    removed = service.remove_evidence(work, evidence_id, why)
    return reply(request, _page(service.list_evidence(work, service.subject_of(removed))), status=201)


def _added(request: Request, work: Work, about: Subject, sent: list[PreparedFile | RefusedFile]) -> Response:
    _, refused = service.add_files(work, about, sent)
    said = [{"name": one.name, "code": one.error.code, "detail": one.error.message} for one in refused]
    return reply(request, _page(service.list_evidence(work, about)) | {"refused": said}, status=201)


def _page(seen: EvidenceOf) -> dict[str, Any]:
    actions = ["add"] if seen.may_add and not seen.is_full else []
    return {
        "items": [_out(one, may_remove=seen.may_add and one.is_own) for one in seen.items],
        "next": None,
        "allowed_actions": actions,
    }


def _out(one: EvidenceSeen, *, may_remove: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "assignment": one.assignment_id,
        "submission": one.submission_id,
        "unit": one.unit_id,
        "unit_name": one.unit_name,
        "own": one.is_own,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "preview": one.has_preview,
        "added_at": one.added_at,
        "added_by": one.added_by,
        "allowed_actions": ["remove"] if may_remove else [],
    }


def _handed_out(request: Request, file: OpenedFile, how: str) -> Response:
    etag = f'"{file.key}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(file.data, headers=headers, media_type=file.media_type)
