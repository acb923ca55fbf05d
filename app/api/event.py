"""/events: the history of one locality, oldest first, for who follows it; never altered."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.events import EVENT_KINDS
from app.models import EventRow
from app.permissions import Permission as P
from app.services._scope import check_locality
from app.services.event import EventFilter, list_events
from app.services.event_words import say

router = APIRouter(prefix="/events", tags=["events"], route_class=AnsweredRoute)


class EventOut(BaseModel):
    """`number` has no gap within a locality; each `hash` covers the one before (unit officers read only the
    events of their own unit, so their numbers have gaps). `text` is the Vietnamese sentence."""

    id: UUID
    locality: UUID
    number: int
    at: datetime
    kind: str
    text: str
    actor: str
    account: UUID | None
    subject_kind: str
    subject: UUID
    unit: UUID | None
    data: dict[str, Any]
    previous_hash: str
    hash: str


class EventPage(BaseModel):
    items: list[EventOut]
    next: str | None


@router.get("", operation_id="list_events", summary="Follow the history", response_model=EventPage)
@policy(P.EVENT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    locality: Annotated[UUID | None, Query(description="Your own when left out.")] = None,
    subject: UUID | None = None,
    unit: UUID | None = None,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    since: Annotated[int, Query(ge=0, le=2**31 - 1, description="Only numbers above this one.")] = 0,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    check_locality(work, locality)
    if kind is not None and kind not in EVENT_KINDS:
        raise Invalid.field("kind", f"Không có loại sự kiện “{kind}”. Xem “kind” của các sự kiện đã ghi.")
    after = from_cursor(cursor, int)
    wanted = EventFilter(locality=locality, subject=subject, unit=unit, kind=kind)
    rows = list_events(work, wanted, since=after[0] if after else since, limit=limit + 1)
    return reply(request, page_of([_out(row) for row in rows], limit, lambda o: (o["number"],)))


def _out(row: EventRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "locality": row.locality_id,
        "number": row.number,
        "at": row.at,
        "kind": row.kind,
        "text": say(row.kind, row.data),
        "actor": row.actor_name,
        "account": row.account_id,
        "subject_kind": row.subject_kind,
        "subject": row.subject_id,
        "unit": row.unit_id,
        "data": row.data,
        "previous_hash": row.previous_hash,
        "hash": row.hash,
    }
