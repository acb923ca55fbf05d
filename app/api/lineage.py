"""Beneath /plans: what a plan carries out, who carries it out, and its indicators beside those of superior plans."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import IfMatch, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Indicator, Plan, PlanBasis
from app.permissions import Permission as P
from app.services import basis as service
from app.services import superior
from app.services.plan import get_plan
from app.services.plan_versions import drafts_amending, plan_after, plan_before
from app.services.typed import Nothing
from app.work import Work

router = APIRouter(prefix="/plans", tags=["plans"], route_class=AnsweredRoute)


class LinkedPlanOut(BaseModel):
    """The other end of a link."""

    id: UUID
    code: str
    title: str
    number: str | None
    state: str
    locality: UUID
    page_url: str


class BasisOut(BaseModel):
    """A superior document. `superior_plan`: its plan in the system, once a person confirmed it (its
    figures stay where they are);
    `proposed`: plans of the same symbol while none is confirmed."""

    id: UUID
    version: int
    plan: UUID
    symbol: str
    kind: str | None
    issuer: str | None
    issued_on: date | None
    superior_plan: LinkedPlanOut | None
    proposed: list[LinkedPlanOut]


class BasisPage(BaseModel):
    items: list[BasisOut]
    next: str | None


class LineageOut(BaseModel):
    """Links both ways, as far as you may see their other ends. `drafts` would take the plan's place."""

    plan: UUID
    implements: list[BasisOut]
    implemented_by: list[LinkedPlanOut]
    amends: LinkedPlanOut | None
    superseded_by: LinkedPlanOut | None
    drafts: list[LinkedPlanOut]


class IndicatorBrief(BaseModel):
    id: UUID
    code: str
    name: str


class GoalPairOut(BaseModel):
    """Targets of one year in words. `verdict`: equal, higher or lower than the superior asks, not_comparable."""

    horizon: int | None
    superior: str
    own: str
    verdict: str


class SuperiorIndicatorOut(BaseModel):
    """`state`: confirmed, missing (a person said that none answers it), proposed (with its `score`, 0 to 100), open.
    `version` is 0 until a person decided; send it as If-Match."""

    superior: IndicatorBrief
    plan: UUID
    state: str
    indicator: IndicatorBrief | None
    score: int
    version: int
    goals: list[GoalPairOut]


class SuperiorPage(BaseModel):
    """`missing` and `lower`: ids of superior indicators that nothing answers, or that the plan sets lower."""

    items: list[SuperiorIndicatorOut]
    missing: list[UUID]
    lower: list[UUID]
    next: str | None


class MatchOut(BaseModel):
    superior_indicator: UUID
    indicator: UUID | None
    version: int


@router.get(
    "/{plan_id}/lineage",
    operation_id="get_plan_lineage",
    summary="What a plan carries out, amends, and is carried out by",
    response_model=LineageOut,
)
@policy(P.PLAN_READ)
def lineage(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    plan = get_plan(work, plan_id)
    before, after = plan_before(work, plan), plan_after(work, plan.id)
    out = {
        "plan": plan.id,
        "implements": [_seen(one) for one in service.view_bases(work, plan)],
        "implemented_by": [_linked(one.plan) for one in service.list_implementing(work, plan)],
        "amends": _linked(before) if before else None,
        "superseded_by": _linked(after) if after else None,
        "drafts": [_linked(one) for one in drafts_amending(work, plan.id)],
    }
    return reply(request, out)


@router.get(
    "/{plan_id}/bases",
    operation_id="list_plan_bases",
    summary="Superior documents a plan carries out",
    response_model=BasisPage,
)
@policy(P.PLAN_READ)
def bases(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    plan = get_plan(work, plan_id)
    return reply(request, {"items": [_seen(one) for one in service.view_bases(work, plan)], "next": None})


@router.post(
    "/{plan_id}/bases",
    operation_id="add_plan_basis",
    summary="Name a superior document the plan carries out",
    status_code=201,
    response_model=BasisOut,
)
@policy(P.CANDIDATE_DECIDE)
def add(request: Request, work: WorkGiven, plan_id: UUID, given: service.BasisInput) -> Response:
    row = service.add_basis(work, plan_id, given)
    return reply(request, _changed(work, plan_id, row), status=201, version=row.version)


@router.patch(
    "/{plan_id}/bases/{basis_id}",
    operation_id="change_plan_basis",
    summary="Put a superior document right, or confirm which plan it is",
    response_model=BasisOut,
)
@policy(P.CANDIDATE_DECIDE)
def change(
    request: Request,
    work: WorkGiven,
    plan_id: UUID,
    basis_id: UUID,
    given: service.BasisChange,
    version: IfMatch,
) -> Response:
    row = service.change_basis(work, plan_id, basis_id, given, version)
    return reply(request, _changed(work, plan_id, row), version=row.version)


@router.post(
    "/{plan_id}/bases/{basis_id}/ends",
    operation_id="end_plan_basis",
    summary="The plan does not carry this document out; the history keeps that it was named",
    status_code=201,
    response_model=BasisPage,
)
@policy(P.CANDIDATE_DECIDE)
def end(
    request: Request, work: WorkGiven, plan_id: UUID, basis_id: UUID, body: Nothing | None = None
) -> Response:
    service.end_basis(work, plan_id, basis_id)
    return reply(request, {"items": _all(work, plan_id), "next": None}, status=201)


@router.get(
    "/{plan_id}/superior-indicators",
    operation_id="list_superior_indicators",
    summary="Indicators of linked superior plans beside the plan's own",
    response_model=SuperiorPage,
)
@policy(P.PLAN_READ)
def superior_indicators(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    seen = superior.build_superior_page(work, plan_id)
    out = {
        "items": [_superior(row) for row in seen.rows],
        "missing": [row.superior.id for row in seen.missing],
        "lower": [row.superior.id for row in seen.lower],
        "next": None,
    }
    return reply(request, out)


@router.put(
    "/{plan_id}/superior-indicators/{superior_indicator_id}",
    operation_id="match_superior_indicator",
    summary="Say which indicator of the plan answers a superior one, or that none does",
    response_model=MatchOut,
)
@policy(P.INDICATOR_MANAGE)
def match(
    request: Request,
    work: WorkGiven,
    plan_id: UUID,
    superior_indicator_id: UUID,
    given: superior.MatchInput,
    version: IfMatch,
) -> Response:
    row = superior.decide_match(work, plan_id, superior_indicator_id, given, version)
    out = {
        "superior_indicator": row.superior_indicator_id,
        "indicator": row.indicator_id,
        "version": row.version,
    }
    return reply(request, out, version=row.version)


def _all(work: Work, plan_id: UUID) -> list[dict[str, Any]]:
    return [_seen(one) for one in service.view_bases(work, get_plan(work, plan_id))]


def _changed(work: Work, plan_id: UUID, row: PlanBasis) -> dict[str, Any]:
    return next(out for out in _all(work, plan_id) if out["id"] == row.id)


def _seen(one: service.BasisSeen) -> dict[str, Any]:
    row = one.basis
    return {
        "id": row.id,
        "version": row.version,
        "plan": row.plan_id,
        "symbol": row.symbol,
        "kind": row.kind,
        "issuer": row.issuer,
        "issued_on": row.issued_on,
        "superior_plan": _linked(one.superior.plan) if one.superior else None,
        "proposed": _plans(one.proposed),
    }


def _plans(linked: Sequence[service.LinkedPlan]) -> list[dict[str, Any]]:
    return [_linked(one.plan) for one in linked]


def _linked(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "code": plan.code,
        "title": plan.title,
        "number": plan.number,
        "state": plan.state,
        "locality": plan.locality_id,
        "page_url": f"/ke-hoach/{plan.id}",
    }


def _superior(row: superior.SuperiorIndicator) -> dict[str, Any]:
    return {
        "superior": _brief(row.superior),
        "plan": row.plan.plan.id,
        "state": row.state,
        "indicator": _brief(row.own) if row.own else None,
        "score": row.score,
        "version": row.version,
        "goals": list(row.goals),
    }


def _brief(row: Indicator) -> dict[str, Any]:
    return {"id": row.id, "code": row.code, "name": row.name}
