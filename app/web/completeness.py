"""/chi-tieu/day-du: who sent which figure of a plan in a period."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.documents.spreadsheet import Cell, Sheet
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.completeness import KINDS, Completeness, Tally, build_completeness
from app.web.choosing import ChosenPlan, choose_plan, crumbs_of_plan
from app.web.downloads import FORMS, AsFile, download
from app.web.figure_cells import PERIOD, UNIT, Heads, notes_above, sees_own_alone, told_of
from app.web.labels import label
from app.web.pages import frame, html
from app.work import Work

# Not `router`: web/indicator.py takes it in before its own /chi-tieu/{indicator_id}.
completeness_router = APIRouter(prefix="/chi-tieu/day-du", route_class=AnsweredRoute)
TOTALS: tuple[tuple[str, str], ...] = (
    ("asked", "Được giao"),
    ("sent", "Đã gửi"),
    *((kind, label("completeness", kind)) for kind in KINDS),
    ("overdue", "Trong đó quá hạn"),
)


@completeness_router.get("")
@policy(P.PLAN_READ)
def show(
    request: Request,
    work: WorkGiven,
    ke_hoach: ChosenPlan = "",
    ky: Annotated[str, Query(max_length=40)] = "",
    tep: AsFile = "",
) -> Response:
    plans, plan = choose_plan(work, ke_hoach)
    seen = build_completeness(work, plan.id, ky or None) if plan else None
    if seen and tep in FORMS:
        return download(
            [_sheet(work, seen)],
            tep,
            "so lieu day du",
            seen.plan.code,
            seen.period.label if seen.period else "",
        )
    return html(
        request,
        work,
        "completeness/page.html",
        frame(request, work, "Số liệu đã đủ chưa", crumbs=crumbs_of_plan(plan)),
        plan_options=[(one.id, one.title) for one in plans],
        seen=seen,
        kinds=KINDS,
        may_urge=plan is not None and work.actor.may(P.URGING_WRITE, plan.locality_id),
        own_alone=plan is not None and sees_own_alone(work, plan.locality_id),
    )


def _sheet(work: Work, seen: Completeness) -> Sheet:
    """Units × indicators in words, the totals at the end of each line and beneath."""
    period = seen.period
    told = told_of(period) if period else "Chưa mở kỳ"
    named: Heads = tuple((f"{one.code} {one.name}", 18) for one in seen.indicators)
    kept: list[Cell] = [period.name, period.ends_on] if period else [None, None]
    rows: list[list[Cell]] = []
    for line in seen.units:
        words: list[Cell] = [
            label("completeness", line.cells[one.id].kind if one.id in line.cells else "not_asked")
            for one in seen.indicators
        ]
        rows.append([line.name, *kept, *words, *_totals(line.tally)])
    sums: list[Cell] = [f"{one.tally.sent}/{one.tally.asked}" for one in seen.indicators]
    rows.append(["Tất cả: đã gửi trên được giao", *kept, *sums, *_totals(seen.tally)])
    return Sheet(
        "Đầy đủ",
        "Số liệu chỉ tiêu đã gửi, còn thiếu",
        notes_above(work, seen.plan.locality_id, seen.plan.title, told),
        (*UNIT, *PERIOD, *named, *((name, 12) for _, name in TOTALS)),
        rows,
    )


def _totals(tally: Tally) -> list[int]:
    return [getattr(tally, name) for name, _ in TOTALS]
