"""What whoever came in with an access link may see: one unit's rows of one period, the joint ones of its groups among
them, and what hangs on these."""

from collections.abc import Callable
from typing import Any, NamedTuple

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


class Linked(NamedTuple):
    """Where a link leads: keys, or parameters that will hold them. `units`: the unit and the groups it belongs to
    today; what stands on a group itself is its members' joint work (decision 0024)."""

    locality: Any
    unit: Any
    units: Any
    period: Any


def linked(model: type[SQLModel], to: Linked) -> Any:
    """The condition under which a row of `model` is shown through a link. What is not named here is never shown."""
    condition = _CONDITIONS.get(model)
    if condition is None:
        return false()
    row = table(model).c
    home = row.id if model is Locality else row.locality_id
    return and_(home == to.locality, condition(row, to))


def _own(row: Any, to: Linked) -> Any:
    return and_(row.unit_id == to.unit, row.period_id == to.period)


def _own_or_joint(row: Any, to: Linked) -> Any:
    return and_(row.unit_id.in_(to.units), row.period_id == to.period)


def _of_work(column: Any, to: Linked) -> Select[Any]:
    """`column` of the rows of work shown."""
    return select(column).where(_own_or_joint(assignments, to))


def _of_figures(column: Any, to: Linked) -> Select[Any]:
    return select(column).where(_own(submissions, to))


def _beside_row(row: Any, to: Linked) -> Any:
    """What belongs to a row of work or to a figure."""
    return or_(
        row.assignment_id.in_(_of_work(assignments.id, to)),
        row.submission_id.in_(_of_figures(submissions.id, to)),
    )


_CONDITIONS: dict[type[SQLModel], Callable[[Any, Linked], Any]] = {
    Locality: lambda row, to: row.id.is_not(None),
    Unit: lambda row, to: row.id == to.unit,
    Period: lambda row, to: row.id == to.period,
    PeriodException: _own,
    Assignment: _own_or_joint,
    Submission: _own,
    Task: lambda row, to: row.id.in_(_of_work(assignments.task_id, to)),
    Responsibility: lambda row, to: row.id.in_(_of_work(assignments.responsibility_id, to)),
    Indicator: lambda row, to: row.id.in_(_of_figures(submissions.indicator_id, to)),
    IndicatorDefinition: lambda row, to: row.indicator_id.in_(_of_figures(submissions.indicator_id, to)),
    Target: lambda row, to: row.indicator_id.in_(_of_figures(submissions.indicator_id, to)),
    Evidence: _beside_row,
    Question: _beside_row,
    Extension: lambda row, to: row.assignment_id.in_(_of_work(assignments.id, to)),
}
