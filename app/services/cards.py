"""The cards of a board: one row of work, or of a group one task with its members' rows folded into it. Pure: rows come
in from board.py as they stand, from as_of_board.py as they stood on an evening."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.services.deadlines import is_due_soon, is_overdue
from app.services.states import LEFT_OUT, SENT_ASSIGNMENTS, sent_back
from app.text import format_date

# What counts of a task that is not each member's: k of n would say that most of the work is missing.
_TOGETHER = {"any": "Một đơn vị xong là đủ", "joint": "Làm chung, một báo cáo cho cả nhóm"}
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
    unit: str = ""
    first_due_on: date | None = None
    extended: int = 0


def card_of(row: Any, today: date) -> Card:
    is_open = row.state not in ("confirmed", "reported", *LEFT_OUT)
    return Card(
        id=row.id,
        href=f"/viec/{row.id}",
        code=row.code,
        title=row.title,
        role=row.role,
        mode=row.mode,
        state=row.state,
        period=row.period_name,
        due_on=row.due_on,
        days_late=(today - row.due_on).days if row.due_on and is_open else None,
        overdue=is_overdue(row.state, row.due_on, row.reported_on, today),
        due_soon=is_due_soon(row.state, row.due_on, today),
        note=row.blocked_reason or _asked_again(row),
        first_due_on=row.first_due_on,
        extended=row.extended,
    )


def _asked_again(row: Any) -> str:
    back = sent_back(row.state, row.state_reason)
    return f"Văn phòng mở lại: {row.state_reason}" if back == "reopened" else row.state_reason if back else ""


def group_cards(rows: Any, today: date) -> list[Card]:
    """One card per task: its members' rows folded, in the least advanced of their states."""
    by_task: dict[tuple[UUID, str | None], list[Any]] = {}
    for row in rows:
        by_task.setdefault((row.task_id, row.period), []).append(row)
    return [_folded(same, today) for same in by_task.values()]


def usual_due(rows: Iterable[Any]) -> date | None:
    """The due date most members have, the earliest of several; those with another are named beside it."""
    counted = Counter(row.due_on for row in rows if row.due_on)
    return min(counted, key=lambda day: (-counted[day], day), default=None)


def _folded(rows: list[Any], today: date) -> Card:
    one = card_of(min(rows, key=lambda r: _URGENCY.get(r.state, 9)), today)
    due_on = usual_due([r for r in rows if r.state not in LEFT_OUT] or rows)
    still = [r for r in rows if r.state not in (*SENT_ASSIGNMENTS, *LEFT_OUT)]
    differing = [r for r in still if r.due_on != due_on]
    together = _TOGETHER.get(rows[0].completion, "")
    sent = sum(r.state in SENT_ASSIGNMENTS for r in rows)
    return Card(
        id=rows[0].task_id,
        href=f"/nhiem-vu/{rows[0].task_id}",
        code=one.code,
        title=one.title,
        role=one.role,
        mode=one.mode,
        state=one.state,
        period=one.period,
        due_on=due_on,
        days_late=(today - due_on).days if due_on and len(differing) < len(still) else None,
        overdue=any(is_overdue(r.state, r.due_on, r.reported_on, today) for r in rows),
        due_soon=any(is_due_soon(r.state, r.due_on, today) for r in rows),
        note=" · ".join(filter(None, (together, _other_dates(differing)))),
        members=(sent, len(rows)) if rows[0].completion == "each" else None,
    )


def _other_dates(rows: Sequence[Any]) -> str:
    """Members that have still to report, by another day than most."""
    if not rows:
        return ""
    if len(rows) == 1:
        day = rows[0].due_on
        return f"{rows[0].unit_name} hạn {format_date(day)}" if day else f"{rows[0].unit_name} chưa có hạn"
    days = [row.due_on for row in rows if row.due_on]
    earliest = f", sớm nhất {format_date(min(days))}" if days else ""
    return f"{len(rows)} đơn vị có hạn khác{earliest}"


def narrowed(shown: str) -> Any:
    """Which cards a filter keeps: "qua-han", "sap-den-han", or a state."""
    if shown == "qua-han":
        return lambda card: card.overdue
    if shown == "sap-den-han":
        return lambda card: card.due_soon
    return lambda card: not shown or card.state == shown


def urgency(card: Card) -> tuple[int, int, date, str]:
    """Overdue first, then returned, due soon, by state, then by due date and code."""
    by_state = _URGENCY.get(card.state, 9)
    rank = 0 if card.overdue else 1 if card.state == "returned" else 2 if card.due_soon else 3
    return (rank, by_state if rank == 3 else 0, card.due_on or date.max, card.code)
