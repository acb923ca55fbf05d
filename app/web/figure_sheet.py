"""/bao-cao-ky/{unit}/{period}/bang-tinh: a unit's figures by spreadsheet: take the template, fill it in, check, send.
/ky/{period}/so-lieu.xlsx: the template of every unit, for whoever reads the whole locality."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import TienDoError
from app.models import Period, Unit
from app.permissions import Permission as P
from app.receiving import FigureSheetSent
from app.services import figure_sheet_sending as service
from app.services.figure_sheet import NamedSheet, get_period_sheet, get_unit_sheet
from app.services.figure_sheet_check import REFUSED, SheetCheck, require_sheet_sender
from app.settings import MAX_UPLOAD_BYTES
from app.web.downloads import as_attachment
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
HERE = "/bao-cao-ky/{unit_id}/{period_id}/bang-tinh"
ONLY_RIGHT = "right"
WithLast = Annotated[bool, Query(alias="ky-truoc")]


@router.get("/ky/{period_id}/so-lieu.xlsx")
@policy(P.SUBMISSION_READ)
def download_period(work: WorkGiven, period_id: UUID, with_last: WithLast = False) -> Response:
    return _file(get_period_sheet(work, period_id, with_last=with_last))


@router.get(HERE)
@policy(P.SUBMISSION_SEND, by_link=True)
def show(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID) -> Response:
    page, context = _start(request, work, unit_id, period_id)
    return html(request, work, "figure_sheet/page.html", page, **context, form=Form())


@router.get(f"{HERE}/mau.xlsx")
@policy(P.SUBMISSION_READ, by_link=True)
def download(work: WorkGiven, unit_id: UUID, period_id: UUID, with_last: WithLast = False) -> Response:
    return _file(get_unit_sheet(work, unit_id, period_id, with_last=with_last))


@router.post(HERE)
@policy(P.SUBMISSION_SEND, by_link=True)
def take(
    request: Request,
    unit_id: UUID,
    period_id: UUID,
    sent: FigureSheetSent,
    work: WorkGiven,
) -> Response:
    def again(work: Work, form: Form) -> str:
        page, context = _start(request, work, unit_id, period_id)
        return page_text("figure_sheet/page.html", page, **context, form=form)

    require_sheet_sender(work, unit_id, period_id)
    with shown_again(Form({"file": [""]}), again):
        if isinstance(sent, TienDoError):
            raise sent
        key, _ = service.keep_sheet(work, unit_id, period_id, sent)
    return see_other(f"{_here(unit_id, period_id)}/{key}")


@router.get(f"{HERE}/{{sheet_id}}")
@policy(P.SUBMISSION_SEND, by_link=True)
def check(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID, sheet_id: UUID) -> Response:
    page, context = _check(request, work, unit_id, period_id, sheet_id, Form())
    return html(request, work, "figure_sheet/check.html", page, **context)


@router.get(f"{HERE}/{{sheet_id}}/chua-gui.xlsx")
@policy(P.SUBMISSION_SEND, by_link=True)
def download_refused(work: WorkGiven, unit_id: UUID, period_id: UUID, sheet_id: UUID) -> Response:
    return _file(service.get_refused_sheet(work, unit_id, period_id, sheet_id))


@router.post(f"{HERE}/{{sheet_id}}")
@policy(P.SUBMISSION_SEND, by_link=True)
def send(
    request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID, sheet_id: UUID, form: FormGiven
) -> Response:
    def again(work: Work, form: Form) -> str:
        page, context = _check(request, work, unit_id, period_id, sheet_id, form)
        return page_text("figure_sheet/check.html", page, **context)

    with shown_again(form, again):
        mark, only_right = form.value("mark") or None, form.value("what") == ONLY_RIGHT
        given = checked(service.SheetSending, {"notes": _notes(form), "only_right": only_right, "mark": mark})
        count = service.send_sheet(work, unit_id, period_id, sheet_id, given)
    left = len(service.check_kept_sheet(work, unit_id, period_id, sheet_id).with_outcome(REFUSED))
    if left:
        said = f"Đã gửi {count} số liệu. Còn {left} dòng chưa gửi."
        return see_other(f"{_here(unit_id, period_id)}/{sheet_id}", said, kind="warning")
    return see_other(f"/bao-cao-ky/{unit_id}/{period_id}/bien-nhan", f"Đã gửi {count} số liệu từ bảng Excel.")


def _start(request: Request, work: Work, unit_id: UUID, period_id: UUID) -> tuple[Page, dict[str, Any]]:
    unit, period = require_sheet_sender(work, unit_id, period_id)
    page = frame(request, work, "Số liệu bằng Excel", crumbs=_crumbs(unit, period))
    here, most = _here(unit_id, period_id), MAX_UPLOAD_BYTES // 1024 // 1024
    return page, {"unit": unit, "period": period, "here": here, "most": most}


def _check(
    request: Request, work: Work, unit_id: UUID, period_id: UUID, sheet_id: UUID, form: Form
) -> tuple[Page, dict[str, Any]]:
    seen: SheetCheck = service.check_kept_sheet(work, unit_id, period_id, sheet_id, _notes(form))
    start = Crumb("Số liệu bằng Excel", _here(unit_id, period_id))
    page = frame(request, work, "Kiểm tra bảng đã đọc", crumbs=(*_crumbs(seen.unit, seen.period), start))
    return page, {"seen": seen, "form": form, "start": start.href, "here": f"{start.href}/{sheet_id}"}


def _notes(form: Form) -> dict[int, str]:
    """Typed on the page, by line."""
    found = {}
    for name in form.values:
        part, _, number = name.partition(".")
        if part == "notes" and number.isascii() and number.isdecimal() and len(number) < 8:
            found[int(number)] = form.value(name)
    return found


def _crumbs(unit: Unit, period: Period) -> tuple[Crumb, ...]:
    return (
        Crumb(unit.name, f"/bang/{unit.id}"),
        Crumb(f"Phiếu báo cáo {period.name}", f"/bao-cao-ky/{unit.id}/{period.id}"),
    )


def _here(unit_id: UUID, period_id: UUID) -> str:
    return HERE.format(unit_id=unit_id, period_id=period_id)


def _file(sheet: NamedSheet) -> Response:
    return as_attachment(sheet.data, "xlsx", f"filename*=UTF-8''{quote(sheet.name, safe='')}")
