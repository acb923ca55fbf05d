"""/chi-tieu/chu-yeu: the key indicators of a plan and what needs looking at."""

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.indicator_table import build_indicator_table
from app.services.key_indicators import build_key_page
from app.web.chart import spark_of
from app.web.choosing import ChosenPlan, choose_plan, crumbs_of_plan
from app.web.downloads import FORMS, AsFile, OneTable, download
from app.web.figure_cells import notes_above, sees_own_alone
from app.web.indicator_sheets import exceptions_sheet, table_sheet
from app.web.pages import frame, html

# Not `router`: web/indicator.py takes it in before its own /chi-tieu/{indicator_id}.
key_router = APIRouter(prefix="/chi-tieu/chu-yeu", route_class=AnsweredRoute)
EXCEPTIONS = "can-chu-y"


@key_router.get("")
@policy(P.PLAN_READ)
def show(
    request: Request, work: WorkGiven, ke_hoach: ChosenPlan = "", tep: AsFile = "", bang: OneTable = ""
) -> Response:
    plans, plan = choose_plan(work, ke_hoach)
    rows = build_indicator_table(work, plan.id) if plan else ()
    seen = build_key_page(rows)
    if plan and tep in FORMS:
        notes = notes_above(work, plan.locality_id, plan.title)
        if bang == EXCEPTIONS:
            return download([exceptions_sheet(seen, notes)], tep, "chi tieu can chu y", plan.code)
        return download([table_sheet(seen.key, notes)], tep, "chi tieu chu yeu", plan.code)
    return html(
        request,
        work,
        "indicator/key.html",
        frame(request, work, "Chỉ tiêu chủ yếu", crumbs=crumbs_of_plan(plan)),
        plan_options=[(one.id, one.title) for one in plans],
        plan=plan,
        seen=seen,
        sparks={row.indicator.id: spark_of(row.periods, row.indicator.measure) for row in seen.key},
        total=len(rows),
        own_alone=plan is not None and sees_own_alone(work, plan.locality_id),
        may_manage=plan is not None and work.actor.may(P.INDICATOR_MANAGE, plan.locality_id),
    )
