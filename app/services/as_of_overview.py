"""The overview of a plan as it was on an evening: the same counts, of rows as they stood (decision 0028)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.errors import NotFound
from app.models import Assignment, Indicator, Plan, Submission, Task
from app.models.base import table
from app.services.as_of import Evening, PeriodThen, load_evening
from app.services.as_of_rows import FigureThen, RowThen, is_current, list_figures, list_rows
from app.services.counting import four_way, period_share
from app.services.deadlines import OVERDUE_BANDS, band_of, days_overdue
from app.services.lanes import Lane, lay_lanes, list_organisations, members_by_group
from app.services.lateness import LateRow, gather_silent
from app.services.overview import (
    PAST_PERIODS,
    IndicatorCount,
    Overview,
    PeriodCount,
    sum_shares,
    with_share,
)
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.states import LEFT_OUT, MISSING_SUBMISSIONS
from app.text import format_date
from app.work import Work

assignments, submissions = table(Assignment).c, table(Submission).c
tasks, indicators = table(Task).c, table(Indicator).c

LATE_SHOWN = 20


def build_overview_as_of(work: Work, plan: Plan, day: date, *, period: str | None = None) -> Overview:
    """`build_overview` for the evening of `day`; without urgings, whose answers are not part of what rows were. Invalid
    for a day that has not come or before the plan was issued, NotFound for a period that was not opened by then."""
    evening = _evening(work, plan, day, period)
    rows = _rows_of_plan(work, evening, plan)
    figures = _figures_of_plan(work, evening, plan)
    current = [row for row in rows if is_current(row, period)]
    counted = _by_period(evening, rows, period)
    silent = gather_silent(_owed(evening, current, figures, period), day)
    owing = {one.unit_id for one in silent if one.rows}
    late = _late(current, day)
    return Overview(
        plan=plan,
        period=period,
        lanes=tuple(with_share(lane, owing) for lane in _lanes(work, evening, plan, rows, current)),
        dated=four_way((row for row in rows if row.period_id is None), day),
        standing=sum_shares(
            [c.share for c in counted if (c.state == "open" if period is None else c.label == period)]
        ),
        periods=tuple(counted),
        silent=silent,
        late=tuple(late[:LATE_SHOWN]),
        bands=dict.fromkeys(OVERDUE_BANDS, 0) | Counter(str(band_of(row.days)) for row in late),
        indicators=_indicators(evening, plan, figures, period),
        urged={},
    )


def build_lanes_as_of(work: Work, plan: Plan, day: date, *, period: str | None = None) -> tuple[Lane, ...]:
    """`build_lanes` for the evening of `day`. The caller has required the permission to read the plan's overview."""
    evening = _evening(work, plan, day, period)
    rows = _rows_of_plan(work, evening, plan)
    return _lanes(work, evening, plan, rows, [row for row in rows if is_current(row, period)])


def _evening(work: Work, plan: Plan, day: date, period: str | None) -> Evening:
    evening = load_evening(work, plan.locality_id, day, plan.id)
    if period is not None and all(one.label != period for one in evening.periods.values()):
        raise NotFound(f"Ngày {format_date(day)} chưa mở kỳ báo cáo “{period}”. Chọn kỳ hoặc ngày khác.")
    return evening


def _rows_of_plan(work: Work, evening: Evening, plan: Plan) -> list[RowThen]:
    """Also those that an amendment has taken over since."""
    now_in = assignments.plan_id.in_(evening.plans_onwards(plan.id))
    return [row for row in list_rows(work, evening, now_in) if row.plan_id == plan.id]


def _figures_of_plan(work: Work, evening: Evening, plan: Plan) -> list[FigureThen]:
    now_of = select(indicators.id).where(indicators.plan_id.in_(evening.plans_onwards(plan.id)))
    found = list_figures(work, evening, submissions.indicator_id.in_(now_of))
    return [one for one in found if evening.shared.things[one.indicator_id].plan_id == plan.id]


def _by_period(evening: Evening, rows: Sequence[RowThen], period: str | None) -> list[PeriodCount]:
    by_period: dict[UUID, list[RowThen]] = {}
    for row in rows:
        if row.period_id is not None:
            by_period.setdefault(row.period_id, []).append(row)
    shown = [
        one
        for one in evening.periods.values()
        if one.id in by_period
        and (one.state == "open" or one.ends_on >= evening.day - PAST_PERIODS or one.label == period)
    ]
    shown.sort(key=lambda one: one.id)
    shown.sort(key=lambda one: (one.ends_on, one.starts_on), reverse=True)
    return [
        PeriodCount(one.id, one.label, one.name, one.state, one.due_on, period_share(by_period[one.id]))
        for one in shown
    ]


# Organisations


@dataclass(frozen=True, slots=True)
class _LaneUnit:
    id: UUID
    code: str
    name: str
    kind: str
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class _Counted:
    unit_id: UUID
    group_id: UUID | None
    state: str
    n: int
    late: int


def _lanes(
    work: Work, evening: Evening, plan: Plan, rows: Sequence[RowThen], current: Sequence[RowThen]
) -> tuple[Lane, ...]:
    had = {row.group_id or row.unit_id for row in rows}
    came_later = _given_later(evening, plan) - had
    named = [_named(one, evening) for one in list_organisations(work, plan.id) if one.id not in came_later]
    groups = [one.id for one in named if one.kind == "group"]
    of_members = {
        group_id: [_named(one, evening) for one in inside]
        for group_id, inside in members_by_group(work, groups, evening.day).items()
    }
    return lay_lanes(named, [_counted(row, evening.day) for row in current], of_members, evening.day)


def _given_later(evening: Evening, plan: Plan) -> set[UUID]:
    """Units whom the plan gave work after that evening."""
    things = evening.shared.things
    return {
        one.unit_id
        for one in evening.later
        if one.kind == "responsibility_given" and things[one.subject_id].plan_id == plan.id
    }


def _named(one: Any, evening: Evening) -> _LaneUnit:
    return _LaneUnit(one.id, one.code, evening.names[one.id], one.kind, one.valid_to)


def _counted(row: RowThen, day: date) -> _Counted:
    late = days_overdue(row.state, row.due_on, row.reported_on, day) > 0
    return _Counted(row.unit_id, row.group_id, row.state, row.n, int(late))


# Who is silent, what is late


@dataclass(frozen=True, slots=True)
class _Owed:
    id: UUID
    name: str
    kind: str
    due_on: date | None
    n: int = 1


def _owed(
    evening: Evening, rows: Sequence[RowThen], figures: Sequence[FigureThen], period: str | None
) -> Iterable[_Owed]:
    for row in rows:
        is_late = row.due_on is not None and row.due_on < evening.day
        if row.state in MISSING_ASSIGNMENTS and (row.period_id is not None or is_late):
            yield _Owed(row.unit_id, row.unit_name, "row", row.due_on)
    for one in figures:
        if one.state in MISSING_SUBMISSIONS and _is_shown(one.period, period):
            yield _Owed(one.unit_id, evening.names[one.unit_id], "figure", one.due_on)


def _is_shown(one: PeriodThen, period: str | None) -> bool:
    return one.state == "open" if period is None else one.label == period


def _late(rows: Sequence[RowThen], day: date) -> list[LateRow]:
    """The longest overdue first."""
    found = [(row, days_overdue(row.state, row.due_on, row.reported_on, day)) for row in rows]
    found.sort(key=lambda one: (one[0].due_on or date.max, one[0].ordinal, one[0].id))
    return [
        LateRow(
            id=row.id,
            plan_id=row.plan_id,
            task_id=row.task_id,
            code=row.code,
            title=row.title,
            unit_id=row.unit_id,
            unit_name=row.unit_name,
            state=row.state,
            due_on=row.due_on,
            blocked_reason=row.blocked_reason,
            days=days,
        )
        for row, days in found
        if days and row.due_on
    ]


# Figures


def _indicators(
    evening: Evening, plan: Plan, figures: Sequence[FigureThen], period: str | None
) -> tuple[IndicatorCount, ...]:
    """Every indicator the plan had, also those nobody reported yet."""
    had = [
        one
        for one in evening.shared.things.values()
        if hasattr(one, "measure") and one.plan_id == plan.id and one.created_at < evening.until
    ]
    states: dict[UUID, Counter[str]] = {one.id: Counter() for one in had}
    for figure in figures:
        if figure.state not in LEFT_OUT and _is_shown(figure.period, period):
            states[figure.indicator_id][figure.state] += 1
    return tuple(
        IndicatorCount(
            one.id,
            one.code,
            one.name,
            expected=states[one.id].total(),
            sent=states[one.id]["sent"] + states[one.id]["accepted"],
            accepted=states[one.id]["accepted"],
        )
        for one in sorted(had, key=lambda one: (one.ordinal, one.id))
    )
