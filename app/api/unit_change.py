"""/unit-changes: units merged, split, renamed, ended; the open rows that wait for a decision because of it."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Unit
from app.permissions import Permission as P
from app.services import unit_change as service
from app.services._scope import check_locality, home_locality
from app.services.handing_over import RowDecisionsInput, decide_rows
from app.services.handing_proposal import Waiting
from app.services.unit_change_page import ChangeSeen, list_rows_waiting, see_changes

router = APIRouter(prefix="/unit-changes", tags=["units"], route_class=AnsweredRoute)


class UnitRef(BaseModel):
    id: UUID
    code: str
    name: str


class UnitChangeOut(BaseModel):
    """`units` ended (or the one was renamed) the day before `effective_on`; `successors` go on from them."""

    id: UUID
    locality: UUID
    kind: str
    effective_on: date
    basis: str | None
    note: str | None
    recorded_at: datetime
    units: list[UnitRef]
    successors: list[UnitRef]


class UnitChangePage(BaseModel):
    items: list[UnitChangeOut]
    next: str | None


class WaitingRowOut(BaseModel):
    """An open row of a unit that ended. `kind`: assignment or submission. `proposal`: hand_over (to `to`), cancel (for
    `reason`), choose (after a split, one of several `targets`), or decide (its report is to be decided first).
    `there`: the row a successor has already, which it would be one with. `targets`: units that may take it over."""

    row: UUID
    kind: str
    title: str
    unit: UUID
    state: str
    period: str | None
    due_on: date | None
    proposal: str
    to: UUID | None
    reason: str | None
    there: UUID | None
    targets: list[UUID]


class WaitingRows(BaseModel):
    items: list[WaitingRowOut]
    next: None


class RowsDecidedOut(BaseModel):
    """`waiting`: rows that still wait for a decision."""

    handed_over: int
    cancelled: int
    waiting: int


@router.get(
    "",
    operation_id="list_unit_changes",
    summary="Changes of units, the latest first",
    response_model=UnitChangePage,
)
@policy(P.UNIT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    locality: UUID | None = None,
    unit: Annotated[UUID | None, Query(description="That ended, was renamed or goes on in it.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    check_locality(work, locality)
    after = from_cursor(cursor, UUID)
    found = service.list_unit_changes(
        work, locality_id=locality, unit_id=unit, after=after[0] if after else None, limit=limit + 1
    )
    return reply(
        request, page_of([_out(one) for one in see_changes(work, found)], limit, lambda o: (o["id"],))
    )


@router.post(
    "",
    operation_id="change_units",
    summary="Merge, split, rename or end units",
    status_code=201,
    response_model=UnitChangeOut,
)
@policy(P.UNIT_MANAGE)
def add(request: Request, work: WorkGiven, given: service.UnitChangeInput) -> Response:
    change = service.change_units(work, given, home_locality(work))
    out = _out(see_changes(work, [change])[0])
    return reply(request, out, status=201, location=f"/api/v1/unit-changes/{change.id}")


@router.get(
    "/{change_id}",
    operation_id="get_unit_change",
    summary="One change of units",
    response_model=UnitChangeOut,
)
@policy(P.UNIT_READ)
def get(request: Request, work: WorkGiven, change_id: UUID) -> Response:
    return reply(request, _out(see_changes(work, [service.get_unit_change(work, change_id)])[0]))


@router.get(
    "/{change_id}/rows",
    operation_id="list_rows_of_ended_units",
    summary="Open rows of the units that ended, with what is proposed for each",
    response_model=WaitingRows,
)
@policy(P.ASSIGNMENT_READ)
def rows(request: Request, work: WorkGiven, change_id: UUID) -> Response:
    found = list_rows_waiting(work, change_id)
    return reply(request, {"items": [_row(row) for row in found], "next": None})


@router.post(
    "/{change_id}/row-decisions",
    operation_id="decide_rows_of_ended_units",
    summary="Hand open rows over or cancel them",
    status_code=201,
    response_model=RowsDecidedOut,
)
@policy(P.ASSIGNMENT_DECIDE)
def decide(request: Request, work: WorkGiven, change_id: UUID, given: RowDecisionsInput) -> Response:
    return reply(request, decide_rows(work, change_id, given), status=201)


def _out(seen: ChangeSeen) -> dict[str, Any]:
    change = seen.change
    return {
        "id": change.id,
        "locality": change.locality_id,
        "kind": change.kind,
        "effective_on": change.effective_on,
        "basis": change.basis,
        "note": change.note,
        "recorded_at": change.recorded_at,
        "units": [unit_ref(unit) for unit in seen.before],
        "successors": [unit_ref(unit) for unit in seen.after],
    }


def unit_ref(unit: Unit) -> dict[str, Any]:
    return {"id": unit.id, "code": unit.code, "name": unit.name}


def _row(row: Waiting) -> dict[str, Any]:
    return {
        "row": row.id,
        "kind": row.kind,
        "title": row.title,
        "unit": row.from_unit.id,
        "state": row.state,
        "period": row.period,
        "due_on": row.due_on,
        "proposal": row.proposal,
        "to": row.to.id if row.to else None,
        "reason": row.reason or None,
        "there": row.there,
        "targets": list(row.targets),
    }
