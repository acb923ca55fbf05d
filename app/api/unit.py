"""/units: the bodies that carry out, groups among them; groups have more at /unit-groups."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Unit
from app.models.unit import UNIT_KINDS
from app.permissions import Permission as P
from app.services import unit as service
from app.services._scope import check_locality, home_locality
from app.work import Work

router = APIRouter(prefix="/units", tags=["units"], route_class=AnsweredRoute)

UnitKind = Literal[UNIT_KINDS]  # type: ignore[valid-type]


class UnitOut(BaseModel):
    """`board_url` is the path of the HTML board; `valid_to` the last day, null while there is no end."""

    id: UUID
    version: int
    locality: UUID
    code: str
    name: str
    short_name: str | None
    aliases: list[str]
    kind: str
    is_group: bool
    identifier: str | None
    reports_to: UUID | None
    valid_from: date
    valid_to: date | None
    board_url: str
    allowed_actions: list[str]


class UnitPage(BaseModel):
    items: list[UnitOut]
    next: str | None


@router.get("", operation_id="list_units", summary="List units and groups", response_model=UnitPage)
@policy(P.UNIT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    locality: UUID | None = None,
    kind: Annotated[UnitKind | None, Query()] = None,
    is_group: bool | None = None,
    q: Annotated[str, Query(max_length=200, description="Words of a name; marks do not matter.")] = "",
    valid_on: Annotated[date | None, Query(description="Only those there on this day.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    check_locality(work, locality)
    after = from_cursor(cursor, UUID)
    rows = service.list_units(
        work,
        locality_id=locality,
        kind=kind,
        is_group=is_group,
        q=q,
        valid_on=valid_on,
        after=after[0] if after else None,
        limit=limit + 1,
    )
    return reply(request, page_of([unit_out(work, row) for row in rows], limit, lambda o: (o["id"],)))


@router.post("", operation_id="add_unit", summary="Add a unit", status_code=201, response_model=UnitOut)
@policy(P.UNIT_MANAGE)
def add(request: Request, work: WorkGiven, given: service.UnitInput) -> Response:
    unit = service.add_unit(work, given, home_locality(work, given.locality))
    return _one(request, work, unit, status=201)


@router.get("/{unit_id}", operation_id="get_unit", summary="One unit or group", response_model=UnitOut)
@policy(P.UNIT_READ)
def get(request: Request, work: WorkGiven, unit_id: UUID) -> Response:
    return _one(request, work, service.get_unit(work, unit_id))


@router.patch(
    "/{unit_id}", operation_id="change_unit", summary="Change a unit or group", response_model=UnitOut
)
@policy(P.UNIT_MANAGE)
def change(
    request: Request, work: WorkGiven, unit_id: UUID, given: service.UnitChange, version: IfMatch
) -> Response:
    return _one(request, work, service.change_unit(work, unit_id, given, version))


def unit_out(work: Work, unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "version": unit.version,
        "locality": unit.locality_id,
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "aliases": unit.aliases,
        "kind": unit.kind,
        "is_group": unit.is_group,
        "identifier": unit.identifier,
        "reports_to": unit.reports_to_id,
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "board_url": f"/bang/{unit.id}",
        "allowed_actions": service.unit_actions(work, unit),
    }


def _one(request: Request, work: Work, unit: Unit, *, status: int = 200) -> Response:
    place = f"/api/v1/units/{unit.id}" if status == 201 else None
    return reply(request, unit_out(work, unit), status=status, version=unit.version, location=place)
