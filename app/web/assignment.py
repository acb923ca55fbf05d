"""/viec/{id}: one row of a board; the unit reports, the office confirms or returns, others remark."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Assignment
from app.permissions import Permission as P
from app.services import assignment as service
from app.services.assignment_page import AssignmentPage, build_assignment_page
from app.services.board import get_card
from app.services.draft import get_draft
from app.services.remark import remark_on_assignment
from app.services.states import sent_back
from app.web.draft_fields import (
    number_seen,
    overtaken,
    own_form,
    parts_of_answer,
    refuse_overtaken,
    sent_since,
    typed_fields,
)
from app.web.forms import Form, FormGiven, shown_again
from app.web.pages import fragment, frame, html, is_htmx, page_text, see_other
from app.web.remark_form import said_in
from app.web.rendering import Crumb, Page
from app.work import Work

router = APIRouter(prefix="/viec/{assignment_id}", route_class=AnsweredRoute)


@router.get("")
@policy(P.ASSIGNMENT_READ, by_link=True)
def show(
    request: Request,
    work: WorkGiven,
    assignment_id: UUID,
    thu_tu: Annotated[str, Query(alias="thu-tu", max_length=10)] = "",
) -> Response:
    seen = build_assignment_page(work, assignment_id, is_newest_first=thu_tu == "moi")
    page = _frame(request, work, seen)
    return html(request, work, "assignment/page.html", page, **_context(seen, Form()))


@router.post("/tiep-nhan")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def acknowledge(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    service.acknowledge_assignment(work, assignment_id)
    if is_htmx(request):
        return fragment("board/card_fragment.html", card=get_card(work, assignment_id))
    return see_other(f"/viec/{assignment_id}", "Đã tiếp nhận.")


@router.post("/bat-dau")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def start(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    service.start_assignment(work, assignment_id)
    return see_other(f"/viec/{assignment_id}", "Đã chuyển sang đang thực hiện.")


@router.post("/bao-cao")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def report(request: Request, work: WorkGiven, assignment_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, assignment_again(request, assignment_id)):
        refuse_overtaken(form, get_draft(work, Assignment, assignment_id))
        service.report_assignment(work, assignment_id, form.read(service.ReportInput), number_seen(form))
    return see_other(f"/viec/{assignment_id}", "Đã gửi báo cáo. Văn phòng sẽ xem xét.")


@router.post("/vuong-mac")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def block(request: Request, work: WorkGiven, assignment_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, assignment_again(request, assignment_id)):
        why = reason_in(form, "block_reason", "Hãy ghi vướng mắc là gì.")
        service.block_assignment(work, assignment_id, why)
    return see_other(f"/viec/{assignment_id}", "Đã báo vướng mắc cho Văn phòng.")


@router.post("/het-vuong-mac")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def unblock(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    service.unblock_assignment(work, assignment_id)
    return see_other(f"/viec/{assignment_id}", "Đã bỏ đánh dấu vướng mắc.")


@router.post("/xac-nhan")
@policy(P.ASSIGNMENT_DECIDE)
def confirm(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    service.confirm_assignment(work, assignment_id)
    return see_other(f"/viec/{assignment_id}", "Đã xác nhận báo cáo.")


@router.post("/tra-lai")
@policy(P.ASSIGNMENT_DECIDE)
def return_(request: Request, work: WorkGiven, assignment_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, assignment_again(request, assignment_id)):
        why = reason_in(form, "return_reason")
        service.return_assignment(work, assignment_id, why)
    return see_other(f"/viec/{assignment_id}", "Đã trả lại, kèm lý do.")


@router.post("/khong-ap-dung")
@policy(P.ASSIGNMENT_DECIDE)
def waive(request: Request, work: WorkGiven, assignment_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, assignment_again(request, assignment_id)):
        why = reason_in(form, "waive_reason")
        service.waive_assignment(work, assignment_id, why)
    return see_other(f"/viec/{assignment_id}", "Đã ghi nhận không áp dụng.")


@router.post("/mo-lai")
@policy(P.ASSIGNMENT_DECIDE)
def reopen(request: Request, work: WorkGiven, assignment_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, assignment_again(request, assignment_id)):
        why = reason_in(form, "reopen_reason")
        service.reopen_assignment(work, assignment_id, why)
    return see_other(f"/viec/{assignment_id}", "Đã mở lại.")


@router.post("/y-kien")
@policy(P.REMARK_WRITE)
def remark(request: Request, work: WorkGiven, assignment_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, assignment_again(request, assignment_id)):
        remark_on_assignment(work, assignment_id, said_in(form))
    return see_other(f"/viec/{assignment_id}", "Đã ghi ý kiến.")


def reason_in(
    form: Form, name: str, missing: str = "Hãy nêu lý do để đơn vị biết phải làm gì."
) -> service.ReasonInput:
    """Of one of the several forms of a page."""
    return form.read(service.ReasonInput, reason=form.said(name, missing))


def assignment_again(request: Request, assignment_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        seen = build_assignment_page(work, assignment_id)
        return page_text("assignment/page.html", _frame(request, work, seen), **_context(seen, form))

    return show_filled_in


def _context(seen: AssignmentPage, form: Form) -> dict[str, Any]:
    """A report that came back, or was opened again, is there to be corrected."""
    draft, last = seen.unsent.draft, seen.reports[0] if seen.reports else None
    typed = own_form(form, Assignment)
    back = sent_back(seen.row.state, seen.row.state_reason)
    return {
        "seen": seen,
        "form": form,
        "typed": typed,
        "filled": draft.fields if draft.version else parts_of_answer(last if back else None),
        "back": back,
        "stale": overtaken(typed, draft),
        "newer": parts_of_answer(last) if sent_since(typed, seen.number) else {},
        "lost": typed_fields(typed) if "report" not in seen.actions else {},
    }


def _frame(request: Request, work: Work, seen: AssignmentPage) -> Page:
    row = seen.row
    crumbs = (
        Crumb("Kế hoạch", "/ke-hoach"),
        Crumb(seen.plan_code, f"/ke-hoach/{row.plan_id}"),
        Crumb(row.unit_name, f"/bang/{row.unit_id}"),
    )
    return frame(request, work, f"{row.code} {row.title}", crumbs=crumbs)
