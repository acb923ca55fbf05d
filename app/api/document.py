"""/documents: the files of an issued plan are taken in here; its clauses and candidates are read beneath it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.models import Document, Passage, Plan, StoredFile
from app.permissions import Permission as P
from app.services._scope import check_locality
from app.services.coverage import set_aside_passage
from app.services.document import SentFile, get_passage, list_passages, upload_files
from app.services.document_file import DocumentStatus, build_status
from app.services.intake import Intake, ListedDocument, build_intake, list_documents_with_plans
from app.services.typed import Typed
from app.work import Work

router = APIRouter(tags=["documents"], route_class=AnsweredRoute)


class PlanBrief(BaseModel):
    id: UUID
    version: int
    code: str
    state: str


class WarningOut(BaseModel):
    """A doubt found while reading. `passage` is the key of the clause, or null for the whole document."""

    code: str
    message: str
    passage: str | None
    excerpt: str


class FailureOut(BaseModel):
    """Why a document could not be read, and what to do."""

    code: str
    message: str


class ProgressOut(BaseModel):
    """`page` of `pages` of all files is done; `pages` is 0 until that is known. `preview`: what is read last.
    `before`: documents that are read before this one."""

    page: int
    pages: int
    preview: str
    before: int


class DocumentOut(BaseModel):
    """`plan` is null until the document is read; `file_name`, `size` and `sha256` are those of its first file."""

    id: UUID
    version: int
    locality: UUID
    state: str
    attempt: int
    pages: int | None
    failure: FailureOut | None
    file_name: str
    size: int
    sha256: str
    title: str | None
    kind: str | None
    issuer: str | None
    number: str | None
    issued_on: date | None
    references: list[str]
    signed_as: str | None
    signed_by: str | None
    distribution: list[str]
    warnings: list[WarningOut]
    plan: PlanBrief | None
    pending: int
    candidates: int
    uploaded_at: datetime
    page_url: str


class CoverageOut(BaseModel):
    """Clauses under tasks and organisation: ids of those still open, and counts of the rest."""

    total: int
    used: int
    set_aside: int
    waiting: list[UUID]
    unused: list[UUID]


class DocumentDetailOut(DocumentOut):
    """`counts`: candidates by kind, then by state; `progress` is null once the document is read, or failed."""

    progress: ProgressOut | None
    coverage: CoverageOut
    counts: dict[str, dict[str, int]]
    allowed_actions: list[str]


class DocumentPage(BaseModel):
    items: list[DocumentOut]
    next: str | None


class PassageOut(BaseModel):
    """One clause: `raw` is the document's own text from `start` to `end`, `text` the cleaned form. `file` is the
    ordinal of the file it stands in; `page` counts through all files; `box` is its place on that page in fractions
    from the top left, [left, top, right, bottom]; `confidence`, 0 to 100, of recognised letters."""

    id: UUID
    version: int
    document: UUID
    key: str
    path: str
    kind: str
    text: str
    raw: str
    start: int
    end: int
    in_scope: bool
    set_aside: bool
    file: int
    page: int | None
    box: list[float] | None
    confidence: float | None


class PassagePage(BaseModel):
    items: list[PassageOut]
    next: str | None


class SetAsideInput(Typed):
    """`set_aside` false takes it back."""

    set_aside: bool = True


async def read_upload(
    request: Request, name: Annotated[str, Query(max_length=255, description="File name.")] = ""
) -> list[SentFile]:
    """Multipart fields `file`, the plan first, or the body itself. `name` is that of a body, or of a single file."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return [SentFile(name or "van-ban.txt", await request.body())]
    async with request.form() as form:
        sent = [part for part in form.getlist("file") if isinstance(part, UploadFile)]
        if not sent:
            said = "Chưa có tệp. Gửi tệp trong trường “file”, hoặc gửi tệp làm thân yêu cầu."
            raise Invalid.field("file", said)
        given = name if len(sent) == 1 else ""
        return [SentFile(given or part.filename or "van-ban.txt", await part.read()) for part in sent]


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/plain": {"schema": {"type": "string", "maxLength": 2_000_000}},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
                }
            },
        },
    }
}


@router.post(
    "/documents",
    operation_id="upload_document",
    summary="Take in the files of an issued plan: text is read at once, other formats by a job",
    status_code=201,
    response_model=DocumentDetailOut,
    openapi_extra=_BODY,
)
@policy(P.DOCUMENT_UPLOAD)
def upload(
    request: Request,
    work: WorkGiven,
    sent: Annotated[list[SentFile], Depends(read_upload)],
    locality: UUID | None = None,
    amends: Annotated[UUID | None, Query(description="The plan in force that this one changes.")] = None,
) -> Response:
    made = upload_files(work, sent, locality_id=locality, amends=amends)
    out = document_detail(work, made.id)
    return reply(request, out, status=201, version=made.version, location=f"/api/v1/documents/{made.id}")


@router.get(
    "/documents",
    operation_id="list_documents",
    summary="List documents, newest first",
    response_model=DocumentPage,
)
@policy(P.DOCUMENT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    locality: UUID | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    check_locality(work, locality)
    after = from_cursor(cursor, UUID)
    rows = list_documents_with_plans(
        work, locality_id=locality, after=after[0] if after else None, limit=limit + 1
    )
    return reply(request, page_of([_listed(row) for row in rows], limit, lambda o: (o["id"],)))


@router.get(
    "/documents/{document_id}",
    operation_id="get_document",
    summary="A document: how far its reading is, then its coverage",
    response_model=DocumentDetailOut,
)
@policy(P.DOCUMENT_READ)
def get(request: Request, work: WorkGiven, document_id: UUID) -> Response:
    return reply(request, document_detail(work, document_id))


@router.get(
    "/documents/{document_id}/passages",
    operation_id="list_passages",
    summary="The clauses of a document, in order",
    response_model=PassagePage,
)
@policy(P.DOCUMENT_READ)
def passages(
    request: Request, work: WorkGiven, document_id: UUID, limit: Limit = 100, cursor: Cursor = None
) -> Response:
    after = from_cursor(cursor, int)
    rows = list_passages(work, document_id, after=after[0] if after else None, limit=limit + 1)
    outs = [passage_out(row) | {"ordinal": row.ordinal} for row in rows]
    page = page_of(outs, limit, lambda o: (o["ordinal"],))
    for out in outs:
        out.pop("ordinal")
    return reply(request, page)


@router.post(
    "/passages/{passage_id}/set-asides",
    operation_id="set_aside_passage",
    summary="Say that a clause is no task, or take that back",
    status_code=201,
    response_model=PassageOut,
)
@policy(P.CANDIDATE_DECIDE)
def set_aside(
    request: Request,
    work: WorkGiven,
    passage_id: UUID,
    version: IfMatch,
    given: SetAsideInput | None = None,
) -> Response:
    known = version if version is not None else get_passage(work, passage_id).version
    row = set_aside_passage(work, passage_id, known, set_aside=(given or SetAsideInput()).set_aside)
    return reply(request, passage_out(row), status=201, version=row.version)


def passage_out(row: Passage) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "document": row.document_id,
        "key": row.key,
        "path": row.path,
        "kind": row.kind,
        "text": row.text,
        "raw": row.raw,
        "start": row.start_at,
        "end": row.end_at,
        "in_scope": row.in_scope,
        "set_aside": row.set_aside,
        "file": row.file_ordinal,
        "page": row.page,
        "box": row.box,
        "confidence": row.confidence,
    }


def _listed(row: ListedDocument) -> dict[str, Any]:
    return _out(row.document, row.plan, row.file) | {"pending": row.pending, "candidates": row.total}


def document_detail(work: Work, document_id: UUID) -> dict[str, Any]:
    status = build_status(work, document_id)
    out = {"progress": _progress(status)}
    if status.document.state == "read":
        return out | _read_detail(build_intake(work, document_id))
    nothing = {"total": 0, "used": 0, "set_aside": 0, "waiting": [], "unused": []}
    unread = {"pending": 0, "candidates": 0, "coverage": nothing, "counts": {}}
    shown = _out(status.document, None, status.files[0].stored)
    return out | shown | unread | {"allowed_actions": status.actions}


def _progress(status: DocumentStatus) -> dict[str, Any] | None:
    if not status.is_open:
        return None
    noted = status.progress
    return {
        "page": noted.page if noted else 0,
        "pages": noted.pages if noted else 0,
        "preview": noted.preview if noted else "",
        "before": status.before,
    }


def _read_detail(seen: Intake) -> dict[str, Any]:
    counts: dict[str, dict[str, int]] = {}
    for (kind, state), number in sorted(seen.counts.items()):
        counts.setdefault(kind, {})[state] = number
    cover = seen.coverage
    return _out(seen.document, seen.plan, seen.file) | {
        "pending": sum(states.get("pending", 0) for states in counts.values()),
        "candidates": len(seen.candidates),
        "coverage": {
            "total": cover.total,
            "used": len(cover.used),
            "set_aside": len(cover.set_aside),
            "waiting": [passage.id for passage in cover.waiting],
            "unused": [passage.id for passage in cover.unused],
        },
        "counts": counts,
        "allowed_actions": ["accept_all"] * seen.may_decide + ["issue"] * seen.may_issue,
    }


def _out(document: Document, plan: Plan | None, file: StoredFile) -> dict[str, Any]:
    return {
        "id": document.id,
        "version": document.version,
        "locality": document.locality_id,
        "state": document.state,
        "attempt": document.attempt,
        "pages": document.pages,
        "failure": _failure(document),
        "file_name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "title": document.title,
        "kind": document.kind,
        "issuer": document.issuer,
        "number": document.number,
        "issued_on": document.issued_on,
        "references": document.references,
        "signed_as": document.signed_as,
        "signed_by": document.signed_by,
        "distribution": document.distribution,
        "warnings": document.warnings,
        "plan": plan and {"id": plan.id, "version": plan.version, "code": plan.code, "state": plan.state},
        "uploaded_at": document.created_at,
        "page_url": f"/van-ban/{document.id}",
    }


def _failure(document: Document) -> dict[str, str] | None:
    if document.failure_code is None or document.failure is None:
        return None
    return {"code": document.failure_code, "message": document.failure}
