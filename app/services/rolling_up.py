"""Several figures as one, by the rule the indicator declares and by no other. Pure: no database, no clock.

Missing figures are no zeros: they lower `reported`, never the value. A ratio is made of parts alone, Σ numerators ÷
Σ denominators; one figure without its parts leaves the whole without a value, since a ratio of ratios says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.services.standing import ZERO, Figure, percentage, quotient, total


@dataclass(frozen=True, slots=True)
class RollUp:
    """`reported` of `expected` figures as one; no value where the rule gives none. `met`: how many of the reported
    ones reach the target, where the rule counts that."""

    reported: int
    expected: int
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    met: int | None = None

    @property
    def figure(self) -> Figure | None:
        return None if self.value is None else Figure(self.value, self.numerator, self.denominator)


def roll_up(
    rule: str, measure: str, figures: Sequence[Figure | None], met: Sequence[bool] | None = None
) -> RollUp:
    """Over units, or over periods that share no day. None is a figure that is missing, left out of everything but
    `expected`. `met`: beside each figure, whether it reaches its target."""
    reported = [figure for figure in figures if figure is not None and not figure.no_data]
    counts = RollUp(len(reported), len(figures))
    if not reported:
        return counts
    if rule == "ratio":
        return _ratio(measure, reported, counts)
    if rule == "sum":
        return _sum(reported, counts)
    if rule == "met" and met is not None:
        return RollUp(counts.reported, counts.expected, met=sum(met))
    return counts


def last_of(figures: Sequence[Figure | None]) -> Figure | None:
    """The newest of figures in the order of their periods: the last one that was reported."""
    said = (figure for figure in reversed(figures) if figure is not None and not figure.no_data)
    return next(said, None)


def _ratio(measure: str, reported: Sequence[Figure], counts: RollUp) -> RollUp:
    parts = [
        (figure.numerator, figure.denominator)
        for figure in reported
        if figure.numerator is not None and figure.denominator is not None
    ]
    denominator = total(below for _, below in parts)
    if len(parts) < len(reported) or denominator == ZERO:
        return counts
    numerator = total(above for above, _ in parts)
    divide = percentage if measure == "percent" else quotient
    return RollUp(counts.reported, counts.expected, divide(numerator, denominator), numerator, denominator)


def _sum(reported: Sequence[Figure], counts: RollUp) -> RollUp:
    values = [figure.value for figure in reported if figure.value is not None]
    if len(values) < len(reported):
        return counts
    return RollUp(counts.reported, counts.expected, total(values))
