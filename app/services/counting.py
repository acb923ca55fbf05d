"""The two streams of counts. Pure: no database, no clock.

Dated rows get the four-way count of the Government Office; rows of a period are accepted ÷ expected. Rows that do
not apply, are not needed, cancelled or not yet active leave both and are counted apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.services.deadlines import is_overdue, was_late
from app.services.states import LEFT_OUT


@dataclass(frozen=True, slots=True)
class FourWay:
    """Dated rows. `without_due`: those of `open_in_time` that have no due date yet."""

    done_on_time: int = 0
    done_late: int = 0
    open_in_time: int = 0
    open_overdue: int = 0
    without_due: int = 0
    left_out: int = 0

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


@dataclass(frozen=True, slots=True)
class PeriodShare:
    """Rows of a period: `accepted` and `reported` (accepted ones included) of `expected`."""

    expected: int = 0
    reported: int = 0
    accepted: int = 0
    left_out: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.reported

    @property
    def rate(self) -> Decimal | None:
        """Accepted ÷ expected, 0 to 1; None where nothing is expected."""
        return Decimal(self.accepted) / self.expected if self.expected else None


def four_way(rows: Iterable[Any], today: date) -> FourWay:
    """Rows carry state, due_on, reported_on, done_on, and `n`: how many there are of them."""
    counts = dict.fromkeys(FourWay.__slots__, 0)
    for row in rows:
        for name in _places(row, today):
            counts[name] += row.n
    return FourWay(**counts)


def period_share(rows: Iterable[Any]) -> PeriodShare:
    """Rows carry state and `n`."""
    expected = reported = accepted = left_out = 0
    for row in rows:
        if row.state in LEFT_OUT:
            left_out += row.n
            continue
        expected += row.n
        reported += row.n if row.state in ("reported", "confirmed") else 0
        accepted += row.n if row.state == "confirmed" else 0
    return PeriodShare(expected, reported, accepted, left_out)


def _places(row: Any, today: date) -> tuple[str, ...]:
    if row.state in LEFT_OUT:
        return ("left_out",)
    if row.state == "confirmed":
        return ("done_late",) if was_late(row.due_on, row.done_on) else ("done_on_time",)
    if is_overdue(row.state, row.due_on, row.reported_on, today):
        return ("open_overdue",)
    return ("open_in_time",) if row.due_on else ("open_in_time", "without_due")
