"""/plans/{id}/indicator-exceptions: the indicators of a plan that something is wrong with."""

from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.indicator import CellOut, StandingOut, cell_out
from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.indicator_table import build_indicator_table
from app.services.key_indicators import Flagged, build_key_page
from app.services.plan import get_plan
from app.services.standing import Figure

router = APIRouter(prefix="/plans", tags=["plans"], route_class=AnsweredRoute)


class TrendOut(BaseModel):
    """`kind`: better, worse or same than in the period named `since`; `change`: the newer figure less the older one."""

    kind: str
    change: Decimal
    since: str


class ExceptionOut(BaseModel):
    """`kind`: off (not kept, or missed by its year), worse (further from what is wanted than before), overdue (past its
    day and still to be sent) or explained (asked about when it was sent). An indicator may be here for several.
    `value` is all units as one, as in figures; `figures` those the exception is about: none for worse, and none for off
    where `value` itself is off. `trend` is null where no two periods can be compared."""

    kind: Literal["off", "worse", "overdue", "explained"]
    indicator: UUID
    code: str
    name: str
    is_key: bool
    period: str
    period_id: UUID
    reported: int
    expected: int
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    standing: StandingOut
    trend: TrendOut | None
    figures: list[CellOut]


class ExceptionsOut(BaseModel):
    """By kind, key indicators first."""

    plan: UUID
    items: list[ExceptionOut]
    next: None = None


@router.get(
    "/{plan_id}/indicator-exceptions",
    operation_id="list_indicator_exceptions",
    summary="Indicators of a plan that are off, get worse, are overdue or had to be explained",
    response_model=ExceptionsOut,
)
@policy(P.PLAN_READ, P.SUBMISSION_READ)
def list_(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    plan = get_plan(work, plan_id)
    seen = build_key_page(build_indicator_table(work, plan.id))
    items = [_out(kind, one) for kind, one in seen.exceptions]
    return reply(request, {"plan": plan.id, "items": items, "next": None})


def _out(kind: str, one: Flagged) -> dict[str, Any]:
    it, period, figure = one.row.indicator, one.period, one.period.figure or Figure()
    return {
        "kind": kind,
        "indicator": it.id,
        "code": it.code,
        "name": it.name,
        "is_key": it.is_key,
        "period": period.label,
        "period_id": period.period_id,
        "reported": period.rolled.reported,
        "expected": period.rolled.expected,
        "value": figure.number,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "standing": period.standing,
        "trend": one.row.trend,
        "figures": [cell_out(cell) for cell in one.cells],
    }
