"""/plans/{id}/completeness: who sent which figure in a period."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.completeness import Completeness, UnitLine, build_completeness

router = APIRouter(prefix="/plans", tags=["plans"], route_class=AnsweredRoute)


class TallyOut(BaseModel):
    """`sent` (= on_time + late + no_data) of `asked`, in which rows that were waived do not count. `overdue`: of those
    silent or returned."""

    asked: int
    sent: int
    on_time: int
    late: int
    no_data: int
    returned: int
    silent: int
    overdue: int
    waived: int


class AskedOut(BaseModel):
    """`kind`: silent, returned, late, on_time, no_data or waived. An indicator that is not listed was not asked of the
    unit."""

    indicator: UUID
    submission: UUID
    kind: str
    state: str
    due_on: date | None
    overdue: bool


class UnitCompletenessOut(BaseModel):
    unit: UUID
    name: str
    tally: TallyOut
    figures: list[AskedOut]


class IndicatorCompletenessOut(BaseModel):
    indicator: UUID
    code: str
    name: str
    tally: TallyOut


class CompletenessOut(BaseModel):
    """`period` is null while no period asked for a figure of the plan. Of what the reader may see."""

    plan: UUID
    period: str | None
    period_id: UUID | None
    due_on: date | None
    tally: TallyOut
    indicators: list[IndicatorCompletenessOut]
    units: list[UnitCompletenessOut]


@router.get(
    "/{plan_id}/completeness",
    operation_id="get_plan_completeness",
    summary="Who sent which figure of a plan in a period: units × indicators with totals",
    response_model=CompletenessOut,
)
@policy(P.PLAN_READ, P.SUBMISSION_READ)
def get(
    request: Request,
    work: WorkGiven,
    plan_id: UUID,
    period: Annotated[
        str | None, Query(max_length=40, description="Label or id; the newest when left out.")
    ] = None,
) -> Response:
    return reply(request, _out(build_completeness(work, plan_id, period)))


def _out(seen: Completeness) -> dict[str, Any]:
    period = seen.period
    return {
        "plan": seen.plan.id,
        "period": period.label if period else None,
        "period_id": period.id if period else None,
        "due_on": period.due_on if period else None,
        "tally": seen.tally,
        "indicators": [
            {"indicator": one.id, "code": one.code, "name": one.name, "tally": one.tally}
            for one in seen.indicators
        ],
        "units": [_unit(line) for line in seen.units],
    }


def _unit(line: UnitLine) -> dict[str, Any]:
    figures = [
        {
            "indicator": cell.indicator_id,
            "submission": cell.submission_id,
            "kind": cell.kind,
            "state": cell.state,
            "due_on": cell.due_on,
            "overdue": cell.overdue,
        }
        for cell in line.cells.values()
    ]
    return {"unit": line.unit_id, "name": line.name, "tally": line.tally, "figures": figures}
