"""/minh-chung: files beside rows of work and figures. Their block stands on the row's own page."""

from collections.abc import Callable, Sequence
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.models import Evidence
from app.permissions import Permission as P
from app.receiving import take_files
from app.services import evidence as service
from app.services.assignment import ReasonInput
from app.services.evidence import OpenedFile, Subject
from app.services.evidence_file import PreparedFile, RefusedFile
from app.web.assignment import assignment_again
from app.web.forms import Form, FormGiven, shown_again
from app.web.pages import see_other
from app.web.submission import submission_again
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
PAGES = {"assignment": "/viec", "submission": "/so-lieu"}


async def _to_assignment(request: Request, assignment_id: UUID) -> list[PreparedFile | RefusedFile]:
    return await take_files(request, Subject("assignment", assignment_id))


async def _to_submission(request: Request, submission_id: UUID) -> list[PreparedFile | RefusedFile]:
    return await take_files(request, Subject("submission", submission_id))


@router.post("/viec/{assignment_id}/minh-chung")
@policy(P.EVIDENCE_WRITE, by_link=True)
def add_to_assignment(
    request: Request,
    assignment_id: UUID,
    sent: Annotated[list[PreparedFile | RefusedFile], Depends(_to_assignment)],
    work: WorkGiven,
) -> Response:
    return _added(request, work, Subject("assignment", assignment_id), sent)


@router.post("/so-lieu/{submission_id}/minh-chung")
@policy(P.EVIDENCE_WRITE, by_link=True)
def add_to_submission(
    request: Request,
    submission_id: UUID,
    sent: Annotated[list[PreparedFile | RefusedFile], Depends(_to_submission)],
    work: WorkGiven,
) -> Response:
    return _added(request, work, Subject("submission", submission_id), sent)


@router.post("/minh-chung/{evidence_id}/bo")
@policy(P.EVIDENCE_WRITE, by_link=True)
def remove(request: Request, work: WorkGiven, evidence_id: UUID, form: FormGiven) -> Response:
    about = service.subject_of(service.get_evidence(work, evidence_id))
    with shown_again(form, _again(request, about)):
        if not (reason := form.value("remove_reason").strip()):
            raise Invalid.field(f"bo-{evidence_id}", "Hãy nêu lý do bỏ tệp này.")
        service.remove_evidence(work, evidence_id, form.read(ReasonInput, reason=reason))
    return see_other(_address(about), "Đã bỏ minh chứng, kèm lý do.")


@router.get("/minh-chung/{evidence_id}")
@policy(P.ASSIGNMENT_READ, by_link=True)
def content(request: Request, work: WorkGiven, evidence_id: UUID) -> Response:
    return _handed_out(request, service.open_evidence(work, evidence_id), "attachment")


@router.get("/minh-chung/{evidence_id}/anh-nho")
@policy(P.ASSIGNMENT_READ, by_link=True)
def preview(request: Request, work: WorkGiven, evidence_id: UUID) -> Response:
    return _handed_out(request, service.open_evidence(work, evidence_id, service.PREVIEW), "inline")


def _added(
    request: Request, work: Work, about: Subject, sent: Sequence[PreparedFile | RefusedFile]
) -> Response:
    with shown_again(Form({"minh-chung": [""]}), _again(request, about)):
        added, refused = service.add_files(work, about, sent)
    return see_other(_address(about), said_of_files(added, refused), kind=kind_of(refused))


def said_of_files(added: Sequence[Evidence], refused: Sequence[RefusedFile]) -> str:
    said = f"Đã thêm {len(added)} tệp minh chứng."
    return said + " Chưa nhận " + " ".join(one.sentence for one in refused) if refused else said


def kind_of(refused: Sequence[RefusedFile]) -> str:
    """Of the notice."""
    return "warning" if refused else "success"


def _address(about: Subject) -> str:
    return f"{PAGES[about.kind]}/{about.id}#minh-chung"


def _again(request: Request, about: Subject) -> Callable[[Work, Form], str]:
    again = assignment_again if about.kind == "assignment" else submission_again
    return again(request, about.id)


def _handed_out(request: Request, file: OpenedFile, how: str) -> Response:
    etag = f'"{file.key}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(file.name, safe='')}"
    return Response(file.data, headers=headers, media_type=file.media_type)
