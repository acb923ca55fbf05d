"""/l/{secret}: the page a link or a QR code leads to. Looking at it does nothing, since messengers fetch every address
they are sent; its one button opens the unit's period form."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.entry import UnkeptRoute, WorkGiven, policy
from app.errors import LinkGone
from app.permissions import Permission as P
from app.services.link_door import enter_by_link, is_known, look_at_door
from app.web.guesses import count_guess
from app.web.pages import html
from app.web.rendering import Page
from app.web.session_cookie import keep_session, sender_address

router = APIRouter(prefix="/l/{secret}", route_class=UnkeptRoute)


@router.get("")
@policy(by_link=True)
def show(request: Request, work: WorkGiven, secret: str) -> Response:
    try:
        door = look_at_door(work, secret, address=sender_address(request))
    except LinkGone:
        if not is_known(work, secret):
            count_guess(request, work)
        raise
    page = Page(title="Phiếu báo cáo", locality_name=door.place, demo=work.settings.demo)
    answer = html(request, work, "link/page.html", page, door=door, here=request.url.path)
    # Found by no search engine, kept by nobody on the way.
    answer.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    return answer


@router.post("")
@policy(P.SESSION_OPEN, by_link=True)
def enter(request: Request, work: WorkGiven, secret: str) -> Response:
    try:
        entered = enter_by_link(work, secret, address=sender_address(request))
    except LinkGone:
        work.session.rollback()
        if not is_known(work, secret):
            count_guess(request, work)
        raise
    answer = RedirectResponse(entered.address, 303)
    keep_session(request, answer, entered.secret, entered.seconds)
    return answer
