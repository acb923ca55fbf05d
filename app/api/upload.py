"""/uploads: files that come in pieces over a weak network, by tus 1.0. What is whole becomes evidence."""

import base64
import binascii
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.models import Upload
from app.permissions import Permission as P
from app.receiving import TUS, Piece, check_tus, take_piece
from app.services.evidence import Subject
from app.services.upload import begin_upload, drop_upload, finish_upload, get_upload
from app.settings import MAX_UPLOAD_BYTES
from app.work import Work

router = APIRouter(tags=["uploads"], route_class=AnsweredRoute)
SPOKEN = {
    "Tus-Resumable": TUS,
    "Tus-Version": TUS,
    "Tus-Extension": "creation,expiration,termination",
    "Tus-Max-Size": str(MAX_UPLOAD_BYTES),
}


class UploadOut(BaseModel):
    """An upload begun: send it on to the address in Location."""

    id: UUID
    name: str
    size: int
    expires_at: datetime


@router.options("/uploads", operation_id="describe_uploads", summary="What of tus is spoken", status_code=204)
@policy()
def describe() -> Response:
    return Response(status_code=204, headers=SPOKEN)


@router.post(
    "/assignments/{assignment_id}/uploads",
    operation_id="begin_assignment_upload",
    summary="Begin a file beside a row of work (tus creation)",
    status_code=201,
    response_model=UploadOut,
)
@policy(P.EVIDENCE_WRITE, by_link=True)
def begin_for_assignment(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    return _begun(request, work, Subject("assignment", assignment_id))


@router.post(
    "/submissions/{submission_id}/uploads",
    operation_id="begin_submission_upload",
    summary="Begin a file beside a figure (tus creation)",
    status_code=201,
    response_model=UploadOut,
)
@policy(P.EVIDENCE_WRITE, by_link=True)
def begin_for_submission(request: Request, work: WorkGiven, submission_id: UUID) -> Response:
    return _begun(request, work, Subject("submission", submission_id))


@router.head(
    "/uploads/{upload_id}",
    operation_id="get_upload_offset",
    summary="How much of it is here, in Upload-Offset",
    status_code=204,
)
@policy(P.EVIDENCE_WRITE, by_link=True)
def offset(request: Request, work: WorkGiven, upload_id: UUID) -> Response:
    check_tus(request)
    incoming = get_upload(work, upload_id)
    return Response(
        status_code=204,
        headers=_headers(incoming.row)
        | {
            "Upload-Offset": str(incoming.offset),
            "Upload-Length": str(incoming.row.size),
            "Cache-Control": "no-store",
        },
    )


@router.patch(
    "/uploads/{upload_id}",
    operation_id="append_to_upload",
    summary="Send the next piece; the last one makes it evidence, named in Content-Location",
    status_code=204,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/offset+octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
@policy(P.EVIDENCE_WRITE, by_link=True)
def append(work: WorkGiven, upload_id: UUID, piece: Annotated[Piece, Depends(take_piece)]) -> Response:
    if piece.file is not None:
        finish_upload(work, upload_id, piece.file)
    row = get_upload(work, upload_id).row
    headers = _headers(row) | {"Upload-Offset": str(piece.offset)}
    if row.evidence_id is not None:
        headers["Content-Location"] = f"/api/v1/evidence/{row.evidence_id}/content"
    return Response(status_code=204, headers=headers)


@router.delete(
    "/uploads/{upload_id}",
    operation_id="drop_upload",
    summary="No longer wanted (tus termination); evidence it became stays",
    status_code=204,
)
@policy(P.EVIDENCE_WRITE, by_link=True)
def drop(request: Request, work: WorkGiven, upload_id: UUID) -> Response:
    check_tus(request)
    drop_upload(work, upload_id)
    return Response(status_code=204, headers={"Tus-Resumable": TUS})


def _begun(request: Request, work: Work, about: Subject) -> Response:
    check_tus(request)
    length = request.headers.get("upload-length", "")
    if not length.isdecimal() or len(length) > 12:
        raise Invalid.field("Upload-Length", "Thiếu Upload-Length: dung lượng của tệp, tính bằng byte.")
    row = begin_upload(work, about, name=_name(request), size=int(length))
    said = {"id": row.id, "name": row.name, "size": row.size, "expires_at": row.expires_at}
    answer = reply(request, said, status=201, location=f"/api/v1/uploads/{row.id}")
    answer.headers.update(_headers(row) | {"Upload-Offset": "0"})
    return answer


def _headers(row: Upload) -> dict[str, str]:
    expires = format_datetime(row.expires_at.astimezone(UTC), usegmt=True)
    return {"Tus-Resumable": TUS, "Upload-Expires": expires}


def _name(request: Request) -> str:
    """`filename` of Upload-Metadata: pairs of a key and a value in base64, separated by commas."""
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode("utf-8")
            except (binascii.Error, UnicodeDecodeError) as error:
                raise Invalid.field("Upload-Metadata", "Tên tệp phải là UTF-8 viết bằng base64.") from error
    return ""
