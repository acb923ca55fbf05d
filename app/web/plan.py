"""/ke-hoach: plans, the text of one with how far each clause is, and issuing a draft."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator

from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Plan
from app.permissions import Permission as P
from app.services.issue_preview import IssuePreview, preview_issue
from app.services.issuing import Issued, issue_plan
from app.services.locality import list_localities
from app.services.plan import PlanChange, change_plan, close_plan, list_plans
from app.services.plan_lineage import build_plan_lineage
from app.services.plan_page import PlanPage, build_plan_page
from app.services.plan_reporting import list_schemes
from app.web.days import day_boxes, read_day
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.labels import DOCUMENT_KINDS, LABELS
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.web.versions import version_in
from app.work import Work

router = APIRouter(prefix="/ke-hoach", route_class=AnsweredRoute)
LISTED = 50
CRUMB = Crumb("Kế hoạch", "/ke-hoach")


def _none_if_blank(chosen: str | None) -> str | None:
    """A filter form sends the field even when nothing was chosen."""
    return chosen or None


@router.get("")
@policy(P.PLAN_READ)
def list_(
    request: Request,
    work: WorkGiven,
    q: Annotated[str, Query(max_length=200)] = "",
    dia_phuong: Annotated[UUID | None, BeforeValidator(_none_if_blank), Query(alias="dia-phuong")] = None,
    thuc_hien: Annotated[str, Query(alias="thuc-hien", max_length=60)] = "",
    sau: UUID | None = None,
) -> Response:
    rows = list_plans(work, locality_id=dia_phuong, q=q, implements=thuc_hien, after=sau, limit=LISTED + 1)
    places = list_localities(work)
    following = request.url.include_query_params(sau=rows[LISTED - 1].id) if len(rows) > LISTED else None
    return html(
        request,
        work,
        "plan/list.html",
        frame(request, work, "Kế hoạch"),
        rows=rows[:LISTED],
        next=f"?{following.query}" if following else "",
        q=q,
        locality=dia_phuong,
        symbol=thuc_hien,
        places={place.id: place.name for place in places} if len(places) > 1 else {},
        may_upload=bool(work.actor.localities_with(P.DOCUMENT_UPLOAD)),
    )


@router.get("/{plan_id}")
@policy(P.PLAN_READ)
def show(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    seen = build_plan_page(work, plan_id)
    return html(
        request, work, "plan/page.html", _frame(request, work, seen.plan), **_context(work, seen, Form())
    )


@router.post("/{plan_id}/thong-tin")
@policy(P.CANDIDATE_DECIDE)
def change(request: Request, work: WorkGiven, plan_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _page_again(request, plan_id)):
        change_plan(work, plan_id, _facts(form), version_in(form))
    return see_other(f"/ke-hoach/{plan_id}", "Đã sửa thông tin kế hoạch.")


@router.post("/{plan_id}/che-do-bao-cao")
@policy(P.CANDIDATE_DECIDE)
def set_reporting(request: Request, work: WorkGiven, plan_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _page_again(request, plan_id)):
        change_plan(work, plan_id, _reporting(form), version_in(form))
    return see_other(f"/ke-hoach/{plan_id}", "Đã ghi chế độ báo cáo. Áp dụng từ kỳ mở sau.")


@router.get("/{plan_id}/ban-hanh")
@policy(P.DOCUMENT_READ)
def before_issue(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    seen = preview_issue(work, plan_id)
    more = _scheme_choices(work, seen.plan)
    page = _issue_frame(request, work, seen)
    return html(request, work, "plan/issue.html", page, seen=seen, form=Form(), **more)


@router.post("/{plan_id}/ban-hanh")
@policy(P.PLAN_ISSUE)
def issue(request: Request, work: WorkGiven, plan_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _issue_again(request, plan_id)):
        confirmed = form.value("with_unused") == "1"
        version = version_in(form)
        if "scheme" in form.values and (form.value("scheme") or form.value("cycle")):
            version = change_plan(work, plan_id, _reporting(form), version).version
        made = issue_plan(work, plan_id, version, with_unused=confirmed)
    return see_other(f"/ke-hoach/{plan_id}", _told(made))


@router.post("/{plan_id}/ket-thuc")
@policy(P.PLAN_ISSUE)
def close(request: Request, work: WorkGiven, plan_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _page_again(request, plan_id)):
        close_plan(work, plan_id, version_in(form))
    return see_other(f"/ke-hoach/{plan_id}", "Đã kết thúc kế hoạch.")


def _told(made: Issued) -> str:
    said = f"Đã ban hành: {made.units} đơn vị, {made.tasks} nhiệm vụ, {made.indicators} chỉ tiêu"
    if made.plan.amends_id is not None:
        moved = f"{made.moved} việc đang làm đã chuyển từ kế hoạch cũ sang, {made.cancelled} việc kết thúc"
        return f"{said}. {moved}."
    return f"{said}. Mỗi đơn vị đã có bảng việc."


def _facts(form: Form) -> PlanChange:
    typed: dict[str, Any] = {name: form.value(name).strip() or None for name in ("number", "issuer")}
    issued_on = read_day(form, "issued_on")
    return checked(PlanChange, typed | {"title": form.value("title"), "issued_on": issued_on})


def _reporting(form: Form) -> PlanChange:
    return checked(PlanChange, {name: form.value(name) or None for name in ("scheme", "cycle")})


def _scheme_choices(work: Work, plan: Plan) -> dict[str, Any]:
    """Schemes to choose from, the plan's own by its code and name."""
    known = list_schemes(work, plan.locality_id)
    own = next((one for one in known if one.id == plan.scheme_id), None)
    return {
        "schemes": [(one.code, one.name) for one in known],
        "cycles": list(LABELS["cycle"].items()),
        "scheme": own,
    }


def _context(work: Work, seen: PlanPage, form: Form) -> dict[str, Any]:
    parts = day_boxes(form, "issued_on", seen.plan.issued_on)
    changing = seen.plan.state == "draft" and "change" in seen.actions
    return {
        "seen": seen,
        "form": form,
        "parts": parts,
        "keeper": str(work.actor.account_id),
        "lineage": build_plan_lineage(work, seen.plan),
        "kind_names": DOCUMENT_KINDS,
        "amendable": _amendable(work, seen.plan) if changing else [],
        **_scheme_choices(work, seen.plan),
    }


def _amendable(work: Work, plan: Plan) -> list[tuple[UUID, str]]:
    """Plans a draft may take the place of."""
    running = list_plans(work, locality_id=plan.locality_id, states=("issued",))
    return [(one.id, f"{one.code} {one.number or ''} {one.title}"[:110]) for one in running]


def _page_again(request: Request, plan_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        seen = build_plan_page(work, plan_id)
        return page_text("plan/page.html", _frame(request, work, seen.plan), **_context(work, seen, form))

    return show_filled_in


def _issue_again(request: Request, plan_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        seen = preview_issue(work, plan_id)
        more = _scheme_choices(work, seen.plan)
        return page_text("plan/issue.html", _issue_frame(request, work, seen), seen=seen, form=form, **more)

    return show_filled_in


def _frame(request: Request, work: Work, plan: Plan) -> Page:
    return frame(request, work, f"{plan.code} {plan.number or ''}".strip(), crumbs=(CRUMB,))


def _issue_frame(request: Request, work: Work, seen: IssuePreview) -> Page:
    crumbs = (CRUMB, Crumb(seen.plan.code, f"/van-ban/{seen.plan.document_id}"))
    return frame(request, work, "Ban hành kế hoạch", crumbs=crumbs)
