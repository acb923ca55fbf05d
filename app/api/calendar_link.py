"""/calendar-links: addresses of a unit's due dates for calendar programs. The secret is in the answer that made it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, Limit, from_cursor, page_of, reply
from app.entry import UnkeptRoute, WorkGiven, policy
from app.models import CalendarLink
from app.permissions import Permission as P
from app.services import calendar_link as service
from app.services.typed import Nothing

# An answer kept for a repeated request would keep the secret readable.
router = APIRouter(prefix="/calendar-links", tags=["calendar links"], route_class=UnkeptRoute)


class CalendarLinkOut(BaseModel):
    id: UUID
    unit: UUID
    created_at: datetime
    revoked_at: datetime | None
    allowed_actions: list[str]


class CalendarLinkMadeOut(CalendarLinkOut):
    """`address` is what the calendar program subscribes to; it is shown this once."""

    address: str


class CalendarLinkPage(BaseModel):
    items: list[CalendarLinkOut]
    next: str | None


@router.get(
    "",
    operation_id="list_calendar_links",
    summary="List calendar links that work, newest first",
    response_model=CalendarLinkPage,
)
@policy(P.CALENDAR_LINK_MANAGE)
def list_(
    request: Request, work: WorkGiven, unit: UUID | None = None, limit: Limit = 100, cursor: Cursor = None
) -> Response:
    after = from_cursor(cursor, UUID)
    rows = service.list_calendar_links(work, unit=unit, after=after[0] if after else None, limit=limit + 1)
    return reply(request, page_of([_out(row) for row in rows], limit, lambda o: (o["id"],)))


@router.post(
    "",
    operation_id="make_calendar_link",
    summary="Make an iCalendar feed of a unit's due dates",
    status_code=201,
    response_model=CalendarLinkMadeOut,
)
@policy(P.CALENDAR_LINK_MANAGE)
def make(request: Request, work: WorkGiven, given: service.CalendarLinkInput) -> Response:
    link, secret = service.make_calendar_link(work, given)
    address = f"{request.url.scheme}://{request.url.netloc}/lich/{secret}.ics"
    answer = reply(request, _out(link) | {"address": address}, status=201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post(
    "/{calendar_link_id}/revocations",
    operation_id="revoke_calendar_link",
    summary="End a calendar link",
    status_code=201,
    response_model=CalendarLinkOut,
)
@policy(P.CALENDAR_LINK_MANAGE)
def revoke(
    request: Request, work: WorkGiven, calendar_link_id: UUID, body: Nothing | None = None
) -> Response:
    return reply(request, _out(service.revoke_calendar_link(work, calendar_link_id)), status=201)


def _out(link: CalendarLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "unit": link.unit_id,
        "created_at": link.created_at,
        "revoked_at": link.revoked_at,
        "allowed_actions": [] if link.revoked_at else ["revoke"],
    }
