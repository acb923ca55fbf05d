"""The overview of a plan: organisations × states, both streams of counts, who is silent, what is late.

A read model for leaders and the office. Every part is one query over the whole plan, none per unit.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.models import Assignment, Indicator, Ledger, Period, Plan, Submission
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find
from app.services.counting import FourWay, PeriodShare, four_way, period_share
from app.services.lanes import Lane, build_lanes, is_current
from app.services.lateness import LateRow, Silent, count_bands, list_late, list_silent
from app.services.period import find_period
from app.services.states import LEFT_OUT
from app.services.urging_list import count_standings
from app.work import Work

assignments, periods, ledgers = columns(Assignment), columns(Period), columns(Ledger)
submissions, indicators = columns(Submission), columns(Indicator)

PAST_PERIODS = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class OverviewLane:
    """One organisation: its rows by state. For a group its members beneath; `members_reported` of them have
    work and owe no report on it now."""

    unit: Any
    is_group: bool
    counts: dict[str, int]
    overdue: int
    share: PeriodShare
    members: tuple["OverviewLane", ...] = ()
    members_reported: int = 0


@dataclass(frozen=True, slots=True)
class PeriodCount:
    id: UUID
    label: str
    name: str
    state: str
    due_on: date
    share: PeriodShare


@dataclass(frozen=True, slots=True)
class IndicatorCount:
    """`accepted` and `sent` (accepted ones included) of `expected` figures."""

    id: UUID
    code: str
    name: str
    expected: int
    sent: int
    accepted: int


@dataclass(frozen=True, slots=True)
class Overview:
    """`period` null: dated rows and those of open periods; else that period's. `dated` is always of all dated rows.
    `bands`: how many rows are overdue by how long. `urged` is of the whole locality."""

    plan: Plan
    period: str | None
    lanes: tuple[OverviewLane, ...]
    dated: FourWay
    standing: PeriodShare
    periods: tuple[PeriodCount, ...]
    silent: tuple[Silent, ...]
    late: tuple[LateRow, ...]
    bands: dict[str, int]
    indicators: tuple[IndicatorCount, ...]
    urged: dict[str, int]


# Reads


def get_overview_plan(work: Work, plan_id: UUID) -> tuple[Plan, int]:
    """The plan and the number of its locality's last event (what a kept page is keyed by)."""
    plan = find(work, Plan, plan_id)
    work.require(Permission.OVERVIEW_READ, plan.locality_id)
    number = work.session.scalar(select(ledgers.number).where(ledgers.locality_id == plan.locality_id))
    return plan, number or 0


def build_overview(work: Work, plan: Plan, *, period: str | None = None) -> Overview:
    """Of a plan from `get_overview_plan`. `period` is a label; NotFound when the locality has no such period."""
    if period is not None:
        find_period(work, plan.locality_id, period)
    counted = _by_period(work, plan, period)
    current = [c for c in counted if (c.state == "open" if period is None else c.label == period)]
    silent = list_silent(work, plan.locality_id, plan_id=plan.id, period=period)
    owing = {one.unit_id for one in silent if one.rows}
    return Overview(
        plan=plan,
        period=period,
        lanes=tuple(with_share(lane, owing) for lane in build_lanes(work, plan, period=period)),
        dated=four_way(work.session.execute(_dated_rows(plan)), work.today),
        standing=sum_shares([one.share for one in current]),
        periods=tuple(counted),
        silent=silent,
        late=list_late(work, *_of_plan(plan), is_current(period)),
        bands=count_bands(work, *_of_plan(plan), is_current(period)),
        indicators=_indicators(work, plan, period),
        urged=count_standings(work, plan.locality_id),
    )


def with_share(lane: Lane, owing: set[UUID]) -> OverviewLane:
    members = tuple(with_share(member, owing) for member in lane.members)
    return OverviewLane(
        unit=lane.unit,
        is_group=lane.is_group,
        counts=lane.counts,
        overdue=lane.overdue,
        share=period_share(_Counted(state, n) for state, n in lane.counts.items()),
        members=members,
        members_reported=sum(m.share.expected > 0 and m.unit.id not in owing for m in members),
    )


def sum_shares(shares: list[PeriodShare]) -> PeriodShare:
    names = [one.name for one in fields(PeriodShare)]
    return PeriodShare(**{name: sum(getattr(share, name) for share in shares) for name in names})


def _of_plan(plan: Plan) -> tuple[Any, Any]:
    """The locality leads the index that keeps one plan's rows together."""
    return assignments.locality_id == plan.locality_id, assignments.plan_id == plan.id


def _dated_rows(plan: Plan) -> Any:
    parts = (assignments.state, assignments.due_on, assignments.reported_on, assignments.done_on)
    return (
        select(*parts, func.count().label("n"))
        .where(*_of_plan(plan), assignments.period_id.is_(None))
        .group_by(*parts)
    )


def _by_period(work: Work, plan: Plan, period: str | None) -> list[PeriodCount]:
    """Open periods, those of about a year back, and the one asked for; newest first."""
    statement = (
        select(periods, assignments.state.label("row_state"), func.count().label("n"))
        .join(periods, periods.id == assignments.period_id)
        .where(*_of_plan(plan))
        .where(
            or_(
                periods.state == "open",
                periods.ends_on >= work.today - PAST_PERIODS,
                periods.label == (period or ""),
            )
        )
        .group_by(periods.id, assignments.state)
        .order_by(periods.ends_on.desc(), periods.starts_on.desc(), periods.id)
    )
    rows_of: dict[UUID, tuple[Period, list[Any]]] = {}
    for row in work.session.execute(statement):
        rows_of.setdefault(row[0].id, (row[0], []))[1].append(_Counted(row.row_state, row.n))
    return [
        PeriodCount(one.id, one.label, one.name, one.state, one.due_on, period_share(rows))
        for one, rows in rows_of.values()
    ]


@dataclass(frozen=True, slots=True)
class _Counted:
    state: str
    n: int


def _indicators(work: Work, plan: Plan, period: str | None) -> tuple[IndicatorCount, ...]:
    """Every indicator of the plan, also those nobody reports yet."""
    wanted = periods.state == "open" if period is None else periods.label == period
    counted = (
        select(submissions.indicator_id, submissions.state, func.count().label("n"))
        .join(periods, periods.id == submissions.period_id)
        .where(submissions.locality_id == plan.locality_id, wanted, submissions.state.not_in(LEFT_OUT))
        .group_by(submissions.indicator_id, submissions.state)
        .subquery()
    )
    statement = (
        select(indicators.id, indicators.code, indicators.name, counted.c.state, counted.c.n)
        .outerjoin(counted, counted.c.indicator_id == indicators.id)
        .where(indicators.plan_id == plan.id)
        .order_by(indicators.ordinal, indicators.id)
    )
    found: dict[tuple[UUID, str, str], dict[str, int]] = {}
    for row in work.session.execute(statement):
        found.setdefault((row.id, row.code, row.name), {})[row.state] = row.n or 0
    return tuple(
        IndicatorCount(
            *named,
            expected=sum(states.values()),
            sent=states.get("sent", 0) + states.get("accepted", 0),
            accepted=states.get("accepted", 0),
        )
        for named, states in found.items()
    )
