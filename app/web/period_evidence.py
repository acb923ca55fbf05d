"""/bao-cao-ky/{unit}/{period}/…/minh-chung: files beside a row, right on the period form.

The buttons stand inside the one form of the page and send all of it along: what is typed is saved as a draft first, and
the page comes back at the row.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import TienDoError
from app.models import Assignment
from app.permissions import Permission as P
from app.receiving import take_files_of_form
from app.services.assignment import ReasonInput
from app.services.evidence import (
    Subject,
    add_files,
    check_may_add,
    get_evidence,
    remove_evidence,
    subject_of,
)
from app.services.evidence_file import PreparedFile, RefusedFile
from app.services.period_draft import find_subjects
from app.services.period_form import build_period_form
from app.web.evidence import kind_of, said_of_files
from app.web.forms import FormGiven, shown_again
from app.web.pages import see_other
from app.web.period_draft import Asked, save_whole
from app.web.period_form import form_again
from app.work import Work

router = APIRouter(prefix="/bao-cao-ky/{unit_id}/{period_id}", route_class=AnsweredRoute)


async def _to_row(
    request: Request, unit_id: UUID, period_id: UUID, row_id: UUID
) -> list[PreparedFile | RefusedFile]:
    def check(work: Work) -> None:
        check_may_add(work, _about(work, unit_id, period_id, row_id))

    return await take_files_of_form(request, f"{row_id}.file", check)


@router.post("/{row_id}/minh-chung")
@policy(P.EVIDENCE_WRITE, P.ASSIGNMENT_REPORT, P.SUBMISSION_SEND, by_link=True)
def add(
    request: Request,
    unit_id: UUID,
    period_id: UUID,
    row_id: UUID,
    sent: Annotated[list[PreparedFile | RefusedFile], Depends(_to_row)],
    work: WorkGiven,
    form: FormGiven,
) -> Response:
    with shown_again(form, form_again(request, unit_id, period_id)):
        seen = build_period_form(work, unit_id, period_id)
        save_whole(work, seen, form, Asked("attach", row_id))
        try:
            added, refused = add_files(work, _about(work, unit_id, period_id, row_id), sent)
        except TienDoError as error:
            error.errors = {f"{row_id}.file": error.message}
            raise
    said, kind = said_of_files(added, refused), kind_of(refused)
    return see_other(f"/bao-cao-ky/{unit_id}/{period_id}#{row_id}", said, kind=kind)


@router.post("/minh-chung/{evidence_id}/bo")
@policy(P.EVIDENCE_WRITE, P.ASSIGNMENT_REPORT, P.SUBMISSION_SEND, by_link=True)
def remove(
    request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID, evidence_id: UUID, form: FormGiven
) -> Response:
    row_id = subject_of(get_evidence(work, evidence_id)).id
    name = f"bo-{evidence_id}.reason"
    with shown_again(form, form_again(request, unit_id, period_id)):
        seen = build_period_form(work, unit_id, period_id)
        save_whole(work, seen, form, Asked("detach", row_id))
        reason = form.said(name, "Hãy nêu lý do bỏ tệp này.")
        remove_evidence(work, evidence_id, form.read(ReasonInput, reason=reason))
    return see_other(f"/bao-cao-ky/{unit_id}/{period_id}#{row_id}", "Đã bỏ minh chứng, kèm lý do.")


def _about(work: Work, unit_id: UUID, period_id: UUID, row_id: UUID) -> Subject:
    """NotFound for a row of another form."""
    subject = find_subjects(work, unit_id, period_id, [row_id])[row_id]
    return Subject("assignment" if subject is Assignment else "submission", row_id)
