"""/unit-groups: named sets of units; who belongs is dated."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from sqlmodel import Field

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.api.unit import UnitOut, UnitPage, unit_out
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import NotFound
from app.models import Unit
from app.permissions import Permission as P
from app.services import unit as service
from app.services._scope import check_locality, home_locality
from app.work import Work

router = APIRouter(prefix="/unit-groups", tags=["unit groups"], route_class=AnsweredRoute)


class GroupInput(service.UnitInput):
    """A group with its first members (ids of units)."""

    kind: str = "group"
    members: list[UUID] = Field(default_factory=list, max_length=2_000)


class MemberOut(BaseModel):
    """`valid_to` is the last day in the group, null while there is no end."""

    unit: UUID
    code: str
    name: str
    valid_from: date
    valid_to: date | None


class GroupOut(UnitOut):
    """`members`: everybody who ever belonged, those of today first."""

    members: list[MemberOut]


@router.get("", operation_id="list_unit_groups", summary="List groups of units", response_model=UnitPage)
@policy(P.UNIT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    locality: UUID | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    check_locality(work, locality)
    after = from_cursor(cursor, UUID)
    rows = service.list_units(
        work, locality_id=locality, is_group=True, q=q, after=after[0] if after else None, limit=limit + 1
    )
    return reply(request, page_of([unit_out(work, row) for row in rows], limit, lambda o: (o["id"],)))


@router.post(
    "",
    operation_id="add_unit_group",
    summary="Add a group with its members",
    status_code=201,
    response_model=GroupOut,
)
@policy(P.UNIT_MANAGE)
def add(request: Request, work: WorkGiven, given: GroupInput) -> Response:
    group = service.add_group(work, given, home_locality(work, given.locality), given.members)
    return _one(request, work, group, status=201)


@router.get(
    "/{group_id}", operation_id="get_unit_group", summary="A group and its members", response_model=GroupOut
)
@policy(P.UNIT_READ)
def get(request: Request, work: WorkGiven, group_id: UUID) -> Response:
    return _one(request, work, service.get_unit(work, group_id))


@router.put(
    "/{group_id}/members",
    operation_id="set_unit_group_members",
    summary="Say who belongs from a day on",
    response_model=GroupOut,
)
@policy(P.UNIT_MANAGE)
def set_members(
    request: Request, work: WorkGiven, group_id: UUID, given: service.MembersInput, version: IfMatch
) -> Response:
    return _one(request, work, service.change_group_members(work, group_id, given, version))


def _one(request: Request, work: Work, group: Unit, *, status: int = 200) -> Response:
    if not group.is_group:
        raise NotFound
    members: list[dict[str, Any]] = [
        {
            "unit": unit.id,
            "code": unit.code,
            "name": unit.name,
            "valid_from": row.valid_from,
            "valid_to": row.valid_to,
        }
        for row, unit in service.list_memberships(work, group.id)
    ]
    place = f"/api/v1/unit-groups/{group.id}" if status == 201 else None
    out = unit_out(work, group) | {"members": members}
    return reply(request, out, status=status, version=group.version, location=place)
