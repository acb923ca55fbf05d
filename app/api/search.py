"""/search: units, plans, tasks and indicators by words; marks do not matter, exact marks come first."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.search import search

router = APIRouter(prefix="/search", tags=["search"], route_class=AnsweredRoute)

PAGES = {"unit": "/don-vi/", "plan": "/ke-hoach/", "task": "/nhiem-vu/", "indicator": "/chi-tieu/"}


class HitOut(BaseModel):
    """`within` names the plan of a task or indicator; `page_url` is the path of the HTML page."""

    kind: Literal["unit", "plan", "task", "indicator"]
    id: UUID
    locality: UUID
    code: str
    title: str
    within: str | None
    page_url: str


class HitList(BaseModel):
    items: list[HitOut]
    next: str | None


@router.get("", operation_id="search", summary="Search everything you may read", response_model=HitList)
@policy(P.UNIT_READ, P.PLAN_READ)
def find(request: Request, work: WorkGiven, q: Annotated[str, Query(max_length=200)]) -> Response:
    items = [
        {
            "kind": hit.kind,
            "id": hit.id,
            "locality": hit.locality_id,
            "code": hit.code,
            "title": hit.title,
            "within": hit.within,
            "page_url": PAGES[hit.kind] + str(hit.id),
        }
        for hit in search(work, q)
    ]
    return reply(request, {"items": items, "next": None})
