"""/ma-truy-cap: one's own keys for other systems; the secret is shown on the page that made it, once."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app.entry import UnkeptRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services import token as service
from app.web.days import day_boxes, read_day
from app.web.forms import Form, FormGiven, shown_again
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.work import Work

# An answer kept for a repeated form would keep the secret readable.
router = APIRouter(prefix="/ma-truy-cap", route_class=UnkeptRoute)


@router.get("")
@policy(P.TOKEN_MANAGE)
def list_(request: Request, work: WorkGiven) -> Response:
    return html(request, work, "token/page.html", _page(request, work), **_context(work, Form()))


@router.post("")
@policy(P.TOKEN_MANAGE)
def add(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        return page_text("token/page.html", _page(request, work), **_context(work, form))

    with shown_again(form, again):
        given = form.read(service.TokenInput, "name", expires_on=read_day(form, "expires_on"))
        token, secret = service.add_own_token(work, given)
    made = _context(work, Form()) | {"made": token, "secret": secret}
    text = page_text("token/page.html", _page(request, work), **made)
    return HTMLResponse(text, 201, headers={"Cache-Control": "no-store"})


@router.post("/{token_id}/thu-hoi")
@policy(P.TOKEN_MANAGE)
def revoke(request: Request, work: WorkGiven, token_id: UUID) -> Response:
    service.revoke_token(work, token_id)
    return see_other("/ma-truy-cap", "Đã thu hồi mã truy cập.")


def _page(request: Request, work: Work) -> Page:
    return frame(request, work, "Mã truy cập", crumbs=(Crumb("Tài khoản của tôi", "/tai-khoan"),))


def _context(work: Work, form: Form) -> dict[str, Any]:
    return {
        "form": form,
        "tokens": service.list_tokens(work),
        "expires_on": day_boxes(form, "expires_on"),
        "made": None,
        "secret": "",
    }
