"""What stands on a board beside the cards: work the unit supports, work its groups do together, and of a group each
duty with who has reported and who is silent. Pure but for `list_support`, one query for all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select

from app.models import Assignment, Responsibility, Unit, UnitGroupMember
from app.models.base import table
from app.services.cards import usual_due
from app.services.deadlines import is_overdue
from app.services.states import LEFT_OUT, SENT_ASSIGNMENTS
from app.work import Work

assignments, given, units = table(Assignment), table(Responsibility), table(Unit)
members = table(UnitGroupMember)


@dataclass(frozen=True, slots=True)
class MemberLane:
    unit_id: UUID
    name: str
    sent: int
    confirmed: int
    total: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Silent:
    """A member that has not reported. `late`: days past its due date, None while it is in time; `own_due`: its due
    date is not that of most members."""

    id: UUID
    unit_id: UUID
    name: str
    state: str
    due_on: date | None
    late: int | None
    own_due: bool


@dataclass(frozen=True, slots=True)
class GroupDuty:
    """One duty of a group in one period: `sent` of `total` members reported, `confirmed` of them were confirmed.
    Completion `any`: one of them is enough. `due_on`: the date most of them have."""

    task_id: UUID
    code: str
    title: str
    completion: str
    period: str | None
    due_on: date | None
    total: int
    sent: int
    confirmed: int
    silent: tuple[Silent, ...]

    @property
    def late(self) -> tuple[Silent, ...]:
        return tuple(one for one in self.silent if one.late)

    @property
    def is_settled(self) -> bool:
        """Nobody is owed a report any more."""
        return not self.silent or (self.completion == "any" and self.confirmed > 0)


@dataclass(frozen=True, slots=True)
class SupportCard:
    """Work the unit cooperates in: who leads it, and how far the lead is. A group that leads has `led` (reported,
    members)."""

    id: UUID
    unit_id: UUID
    unit: str
    task_id: UUID
    code: str
    title: str
    period: str | None
    due_on: date | None
    lead: str
    lead_state: str | None
    led: tuple[int, int] | None


def group_duties(rows: Sequence[Any], group_id: UUID, today: date) -> tuple[GroupDuty, ...]:
    """Of a group's board rows: each duty in the plan's order. Joint work is the group's one row."""
    by_duty: dict[tuple[UUID, UUID | None], list[Any]] = {}
    for row in rows:
        if row.state not in LEFT_OUT:
            by_duty.setdefault((row.task_id, row.period_id), []).append(row)
    return tuple(_duty(same, today) for same in by_duty.values())


def member_lanes(rows: Any, today: date) -> tuple[MemberLane, ...]:
    by_unit: dict[tuple[str, UUID], list[Any]] = {}
    for row in rows:
        by_unit.setdefault((row.unit_name, row.unit_id), []).append(row)
    return tuple(
        MemberLane(
            unit_id=unit_id,
            name=name,
            sent=sum(r.state in SENT_ASSIGNMENTS for r in same),
            confirmed=sum(r.state == "confirmed" for r in same),
            total=len(same),
            overdue=sum(is_overdue(r.state, r.due_on, r.reported_on, today) for r in same),
        )
        for (name, unit_id), same in sorted(by_unit.items())
    )


def list_support(work: Work, rows: Sequence[Any]) -> tuple[SupportCard, ...]:
    """Of the rows a unit supports: with who leads, in one query."""
    if not rows:
        return ()
    by_task: dict[UUID, list[Any]] = {}
    for lead in work.session.execute(_leads(), {"tasks": sorted({row.task_id for row in rows})}):
        by_task.setdefault(lead.task_id, []).append(lead)
    return tuple(support_card(row, by_task.get(row.task_id, [])) for row in rows)


def by_task(cards: Sequence[SupportCard]) -> tuple[tuple[SupportCard, ...], ...]:
    """A task several members of a group support, once in a period."""
    same: dict[tuple[UUID, str | None], list[SupportCard]] = {}
    for card in cards:
        same.setdefault((card.task_id, card.period), []).append(card)
    return tuple(tuple(one) for one in same.values())


def groups_today() -> Any:
    """Groups the unit `:unit` belongs to on the day `:today`."""
    return select(members.c.group_id).where(
        members.c.unit_id == bindparam("unit"),
        members.c.valid_from <= bindparam("today"),
        or_(members.c.valid_to.is_(None), members.c.valid_to >= bindparam("today")),
    )


@cache
def _leads() -> Select[Any]:
    """Each row of who leads these tasks; a lead without any row yet is there once, without state."""
    return (
        select(given.c.task_id, units.c.name, assignments.c.period_id, assignments.c.state)
        .select_from(given)
        .join(units, units.c.id == given.c.unit_id)
        .outerjoin(assignments, assignments.c.responsibility_id == given.c.id)
        .where(given.c.task_id.in_(bindparam("tasks", expanding=True)))
        .where(given.c.role == "lead", given.c.ended_on.is_(None))
        .order_by(assignments.c.id)
    )


def support_card(row: Any, leads: Sequence[Any]) -> SupportCard:
    states = [lead.state for lead in leads if lead.state and lead.period_id == row.period_id]
    counted = [state for state in states if state not in LEFT_OUT]
    return SupportCard(
        id=row.id,
        unit_id=row.unit_id,
        unit=row.unit_name,
        task_id=row.task_id,
        code=row.code,
        title=row.title,
        period=row.period_name,
        due_on=row.due_on,
        lead=leads[0].name if leads else "",
        lead_state=states[0] if len(states) == 1 else None,
        led=(sum(s in SENT_ASSIGNMENTS for s in counted), len(counted)) if len(states) > 1 else None,
    )


def _duty(rows: Sequence[Any], today: date) -> GroupDuty:
    first, due_on = rows[0], usual_due(rows)
    return GroupDuty(
        task_id=first.task_id,
        code=first.code,
        title=first.title,
        completion=first.completion,
        period=first.period_name,
        due_on=due_on,
        total=len(rows),
        sent=sum(row.state in SENT_ASSIGNMENTS for row in rows),
        confirmed=sum(row.state == "confirmed" for row in rows),
        silent=tuple(_silent(row, due_on, today) for row in rows if row.state not in SENT_ASSIGNMENTS),
    )


def _silent(row: Any, usual: date | None, today: date) -> Silent:
    is_late = is_overdue(row.state, row.due_on, row.reported_on, today)
    return Silent(
        id=row.id,
        unit_id=row.unit_id,
        name=row.unit_name,
        state=row.state,
        due_on=row.due_on,
        late=(today - row.due_on).days if is_late else None,
        own_due=row.due_on != usual,
    )
