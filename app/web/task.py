"""/nhiem-vu: tasks, the page of one, and what the office changes about it."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Plan
from app.permissions import Permission as P
from app.services import responsibility as carrying
from app.services import task as service
from app.services.plan import get_plan
from app.services.task import TaskFilter, count_tasks, list_tasks, sources_of
from app.services.task_page import TaskPage, build_task_page
from app.services.unit import list_units
from app.web.days import day_boxes, read_day
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.labels import LABELS
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
LISTED = 50
# What is still missing: code in the address → the filter it sets.
MISSING = {"chu-tri": "without_lead", "han": "without_due", "san-pham": "without_product"}
MISSING_WORDS = {"chu-tri": "chưa có chủ trì", "han": "chưa có hạn", "san-pham": "chưa nêu sản phẩm"}


@router.get("/nhiem-vu")
@policy(P.PLAN_READ)
def list_(
    request: Request,
    work: WorkGiven,
    ke_hoach: Annotated[UUID | None, Query(alias="ke-hoach")] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    loai: Annotated[str, Query(max_length=20)] = "",
    thieu: Annotated[str, Query(max_length=20)] = "",
    sau: UUID | None = None,
) -> Response:
    kind = loai if loai in LABELS["task_kind"] else None
    lacking: dict[str, Any] = {MISSING[thieu]: True, "running": True} if thieu in MISSING else {}
    wanted = TaskFilter(plan=ke_hoach, q=q, kind=kind, **lacking)
    rows = list_tasks(work, wanted, after=sau, limit=LISTED + 1)
    plan = get_plan(work, ke_hoach) if ke_hoach else None
    return html(
        request,
        work,
        "task/list.html",
        _list_frame(request, work, plan),
        rows=rows[:LISTED],
        sources=sources_of(work, rows[:LISTED]),
        count=count_tasks(work, wanted),
        plan=plan,
        chosen={"q": q, "loai": kind or "", "thieu": thieu if thieu in MISSING else ""},
        missing_words=MISSING_WORDS,
        kinds=tuple(LABELS["task_kind"].items()),
        next=rows[LISTED - 1].id if len(rows) > LISTED else None,
        may_add=plan is not None and _may_add(work, plan),
    )


@router.get("/nhiem-vu/them")
@policy(P.PLAN_READ)
def before_add(
    request: Request, work: WorkGiven, ke_hoach: Annotated[UUID, Query(alias="ke-hoach")]
) -> Response:
    plan = get_plan(work, ke_hoach)
    page = _add_frame(request, work, plan)
    return html(request, work, "task/add.html", page, **_add_context(work, plan, Form()))


@router.post("/nhiem-vu/them")
@policy(P.TASK_MANAGE)
def add(
    request: Request,
    work: WorkGiven,
    form: FormGiven,
    ke_hoach: Annotated[UUID, Query(alias="ke-hoach")],
) -> Response:
    def again(work: Work, form: Form) -> str:
        plan = get_plan(work, ke_hoach)
        return page_text("task/add.html", _add_frame(request, work, plan), **_add_context(work, plan, form))

    with shown_again(form, again):
        due_on = read_day(form, "due_on")
        typed = form.read(
            service.TaskInput, "title", "text", "kind", "cycle", "expected_product",
            plan=ke_hoach, due_on=due_on, needs_evidence=form.value("needs_evidence") == "1",
        )  # fmt: skip
        task = service.add_task(work, typed)
    return see_other(f"/nhiem-vu/{task.id}#giao", f"Đã thêm nhiệm vụ {task.code}. Hãy giao đơn vị chủ trì.")


@router.get("/nhiem-vu/{task_id}")
@policy(P.PLAN_READ)
def show(
    request: Request,
    work: WorkGiven,
    task_id: UUID,
    don_vi: Annotated[str, Query(alias="don-vi", max_length=40)] = "",
    thu_tu: Annotated[str, Query(alias="thu-tu", max_length=10)] = "",
) -> Response:
    seen = build_task_page(work, task_id, unit=don_vi, is_newest_first=thu_tu == "moi")
    return html(request, work, "task/page.html", _frame(request, work, seen), **_context(work, seen, Form()))


@router.post("/nhiem-vu/{task_id}/sua")
@policy(P.TASK_MANAGE)
def change(request: Request, work: WorkGiven, task_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, task_id)):
        service.change_task(work, task_id, _typed_change(form), _version(form))
    return see_other(f"/nhiem-vu/{task_id}", "Đã lưu thay đổi. Bảng của các đơn vị đã cập nhật.")


@router.post("/nhiem-vu/{task_id}/giao")
@policy(P.TASK_MANAGE)
def give(request: Request, work: WorkGiven, task_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, task_id)):
        wanted = form.read(carrying.ResponsibilityInput, "unit", "role", "completion", "mode")
        one = carrying.give_responsibility(work, task_id, wanted)
        name = carrying.get_responsibility(work, one.id).unit_name
    return see_other(f"/nhiem-vu/{task_id}", f"Đã giao cho {name}.")


@router.post("/phan-cong/{responsibility_id}/thoi")
@policy(P.TASK_MANAGE)
def end(request: Request, work: WorkGiven, responsibility_id: UUID, form: FormGiven) -> Response:
    task_id = carrying.get_responsibility(work, responsibility_id).task_id
    with shown_again(form, _again(request, task_id)):
        carrying.end_responsibility(work, responsibility_id)
    return see_other(f"/nhiem-vu/{task_id}", "Đã thôi phân công. Việc chưa báo cáo của đơn vị đã hủy.")


def _typed_change(form: Form) -> service.TaskChange:
    kind = form.value("kind")
    return checked(
        service.TaskChange,
        {
            "title": form.value("title"),
            "kind": kind,
            "cycle": (form.value("cycle") or None) if kind == "standing" else None,
            "due_on": read_day(form, "due_on") if kind != "standing" else None,
            "expected_product": form.value("expected_product").strip() or None,
            "needs_evidence": form.value("needs_evidence") == "1",
        },
    )


def _version(form: Form) -> int | None:
    typed = form.value("version")
    return int(typed) if typed.isdecimal() and len(typed) < 9 else None


def _again(request: Request, task_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        seen = build_task_page(work, task_id)
        return page_text("task/page.html", _frame(request, work, seen), **_context(work, seen, form))

    return show_filled_in


def _context(work: Work, seen: TaskPage, form: Form) -> dict[str, Any]:
    return {
        "seen": seen,
        "form": form,
        "units": _unit_choices(work, seen.task.locality_id) if "give" in seen.actions else (),
        "parts": day_boxes(form, "due_on", seen.task.due_on),
        "keeper": work.actor.account_id,
        **_choices(),
    }


def _add_context(work: Work, plan: Plan, form: Form) -> dict[str, Any]:
    return {
        "plan": plan,
        "form": form,
        "parts": day_boxes(form, "due_on"),
        "keeper": work.actor.account_id,
        "may_add": _may_add(work, plan),
        **_choices(),
    }


def _may_add(work: Work, plan: Plan) -> bool:
    return plan.state == "issued" and work.actor.may(P.TASK_MANAGE, plan.locality_id)


def _choices() -> dict[str, Any]:
    names = {"kinds": "task_kind", "cycles": "cycle", "roles": "responsibility", "completions": "completion"}
    return {name: tuple(LABELS[kind].items()) for name, kind in names.items()}


def _unit_choices(work: Work, locality_id: UUID) -> list[tuple[str, str]]:
    found = list_units(work, locality_id=locality_id, valid_on=work.today, limit=500)
    named = [(str(u.id), f"{u.name} (nhóm)" if u.is_group else u.name) for u in found]
    return sorted(named, key=lambda choice: choice[1])


def _frame(request: Request, work: Work, seen: TaskPage) -> Page:
    return frame(
        request,
        work,
        f"{seen.task.code} {seen.task.title}",
        crumbs=(*_plan_crumbs(seen.plan), _tasks_of(seen.plan)),
    )


def _add_frame(request: Request, work: Work, plan: Plan) -> Page:
    return frame(request, work, "Thêm nhiệm vụ", crumbs=(*_plan_crumbs(plan), _tasks_of(plan)))


def _list_frame(request: Request, work: Work, plan: Plan | None) -> Page:
    return frame(request, work, "Nhiệm vụ", crumbs=_plan_crumbs(plan) if plan else ())


def _plan_crumbs(plan: Plan) -> tuple[Crumb, ...]:
    return (Crumb("Kế hoạch", "/ke-hoach"), Crumb(plan.code, f"/ke-hoach/{plan.id}"))


def _tasks_of(plan: Plan) -> Crumb:
    return Crumb("Nhiệm vụ", f"/nhiem-vu?ke-hoach={plan.id}")
