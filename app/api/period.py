"""/periods: opening one creates the rows it expects; a closure says what is missing."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.assignment import TimelineEntryOut, UnitBrief
from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Period
from app.permissions import Permission as P
from app.services import period as service
from app.services._scope import check_locality
from app.services.period_exception import ExceptionInput, except_unit, list_exceptions, period_timeline
from app.services.period_standing import Share, period_missing, shares_of
from app.services.typed import Nothing
from app.work import Work

router = APIRouter(prefix="/periods", tags=["periods"], route_class=AnsweredRoute)


class PeriodOut(BaseModel):
    """`reported` of `expected` rows (assignments and submissions) among those you may read. `plan`: the only one it
    is about; `reminded_on`: the day units were last reminded."""

    id: UUID
    version: int
    locality: UUID
    scheme: str
    cycle: str
    label: str
    name: str
    starts_on: date
    ends_on: date
    due_on: date
    locks_on: date
    plan: UUID | None
    reminded_on: date | None
    state: str
    opened_at: datetime
    closed_at: datetime | None
    reported: int
    expected: int
    allowed_actions: list[str]


class MissingOut(BaseModel):
    kind: Literal["assignment", "submission"]
    id: UUID
    code: str
    title: str
    state: str
    due_on: date | None


class UnitInPeriodOut(BaseModel):
    unit: UnitBrief
    reported: int
    expected: int
    missing: list[MissingOut]


class ExceptionOut(BaseModel):
    """One unit's own due date, and why."""

    id: UUID
    unit: UnitBrief
    due_on: date
    reason: str
    decided_at: datetime
    decided_by: str | None


class PeriodDetailOut(PeriodOut):
    units: list[UnitInPeriodOut]
    exceptions: list[ExceptionOut]
    timeline: list[TimelineEntryOut]


class PeriodPage(BaseModel):
    items: list[PeriodOut]
    next: str | None


@router.get("", operation_id="list_periods", summary="List reporting periods", response_model=PeriodPage)
@policy(P.PLAN_READ)
def list_(
    request: Request,
    work: WorkGiven,
    locality: UUID | None = None,
    state: Annotated[Literal["open", "closed"] | None, Query()] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    check_locality(work, locality)
    after: Any = from_cursor(cursor, date.fromisoformat, UUID)
    rows = service.list_periods(work, locality=locality, state=state, after=after, limit=limit + 1)
    outs = _outs(work, rows)
    return reply(request, page_of(outs, limit, lambda o: (o["starts_on"], o["id"])))


@router.post(
    "",
    operation_id="open_period",
    summary="Open a period; opening it again adds only missing rows",
    status_code=201,
    response_model=PeriodDetailOut,
)
@policy(P.PERIOD_MANAGE)
def open_(request: Request, work: WorkGiven, wanted: service.PeriodInput) -> Response:
    return _detail(request, work, service.open_period(work, wanted), status=201)


@router.get(
    "/{period_id}",
    operation_id="get_period",
    summary="One period and who has not reported",
    response_model=PeriodDetailOut,
)
@policy(P.PLAN_READ)
def get(request: Request, work: WorkGiven, period_id: UUID) -> Response:
    return _detail(request, work, service.get_period(work, period_id))


@router.post(
    "/{period_id}/closures",
    operation_id="close_period",
    summary="Close a period: it takes no more reports",
    status_code=201,
    response_model=PeriodDetailOut,
)
@policy(P.PERIOD_MANAGE)
def close(request: Request, work: WorkGiven, period_id: UUID, body: Nothing | None = None) -> Response:
    return _detail(request, work, service.close_period(work, period_id), status=201)


@router.post(
    "/{period_id}/reopenings",
    operation_id="reopen_period",
    summary="Open a closed period again, with a reason",
    status_code=201,
    response_model=PeriodDetailOut,
)
@policy(P.PERIOD_MANAGE)
def reopen(
    request: Request, work: WorkGiven, period_id: UUID, given: service.ReopenInput, version: IfMatch
) -> Response:
    return _detail(request, work, service.reopen_period(work, period_id, given, version), status=201)


@router.post(
    "/{period_id}/exceptions",
    operation_id="except_unit_in_period",
    summary="Give one unit its own due date in the period, with a reason",
    status_code=201,
    response_model=PeriodDetailOut,
)
@policy(P.PERIOD_MANAGE)
def except_(request: Request, work: WorkGiven, period_id: UUID, given: ExceptionInput) -> Response:
    except_unit(work, period_id, given)
    return _detail(request, work, service.get_period(work, period_id), status=201)


def _detail(request: Request, work: Work, period: Period, *, status: int = 200) -> Response:
    units = [
        {
            "unit": {"id": unit.unit_id, "name": unit.name},
            "reported": unit.share.reported,
            "expected": unit.share.expected,
            "missing": unit.missing,
        }
        for unit in period_missing(work, period.id)
    ]
    exceptions = [
        {
            "id": one.id,
            "unit": {"id": one.unit_id, "name": one.unit_name},
            "due_on": one.due_on,
            "reason": one.reason,
            "decided_at": one.decided_at,
            "decided_by": one.decided_by,
        }
        for one in list_exceptions(work, period.id)
    ]
    out = _outs(work, [period])[0] | {
        "units": units,
        "exceptions": exceptions,
        "timeline": [
            {"at": e.at, "kind": e.kind, "actor": e.actor, "text": e.title}
            for e in period_timeline(work, period)
        ],
    }
    # Who has reported changes without the period's own version, so the body's hash is the ETag.
    return reply(request, out, status=status, location=f"/api/v1/periods/{period.id}")


def _outs(work: Work, rows: list[Period]) -> list[dict[str, Any]]:
    shares = shares_of(work, [row.id for row in rows])
    codes = service.scheme_codes(work, list({row.scheme_id for row in rows}))
    return [_out(work, row, codes[row.scheme_id], shares[row.id]) for row in rows]


def _out(work: Work, row: Period, scheme: str, share: Share) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "locality": row.locality_id,
        "scheme": scheme,
        "cycle": row.cycle,
        "label": row.label,
        "name": row.name,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "due_on": row.due_on,
        "locks_on": row.locks_on,
        "plan": row.plan_id,
        "reminded_on": row.reminded_on,
        "state": row.state,
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "reported": share.reported,
        "expected": share.expected,
        "allowed_actions": service.period_actions(work, row),
    }
