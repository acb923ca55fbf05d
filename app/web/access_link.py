"""/ky/{period}/lien-ket: the office makes, renews and revokes links for units without an account, and prints them as
a sheet of QR codes. The secrets are on the page that made them, once."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.entry import UnkeptRoute, WorkGiven, answer_repeats, policy
from app.errors import Invalid
from app.models import Period
from app.permissions import Permission as P
from app.services import access_link as service
from app.services.access_link_page import AccessLinkPage, build_access_link_page
from app.services.period import get_period
from app.services.period_dates import exceptions_in
from app.web.days import day_boxes, read_day
from app.web.forms import Form, FormGiven, shown_again
from app.web.pages import frame, html, page_text, see_other
from app.web.qr import draw_qr
from app.web.rendering import Crumb, Page
from app.work import Work

# An answer kept for a repeated form would keep the secrets readable: who reloads the sheet is told that it was made.
router = APIRouter(prefix="/ky/{period_id}/lien-ket", route_class=UnkeptRoute)


@router.get("")
@policy(P.ACCESS_LINK_READ)
def list_(
    request: Request,
    work: WorkGiven,
    period_id: UUID,
    nhom: str = "",
    da_tao: Annotated[str, Query(alias="da-tao", max_length=1)] = "",
) -> Response:
    seen = build_access_link_page(work, period_id, group=_group(nhom))
    context = _context(work, seen, Form()) | {"was_made": bool(da_tao)}
    return html(request, work, "access_link/page.html", _page(request, work, seen.period), **context)


@router.post("")
@policy(P.ACCESS_LINK_MANAGE)
def make_sheet(request: Request, work: WorkGiven, period_id: UUID, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        seen = build_access_link_page(work, period_id, group=_group(form.value("nhom")))
        page = _page(request, work, seen.period)
        return page_text("access_link/page.html", page, **_context(work, seen, form))

    with shown_again(form, again):
        if not (chosen := form.all("units")):
            raise Invalid.field("units", "Chọn ít nhất một đơn vị.")
        given = form.read(service.SheetInput, units=chosen, expires_on=read_day(form, "expires_on"))
        made = service.make_sheet(work, period_id, given)
    return _sheet(request, work, get_period(work, period_id), made)


@router.post("/{link_id}/lam-moi")
@policy(P.ACCESS_LINK_MANAGE)
def renew(request: Request, work: WorkGiven, period_id: UUID, link_id: UUID) -> Response:
    made = service.renew_access_link(work, link_id)
    return _sheet(request, work, get_period(work, made.link.period_id), [made])


@router.post("/{link_id}/thu-hoi")
@policy(P.ACCESS_LINK_MANAGE)
def revoke(work: WorkGiven, period_id: UUID, link_id: UUID) -> Response:
    link = service.revoke_access_link(work, link_id)
    return see_other(
        f"/ky/{link.period_id}/lien-ket", "Đã thu hồi liên kết. Ai đang mở cũng không dùng được nữa."
    )


def _sheet(request: Request, work: Work, period: Period, made: list[service.LinkMade]) -> Response:
    page = frame(request, work, "Tờ mã QR", crumbs=_crumbs(period, below=True))
    own_dates = exceptions_in(work, period)
    codes = [_code(request, one, own_dates.get(one.unit.id, period.due_on)) for one in made]
    text = page_text("access_link/sheet.html", page, period=period, codes=codes)
    answer_repeats(request, see_other(f"/ky/{period.id}/lien-ket?da-tao=1"))
    return HTMLResponse(text, 201, headers={"Cache-Control": "no-store"})


def _code(request: Request, made: service.LinkMade, due_on: date) -> dict[str, Any]:
    address = f"{request.url.scheme}://{request.url.netloc}/l/{made.secret}"
    return {
        "unit": made.unit.name,
        "address": address,
        "drawing": draw_qr(address),
        "due_on": due_on,
        "last_day": service.last_day_of(made.link),
    }


def _context(work: Work, seen: AccessLinkPage, form: Form) -> dict[str, Any]:
    return {
        "seen": seen,
        "form": form,
        "chosen": form.all("units") if form.was_sent else [str(key) for key in seen.chosen],
        "expires_on": day_boxes(form, "expires_on", seen.last_day),
        "was_made": False,
        "may_manage": work.actor.may(P.ACCESS_LINK_MANAGE, seen.period.locality_id),
    }


def _page(request: Request, work: Work, period: Period) -> Page:
    return frame(request, work, "Liên kết báo cáo", crumbs=_crumbs(period))


def _crumbs(period: Period, *, below: bool = False) -> tuple[Crumb, ...]:
    here = f"/ky/{period.id}"
    way = (Crumb("Kỳ báo cáo", "/ky"), Crumb(period.name, here))
    return (*way, Crumb("Liên kết báo cáo", f"{here}/lien-ket")) if below else way


def _group(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
