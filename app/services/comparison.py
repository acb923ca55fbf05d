"""The units of a period beside each other: who reported what, who said there is nothing, who is silent. A read model.

A silent unit is never a zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from app.models import Indicator, Unit, UnitGroupMember
from app.models.base import columns
from app.services._scope import visible
from app.services.definition import Definition, find_defined
from app.services.figures import Cell, PeriodFigures, latest_of, periods_of, rows_by_indicator
from app.services.standing import HUNDRED, ZERO, Goal, goal_of_year
from app.services.unit_group import lasts_until
from app.work import Work

units, members = columns(Unit), columns(UnitGroupMember)

Order = Literal["name", "value"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A unit that reported. `share`: its length, 0 to 100 of the scale; None where there is nothing to measure."""

    cell: Cell
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`marks`: where the target lies on the scale, both ends of a span. `least_first`: less is better, so that by value
    the smallest stands first."""

    bars: tuple[Bar, ...]
    nothing: tuple[Cell, ...]
    silent: tuple[Cell, ...]
    goal: Goal | None
    marks: tuple[Decimal, ...]
    least_first: bool


@dataclass(frozen=True, slots=True)
class GroupOfUnits:
    id: UUID
    name: str
    members: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """`period`: the figures compared, of `group` alone where one was chosen; None while nobody was asked. `periods`:
    the newest first; `groups`: those with units in the period, on its last day."""

    indicator: Indicator
    periods: tuple[PeriodFigures, ...]
    groups: tuple[GroupOfUnits, ...]
    period: PeriodFigures | None
    group: GroupOfUnits | None
    seen: Comparison | None


def build_comparison(
    work: Work, indicator_id: UUID, *, period: str = "", group: str = "", order: Order = "name"
) -> ComparisonPage:
    """`period` and `group`: ids; one that is not offered means the newest period with figures, and every unit. Three
    statements."""
    indicator, defined = find_defined(work, indicator_id)
    rows = rows_by_indicator(work, [indicator_id]).get(indicator_id, [])
    periods = periods_of(work, defined, rows)
    chosen = next((one for one in periods if str(one.period_id) == period), latest_of(periods))
    if chosen is None:
        return ComparisonPage(indicator, periods, (), None, None, None)
    groups = _groups(work, chosen)
    of = next((one for one in groups if str(one.id) == group), None)
    if of is not None:
        of_group = [row for row in rows if row.period_id == chosen.period_id and row.unit_id in of.members]
        (chosen,) = periods_of(work, defined, of_group)
    return ComparisonPage(indicator, periods, groups, chosen, of, compare(chosen, order))


def _groups(work: Work, period: PeriodFigures) -> tuple[GroupOfUnits, ...]:
    asked = [cell.unit_id for cell in period.cells]
    statement = (
        visible(work, UnitGroupMember, members.group_id, units.name, members.unit_id)
        .join(units, units.id == members.group_id)
        .where(members.unit_id.in_(asked), members.valid_from <= period.ends_on)
        .where(lasts_until(members, period.ends_on))
        .order_by(units.name, members.group_id)
    )
    found: dict[tuple[UUID, str], set[UUID]] = {}
    for group_id, name, unit_id in work.session.execute(statement):
        found.setdefault((group_id, name), set()).add(unit_id)
    return tuple(GroupOfUnits(key, name, frozenset(held)) for (key, name), held in found.items())


def compare(period: PeriodFigures, order: Order) -> Comparison:
    how = period.how
    goal = goal_of_year(how.goals, period.ends_on.year)
    told = [cell for cell in period.cells if cell.figure is not None and not cell.figure.no_data]
    ends = [value for value in (goal.value, goal.value_to) if value is not None] if goal else []
    full = _full(how, [*_numbers(told), *ends])
    least_first = how.direction == "down" or (goal is not None and goal.comparator in ("lt", "lte"))
    return Comparison(
        bars=tuple(
            Bar(cell, None if full is None else _share(_number(cell), full))
            for cell in _sorted(told, order, least_first=least_first)
        ),
        nothing=tuple(cell for cell in period.cells if cell.figure is not None and cell.figure.no_data),
        silent=tuple(cell for cell in period.cells if cell.figure is None),
        goal=goal,
        marks=()
        if full is None
        else tuple(share for end in ends if (share := _share(end, full)) is not None),
        least_first=least_first,
    )


def _sorted(cells: Sequence[Cell], order: Order, *, least_first: bool) -> list[Cell]:
    """By name, or the best first and then by name; what is no number comes last."""
    by_name = sorted(cells, key=lambda cell: (cell.unit_name, cell.unit_id))
    if order == "name":
        return by_name

    def place(cell: Cell) -> Any:
        number = _number(cell)
        if number is None:
            return 1, ZERO
        return 0, number if least_first else -number

    return sorted(by_name, key=place)


def _full(how: Definition, values: Sequence[Decimal]) -> Decimal | None:
    """What the whole width stands for: the greatest value, for a share at least 100; None where nothing is measured."""
    if how.measure in ("yes_no", "text") or not values:
        return None
    greatest = max(*values, HUNDRED) if how.measure == "percent" else max(values)
    return greatest if greatest > ZERO else None


def _share(value: Decimal | None, full: Decimal) -> Decimal | None:
    return None if value is None else max(value, ZERO) * HUNDRED / full


def _number(cell: Cell) -> Decimal | None:
    return cell.figure.number if cell.figure is not None else None


def _numbers(cells: Sequence[Cell]) -> list[Decimal]:
    return [number for cell in cells if (number := _number(cell)) is not None]
