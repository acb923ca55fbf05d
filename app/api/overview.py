"""/plans/{id}/overview: how far a plan is."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import AsOf, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.as_of_overview import build_overview_as_of
from app.services.counting import FourWay, PeriodShare
from app.services.lateness import LateRow
from app.services.overview import Overview, OverviewLane, build_overview, get_overview_plan

router = APIRouter(prefix="/plans", tags=["plans"], route_class=AnsweredRoute)


class DatedOut(BaseModel):
    """The four-way count. `rate` = done ÷ (done + overdue), 0 to 1, null while there is neither; `without_due` is
    part of `open_in_time`; `left_out` rows (`left_out_by_state`: waived, not_needed, cancelled, waiting) and those of
    who cooperates (`supporting`) are in none of the four."""

    done_on_time: int
    done_late: int
    open_in_time: int
    open_overdue: int
    without_due: int
    left_out: int
    left_out_by_state: dict[str, int]
    supporting: int
    rate: float | None


class ShareOut(BaseModel):
    """Rows of a period. `rate` = accepted ÷ expected, 0 to 1, null where nothing is expected; neither `left_out` rows
    nor those of who cooperates (`supporting`) are expected."""

    expected: int
    reported: int
    accepted: int
    left_out: int
    left_out_by_state: dict[str, int]
    supporting: int
    rate: float | None


class PeriodCountOut(ShareOut):
    id: UUID
    label: str
    name: str
    state: str
    due_on: date


class UnitOut(BaseModel):
    id: UUID
    code: str
    name: str
    kind: str
    is_group: bool
    board_url: str


class MemberOut(BaseModel):
    unit: UnitOut
    counts: dict[str, int]
    overdue: int


class OverviewLaneOut(MemberOut):
    """A group's counts are the sums of its members' rows; `members_reported` of them owe no report now."""

    members_reported: int
    members: list[MemberOut]


class SilentOut(BaseModel):
    """`rows` of work and `figures` still to be reported; `overdue` of both, by up to `days`."""

    unit: UUID
    name: str
    rows: int
    figures: int
    overdue: int
    days: int


class LateOut(BaseModel):
    assignment: UUID
    task: UUID
    code: str
    title: str
    unit: UUID
    unit_name: str
    state: str
    due_on: date
    days: int
    blocked_reason: str | None


class BandsOut(BaseModel):
    """Overdue rows by how long: 1–7, 8–30, 31–90, over 90 days. Each has its list: /assignments?band=week&plan=…,
    with `current=true`, or with `period` where one was asked for."""

    week: int
    month: int
    quarter: int
    longer: int


class IndicatorCountOut(BaseModel):
    """`sent` counts accepted figures too."""

    id: UUID
    code: str
    name: str
    expected: int
    sent: int
    accepted: int


class OverviewOut(BaseModel):
    """`period` null: dated rows and those of open periods; else the rows of that period. `dated` is of all dated
    rows in any case. `late` holds the twenty longest overdue; the whole list is /assignments?plan=…&overdue=true."""

    plan: UUID
    period: str | None
    as_of: date | None
    dated: DatedOut
    standing: ShareOut
    periods: list[PeriodCountOut]
    lanes: list[OverviewLaneOut]
    silent: list[SilentOut]
    late: list[LateOut]
    overdue_bands: BandsOut
    indicators: list[IndicatorCountOut]


@router.get(
    "/{plan_id}/overview",
    operation_id="get_plan_overview",
    summary="How far a plan is: lanes, both streams of counts, who is silent, what is late",
    response_model=OverviewOut,
)
@policy(P.OVERVIEW_READ)
def get(
    request: Request,
    work: WorkGiven,
    plan_id: UUID,
    period: Annotated[str | None, Query(max_length=20, description="Label, e.g. 2026-Q4.")] = None,
    as_of: AsOf = None,
) -> Response:
    plan, _ = get_overview_plan(work, plan_id)
    if as_of is not None:
        seen = build_overview_as_of(work, plan, as_of, period=period)
    else:
        seen = build_overview(work, plan, period=period)
    return reply(request, _out(seen) | {"as_of": as_of})


def _out(seen: Overview) -> dict[str, Any]:
    return {
        "plan": seen.plan.id,
        "period": seen.period,
        "dated": _dated(seen.dated),
        "standing": _share(seen.standing),
        "periods": [
            {"id": p.id, "label": p.label, "name": p.name, "state": p.state, "due_on": p.due_on}
            | _share(p.share)
            for p in seen.periods
        ],
        "lanes": [
            _lane(lane)
            | {"members_reported": lane.members_reported, "members": [_lane(m) for m in lane.members]}
            for lane in seen.lanes
        ],
        "silent": [
            {
                "unit": s.unit_id,
                "name": s.name,
                "rows": s.rows,
                "figures": s.figures,
                "overdue": s.overdue,
                "days": s.days,
            }
            for s in seen.silent
        ],
        "late": [_late(row) for row in seen.late],
        "overdue_bands": seen.bands,
        "indicators": seen.indicators,
    }


def _dated(counted: FourWay) -> dict[str, Any]:
    return {
        "done_on_time": counted.done_on_time,
        "done_late": counted.done_late,
        "open_in_time": counted.open_in_time,
        "open_overdue": counted.open_overdue,
        "without_due": counted.without_due,
        "left_out": counted.left_out,
        "left_out_by_state": counted.left_out_by_state,
        "supporting": counted.supporting,
        "rate": None if counted.rate is None else round(float(counted.rate), 4),
    }


def _share(share: PeriodShare) -> dict[str, Any]:
    return {
        "expected": share.expected,
        "reported": share.reported,
        "accepted": share.accepted,
        "left_out": share.left_out,
        "left_out_by_state": share.left_out_by_state,
        "supporting": share.supporting,
        "rate": None if share.rate is None else round(float(share.rate), 4),
    }


def _lane(lane: OverviewLane) -> dict[str, Any]:
    unit = lane.unit
    shown = {"id": unit.id, "code": unit.code, "name": unit.name, "kind": unit.kind}
    return {
        "unit": shown | {"is_group": lane.is_group, "board_url": f"/bang/{unit.id}"},
        "counts": lane.counts,
        "overdue": lane.overdue,
    }


def _late(row: LateRow) -> dict[str, Any]:
    return {
        "assignment": row.id,
        "task": row.task_id,
        "code": row.code,
        "title": row.title,
        "unit": row.unit_id,
        "unit_name": row.unit_name,
        "state": row.state,
        "due_on": row.due_on,
        "days": row.days,
        "blocked_reason": row.blocked_reason,
    }
