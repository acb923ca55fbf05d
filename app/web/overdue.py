"""/qua-han: every overdue row behind the numbers of the overview and the home page."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.assignment_list import AssignmentFilter
from app.services.deadlines import OVERDUE_BANDS
from app.services.overdue_list import build_overdue_list
from app.services.plan import list_plans
from app.web.cursors import from_cursor, to_cursor
from app.web.labels import label
from app.web.pages import frame, html

router = APIRouter(route_class=AnsweredRoute)


@router.get("/qua-han")
@policy(P.OVERVIEW_READ)
def show(
    request: Request,
    work: WorkGiven,
    ke_hoach: Annotated[UUID | None, Query(alias="ke-hoach")] = None,
    ky: Annotated[str, Query(max_length=40)] = "",
    muc: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    tiep: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    wanted = AssignmentFilter(
        plan=ke_hoach,
        period=ky or None,
        current=not ky,
        overdue=True,
        band=muc if muc in OVERDUE_BANDS else None,
        q=q,
    )
    seen = build_overdue_list(work, wanted, after=from_cursor(tiep, date.fromisoformat))
    following = request.url.include_query_params(tiep=to_cursor(*seen.after)) if seen.after else None
    bands = [("", "Tất cả"), *((band, label("overdue_band", band)) for band in OVERDUE_BANDS)]
    here = request.url.remove_query_params(["tiep", "muc"])
    return html(
        request,
        work,
        "overdue/page.html",
        frame(request, work, "Việc quá hạn"),
        seen=seen,
        wanted=wanted,
        bands=[(text, f"?{here.include_query_params(muc=band).query}", band == muc) for band, text in bands],
        plan_choices=[(plan.id, f"{plan.code} {plan.title}") for plan in list_plans(work)],
        next_href=f"/qua-han?{following.query}" if following else "",
    )
