"""/chi-tieu: the indicators of a plan in one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Plan
from app.permissions import Permission as P
from app.services.indicator_table import RowFilter, build_indicator_table, list_reporters, narrow
from app.services.plan import list_plans
from app.web.chart import spark_of
from app.web.labels import LABELS
from app.web.pages import frame, html
from app.work import Work

# Not `router`: web/indicator.py takes it in before its own /chi-tieu/{indicator_id}.
table_router = APIRouter(prefix="/chi-tieu", route_class=AnsweredRoute)

ChosenPlan = Annotated[str, Query(alias="ke-hoach", max_length=40)]


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
    request: Request, work: WorkGiven, wanted: Annotated[Wanted, Depends()], ke_hoach: ChosenPlan = ""
) -> Response:
    plans, plan = choose_plan(work, ke_hoach)
    units = list_reporters(work, plan.id) if plan else []
    unit = next((key for key, _ in units if str(key) == wanted.don_vi), None)
    rows = build_indicator_table(work, plan.id, unit=unit) if plan else ()
    shown = narrow(rows, wanted.rows)
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
        unit=next((name for key, name in units if key == unit), ""),
        wanted=wanted,
        standings=list(LABELS["standing"].items()),
        total=len(rows),
    )


def choose_plan(work: Work, asked: str) -> tuple[Sequence[Plan], Plan | None]:
    """The plans that are carried out or over, and of these the one that was asked for, else the newest."""
    plans = list_plans(work, states=("issued", "closed"))
    return plans, next((plan for plan in plans if str(plan.id) == asked), plans[0] if plans else None)
