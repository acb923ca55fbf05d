"""/khong-tinh: every row that an overview says it leaves out, with why."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.assignment_list import AssignmentFilter
from app.services.period import list_periods
from app.services.plan import list_plans
from app.services.row_page import build_row_page
from app.services.states import LEFT_OUT, NOT_COUNTED
from app.web.cursors import from_cursor, to_cursor
from app.web.labels import label
from app.web.pages import frame, html

router = APIRouter(route_class=AnsweredRoute)

KINDS = {"co-han": ("Việc có thời hạn", True), "theo-ky": ("Việc thường xuyên theo kỳ", False)}


@router.get("/khong-tinh")
@policy(P.OVERVIEW_READ)
def show(
    request: Request,
    work: WorkGiven,
    ke_hoach: Annotated[UUID | None, Query(alias="ke-hoach")] = None,
    ky: Annotated[str, Query(max_length=40)] = "",
    loai: Annotated[str, Query(max_length=20)] = "",
    muc: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    tiep: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    _, dated = KINDS.get(loai, ("", None))
    wanted = AssignmentFilter(
        plan=ke_hoach,
        period=ky or None,
        current=not ky,
        dated=dated,
        states=(muc,) if muc in LEFT_OUT else NOT_COUNTED,
        q=q,
    )
    seen = build_row_page(work, wanted, after=from_cursor(tiep, date.fromisoformat))
    following = request.url.include_query_params(tiep=to_cursor(*seen.after)) if seen.after else None
    here = request.url.remove_query_params(["tiep", "muc"])
    tabs = [("", "Không tính"), *((state, label("assignment", state)) for state in LEFT_OUT)]
    return html(
        request,
        work,
        "left_out/page.html",
        frame(request, work, "Việc không tính vào tiến độ"),
        seen=seen,
        wanted=wanted,
        tabs=[(text, f"?{here.include_query_params(muc=state).query}", state == muc) for state, text in tabs],
        kind_choices=[(key, text) for key, (text, _) in KINDS.items()],
        kind=loai if loai in KINDS else "",
        state=muc if muc in LEFT_OUT else "",
        period_names={period.label: period.name for period in list_periods(work)},
        plan_choices=[(plan.id, f"{plan.code} {plan.title}") for plan in list_plans(work)],
        next_href=f"/khong-tinh?{following.query}" if following else "",
    )
