"""Where values lie on an axis, and which of them are joined. Pure.

A stroke joins two neighbours that both have a value: a gap stays a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_ROOM = Decimal("0.08")
_TICKS = 4
_ZERO, _WHOLE = Decimal(0), Decimal(100)


@dataclass(frozen=True, slots=True)
class Stroke:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from the lowest to the highest tick, as pixels from the top."""

    ticks: tuple[Decimal, ...]
    top: float
    bottom: float

    def at(self, value: Decimal) -> float:
        return between(value, self.ticks[0], self.ticks[-1], self.bottom, self.top)

    def height(self, value: Decimal | None) -> float | None:
        return None if value is None else self.at(value)


def scale_of(values: Sequence[Decimal], measure: str, top: float, bottom: float) -> Scale:
    """Round ticks around all values. A share stays within 0 to 100 where its values do; a level goes by whole steps."""
    low, high = min(values), max(values)
    room = (high - low) * _ROOM or max(abs(high) * _ROOM, Decimal(1))
    least = Decimal(1) if measure == "level" else _ZERO
    step = max(_round_step((high - low + 2 * room) / _TICKS), least)
    first = ((low - room) / step).to_integral_value(ROUND_FLOOR) * step
    last = ((high + room) / step).to_integral_value(ROUND_CEILING) * step
    if low >= _ZERO:
        first = max(first, _ZERO)
    if measure == "percent" and high <= _WHOLE:
        last = min(last, _WHOLE)
    ticks = [first + step * index for index in range(int((last - first) / step) + 1)]
    return Scale((*ticks, last) if ticks[-1] < last else tuple(ticks), top, bottom)


def strokes_between(
    places: Sequence[float], heights: Sequence[float | None], measure: str
) -> tuple[Stroke, ...]:
    """A level rises in a step: there is nothing between two levels."""
    strokes: list[Stroke] = []
    for index in range(len(places) - 1):
        before, after = heights[index], heights[index + 1]
        x1, x2 = places[index], places[index + 1]
        if before is None or after is None:
            continue
        if measure == "level" and before != after:
            strokes += [Stroke(x1, before, x2, before), Stroke(x2, before, x2, after)]
        else:
            strokes.append(Stroke(x1, before, x2, after))
    return tuple(strokes)


def between(value: Decimal, low: Decimal, high: Decimal, at_low: float, at_high: float) -> float:
    """Where `value` lies from `low` to `high`, one decimal; in the middle where these are one."""
    if low == high:
        return (at_low + at_high) / 2
    return round(at_low + float((value - low) / (high - low)) * (at_high - at_low), 1)


def _round_step(rough: Decimal) -> Decimal:
    """The nearest of 1, 2, 2.5, 5, 10 times a power of ten that is not smaller."""
    power = Decimal(1).scaleb(rough.adjusted())
    return next(step * power for step in _STEPS if step * power >= rough)
