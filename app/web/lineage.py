"""/ke-hoach/{id}/can-cu, …/chi-tieu-cap-tren: what a plan carries out, and its indicators beside the superior's."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Plan
from app.permissions import Permission as P
from app.services import basis as service
from app.services.plan import get_plan
from app.services.superior import MatchInput, build_superior_page, decide_match
from app.web.days import read_day
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.labels import DOCUMENT_KINDS
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.web.versions import version_in
from app.work import Work

router = APIRouter(prefix="/ke-hoach/{plan_id}", route_class=AnsweredRoute)


@router.get("/can-cu")
@policy(P.PLAN_READ)
def bases(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    return html(request, work, "plan/bases.html", **_bases(request, work, plan_id, Form()))


@router.post("/can-cu")
@policy(P.CANDIDATE_DECIDE)
def add(request: Request, work: WorkGiven, plan_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _bases_again(request, plan_id)):
        service.add_basis(work, plan_id, checked(service.BasisInput, _typed(form)))
    return see_other(f"/ke-hoach/{plan_id}/can-cu", "Đã ghi văn bản được thực hiện.")


@router.post("/can-cu/{basis_id}")
@policy(P.CANDIDATE_DECIDE)
def change(request: Request, work: WorkGiven, plan_id: UUID, basis_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _bases_again(request, plan_id)):
        wanted = checked(service.BasisChange, _typed(form))
        service.change_basis(work, plan_id, basis_id, wanted, version_in(form))
    return see_other(f"/ke-hoach/{plan_id}/can-cu", "Đã sửa văn bản được thực hiện.")


@router.post("/can-cu/{basis_id}/noi")
@policy(P.CANDIDATE_DECIDE)
def link(request: Request, work: WorkGiven, plan_id: UUID, basis_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _bases_again(request, plan_id)):
        wanted = checked(service.BasisChange, {"superior_plan": form.value("superior_plan") or None})
        row = service.change_basis(work, plan_id, basis_id, wanted, version_in(form))
    said = "Đã nối với kế hoạch cấp trên." if row.superior_plan_id else "Đã bỏ liên kết."
    return see_other(f"/ke-hoach/{plan_id}/can-cu", said)


@router.post("/can-cu/{basis_id}/bo")
@policy(P.CANDIDATE_DECIDE)
def end(request: Request, work: WorkGiven, plan_id: UUID, basis_id: UUID) -> Response:
    service.end_basis(work, plan_id, basis_id)
    return see_other(f"/ke-hoach/{plan_id}/can-cu", "Đã bỏ. Lịch sử vẫn giữ.")


@router.get("/chi-tieu-cap-tren")
@policy(P.PLAN_READ)
def superior(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    return html(request, work, "plan/superior.html", **_superior(request, work, plan_id, Form()))


@router.post("/chi-tieu-cap-tren/{superior_indicator_id}")
@policy(P.INDICATOR_MANAGE)
def match(
    request: Request, work: WorkGiven, plan_id: UUID, superior_indicator_id: UUID, form: FormGiven
) -> Response:
    with shown_again(form, _superior_again(request, plan_id)):
        wanted = checked(MatchInput, {"indicator": form.value("indicator") or None})
        decide_match(work, plan_id, superior_indicator_id, wanted, version_in(form))
    return see_other(f"/ke-hoach/{plan_id}/chi-tieu-cap-tren#c-{superior_indicator_id}", "Đã ghi.")


def _typed(form: Form) -> dict[str, Any]:
    return {
        "symbol": form.value("symbol"),
        "kind": form.value("kind") or None,
        "issuer": form.value("issuer").strip() or None,
        "issued_on": read_day(form, "issued_on"),
    }


def _bases(request: Request, work: Work, plan_id: UUID, form: Form) -> dict[str, Any]:
    plan = get_plan(work, plan_id)
    may_change = work.actor.may(P.CANDIDATE_DECIDE, plan.locality_id)
    return {
        "page": _frame(request, work, plan, "Văn bản được thực hiện"),
        "plan": plan,
        "bases": service.view_bases(work, plan),
        "choices": service.list_superior_choices(work, plan) if may_change else (),
        "mentioned": service.symbols_mentioned(work, plan) if may_change else (),
        "may_change": may_change,
        "kinds": tuple(DOCUMENT_KINDS.items()),
        "kind_names": DOCUMENT_KINDS,
        "form": form,
    }


def _bases_again(request: Request, plan_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        return page_text("plan/bases.html", **_bases(request, work, plan_id, form))

    return show_filled_in


def _superior(request: Request, work: Work, plan_id: UUID, form: Form) -> dict[str, Any]:
    seen = build_superior_page(work, plan_id)
    return {
        "page": _frame(request, work, seen.plan, "Chỉ tiêu cấp trên"),
        "seen": seen,
        "options": [(one.id, f"{one.code} {one.name}"[:120]) for one in seen.own],
        "form": form,
    }


def _superior_again(request: Request, plan_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        return page_text("plan/superior.html", **_superior(request, work, plan_id, form))

    return show_filled_in


def _frame(request: Request, work: Work, plan: Plan, title: str) -> Page:
    crumbs = (Crumb("Kế hoạch", "/ke-hoach"), Crumb(plan.code, f"/ke-hoach/{plan.id}"))
    return frame(request, work, title, crumbs=crumbs)
