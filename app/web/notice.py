"""/thong-bao: what one was told; opening a notice marks it as read."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.models.notice import NOTICE_KINDS
from app.permissions import Permission as P
from app.services.notice import count_unread, list_notices, read_all_notices, read_notice
from app.services.notice_choice import ChoicesInput, choose, wanted_by_mail
from app.services.person import get_own_account
from app.web.cursors import from_cursor, to_cursor
from app.web.forms import FormGiven
from app.web.labels import label
from app.web.pages import frame, html, see_other
from app.web.rendering import Crumb

router = APIRouter(prefix="/thong-bao", route_class=AnsweredRoute)
LISTED = 30


@router.get("")
@policy(P.NOTICE_READ)
def list_(request: Request, work: WorkGiven, loai: str = "", chua_doc: str = "", tiep: str = "") -> Response:
    kind = loai if loai in NOTICE_KINDS else ""
    rows = list_notices(
        work,
        kind=kind or None,
        unread=bool(chua_doc),
        after=from_cursor(tiep, datetime.fromisoformat),
        limit=LISTED + 1,
    )
    last = rows[LISTED - 1] if len(rows) > LISTED else None
    asked = f"/thong-bao?loai={kind}&chua_doc={'1' if chua_doc else ''}"
    return html(
        request,
        work,
        "notice/list.html",
        frame(request, work, "Thông báo"),
        rows=rows[:LISTED],
        unread=count_unread(work),
        kinds=[(code, label("notice", code)) for code in NOTICE_KINDS],
        kind=kind,
        only_unread=bool(chua_doc),
        next=f"{asked}&tiep={_encoded(last.at, last.id)}" if last else "",
    )


@router.get("/cai-dat")
@policy(P.NOTICE_READ)
def show_choices(request: Request, work: WorkGiven) -> Response:
    return html(
        request,
        work,
        "notice/choices.html",
        frame(request, work, "Nhận thư điện tử", crumbs=(Crumb("Thông báo", "/thong-bao"),)),
        kinds=[(code, label("notice", code)) for code in NOTICE_KINDS],
        wanted=wanted_by_mail(work),
        address=get_own_account(work).email or "",
        sends=bool(work.settings.smtp_host),
    )


@router.post("/cai-dat")
@policy(P.NOTICE_CHOOSE)
def set_choices(work: WorkGiven, form: FormGiven) -> Response:
    kinds = [kind for kind in NOTICE_KINDS if kind in form.all("by_mail")]
    choose(work, ChoicesInput(by_mail=kinds))
    return see_other("/thong-bao/cai-dat", "Đã lưu lựa chọn nhận thư.")


@router.post("/da-doc")
@policy(P.NOTICE_CHOOSE)
def read_all(work: WorkGiven) -> Response:
    done = read_all_notices(work)
    return see_other("/thong-bao", f"Đã đánh dấu {done} thông báo là đã đọc.")


@router.post("/{notice_id}/mo")
@policy(P.NOTICE_CHOOSE)
def open_(work: WorkGiven, notice_id: UUID) -> Response:
    """Read, and go where it leads."""
    return see_other(read_notice(work, notice_id).href)


@router.post("/{notice_id}/da-doc")
@policy(P.NOTICE_CHOOSE)
def read(work: WorkGiven, notice_id: UUID) -> Response:
    read_notice(work, notice_id)
    return see_other("/thong-bao", "Đã đánh dấu là đã đọc.")


def _encoded(at: datetime, notice_id: UUID) -> str:
    """The zone's plus sign would be read as a space."""
    return to_cursor(at, notice_id).replace("+", "%2B")
