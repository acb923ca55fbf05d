"""/ke-hoach/{id}/sua-doi, …/so-sanh, …/doi-chieu: a changed plan taken in, its text beside the old one, and what
becomes of old work."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Conflict, Invalid, NotFound
from app.models import Plan
from app.permissions import Permission as P
from app.services import amendment as service
from app.services.amendment_page import build_amendment_page, build_old_work
from app.services.clause_diff import build_clause_diff
from app.services.document import SentFile, upload_files
from app.services.plan import get_plan
from app.services.plan_versions import drafts_amending
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.pages import fragment, frame, html, is_htmx, page_text, see_other
from app.web.rendering import Crumb, Page
from app.web.versions import version_in
from app.work import Work

router = APIRouter(prefix="/ke-hoach/{plan_id}", route_class=AnsweredRoute)
KINDS: dict[str, service.Kind] = {"nhiem-vu": "task", "chi-tieu": "indicator"}
CHANGED = {"HX-Trigger": "doi-chieu-doi"}


@router.get("/sua-doi")
@policy(P.PLAN_READ, P.DOCUMENT_UPLOAD)
def before_upload(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    work.require(P.DOCUMENT_UPLOAD, get_plan(work, plan_id).locality_id)
    return html(request, work, "plan/amend.html", **_amend(request, work, plan_id, Form()))


@router.post("/sua-doi")
@policy(P.DOCUMENT_UPLOAD)
def upload(request: Request, work: WorkGiven, plan_id: UUID, form: FormGiven) -> Response:
    plan = get_plan(work, plan_id)
    with shown_again(form, _amend_again(request, plan_id)):
        made = upload_files(work, _files_of(form), locality_id=plan.locality_id, amends=plan.id)
    if made.state == "read":
        return see_other(f"/van-ban/{made.id}", "Đã đọc xong bản sửa đổi. Rà soát đề xuất, rồi đối chiếu.")
    return see_other(
        f"/van-ban/{made.id}/dang-doc", "Đã nhận tệp. Có thể rời trang này, việc đọc vẫn tiếp tục."
    )


@router.post("/ke-hoach-cu")
@policy(P.CANDIDATE_DECIDE)
def choose(request: Request, work: WorkGiven, plan_id: UUID, form: FormGiven) -> Response:
    wanted = checked(service.AmendedInput, {"plan": form.value("amends") or None})
    draft = service.set_amended_plan(work, plan_id, wanted, version_in(form))
    if draft.amends_id is None:
        return see_other(f"/ke-hoach/{plan_id}", "Dự thảo này không sửa đổi kế hoạch nào.")
    return see_other(f"/ke-hoach/{plan_id}/doi-chieu", "Đã ghi kế hoạch được sửa đổi. Hãy đối chiếu việc cũ.")


@router.get("/so-sanh")
@policy(P.PLAN_READ)
def compare(
    request: Request, work: WorkGiven, plan_id: UUID, xem: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    seen = build_clause_diff(work, plan_id)
    page = _frame(request, work, seen.plan, "So sánh từng câu")
    return html(request, work, "plan/clause_diff.html", page, seen=seen, only=xem)


@router.get("/doi-chieu")
@policy(P.DOCUMENT_READ)
def mappings(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    seen = build_amendment_page(work, plan_id)
    page = _frame(request, work, seen.plan, "Đối chiếu việc cũ")
    return html(request, work, "plan/mappings.html", page, seen=seen, form=Form())


@router.get("/doi-chieu/tinh-hinh")
@policy(P.DOCUMENT_READ)
def status(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    seen = build_amendment_page(work, plan_id)
    if not is_htmx(request):
        return see_other(f"/ke-hoach/{plan_id}/doi-chieu")
    return fragment("plan/_mapping_status.html", seen=seen)


@router.post("/doi-chieu/giu-nguyen")
@policy(P.CANDIDATE_DECIDE)
def keep(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    count = sum(service.accept_kept(work, plan_id, kind) for kind in KINDS.values())
    said = (
        f"Đã giữ nguyên {count} việc không đổi lời văn."
        if count
        else "Không còn việc nào giữ nguyên được ngay."
    )
    return see_other(f"/ke-hoach/{plan_id}/doi-chieu", said, kind="success" if count else "info")


@router.get("/doi-chieu/{which}/{key}")
@policy(P.DOCUMENT_READ)
def one(request: Request, work: WorkGiven, plan_id: UUID, which: str, key: UUID) -> Response:
    return html(request, work, "plan/mapping.html", **_one(request, work, plan_id, _kind(which), key, Form()))


@router.post("/doi-chieu/{which}/{key}")
@policy(P.CANDIDATE_DECIDE)
def decide(
    request: Request, work: WorkGiven, plan_id: UUID, which: str, key: UUID, form: FormGiven
) -> Response:
    of_kind = _kind(which)
    with shown_again(form, _one_again(request, plan_id, of_kind, key)):
        wanted = checked(service.AmendmentInput, _decision(form))
        service.decide_old_work(work, plan_id, of_kind, key, wanted, version_in(form))
    if is_htmx(request):
        seen = build_old_work(work, plan_id, of_kind, key)
        answer = fragment("plan/_mapping.html", seen=seen, old=seen.old, form=Form())
        answer.headers.update(CHANGED)
        return answer
    return see_other(f"/ke-hoach/{plan_id}/doi-chieu#viec-{key}", "Đã ghi.")


def _kind(word: str) -> service.Kind:
    if word not in KINDS:
        raise NotFound
    return KINDS[word]


def _decision(form: Form) -> dict[str, Any]:
    """One button names outcome and clause together: "kept:<candidate>"; the long form has a field for each."""
    outcome, _, clause = form.value("quyet_dinh").partition(":")
    outcome = outcome or form.value("outcome")
    typed: dict[str, Any] = {"outcome": outcome}
    if outcome == "ended":
        typed["reason"] = form.value("reason").strip() or None
    else:
        typed["candidate"] = clause or form.value("candidate") or None
    if not outcome:
        raise Invalid.field("outcome", "Chọn giữ nguyên, sửa đổi hoặc kết thúc.")
    return typed


def _files_of(form: Form) -> list[SentFile]:
    sent = []
    for given in form.files.get("file", []):
        with given.file as file:
            sent.append(SentFile(given.filename or "van-ban.txt", file.read()))
    return sent


def _amend(request: Request, work: Work, plan_id: UUID, form: Form) -> dict[str, Any]:
    plan = get_plan(work, plan_id)
    details = form.error.details if isinstance(form.error, Conflict) else {}
    return {
        "page": _frame(request, work, plan, "Sửa đổi, thay thế"),
        "plan": plan,
        "drafts": drafts_amending(work, plan.id),
        "there": str(details.get("href", "")),
        "form": form,
    }


def _amend_again(request: Request, plan_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        return page_text("plan/amend.html", **_amend(request, work, plan_id, form))

    return show_filled_in


def _one(
    request: Request, work: Work, plan_id: UUID, kind: service.Kind, key: UUID, form: Form
) -> dict[str, Any]:
    seen = build_old_work(work, plan_id, kind, key)
    page = _frame(request, work, seen.plan, f"Đối chiếu {seen.old.code}")
    return {"page": page, "seen": seen, "old": seen.old, "form": form}


def _one_again(request: Request, plan_id: UUID, kind: service.Kind, key: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        context = _one(request, work, plan_id, kind, key, form)
        if is_htmx(request):
            return page_text("plan/_mapping.html", **context)
        return page_text("plan/mapping.html", **context)

    return show_filled_in


def _frame(request: Request, work: Work, plan: Plan, title: str) -> Page:
    crumbs = (Crumb("Kế hoạch", "/ke-hoach"), Crumb(plan.code, f"/ke-hoach/{plan.id}"))
    return frame(request, work, title, crumbs=crumbs)
