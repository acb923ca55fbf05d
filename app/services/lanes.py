"""The lanes of a plan: one per organisation it gives work to, counted by state."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.models import Assignment, Period, Plan, Responsibility, Task, Unit, UnitGroupMember
from app.models.base import columns, table
from app.services.deadlines import overdue_condition
from app.work import Work

assignments, tasks, units, periods = columns(Assignment), columns(Task), columns(Unit), columns(Period)
given, members = columns(Responsibility), columns(UnitGroupMember)


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
    the permission to read the plan's overview. Three queries, whatever the number of units."""
    named = work.session.execute(_organisations(plan)).all()
    counted = work.session.execute(_counted(plan, period, work.today)).all()
    of_members = _members_by_group(work, [o.id for o in named if o.kind == "group"])
    alone: dict[UUID, list[Any]] = {}
    through: dict[UUID, dict[UUID, list[Any]]] = {}
    for row in counted:
        if row.group_id is None:
            alone.setdefault(row.unit_id, []).append(row)
        else:
            through.setdefault(row.group_id, {}).setdefault(row.unit_id, []).append(row)
    return tuple(
        _lane(unit, alone.get(unit.id, []), through.get(unit.id, {}), of_members.get(unit.id, []))
        for unit in named
    )


def is_current(period: Any) -> Any:
    """Rows shown by default: dated ones and those of open periods; given a label, that period's."""
    row, of = table(Assignment).c, table(Period).c
    if period is not None:
        return of.label == period
    return or_(row.period_id.is_(None), of.state == "open")


def _organisations(plan: Plan) -> Any:
    """The units and groups the plan gives work to, in the order the plan names them."""
    return (
        select(units.id, units.code, units.name, units.kind, func.min(tasks.ordinal).label("first"))
        .join(given, given.unit_id == units.id)
        .join(tasks, tasks.id == given.task_id)
        .where(tasks.plan_id == plan.id, given.ended_on.is_(None))
        .group_by(units.id, units.code, units.name, units.kind)
        .order_by("first", units.name)
    )


def _counted(plan: Plan, period: str | None, today: date) -> Any:
    late = overdue_condition(today)
    return (
        select(
            assignments.unit_id,
            assignments.group_id,
            assignments.state,
            func.count().label("n"),
            func.count().filter(late).label("late"),
        )
        .select_from(assignments)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(
            assignments.locality_id == plan.locality_id,
            assignments.plan_id == plan.id,
            is_current(period),
        )
        .group_by(assignments.unit_id, assignments.group_id, assignments.state)
    )


def _members_by_group(work: Work, group_ids: list[UUID]) -> dict[UUID, list[Any]]:
    if not group_ids:
        return {}
    statement = (
        select(members.group_id, units.id, units.code, units.name, units.kind)
        .join(units, units.id == members.unit_id)
        .where(members.group_id.in_(group_ids), members.valid_from <= work.today)
        .where(or_(members.valid_to.is_(None), members.valid_to >= work.today))
        .order_by(units.name, units.id)
    )
    found: dict[UUID, list[Any]] = {}
    for row in work.session.execute(statement):
        found.setdefault(row.group_id, []).append(row)
    return found


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
