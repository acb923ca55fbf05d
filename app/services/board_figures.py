"""The figures strip of a board: what the unit last sent, against the target of this year."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

from app.services.standing import Figure, goal_of_year, show_figure, show_goal, standing_of


@dataclass(frozen=True, slots=True)
class BoardFigure:
    """`share` and `goal` are places on a scale of 0 to 1 (percentages only); `is_met` None says nothing."""

    href: str
    name: str
    value: str
    target: str
    share: Decimal | None
    goal: Decimal | None
    note: str
    is_met: bool | None


@dataclass(slots=True, unsafe_hash=True)
class _Goal:
    comparator: str
    value: Decimal | None
    value_to: Decimal | None
    horizon: int | None


def build_figures(asked: Sequence[Any], year: int) -> tuple[BoardFigure, ...]:
    """One per indicator the unit reports. `asked` (board.py): each figure asked of it, by indicator in the plan's
    order, newest period first, once for each target. One that goes on from another takes its figures over."""
    by_indicator = {key: tuple(rows) for key, rows in groupby(asked, key=lambda row: row.indicator_id)}
    gone_on = {rows[0].previous_id for rows in by_indicator.values()}
    return tuple(
        _figure(rows, by_indicator.get(rows[0].previous_id, ()), year)
        for key, rows in by_indicator.items()
        if key not in gone_on
    )


@lru_cache(maxsize=8192)
def _figure(rows: tuple[Any, ...], earlier: tuple[Any, ...], year: int) -> BoardFigure:
    """The newest figure that was sent, if need be for the indicator before; while none was, the newest row says what
    is waited for. Worked out once for the same rows: of a board's figures few change at a time."""
    row = next((r for r in (*rows, *earlier) if _was_sent(r)), rows[0])
    goals = {_Goal(r.comparator, r.target_value, r.target_value_to, r.horizon) for r in rows if r.comparator}
    goal = goal_of_year(sorted(goals, key=lambda g: g.horizon or 0), year)
    figure = Figure(row.value, row.numerator, row.denominator, row.level, row.flag, row.note)
    standing = standing_of(figure if _was_sent(row) else None, goal, direction=row.direction, year=year)
    is_share = row.measure == "percent" and row.direction != "down"
    return BoardFigure(
        href=f"/chi-tieu/{rows[0].indicator_id}",
        name=rows[0].name,
        value=show_figure(figure, row) if _was_sent(row) else "chưa có",
        target=_target_text(goal, row),
        share=row.value / 100 if is_share and row.value is not None else None,
        goal=goal.value / 100 if is_share and goal is not None and goal.value is not None else None,
        note=_note(rows[0], row),
        is_met=None if standing.state == "no_data" else standing.state == "met",
    )


def _was_sent(row: Any) -> bool:
    return row.value is not None or row.level is not None or row.flag is not None


def _target_text(goal: _Goal | None, row: Any) -> str:
    if goal is None:
        return ""
    until = f" đến {goal.horizon}" if goal.horizon else ""
    return show_goal(goal, row) + until


_WAITING = {
    "expected": "chờ gửi",
    "draft": "đang nhập",
    "sent": "chờ xác nhận",
    "accepted": "đã chấp nhận",
    "returned": "bị trả lại",
    "reopened": "đã mở lại",
    "waived": "không phải báo cáo",
}


def _note(latest: Any, shown: Any) -> str:
    if latest.period == shown.period:
        return f"{shown.period_name}: {_WAITING[shown.state]}"
    return f"Số liệu {shown.period_name}; {latest.period_name}: {_WAITING[latest.state]}"
