"""/tim: one search for units, plans, tasks and indicators."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.search import MOST_HITS, search
from app.web.pages import frame, html

router = APIRouter(prefix="/tim", route_class=AnsweredRoute)

# kind → the word above a hit, and the page it leads to.
KINDS = {
    "unit": ("Đơn vị", "/don-vi/"),
    "plan": ("Kế hoạch", "/ke-hoach/"),
    "task": ("Nhiệm vụ", "/nhiem-vu/"),
    "indicator": ("Chỉ tiêu", "/chi-tieu/"),
}


@router.get("")
@policy(P.UNIT_READ, P.PLAN_READ)
def find(request: Request, work: WorkGiven, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    hits = search(work, q)
    page = frame(request, work, "Tìm", query=q)
    return html(
        request,
        work,
        "search/page.html",
        page,
        q=q.strip(),
        hits=hits,
        kinds=KINDS,
        is_cut=len(hits) == MOST_HITS,
    )
