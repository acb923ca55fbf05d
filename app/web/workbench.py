"""/van-ban/{id}: the workbench, where what was read is decided beside its source."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Conflict, Invalid
from app.models.document import CANDIDATE_KINDS
from app.permissions import Permission as P
from app.services.candidate import AcceptanceInput, accept_all, to_decide
from app.services.candidate_bulk import Bulk, BulkInput, decide_several
from app.services.candidate_pieces import MergeInput, merge_candidates
from app.services.candidate_step import StepUndoInput, undo_step
from app.services.coverage import set_aside_passage
from app.services.document import get_passage
from app.services.workbench import Wanted, Workbench, build_line, build_unit_group, build_workbench
from app.web.candidate_form import CHOICES, read_filling
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.labels import LABELS
from app.web.pages import fragment, frame, html, is_htmx, page_text, see_other
from app.web.rendering import Crumb, Page
from app.web.versions import version_in
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
CHANGED = {"HX-Trigger": "de-xuat-doi"}
STATES = (
    ("", "Tất cả"),
    ("pending", "Chờ quyết định"),
    ("warnings", "Có cảnh báo"),
    ("off", "Đã bỏ, tách, gộp"),
)
_KEPT = ("xem", "ma", "loai", "don_vi", "nguon")  # of the address: filter and side of the source


@router.get("/van-ban/{document_id}")
@policy(P.DOCUMENT_READ)
def show(
    request: Request,
    work: WorkGiven,
    document_id: UUID,
    xem: Annotated[str, Query(max_length=20)] = "",
    ma: Annotated[str, Query(max_length=60)] = "",
    loai: Annotated[str, Query(max_length=20)] = "",
    don_vi: UUID | None = None,
    nguon: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    bench = build_workbench(
        work, document_id, Wanted(xem, ma, loai if loai in CANDIDATE_KINDS else "", don_vi)
    )
    if bench is None:
        return see_other(f"/van-ban/{document_id}/dang-doc")
    page = _frame(request, work, bench)
    return html(request, work, "document/workbench.html", page, **_context(request, work, bench, Form()))


@router.get("/van-ban/{document_id}/tinh-hinh")
@policy(P.DOCUMENT_READ)
def status(request: Request, work: WorkGiven, document_id: UUID) -> Response:
    bench = build_workbench(work, document_id)
    if is_htmx(request) and bench is not None:
        return fragment("document/_status.html", bench=bench, intake=bench.intake, is_open=False)
    return see_other(f"/van-ban/{document_id}")


@router.post("/van-ban/{document_id}/nhan")
@policy(P.CANDIDATE_DECIDE)
def accept(request: Request, work: WorkGiven, document_id: UUID, form: FormGiven) -> Response:
    chosen = {name: form.value(name) or None for name in ("unit", "section")}
    wanted = checked(AcceptanceInput, {"kinds": form.all("kinds") or None, **chosen})
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
    return see_other(back_to(request, document_id), said, kind="success" if count else "info")


@router.post("/van-ban/{document_id}/nhieu")
@policy(P.CANDIDATE_DECIDE)
def several(request: Request, work: WorkGiven, document_id: UUID, form: FormGiven) -> Response:
    """What is done to the chosen ones: accept, reject, fill in, merge."""
    chosen, action = [_chosen(value) for value in form.all("chon")], form.value("action")
    with shown_again(form, _bench_again(request, document_id)):
        to_decide(work, document_id)
        if not chosen:
            raise Invalid("Chưa chọn đề xuất nào. Đánh dấu ô ở góc các đề xuất rồi làm lại.")
        if action == "merge":
            made = merge_candidates(work, document_id, checked(MergeInput, {"candidates": chosen}))
            said = f"Đã gộp {len(chosen)} đề xuất thành một. Xem lại câu chữ rồi nhận."
            return see_other(back_to(request, document_id, f"de-xuat-{made.id}"), said)
        fields = read_filling(form) if action == "set" else None
        given = checked(BulkInput, {"action": action, "candidates": chosen, "fields": fields})
        done = decide_several(work, document_id, given)
    return see_other(
        back_to(request, document_id), _told(action, done), kind="success" if done.done else "info"
    )


@router.post("/van-ban/{document_id}/hoan-tac")
@policy(P.CANDIDATE_DECIDE)
def undo(request: Request, work: WorkGiven, document_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _bench_again(request, document_id)):
        undone = undo_step(work, document_id, checked(StepUndoInput, {"step": form.value("step") or None}))
    said = (
        f"Đã hoàn tác bước “{LABELS['step'][undone.action].lower()}”: {undone.changed} chỗ trở lại như trước."
    )
    if undone.left:
        said += f" {undone.left} chỗ đã được sửa tiếp nên để nguyên."
    if not undone.changed:
        said = "Bước này đã được hoàn tác."
    return see_other(back_to(request, document_id), said, kind="success" if undone.changed else "info")


@router.get("/doan/{passage_id}")
@policy(P.DOCUMENT_READ)
def clause(request: Request, work: WorkGiven, passage_id: UUID) -> Response:
    passage = get_passage(work, passage_id)
    if is_htmx(request):
        return _line(work, passage_id)
    return see_other(f"/van-ban/{passage.document_id}#{passage.key}")


@router.post("/doan/{passage_id}/khong-phai-nhiem-vu")
@policy(P.CANDIDATE_DECIDE)
def set_aside(request: Request, work: WorkGiven, passage_id: UUID, form: FormGiven) -> Response:
    back = form.value("tra_lai") == "1"
    passage = get_passage(work, passage_id)
    set_aside_passage(work, passage_id, version_in(form), set_aside=not back)
    if not is_htmx(request):
        anchor = passage.key if form.value("tu") == "nguon" else "con-lai"
        return see_other(back_to(request, passage.document_id, anchor))
    if form.value("tu") == "nguon":
        return _line(work, passage_id)
    bench = build_workbench(work, passage.document_id)
    assert bench is not None
    return fragment("document/_status.html", bench=bench, intake=bench.intake, is_open=True)


def back_to(request: Request, document_id: UUID, anchor: str = "de-xuat") -> str:
    """The workbench as it was looked at, filter and all: the browser names the page a form came from."""
    came_from = urlsplit(request.headers.get("referer", ""))
    here = f"/van-ban/{document_id}"
    kept = parse_qs(came_from.query) if came_from.path == here else {}
    query = urlencode([(name, kept[name][0]) for name in _KEPT if name in kept])
    return f"{here}?{query}#{anchor}" if query else f"{here}#{anchor}"


def _line(work: Work, passage_id: UUID) -> Response:
    answer = fragment("document/_line.html", line=build_line(work, passage_id), may_decide=True)
    answer.headers.update(CHANGED)
    return answer


def _chosen(value: str) -> dict[str, str]:
    """ "id:version" of a ticked box."""
    key, _, version = value.partition(":")
    return {"id": key, "version": version}


def _told(action: str, made: Bulk) -> str:
    verb = {"accept": "nhận", "reject": "bỏ", "set": "điền"}[action]
    said = f"Đã {verb} {len(made.done)} đề xuất."
    if not made.left:
        return said
    reasons = dict.fromkeys(left.error.message for left in made.left)
    return f"{said} Để nguyên {len(made.left)}: {' '.join(reasons)}"


def _bench_again(request: Request, document_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        bench = build_workbench(work, document_id)
        if bench is None:
            raise Conflict("Văn bản chưa đọc xong.")
        return page_text(
            "document/workbench.html", _frame(request, work, bench), **_context(request, work, bench, form)
        )

    return show_filled_in


def _frame(request: Request, work: Work, bench: Workbench) -> Page:
    crumbs = (Crumb("Tiếp nhận văn bản", "/van-ban"),)
    return frame(request, work, f"{bench.intake.plan.code} · {bench.intake.file.name}", crumbs=crumbs)


def _context(request: Request, work: Work, bench: Workbench, form: Form) -> dict[str, Any]:
    kept = {name: value for name in _KEPT if (value := request.query_params.get(name))}
    side = kept.get("nguon") or ("anh" if bench.pages else "chu")
    return {
        "bench": bench,
        "intake": bench.intake,
        "wanted": dict.fromkeys(_KEPT, "") | kept,
        "is_filtered": bool(kept.keys() - {"nguon"}),
        "states": [
            (text, _href(bench, kept | {"xem": key}), kept.get("xem", "") == key) for key, text in STATES
        ],
        "sides": [
            (text, _href(bench, kept | {"nguon": key}, "nguon"), side == key)
            for key, text in (("anh", "Ảnh trang"), ("chu", "Chữ"))
        ],
        "is_picture": side == "anh" and bool(bench.pages),
        "is_open": False,
        "form": form,
        "card_form": Form(),
        "chosen": form.all("chon"),
        "keeper": str(work.actor.account_id),
        **CHOICES,
    }


def _href(bench: Workbench, query: dict[str, str], anchor: str = "de-xuat") -> str:
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"/van-ban/{bench.intake.document.id}{'?' if asked else ''}{asked}#{anchor}"
