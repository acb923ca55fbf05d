"""The indicators of a plan with their figures over the periods, in the order a person reads them. A read model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.models import Indicator, Submission, Unit
from app.models.base import columns
from app.services._scope import visible
from app.services.definition import Aim, definition_of, list_defined
from app.services.figures import PeriodFigures, latest_of, periods_of, rows_by_indicator
from app.services.indicator import list_owners
from app.services.standing import UNSAID, goal_of_year, show_aim, show_goal
from app.services.trend import Trend, trend_of
from app.text import fold
from app.work import Work

submissions, indicators, units = columns(Submission), columns(Indicator), columns(Unit)


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One line of a plan's table: the target in force and the figures of every period, the newest first. `is_part`: it
    stands beneath its whole; `goes_on`: it comes of the same clause as the line above."""

    indicator: Indicator
    goal: Aim | None
    owners: tuple[str, ...]
    periods: tuple[PeriodFigures, ...]
    is_part: bool = False
    goes_on: bool = False

    @property
    def goal_shown(self) -> str:
        return "" if self.goal is None else show_goal(self.goal, self.indicator)

    @property
    def latest(self) -> PeriodFigures | None:
        return latest_of(self.periods)

    @property
    def trend(self) -> Trend | None:
        return trend_of(self.periods)

    @property
    def standing(self) -> str:
        """Where the newest figure stands; `by_unit` where the units' figures are not made one."""
        latest = self.latest
        if latest is None or not latest.rolled.reported:
            return "no_data"
        return "by_unit" if latest.figure is None else latest.standing.state

    @property
    def measured_by(self) -> str:
        """The target that the newest figure stands against, where it is not the one that stands beside it."""
        latest = self.latest
        if latest is None or self.standing in UNSAID:
            return ""
        used = show_aim(goal_of_year(latest.how.goals, latest.year), latest.how)
        return "" if used == show_aim(self.goal, self.indicator) else used

    def in_period(self, label: str) -> "IndicatorRow":
        """The same line with the figures of one period only."""
        return replace(self, periods=tuple(period for period in self.periods if period.label == label))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFilter:
    """What is looked for; None and "" mean anything."""

    standing: str | None = None
    key: bool = False
    words: str = ""

    def takes(self, row: IndicatorRow) -> bool:
        return (
            (self.standing is None or row.standing == self.standing)
            and (row.indicator.is_key or not self.key)
            and all(word in row.indicator.folded for word in fold(self.words).split())
        )


def build_indicator_table(work: Work, plan_id: UUID, *, unit: UUID | None = None) -> tuple[IndicatorRow, ...]:
    """Every indicator of a plan the actor may see, with what they may see of its figures; with `unit` what that unit
    reports. Three queries."""
    defined = list_defined(work, indicators.plan_id == plan_id)
    keys = [indicator.id for indicator, _ in defined]
    of_unit = [] if unit is None else [submissions.unit_id == unit]
    owners, rows = list_owners(work, keys), rows_by_indicator(work, keys, *of_unit)
    lines = [
        IndicatorRow(
            indicator,
            goal_of_year(definition_of(kept[0]).goals, work.today.year),
            tuple(unit.name for unit in owners[indicator.id]),
            periods_of(work, kept, rows.get(indicator.id, [])),
        )
        for indicator, kept in defined
        if unit is None or indicator.id in rows
    ]
    return arrange(lines)


def list_reporters(work: Work, plan_id: UUID) -> list[tuple[UUID, str]]:
    """Units that were ever asked for a figure of the plan, as far as the actor may see, by name."""
    statement = (
        visible(work, Submission, units.id, units.name)
        .select_from(submissions)
        .join(units, units.id == submissions.unit_id)
        .join(indicators, indicators.id == submissions.indicator_id)
        .where(indicators.plan_id == plan_id)
        .distinct()
        .order_by(units.name, units.id)
    )
    return [(row.id, row.name) for row in work.session.execute(statement)]


def narrow(rows: Sequence[IndicatorRow], wanted: RowFilter) -> tuple[IndicatorRow, ...]:
    return arrange([row for row in rows if wanted.takes(row)])


def arrange(rows: Sequence[IndicatorRow]) -> tuple[IndicatorRow, ...]:
    """In the order of the document; those of one clause together, parts beneath their whole when it is there."""
    in_order = sorted(rows, key=lambda row: row.indicator.ordinal)
    here = {row.indicator.id for row in in_order}
    first_of: dict[UUID, int] = {}
    for row in in_order:
        first_of.setdefault(_clause(row), row.indicator.ordinal)
    tops = [row for row in in_order if row.indicator.part_of_id not in here]
    arranged: list[IndicatorRow] = []
    for top in sorted(tops, key=lambda row: (first_of[_clause(row)], row.indicator.ordinal)):
        above = next((row for row in reversed(arranged) if not row.is_part), None)
        goes_on = above is not None and _clause(above) == _clause(top)
        parts = [row for row in in_order if row.indicator.part_of_id == top.indicator.id]
        arranged.append(replace(top, is_part=False, goes_on=goes_on))
        arranged += [replace(part, is_part=True, goes_on=False) for part in parts]
    return tuple(arranged)


def _clause(row: IndicatorRow) -> UUID:
    """The clause it comes of; one without a clause stands for itself."""
    return row.indicator.passage_id or row.indicator.id
