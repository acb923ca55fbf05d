"""/dang-nhap, /dang-xuat: one card on a page; in demo mode with the demo people beside it."""

import re
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.entry import DEVICE_COOKIE, AnsweredRoute, WorkGiven, cookie_name, house_of, policy
from app.errors import Invalid
from app.permissions import NOBODY, SYSTEM
from app.permissions import Permission as P
from app.services.demo_people import DEMO_PASSWORD, list_demo_links, list_demo_people
from app.services.signing_in import note_failed_try, sign_in, sign_out
from app.services.typed import UNKEEPABLE
from app.text import is_keepable
from app.web.forms import Form, FormGiven, FormRefused
from app.web.pages import html, page_text, see_other
from app.web.rendering import Page
from app.web.session_cookie import forget_session, keep_device, keep_session, sender_address
from app.work import Work, open_work

router = APIRouter(route_class=AnsweredRoute)
# Versions and counters of pages, and which button was pressed.
_NOT_TYPED = frozenset({"version", "draft", "theirs", "sent", "mark", "act", "action"})
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@router.get("/dang-nhap")
@policy(by_link=True)
def show(request: Request, work: WorkGiven, tiep: str = "/") -> Response:
    if work.actor is not NOBODY and work.actor.link is None:
        return RedirectResponse(_inside(tiep), 303)
    return html(request, work, "sign_in/page.html", _page(work), **_context(work, Form(), tiep))


@router.post("/dang-nhap")
@policy(P.SESSION_OPEN)
def enter(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    login, password = form.value("login"), form.value("password")
    address, device = sender_address(request), request.cookies.get(cookie_name(request, DEVICE_COOKIE))
    if not is_keepable(login):
        raise FormRefused(Invalid.field("login", UNKEEPABLE), _show_again, _without_password(form))
    try:
        opened = sign_in(work, login, password, address=address, device=device)
    except Invalid as error:
        work.session.rollback()
        _count_try(request, login, address, device)
        raise FormRefused(error, _show_again, _without_password(form)) from error

    answer = _after_signing_in(work, form)
    keep_session(request, answer, opened.secret, work.settings.session_hours * 3600)
    keep_device(request, answer, opened.device)
    return answer


@router.post("/dang-xuat")
@policy(P.SESSION_OPEN, by_link=True)
def leave(request: Request, work: WorkGiven) -> Response:
    came_by_link = work.actor.link is not None
    sign_out(work)
    said = "Bạn đã thoát. Muốn vào lại, mở lại liên kết." if came_by_link else "Bạn đã đăng xuất."
    answer = see_other("/dang-nhap", said)
    forget_session(request, answer)
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
    text = page_text("sign_in/resume.html", page, action=_inside(action), fields=fields, typed=_typed(fields))
    return Response(text, media_type="text/html", headers={"Cache-Control": "no-store"})


def _typed(fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Name of the part and value of what a person typed; not what pages and choices write of themselves."""
    parts = [(name.rpartition(".")[2], value) for name, value in fields if not name.startswith("_")]
    return [
        (part, value)
        for part, value in parts
        if value.strip() and part not in _NOT_TYPED and not _ID.fullmatch(value)
    ]


def _show_again(work: Work, form: Form) -> str:
    return page_text("sign_in/page.html", _page(work), **_context(work, form, form.value("next") or "/"))


def _context(work: Work, form: Form, next_address: str) -> dict[str, Any]:
    people = list_demo_people(work) if work.settings.demo else ()
    return {
        "form": form,
        "next_address": _inside(next_address),
        "demo_people": people,
        "demo_links": list_demo_links(work) if work.settings.demo else (),
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


def _inside(address: str) -> str:
    """Only ever an address of this site."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"
