"""/van-ban/{id}/dang-doc: how far the reading is, stopping and repeating it; the files and pictures of their pages."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.document_file import DocumentStatus, build_status, draw_page, get_file, read_file
from app.services.document_reading import cancel_reading, retry_reading
from app.web.forms import FormGiven
from app.web.pages import fragment, frame, html, is_htmx, see_other
from app.web.rendering import Crumb
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
# Longer than this, and nothing is being read before it: nobody seems to be reading at all.
LONG_WAIT_SECONDS = 60
Ordinal = Annotated[int, Path(ge=1, le=1000)]
PageNumber = Annotated[int, Path(ge=1, le=100_000)]


@router.get("/van-ban/{document_id}/dang-doc")
@policy(P.DOCUMENT_READ)
def show(request: Request, work: WorkGiven, document_id: UUID) -> Response:
    status = build_status(work, document_id)
    read = f"/van-ban/{document_id}"
    if status.document.state == "read":
        if is_htmx(request):
            return Response(headers={"HX-Redirect": read, "Cache-Control": "private, no-store"})
        return see_other(read, "Đã đọc xong văn bản. Hãy rà soát từng đề xuất.")
    is_stuck = _waits_long(work, status)
    if is_htmx(request):
        return fragment("document/_reading.html", status=status, is_stuck=is_stuck)
    page = frame(request, work, status.files[0].stored.name, crumbs=(Crumb("Tiếp nhận văn bản", "/van-ban"),))
    return html(request, work, "document/reading.html", page, status=status, is_stuck=is_stuck)


@router.post("/van-ban/{document_id}/dung-doc")
@policy(P.DOCUMENT_UPLOAD)
def cancel(request: Request, work: WorkGiven, document_id: UUID, form: FormGiven) -> Response:
    cancel_reading(work, document_id)
    if is_htmx(request):
        return fragment("document/_reading.html", status=build_status(work, document_id), is_stuck=False)
    return see_other(f"/van-ban/{document_id}/dang-doc", "Đã dừng đọc.")


@router.post("/van-ban/{document_id}/doc-lai")
@policy(P.DOCUMENT_UPLOAD)
def retry(request: Request, work: WorkGiven, document_id: UUID, form: FormGiven) -> Response:
    retry_reading(work, document_id)
    if is_htmx(request):
        return fragment("document/_reading.html", status=build_status(work, document_id), is_stuck=False)
    return see_other(f"/van-ban/{document_id}/dang-doc", "Đã đưa vào hàng chờ đọc lại.")


@router.get("/van-ban/{document_id}/tep/{ordinal}")
@policy(P.DOCUMENT_READ)
def download(work: WorkGiven, document_id: UUID, ordinal: Ordinal) -> Response:
    file = get_file(work, document_id, ordinal)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.stored.name, safe='')}",
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
    }
    return Response(read_file(work, file), headers=headers, media_type=file.media_type)


@router.get("/van-ban/{document_id}/trang/{page}")
@policy(P.DOCUMENT_READ)
def picture(
    request: Request,
    work: WorkGiven,
    document_id: UUID,
    page: PageNumber,
    rong: Annotated[int, Query(ge=1, le=4000)] = 960,
) -> Response:
    image = draw_page(work, document_id, page, rong)
    etag = f'"{image.key}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=3600", "Vary": "Cookie"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(image.picture, headers=headers, media_type="image/jpeg")


def _waits_long(work: Work, status: DocumentStatus) -> bool:
    """How long a repeated reading waits is not known: the first one's moment is."""
    document = status.document
    is_next = document.state == "waiting" and not status.before and document.attempt == 1
    return is_next and (work.now - document.created_at).total_seconds() > LONG_WAIT_SECONDS
