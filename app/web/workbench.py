"""/van-ban/{id}: the workbench, where what was read is decided beside its source."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.candidate import AcceptanceInput, accept_all
from app.services.coverage import set_aside_passage
from app.services.document import get_document, get_passage
from app.services.intake import Intake, build_intake
from app.services.workbench import Workbench, build_unit_group, build_workbench
from app.web.forms import Form, FormGiven, checked
from app.web.pages import fragment, frame, html, is_htmx, see_other
from app.web.rendering import Crumb, Page
from app.web.versions import version_in
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
CHANGED = {"HX-Trigger": "de-xuat-doi"}


@router.get("/van-ban/{document_id}")
@policy(P.DOCUMENT_READ)
def show(
    request: Request,
    work: WorkGiven,
    document_id: UUID,
    xem: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    if get_document(work, document_id).state != "read":
        return see_other(f"/van-ban/{document_id}/dang-doc")
    bench = build_workbench(work, document_id, only=xem)
    page = _frame(request, work, bench.intake)
    return html(request, work, "document/workbench.html", page, **_bench_context(work, bench, xem))


@router.get("/van-ban/{document_id}/tinh-hinh")
@policy(P.DOCUMENT_READ)
def status(request: Request, work: WorkGiven, document_id: UUID) -> Response:
    intake = build_intake(work, document_id)
    if is_htmx(request):
        return fragment("document/_status.html", intake=intake)
    return see_other(f"/van-ban/{document_id}")


@router.post("/van-ban/{document_id}/nhan")
@policy(P.CANDIDATE_DECIDE)
def accept(request: Request, work: WorkGiven, document_id: UUID, form: FormGiven) -> Response:
    kinds = form.all("kinds") or None
    wanted = checked(AcceptanceInput, {"kinds": kinds, "unit": form.value("unit") or None})
    count = accept_all(work, document_id, wanted)
    if is_htmx(request) and wanted.unit is not None:
        group, keeper = build_unit_group(work, wanted.unit), str(work.actor.account_id)
        answer = fragment("document/_unit.html", group=group, keeper=keeper, form=Form())
        answer.headers.update(CHANGED)
        return answer
    said = (
        f"Đã nhận {count} đề xuất."
        if count
        else "Không còn đề xuất nào nhận được ngay. Xem từng cái còn chờ."
    )
    return see_other(f"/van-ban/{document_id}", said, kind="success" if count else "info")


@router.post("/doan/{passage_id}/khong-phai-nhiem-vu")
@policy(P.CANDIDATE_DECIDE)
def set_aside(request: Request, work: WorkGiven, passage_id: UUID, form: FormGiven) -> Response:
    back = form.value("tra_lai") == "1"
    passage = get_passage(work, passage_id)
    set_aside_passage(work, passage_id, version_in(form), set_aside=not back)
    if is_htmx(request):
        return fragment("document/_status.html", intake=build_intake(work, passage.document_id))
    return see_other(f"/van-ban/{passage.document_id}#con-lai")


def _frame(request: Request, work: Work, intake: Intake) -> Page:
    crumbs = (Crumb("Tiếp nhận văn bản", "/van-ban"),)
    return frame(request, work, f"{intake.plan.code} · {intake.file.name}", crumbs=crumbs)


def _bench_context(work: Work, bench: Workbench, only: str) -> dict[str, object]:
    return {
        "bench": bench,
        "intake": bench.intake,
        "only": only,
        "filters": _filters(bench.intake, only),
        "form": Form(),
        "keeper": str(work.actor.account_id),
    }


def _filters(intake: Intake, only: str) -> list[tuple[str, str, bool]]:
    """Text, address, and whether it is on. No numbers: they would be wrong after the next decision."""
    here = f"/van-ban/{intake.document.id}"
    return [
        (text, f"{here}?xem={key}#de-xuat" if key else f"{here}#de-xuat", key == only)
        for key, text in (("", "Tất cả"), ("pending", "Chờ quyết định"), ("warnings", "Có cảnh báo"))
    ]
