"""/lich/{secret}.ics, what calendar programs fetch; /don-vi/{unit}/lich, where such addresses are made and revoked."""

import hashlib
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app.entry import UnkeptRoute, WorkGiven, policy
from app.errors import LinkGone
from app.models import Unit
from app.permissions import Permission as P
from app.services import calendar_link as service
from app.services.calendar_feed import build_calendar
from app.services.guessing import check_guesses
from app.web.guesses import count_guess
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.web.session_cookie import sender_address
from app.work import Work

router = APIRouter(route_class=UnkeptRoute)


@router.get("/lich/{secret}.ics")
@policy()
def feed(request: Request, work: WorkGiven, secret: str) -> Response:
    check_guesses(work, address=sender_address(request))
    try:
        drawn = build_calendar(work, secret, _site(request))
    except LinkGone:
        if not service.is_known(work, secret):
            count_guess(request, work)
        raise
    etag = f'"{hashlib.sha256(drawn).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(drawn, headers=headers, media_type="text/calendar; charset=utf-8")


@router.get("/don-vi/{unit_id}/lich")
@policy(P.CALENDAR_LINK_MANAGE)
def list_(request: Request, work: WorkGiven, unit_id: UUID) -> Response:
    unit = service.get_unit_of_calendar(work, unit_id)
    page = _page(request, work, unit)
    return html(request, work, "calendar_link/page.html", page, **_context(work, unit))


@router.post("/don-vi/{unit_id}/lich")
@policy(P.CALENDAR_LINK_MANAGE)
def make(request: Request, work: WorkGiven, unit_id: UUID) -> Response:
    link, secret = service.make_calendar_link(work, service.CalendarLinkInput(unit=unit_id))
    unit = service.get_unit_of_calendar(work, link.unit_id)
    shown = _context(work, unit) | {"address": f"{_site(request)}/lich/{secret}.ics"}
    text = page_text("calendar_link/page.html", _page(request, work, unit), **shown)
    return HTMLResponse(text, 201, headers={"Cache-Control": "no-store"})


@router.post("/don-vi/{unit_id}/lich/{calendar_link_id}/thu-hoi")
@policy(P.CALENDAR_LINK_MANAGE)
def revoke(work: WorkGiven, unit_id: UUID, calendar_link_id: UUID) -> Response:
    link = service.revoke_calendar_link(work, calendar_link_id)
    return see_other(f"/don-vi/{link.unit_id}/lich", "Đã thu hồi liên kết lịch.")


def _context(work: Work, unit: Unit) -> dict[str, Any]:
    return {"unit": unit, "links": service.list_calendar_links(work, unit=unit.id), "address": ""}


def _page(request: Request, work: Work, unit: Unit) -> Page:
    crumbs = (Crumb("Đơn vị", "/don-vi"), Crumb(unit.name, f"/don-vi/{unit.id}"))
    return frame(request, work, "Lịch hạn công việc", crumbs=crumbs)


def _site(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"
