"""The board of one organisation: a read model of two queries, none per card."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.models import Assignment, Ledger, Period, Plan, Responsibility, Task, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find
from app.services.board_figures import BoardFigure, build_figures
from app.services.deadlines import is_due_soon, is_overdue
from app.services.lanes import is_current
from app.work import Work

assignments, tasks, units, periods = columns(Assignment), columns(Task), columns(Unit), columns(Period)
given, plans, ledgers = columns(Responsibility), columns(Plan), columns(Ledger)

DONE = ("confirmed",)
SENT = ("reported", "confirmed")
_URGENCY = {"returned": 0, "assigned": 2, "acknowledged": 3, "in_progress": 3, "reported": 5, "confirmed": 6}


@dataclass(frozen=True, slots=True)
class Card:
    """One task on a board; for a group one card per task, with (members done, members)."""

    id: UUID
    href: str
    code: str
    title: str
    role: str
    mode: str
    state: str
    period: str | None
    due_on: date | None
    days_late: int | None
    overdue: bool
    due_soon: bool
    note: str
    members: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class MemberLane:
    unit_id: UUID
    name: str
    sent: int
    confirmed: int
    total: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Board:
    unit: Unit
    plans: tuple[tuple[UUID, str], ...]
    cards: tuple[Card, ...]
    counts: dict[str, int]
    overdue: int
    due_soon: int
    figures: tuple[BoardFigure, ...]
    members: tuple[MemberLane, ...] = ()


# Reads


def get_board_unit(work: Work, unit_id: UUID) -> tuple[Unit, int]:
    """The unit and the number of its locality's last event (what a kept page is keyed by)."""
    statement = (
        select(units, func.coalesce(ledgers.number, 0))
        .outerjoin(ledgers, ledgers.locality_id == units.locality_id)
        .where(units.id == unit_id)
    )
    found = work.session.execute(statement).first()
    if found is None:
        find(work, Unit, unit_id)  # says 401 or 404
        raise AssertionError
    unit, number = found
    work.require(Permission.ASSIGNMENT_READ, unit.locality_id, unit.id)
    return unit, number


def build_board(
    work: Work, unit: Unit, *, plan_id: UUID | None = None, period: str | None = None, shown: str = ""
) -> Board:
    """Everything the board page of `unit` (from get_board_unit) shows: current rows (those of open periods and
    those without one) or, given a label, that period's. `shown` narrows the cards, never the counts."""
    rows = work.session.execute(_rows_of(unit, plan_id, period)).all()
    cards = _group_cards(rows, work.today) if unit.is_group else [_card(r, work.today) for r in rows]
    counts = Counter(r.state for r in rows)
    late = sum(is_overdue(r.state, r.due_on, r.reported_on, work.today) for r in rows)
    soon = sum(is_due_soon(r.state, r.due_on, work.today) for r in rows)
    return Board(
        unit=unit,
        plans=tuple(dict.fromkeys((r.plan_id, r.plan_title) for r in rows)),
        cards=tuple(sorted(filter(_narrowed(shown), cards), key=_urgency)),
        counts=dict(counts),
        overdue=late,
        due_soon=soon,
        figures=() if unit.is_group else build_figures(work, unit),
        members=_member_lanes(rows, work.today) if unit.is_group else (),
    )


def get_card(work: Work, assignment_id: UUID) -> Card:
    """The card of one row the actor may see."""
    row = find(work, Assignment, assignment_id)
    unit = work.get(Unit, row.unit_id)
    found = work.session.execute(_cards(assignments.id == assignment_id, unit.locality_id)).one()
    return _card(found, work.today)


def _rows_of(unit: Unit, plan_id: UUID | None, period: str | None) -> Any:
    mine = assignments.group_id == unit.id if unit.is_group else assignments.unit_id == unit.id
    if unit.is_group:
        mine = or_(mine, assignments.unit_id == unit.id)  # joint rows are the group's own
    statement = _cards(mine, unit.locality_id).where(is_current(period))
    return statement if plan_id is None else statement.where(assignments.plan_id == plan_id)


def _cards(wanted: Any, locality_id: UUID) -> Any:
    return (
        select(
            assignments.id,
            assignments.unit_id,
            assignments.task_id,
            assignments.plan_id,
            plans.title.label("plan_title"),
            units.name.label("unit_name"),
            tasks.code,
            tasks.title,
            given.role,
            given.mode,
            assignments.state,
            assignments.state_reason,
            assignments.blocked_reason,
            periods.label.label("period"),
            assignments.due_on,
            assignments.reported_on,
        )
        .join(tasks, tasks.id == assignments.task_id)
        .join(plans, plans.id == assignments.plan_id)
        .join(units, units.id == assignments.unit_id)
        .join(given, given.id == assignments.responsibility_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.locality_id == locality_id, wanted)
        .order_by(tasks.ordinal, units.name, assignments.id)
    )


def _card(row: Any, today: date) -> Card:
    is_open = row.state not in ("confirmed", "waived", "cancelled", "not_needed", "waiting", "reported")
    return Card(
        id=row.id,
        href=f"/viec/{row.id}",
        code=row.code,
        title=row.title,
        role=row.role,
        mode=row.mode,
        state=row.state,
        period=row.period,
        due_on=row.due_on,
        days_late=(today - row.due_on).days if row.due_on and is_open else None,
        overdue=is_overdue(row.state, row.due_on, row.reported_on, today),
        due_soon=is_due_soon(row.state, row.due_on, today),
        note=row.blocked_reason or (row.state_reason if row.state == "returned" else "") or "",
    )


def _group_cards(rows: Any, today: date) -> list[Card]:
    """One card per task: its members' rows folded, in the least advanced of their states."""
    by_task: dict[tuple[UUID, str | None], list[Any]] = {}
    for row in rows:
        by_task.setdefault((row.task_id, row.period), []).append(row)
    return [_folded(same, today) for same in by_task.values()]


def _folded(rows: list[Any], today: date) -> Card:
    one = _card(min(rows, key=lambda r: _URGENCY.get(r.state, 9)), today)
    sent = sum(r.state in SENT for r in rows)
    return Card(
        id=rows[0].task_id,
        href=f"/nhiem-vu/{rows[0].task_id}",
        code=one.code,
        title=one.title,
        role=one.role,
        mode=one.mode,
        state=one.state,
        period=one.period,
        due_on=one.due_on,
        days_late=one.days_late,
        overdue=any(is_overdue(r.state, r.due_on, r.reported_on, today) for r in rows),
        due_soon=one.due_soon,
        note="",
        members=(sent, len(rows)),
    )


def _narrowed(shown: str) -> Any:
    """Which cards a filter keeps: "qua-han", "sap-den-han", or a state."""
    if shown == "qua-han":
        return lambda card: card.overdue
    if shown == "sap-den-han":
        return lambda card: card.due_soon
    return lambda card: not shown or card.state == shown


def _urgency(card: Card) -> tuple[int, int, date, str]:
    """Overdue first, then returned, due soon, by state, then by due date and code."""
    rank = 1 if card.overdue else _URGENCY.get(card.state, 9)
    return (0 if card.overdue else 1, rank, card.due_on or date.max, card.code)


def _member_lanes(rows: Any, today: date) -> tuple[MemberLane, ...]:
    by_unit: dict[tuple[str, UUID], list[Any]] = {}
    for row in rows:
        by_unit.setdefault((row.unit_name, row.unit_id), []).append(row)
    return tuple(
        MemberLane(
            unit_id=unit_id,
            name=name,
            sent=sum(r.state in SENT for r in same),
            confirmed=sum(r.state in DONE for r in same),
            total=len(same),
            overdue=sum(is_overdue(r.state, r.due_on, r.reported_on, today) for r in same),
        )
        for (name, unit_id), same in sorted(by_unit.items())
    )
