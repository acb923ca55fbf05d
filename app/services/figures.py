"""Figures of indicators by period and unit, and the page of one indicator. Read models."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select

from app.models import (
    Indicator,
    Passage,
    Period,
    Plan,
    Submission,
    SubmissionVersion,
    Target,
    Unit,
)
from app.models.base import columns
from app.services._scope import find, visible
from app.services.deadlines import was_late, was_sent_late
from app.services.definition import Defined, Definition, Kept, list_definitions, standing_under
from app.services.definition_page import Around, look_around
from app.services.indicator import list_owners
from app.services.plan_versions import chains_of, continued_by
from app.services.rolling_up import RollUp, roll_up
from app.services.standing import (
    UNSAID,
    Figure,
    Standing,
    goal_of_year,
    show_distance,
    show_figure,
    show_goal,
)
from app.services.states import LEFT_OUT, MISSING_SUBMISSIONS
from app.services.submission_list import COUNTED, figure_columns, figure_of_row, joined
from app.services.target import doubt_of, list_targets
from app.services.timeline import TimelineEntry, timeline_of
from app.work import Work

submissions, passages, plans = columns(Submission), columns(Passage), columns(Plan)
periods, units, versions = columns(Period), columns(Unit), columns(SubmissionVersion)

# What a cell and its period are made of: `joined` rows begin with the indicator and the period.
_CELL = (
    submissions.indicator_id,
    submissions.period_id,
    submissions.id,
    submissions.unit_id,
    units.name.label("unit_name"),
    submissions.state,
    submissions.due_on,
    submissions.sent_at,
    periods.label,
    periods.name,
    periods.state.label("period_state"),
    periods.cycle,
    periods.ends_on,
    versions.number,
    versions.definition,
    versions.doubts,
    *figure_columns(),
)


class Read(Protocol):
    """A figure of a year, or that there is none yet, and the definition it is read by."""

    @property
    def figure(self) -> Figure | None: ...
    @property
    def how(self) -> Definition: ...
    @property
    def year(self) -> int: ...


class InWords:
    """What is said of such a figure. Made when somebody asks: a plan's table holds thousands and shows a few."""

    __slots__ = ()

    @property
    def shown(self: Read) -> str:
        return "" if self.figure is None else show_figure(self.figure, self.how)

    @property
    def standing(self: Read) -> Standing:
        return standing_under(self.how, self.figure, self.year)

    @property
    def gap(self: Read) -> str:
        return show_distance(standing_under(self.how, self.figure, self.year), self.how)


@dataclass(frozen=True, slots=True)
class Cell(InWords):
    """One unit's figure in one period, of `year`. `figure` is None until it counts (sent or accepted); it is read by
    `how`. `doubts`: codes of what was asked about when it was sent."""

    submission_id: UUID
    unit_id: UUID
    unit_name: str
    state: str
    due_on: date | None
    sent_at: datetime | None
    figure: Figure | None
    how: Definition
    year: int
    overdue: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def late(self) -> bool:
        return self.state not in MISSING_SUBMISSIONS and was_sent_late(self.due_on, self.sent_at)


@dataclass(frozen=True, slots=True)
class PeriodFigures(InWords):
    """One period of one indicator: its cells, and all of them as one figure where the rule gives one. `how`: the
    definition they are read by together."""

    period_id: UUID
    label: str
    name: str
    state: str
    cycle: str
    ends_on: date
    how: Definition
    cells: tuple[Cell, ...]
    rolled: RollUp
    figure: Figure | None

    @property
    def year(self) -> int:
        return self.ends_on.year

    @property
    def accepted(self) -> int:
        return sum(cell.state == "accepted" for cell in self.cells)

    @property
    def waiting(self) -> int:
        """Sent, and not looked at by the office yet."""
        return sum(cell.state == "sent" for cell in self.cells)

    @property
    def is_measured(self) -> bool:
        """Whether there is a target that some unit's figure stands against."""
        return any(cell.standing.state not in UNSAID for cell in self.cells)

    @property
    def met(self) -> int:
        return sum(cell.standing.state == "met" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class GoalSeen:
    """`doubt`: what is odd about it."""

    id: UUID
    version: int
    shown: str
    horizon: int | None
    value: Decimal | None
    doubt: str | None


@dataclass(frozen=True, slots=True)
class EarlierFigures:
    """What was reported for the indicator this one goes on from, in the plan before it was amended."""

    indicator: Indicator
    plan: Plan
    periods: tuple[PeriodFigures, ...]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    indicator: Indicator
    plan: Plan
    source: str | None
    goals: tuple[GoalSeen, ...]
    goal: GoalSeen | None
    owners: tuple[Unit, ...]
    periods: tuple[PeriodFigures, ...]
    timeline: tuple[TimelineEntry, ...]
    before: tuple[EarlierFigures, ...]
    around: Around
    after: Indicator | None

    @property
    def latest(self) -> PeriodFigures | None:
        return latest_of(self.periods)

    def cell(self, unit_id: UUID, period: PeriodFigures) -> Cell | None:
        return next((cell for cell in period.cells if cell.unit_id == unit_id), None)

    @property
    def units(self) -> list[tuple[UUID, str]]:
        """Every unit with a row in any period, by name."""
        found = {cell.unit_id: cell.unit_name for period in self.periods for cell in period.cells}
        return sorted(found.items(), key=lambda unit: (unit[1], unit[0]))


def build_indicator_page(work: Work, indicator_id: UUID) -> IndicatorPage:
    indicator = find(work, Indicator, indicator_id)
    goals = list_targets(work, [indicator_id])[indicator_id]
    rows = rows_by_indicator(work, [indicator_id]).get(indicator_id, [])
    definitions = list_definitions(work, [indicator_id])[indicator_id]
    earlier = chains_of(work, Indicator, [indicator_id])[indicator_id]
    subjects = [indicator_id, *earlier, *(row.id for row in rows)]
    return IndicatorPage(
        indicator=indicator,
        plan=find(work, Plan, indicator.plan_id),
        source=work.session.scalar(select(passages.path).where(passages.id == indicator.passage_id)),
        goals=tuple(seen for goal in goals if (seen := goal_seen(goal, indicator))),
        goal=goal_seen(goal_of_year(goals, work.today.year), indicator),
        owners=tuple(list_owners(work, [indicator_id])[indicator_id]),
        periods=periods_of(work, definitions, rows),
        around=look_around(work, indicator, definitions),
        timeline=_story(work, subjects, {row.unit_id: row.unit_name for row in rows}),
        before=_earlier(work, earlier),
        after=continued_by(work, Indicator, indicator_id),
    )


def _earlier(work: Work, keys: Sequence[UUID]) -> tuple[EarlierFigures, ...]:
    """Of the plans before, the newest first; only periods somebody reported in."""
    rows, defined = rows_by_indicator(work, keys), list_definitions(work, keys)
    found = []
    for key in keys:
        one = find(work, Indicator, key)
        periods = periods_of(work, defined[key], rows.get(key, []))
        reported = tuple(period for period in periods if period.rolled.reported)
        found.append(EarlierFigures(one, find(work, Plan, one.plan_id), reported))
    return tuple(found)


def _story(work: Work, subjects: Sequence[UUID], names: dict[UUID, str]) -> tuple[TimelineEntry, ...]:
    """What happened to the indicator and its figures; beside a figure, whose it is."""
    return tuple(
        replace(entry, text=names.get(entry.unit_id, "")) if entry.unit_id else entry
        for entry in timeline_of(work, subjects, limit=60)
    )


def rows_by_indicator(work: Work, indicator_ids: Sequence[UUID], *narrowed: Any) -> dict[UUID, list[Any]]:
    """Rows the actor may see, the newest period first, then by unit; `narrowed`: conditions on them."""
    statement = (
        joined(visible(work, Submission, *_CELL))
        .where(submissions.indicator_id.in_(indicator_ids), submissions.state.not_in(LEFT_OUT), *narrowed)
        .order_by(submissions.indicator_id, periods.ends_on.desc(), periods.id)
    )
    found: dict[UUID, list[Any]] = {}
    for (indicator_id, _), group in groupby(work.session.execute(statement), key=itemgetter(0, 1)):
        found.setdefault(indicator_id, []).extend(sorted(group, key=attrgetter("unit_name", "id")))
    return found


def periods_of(work: Work, defined: Sequence[Kept], rows: Sequence[Any]) -> tuple[PeriodFigures, ...]:
    """Each figure is read by the definition it was sent under, what is still missing by the newest."""
    found = Defined(defined)
    return tuple(_period_figures(work, found, list(group)) for _, group in groupby(rows, key=itemgetter(1)))


def _period_figures(work: Work, defined: Defined, rows: Sequence[Any]) -> PeriodFigures:
    """All units together by the newest definition any of the figures was sent under."""
    first = rows[0]
    cells = tuple(_cell(work, defined.of(row.definition, row.sent_at), row) for row in rows)
    sent = (cell.how for cell, row in zip(cells, rows, strict=True) if row.number)
    how = max(sent, default=defined.newest, key=attrgetter("number"))
    rolled = roll_up(
        "none" if _is_mixed(cells) else how.over_units,
        how.measure,
        [cell.figure for cell in cells],
        [cell.standing.state == "met" for cell in cells] if how.over_units == "met" else None,
    )
    return PeriodFigures(
        first.period_id,
        first.label,
        first.name,
        first.period_state,
        first.cycle,
        first.ends_on,
        how,
        cells,
        rolled,
        cells[0].figure if len(cells) == 1 else rolled.figure,
    )


def _is_mixed(cells: Sequence[Cell]) -> bool:
    """The unit of the figure was changed between one unit's sending and another's."""
    told = {
        cell.how.number: cell.how for cell in cells if cell.figure is not None and not cell.figure.no_data
    }
    return len(told) > 1 and len({how.scale for how in told.values()}) > 1


def _cell(work: Work, how: Definition, row: Any) -> Cell:
    figure = figure_of_row(row) if row.state in COUNTED else None
    return Cell(
        row.id,
        row.unit_id,
        row.unit_name,
        row.state,
        row.due_on,
        row.sent_at,
        figure,
        how,
        row.ends_on.year,
        row.state in MISSING_SUBMISSIONS and was_late(row.due_on, work.today),
        tuple(row.doubts or ()) if figure else (),
    )


def latest_of(periods: Sequence[PeriodFigures]) -> PeriodFigures | None:
    """The newest period somebody reported in; else the newest one that expects something."""
    reported = (period for period in periods if period.rolled.reported)
    return next(reported, periods[0] if periods else None)


def goal_seen(goal: Target | None, indicator: Indicator) -> GoalSeen | None:
    if goal is None:
        return None
    shown, doubt = show_goal(goal, indicator), doubt_of(indicator, goal)
    return GoalSeen(goal.id, goal.version, shown, goal.horizon, goal.value, doubt)
