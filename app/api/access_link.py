"""/access-links: to report in one period without an account. The secret is in the answer that made it, once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, Limit, from_cursor, page_of, reply
from app.entry import UnkeptRoute, WorkGiven, policy
from app.models import AccessLink
from app.permissions import Permission as P
from app.services import access_link as service
from app.services.typed import Nothing
from app.work import Work

# An answer kept for a repeated request would keep the secret readable.
router = APIRouter(prefix="/access-links", tags=["access links"], route_class=UnkeptRoute)


class AccessLinkOut(BaseModel):
    """`standing`: unused, used, expired or revoked; `expires_on`: the last day it works."""

    id: UUID
    unit: UUID
    period: UUID
    standing: str
    created_at: datetime
    expires_at: datetime
    expires_on: date
    last_used_at: datetime | None
    revoked_at: datetime | None
    allowed_actions: list[str]


class AccessLinkMadeOut(AccessLinkOut):
    """`address` is the page to send or to print; it is shown this once."""

    secret: str
    address: str


class AccessLinkPage(BaseModel):
    items: list[AccessLinkOut]
    next: str | None


@router.get(
    "", operation_id="list_access_links", summary="List links, newest first", response_model=AccessLinkPage
)
@policy(P.ACCESS_LINK_READ)
def list_(
    request: Request,
    work: WorkGiven,
    period: UUID | None = None,
    unit: UUID | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    after = from_cursor(cursor, UUID)
    rows = service.list_access_links(
        work, period=period, unit=unit, after=after[0] if after else None, limit=limit + 1
    )
    return reply(request, page_of([_out(work, row) for row in rows], limit, lambda o: (o["id"],)))


@router.post(
    "",
    operation_id="make_access_link",
    summary="Make a link for one unit and one period",
    status_code=201,
    response_model=AccessLinkMadeOut,
)
@policy(P.ACCESS_LINK_MANAGE)
def make(request: Request, work: WorkGiven, given: service.AccessLinkInput) -> Response:
    return _shown_once(request, work, service.make_access_link(work, given))


@router.get(
    "/{access_link_id}", operation_id="get_access_link", summary="One link", response_model=AccessLinkOut
)
@policy(P.ACCESS_LINK_READ)
def get(request: Request, work: WorkGiven, access_link_id: UUID) -> Response:
    return reply(request, _out(work, service.get_access_link(work, access_link_id)))


@router.post(
    "/{access_link_id}/renewals",
    operation_id="renew_access_link",
    summary="Make another link in its place; the old one stops working",
    status_code=201,
    response_model=AccessLinkMadeOut,
)
@policy(P.ACCESS_LINK_MANAGE)
def renew(
    request: Request, work: WorkGiven, access_link_id: UUID, given: service.RenewalInput | None = None
) -> Response:
    return _shown_once(request, work, service.renew_access_link(work, access_link_id, given))


@router.post(
    "/{access_link_id}/revocations",
    operation_id="revoke_access_link",
    summary="End a link, and what is open through it, at once",
    status_code=201,
    response_model=AccessLinkOut,
)
@policy(P.ACCESS_LINK_MANAGE)
def revoke(request: Request, work: WorkGiven, access_link_id: UUID, body: Nothing | None = None) -> Response:
    return reply(request, _out(work, service.revoke_access_link(work, access_link_id)), status=201)


def _shown_once(request: Request, work: Work, made: service.LinkMade) -> Response:
    site = f"{request.url.scheme}://{request.url.netloc}"
    secret = {"secret": made.secret, "address": f"{site}/l/{made.secret}"}
    location = f"/api/v1/access-links/{made.link.id}"
    answer = reply(request, _out(work, made.link) | secret, status=201, location=location)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _out(work: Work, link: AccessLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "unit": link.unit_id,
        "period": link.period_id,
        "standing": service.standing_of_link(link, work.now),
        "created_at": link.created_at,
        "expires_at": link.expires_at,
        "expires_on": service.last_day_of(link),
        "last_used_at": link.last_used_at,
        "revoked_at": link.revoked_at,
        "allowed_actions": service.allowed_actions(work, link),
    }
