"""What a unit answered in earlier periods, beside what it answers now: to look back at, and to carry on.

Read past `visible`, so that who came in with a link to one period can carry on the last answer, and sees no more of
earlier ones than that (decision 0027).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.models import (
    Assignment,
    Indicator,
    IndicatorDefinition,
    Period,
    Responsibility,
    Submission,
    TaskReport,
)
from app.models.base import columns
from app.services.definition import Scale, definition_in, scale_of
from app.services.plan_versions import present_of
from app.services.standing import Figure
from app.services.submission_list import figure_in, joined, submission_columns, versions
from app.work import Work

assignments, reports, periods = columns(Assignment), columns(TaskReport), columns(Period)
submissions, indicators = columns(Submission), columns(Indicator)
definitions = columns(IndicatorDefinition)


@dataclass(frozen=True, slots=True)
class Answer:
    """A report sent before: in this period (to be corrected) or in an earlier one (to look back at)."""

    id: UUID
    period_name: str
    result: str
    difficulty: str | None
    proposal: str | None
    progress: int | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class FigureOfPeriod:
    """The figure of another period: one that was sent, or one that comes together with those of other periods."""

    version_id: UUID
    period_name: str
    ends_on: date
    figure: Figure


def list_answers(
    work: Work, unit_id: UUID, period: Period, responsibility_ids: Sequence[UUID]
) -> dict[tuple[UUID, bool], Answer]:
    """The newest answer by (responsibility, is of this period), those to what it goes on from included."""
    now_of = present_of(work, Responsibility, responsibility_ids)
    statement = (
        select(
            assignments.responsibility_id,
            periods.id,
            reports.id,
            periods.name,
            reports.result,
            reports.difficulty,
            reports.proposal,
            reports.progress,
            reports.sent_at,
        )
        .select_from(reports)
        .join(assignments, assignments.id == reports.assignment_id)
        .join(periods, periods.id == assignments.period_id)
        .where(assignments.responsibility_id.in_(now_of), assignments.unit_id == unit_id)
        .where(or_(periods.id == period.id, periods.ends_on < period.ends_on))
        .order_by(periods.ends_on.desc(), periods.id, reports.number.desc())
    )
    found: dict[tuple[UUID, bool], Answer] = {}
    for responsibility_id, period_id, *answer in work.session.execute(statement):
        found.setdefault((now_of[responsibility_id], period_id == period.id), Answer(*answer))
    return found


def list_earlier_figures(
    work: Work, unit_id: UUID, period: Period, indicator_ids: Sequence[UUID]
) -> Mapping[UUID, Any]:
    """The newest row with a figure of an earlier period, by indicator, of those it goes on from too. The caller has
    made sure that the actor may see the unit's rows."""
    found = list_earlier_figures_of_units(work, [unit_id], period, indicator_ids)
    return {indicator_id: row for (_, indicator_id), row in found.items()}


def list_earlier_figures_of_units(
    work: Work, unit_ids: Collection[UUID], period: Period, indicator_ids: Sequence[UUID]
) -> dict[tuple[UUID, UUID], Any]:
    """The same of several units, by (unit, indicator). Figures of another scale than the indicator has now, its unit
    having been changed, say nothing beside the new one and are left out."""
    is_earlier, newest_first = periods.ends_on < period.ends_on, periods.ends_on.desc()
    return _first_figures(work, unit_ids, indicator_ids, is_earlier, newest_first)


def list_later_figures_of_units(
    work: Work, unit_ids: Collection[UUID], period: Period, indicator_ids: Sequence[UUID]
) -> dict[tuple[UUID, UUID], Any]:
    """The oldest row with a figure of a later period, as above: what a correction is weighed against."""
    is_later, oldest_first = periods.ends_on > period.ends_on, periods.ends_on.asc()
    return _first_figures(work, unit_ids, indicator_ids, is_later, oldest_first)


def _first_figures(
    work: Work, unit_ids: Collection[UUID], indicator_ids: Sequence[UUID], wanted: Any, order: Any
) -> dict[tuple[UUID, UUID], Any]:
    now_of = present_of(work, Indicator, indicator_ids)
    read_by = definitions.content.label("read_by")
    statement = (
        joined(
            select(*submission_columns(), indicators.value_basis, versions.id.label("version_id"), read_by)
        )
        .outerjoin(definitions, _IS_OLDER)
        .where(submissions.unit_id.in_(unit_ids), submissions.indicator_id.in_(now_of))
        .where(wanted, submissions.sent_at.is_not(None))
        .order_by(order, submissions.id)
    )
    rows = work.session.execute(statement).all()
    scales = _scales_of(work, {now_of[row.indicator_id] for row in rows})
    found: dict[tuple[UUID, UUID], Any] = {}
    for row in rows:
        now = now_of[row.indicator_id]
        if _scale_then(row) == scales[now]:
            found.setdefault((row.unit_id, now), row)
    return found


# The definition a version was sent under, where the indicator has a newer one by now.
_IS_OLDER = and_(
    definitions.indicator_id == submissions.indicator_id,
    definitions.number == versions.definition,
    definitions.number != indicators.definition,
    definitions.defined_at <= versions.sent_at,
)


def _scales_of(work: Work, keys: Collection[UUID]) -> dict[UUID, Scale]:
    asked = select(indicators.id, indicators.measure, indicators.value_basis, indicators.unit_label)
    if not keys:
        return {}
    return {key: scale_of(*said) for key, *said in work.session.execute(asked.where(indicators.id.in_(keys)))}


def _scale_then(row: Any) -> Scale:
    if row.read_by is not None:
        return definition_in(row.read_by).scale
    return scale_of(row.measure, row.value_basis, row.unit_label)


def figure_of_period(row: Any) -> FigureOfPeriod:
    """Of a row of `list_earlier_figures_of_units` or `list_later_figures_of_units`."""
    return FigureOfPeriod(row.version_id, row.period_name, row.ends_on, figure_in(row))


def find_same_answer(
    work: Work,
    row: Assignment,
    period: Period | None,
    result: str,
    difficulty: str | None,
    proposal: str | None,
) -> UUID | None:
    """The last report of an earlier period, where it says the same; its progress does not matter."""
    if period is None:
        return None
    answers = list_answers(work, row.unit_id, period, [row.responsibility_id])
    before = answers.get((row.responsibility_id, False))
    said = (result, difficulty or None, proposal or None)
    return before.id if before and (before.result, before.difficulty, before.proposal) == said else None


def same_figure(before: FigureOfPeriod | None, figure: Figure) -> UUID | None:
    """The version of `before`, where it is the same; its note does not matter."""
    same = before is not None and _measured(before.figure) == _measured(figure)
    return before.version_id if before is not None and same else None


def _measured(figure: Figure) -> tuple[Any, ...]:
    """A figure told in words has nothing but its note."""
    parts = (figure.value, figure.numerator, figure.denominator, figure.level, figure.flag)
    return parts if any(part is not None for part in parts) else (figure.note,)
