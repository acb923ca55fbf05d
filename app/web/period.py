"""/ky: reporting periods; the office opens one, sees who has not reported, closes it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.models import Period
from app.permissions import Permission as P
from app.services import period as service
from app.services.locality import list_localities
from app.services.period_standing import Share, period_missing, shares_of
from app.web.days import read_day
from app.web.forms import Form, FormGiven, shown_again
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


@router.post("/{period_id}/dong")
@policy(P.PERIOD_MANAGE)
def close(request: Request, work: WorkGiven, period_id: UUID, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        period = service.get_period(work, period_id)
        page = frame(request, work, period.name, crumbs=(Crumb("Kỳ báo cáo", "/ky"),))
        return page_text("period/page.html", page, form=form, **_one(work, period))

    with shown_again(form, again):
        period = service.close_period(work, period_id, version_in(form))
    return see_other(f"/ky/{period_id}", f"Đã đóng {period.name}.")


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


def _wanted(form: Form) -> service.PeriodInput:
    scheme, _, chosen = form.value("period").partition(":")
    written = form.value("label").strip()
    if not (written or chosen):
        raise Invalid.field("period", "Chọn kỳ cần mở trong danh sách, hoặc ghi nhãn kỳ.")
    return form.read(
        service.PeriodInput,
        scheme=scheme or "calendar",
        label=written or chosen,
        due_on=read_day(form, "due_on"),
    )


def _one(work: Work, period: Period) -> dict[str, Any]:
    units = period_missing(work, period.id)
    share = Share(sum(u.share.reported for u in units), sum(u.share.expected for u in units))
    may_close = period.state == "open" and work.actor.may(P.PERIOD_MANAGE, period.locality_id)
    return {
        "period": period,
        "units": units,
        "share": share,
        "may_close": may_close,
        "may_link": work.actor.may(P.ACCESS_LINK_READ, period.locality_id),
        "today": work.today,
    }
