"""/chi-tieu: the indicators of a plan in one table."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.indicator_table import RowFilter, build_indicator_table, list_reporters, narrow
from app.web.chart import spark_of
from app.web.choosing import ChosenPlan, choose_plan
from app.web.downloads import FORMS, AsFile, download
from app.web.figure_cells import notes_above, sees_own_alone
from app.web.indicator_sheets import table_sheet, units_sheet
from app.web.labels import LABELS
from app.web.pages import frame, html

# Not `router`: web/indicator.py takes it in before its own /chi-tieu/{indicator_id}.
table_router = APIRouter(prefix="/chi-tieu", route_class=AnsweredRoute)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the address; one that is not known filters nothing."""

    q: Annotated[str, Query(max_length=200)] = ""
    dung: Annotated[str, Query(max_length=20)] = ""
    chu_yeu: Annotated[str, Query(alias="chu-yeu", max_length=5)] = ""
    don_vi: Annotated[str, Query(alias="don-vi", max_length=40)] = ""

    @property
    def rows(self) -> RowFilter:
        known = self.dung if self.dung in LABELS["standing"] else None
        return RowFilter(standing=known, key=bool(self.chu_yeu), words=self.q)

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.dung or self.chu_yeu or self.don_vi)


@table_router.get("")
@policy(P.PLAN_READ)
def list_(
    request: Request,
    work: WorkGiven,
    wanted: Annotated[Wanted, Depends()],
    ke_hoach: ChosenPlan = "",
    tep: AsFile = "",
) -> Response:
    plans, plan = choose_plan(work, ke_hoach)
    units = list_reporters(work, plan.id) if plan else []
    unit = next((key for key, _ in units if str(key) == wanted.don_vi), None)
    rows = build_indicator_table(work, plan.id, unit=unit) if plan else ()
    shown = narrow(rows, wanted.rows)
    name = next((name for key, name in units if key == unit), "")
    if plan and tep in FORMS:
        notes = notes_above(work, plan.locality_id, plan.title, name)
        return download([table_sheet(shown, notes), units_sheet(shown, notes)], tep, "chi tieu", plan.code)
    return html(
        request,
        work,
        "indicator/list.html",
        frame(request, work, "Chỉ tiêu"),
        plan_options=[(one.id, one.title) for one in plans],
        plan=plan,
        rows=shown,
        sparks={row.indicator.id: spark_of(row.periods, row.indicator.measure) for row in shown},
        units=units,
        unit=name,
        as_file="/chi-tieu?" + request.url.include_query_params(**{"ke-hoach": plan.id}).query
        if plan
        else "",
        wanted=wanted,
        standings=list(LABELS["standing"].items()),
        total=len(rows),
        own_alone=plan is not None and sees_own_alone(work, plan.locality_id),
    )
