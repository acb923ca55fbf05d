"""/localities: the communes one may read, and the provinces above them."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Locality
from app.permissions import Permission as P
from app.services import locality as service
from app.work import Work

router = APIRouter(prefix="/localities", tags=["localities"], route_class=AnsweredRoute)


class LocalityOut(BaseModel):
    """`kind`: commune or province; `parent`: the province above."""

    id: UUID
    version: int
    code: str
    name: str
    kind: str
    parent: UUID | None
    allowed_actions: list[str]


class LocalityList(BaseModel):
    items: list[LocalityOut]
    next: str | None


@router.get(
    "", operation_id="list_localities", summary="Localities you may read", response_model=LocalityList
)
@policy(P.LOCALITY_READ)
def list_(request: Request, work: WorkGiven) -> Response:
    rows = service.list_localities(work)
    return reply(request, {"items": [_out(work, row) for row in rows], "next": None})


@router.post(
    "",
    operation_id="add_locality",
    summary="Add a commune below a province you administer",
    status_code=201,
    response_model=LocalityOut,
)
@policy(P.LOCALITY_MANAGE)
def add(request: Request, work: WorkGiven, given: service.LocalityInput) -> Response:
    row = service.add_locality(work, given)
    place = f"/api/v1/localities/{row.id}"
    return reply(request, _out(work, row), status=201, version=row.version, location=place)


@router.get("/{locality_id}", operation_id="get_locality", summary="One locality", response_model=LocalityOut)
@policy(P.LOCALITY_READ)
def get(request: Request, work: WorkGiven, locality_id: UUID) -> Response:
    row = service.get_locality(work, locality_id)
    return reply(request, _out(work, row), version=row.version)


def _out(work: Work, row: Locality) -> dict[str, Any]:
    may_add = row.kind == "province" and work.actor.may(P.LOCALITY_MANAGE, row.id)
    return {
        "id": row.id,
        "version": row.version,
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "parent": row.parent_id,
        "allowed_actions": ["add_below"] if may_add else [],
    }
