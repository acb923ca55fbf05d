"""/ky: reporting periods; the office opens one, sees who has not reported, gives a unit its own date, closes it, opens
it again. What the clock opens next stands beside them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.models import Period
from app.permissions import Permission as P
from app.services import period as service
from app.services.locality import list_localities
from app.services.period_clock import list_next_openings
from app.services.period_exception import ExceptionInput, except_unit, list_exceptions, period_timeline
from app.services.period_standing import Share, period_missing, shares_of
from app.services.plan import list_plans
from app.web.days import day_boxes, read_day
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.labels import label
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb
from app.web.versions import version_in
from app.work import Work

router = APIRouter(prefix="/ky", route_class=AnsweredRoute)


@router.get("")
@policy(P.PLAN_READ)
def list_(request: Request, work: WorkGiven) -> Response:
    page = frame(request, work, "Kỳ báo cáo")
    return html(request, work, "period/list.html", page, form=Form(), **_list(work))


@router.post("")
@policy(P.PERIOD_MANAGE)
def open_(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        page = frame(request, work, "Kỳ báo cáo")
        return page_text("period/list.html", page, form=form, **_list(work))

    with shown_again(form, again):
        period = service.open_period(work, _wanted(form))
        share = shares_of(work, [period.id])[period.id]
    done = f"{period.name} đang mở: {share.expected} mục phải báo cáo, hạn {period.due_on:%d/%m/%Y}."
    return see_other(f"/ky/{period.id}", done)


@router.get("/{period_id}")
@policy(P.PLAN_READ)
def show(request: Request, work: WorkGiven, period_id: UUID) -> Response:
    period = service.get_period(work, period_id)
    page = frame(request, work, period.name, crumbs=(Crumb("Kỳ báo cáo", "/ky"),))
    return html(request, work, "period/page.html", page, form=Form(), **_one(work, period))


@router.get("/{period_id}/dong")
@policy(P.PLAN_READ)
def before_closing(request: Request, work: WorkGiven, period_id: UUID) -> Response:
    period = service.get_period(work, period_id)
    page = frame(request, work, f"Đóng {period.name}", crumbs=_crumbs(period))
    return html(request, work, "period/close.html", page, form=Form(), **_one(work, period))


@router.post("/{period_id}/dong")
@policy(P.PERIOD_MANAGE)
def close(request: Request, work: WorkGiven, period_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, period_id)):
        period = service.close_period(work, period_id, version_in(form))
    return see_other(f"/ky/{period_id}", f"Đã đóng {period.name}.")


@router.post("/{period_id}/mo-lai")
@policy(P.PERIOD_MANAGE)
def reopen(request: Request, work: WorkGiven, period_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, period_id)):
        reason = form.said("reopen_reason", "Hãy nêu lý do mở lại kỳ này.")
        given = checked(service.ReopenInput, {"reason": reason, "until": read_day(form, "until")})
        period = service.reopen_period(work, period_id, given, version_in(form))
    return see_other(f"/ky/{period_id}", f"Đã mở lại {period.name} đến hết {period.locks_on:%d/%m/%Y}.")


@router.post("/{period_id}/ngoai-le")
@policy(P.PERIOD_MANAGE)
def except_(request: Request, work: WorkGiven, period_id: UUID, form: FormGiven) -> Response:
    work.require(P.PERIOD_MANAGE, service.get_period(work, period_id).locality_id)
    with shown_again(form, _again(request, period_id)):
        typed = {"unit": form.value("unit"), "reason": form.value("reason")}
        day = read_day(form, "own_due_on")
        if day is None:
            raise Invalid.field("own_due_on", "Nhập hạn riêng của đơn vị.")
        one = except_unit(work, period_id, checked(ExceptionInput, typed | {"due_on": day}))
    return see_other(f"/ky/{period_id}", f"Đã ghi hạn riêng {one.due_on:%d/%m/%Y}.")


def _again(request: Request, period_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        period = service.get_period(work, period_id)
        page = frame(request, work, period.name, crumbs=(Crumb("Kỳ báo cáo", "/ky"),))
        return page_text("period/page.html", page, form=form, **_one(work, period))

    return show_filled_in


def _crumbs(period: Period) -> tuple[Crumb, ...]:
    return (Crumb("Kỳ báo cáo", "/ky"), Crumb(period.name, f"/ky/{period.id}"))


def _list(work: Work) -> dict[str, Any]:
    rows = service.list_periods(work)
    localities = {row.id: row.name for row in list_localities(work)}
    home = work.actor.home
    may_open = home is not None and work.actor.may(P.PERIOD_MANAGE, home)
    return {
        "periods": rows,
        "shares": shares_of(work, [row.id for row in rows]),
        "localities": localities if len({row.locality_id for row in rows}) > 1 else {},
        "choices": _choices(work, home) if may_open and home is not None else (),
        "plans": _plans(work, home) if may_open and home is not None else (),
        "next": list_next_openings(work, home) if home is not None else [],
        "days": (lambda form: {n: day_boxes(form, n) for n in ("starts_on", "ends_on", "ad_hoc_due_on")}),
        "units": sorted(work.actor.units_with(P.SUBMISSION_SEND)),
        "today": work.today,
    }


def _choices(work: Work, locality_id: UUID) -> list[tuple[str, str]]:
    """("calendar:2026-Q4", "Quý IV/2026 (hằng quý), theo năm dương lịch") for the list of periods to open."""
    return [
        (
            f"{scheme.code}:{span.label}",
            f"{span.name} ({label('cycle', span.cycle).lower()}), {scheme.name.lower()}",
        )
        for scheme, span in service.suggest_periods(work, locality_id)
    ]


def _plans(work: Work, locality_id: UUID) -> list[tuple[UUID, str]]:
    running = list_plans(work, locality_id=locality_id, states=("issued",))
    return [(plan.id, f"{plan.code} {plan.title}"[:90]) for plan in running]


def _ad_hoc(form: Form) -> service.PeriodInput:
    typed = {
        "cycle": "ad_hoc",
        "label": form.value("ad_hoc_label").strip() or None,
        "name": form.value("name").strip() or None,
        "plan": form.value("plan") or None,
        "starts_on": read_day(form, "starts_on"),
        "ends_on": read_day(form, "ends_on"),
        "due_on": read_day(form, "ad_hoc_due_on"),
    }
    return checked(service.PeriodInput, typed)


def _wanted(form: Form) -> service.PeriodInput:
    if form.value("ad_hoc") == "1":
        return _ad_hoc(form)
    scheme, _, chosen = form.value("period").partition(":")
    written = form.value("label").strip()
    if not (written or chosen):
        raise Invalid.field("period", "Chọn kỳ cần mở trong danh sách, hoặc ghi nhãn kỳ.")
    label, due_on = written or chosen, read_day(form, "due_on")
    return checked(service.PeriodInput, {"scheme": scheme or "calendar", "label": label, "due_on": due_on})


def _one(work: Work, period: Period) -> dict[str, Any]:
    units = period_missing(work, period.id)
    share = Share(sum(u.share.reported for u in units), sum(u.share.expected for u in units))
    actions = service.period_actions(work, period)
    return {
        "period": period,
        "units": units,
        "share": share,
        "may_read_all": work.actor.may(P.SUBMISSION_READ, period.locality_id),
        "may_link": work.actor.may(P.ACCESS_LINK_READ, period.locality_id),
        "actions": actions,
        "today": work.today,
        "exceptions": list_exceptions(work, period.id),
        "timeline_entries": period_timeline(work, period),
        "unit_choices": sorted(((unit.unit_id, unit.name) for unit in units), key=lambda choice: choice[1]),
        "days_of": day_boxes,
    }
