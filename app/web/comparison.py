"""/chi-tieu/{id}/so-sanh: the units of a period beside each other."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.comparison import Order, build_comparison
from app.services.standing import show_goal
from app.text import format_date
from app.web.downloads import FORMS, AsFile, download
from app.web.figure_cells import notes_above, sees_own_alone
from app.web.indicator_sheets import comparison_sheet
from app.web.pages import frame, html
from app.web.rendering import Crumb

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
        told = f"{period.name}, số liệu đến {format_date(period.ends_on)}"
        notes = notes_above(work, indicator.locality_id, told, page.group.name if page.group else "")
        sheet = comparison_sheet(indicator, period, seen, notes)
        return download([sheet], tep, "so sanh", indicator.code, period.label)
    crumbs = (
        Crumb("Chỉ tiêu", f"/chi-tieu?ke-hoach={indicator.plan_id}"),
        Crumb(f"{indicator.code} {indicator.name}", f"/chi-tieu/{indicator.id}"),
    )
    return html(
        request,
        work,
        "indicator/compare.html",
        frame(request, work, f"So sánh {indicator.code}", crumbs=crumbs),
        shown=page,
        goal=show_goal(seen.goal, period.how) if seen and period and seen.goal else "",
        order=order,
        own_alone=sees_own_alone(work, indicator.locality_id),
    )
