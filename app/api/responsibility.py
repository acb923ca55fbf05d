"""/responsibilities: who carries a task out. Given beneath a task, ended by a step of their own."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services import responsibility as service
from app.services.responsibility import (
    ResponsibilitySeen,
    get_responsibility,
    list_responsibilities,
    responsibility_actions,
)
from app.services.typed import Nothing
from app.work import Work

router = APIRouter(tags=["responsibilities"], route_class=AnsweredRoute)


class CarrierOut(BaseModel):
    id: UUID
    name: str
    is_group: bool


class ResponsibilityOut(BaseModel):
    """`mode`: assign (giao) or request (đề nghị); `completion` matters for groups: each, any or joint."""

    id: UUID
    version: int
    task: UUID
    unit: CarrierOut
    role: str
    completion: str
    mode: str
    ended_on: date | None
    allowed_actions: list[str]


class ResponsibilityPage(BaseModel):
    items: list[ResponsibilityOut]
    next: str | None


@router.get(
    "/responsibilities",
    operation_id="list_responsibilities",
    summary="List who carries what, as in force",
    response_model=ResponsibilityPage,
)
@policy(P.PLAN_READ)
def list_(
    request: Request,
    work: WorkGiven,
    plan: UUID | None = None,
    task: UUID | None = None,
    unit: UUID | None = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    after: Any = from_cursor(cursor, UUID)
    rows = list_responsibilities(
        work, plan=plan, task=task, unit=unit, after=after[0] if after else None, limit=limit + 1
    )
    return reply(request, page_of([responsibility_out(work, r) for r in rows], limit, lambda o: (o["id"],)))


@router.get(
    "/responsibilities/{responsibility_id}",
    operation_id="get_responsibility",
    summary="One responsibility",
    response_model=ResponsibilityOut,
)
@policy(P.PLAN_READ)
def get(request: Request, work: WorkGiven, responsibility_id: UUID) -> Response:
    row = get_responsibility(work, responsibility_id)
    return reply(request, responsibility_out(work, row), version=row.version)


@router.post(
    "/tasks/{task_id}/responsibilities",
    operation_id="give_responsibility",
    summary="Give a task to a unit or a group",
    status_code=201,
    response_model=ResponsibilityOut,
)
@policy(P.TASK_MANAGE)
def give(request: Request, work: WorkGiven, task_id: UUID, wanted: service.ResponsibilityInput) -> Response:
    one = service.give_responsibility(work, task_id, wanted)
    row = get_responsibility(work, one.id)
    at = f"/api/v1/responsibilities/{one.id}"
    return reply(request, responsibility_out(work, row), status=201, version=row.version, location=at)


@router.post(
    "/responsibilities/{responsibility_id}/endings",
    operation_id="end_responsibility",
    summary="Take a task back while nothing was reported",
    status_code=201,
    response_model=ResponsibilityOut,
)
@policy(P.TASK_MANAGE)
def end(
    request: Request, work: WorkGiven, responsibility_id: UUID, version: IfMatch, body: Nothing | None = None
) -> Response:
    service.end_responsibility(work, responsibility_id, version)
    row = get_responsibility(work, responsibility_id)
    return reply(request, responsibility_out(work, row), status=201, version=row.version)


def responsibility_out(work: Work, row: ResponsibilitySeen) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "task": row.task_id,
        "unit": {"id": row.unit_id, "name": row.unit_name, "is_group": row.is_group},
        "role": row.role,
        "completion": row.completion,
        "mode": row.mode,
        "ended_on": row.ended_on,
        "allowed_actions": responsibility_actions(work, row),
    }
