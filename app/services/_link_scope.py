"""What whoever came in with an access link may see: one unit's rows of one period, and what hangs on these."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, false, or_, select
from sqlmodel import SQLModel

from app.models import (
    Assignment,
    Evidence,
    Extension,
    Indicator,
    IndicatorDefinition,
    Locality,
    Period,
    PeriodException,
    Question,
    Responsibility,
    Submission,
    Target,
    Task,
    Unit,
)
from app.models.base import table

# Under names of their own: a statement around them may have the same tables.
assignments = table(Assignment).alias("linked_assignment").c
submissions = table(Submission).alias("linked_submission").c


def linked(model: type[SQLModel], locality: Any, unit: Any, period: Any) -> Any:
    """The condition under which a row of `model` is shown through a link to (`unit`, `period`) of `locality`: keys, or
    parameters that will hold them. What is not named here is never shown."""
    condition = _CONDITIONS.get(model)
    if condition is None:
        return false()
    row = table(model).c
    home = row.id if model is Locality else row.locality_id
    return and_(home == locality, condition(row, unit, period))


def _own(row: Any, unit: Any, period: Any) -> Any:
    return and_(row.unit_id == unit, row.period_id == period)


def _of_rows(column: Any, unit: Any, period: Any) -> Select[Any]:
    """`column` of the rows shown."""
    return select(column).where(_own(column.table.c, unit, period))


def _beside_row(row: Any, unit: Any, period: Any) -> Any:
    """What belongs to a row of work or to a figure."""
    return or_(
        row.assignment_id.in_(_of_rows(assignments.id, unit, period)),
        row.submission_id.in_(_of_rows(submissions.id, unit, period)),
    )


_CONDITIONS: dict[type[SQLModel], Callable[[Any, Any, Any], Any]] = {
    Locality: lambda row, unit, period: row.id.is_not(None),
    Unit: lambda row, unit, period: row.id == unit,
    Period: lambda row, unit, period: row.id == period,
    PeriodException: _own,
    Assignment: _own,
    Submission: _own,
    Task: lambda row, unit, period: row.id.in_(_of_rows(assignments.task_id, unit, period)),
    Responsibility: lambda row, unit, period: row.id.in_(
        _of_rows(assignments.responsibility_id, unit, period)
    ),
    Indicator: lambda row, unit, period: row.id.in_(_of_rows(submissions.indicator_id, unit, period)),
    IndicatorDefinition: lambda row, unit, period: row.indicator_id.in_(
        _of_rows(submissions.indicator_id, unit, period)
    ),
    Target: lambda row, unit, period: row.indicator_id.in_(_of_rows(submissions.indicator_id, unit, period)),
    Evidence: _beside_row,
    Question: _beside_row,
    Extension: lambda row, unit, period: row.assignment_id.in_(_of_rows(assignments.id, unit, period)),
}
