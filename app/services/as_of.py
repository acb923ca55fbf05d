"""A locality on an evening, when the day ended in Vietnam: its plans, periods, names, and what happened to many rows at
once (decision 0028). What its rows were: as_of_rows.py.

Everything comes from what is append-only, in a fixed number of statements whatever the number of rows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select, union_all

from app.errors import Invalid
from app.models import (
    Assignment,
    EventRow,
    Indicator,
    Period,
    Plan,
    Responsibility,
    Submission,
    Task,
    Unit,
)
from app.models.base import table
from app.services.as_of_replay import Happened, Shared
from app.services.unit_name import names_on
from app.text import format_date
from app.work import VIETNAM, Work

assignments, submissions, events = table(Assignment).c, table(Submission).c, table(EventRow).c
tasks, indicators, periods = table(Task).c, table(Indicator).c, table(Period).c
plans, units, given = table(Plan).c, table(Unit).c, table(Responsibility).c

_SHARED = (
    "task_changed",
    "period_excepted",
    "period_closed",
    "period_reopened",
    "plan_closed",
    "plan_superseded",
    "responsibility_given",
)
_BEFORE = {
    "period_closed": "open",
    "period_reopened": "closed",
    "plan_closed": "issued",
    "plan_superseded": "issued",
}


@dataclass(frozen=True, slots=True)
class PeriodThen:
    id: UUID
    label: str
    name: str
    state: str
    due_on: date
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Evening:
    """What the rows of one locality hang on, as it was. `until`: the first moment that no longer counts. `plans` and
    `order` (of units, by name) are today's. `later`: of what happened to plans, tasks and periods, what came after."""

    day: date
    until: datetime
    locality_id: UUID
    shared: Shared
    periods: Mapping[UUID, PeriodThen]
    plans: Mapping[UUID, Any]
    plan_states: Mapping[UUID, str]
    names: Mapping[UUID, str]
    order: Mapping[UUID, int]
    later: Sequence[Happened]

    def plans_onwards(self, plan_id: UUID) -> list[UUID]:
        """The plan and those that took its place, one after the other: where its rows may be now."""
        found = [plan_id]
        for key in found:
            found += [one.id for one in self.plans.values() if one.amends_id == key and one.state != "draft"]
        return found

    def tasks_onwards(self, task_ids: Iterable[UUID]) -> list[UUID]:
        found = list(task_ids)
        after = {one.previous_id: one.id for one in self.shared.things.values() if one.previous_id}
        for key in found:
            found += [after[key]] if key in after else []
        return found


def load_evening(work: Work, locality_id: UUID, day: date, plan_id: UUID | None = None) -> Evening:
    """Invalid for a day that has not come, and for one before the plan (or the locality's first) was issued. The caller
    has required the right to read what it will show."""
    if day > work.today:
        raise Invalid.field("as_of", "Ngày muốn xem lại chưa đến. Chọn hôm nay hoặc một ngày đã qua.")
    until = datetime.combine(day + timedelta(days=1), time(), VIETNAM)
    known_plans = _all(work, plans, locality_id)
    _check_issued(day, [p for p in known_plans if p.id == plan_id] or known_plans)
    happened = list(work.session.execute(_happened_to_shared(), {"locality": locality_id}))
    later = [one for one in happened if one.at >= until]
    known = _all(work, periods, locality_id)
    named = _names(work, locality_id)
    return Evening(
        day=day,
        until=until,
        locality_id=locality_id,
        shared=Shared(
            things={one.id: one for column in (tasks, indicators) for one in _all(work, column, locality_id)},
            due_of_period={one.id: one.due_on for one in known},
            task_changes=by_subject(
                one for one in happened if one.kind == "task_changed" and "due_on" in one.data["changed"]
            ),
            own_dates=by_subject(one for one in happened if one.kind == "period_excepted"),
        ),
        periods={
            one.id: PeriodThen(one.id, one.label, one.name, state, one.due_on, one.starts_on, one.ends_on)
            for one, state in _with_states(known, later)
            if one.opened_at < until
        },
        plan_states={
            one.id: state if one.issued_at and one.issued_at < until else "draft"
            for one, state in _with_states(known_plans, later)
        },
        plans={one.id: one for one in known_plans},
        names=named | names_on(work, named, day),
        order={key: place for place, key in enumerate(named)},
        later=later,
    )


EVENT = (events.number, events.at, events.kind, events.subject_id, events.unit_id, events.data)


def _all(work: Work, column: Any, locality_id: UUID) -> Sequence[Any]:
    """Every row of a table that the locality has: its plans, tasks, indicators or periods."""
    return work.session.execute(select(*column).where(column.locality_id == locality_id)).all()


def _names(work: Work, locality_id: UUID) -> dict[UUID, str]:
    """In the order of names, which the database knows best."""
    statement = select(units.id, units.name).where(units.locality_id == locality_id)
    return {row.id: row.name for row in work.session.execute(statement.order_by(units.name, units.id))}


def _check_issued(day: date, wanted: Sequence[Any]) -> None:
    issued = [one.issued_at.astimezone(VIETNAM).date() for one in wanted if one.issued_at]
    if not issued:
        raise Invalid.field("as_of", "Chưa có kế hoạch nào được ban hành nên chưa có ngày nào để xem lại.")
    if day < (first := min(issued)):
        raise Invalid.field(
            "as_of",
            f"Ngày {format_date(day)} chưa có kế hoạch nào được ban hành ở đây. "
            f"Chọn từ ngày {format_date(first)} trở đi.",
        )


def _happened_to_shared() -> Select[Any]:
    place: Any = bindparam("locality")
    subjects = union_all(
        *(select(column.id).where(column.locality_id == place) for column in (plans, tasks, periods))
    )
    return (
        select(*EVENT)
        .where(events.subject_id.in_(subjects), events.kind.in_(_SHARED))
        .order_by(events.number)
    )


def by_subject(happened: Iterable[Happened]) -> dict[UUID, list[Happened]]:
    found: dict[UUID, list[Happened]] = {}
    for one in happened:
        found.setdefault(one.subject_id, []).append(one)
    return found


def _with_states(known: Sequence[Any], later: Sequence[Happened]) -> Iterator[tuple[Any, str]]:
    """Plans or periods with the state they were in: what the first later change says they were before, else what they
    are now."""
    before: dict[UUID, str] = {}
    for one in later:
        if one.kind in _BEFORE:
            before.setdefault(one.subject_id, _BEFORE[one.kind])
    for row in known:
        yield row, before.get(row.id, row.state)
