"""/indicators: what is measured, who reports it, and the figures of every unit and period."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from app.api.assignment import TimelineEntryOut, UnitBrief
from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.api.target import TargetOut, target_out
from app.api.timeline import timeline_out
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Indicator
from app.permissions import Permission as P
from app.services import indicator as service
from app.services.definition import list_definitions
from app.services.figures import Cell, PeriodFigures, build_indicator_page
from app.services.standing import Figure
from app.services.target import list_targets
from app.services.typed import Typed
from app.work import Work

router = APIRouter(prefix="/indicators", tags=["indicators"], route_class=AnsweredRoute)


class OwnersInput(Typed):
    """Units or groups that report the figure from now on."""

    units: list[UUID] = Field(max_length=200)


class IndicatorOut(BaseModel):
    """`statement` is verbatim from the document. `unit_label` is the unit of the figure. `definition` is the number of
    the definition in force. `over_units` and `over_periods` say how figures may become one."""

    id: UUID
    version: int
    plan: UUID
    code: str
    name: str
    statement: str
    passage: UUID | None
    measure: str
    direction: str
    unit_label: str | None
    coverage: dict[str, Any] | None
    value_basis: str
    numerator_name: str | None
    denominator_name: str | None
    decimals: int
    cycle: str | None
    data_source: str | None
    verifier: UUID | None
    is_key: bool
    baseline: Decimal | None
    baseline_label: str | None
    range_from: Decimal | None
    range_to: Decimal | None
    jump_limit: Decimal | None
    part_of: UUID | None
    adds_up: bool
    over_units: str
    over_periods: str
    definition: int
    owners: list[UnitBrief]
    targets: list[TargetOut]
    allowed_actions: list[str]


class IndicatorDetailOut(IndicatorOut):
    timeline: list[TimelineEntryOut]


class DefinitionOut(BaseModel):
    """`content`: the fields of the indicator as they were, with `targets`; exact numbers are strings."""

    number: int
    defined_at: datetime
    content: dict[str, Any]


class DefinitionsOut(BaseModel):
    items: list[DefinitionOut]
    next: None = None


class IndicatorPage(BaseModel):
    items: list[IndicatorOut]
    next: str | None


class StandingOut(BaseModel):
    """met, not_yet, no_mark, off, no_goal or no_data; `distance` in the figure's own unit, 0 when met."""

    state: str
    distance: Decimal | None


class FigureOut(BaseModel):
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    level: int | None
    flag: bool | None
    note: str | None
    no_data: bool


class CellOut(BaseModel):
    """One unit's figure; null until it was sent (or while it is returned). `doubts`: what was asked about when it was
    sent (jump, falls, parts); the figure's `note` is the answer."""

    submission: UUID
    unit: UnitBrief
    state: str
    due_on: date | None
    late: bool
    figure: FigureOut | None
    standing: StandingOut
    doubts: list[str]


class PeriodFiguresOut(BaseModel):
    """`value` is all units as one by the indicator's `over_units`, or the only unit's own; else null."""

    period: str
    period_id: UUID
    reported: int
    expected: int
    met: int
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    standing: StandingOut
    figures: list[CellOut]


class FiguresOut(BaseModel):
    indicator: UUID
    items: list[PeriodFiguresOut]
    next: None = None


@router.get("", operation_id="list_indicators", summary="List indicators", response_model=IndicatorPage)
@policy(P.PLAN_READ)
def list_(
    request: Request,
    work: WorkGiven,
    plan: UUID | None = None,
    unit: UUID | None = None,
    key: Annotated[
        bool | None, Query(description="true: only key indicators; false: only the others.")
    ] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    place = from_cursor(cursor, UUID)
    after = place[0] if place else None
    rows = service.list_indicators(work, plan=plan, unit=unit, key=key, q=q, after=after, limit=limit + 1)
    return reply(request, page_of(_outs(work, rows), limit, lambda out: (out["id"],)))


@router.post(
    "",
    operation_id="add_indicator",
    summary="Add an indicator to a plan",
    status_code=201,
    response_model=IndicatorDetailOut,
)
@policy(P.INDICATOR_MANAGE)
def add(request: Request, work: WorkGiven, given: service.IndicatorInput) -> Response:
    return _detail(request, work, service.add_indicator(work, given), status=201)


@router.get(
    "/{indicator_id}",
    operation_id="get_indicator",
    summary="One indicator with its history",
    response_model=IndicatorDetailOut,
)
@policy(P.PLAN_READ)
def get(request: Request, work: WorkGiven, indicator_id: UUID) -> Response:
    return _detail(request, work, service.get_indicator(work, indicator_id))


@router.patch(
    "/{indicator_id}",
    operation_id="change_indicator",
    summary="Change an indicator's definition",
    response_model=IndicatorDetailOut,
)
@policy(P.INDICATOR_MANAGE)
def change(
    request: Request, work: WorkGiven, indicator_id: UUID, given: service.IndicatorChange, version: IfMatch
) -> Response:
    return _detail(request, work, service.change_indicator(work, indicator_id, given, version))


@router.get(
    "/{indicator_id}/definitions",
    operation_id="list_indicator_definitions",
    summary="Every definition the indicator had, the newest first",
    response_model=DefinitionsOut,
)
@policy(P.PLAN_READ)
def definitions(request: Request, work: WorkGiven, indicator_id: UUID) -> Response:
    service.get_indicator(work, indicator_id)
    kept = list_definitions(work, [indicator_id])[indicator_id]
    items = [{"number": it.number, "defined_at": it.defined_at, "content": it.content} for it in kept]
    return reply(request, {"items": items, "next": None})


@router.put(
    "/{indicator_id}/owners",
    operation_id="set_indicator_owners",
    summary="Say who reports the figure",
    response_model=IndicatorDetailOut,
)
@policy(P.INDICATOR_MANAGE)
def own(
    request: Request, work: WorkGiven, indicator_id: UUID, given: OwnersInput, version: IfMatch
) -> Response:
    service.set_owners(work, indicator_id, given.units, version)
    return _detail(request, work, service.get_indicator(work, indicator_id))


@router.get(
    "/{indicator_id}/figures",
    operation_id="list_indicator_figures",
    summary="Figures per period and unit, with standing and n of N reported",
    response_model=FiguresOut,
)
@policy(P.PLAN_READ, P.SUBMISSION_READ)
def figures(request: Request, work: WorkGiven, indicator_id: UUID) -> Response:
    page = build_indicator_page(work, indicator_id)
    items = [period_figures_out(period) for period in page.periods]
    return reply(request, {"indicator": indicator_id, "items": items, "next": None})


def _detail(request: Request, work: Work, indicator: Indicator, *, status: int = 200) -> Response:
    out = _outs(work, [indicator])[0] | {"timeline": timeline_out(work, [indicator.id])}
    location = f"/api/v1/indicators/{indicator.id}" if status == 201 else None
    return reply(request, out, status=status, version=indicator.version, location=location)


def _outs(work: Work, rows: list[Indicator]) -> list[dict[str, Any]]:
    keys = [row.id for row in rows]
    owners, targets = service.list_owners(work, keys), list_targets(work, keys)
    return [_out(work, row, owners[row.id], [target_out(t) for t in targets[row.id]]) for row in rows]


def _out(work: Work, row: Indicator, owners: list[Any], targets: list[Any]) -> dict[str, Any]:
    manages = work.actor.may(P.INDICATOR_MANAGE, row.locality_id)
    return {
        "id": row.id,
        "version": row.version,
        "plan": row.plan_id,
        "code": row.code,
        "name": row.name,
        "statement": row.statement,
        "passage": row.passage_id,
        "measure": row.measure,
        "direction": row.direction,
        "unit_label": row.unit_label,
        "coverage": row.coverage,
        "value_basis": row.value_basis,
        "numerator_name": row.numerator_name,
        "denominator_name": row.denominator_name,
        "decimals": row.decimals,
        "cycle": row.cycle,
        "data_source": row.data_source,
        "verifier": row.verifier_id,
        "is_key": row.is_key,
        "baseline": row.baseline,
        "baseline_label": row.baseline_label,
        "range_from": row.range_from,
        "range_to": row.range_to,
        "jump_limit": row.jump_limit,
        "part_of": row.part_of_id,
        "adds_up": row.adds_up,
        "over_units": row.over_units,
        "over_periods": row.over_periods,
        "definition": row.definition,
        "owners": [{"id": unit.id, "name": unit.name} for unit in owners],
        "targets": targets,
        "allowed_actions": ["change", "set_owners", "set_target"] if manages else [],
    }


def period_figures_out(period: PeriodFigures) -> dict[str, Any]:
    figure = period.figure or Figure()
    return {
        "period": period.label,
        "period_id": period.period_id,
        "reported": period.rolled.reported,
        "expected": period.rolled.expected,
        "met": period.met,
        "value": figure.number,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "standing": period.standing,
        "figures": [cell_out(cell) for cell in period.cells],
    }


def cell_out(cell: Cell) -> dict[str, Any]:
    return {
        "submission": cell.submission_id,
        "unit": {"id": cell.unit_id, "name": cell.unit_name},
        "state": cell.state,
        "due_on": cell.due_on,
        "late": cell.late or cell.overdue,
        "figure": cell.figure,
        "standing": cell.standing,
        "doubts": cell.doubts,
    }
