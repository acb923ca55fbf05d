"""/so-lieu/{id}: one unit's figure for one indicator in one period; the unit sends, the office decides."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.models import Submission
from app.permissions import Permission as P
from app.services import submission as service
from app.services.draft import get_draft
from app.services.submission_page import SubmissionPage, build_submission_page
from app.web.assignment import reason_in
from app.web.draft_fields import number_seen, overtaken, own_form, refuse_overtaken, sent_since, typed_fields
from app.web.figure_fields import read_figure, typed_parts
from app.web.forms import Form, FormGiven, shown_again
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.web.versions import version_in
from app.work import Work

router = APIRouter(prefix="/so-lieu/{submission_id}", route_class=AnsweredRoute)


@router.get("")
@policy(P.SUBMISSION_READ, by_link=True)
def show(request: Request, work: WorkGiven, submission_id: UUID) -> Response:
    seen = build_submission_page(work, submission_id)
    page = _frame(request, work, seen)
    return html(request, work, "submission/page.html", page, **_context(seen, Form()))


@router.post("/gui")
@policy(P.SUBMISSION_SEND, by_link=True)
def send(request: Request, work: WorkGiven, submission_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, submission_again(request, submission_id)):
        seen = build_submission_page(work, submission_id)
        refuse_overtaken(form, get_draft(work, Submission, submission_id))
        figure = read_figure(form, seen.indicator)
        if figure is None:
            raise Invalid("Chưa nhập số liệu. Nhập số liệu rồi gửi.")
        row = seen.row
        sent = service.SubmissionInput(
            indicator=row.indicator_id, unit=row.unit_id, period=str(row.period_id), **figure.model_dump()
        )
        service.send_submission(work, sent, number_seen(form))
    return see_other(f"/so-lieu/{submission_id}", "Đã gửi số liệu. Văn phòng sẽ xem xét.")


@router.post("/chap-nhan")
@policy(P.SUBMISSION_DECIDE)
def accept(request: Request, work: WorkGiven, submission_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, submission_again(request, submission_id)):
        # A figure that came in after the page was read is not accepted unseen.
        service.accept_submission(work, submission_id, version_in(form))
    return see_other(f"/so-lieu/{submission_id}", "Đã chấp nhận số liệu.")


@router.post("/tra-lai")
@policy(P.SUBMISSION_DECIDE)
def return_(request: Request, work: WorkGiven, submission_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, submission_again(request, submission_id)):
        service.return_submission(work, submission_id, reason_in(form, "return_reason"), version_in(form))
    return see_other(f"/so-lieu/{submission_id}", "Đã trả lại, kèm lý do.")


@router.post("/mo-lai")
@policy(P.SUBMISSION_DECIDE)
def reopen(request: Request, work: WorkGiven, submission_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, submission_again(request, submission_id)):
        service.reopen_submission(work, submission_id, reason_in(form, "reopen_reason"), version_in(form))
    return see_other(f"/so-lieu/{submission_id}", "Đã mở lại để đơn vị gửi số liệu mới.")


@router.post("/khong-phai-bao-cao")
@policy(P.SUBMISSION_DECIDE)
def waive(request: Request, work: WorkGiven, submission_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, submission_again(request, submission_id)):
        service.waive_submission(work, submission_id, reason_in(form, "waive_reason"), version_in(form))
    return see_other(f"/so-lieu/{submission_id}", "Đã ghi nhận đơn vị không phải báo cáo số liệu này.")


def submission_again(request: Request, submission_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        seen = build_submission_page(work, submission_id)
        page = _frame(request, work, seen)
        return page_text("submission/page.html", page, **_context(seen, form))

    return show_filled_in


def _context(seen: SubmissionPage, form: Form) -> dict[str, Any]:
    draft, typed = seen.unsent.draft, own_form(form, Submission)
    return {
        "seen": seen,
        "form": form,
        "typed": typed,
        "filled": draft.fields if draft.version else typed_parts(seen.last),
        "stale": overtaken(typed, draft),
        "newer": typed_parts(seen.last) if sent_since(typed, seen.number) else {},
        "lost": typed_fields(typed) if "send" not in seen.actions else {},
    }


def _frame(request: Request, work: Work, seen: SubmissionPage) -> Page:
    row = seen.row
    crumbs = (
        Crumb("Chỉ tiêu", f"/chi-tieu?ke-hoach={row.plan_id}"),
        Crumb(row.code, f"/chi-tieu/{row.indicator_id}"),
    )
    return frame(request, work, f"{row.code}: {row.unit_name}, {row.period_name}", crumbs=crumbs)
