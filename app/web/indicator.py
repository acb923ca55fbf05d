"""/chi-tieu: the indicators of a plan, one indicator with its figures, and its definition for the office."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.models import Indicator, Unit
from app.models.indicator import COMPARATORS, MEASURES, OVER_PERIODS, OVER_UNITS
from app.models.task import CYCLES
from app.permissions import Permission as P
from app.services import indicator as service
from app.services import target as targets
from app.services.figures import IndicatorPage, build_indicator_page
from app.services.trend import trend_of
from app.services.unit import list_units
from app.text import AmbiguousNumber, NotANumber, parse_number
from app.web.chart import chart_of
from app.web.completeness import completeness_router
from app.web.downloads import FORMS, AsFile, download
from app.web.figure_cells import notes_above, sees_own_alone
from app.web.forms import Form, FormGiven, shown_again
from app.web.indicator_sheets import indicator_sheet
from app.web.indicator_table import table_router
from app.web.key_indicators import key_router
from app.web.labels import label
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.web.versions import version_in
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
NUMBERS = ("baseline", "range_from", "range_to", "jump_limit")
SWITCHES = ("is_key", "adds_up")
_FIELDS = service.IndicatorChange.model_fields
DEFINITION = tuple(name for name in _FIELDS if name not in (*NUMBERS, *SWITCHES))
MAY_BE_EMPTY = tuple(name for name in DEFINITION if _FIELDS[name].default is None)
NOTHING_NEW = "Không có gì thay đổi, nên không lưu gì thêm."


router.include_router(table_router)
router.include_router(completeness_router)
router.include_router(key_router)


@router.get("/chi-tieu/{indicator_id}")
@policy(P.PLAN_READ)
def show(request: Request, work: WorkGiven, indicator_id: UUID, tep: AsFile = "") -> Response:
    seen = build_indicator_page(work, indicator_id)
    if tep in FORMS:
        notes = notes_above(work, seen.indicator.locality_id, seen.plan.title)
        sheet = indicator_sheet(seen.indicator, seen.periods, notes)
        return download([sheet], tep, "chi tieu", seen.plan.code, seen.indicator.code)
    may_manage = work.actor.may(P.INDICATOR_MANAGE, seen.indicator.locality_id)
    page = frame(request, work, f"{seen.indicator.code} {seen.indicator.name}", crumbs=_crumbs(seen))
    return html(
        request,
        work,
        "indicator/page.html",
        page,
        seen=seen,
        chart=chart_of(seen),
        trend=trend_of(seen.periods),
        may_manage=may_manage,
        own_alone=sees_own_alone(work, seen.indicator.locality_id),
    )


@router.get("/chi-tieu/{indicator_id}/sua")
@policy(P.PLAN_READ, P.INDICATOR_MANAGE)
def edit(request: Request, work: WorkGiven, indicator_id: UUID) -> Response:
    work.require(P.INDICATOR_MANAGE, service.get_indicator(work, indicator_id).locality_id)
    return html(request, work, "indicator/edit.html", **_edit(request, work, indicator_id, Form()))


@router.post("/chi-tieu/{indicator_id}/sua")
@policy(P.INDICATOR_MANAGE)
def change(request: Request, work: WorkGiven, indicator_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, indicator_id)):
        emptied: dict[str, Any] = {name: None for name in MAY_BE_EMPTY if not form.value(name).strip()}
        numbers = _numbers(form, NUMBERS)
        emptied |= {name: numbers.get(name) for name in NUMBERS}
        emptied |= {name: form.value(name) == "yes" for name in SWITCHES}
        wanted = form.read(service.IndicatorChange, *DEFINITION, **emptied)
        seen = version_in(form)
        changed = service.change_indicator(work, indicator_id, wanted, seen).version != seen
    return see_other(f"/chi-tieu/{indicator_id}", "Đã sửa chỉ tiêu." if changed else NOTHING_NEW)


@router.post("/chi-tieu/{indicator_id}/don-vi")
@policy(P.INDICATOR_MANAGE)
def own(request: Request, work: WorkGiven, indicator_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, indicator_id)):
        seen = version_in(form)
        service.set_owners(work, indicator_id, _units(form), seen)
        changed = service.get_indicator(work, indicator_id).version != seen
    return see_other(f"/chi-tieu/{indicator_id}", "Đã giao đơn vị báo cáo." if changed else NOTHING_NEW)


@router.post("/chi-tieu/{indicator_id}/muc-tieu")
@policy(P.INDICATOR_MANAGE)
def add_target(request: Request, work: WorkGiven, indicator_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, indicator_id)):
        targets.set_target(work, indicator_id, _target(form))
    return see_other(f"/chi-tieu/{indicator_id}/sua", "Đã đặt mục tiêu.")


@router.post("/chi-tieu/{indicator_id}/muc-tieu/{target_id}/bo")
@policy(P.INDICATOR_MANAGE)
def end_target(request: Request, work: WorkGiven, indicator_id: UUID, target_id: UUID) -> Response:
    targets.end_target(work, target_id)
    return see_other(f"/chi-tieu/{indicator_id}/sua", "Đã bỏ mục tiêu. Lịch sử vẫn giữ mục tiêu này.")


def _units(form: Form) -> list[UUID]:
    try:
        return [UUID(key) for key in form.all("units")]
    except ValueError as error:
        raise Invalid.field("units", "Chọn đơn vị trong danh sách.") from error


def _target(form: Form) -> targets.TargetInput:
    numbers = _numbers(form, ("value", "value_to"))
    missing: dict[str, Any] = {name: numbers.get(name) for name in ("value", "value_to")}
    return form.read(targets.TargetInput, "comparator", "horizon", **missing)


def _numbers(form: Form, names: tuple[str, ...]) -> dict[str, Decimal]:
    """Those of the fields that were filled in; Invalid names each that is no number."""
    errors: dict[str, str] = {}
    numbers: dict[str, Decimal] = {}
    for name in names:
        if typed := form.value(name).strip():
            try:
                numbers[name] = parse_number(typed)
            except (AmbiguousNumber, NotANumber) as error:
                errors[name] = str(error)
    if errors:
        raise Invalid("Có con số chưa đọc được, xem các ô báo lỗi bên dưới.", errors=errors)
    return numbers


def _again(request: Request, indicator_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        return page_text("indicator/edit.html", **_edit(request, work, indicator_id, form))

    return show_filled_in


def _edit(request: Request, work: Work, indicator_id: UUID, form: Form) -> dict[str, Any]:
    seen = build_indicator_page(work, indicator_id)
    there = list_units(work, locality_id=seen.indicator.locality_id, limit=500)
    verifiers = {seen.indicator.verifier_id} - {None}
    return {
        "page": _edit_frame(request, work, seen),
        "seen": seen,
        "form": form,
        # Three forms stand on the page; the two that were not sent show what is stored.
        "defining": form if "name" in form.values else Form(),
        "aiming": form if "comparator" in form.values else Form(),
        "units": _options(there, {unit.id for unit in seen.owners}, work.today),
        "bodies": _options([unit for unit in there if not unit.is_group], verifiers, work.today),
        "wholes": _whole_options(work, seen.indicator),
        "over_units": [(code, label("over_units", code)) for code in OVER_UNITS],
        "over_periods": [(code, label("over_periods", code)) for code in OVER_PERIODS],
        "chosen": form.all("units") or [str(unit.id) for unit in seen.owners],
        "measures": [(code, label("measure", code)) for code in MEASURES],
        "comparators": [(code, label("comparator", code)) for code in COMPARATORS],
        "cycles": [(code, label("cycle", code)) for code in CYCLES],
    }


def _options(there: Iterable[Unit], chosen: Collection[UUID | None], today: date) -> list[tuple[str, str]]:
    """Units that have not ended, and of those that have, the ones chosen before."""
    return [
        (str(unit.id), _named(unit, today))
        for unit in there
        if unit.id in chosen or not unit.has_ended(today)
    ]


def _named(unit: Unit, today: date) -> str:
    if unit.has_ended(today):
        return f"{unit.name} (đã thôi hoạt động)"
    return f"{unit.name} (nhóm)" if unit.is_group else unit.name


def _whole_options(work: Work, indicator: Indicator) -> list[tuple[str, str]]:
    """Indicators this one may be a part of."""
    others = service.list_indicators(work, plan=indicator.plan_id, limit=500)
    return [
        (str(other.id), f"{other.code} {other.name}")
        for other in others
        if other.id != indicator.id and other.part_of_id is None
    ]


def _edit_frame(request: Request, work: Work, seen: IndicatorPage) -> Page:
    crumbs = (*_crumbs(seen), Crumb(seen.indicator.code, f"/chi-tieu/{seen.indicator.id}"))
    return frame(request, work, f"Sửa chỉ tiêu {seen.indicator.code}", crumbs=crumbs)


def _crumbs(seen: IndicatorPage) -> tuple[Crumb, ...]:
    return (
        Crumb("Kế hoạch", "/ke-hoach"),
        Crumb(seen.plan.number or seen.plan.code, f"/ke-hoach/{seen.plan.id}"),
        Crumb("Chỉ tiêu", f"/chi-tieu?ke-hoach={seen.plan.id}"),
    )
