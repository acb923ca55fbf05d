"""/extensions: a later date asked for by a unit, granted or refused by the office."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.assignment import UnitBrief
from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models.task import EXTENSION_STATES
from app.permissions import Permission as P
from app.services import extension as service
from app.services.extension import ExtensionFilter, ExtensionSeen, extension_actions, get_extension
from app.services.typed import Nothing, states_given
from app.work import Work

router = APIRouter(tags=["extensions"], route_class=AnsweredRoute)


class ExtensionOut(BaseModel):
    """`due_before`: the date in force when it was asked. `granted_due_on` may be another day than the one asked for."""

    id: UUID
    version: int
    assignment: UUID
    plan: UUID
    code: str
    title: str
    unit: UnitBrief
    state: str
    due_before: date | None
    asked_due_on: date
    reason: str
    asked_at: datetime
    asked_by: str | None
    granted_due_on: date | None
    decision_reason: str | None
    decided_at: datetime | None
    decided_by: str | None
    allowed_actions: list[str]


class ExtensionPage(BaseModel):
    items: list[ExtensionOut]
    next: str | None


@router.get(
    "/extensions", operation_id="list_extensions", summary="List extensions", response_model=ExtensionPage
)
@policy(P.ASSIGNMENT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    assignment: UUID | None = None,
    plan: UUID | None = None,
    unit: UUID | None = None,
    state: Annotated[str | None, Query(description="Comma-separated states.", max_length=100)] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    states = states_given(state, EXTENSION_STATES)
    wanted = ExtensionFilter(assignment=assignment, plan=plan, unit=unit, states=states)
    key = from_cursor(cursor, UUID)
    found = service.list_extensions(work, wanted, after=key[0] if key else None, limit=limit + 1)
    outs = [_out(work, seen) for seen in found]
    return reply(request, page_of(outs, limit, lambda out: (out["id"],)))


@router.get(
    "/extensions/{extension_id}",
    operation_id="get_extension",
    summary="One request for a later date",
    response_model=ExtensionOut,
)
@policy(P.ASSIGNMENT_READ)
def get(request: Request, work: WorkGiven, extension_id: UUID) -> Response:
    return _detail(request, work, extension_id)


@router.post(
    "/assignments/{assignment_id}/extensions",
    operation_id="request_extension",
    summary="Ask for a later date",
    status_code=201,
    response_model=ExtensionOut,
)
@policy(P.ASSIGNMENT_REPORT)
def request_(
    request: Request, work: WorkGiven, assignment_id: UUID, asked: service.ExtensionInput
) -> Response:
    extension = service.request_extension(work, assignment_id, asked)
    return _detail(request, work, extension.id, status=201)


@router.post(
    "/extensions/{extension_id}/grants",
    operation_id="grant_extension",
    summary="Grant the day asked for, or another",
    status_code=201,
    response_model=ExtensionOut,
)
@policy(P.EXTENSION_DECIDE)
def grant(
    request: Request,
    work: WorkGiven,
    extension_id: UUID,
    version: IfMatch,
    given: service.GrantInput | None = None,
) -> Response:
    service.grant_extension(work, extension_id, given or service.GrantInput(), version)
    return _detail(request, work, extension_id, status=201)


@router.post(
    "/extensions/{extension_id}/refusals",
    operation_id="refuse_extension",
    summary="Refuse with a reason",
    status_code=201,
    response_model=ExtensionOut,
)
@policy(P.EXTENSION_DECIDE)
def refuse(
    request: Request, work: WorkGiven, extension_id: UUID, why: service.RefusalInput, version: IfMatch
) -> Response:
    service.refuse_extension(work, extension_id, why, version)
    return _detail(request, work, extension_id, status=201)


@router.post(
    "/extensions/{extension_id}/withdrawals",
    operation_id="withdraw_extension",
    summary="The unit takes its request back",
    status_code=201,
    response_model=ExtensionOut,
)
@policy(P.ASSIGNMENT_REPORT)
def withdraw(
    request: Request, work: WorkGiven, extension_id: UUID, version: IfMatch, body: Nothing | None = None
) -> Response:
    service.withdraw_extension(work, extension_id, version)
    return _detail(request, work, extension_id, status=201)


def _detail(request: Request, work: Work, extension_id: UUID, *, status: int = 200) -> Response:
    seen = get_extension(work, extension_id)
    location = f"/api/v1/extensions/{extension_id}"
    return reply(request, _out(work, seen), status=status, version=seen.version, location=location)


def _out(work: Work, seen: ExtensionSeen) -> dict[str, Any]:
    return {
        "id": seen.id,
        "version": seen.version,
        "assignment": seen.assignment_id,
        "plan": seen.plan_id,
        "code": seen.code,
        "title": seen.title,
        "unit": {"id": seen.unit_id, "name": seen.unit_name},
        "state": seen.state,
        "due_before": seen.due_before,
        "asked_due_on": seen.asked_due_on,
        "reason": seen.reason,
        "asked_at": seen.asked_at,
        "asked_by": seen.asked_by,
        "granted_due_on": seen.granted_due_on,
        "decision_reason": seen.decision_reason,
        "decided_at": seen.decided_at,
        "decided_by": seen.decided_by,
        "allowed_actions": extension_actions(work, seen),
    }
