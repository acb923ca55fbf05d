"""/units/{id}/board: how one unit or group stands; of a group each duty with who is silent."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import AsOf, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import NotFound
from app.permissions import Permission as P
from app.services.as_of_board import build_board_as_of
from app.services.board import build_board, get_board_head
from app.services.board_together import GroupDuty
from app.services.period import check_period

router = APIRouter(prefix="/units", tags=["units"], route_class=AnsweredRoute)


class SilentOut(BaseModel):
    """`due_on`: the member's own; `late`: days past it, null while in time."""

    assignment: UUID
    unit: UUID
    name: str
    state: str
    due_on: date | None
    late: int | None


class DutyOut(BaseModel):
    """`k` of `n` members reported, `confirmed` of them were confirmed. Completion `any`: one is enough. `due_on`: the
    date most members have; who has another says so in `silent`."""

    task: UUID
    code: str
    title: str
    completion: str
    period: str | None
    due_on: date | None
    n: int
    k: int
    confirmed: int
    settled: bool
    silent: list[SilentOut]


class SupportOut(BaseModel):
    """A row the unit, or of a group the member `unit`, supports: who leads, and the state of the lead's row where
    there is one."""

    assignment: UUID
    unit: UUID
    name: str
    task: UUID
    code: str
    title: str
    lead: str
    lead_state: str | None


class UnitBoardOut(BaseModel):
    """`as_of` null: how it stands now. `name`: what the unit is called, or was then. `counts` by state over the rows
    that count; `joint`: rows of its groups it may report, counted there. `own_alone`: of a group the caller reads only
    the rows of their own unit, so nothing is said of its `duties`."""

    unit: UUID
    name: str
    as_of: date | None
    is_group: bool
    own_alone: bool
    counts: dict[str, int]
    overdue: int
    due_soon: int
    duties: list[DutyOut]
    joint: list[UUID]
    supporting: list[SupportOut]


@router.get(
    "/{unit_id}/board",
    operation_id="get_unit_board",
    summary="How one unit or group stands, who is silent in a group",
    response_model=UnitBoardOut,
)
@policy(P.ASSIGNMENT_READ)
def get(
    request: Request,
    work: WorkGiven,
    unit_id: UUID,
    plan: UUID | None = None,
    period: Annotated[str | None, Query(max_length=20)] = None,
    as_of: AsOf = None,
) -> Response:
    head = get_board_head(work, unit_id)
    if as_of is not None:
        board = build_board_as_of(work, head, as_of, plan_id=plan, period=period)
        if period not in (None, *(one.label for one in board.periods)):
            raise NotFound(f"Ngày đó chưa mở kỳ báo cáo “{period}”. Chọn kỳ hoặc ngày khác.")
    else:
        check_period(work, head.unit.locality_id, period)
        board = build_board(work, head, plan_id=plan, period=period)
    out = {
        "unit": board.unit.id,
        "name": board.unit.name,
        "as_of": as_of,
        "is_group": board.unit.is_group,
        "own_alone": board.own_alone,
        "counts": board.counts,
        "overdue": board.overdue,
        "due_soon": board.due_soon,
        "duties": [_duty(duty) for duty in board.duties],
        "joint": [card.id for card in board.joint],
        "supporting": [
            {
                "assignment": one.id,
                "unit": one.unit_id,
                "name": one.unit,
                "task": one.task_id,
                "code": one.code,
                "title": one.title,
                "lead": one.lead,
                "lead_state": one.lead_state,
            }
            for one in board.support
        ],
    }
    return reply(request, out)


def _duty(duty: GroupDuty) -> dict[str, Any]:
    return {
        "task": duty.task_id,
        "code": duty.code,
        "title": duty.title,
        "completion": duty.completion,
        "period": duty.period,
        "due_on": duty.due_on,
        "n": duty.total,
        "k": duty.sent,
        "confirmed": duty.confirmed,
        "settled": duty.is_settled,
        "silent": [
            {
                "assignment": one.id,
                "unit": one.unit_id,
                "name": one.name,
                "state": one.state,
                "due_on": one.due_on,
                "late": one.late,
            }
            for one in duty.silent
        ],
    }
