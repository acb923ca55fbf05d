"""What hangs on a unit: shown before it ends, passed on when it does."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from app.models import (
    AccessLink,
    Account,
    Assignment,
    CalendarLink,
    Indicator,
    IndicatorOwner,
    Membership,
    Period,
    Plan,
    Responsibility,
    Submission,
    Task,
    Unit,
    UnitGroupMember,
)
from app.models.base import columns
from app.services.states import HANDING_STEPS, MISSING_SUBMISSIONS
from app.services.unit_group import lasts_until
from app.work import Work

assignments, submissions, periods = columns(Assignment), columns(Submission), columns(Period)
members, memberships, accounts = columns(UnitGroupMember), columns(Membership), columns(Account)
given, tasks, plans, units = columns(Responsibility), columns(Task), columns(Plan), columns(Unit)
owners, indicators = columns(IndicatorOwner), columns(Indicator)

OPEN_FIGURES = (*MISSING_SUBMISSIONS, "sent")


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that can pass on; `id` is what a choice about it names."""

    id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """Of one unit, each list in a fixed order; `rows` and `figures` are open and wait for a decision of their own."""

    unit: Unit
    groups: tuple[Held, ...]
    roles: tuple[Held, ...]
    duties: tuple[Held, ...]
    below: tuple[Held, ...]
    indicators: tuple[Held, ...]
    rows: int
    figures: int
    links: int


def get_holdings(work: Work, unit: Unit) -> Holdings:
    """Of a unit the actor may see."""
    return Holdings(
        unit=unit,
        groups=tuple(Held(row.id, group.name) for row, group in groups_held(work, unit)),
        roles=tuple(
            Held(row.id, f"{account.name}{f', {account.post}' if account.post else ''}")
            for row, account in roles_held(work, unit)
        ),
        duties=tuple(Held(one.id, f"{task.code} {task.title}") for one, task in duties_held(work, unit)),
        below=tuple(Held(one.id, one.name) for one in units_below(work, unit)),
        indicators=tuple(Held(row.id, f"{one.code} {one.name}") for row, one in owned(work, unit)),
        rows=_count(work, open_rows([unit.id])),
        figures=_count(work, open_figures([unit.id])),
        links=sum(_count(work, links_of(model, unit)) for model in (AccessLink, CalendarLink)),
    )


def groups_held(work: Work, unit: Unit) -> list[tuple[UnitGroupMember, Unit]]:
    statement = (
        select(members, units)
        .join(units, units.id == members.group_id)
        .where(members.unit_id == unit.id, lasts_until(members, work.today))
        .order_by(units.name, members.id)
    )
    return [(one, other) for one, other in work.session.execute(statement)]


def roles_held(work: Work, unit: Unit) -> list[tuple[Membership, Account]]:
    statement = (
        select(memberships, accounts)
        .join(accounts, accounts.id == memberships.account_id)
        .where(memberships.unit_id == unit.id, lasts_until(memberships, work.today))
        .order_by(accounts.name, memberships.id)
    )
    return [(one, other) for one, other in work.session.execute(statement)]


def duties_held(work: Work, unit: Unit) -> list[tuple[Responsibility, Task]]:
    """In force in plans that run, those it leads first: who leads is settled before who cooperates."""
    statement = (
        select(given, tasks)
        .join(tasks, tasks.id == given.task_id)
        .join(plans, plans.id == tasks.plan_id)
        .where(given.unit_id == unit.id, given.ended_on.is_(None), plans.state == "issued")
        .order_by(given.role != "lead", plans.code, tasks.ordinal, given.id)
    )
    return [(one, other) for one, other in work.session.execute(statement)]


def units_below(work: Work, unit: Unit) -> list[Unit]:
    statement = select(units).where(units.reports_to_id == unit.id, lasts_until(units, work.today))
    return list(work.session.scalars(statement.order_by(units.name, units.id)))


def owned(work: Work, unit: Unit) -> list[tuple[IndicatorOwner, Indicator]]:
    statement = (
        select(owners, indicators)
        .join(indicators, indicators.id == owners.indicator_id)
        .join(plans, plans.id == indicators.plan_id)
        .where(owners.unit_id == unit.id, plans.state == "issued")
        .order_by(plans.code, indicators.ordinal, owners.id)
    )
    return [(one, other) for one, other in work.session.execute(statement)]


def row_is_open() -> Any:
    """Somebody must still do or decide the row: not one a closed period takes no report on any more. Over the tables
    of rows and, outer joined, periods."""
    still = or_(
        periods.id.is_(None), periods.state == "open", assignments.state.in_(("returned", "reported"))
    )
    return and_(assignments.state.in_(HANDING_STEPS["hand_over"]), still)


def figure_is_open() -> Any:
    """`row_is_open` for figures."""
    still = or_(periods.state == "open", submissions.state.in_(("returned", "reopened")))
    return and_(submissions.state.in_(OPEN_FIGURES), still)


def open_rows(unit_ids: Any) -> Any:
    """Of these units: keys, or a query of them."""
    return (
        select(assignments)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.unit_id.in_(unit_ids), row_is_open())
    )


def open_figures(unit_ids: Any) -> Any:
    return (
        select(submissions)
        .join(periods, periods.id == submissions.period_id)
        .where(submissions.unit_id.in_(unit_ids), figure_is_open())
    )


def links_of(model: type[AccessLink] | type[CalendarLink], unit: Unit) -> Any:
    link = columns(model)
    return select(link).where(link.unit_id == unit.id, link.revoked_at.is_(None))


def _count(work: Work, statement: Any) -> int:
    return work.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
