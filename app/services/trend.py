"""Whether figures get nearer to what is wanted or further from it. Pure: no database, no clock.

Two figures are compared only where that says something: of the same kind of period and scale, made of the same units,
and, where an amount is counted from the beginning of the year, of the same year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from app.services.definition import AMOUNTS, Definition
from app.services.standing import ZERO, Figure, Standing, goal_of_year


class Told(Protocol):
    """A unit's figure in a period."""

    @property
    def unit_id(self) -> UUID: ...
    @property
    def figure(self) -> Figure | None: ...


class Period(Protocol):
    """All units of a period as one figure (services.figures.PeriodFigures)."""

    @property
    def name(self) -> str: ...
    @property
    def cycle(self) -> str: ...
    @property
    def ends_on(self) -> date: ...
    @property
    def how(self) -> Definition: ...
    @property
    def cells(self) -> Sequence[Told]: ...
    @property
    def figure(self) -> Figure | None: ...
    @property
    def standing(self) -> Standing: ...


@dataclass(frozen=True, slots=True)
class Trend:
    """`kind`: better, worse, same. `change`: the newer figure less the older one, which is of the period `since`."""

    kind: str
    change: Decimal
    since: str


def trend_of(periods: Sequence[Period]) -> Trend | None:
    """Of periods, the newest first; None where no two can be compared."""
    told = [period for period in periods if period.figure is not None and period.figure.number is not None]
    if not told:
        return None
    newest = told[0]
    before = next((period for period in told[1:] if period.cycle == newest.cycle), None)
    if before is None or not _comparable(newest, before):
        return None
    return _trend(newest, before)


def _comparable(newest: Period, before: Period) -> bool:
    counted_up = newest.how.measure in AMOUNTS and newest.how.value_basis == "to_date"
    same_year = newest.ends_on.year == before.ends_on.year
    alike = newest.how.scale == before.how.scale and _units(newest) == _units(before)
    return alike and (same_year or not counted_up)


def _units(period: Period) -> set[UUID]:
    return {cell.unit_id for cell in period.cells if cell.figure is not None and not cell.figure.no_data}


def _trend(newest: Period, before: Period) -> Trend | None:
    new, old = _number(newest), _number(before)
    change = new - old
    if change == ZERO:
        return Trend("same", ZERO, before.name)
    goal = goal_of_year(newest.how.goals, newest.ends_on.year)
    comparator = goal.comparator if goal else ""
    if comparator == "between" or (newest.how.direction == "keep" and comparator not in ("lt", "lte")):
        nearer = _nearer(newest, before)
        return None if nearer is None else Trend(nearer, change, before.name)
    falls_well = newest.how.direction == "down" or comparator in ("lt", "lte")
    return Trend("better" if (change < ZERO) == falls_well else "worse", change, before.name)


def _nearer(newest: Period, before: Period) -> str | None:
    """What is to be kept, or to lie between two values, is judged by its distance alone."""
    now, then = newest.standing.distance, before.standing.distance
    if now is None or then is None:
        return None
    return "same" if now == then else "better" if now < then else "worse"


def _number(period: Period) -> Decimal:
    number = period.figure.number if period.figure else None
    assert number is not None
    return number
