"""/notices: what one was told, and reading it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Notice
from app.permissions import Permission as P
from app.services import notice as service

router = APIRouter(prefix="/notices", tags=["notices"], route_class=AnsweredRoute)

Kind = Literal[
    "assigned",
    "due_soon",
    "overdue",
    "reported",
    "returned",
    "confirmed",
    "urged",
    "mentioned",
    "question",
    "extension",
]


class NoticeOut(BaseModel):
    """`href`: the page it is about. `unit`: the unit it is about, null for none in particular."""

    id: UUID
    locality: UUID
    kind: str
    text: str
    href: str
    unit: UUID | None
    at: datetime
    read_at: datetime | None


class NoticePage(BaseModel):
    """`unread`: how many of all your notices you have not read."""

    items: list[NoticeOut]
    next: str | None
    unread: int


class ReadingsOut(BaseModel):
    """`read`: how many were unread until now."""

    read: int


@router.get(
    "",
    operation_id="list_notices",
    summary="List your own notices, the newest first",
    response_model=NoticePage,
)
@policy(P.NOTICE_READ)
def list_(
    request: Request,
    work: WorkGiven,
    kind: Kind | None = None,
    unread: bool = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    after: Any = from_cursor(cursor, datetime.fromisoformat, UUID)
    rows = service.list_notices(work, kind=kind, unread=unread, after=after, limit=limit + 1)
    page = page_of([_out(row) for row in rows], limit, lambda out: (out["at"], out["id"]))
    return reply(request, page | {"unread": service.count_unread(work)})


@router.post(
    "/readings",
    operation_id="read_all_notices",
    summary="Mark all your notices as read",
    status_code=201,
    response_model=ReadingsOut,
)
@policy(P.NOTICE_CHOOSE)
def read_all(request: Request, work: WorkGiven) -> Response:
    return reply(request, {"read": service.read_all_notices(work)}, status=201)


@router.post(
    "/{notice_id}/readings",
    operation_id="read_notice",
    summary="Mark a notice as read; doing it again changes nothing",
    status_code=201,
    response_model=NoticeOut,
)
@policy(P.NOTICE_CHOOSE)
def read(request: Request, work: WorkGiven, notice_id: UUID) -> Response:
    return reply(request, _out(service.read_notice(work, notice_id)), status=201)


def _out(row: Notice) -> dict[str, Any]:
    return {
        "id": row.id,
        "locality": row.locality_id,
        "kind": row.kind,
        "text": row.text,
        "href": row.href,
        "unit": row.unit_id,
        "at": row.at,
        "read_at": row.read_at,
    }
