"""/van-ban: taking a plan in. The workbench beneath it is app/web/workbench.py."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Conflict
from app.outside.programs import missing_programs
from app.permissions import Permission as P
from app.services.document import MOST_FILES, SentFile, upload_files
from app.services.intake import ListedDocument, list_documents_with_plans
from app.web.forms import Form, FormGiven, shown_again
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Page
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
LISTED = 50


@router.get("/van-ban")
@policy(P.DOCUMENT_READ)
def list_(request: Request, work: WorkGiven, sau: UUID | None = None) -> Response:
    rows = list_documents_with_plans(work, after=sau, limit=LISTED + 1)
    return html(request, work, "document/list.html", _list_frame(request, work), **_list_context(work, rows))


@router.post("/van-ban")
@policy(P.DOCUMENT_UPLOAD)
def upload(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    with shown_again(form, _list_again(request)):
        made = upload_files(work, _files_of(form))
    if made.state == "read":
        return see_other(f"/van-ban/{made.id}", "Đã đọc xong văn bản. Hãy rà soát từng đề xuất bên phải.")
    return see_other(
        f"/van-ban/{made.id}/dang-doc", "Đã nhận tệp. Có thể rời trang này, việc đọc vẫn tiếp tục."
    )


def _files_of(form: Form) -> list[SentFile]:
    """In the order of the form: the plan, then its annexes."""
    sent = []
    for upload in form.files.get("file", []):
        with upload.file as file:
            sent.append(SentFile(upload.filename or "van-ban.txt", file.read()))
    return sent


def _list_again(request: Request) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        rows = list_documents_with_plans(work, limit=LISTED + 1)
        context = _list_context(work, rows) | {"form": form, "there": _already_there(form)}
        return page_text("document/list.html", _list_frame(request, work), **context)

    return show_filled_in


def _already_there(form: Form) -> str:
    """Where the same document is, when it was uploaded before."""
    details = form.error.details if isinstance(form.error, Conflict) else {}
    return str(details.get("href", ""))


def _list_frame(request: Request, work: Work) -> Page:
    return frame(request, work, "Tiếp nhận văn bản")


def _list_context(work: Work, rows: list[ListedDocument]) -> dict[str, object]:
    return {
        "rows": rows[:LISTED],
        "next": rows[LISTED - 1] if len(rows) > LISTED else None,
        "may_upload": bool(work.actor.localities_with(P.DOCUMENT_UPLOAD)),
        "most_files": MOST_FILES,
        "missing": missing_programs(),
        "form": Form(),
        "there": "",
    }
