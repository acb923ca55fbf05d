"""What figures to send are weighed against, loaded for all of them at once: their rows with the last versions, targets,
earlier figures, the parts of what adds up. As many statements for five hundred figures of a period as for one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.models import Indicator, Period, Plan, Submission, SubmissionVersion, Target, Unit
from app.models.base import columns
from app.services.earlier_answers import (
    FigureOfPeriod,
    figure_of_period,
    list_earlier_figures_of_units,
    list_later_figures_of_units,
)
from app.services.expectation import reporters_of
from app.services.figure_checks import Family
from app.services.standing import Figure
from app.services.submission_list import COUNTED, joined, submission_columns
from app.services.target import list_targets
from app.work import Work

indicators, units, plans = columns(Indicator), columns(Unit), columns(Plan)
submissions, versions = columns(Submission), columns(SubmissionVersion)

Key = tuple[UUID, UUID, UUID]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a figure belongs; the actor may know of all three."""

    indicator: Indicator
    unit: Unit
    period: Period

    @property
    def key(self) -> Key:
        return self.indicator.id, self.unit.id, self.period.id

    @property
    def whose(self) -> tuple[UUID, UUID]:
        return self.indicator.id, self.unit.id

    @property
    def family(self) -> Key:
        """What all parts of one whole have in common."""
        return self.indicator.part_of_id or self.indicator.id, self.unit.id, self.period.id


@dataclass(frozen=True, slots=True)
class Ground:
    """By key of the spot, except: `in_force`, plans that take figures, by id; `last`, the newest version by row;
    `reporters` and `goals` by indicator, the first of those without a row only; `after` of what counts to date only;
    `families` by `Spot.family`."""

    in_force: Mapping[UUID, Plan]
    rows: Mapping[Key, Submission]
    last: Mapping[UUID, SubmissionVersion]
    reporters: Mapping[UUID, Collection[UUID]]
    goals: Mapping[UUID, Sequence[Target]]
    before: Mapping[Key, FigureOfPeriod]
    after: Mapping[Key, FigureOfPeriod]
    families: Mapping[Key, Family]

    def last_of(self, spot: Spot) -> SubmissionVersion | None:
        row = self.rows.get(spot.key)
        return self.last.get(row.id) if row is not None else None

    def with_values(self, sent: Iterable[tuple[Spot, Figure]]) -> "Ground":
        """The same once these figures are in."""
        families = dict(self.families)
        for spot, figure in sent:
            if (family := families.get(spot.family)) is not None:
                values = {**family.values, spot.indicator.id: figure.value}
                families[spot.family] = replace(family, values=values)
        return replace(self, families=families)


def load_ground(work: Work, spots: Sequence[Spot]) -> Ground:
    """Where this work writes, rows are locked in id order. What has no row yet is locked by its unit, before any row:
    of two first figures at once the second finds the row of the first."""
    asked = {spot.indicator.id: spot.indicator for spot in spots}
    missing = _missing(work, spots)
    reporters = reporters_of(work, sorted({spot.indicator.id for spot in missing})) if missing else {}
    if work.is_write:
        _lock_units(work, {s.unit.id for s in missing if s.unit.id in reporters[s.indicator.id]})
    rows = _rows(work, spots)
    return Ground(
        _in_force(work, {indicator.plan_id for indicator in asked.values()}),
        rows,
        _last(work, [row.id for row in rows.values()]),
        reporters,
        list_targets(work, list(asked)),
        _beside(work, spots, list_earlier_figures_of_units),
        _beside(
            work, [s for s in spots if s.indicator.value_basis == "to_date"], list_later_figures_of_units
        ),
        _families(work, spots),
    )


def _missing(work: Work, spots: Sequence[Spot]) -> list[Spot]:
    found = select(submissions.indicator_id, submissions.unit_id, submissions.period_id).where(_at(spots))
    there = {(row.indicator_id, row.unit_id, row.period_id) for row in work.session.execute(found)}
    return [spot for spot in spots if spot.key not in there]


def _lock_units(work: Work, keys: Collection[UUID]) -> None:
    if keys:
        held = select(units.id).where(units.id.in_(keys)).order_by(units.id).with_for_update()
        work.session.execute(held)


def _rows(work: Work, spots: Sequence[Spot]) -> dict[Key, Submission]:
    statement = select(submissions).where(_at(spots)).order_by(submissions.id)
    if work.is_write:
        statement = statement.with_for_update()
    found = work.session.scalars(statement.execution_options(populate_existing=True))
    return {(row.indicator_id, row.unit_id, row.period_id): row for row in found}


def _at(spots: Sequence[Spot]) -> Any:
    key = tuple_(submissions.indicator_id, submissions.unit_id, submissions.period_id)
    return key.in_([spot.key for spot in spots])


def _in_force(work: Work, plan_ids: Collection[UUID]) -> dict[UUID, Plan]:
    issued = select(plans).where(plans.id.in_(plan_ids), plans.state == "issued")
    return {plan.id: plan for plan in work.session.scalars(issued)}


def _last(work: Work, row_ids: Sequence[UUID]) -> dict[UUID, SubmissionVersion]:
    newest = columns(aliased(SubmissionVersion))
    number = select(func.max(newest.number)).where(newest.submission_id == versions.submission_id)
    statement = select(versions).where(
        versions.submission_id.in_(row_ids), versions.number == number.scalar_subquery()
    )
    return {version.submission_id: version for version in work.session.scalars(statement)}


def _beside(work: Work, spots: Sequence[Spot], list_figures: Any) -> dict[Key, FigureOfPeriod]:
    """One statement for each period."""
    found: dict[Key, FigureOfPeriod] = {}
    in_order = sorted(spots, key=lambda spot: spot.period.id)
    for period_id, group in groupby(in_order, key=lambda spot: spot.period.id):
        of_period = list(group)
        figures = list_figures(
            work,
            sorted({spot.unit.id for spot in of_period}),
            of_period[0].period,
            sorted({spot.indicator.id for spot in of_period}),
        )
        found |= {
            (indicator, unit, period_id): figure_of_period(row) for (unit, indicator), row in figures.items()
        }
    return found


def _families(work: Work, spots: Sequence[Spot]) -> dict[Key, Family]:
    """Values of the same unit and period, which the actor sends for, so that all of them are theirs to see."""
    whole_ids = sorted({spot.family[0] for spot in spots})
    statement = select(indicators).where(
        or_(indicators.id.in_(whole_ids), indicators.part_of_id.in_(whole_ids))
    )
    members = list(work.session.scalars(statement))
    wholes = {one.id: one for one in members if one.part_of_id is None and one.adds_up}
    parts: dict[UUID, list[UUID]] = {key: [] for key in wholes}
    for one in members:
        if one.part_of_id in parts:
            parts[one.part_of_id].append(one.id)
    adding_up = [spot.family for spot in spots if parts.get(spot.family[0])]
    values = _values(work, adding_up, parts)
    return {
        family: Family(wholes[family[0]], len(parts[family[0]]), values.get(family, {}))
        for family in adding_up
    }


def _values(
    work: Work, families: Sequence[Key], parts: Mapping[UUID, Sequence[UUID]]
) -> dict[Key, dict[UUID, Decimal | None]]:
    if not families:
        return {}
    whole_of = {part: whole for whole, found in parts.items() for part in (whole, *found)}
    statement = joined(select(*submission_columns())).where(
        submissions.indicator_id.in_(whole_of),
        submissions.unit_id.in_({family[1] for family in families}),
        submissions.period_id.in_({family[2] for family in families}),
        submissions.state.in_(COUNTED),
    )
    found: dict[Key, dict[UUID, Decimal | None]] = {}
    for row in work.session.execute(statement):
        family = (whole_of[row.indicator_id], row.unit_id, row.period_id)
        found.setdefault(family, {})[row.indicator_id] = row.value
    return found
