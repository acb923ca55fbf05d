"""From a read model to an answer: the frame every page shares, redirects, notices."""

from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.permissions import NOBODY, Actor, LinkGrant, Permission
from app.web.forms import new_form_key
from app.web.rendering import Crumb, NavigationItem, Notice, Page, SignedIn, Visit, render
from app.work import Work

P = Permission
NOTICE_COOKIE = "tiendo_notice"

# (label, address, permission that shows it). Units see their own things from the home page.
NAVIGATION: tuple[tuple[str, str, Permission], ...] = (
    ("Trang chủ", "/", P.LOCALITY_READ),
    ("Thông báo", "/thong-bao", P.NOTICE_READ),
    ("Kế hoạch", "/ke-hoach", P.PLAN_READ),
    ("Chỉ tiêu", "/chi-tieu", P.PLAN_READ),
    ("Kỳ báo cáo", "/ky", P.OVERVIEW_READ),
    ("Câu hỏi", "/cau-hoi", P.QUESTION_ANSWER),
    ("Đôn đốc", "/don-doc", P.OVERVIEW_READ),
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
    visit = _visit(actor)
    return Page(
        title=title,
        breadcrumbs=_way(request, visit, crumbs, title),
        navigation=_navigation(request, work),
        person=None if actor is NOBODY else SignedIn(actor.name, actor.post),
        visit=visit,
        locality_name=_place_of(actor),
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
    return answer if page.notice is None else shown_once(answer)


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


def shown_once(answer: Response) -> Response:
    answer.delete_cookie(NOTICE_COOKIE)
    return answer


def form_of(link: LinkGrant) -> str:
    """The one page a link leads to."""
    return f"/bao-cao-ky/{link.unit_id}/{link.period_id}"


def _visit(actor: Actor) -> Visit | None:
    link = actor.link
    return Visit(link.unit_name, link.period_name, form_of(link)) if link is not None else None


def _way(request: Request, visit: Visit | None, crumbs: tuple[Crumb, ...], title: str) -> tuple[Crumb, ...]:
    """From the first page to this one; who came in with a link has one page to go back to."""
    path = request.url.path
    if visit is not None:
        return (Crumb("Phiếu báo cáo", visit.form), Crumb(title)) if path != visit.form else ()
    return (Crumb("Trang chủ", "/"), *crumbs, Crumb(title)) if path != "/" else ()


def _place_of(actor: Actor) -> str:
    if actor.link is not None:
        return actor.link.place
    return actor.grants[0].place if actor.grants else ""


def _navigation(request: Request, work: Work) -> tuple[NavigationItem, ...]:
    path = request.url.path
    return tuple(
        NavigationItem(label, href, path == href or (href != "/" and path.startswith(href + "/")))
        for label, href, permission in NAVIGATION
        if work.actor.localities_with(permission)
    )
