"""/ke-hoach/{id}/toan-canh: the whole plan on one page."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.as_of_overview import build_overview_as_of
from app.services.indicator_table import build_indicator_table
from app.services.overview import build_overview, get_overview_plan
from app.web.as_of import Ngay, held, read_day
from app.web.kept import kept_page
from app.web.labels import BOARD_COLUMNS
from app.web.pages import frame, page_text
from app.web.rendering import Crumb

router = APIRouter(route_class=AnsweredRoute)


@router.get("/ke-hoach/{plan_id}/toan-canh")
@policy(P.OVERVIEW_READ)
def show(
    request: Request,
    work: WorkGiven,
    plan_id: UUID,
    ky: Annotated[str, Query(max_length=20)] = "",
    ngay: Ngay = "",
) -> Response:
    plan, number = get_overview_plan(work, plan_id)
    day = read_day(ngay)

    def build(key: str) -> str:
        if day is None:
            seen = build_overview(work, plan, period=ky or None)
        else:
            seen = build_overview_as_of(work, plan, day, period=ky or None)
        crumbs = (Crumb("Kế hoạch", "/ke-hoach"), Crumb(plan.code, f"/ke-hoach/{plan.id}"))
        table = build_indicator_table(work, plan.id) if day is None else ()
        page = frame(request, work, "Toàn cảnh", crumbs=crumbs)
        return page_text(
            "overview/page.html",
            page,
            seen=seen,
            figures=[row.in_period(ky) for row in table] if ky else table,
            heads=BOARD_COLUMNS,
            today=work.today,
            as_of=day,
            held=held(day),
        )

    return kept_page(request, work, plan.locality_id, number, build)
