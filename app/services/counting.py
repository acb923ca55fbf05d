"""The two streams of counts. Pure: no database, no clock.

Dated rows get the four-way count of the Government Office; rows of a period are accepted ÷ expected. Rows that do
not apply, are not needed, cancelled or not yet active leave both and are counted apart, each by its state; those of
who cooperates count nowhere, since the lead's row does.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.services.deadlines import is_overdue, was_late
from app.services.states import LEFT_OUT, NOT_COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Rows that leave the counts, by state."""

    waived: int = 0
    not_needed: int = 0
    cancelled: int = 0
    waiting: int = 0
    supporting: int = 0

    @property
    def left_out(self) -> int:
        """Without those who cooperate."""
        return sum(self.left_out_by_state.values())

    @property
    def left_out_by_state(self) -> dict[str, int]:
        return {state: getattr(self, state) for state in NOT_COUNTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class FourWay(Aside):
    """Dated rows. `without_due`: those of `open_in_time` that have no due date yet."""

    done_on_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_overdue: int = 0
    without_due: int = 0

    @property
    def done(self) -> int:
        return self.done_on_time + self.done_late

    @property
    def total(self) -> int:
        return self.done + self.open_in_time + self.open_overdue

    @property
    def rate(self) -> Decimal | None:
        """Done ÷ (done + overdue), 0 to 1; None while nothing is done or overdue."""
        measured = self.done + self.open_overdue
        return Decimal(self.done) / measured if measured else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodShare(Aside):
    """Rows of a period: `accepted` and `reported` (accepted ones included) of `expected`."""

    expected: int = 0
    reported: int = 0
    accepted: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.reported

    @property
    def rate(self) -> Decimal | None:
        """Accepted ÷ expected, 0 to 1; None where nothing is expected."""
        return Decimal(self.accepted) / self.expected if self.expected else None


def four_way(rows: Iterable[Any], today: date) -> FourWay:
    """Rows carry state, due_on, reported_on, done_on, and `n`: how many there are of them."""
    counts: Counter[str] = Counter()
    for row in rows:
        for name in _places(row, today):
            counts[name] += row.n
    return FourWay(**counts)


def period_share(rows: Iterable[Any]) -> PeriodShare:
    """Rows carry state and `n`."""
    of: Counter[str] = Counter()
    for row in rows:
        of[row.state] += row.n
    return PeriodShare(
        expected=sum(n for state, n in of.items() if state not in LEFT_OUT),
        reported=of["reported"] + of["confirmed"],
        accepted=of["confirmed"],
        **{state: of[state] for state in LEFT_OUT},
    )


def _places(row: Any, today: date) -> tuple[str, ...]:
    if row.state in LEFT_OUT:
        return (row.state,)
    if row.state == "confirmed":
        return ("done_late",) if was_late(row.due_on, row.done_on) else ("done_on_time",)
    if is_overdue(row.state, row.due_on, row.reported_on, today):
        return ("open_overdue",)
    return ("open_in_time",) if row.due_on else ("open_in_time", "without_due")
