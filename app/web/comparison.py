"""/chi-tieu/{id}/so-sanh: the units of a period beside each other."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.comparison import Order, build_comparison
from app.services.standing import show_goal
from app.web.choosing import crumbs_of_indicator
from app.web.downloads import FORMS, AsFile, download
from app.web.figure_cells import notes_above, sees_own_alone, told_of
from app.web.indicator_sheets import comparison_sheet
from app.web.pages import frame, html

router = APIRouter(prefix="/chi-tieu/{indicator_id}/so-sanh", route_class=AnsweredRoute)


@router.get("")
@policy(P.PLAN_READ, P.SUBMISSION_READ)
def show(
    request: Request,
    work: WorkGiven,
    indicator_id: UUID,
    ky: Annotated[str, Query(max_length=40)] = "",
    nhom: Annotated[str, Query(max_length=40)] = "",
    xep: Annotated[str, Query(max_length=10)] = "",
    tep: AsFile = "",
) -> Response:
    order: Order = "value" if xep == "so" else "name"
    page = build_comparison(work, indicator_id, period=ky, group=nhom, order=order)
    indicator, period, seen = page.indicator, page.period, page.seen
    if period and seen and tep in FORMS:
        notes = notes_above(
            work, indicator.locality_id, told_of(period), page.group.name if page.group else ""
        )
        sheet = comparison_sheet(indicator, period, seen, notes)
        return download([sheet], tep, "so sanh", indicator.code, period.label)
    return html(
        request,
        work,
        "indicator/compare.html",
        frame(request, work, f"So sánh {indicator.code}", crumbs=crumbs_of_indicator(indicator)),
        shown=page,
        goal=show_goal(seen.goal, period.how) if seen and period and seen.goal else "",
        order=order,
        own_alone=sees_own_alone(work, indicator.locality_id),
    )
