"""/ke-hoach/{id}/toan-canh: the whole plan on one page."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.figures import build_indicator_table
from app.services.overview import build_overview, get_overview_plan
from app.web.kept import kept_page
from app.web.labels import BOARD_COLUMNS
from app.web.pages import frame, page_text
from app.web.rendering import Crumb

router = APIRouter(route_class=AnsweredRoute)


@router.get("/ke-hoach/{plan_id}/toan-canh")
@policy(P.OVERVIEW_READ)
def show(
    request: Request, work: WorkGiven, plan_id: UUID, ky: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    plan, number = get_overview_plan(work, plan_id)

    def build(key: str) -> str:
        seen = build_overview(work, plan, period=ky or None)
        crumbs = (Crumb("Kế hoạch", "/ke-hoach"), Crumb(plan.code, f"/ke-hoach/{plan.id}"))
        figures = {row.indicator.id: row for row in build_indicator_table(work, plan.id)}
        page = frame(request, work, "Toàn cảnh", crumbs=crumbs)
        return page_text(
            "overview/page.html", page, seen=seen, figures=figures, heads=BOARD_COLUMNS, today=work.today
        )

    return kept_page(request, work, plan.locality_id, number, build)
