"""/viec/{id}/gia-han and /gia-han/{id}: a unit asks for a later date on the row's page, the office answers there."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.permissions import Permission as P
from app.services import extension as service
from app.web.assignment import assignment_again
from app.web.days import read_day
from app.web.forms import Form, FormGiven, shown_again
from app.web.pages import see_other
from app.web.versions import version_in

router = APIRouter(route_class=AnsweredRoute)


@router.post("/viec/{assignment_id}/gia-han")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def request_(request: Request, work: WorkGiven, assignment_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, assignment_again(request, assignment_id)):
        day = read_day(form, "asked_due_on")
        if day is None:
            raise Invalid.field("asked_due_on", "Nhập ngày muốn gia hạn đến.")
        reason = form.value("extension_reason")
        if not reason.strip():
            raise Invalid.field("extension_reason", "Nêu lý do để Văn phòng xem xét.")
        asked = form.read(service.ExtensionInput, asked_due_on=day, reason=reason)
        service.request_extension(work, assignment_id, asked)
    return see_other(f"/viec/{assignment_id}#gia-han", "Đã gửi xin gia hạn. Văn phòng sẽ trả lời.")


@router.post("/gia-han/{extension_id}/dong-y")
@policy(P.EXTENSION_DECIDE)
def grant(request: Request, work: WorkGiven, extension_id: UUID, form: FormGiven) -> Response:
    row_id = service.find_extension_row(work, extension_id)
    with shown_again(form, assignment_again(request, row_id)):
        given = form.read(service.GrantInput, due_on=read_day(form, "due_on"))
        service.grant_extension(work, extension_id, given, version_in(form))
    return see_other(f"/viec/{row_id}#gia-han", "Đã gia hạn. Hạn gốc vẫn được giữ bên cạnh.")


@router.post("/gia-han/{extension_id}/tu-choi")
@policy(P.EXTENSION_DECIDE)
def refuse(request: Request, work: WorkGiven, extension_id: UUID, form: FormGiven) -> Response:
    row_id = service.find_extension_row(work, extension_id)
    with shown_again(form, assignment_again(request, row_id)):
        service.refuse_extension(work, extension_id, _why(form), version_in(form))
    return see_other(f"/viec/{row_id}#gia-han", "Đã từ chối gia hạn, kèm lý do.")


@router.post("/gia-han/{extension_id}/rut")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def withdraw(request: Request, work: WorkGiven, extension_id: UUID, form: FormGiven) -> Response:
    row_id = service.find_extension_row(work, extension_id)
    with shown_again(form, assignment_again(request, row_id)):
        service.withdraw_extension(work, extension_id, version_in(form))
    return see_other(f"/viec/{row_id}#gia-han", "Đã rút xin gia hạn.")


def _why(form: Form) -> service.RefusalInput:
    reason = form.said("refusal_reason", "Hãy nêu lý do để đơn vị biết vì sao không gia hạn.")
    return form.read(service.RefusalInput, reason=reason)
