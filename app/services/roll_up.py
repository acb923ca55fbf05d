"""Figures of an indicator as one: over the units of a period, the periods of a year, the communes of a province. Each
part names the figures it was made of, down to the submissions. Five statements, however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, and_, or_, select, tuple_

from app.errors import Invalid
from app.models import (
    Indicator,
    IndicatorDefinition,
    Locality,
    Period,
    Plan,
    Submission,
    SuperiorMatch,
    Unit,
    UnitGroupMember,
)
from app.models.base import columns
from app.services._scope import find, visible
from app.services.definition import Definition, Kept, definition_of, find_defined, standing_under
from app.services.figures import InWords, PeriodFigures, periods_of, rows_by_indicator
from app.services.period import named_period, the_one_named
from app.services.rolling_up import RollUp, last_of, roll_up
from app.services.standing import Figure
from app.services.unit_group import lasts_until
from app.work import Work

indicators, matches, localities = columns(Indicator), columns(SuperiorMatch), columns(Locality)
periods, plans, submissions = columns(Period), columns(Plan), columns(Submission)
members, definitions = columns(UnitGroupMember), columns(IndicatorDefinition)


@dataclass(frozen=True, slots=True)
class Rolled(InWords):
    """Several figures as one, where the rule gives one. `rule`: what it was made by."""

    rule: str
    counts: RollUp
    figure: Figure | None
    how: Definition
    year: int


@dataclass(frozen=True, slots=True)
class YearRolled:
    """Periods of one cycle that end in the year, up to the chosen one, the newest first. `is_mixed`: they were measured
    in different ways, so nothing is made of them."""

    rolled: Rolled
    periods: tuple[PeriodFigures, ...]
    is_mixed: bool


@dataclass(frozen=True, slots=True)
class CommuneFigures:
    """What answers the indicator in one commune; `figures` null while nothing is expected there in the period.
    `is_alike`: measured the same way, so that it counts."""

    locality_id: UUID
    name: str
    indicator_id: UUID
    code: str
    is_alike: bool
    figures: PeriodFigures | None


@dataclass(frozen=True, slots=True)
class CommunesRolled:
    """Over the communes that said which of their indicators answers this one; `unlinked`: those that did not."""

    rolled: Rolled
    communes: tuple[CommuneFigures, ...]
    unlinked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RollUpPage:
    """`units` null while nobody is expected to report the indicator itself in the period."""

    indicator: Indicator
    period: Period
    how: Definition
    units: PeriodFigures | None
    year: YearRolled | None
    communes: CommunesRolled | None


@dataclass(frozen=True, slots=True)
class _Below:
    """A commune of the province, what answers the indicator there, and its definitions, the newest first."""

    locality_id: UUID
    name: str
    indicator_id: UUID | None
    code: str | None
    defined: list[Kept] = field(default_factory=list)


def build_roll_up(work: Work, indicator_id: UUID, period: str, *, group: UUID | None = None) -> RollUpPage:
    """`period`: label or id of a period of the indicator's locality. `group`: only members of it on its last day.
    404 unless the actor may see the indicator and the group; figures they may not see are not in it."""
    indicator, own_defined = find_defined(work, indicator_id)
    if group is not None:
        _check_group(work, indicator, group)
    chosen, of_year = _periods(work, indicator, period)
    below = _communes(work, indicator)
    matched = [one.indicator_id for one in below if one.indicator_id is not None]
    rows = rows_by_indicator(
        work, [indicator.id, *matched], _asked(indicator, matched, chosen, of_year, group)
    )

    how = definition_of(own_defined[0])
    own = periods_of(work, own_defined, rows.get(indicator.id, []))
    return RollUpPage(
        indicator=indicator,
        period=chosen,
        how=how,
        units=next((one for one in own if one.period_id == chosen.id), None),
        year=_over_year(how, own, chosen) if own else None,
        communes=_over_communes(work, how, chosen, below, rows) if below else None,
    )


def _check_group(work: Work, indicator: Indicator, group_id: UUID) -> None:
    group = find(work, Unit, group_id)
    if not group.is_group or group.locality_id != indicator.locality_id:
        raise Invalid.field(
            "group", f"{group.name} không phải là nhóm đơn vị của địa phương này. Chọn nhóm khác."
        )


def latest_period(work: Work, indicator: Indicator) -> UUID | None:
    """The newest period in which the actor may see that the indicator is asked for; where it never was, as with one
    that only communes answer, the newest there is."""
    asked = visible(work, Submission, submissions.period_id).where(submissions.indicator_id == indicator.id)
    newest = (
        visible(work, Period, periods.id)
        .where(periods.locality_id == indicator.locality_id)
        .order_by(periods.ends_on.desc(), periods.id)
        .limit(1)
    )
    seen = newest.where(periods.id.in_(asked))
    return work.session.scalars(seen).first() or work.session.scalars(newest).first()


def _periods(work: Work, indicator: Indicator, named: str) -> tuple[Period, list[Period]]:
    """The period asked for, and those of its scheme and cycle that end in the same year and not after it."""
    here = periods.locality_id == indicator.locality_id
    alike = select(periods.scheme_id, periods.cycle).where(here, named_period(named))
    statement = visible(work, Period).where(here, tuple_(periods.scheme_id, periods.cycle).in_(alike))
    found: list[Period] = list(work.session.scalars(statement.order_by(periods.ends_on, periods.id)))
    chosen = the_one_named([one for one in found if named in (one.label, str(one.id))], named)
    return chosen, [one for one in found if _is_of_year(one, chosen)]


def _is_of_year(one: Period, chosen: Period) -> bool:
    """Periods a clerk made up may share days: each of them stands alone."""
    if one.id == chosen.id:
        return True
    alike = (one.scheme_id, one.cycle) == (chosen.scheme_id, chosen.cycle) and one.cycle != "ad_hoc"
    return alike and one.ends_on.year == chosen.ends_on.year and one.ends_on < chosen.ends_on


def _communes(work: Work, indicator: Indicator) -> list[_Below]:
    """Every locality right below, beside the indicator of a plan in force there that answers this one."""
    answering = _answering(indicator)
    statement = (
        visible(
            work,
            Locality,
            localities.id.label("locality_id"),
            localities.name,
            answering.c.id.label("indicator_id"),
            answering.c.code,
            answering.c.number,
            answering.c.content,
            answering.c.defined_at,
        )
        .outerjoin(answering, answering.c.locality_id == localities.id)
        .where(localities.parent_id == indicator.locality_id)
        .order_by(
            localities.name,
            localities.id,
            answering.c.decided_at.desc(),
            answering.c.id.desc(),
            answering.c.number.desc(),
        )
    )
    found: dict[UUID, _Below] = {}
    for row in work.session.execute(statement):
        # Of two plans of one commune the one linked last.
        one = found.setdefault(row.locality_id, _Below(*row[:4]))
        if one.indicator_id is not None and one.indicator_id == row.indicator_id:
            one.defined.append(row)
    return list(found.values())


def _answering(indicator: Indicator) -> Subquery:
    """Indicators of plans in force below that answer this one, beside each of their definitions."""
    answers = and_(matches.superior_indicator_id == indicator.id, matches.locality_id == localities.id)
    in_force = and_(indicators.id == matches.indicator_id, plans.state.in_(("issued", "closed")))
    return (
        select(
            matches.locality_id,
            indicators.id,
            indicators.code,
            matches.decided_at,
            definitions.number,
            definitions.content,
            definitions.defined_at,
        )
        .select_from(matches)
        .join(localities, answers)
        .join(indicators, indicators.id == matches.indicator_id)
        .join(definitions, definitions.indicator_id == indicators.id)
        .join(plans, plans.id == indicators.plan_id)
        .where(in_force)
        .subquery()
    )


def _asked(
    indicator: Indicator,
    matched: Sequence[UUID],
    chosen: Period,
    of_year: Sequence[Period],
    group: UUID | None,
) -> Any:
    own = [
        submissions.indicator_id == indicator.id,
        submissions.period_id.in_([one.id for one in of_year]),
    ]
    if group is not None:
        day = chosen.ends_on
        of_group = select(members.unit_id).where(
            members.group_id == group,
            members.valid_from <= day,
            lasts_until(members, day),
        )
        own.append(submissions.unit_id.in_(of_group))
    same = (periods.label == chosen.label, periods.cycle == chosen.cycle)
    return or_(and_(*own), and_(submissions.indicator_id.in_(matched), *same))


def _over_year(how: Definition, own: Sequence[PeriodFigures], chosen: Period) -> YearRolled:
    in_order = sorted(own, key=lambda one: one.ends_on)
    figures = [one.figure for one in in_order]
    is_mixed = any(one.how.scale != how.scale for one in in_order if one.figure is not None)
    rule = "none" if is_mixed else how.over_periods
    counts = roll_up(rule, how.measure, figures)
    figure = last_of(figures) if rule == "last" else counts.figure
    return YearRolled(Rolled(rule, counts, figure, how, chosen.ends_on.year), tuple(own), is_mixed)


def _over_communes(
    work: Work, how: Definition, chosen: Period, below: Sequence[_Below], rows: Mapping[UUID, Sequence[Any]]
) -> CommunesRolled:
    communes = tuple(
        _commune(work, how, one, one.indicator_id, one.code or "", rows.get(one.indicator_id, []))
        for one in below
        if one.indicator_id is not None
    )
    figures = [one.figures.figure if one.figures and one.is_alike else None for one in communes]
    met = [standing_under(how, figure, chosen.ends_on.year).state == "met" for figure in figures]
    counts = roll_up(how.over_units, how.measure, figures, met)
    return CommunesRolled(
        Rolled(how.over_units, counts, counts.figure, how, chosen.ends_on.year),
        communes,
        tuple(one.name for one in below if one.indicator_id is None),
    )


def _commune(
    work: Work, how: Definition, one: _Below, indicator_id: UUID, code: str, rows: Sequence[Any]
) -> CommuneFigures:
    found = periods_of(work, one.defined, rows)
    theirs = definition_of(one.defined[0])
    figures = next(iter(found), None)
    alike = theirs.scale == how.scale and (figures is None or figures.how.scale == how.scale)
    return CommuneFigures(one.locality_id, one.name, indicator_id, code, alike, figures)
