"""/urgings: units are told what they owe; a unit answers in words beneath."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.assignment import TimelineEntryOut, UnitBrief
from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.api.timeline import timeline_out
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Stale
from app.permissions import Permission as P
from app.services import urging as service
from app.services.urging_list import (
    UrgingFilter,
    UrgingSeen,
    get_urging,
    list_urgings,
    rows_of_urging,
    urging_actions,
)
from app.work import Work

router = APIRouter(prefix="/urgings", tags=["urgings"], route_class=AnsweredRoute)

Standing = Literal["answered", "reported", "waiting", "silent", "stepped_up", "lapsed"]


class UrgingOut(BaseModel):
    """`unit` was told (null: the office), `about` owes; `owed` of `rows` are not reported yet. `standing` is computed
    for today in Vietnam. `previous`: of a step-up, the urging nobody answered."""

    id: UUID
    version: int
    kind: str
    channel: str
    unit: UnitBrief | None
    about: UnitBrief
    previous: UUID | None
    text: str
    answer_by: date
    step_up_after: int | None
    sent_at: datetime
    sent_by: str | None
    answer: str | None
    answered_at: datetime | None
    rows: int
    owed: int
    stepped_up_at: datetime | None
    standing: str
    allowed_actions: list[str]


class UrgedRowOut(BaseModel):
    """`owed`: still without a report."""

    kind: Literal["assignment", "submission"]
    id: UUID
    code: str
    title: str
    state: str
    due_on: date | None
    period: str | None
    owed: bool


class UrgingDetailOut(UrgingOut):
    about_rows: list[UrgedRowOut]
    timeline: list[TimelineEntryOut]


class UrgingPage(BaseModel):
    items: list[UrgingOut]
    next: str | None


@router.get("", operation_id="list_urgings", summary="List urgings, newest first", response_model=UrgingPage)
@policy(P.URGING_READ)
def list_(
    request: Request,
    work: WorkGiven,
    unit: Annotated[UUID | None, Query(description="The unit that was told.")] = None,
    kind: Annotated[Literal["urge", "step_up"] | None, Query()] = None,
    standing: Annotated[Standing | None, Query()] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    wanted = UrgingFilter(unit=unit, kind=kind, standing=standing)
    after: Any = from_cursor(cursor, datetime.fromisoformat, UUID)
    rows = list_urgings(work, wanted, after=after, limit=limit + 1)
    outs = [_out(work, row) for row in rows]
    return reply(request, page_of(outs, limit, lambda o: (o["sent_at"], o["id"])))


@router.post(
    "",
    operation_id="send_urgings",
    summary="Urge about rows: one notice a unit",
    status_code=201,
    response_model=UrgingPage,
)
@policy(P.URGING_WRITE)
def send(request: Request, work: WorkGiven, wanted: service.UrgingInput) -> Response:
    sent = service.send_urgings(work, wanted)
    outs = [_out(work, get_urging(work, one.id)) for one in sent]
    return reply(request, {"items": outs, "next": None}, status=201)


@router.get(
    "/{urging_id}",
    operation_id="get_urging",
    summary="One urging with its rows and timeline",
    response_model=UrgingDetailOut,
)
@policy(P.URGING_READ)
def get(request: Request, work: WorkGiven, urging_id: UUID) -> Response:
    return _detail(request, work, urging_id)


@router.post(
    "/{urging_id}/answers",
    operation_id="answer_urging",
    summary="The unit answers in words, once",
    status_code=201,
    response_model=UrgingDetailOut,
)
@policy(P.URGING_ANSWER)
def answer(
    request: Request, work: WorkGiven, urging_id: UUID, said: service.UrgingAnswerInput, version: IfMatch
) -> Response:
    seen = get_urging(work, urging_id)
    if version is not None and version != seen.version:
        raise Stale(seen.version)
    service.answer_urging(work, urging_id, said)
    return _detail(request, work, urging_id, status=201)


def _detail(request: Request, work: Work, urging_id: UUID, status: int = 200) -> Response:
    seen = get_urging(work, urging_id)
    out = _out(work, seen) | {
        "about_rows": [_row(row) for row in rows_of_urging(work, urging_id)],
        "timeline": timeline_out(work, [urging_id]),
    }
    location = f"/api/v1/urgings/{urging_id}" if status == 201 else None
    return reply(request, out, status=status, location=location)


def _row(row: Any) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "id": row.id,
        "code": row.code,
        "title": row.title,
        "state": row.state,
        "due_on": row.due_on,
        "period": row.period_name,
        "owed": row.is_owed,
    }


def _out(work: Work, seen: UrgingSeen) -> dict[str, Any]:
    kept = seen._asdict()
    unit_id, unit_name = kept.pop("unit_id"), kept.pop("unit_name")
    about_id, about = kept.pop("about_unit_id"), kept.pop("about")
    kept.pop("locality_id")
    return kept | {
        "unit": {"id": unit_id, "name": unit_name} if unit_id else None,
        "about": {"id": about_id, "name": about},
        "previous": kept.pop("previous_id"),
        "allowed_actions": urging_actions(work, seen),
    }
