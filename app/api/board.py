"""/plans/{id}/board: every organisation's lane."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import AsOf, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Plan
from app.permissions import Permission as P
from app.services._scope import find
from app.services.as_of_overview import build_lanes_as_of
from app.services.lanes import Lane, build_lanes
from app.services.period import check_period

router = APIRouter(prefix="/plans", tags=["plans"], route_class=AnsweredRoute)


class LaneUnit(BaseModel):
    id: UUID
    code: str
    name: str
    kind: str
    is_group: bool
    board_url: str


class MemberLaneOut(BaseModel):
    unit: LaneUnit
    counts: dict[str, int]
    overdue: int


class LaneOut(BaseModel):
    """`counts` by state; a group's are the sums of its members' rows."""

    unit: LaneUnit
    is_group: bool
    counts: dict[str, int]
    overdue: int
    members: list[MemberLaneOut]


class BoardOut(BaseModel):
    """`as_of` null: how it stands now."""

    plan: UUID
    period: str | None
    as_of: date | None
    lanes: list[LaneOut]


@router.get(
    "/{plan_id}/board",
    operation_id="get_plan_board",
    summary="Every organisation's lane",
    response_model=BoardOut,
)
@policy(P.OVERVIEW_READ)
def get(
    request: Request,
    work: WorkGiven,
    plan_id: UUID,
    period: Annotated[str | None, Query(max_length=20)] = None,
    as_of: AsOf = None,
) -> Response:
    plan = find(work, Plan, plan_id)
    work.require(P.OVERVIEW_READ, plan.locality_id)
    if as_of is not None:
        lanes = build_lanes_as_of(work, plan, as_of, period=period)
    else:
        check_period(work, plan.locality_id, period)
        lanes = build_lanes(work, plan, period=period)
    shown = {"plan": plan.id, "period": period, "as_of": as_of, "lanes": [_lane(lane) for lane in lanes]}
    return reply(request, shown)


def _lane(lane: Lane) -> dict[str, Any]:
    members = [{"unit": _unit(m.unit), "counts": m.counts, "overdue": m.overdue} for m in lane.members]
    return {
        "unit": _unit(lane.unit),
        "is_group": lane.is_group,
        "counts": lane.counts,
        "overdue": lane.overdue,
        "members": members,
    }


def _unit(unit: Any) -> dict[str, Any]:
    return {
        "id": unit.id,
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "is_group": unit.kind == "group",
        "board_url": f"/bang/{unit.id}",
    }
