"""The lanes of a plan: one per organisation it gives work to, counted by state."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, bindparam, func, or_, select

from app.models import Assignment, Period, Plan, Responsibility, Task, Unit, UnitGroupMember
from app.models.base import table
from app.services.deadlines import overdue_condition
from app.work import Work

assignments, tasks, units, periods = table(Assignment), table(Task), table(Unit), table(Period)
given, members = table(Responsibility), table(UnitGroupMember)


@dataclass(frozen=True, slots=True)
class Lane:
    """An organisation of a plan with its rows counted by state; a group carries its members' lanes."""

    unit: Any
    is_group: bool
    counts: dict[str, int]
    overdue: int
    members: tuple["Lane", ...] = ()


def build_lanes(work: Work, plan: Plan, *, period: str | None = None) -> tuple[Lane, ...]:
    """One lane per organisation the plan gives work to, in the plan's own order. The caller has required
    the permission to read the plan's overview, and seen that there is such a `period`. Three queries, whatever the
    number of units."""
    wanted = {"locality": plan.locality_id, "plan": plan.id, "period": period, "today": work.today}
    named = list_organisations(work, plan.id)
    counted = work.session.execute(_counted(by_period=period is not None), wanted).all()
    of_members = members_by_group(work, [o.id for o in named if o.kind == "group"], work.today)
    return lay_lanes(named, counted, of_members, work.today)


def list_organisations(work: Work, plan_id: UUID) -> Sequence[Any]:
    return work.session.execute(_organisations(), {"plan": plan_id}).all()


def lay_lanes(
    named: Iterable[Any], counted: Iterable[Any], of_members: Mapping[UUID, list[Any]], day: date
) -> tuple[Lane, ...]:
    """`counted`: n rows of one unit (through one group) in one state, `late` of them. A unit that ended before
    `day` has no lane without rows. Pure."""
    alone: dict[UUID, list[Any]] = {}
    through: dict[UUID, dict[UUID, list[Any]]] = {}
    for row in counted:
        if row.group_id is None:
            alone.setdefault(row.unit_id, []).append(row)
        else:
            through.setdefault(row.group_id, {}).setdefault(row.unit_id, []).append(row)
    lanes = (
        _lane(unit, alone.get(unit.id, []), through.get(unit.id, {}), of_members.get(unit.id, []))
        for unit in named
    )
    return tuple(
        lane for lane in lanes if lane.counts or lane.unit.valid_to is None or lane.unit.valid_to >= day
    )


def members_by_group(work: Work, group_ids: list[UUID], day: date) -> dict[UUID, list[Any]]:
    if not group_ids:
        return {}
    found: dict[UUID, list[Any]] = {}
    for row in work.session.execute(_members(), {"groups": group_ids, "today": day}):
        found.setdefault(row.group_id, []).append(row)
    return found


def is_current(period: Any) -> Any:
    """Rows shown by default: dated ones and those of open periods; given a label, that period's."""
    if period is not None:
        return periods.c.label == period
    return or_(assignments.c.period_id.is_(None), periods.c.state == "open")


@cache
def _organisations() -> Select[Any]:
    """The units and groups the plan gives work to, in the order the plan names them."""
    named = (units.c.id, units.c.code, units.c.name, units.c.kind, units.c.valid_to)
    return (
        select(*named, func.min(tasks.c.ordinal).label("first"))
        .select_from(units)
        .join(given, given.c.unit_id == units.c.id)
        .join(tasks, tasks.c.id == given.c.task_id)
        .where(tasks.c.plan_id == bindparam("plan"))
        .group_by(*named)
        .order_by("first", units.c.name)
    )


@cache
def _counted(*, by_period: bool) -> Select[Any]:
    late = overdue_condition(bindparam("today", type_=Date))
    same = (assignments.c.unit_id, assignments.c.group_id, assignments.c.state)
    return (
        select(*same, func.count().label("n"), func.count().filter(late).label("late"))
        .select_from(assignments)
        .outerjoin(periods, periods.c.id == assignments.c.period_id)
        .where(
            assignments.c.locality_id == bindparam("locality"),
            assignments.c.plan_id == bindparam("plan"),
            is_current(bindparam("period") if by_period else None),
        )
        .group_by(*same)
    )


@cache
def _members() -> Select[Any]:
    today = bindparam("today", type_=Date)
    return (
        select(members.c.group_id, units.c.id, units.c.code, units.c.name, units.c.kind, units.c.valid_to)
        .select_from(members)
        .join(units, units.c.id == members.c.unit_id)
        .where(members.c.group_id.in_(bindparam("groups", expanding=True)), members.c.valid_from <= today)
        .where(or_(members.c.valid_to.is_(None), members.c.valid_to >= today))
        .order_by(units.c.name, units.c.id)
    )


def _lane(unit: Any, own: list[Any], through: dict[UUID, list[Any]], inside: list[Any]) -> Lane:
    rows = [*own, *(row for same in through.values() for row in same)]
    return Lane(
        unit=unit,
        is_group=unit.kind == "group",
        counts=_sum(rows),
        overdue=sum(row.late for row in rows),
        members=tuple(_lane(member, through.get(member.id, []), {}, []) for member in inside),
    )


def _sum(rows: list[Any]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.state] += row.n
    return dict(counts)
