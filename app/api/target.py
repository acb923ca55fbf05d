"""/targets: what an indicator is to reach, one per horizon."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Target
from app.permissions import Permission as P
from app.services import target as service
from app.services.typed import Nothing

router = APIRouter(prefix="/targets", tags=["targets"], route_class=AnsweredRoute)


class NewTargetInput(service.TargetInput):
    indicator: UUID


class TargetOut(BaseModel):
    """Decimals are strings with a point. `horizon` is a year, or null where the document states none."""

    id: UUID
    version: int
    indicator: UUID
    comparator: str
    value: Decimal | None
    value_to: Decimal | None
    horizon: int | None


class TargetPage(BaseModel):
    items: list[TargetOut]
    next: str | None


@router.get("", operation_id="list_targets", summary="List targets", response_model=TargetPage)
@policy(P.PLAN_READ)
def list_(
    request: Request,
    work: WorkGiven,
    indicator: UUID | None = None,
    plan: UUID | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    key = from_cursor(cursor, UUID)
    after = key[0] if key else None
    rows = service.page_targets(work, indicator=indicator, plan=plan, after=after, limit=limit + 1)
    return reply(request, page_of([target_out(row) for row in rows], limit, lambda out: (out["id"],)))


@router.post("", operation_id="set_target", summary="Set a target", status_code=201, response_model=TargetOut)
@policy(P.INDICATOR_MANAGE)
def set_(request: Request, work: WorkGiven, given: NewTargetInput) -> Response:
    target = service.set_target(
        work, given.indicator, service.TargetInput(**given.model_dump(exclude={"indicator"}))
    )
    location = f"/api/v1/targets/{target.id}"
    return reply(request, target_out(target), status=201, version=target.version, location=location)


@router.get("/{target_id}", operation_id="get_target", summary="One target", response_model=TargetOut)
@policy(P.PLAN_READ)
def get(request: Request, work: WorkGiven, target_id: UUID) -> Response:
    target = service.get_target(work, target_id)
    return reply(request, target_out(target), version=target.version)


@router.put(
    "/{target_id}", operation_id="change_target", summary="Replace a target", response_model=TargetOut
)
@policy(P.INDICATOR_MANAGE)
def change(
    request: Request, work: WorkGiven, target_id: UUID, given: service.TargetInput, version: IfMatch
) -> Response:
    target = service.change_target(work, target_id, given, version)
    return reply(request, target_out(target), version=target.version)


@router.post(
    "/{target_id}/ends",
    operation_id="end_target",
    summary="Take a target away; the history keeps it",
    status_code=201,
    response_model=TargetOut,
)
@policy(P.INDICATOR_MANAGE)
def end(request: Request, work: WorkGiven, target_id: UUID, body: Nothing | None = None) -> Response:
    ended = target_out(service.get_target(work, target_id))
    service.end_target(work, target_id)
    return reply(request, ended, status=201)


def target_out(target: Target) -> dict[str, Any]:
    return {
        "id": target.id,
        "version": target.version,
        "indicator": target.indicator_id,
        "comparator": target.comparator,
        "value": target.value,
        "value_to": target.value_to,
        "horizon": target.horizon,
    }
