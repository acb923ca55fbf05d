"""The figures strip of a board: what the unit last sent, read by the definition it was sent under (decision 0029),
beside the target of this year."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from textwrap import shorten
from typing import Any

from app.services.definition import Aim, definition_in
from app.services.standing import UNSAID, goal_of_year, show_aim, show_figure, standing_of
from app.services.submission_list import COUNTED, figure_in

MOST_LETTERS = 160


@dataclass(frozen=True, slots=True)
class BoardFigure:
    """`share` and `goal` are places on a scale of 0 to 1 (percentages only); `standing` "" says nothing."""

    href: str
    name: str
    value: str
    target: str
    share: Decimal | None
    goal: Decimal | None
    note: str
    standing: str


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
    row = next((r for r in (*rows, *earlier) if r.sent_number), rows[0])
    how = definition_in(json.loads(row.read_by)) if row.read_by else row
    aims = how.goals if row.read_by else _aims(rows if row in rows else earlier)
    measured_by = goal_of_year(aims, row.ends_on.year)
    goal = goal_of_year(_aims(rows), year)
    figure = figure_in(row)
    counts = figure if row.sent_number and row.state in COUNTED else None
    standing = standing_of(counts, measured_by, direction=how.direction, year=row.ends_on.year)
    is_share = how.measure == "percent" and how.direction != "down"
    target, other = show_aim(goal, rows[0]), show_aim(measured_by, how)
    return BoardFigure(
        href=f"/chi-tieu/{rows[0].indicator_id}",
        name=rows[0].name,
        value=shorten(show_figure(figure, how), MOST_LETTERS, placeholder="…")
        if row.sent_number
        else "chưa có",
        target=target,
        share=row.value / 100 if is_share and row.value is not None else None,
        goal=goal.value / 100 if is_share and goal is not None and goal.value is not None else None,
        note="; ".join(
            _notes(rows[0], row, other if standing.state not in UNSAID and other != target else "")
        ),
        standing="" if standing.state in UNSAID else standing.state,
    )


def _aims(rows: Sequence[Any]) -> list[Aim]:
    """Targets as they are now, the nearest horizon first."""
    found = {
        Aim(r.comparator, r.target_value, r.target_value_to, r.horizon): None for r in rows if r.comparator
    }
    return sorted(found, key=lambda aim: aim.horizon or 0)


_WAITING = {
    "expected": "chờ gửi",
    "draft": "đang nhập",
    "sent": "chờ xác nhận",
    "accepted": "đã chấp nhận",
    "returned": "bị trả lại",
    "reopened": "đã mở lại",
    "waived": "không phải báo cáo",
}


def _notes(latest: Any, shown: Any, measured_by: str) -> Iterator[str]:
    """`measured_by`: the target the figure stands against, where the board shows another one beside it."""
    if latest.period == shown.period:
        yield f"{shown.period_name}: {_WAITING[shown.state]}"
    else:
        yield f"Số liệu {shown.period_name}"
        yield f"{latest.period_name}: {_WAITING[latest.state]}"
    if shown.no_data:
        yield f"lý do: {shorten(shown.note, MOST_LETTERS, placeholder='…')}"
    if measured_by:
        yield f"so với mục tiêu của kỳ ấy: {measured_by}"
