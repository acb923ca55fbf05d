"""/dang-nhap, /dang-xuat: one card on a page; in demo mode with the demo people beside it."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.entry import (
    COOKIE,
    DEVICE_COOKIE,
    AnsweredRoute,
    WorkGiven,
    cookie_name,
    house_of,
    policy,
)
from app.errors import Invalid
from app.permissions import NOBODY, SYSTEM
from app.permissions import Permission as P
from app.services.demo_people import DEMO_PASSWORD, list_demo_people
from app.services.signing_in import note_failed_try, sign_in, sign_out
from app.services.typed import UNKEEPABLE
from app.text import is_keepable
from app.web.forms import Form, FormGiven, FormRefused
from app.web.pages import html, page_text, see_other
from app.web.rendering import Page
from app.work import Work, open_work

router = APIRouter(route_class=AnsweredRoute)
YEAR = 365 * 24 * 3600


@router.get("/dang-nhap")
@policy()
def show(request: Request, work: WorkGiven, tiep: str = "/") -> Response:
    if work.actor is not NOBODY:
        return RedirectResponse(_inside(tiep), 303)
    return html(request, work, "sign_in/page.html", _page(work), **_context(work, Form(), tiep))


@router.post("/dang-nhap")
@policy(P.SESSION_OPEN)
def enter(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    login, password = form.value("login"), form.value("password")
    address, device = _address(request), request.cookies.get(cookie_name(request, DEVICE_COOKIE))
    if not is_keepable(login):
        raise FormRefused(Invalid.field("login", UNKEEPABLE), _show_again, _without_password(form))
    try:
        opened = sign_in(work, login, password, address=address, device=device)
    except Invalid as error:
        work.session.rollback()
        _count_try(request, login, address, device)
        raise FormRefused(error, _show_again, _without_password(form)) from error

    answer = _after_signing_in(work, form)
    secure = request.url.scheme == "https"
    common: dict[str, Any] = {"httponly": True, "samesite": "lax", "secure": secure, "path": "/"}
    answer.set_cookie(
        cookie_name(request, COOKIE), opened.secret, max_age=work.settings.session_hours * 3600, **common
    )
    answer.set_cookie(cookie_name(request, DEVICE_COOKIE), opened.device, max_age=YEAR, **common)
    return answer


@router.post("/dang-xuat")
@policy(P.SESSION_OPEN)
def leave(request: Request, work: WorkGiven) -> Response:
    sign_out(work)
    answer = see_other("/dang-nhap", "Bạn đã đăng xuất.")
    answer.delete_cookie(cookie_name(request, COOKIE), secure=request.url.scheme == "https", httponly=True)
    return answer


def _after_signing_in(work: Work, form: Form) -> Response:
    """On to where the person was going; a form kept from before is offered for sending, still filled in."""
    action = form.value("kept_action")
    if not action:
        return RedirectResponse(_inside(form.value("next") or "/"), 303)
    fields = [
        (name.removeprefix("kept:"), v)
        for name, vs in form.values.items()
        for v in vs
        if name.startswith("kept:")
    ]
    page = Page(title="Gửi tiếp nội dung đang nhập", demo=work.settings.demo)
    text = page_text("sign_in/resume.html", page, action=_inside(action), fields=fields)
    return Response(text, media_type="text/html", headers={"Cache-Control": "no-store"})


def _show_again(work: Work, form: Form) -> str:
    return page_text("sign_in/page.html", _page(work), **_context(work, form, form.value("next") or "/"))


def _context(work: Work, form: Form, next_address: str) -> dict[str, Any]:
    people = list_demo_people(work) if work.settings.demo else ()
    return {
        "form": form,
        "next_address": _inside(next_address),
        "demo_people": people,
        "demo_password": DEMO_PASSWORD,
        "kept_action": form.value("kept_action"),
        "kept_fields": _kept(form),
        "kept_files": [],
    }


def _kept(form: Form) -> list[tuple[str, str]]:
    """Name and value of every field of the form that was being typed when the session ended."""
    names = [name for name in form.values if name.startswith("kept:")]
    return [(name.removeprefix("kept:"), value) for name in names for value in form.all(name)]


def _page(work: Work) -> Page:
    return Page(title="Đăng nhập", demo=work.settings.demo)


def _without_password(form: Form) -> Form:
    return Form({name: values for name, values in form.values.items() if name != "password"})


def _count_try(request: Request, login: str, address: str, device: str | None) -> None:
    house = house_of(request)
    with open_work(house.database, house.settings, actor=SYSTEM) as counting:
        note_failed_try(counting, login, address=address, device=device)


def _address(request: Request) -> str:
    return request.client.host if request.client else "?"


def _inside(address: str) -> str:
    """Only ever an address of this site."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"
