"""A figure, and where it stands against its target. Pure: no database, no clock.

A standing is met, not_yet, no_mark, off, no_goal or no_data. `no_mark`: not reached, and the document sets no mark for
this year, only for a later one, so nothing says whether that is late. `off` is worse than `not_yet`: the horizon is
over, or what was to be kept is not kept. The distance is in the figure's own unit (percentage points for a percentage),
never a made-up percentage of the target; lower-is-better targets are measured from above. No line is drawn to the
horizon.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import reduce
from typing import Protocol, TypeVar

from app.text import format_number

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_PLACES = Decimal("0.00000001")  # as many as a figure is stored with
# A figure has up to 28 digits, which is all that Python's own context keeps: sums and products need more.
_EXACT = Context(prec=100, rounding=ROUND_HALF_UP)
# States that say nothing of a target.
UNSAID = ("no_data", "no_goal")
_COMPARATOR_WORDS = {
    "gt": "trên {value}",
    "gte": "ít nhất {value}",
    "lt": "dưới {value}",
    "lte": "không quá {value}",
    "reach": "đạt {value}",
    "between": "từ {value} đến {value_to}",
    "achieve": "đạt yêu cầu",
    "maintain": "duy trì {value}",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What one unit reported: exactly the parts its measure asks for; with `no_data` none, and `note` says why."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    level: int | None = None
    flag: bool | None = None
    note: str | None = None
    no_data: bool = False

    @property
    def number(self) -> Decimal | None:
        """What is compared with a target: the value or the level; a yes is 1, a no is 0."""
        if self.value is not None:
            return self.value
        if self.level is not None:
            return Decimal(self.level)
        return None if self.flag is None else Decimal(int(self.flag))


class Goal(Protocol):
    """What is to be reached: a Target row, or anything with its fields."""

    @property
    def comparator(self) -> str: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def value_to(self) -> Decimal | None: ...
    @property
    def horizon(self) -> int | None: ...


G = TypeVar("G", bound=Goal)


class Measured(Protocol):
    """How a figure is written: an Indicator row, or anything with its fields."""

    @property
    def measure(self) -> str: ...
    @property
    def unit_label(self) -> str | None: ...
    @property
    def decimals(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """`distance`: what is still to go, 0 when met, None where it cannot be measured."""

    state: str
    distance: Decimal | None = None


def percentage(numerator: Decimal, denominator: Decimal) -> Decimal:
    return quotient(_EXACT.multiply(numerator, HUNDRED), denominator)


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal:
    return _EXACT.quantize(_EXACT.divide(numerator, denominator), _PLACES)


def total(values: Iterable[Decimal]) -> Decimal:
    """Exact, whatever their size."""
    return reduce(_EXACT.add, values, ZERO)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """For the eye only."""
    return _EXACT.quantize(value, Decimal(1).scaleb(-decimals))


def standing_of(figure: Figure | None, goal: Goal | None, *, direction: str, year: int) -> Standing:
    """Where a figure of `year` stands: no_data without one, no_goal where there is nothing to measure it by, as with
    words."""
    if figure is None or figure.no_data:
        return Standing("no_data")
    distance = None if goal is None else _distance(figure, goal, direction)
    if goal is None or distance is None:
        return Standing("no_goal")
    if distance < ZERO or (distance == ZERO and goal.comparator not in ("gt", "lt")):
        return Standing("met", ZERO)
    if direction == "keep" or goal.comparator == "maintain" or (goal.horizon or year) < year:
        return Standing("off", distance)
    return Standing("not_yet" if (goal.horizon or year) == year else "no_mark", distance)


def goal_of_year(goals: Sequence[G], year: int) -> G | None:
    """The target in force in `year`: the nearest horizon still to come, else one without a year, else the last."""
    dated = sorted((goal for goal in goals if goal.horizon is not None), key=lambda goal: goal.horizon or 0)
    ahead = [goal for goal in dated if goal.horizon is not None and goal.horizon >= year]
    undated = [goal for goal in goals if goal.horizon is None]
    return next(iter([*ahead, *undated, *reversed(dated)]), None)


def typed_numbers(figure: Figure) -> dict[str, str]:
    """Its numbers the way they would be typed, by part; a share worked out of two of them is left out."""
    parts = {
        "value": figure.value if figure.numerator is None else None,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "level": figure.level,
    }
    return {name: format_number(Decimal(part)) for name, part in parts.items() if part is not None}


def show_figure(figure: Figure, how: Measured) -> str:
    """ "92,5% (37/40)", "Mức độ 2", "Đạt", "120 phòng học", "Không có số liệu"."""
    if figure.no_data:
        return "Không có số liệu"
    if figure.flag is not None:
        return "Đạt" if figure.flag else "Chưa đạt"
    if figure.level is not None:
        return f"Mức độ {figure.level}"
    if figure.value is None:
        return figure.note or ""
    shown = show_amount(figure.value, how)
    if figure.numerator is None or figure.denominator is None:
        return shown
    return f"{shown} ({format_number(figure.numerator)}/{format_number(figure.denominator)})"


def show_amount(value: Decimal, how: Measured) -> str:
    """A number with its unit, rounded for the eye only and without trailing zeros."""
    if how.measure == "level":
        return f"mức độ {format_number(value)}"
    number = format_number(rounded(value, how.decimals))
    if how.measure == "percent":
        return f"{number}%"
    return f"{number} {how.unit_label}" if how.unit_label else number


def show_goal(goal: Goal, how: Measured) -> str:
    """ "trên 90%", "từ 40% đến 50%", "đạt yêu cầu"; without its horizon."""
    value = "" if goal.value is None else show_amount(goal.value, how)
    value_to = "" if goal.value_to is None else show_amount(goal.value_to, how)
    return _COMPARATOR_WORDS[goal.comparator].format(value=value, value_to=value_to).strip()


def show_aim(goal: Goal | None, how: Measured) -> str:
    """The same with its horizon: "trên 90% đến 2030"; nothing where there is none."""
    if goal is None:
        return ""
    return show_goal(goal, how) + (f" đến {goal.horizon}" if goal.horizon else "")


def show_distance(standing: Standing, how: Measured) -> str:
    """ "cách mục tiêu 1,8 điểm %"; nothing when met, or where a yes or no leaves nothing to measure."""
    if not standing.distance or how.measure in ("yes_no", "text"):
        return ""
    number = format_number(rounded(standing.distance, how.decimals))
    unit = {"percent": "điểm %", "level": "mức"}.get(how.measure, how.unit_label or "")
    return f"cách mục tiêu {number} {unit}".rstrip()


def _distance(figure: Figure, goal: Goal, direction: str) -> Decimal | None:
    """How far the figure is from the target: positive = still to go, negative = beyond it, None = cannot be said."""
    if goal.value is None:
        # "Đạt yêu cầu", "duy trì": only a yes or a no can be read.
        return None if figure.flag is None else ONE - int(figure.flag)
    number = figure.number
    if number is None:
        return None
    if goal.comparator == "between":
        return max(goal.value - number, number - (goal.value_to or goal.value))
    if goal.comparator in ("lt", "lte"):
        return number - goal.value
    if goal.comparator in ("gt", "gte") or direction != "down":
        return goal.value - number
    return number - goal.value
