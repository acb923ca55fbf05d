"""/units/{id}/lineage and /units/{id}/holdings: what was before and after a unit, and what hangs on it now."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import reply
from app.api.unit_change import UnitRef, unit_ref
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.unit_change_page import show_holdings
from app.services.unit_lineage import Relative, get_lineage

router = APIRouter(prefix="/units", tags=["units"], route_class=AnsweredRoute)


class FormerName(BaseModel):
    name: str
    short_name: str | None
    valid_from: date | None
    valid_to: date


class RelativeOut(BaseModel):
    """`unit` null: nobody took its place. The new order begins on `effective_on`."""

    change: UUID
    kind: str
    effective_on: date
    basis: str | None
    unit: UnitRef | None


class LineageOut(BaseModel):
    names: list[FormerName]
    predecessors: list[RelativeOut]
    successors: list[RelativeOut]


class HeldOut(BaseModel):
    """`id` is what a choice of a change names."""

    id: UUID
    text: str


class HoldingsOut(BaseModel):
    """`rows` and `figures` are open: they wait for a decision once the unit has ended. `links` are revoked."""

    unit: UUID
    groups: list[HeldOut]
    roles: list[HeldOut]
    duties: list[HeldOut]
    below: list[HeldOut]
    indicators: list[HeldOut]
    rows: int
    figures: int
    links: int


@router.get(
    "/{unit_id}/lineage",
    operation_id="get_unit_lineage",
    summary="Former names, predecessors and successors of a unit",
    response_model=LineageOut,
)
@policy(P.UNIT_READ)
def lineage(request: Request, work: WorkGiven, unit_id: UUID) -> Response:
    found = get_lineage(work, unit_id)
    names = [
        {
            "name": one.name,
            "short_name": one.short_name,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in found.names
    ]
    return reply(
        request,
        {
            "names": names,
            "predecessors": [_relative(one) for one in found.predecessors],
            "successors": [_relative(one) for one in found.successors],
        },
    )


@router.get(
    "/{unit_id}/holdings",
    operation_id="get_unit_holdings",
    summary="What would pass on, or wait for a decision, if the unit ended",
    response_model=HoldingsOut,
)
@policy(P.UNIT_READ, P.UNIT_MANAGE)
def holdings(request: Request, work: WorkGiven, unit_id: UUID) -> Response:
    held = show_holdings(work, [unit_id])[0]
    lists = ("groups", "roles", "duties", "below", "indicators")
    shown: dict[str, Any] = {name: getattr(held, name) for name in lists}
    counts = {"rows": held.rows, "figures": held.figures, "links": held.links}
    return reply(request, {"unit": held.unit.id, **shown, **counts})


def _relative(one: Relative) -> dict[str, Any]:
    return {
        "change": one.change_id,
        "kind": one.kind,
        "effective_on": one.effective_on,
        "basis": one.basis,
        "unit": unit_ref(one.unit) if one.unit else None,
    }
