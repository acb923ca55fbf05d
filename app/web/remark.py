"""Remarks: on a figure's page, and /y-kien, those that name a unit of the reader's."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services import remark as service
from app.web.forms import FormGiven, shown_again
from app.web.pages import frame, html, see_other
from app.web.remark_form import said_in
from app.web.submission import submission_again

router = APIRouter(route_class=AnsweredRoute)


@router.get("/y-kien")
@policy(P.ASSIGNMENT_READ)
def mentions(request: Request, work: WorkGiven) -> Response:
    page = frame(request, work, "Ý kiến nhắc đến đơn vị")
    return html(request, work, "remark/list.html", page, rows=service.list_mentions(work))


@router.post("/so-lieu/{submission_id}/y-kien")
@policy(P.REMARK_WRITE)
def on_submission(request: Request, work: WorkGiven, submission_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, submission_again(request, submission_id)):
        service.remark_on_submission(work, submission_id, said_in(form))
    return see_other(f"/so-lieu/{submission_id}#y-kien", "Đã ghi ý kiến.")
