"""Beneath /documents/{id}: its files, pictures of its pages, and stopping or repeating its reading."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from app.api.document import DocumentDetailOut, document_detail
from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.document_file import FileOf, draw_page, get_file, list_files, read_file
from app.services.document_reading import cancel_reading, retry_reading

router = APIRouter(tags=["documents"], route_class=AnsweredRoute)
Ordinal = Annotated[int, Path(ge=1, le=1000)]
PageNumber = Annotated[int, Path(ge=1, le=100_000)]
Width = Annotated[int, Query(ge=1, le=4000, description="Pixels; the next larger of 480, 960 and 1600.")]
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The page",
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class FileOut(BaseModel):
    """`format` is null until the file was looked into; `first_page` for files without pages, or not read yet.
    Pages count through all files of the document; `start` and `end` are characters of its text."""

    ordinal: int
    name: str
    size: int
    sha256: str
    format: str | None
    first_page: int | None
    last_page: int | None
    start: int | None
    end: int | None


class FilePage(BaseModel):
    items: list[FileOut]
    next: str | None


@router.post(
    "/documents/{document_id}/cancellations",
    operation_id="cancel_reading",
    summary="Stop reading a document",
    status_code=201,
    response_model=DocumentDetailOut,
)
@policy(P.DOCUMENT_UPLOAD)
def cancel(request: Request, work: WorkGiven, document_id: UUID) -> Response:
    document = cancel_reading(work, document_id)
    return reply(request, document_detail(work, document.id), status=201, version=document.version)


@router.post(
    "/documents/{document_id}/retries",
    operation_id="retry_reading",
    summary="Read a document again that could not be read, or whose reading was stopped",
    status_code=201,
    response_model=DocumentDetailOut,
)
@policy(P.DOCUMENT_UPLOAD)
def retry(request: Request, work: WorkGiven, document_id: UUID) -> Response:
    document = retry_reading(work, document_id)
    return reply(request, document_detail(work, document.id), status=201, version=document.version)


@router.get(
    "/documents/{document_id}/files",
    operation_id="list_document_files",
    summary="The files of a document, the plan first",
    response_model=FilePage,
)
@policy(P.DOCUMENT_READ)
def list_(request: Request, work: WorkGiven, document_id: UUID) -> Response:
    return reply(request, {"items": [_out(file) for file in list_files(work, document_id)], "next": None})


@router.get(
    "/documents/{document_id}/files/{ordinal}",
    operation_id="download_document_file",
    summary="A file of a document, as it was sent",
    response_class=Response,
    responses=_BYTES,
)
@policy(P.DOCUMENT_READ)
def download(request: Request, work: WorkGiven, document_id: UUID, ordinal: Ordinal) -> Response:
    file = get_file(work, document_id, ordinal)
    etag = f'"{file.stored.sha256[:20]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.stored.name, safe='')}"
    return Response(read_file(work, file), headers=headers, media_type=file.media_type)


@router.get(
    "/documents/{document_id}/pages/{page}/image",
    operation_id="draw_document_page",
    summary="A page of a PDF or a scan as a picture",
    response_class=Response,
    responses=_PICTURE,
)
@policy(P.DOCUMENT_READ)
def picture(
    request: Request, work: WorkGiven, document_id: UUID, page: PageNumber, width: Width = 960
) -> Response:
    image = draw_page(work, document_id, page, width)
    headers = {
        "ETag": f'"{image.key}"',
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Cookie",
    }
    if f'"{image.key}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(image.picture, headers=headers, media_type="image/jpeg")


def _out(file: FileOf) -> dict[str, Any]:
    return {
        "ordinal": file.row.ordinal,
        "name": file.stored.name,
        "size": file.stored.size,
        "sha256": file.stored.sha256,
        "format": file.row.format,
        "first_page": file.row.first_page,
        "last_page": file.row.last_page,
        "start": file.row.start_at,
        "end": file.row.end_at,
    }
