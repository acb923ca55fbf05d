"""/viec/{id} and /so-lieu/{id}: saving what is typed there as the row's draft, and asking not to have to report it.

The period form does the same for many rows (period_draft.py): a draft begun on one page goes on on the other.
"""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Conflict
from app.models import Assignment, Submission
from app.permissions import Permission as P
from app.services.draft import NOT_DUE, PARTS, Subject
from app.services.period_draft import save_row_draft
from app.services.waive_request import WaiveRequestInput, raise_waive_request, withdraw_waive_request
from app.text import format_datetime
from app.web.assignment import assignment_again
from app.web.draft_fields import CHOSEN, overtaken_by, saved_lines, typed_row
from app.web.forms import Form, FormGiven, shown_again
from app.web.pages import is_htmx, see_other
from app.web.submission import submission_again
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
_PAGES = {Assignment: "/viec", Submission: "/so-lieu"}
_AGAIN = {Assignment: assignment_again, Submission: submission_again}


@router.post("/viec/{assignment_id}/nhap")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def save_report(request: Request, work: WorkGiven, assignment_id: UUID, form: FormGiven) -> Response:
    return _saved(request, work, Assignment, assignment_id, form)


@router.post("/so-lieu/{submission_id}/nhap")
@policy(P.SUBMISSION_SEND, by_link=True)
def save_figure(request: Request, work: WorkGiven, submission_id: UUID, form: FormGiven) -> Response:
    return _saved(request, work, Submission, submission_id, form)


@router.post("/viec/{assignment_id}/de-nghi")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def ask_about_work(request: Request, work: WorkGiven, assignment_id: UUID, form: FormGiven) -> Response:
    return _asked(request, work, Assignment, assignment_id, form)


@router.post("/so-lieu/{submission_id}/de-nghi")
@policy(P.SUBMISSION_SEND, by_link=True)
def ask_about_figure(request: Request, work: WorkGiven, submission_id: UUID, form: FormGiven) -> Response:
    return _asked(request, work, Submission, submission_id, form)


@router.post("/viec/{assignment_id}/rut-de-nghi")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def withdraw_about_work(work: WorkGiven, assignment_id: UUID) -> Response:
    return _withdrawn(work, Assignment, assignment_id)


@router.post("/so-lieu/{submission_id}/rut-de-nghi")
@policy(P.SUBMISSION_SEND, by_link=True)
def withdraw_about_figure(work: WorkGiven, submission_id: UUID) -> Response:
    return _withdrawn(work, Submission, submission_id)


def _saved(request: Request, work: Work, subject: Subject, row_id: UUID, form: Form) -> Response:
    here, act = f"{_PAGES[subject]}/{row_id}", form.value("act")
    typed = typed_row(form, over="theirs" if act == "keep" else "draft", names=PARTS[subject])
    if is_htmx(request):
        saved = save_row_draft(work, subject, row_id, typed)
        return saved_lines({row_id: saved}, {row_id: typed}, here, work.now, is_alone=True)
    with shown_again(form, _AGAIN[subject](request, row_id)):
        if act != "take":
            saved = save_row_draft(work, subject, row_id, typed)
            if saved.outcome == "not_due":
                raise Conflict(NOT_DUE, code="not_due")
            if saved.outcome == "overtaken":
                raise Conflict(overtaken_by(saved.draft))
    return see_other(
        here, CHOSEN.get(act, f"Đã lưu nháp lúc {format_datetime(work.now)}. Chưa gửi cho Văn phòng.")
    )


def _asked(request: Request, work: Work, subject: Subject, row_id: UUID, form: Form) -> Response:
    with shown_again(form, _AGAIN[subject](request, row_id)):
        reason = form.said("request_reason", "Hãy nêu lý do để Văn phòng xem xét.")
        raise_waive_request(work, subject, row_id, form.read(WaiveRequestInput, reason=reason))
    return see_other(f"{_PAGES[subject]}/{row_id}", "Đã gửi đề nghị không áp dụng. Văn phòng sẽ trả lời.")


def _withdrawn(work: Work, subject: Subject, row_id: UUID) -> Response:
    withdraw_waive_request(work, subject, row_id)
    return see_other(f"{_PAGES[subject]}/{row_id}", "Đã rút đề nghị không áp dụng.")
