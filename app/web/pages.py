"""From a read model to an answer: the frame every page shares, redirects, notices, kept pages."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from secrets import token_urlsafe
from threading import Lock
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.permissions import NOBODY, Permission
from app.web.forms import new_form_key
from app.web.rendering import Crumb, NavigationItem, Notice, Page, SignedIn, render
from app.work import Work

P = Permission
NOTICE_COOKIE = "tiendo_notice"
STARTED = token_urlsafe(6)  # a new release draws its pages anew

# (label, address, permission that shows it). Units see their own things from the home page.
NAVIGATION: tuple[tuple[str, str, Permission], ...] = (
    ("Trang chủ", "/", P.LOCALITY_READ),
    ("Kế hoạch", "/ke-hoach", P.PLAN_READ),
    ("Chỉ tiêu", "/chi-tieu", P.PLAN_READ),
    ("Kỳ báo cáo", "/ky", P.OVERVIEW_READ),
    ("Tiếp nhận văn bản", "/van-ban", P.DOCUMENT_UPLOAD),
    ("Đơn vị", "/don-vi", P.UNIT_READ),
    ("Người dùng", "/nguoi-dung", P.PERSON_READ),
    ("Lịch sử", "/lich-su", P.OVERVIEW_READ),
)


def frame(
    request: Request, work: Work, title: str, *, crumbs: tuple[Crumb, ...] = (), query: str = ""
) -> Page:
    """What base.html shows around the content, for this person at this address."""
    actor = work.actor
    notice = request.cookies.get(NOTICE_COOKIE)
    kind, _, text = unquote(notice or "").partition("|")
    return Page(
        title=title,
        breadcrumbs=(Crumb("Trang chủ", "/"), *crumbs, Crumb(title)) if request.url.path != "/" else (),
        navigation=_navigation(request, work),
        person=None if actor is NOBODY else SignedIn(actor.name, actor.post),
        locality_name=actor.grants[0].place if actor.grants else "",
        notice=Notice(text, kind) if text and request.method == "GET" else None,
        demo=work.settings.demo,
        query=query,
    )


def html(request: Request, work: Work, template: str, page: Page, **context: Any) -> Response:
    """A full page; shows a waiting notice once."""
    answer = HTMLResponse(
        page_text(template, page, **context), headers={"Cache-Control": "private, no-cache"}
    )
    answer.headers["Vary"] = "Cookie, HX-Request"
    return answer if page.notice is None else _shown_once(answer)


def page_text(template: str, page: Page, **context: Any) -> str:
    return render(template, page=page, form_key=new_form_key(), **context)


def fragment(template: str, **context: Any) -> Response:
    """One fragment for an htmx request."""
    text = render(template, form_key=new_form_key(), **context)
    return HTMLResponse(text, headers={"Cache-Control": "private, no-store", "Vary": "Cookie, HX-Request"})


def is_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def see_other(address: str, notice: str = "", *, kind: str = "success") -> Response:
    """After a form was taken: go and read, with one line saying what was done."""
    answer = RedirectResponse(address, status_code=303)
    if notice:
        answer.set_cookie(NOTICE_COOKIE, quote(f"{kind}|{notice}"), max_age=60, httponly=True, samesite="lax")
    return answer


class KeptPages:
    """Pages kept ready-made, keyed by what they show, who sees them and the day."""

    def __init__(self, size: int = 512) -> None:
        self._size = size
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def put(self, key: str, page: bytes) -> None:
        with self._lock:
            self._pages[key] = page
            while len(self._pages) > self._size:
                self._pages.popitem(last=False)


KEPT = KeptPages()


def kept_page(request: Request, work: Work, number: int, build: Callable[[str], str]) -> Response:
    """A page that changes only with its locality's history: `number` is that of the last event there.

    Unchanged since the browser last saw it: 304. Kept ready-made: its bytes. Else `build(key)` renders it.
    A page with a notice is neither kept nor taken from the kept ones."""
    if NOTICE_COOKIE in request.cookies:
        return _shown_once(HTMLResponse(build(new_form_key()), headers=_KEPT_HEADERS))
    seen_by = (work.actor.account_id, work.actor.grants, work.today, STARTED)
    key = hashlib.sha256(repr((str(request.url), number, *seen_by)).encode()).hexdigest()[:32]
    headers = {**_KEPT_HEADERS, "ETag": f'"{key}"'}
    if key in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    page = KEPT.get(key)
    if page is None:
        page = build(key).encode()
        KEPT.put(key, page)
    return HTMLResponse(page, headers=headers)


_KEPT_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Cookie, HX-Request"}


def _shown_once(answer: Response) -> Response:
    answer.delete_cookie(NOTICE_COOKIE)
    return answer


def _navigation(request: Request, work: Work) -> tuple[NavigationItem, ...]:
    path = request.url.path
    return tuple(
        NavigationItem(label, href, path == href or (href != "/" and path.startswith(href + "/")))
        for label, href, permission in NAVIGATION
        if work.actor.localities_with(permission)
    )
