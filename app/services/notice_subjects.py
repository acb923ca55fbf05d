"""What notices are made of: the people of units and of the office today, and what events happened to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.models import (
    Account,
    Assignment,
    EventRow,
    Indicator,
    Membership,
    Period,
    Plan,
    Submission,
    Task,
    Unit,
    UnitGroupMember,
)
from app.models.base import columns
from app.work import Work

accounts, memberships, members = columns(Account), columns(Membership), columns(UnitGroupMember)
assignments, submissions, units = columns(Assignment), columns(Submission), columns(Unit)
tasks, indicators, periods, plans = columns(Task), columns(Indicator), columns(Period), columns(Plan)


@dataclass(slots=True)
class People:
    """Active accounts whose role is in force today, by the unit they are officers of; `office` beside them."""

    office: list[UUID] = field(default_factory=list)
    officers: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    members: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def units_behind(self, unit_id: UUID | None) -> Sequence[UUID | None]:
        """The unit itself, or the members of a group; None stays None: the office."""
        if unit_id is None:
            return (None,)
        return self.members.get(unit_id) or (unit_id,)

    def told(self, unit_id: UUID | None) -> list[UUID]:
        return self.office if unit_id is None else self.officers.get(unit_id, [])


@dataclass(frozen=True, slots=True)
class RowSeen:
    """A row of a board that something happened to. `name`: code and title."""

    id: UUID
    name: str
    unit_id: UUID
    unit_name: str
    period_id: UUID | None
    period_name: str | None


def people_of(work: Work, locality_id: UUID) -> People:
    people = People()
    statement = (
        select(memberships.account_id, memberships.role, memberships.unit_id)
        .join(accounts, accounts.id == memberships.account_id)
        .where(
            memberships.locality_id == locality_id,
            memberships.role.in_(("office", "unit")),
            memberships.valid_from <= work.today,
            or_(memberships.valid_to.is_(None), memberships.valid_to >= work.today),
            accounts.state == "active",
        )
        .order_by(memberships.account_id)
        .distinct()
    )
    for account_id, role, unit_id in work.session.execute(statement):
        (people.office if role == "office" else people.officers[unit_id]).append(account_id)
    inside = select(members.group_id, members.unit_id).where(
        members.locality_id == locality_id,
        members.valid_from <= work.today,
        or_(members.valid_to.is_(None), members.valid_to >= work.today),
    )
    for group_id, unit_id in work.session.execute(inside.order_by(members.unit_id)):
        people.members[group_id].append(unit_id)
    return people


class Subjects:
    """What a handful of events happened to, read with one statement for each kind."""

    def __init__(self, work: Work, told: Sequence[EventRow]) -> None:
        self.work = work
        self._keys: dict[str, set[UUID]] = defaultdict(set)
        for event in told:
            self._keys[event.subject_kind].add(event.subject_id)
        self._rows = self._read_rows()
        self._names = self._read_names()
        about = {event.unit_id for event in told if event.unit_id}
        named = select(units.id, units.name).where(units.id.in_(about))
        self._units = {row.id: row.name for row in work.session.execute(named)} if about else {}

    def name_of(self, event: EventRow) -> str:
        row = self._rows.get(event.subject_id)
        return row.name if row is not None else self._names.get(event.subject_id, "…")

    def row_of(self, event: EventRow) -> RowSeen | None:
        return self._rows.get(event.subject_id)

    def page_of(self, event: EventRow) -> str:
        return f"/{'viec' if event.subject_kind == 'assignment' else 'so-lieu'}/{event.subject_id}"

    def unit_name(self, unit_id: UUID | None) -> str:
        return self._units.get(unit_id, "Một đơn vị") if unit_id else "Một đơn vị"

    def rows_of_plan(self, plan_id: UUID) -> Iterable[tuple[UUID, int]]:
        """(unit, rows) of those who have rows of a plan."""
        of_figures = select(submissions.unit_id).join(indicators, indicators.id == submissions.indicator_id)
        return self._by_unit(
            select(assignments.unit_id).where(assignments.plan_id == plan_id, _asked(assignments)),
            of_figures.where(indicators.plan_id == plan_id, _asked(submissions)),
        )

    def rows_of_period(self, period_id: UUID) -> Iterable[tuple[UUID, int]]:
        return self._by_unit(
            select(assignments.unit_id).where(assignments.period_id == period_id, _asked(assignments)),
            select(submissions.unit_id).where(submissions.period_id == period_id, _asked(submissions)),
        )

    def _by_unit(self, work_rows: Any, figures: Any) -> Iterable[tuple[UUID, int]]:
        rows = work_rows.union_all(figures).subquery()
        counted = select(rows.c.unit_id, func.count()).group_by(rows.c.unit_id).order_by(rows.c.unit_id)
        return [(unit_id, number) for unit_id, number in self.work.session.execute(counted)]

    def _read_rows(self) -> dict[UUID, RowSeen]:
        found: dict[UUID, RowSeen] = {}
        for kind, row, what, key, name in (
            ("assignment", assignments, tasks, assignments.task_id, tasks.title),
            ("submission", submissions, indicators, submissions.indicator_id, indicators.name),
        ):
            if not self._keys[kind]:
                continue
            statement = (
                select(row.id, what.code, name, row.unit_id, units.name, row.period_id, periods.name)
                .join(what, what.id == key)
                .join(units, units.id == row.unit_id)
                .outerjoin(periods, periods.id == row.period_id)
                .where(row.id.in_(self._keys[kind]))
            )
            for row_id, code, title, *rest in self.work.session.execute(statement):
                found[row_id] = RowSeen(row_id, f"{code} {title}", *rest)
        return found

    def _read_names(self) -> dict[UUID, str]:
        found: dict[UUID, str] = {}
        for kind, model, name in (("plan", plans, plans.title), ("period", periods, periods.name)):
            if self._keys[kind]:
                statement = select(model.id, name).where(model.id.in_(self._keys[kind]))
                found |= {row.id: row[1] for row in self.work.session.execute(statement)}
        return found


def waiting_for_office(work: Work, row: RowSeen) -> int:
    """How many rows of the same unit and period the office has to look at."""
    reported = select(func.count()).where(
        assignments.unit_id == row.unit_id,
        assignments.period_id == row.period_id,
        assignments.state == "reported",
    )
    sent = select(func.count()).where(
        submissions.unit_id == row.unit_id,
        submissions.period_id == row.period_id,
        submissions.state == "sent",
    )
    return (work.session.scalar(reported) or 0) + (work.session.scalar(sent) or 0)


def _asked(row: Any) -> Any:
    """What still stands; supporting rows are told too, since somebody is to work on them."""
    return row.state.not_in(("cancelled", "released", "waived"))
