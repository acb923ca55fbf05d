"""A figure as cells of a line: what every table of figures that leaves as a file has in common.

Exact numbers that look as declared, numerator and denominator beside a share, the day the figure runs to, n of N. What
is missing is empty.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.documents.spreadsheet import Amount, Cell
from app.permissions import Permission
from app.services.definition import Definition
from app.services.figures import Cell as Told
from app.services.figures import PeriodFigures
from app.services.roll_up import Rolled
from app.services.rolling_up import RollUp
from app.text import format_date
from app.web.labels import label
from app.work import Work

Heads = tuple[tuple[str, int], ...]

INDICATOR: Heads = (("Mã", 10), ("Chỉ tiêu", 50))
UNIT: Heads = (("Đơn vị", 40),)
PERIOD: Heads = (("Kỳ", 16), ("Số liệu đến ngày", 14))
FIGURE: Heads = (
    ("Số liệu", 14),
    ("Tử số", 12),
    ("Mẫu số", 12),
    ("Đơn vị tính", 12),
    ("Ghi bằng lời", 24),
    ("So với mục tiêu", 18),
    ("Khoảng cách", 24),
)
COUNT: Heads = (("Đã gửi", 9), ("Được giao", 9))
STATE: Heads = (("Tình trạng", 18), ("Hạn gửi", 12))
UNITS: Heads = (*UNIT, *PERIOD, *FIGURE, *COUNT, *STATE)


class Span(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def ends_on(self) -> date: ...


def sees_own_alone(work: Work, locality_id: UUID) -> bool:
    """Whether the actor reads one unit's figures, so that every n of N is of that unit."""
    return not work.actor.may(Permission.SUBMISSION_READ, locality_id)


def notes_above(work: Work, locality_id: UUID, *said: str) -> tuple[str, ...]:
    """Lines above a table: `said`, the day it was made, and of whom it tells."""
    made = f"Lập ngày {format_date(work.today)}. Ô trống là chưa có số liệu, không phải bằng 0."
    own = ("Chỉ gồm số liệu của đơn vị người lập.",) if sees_own_alone(work, locality_id) else ()
    return (*(line for line in said if line), made, *own)


def told_of(period: Span) -> str:
    """Above a table of one period: which, and how far its figures run."""
    return f"{period.name}, số liệu đến {format_date(period.ends_on)}"


def of_units(period: PeriodFigures, cells: Sequence[Told]) -> list[list[Cell]]:
    """A line for each unit of a period, and one for all of them together: UNITS."""
    rows = [[one.unit_name, *of_unit(period, one), *nothing(COUNT), *state_of(one)] for one in cells]
    return [*rows, ["Tính chung", *of_period(period), *nothing(STATE)]]


def of_period(period: PeriodFigures) -> list[Cell]:
    """All units of a period together: PERIOD, FIGURE, COUNT."""
    whole = _figure(period)
    if period.figure is None and period.rolled.reported:
        whole = _apart(period.how, period.rolled, "đơn vị", label("standing", "by_unit"))
    return [period.name, period.ends_on, *whole, *counts(period.rolled)]


def of_unit(period: PeriodFigures, told: Told) -> list[Cell]:
    """One unit in a period: PERIOD, FIGURE."""
    return [period.name, period.ends_on, *_figure(told)]


def of_rolled(rolled: Rolled, what: str) -> list[Cell]:
    """Several figures as one: FIGURE, COUNT. `what`: of which there are so many, "kỳ"."""
    whole = _figure(rolled)
    if rolled.figure is None and rolled.counts.reported:
        whole = _apart(rolled.how, rolled.counts, what, None)
    return [*whole, *counts(rolled.counts)]


def counts(rolled: RollUp) -> list[Cell]:
    return [rolled.reported, rolled.expected]


def state_of(told: Told) -> list[Cell]:
    late = " (quá hạn)" if told.overdue else " (gửi muộn)" if told.late else ""
    return [label("submission", told.state) + late, told.due_on]


def nothing(*heads: Heads) -> Sequence[Cell]:
    return [None for some in heads for _ in some]


def _figure(told: Told | PeriodFigures | Rolled) -> list[Cell]:
    """The number, its parts, the unit it is in, in words what is no number; and where it stands."""
    how, figure, gap = told.how, told.figure, told.gap
    standing = label("standing", told.standing.state)
    if figure is None:
        return [None, None, None, _unit_of(how), None, standing, gap]
    number = None if how.measure in ("yes_no", "text") else figure.number
    return [
        _amount(number, 0 if how.measure == "level" else how.decimals),
        _as_typed(figure.numerator),
        _as_typed(figure.denominator),
        _unit_of(how),
        told.shown if number is None else None,
        standing,
        gap,
    ]


def _apart(how: Definition, rolled: RollUp, what: str, standing: str | None) -> list[Cell]:
    """Figures that are not made one: how many of them reach the target, where that is counted."""
    said = None if rolled.met is None else f"{rolled.met}/{rolled.reported} {what} đạt mục tiêu"
    return [None, None, None, _unit_of(how), said, standing, None]


def _unit_of(how: Definition) -> str | None:
    return "%" if how.measure == "percent" else how.unit_label


def _amount(value: Decimal | None, decimals: int) -> Cell:
    return None if value is None else Amount(value, decimals)


def _as_typed(value: Decimal | None) -> Cell:
    """With as many decimals as it has."""
    if value is None:
        return None
    exponent = value.normalize().as_tuple().exponent
    return Amount(value, max(-exponent, 0) if isinstance(exponent, int) else 0)
