"""/indicators/{id}/roll-up: figures as one by the declared rule, with the figures each number was made of."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.indicator import PeriodFiguresOut, StandingOut, period_figures_out
from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import NotFound
from app.permissions import Permission as P
from app.services.indicator import get_indicator
from app.services.roll_up import CommuneFigures, Rolled, RollUpPage, build_roll_up, latest_period

router = APIRouter(
    prefix="/indicators/{indicator_id}/roll-up", tags=["indicators"], route_class=AnsweredRoute
)


class RolledOut(BaseModel):
    """`rule`: ratio (Σ numerators ÷ Σ denominators), sum, last, met or none. `reported` of `expected` figures are in
    it; missing ones are no zeros. `met`: how many reach the target, where the rule counts that."""

    rule: str
    reported: int
    expected: int
    met: int | None
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    standing: StandingOut


class YearOut(RolledOut):
    """`mixed`: the periods were measured in different ways, so nothing is made of them."""

    mixed: bool
    periods: list[PeriodFiguresOut]


class CommuneOut(BaseModel):
    """`indicator` answers the province's in this commune. `counts`: it is measured the same way, in the same unit.
    `figures` null: nothing is expected there in a period of this label."""

    locality: UUID
    name: str
    indicator: UUID
    code: str
    counts: bool
    figures: PeriodFiguresOut | None


class CommunesOut(RolledOut):
    """`unlinked`: names of communes that have not said which of their indicators answers this one."""

    items: list[CommuneOut]
    unlinked: list[str]


class RollUpOut(BaseModel):
    """`units`: the period's figures with the submissions they are. `year`: periods of the same cycle that end in its
    year. `communes`: for an indicator of a province."""

    indicator: UUID
    period: str
    period_id: UUID
    rule: str
    units: PeriodFiguresOut | None
    year: YearOut | None
    communes: CommunesOut | None


@router.get(
    "",
    operation_id="get_indicator_roll_up",
    summary="Figures as one: over units, periods of the year, communes",
    response_model=RollUpOut,
)
@policy(P.PLAN_READ, P.SUBMISSION_READ)
def get(
    request: Request,
    work: WorkGiven,
    indicator_id: UUID,
    period: Annotated[
        str | None,
        Query(pattern=r"^[0-9A-Za-z-]{1,40}$", description="Label or id; the newest when left out."),
    ] = None,
    group: Annotated[UUID | None, Query(description="Members of this group of units alone.")] = None,
) -> Response:
    if (chosen := period or latest_period(work, get_indicator(work, indicator_id))) is None:
        raise NotFound("Địa phương này chưa mở kỳ báo cáo nào. Hãy mở kỳ trước.")
    return reply(request, _out(build_roll_up(work, indicator_id, str(chosen), group=group)))


def _out(seen: RollUpPage) -> dict[str, Any]:
    year, communes = seen.year, seen.communes
    return {
        "indicator": seen.indicator.id,
        "period": seen.period.label,
        "period_id": seen.period.id,
        "rule": seen.how.over_units,
        "units": period_figures_out(seen.units) if seen.units else None,
        "year": None
        if year is None
        else _rolled(year.rolled)
        | {"mixed": year.is_mixed, "periods": [period_figures_out(one) for one in year.periods]},
        "communes": None
        if communes is None
        else _rolled(communes.rolled)
        | {"items": [_commune(one) for one in communes.communes], "unlinked": list(communes.unlinked)},
    }


def _rolled(one: Rolled) -> dict[str, Any]:
    figure = one.figure
    return {
        "rule": one.rule,
        "reported": one.counts.reported,
        "expected": one.counts.expected,
        "met": one.counts.met,
        "value": figure.number if figure else None,
        "numerator": figure.numerator if figure else None,
        "denominator": figure.denominator if figure else None,
        "standing": one.standing,
    }


def _commune(one: CommuneFigures) -> dict[str, Any]:
    return {
        "locality": one.locality_id,
        "name": one.name,
        "indicator": one.indicator_id,
        "code": one.code,
        "counts": one.is_alike,
        "figures": period_figures_out(one.figures) if one.figures else None,
    }
