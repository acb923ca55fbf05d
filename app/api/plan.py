"""/plans: drafts made by intake, issued and closed here. Board and overview: board.py."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Plan
from app.permissions import Permission as P
from app.services import plan as service
from app.services.issuing import issue_plan
from app.services.period import scheme_codes
from app.services.typed import Nothing, Typed, states_given
from app.work import Work

router = APIRouter(prefix="/plans", tags=["plans"], route_class=AnsweredRoute)
STATES = ("draft", "issued", "closed", "superseded")


class PlanOut(BaseModel):
    id: UUID
    version: int
    locality: UUID
    document: UUID
    code: str
    title: str
    kind: str | None
    issuer: str | None
    number: str | None
    issued_on: date | None
    state: str
    amends: UUID | None
    scheme: str | None
    cycle: str | None
    created_at: datetime
    issued_at: datetime | None
    page_url: str
    allowed_actions: list[str]


class PlanPage(BaseModel):
    items: list[PlanOut]
    next: str | None


class IssueInput(Typed):
    """`with_unused`: issue although clauses are neither used nor set aside."""

    with_unused: bool = False


class IssuedOut(BaseModel):
    """What issuing made; `without_lead`, `empty_groups` and `left_out` are for the office to settle. Of an amendment,
    `moved` rows came from the plan before, `cancelled` ones ended there."""

    plan: PlanOut
    units: int
    tasks: int
    indicators: int
    rows: int
    left_out: int
    without_lead: list[str]
    empty_groups: list[str]
    moved: int
    cancelled: int


@router.get("", operation_id="list_plans", summary="List plans, newest first", response_model=PlanPage)
@policy(P.PLAN_READ)
def list_(
    request: Request,
    work: WorkGiven,
    locality: UUID | None = None,
    state: Annotated[str | None, Query(description="Comma-separated states.", max_length=100)] = None,
    q: Annotated[str, Query(max_length=200)] = "",
    implements: Annotated[
        str, Query(max_length=60, description="Symbol of a superior document: 71-NQ/TW.")
    ] = "",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    after = from_cursor(cursor, UUID)
    rows = service.list_plans(
        work,
        locality_id=locality,
        states=states_given(state, STATES),
        q=q,
        implements=implements,
        after=after[0] if after else None,
        limit=limit + 1,
    )
    codes = scheme_codes(work, list({row.scheme_id for row in rows if row.scheme_id}))
    return reply(request, page_of([_out(work, row, codes) for row in rows], limit, lambda o: (o["id"],)))


@router.get("/{plan_id}", operation_id="get_plan", summary="One plan", response_model=PlanOut)
@policy(P.PLAN_READ)
def get(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    plan = service.get_plan(work, plan_id)
    return reply(request, _out(work, plan), version=plan.version)


@router.patch(
    "/{plan_id}",
    operation_id="change_plan",
    summary="Put the facts of a draft right, or set in which periods a plan reports",
    response_model=PlanOut,
)
@policy(P.CANDIDATE_DECIDE)
def change(
    request: Request, work: WorkGiven, plan_id: UUID, given: service.PlanChange, version: IfMatch
) -> Response:
    plan = service.change_plan(work, plan_id, given, version)
    return reply(request, _out(work, plan), version=plan.version)


@router.post(
    "/{plan_id}/issues",
    operation_id="issue_plan",
    summary="Issue a draft: boards get their rows",
    status_code=201,
    response_model=IssuedOut,
)
@policy(P.PLAN_ISSUE)
def issue(
    request: Request,
    work: WorkGiven,
    plan_id: UUID,
    version: IfMatch,
    given: IssueInput | None = None,
) -> Response:
    known = _known(work, plan_id, version)
    made = issue_plan(work, plan_id, known, with_unused=(given or IssueInput()).with_unused)
    out = {name: getattr(made, name) for name in IssuedOut.model_fields} | {"plan": _out(work, made.plan)}
    return reply(request, out, status=201, version=made.plan.version)


@router.post(
    "/{plan_id}/closures",
    operation_id="close_plan",
    summary="Close a plan that has run its course",
    status_code=201,
    response_model=PlanOut,
)
@policy(P.PLAN_ISSUE)
def close(
    request: Request, work: WorkGiven, plan_id: UUID, version: IfMatch, body: Nothing | None = None
) -> Response:
    plan = service.close_plan(work, plan_id, _known(work, plan_id, version))
    return reply(request, _out(work, plan), status=201, version=plan.version)


def _known(work: Work, plan_id: UUID, version: int | None) -> int:
    """If-Match is optional on steps: the state machine already refuses what came too late."""
    return version if version is not None else service.get_plan(work, plan_id).version


def _out(work: Work, plan: Plan, codes: dict[UUID, str] | None = None) -> dict[str, Any]:
    if codes is None:
        codes = scheme_codes(work, [plan.scheme_id] if plan.scheme_id else [])
    return {
        "id": plan.id,
        "version": plan.version,
        "locality": plan.locality_id,
        "document": plan.document_id,
        "code": plan.code,
        "title": plan.title,
        "kind": plan.kind,
        "issuer": plan.issuer,
        "number": plan.number,
        "issued_on": plan.issued_on,
        "state": plan.state,
        "amends": plan.amends_id,
        "scheme": codes[plan.scheme_id] if plan.scheme_id else None,
        "cycle": plan.cycle,
        "created_at": plan.created_at,
        "issued_at": plan.issued_at,
        "page_url": f"/ke-hoach/{plan.id}",
        "allowed_actions": service.plan_actions(work, plan),
    }
