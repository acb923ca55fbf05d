"""How far a period is: what it expects, what was reported, who has not. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.models import Assignment, Indicator, Period, Submission, Task, Unit
from app.models.base import columns
from app.services._scope import find, visible
from app.services.states import LEFT_OUT, MISSING_SUBMISSIONS, OPEN_ASSIGNMENTS
from app.work import Work

assignments, submissions = columns(Assignment), columns(Submission)
indicators, tasks, units = columns(Indicator), columns(Task), columns(Unit)

# A returned report does not count as done.
MISSING_ASSIGNMENTS = tuple(state for state in OPEN_ASSIGNMENTS if state != "reported")


@dataclass(frozen=True, slots=True)
class Share:
    """`reported` of `expected` rows; rows left out (waived, not needed) count in neither."""

    reported: int = 0
    expected: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.reported


@dataclass(frozen=True, slots=True)
class MissingRow:
    """One row nobody has reported. `kind`: assignment or submission."""

    kind: str
    id: UUID
    code: str
    title: str
    state: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class UnitInPeriod:
    """One unit's part of a period."""

    unit_id: UUID
    name: str
    share: Share
    missing: tuple[MissingRow, ...]


def count_missing(work: Work, period_id: UUID) -> int:
    """Rows of the period still without a report, whoever asks."""
    waiting = select(func.count()).where(
        assignments.period_id == period_id, assignments.state.in_(MISSING_ASSIGNMENTS)
    )
    unsent = select(func.count()).where(
        submissions.period_id == period_id, submissions.state.in_(MISSING_SUBMISSIONS)
    )
    return (work.session.scalar(waiting) or 0) + (work.session.scalar(unsent) or 0)


def units_missing(work: Work, period_id: UUID) -> list[UUID]:
    """Units that still miss rows of the period, whoever asks, in a fixed order."""
    waiting = select(assignments.unit_id).where(
        assignments.period_id == period_id, assignments.state.in_(MISSING_ASSIGNMENTS)
    )
    unsent = select(submissions.unit_id).where(
        submissions.period_id == period_id, submissions.state.in_(MISSING_SUBMISSIONS)
    )
    return sorted(set(work.session.scalars(waiting)) | set(work.session.scalars(unsent)))


def shares_of(work: Work, period_ids: Iterable[UUID]) -> dict[UUID, Share]:
    """Per period, over the rows the actor may read."""
    keys = list(period_ids)
    found = dict.fromkeys(keys, Share())
    for table, model, missing in (
        (assignments, Assignment, MISSING_ASSIGNMENTS),
        (submissions, Submission, MISSING_SUBMISSIONS),
    ):
        counted = (
            visible(work, model, table.period_id, table.state, func.count())
            .where(table.period_id.in_(keys), table.state.not_in(LEFT_OUT))
            .group_by(table.period_id, table.state)
        )
        for period_id, state, count in work.session.execute(counted):
            share = found[period_id]
            reported = 0 if state in missing else count
            found[period_id] = Share(share.reported + reported, share.expected + count)
    return found


def period_missing(work: Work, period_id: UUID) -> list[UnitInPeriod]:
    """Units with rows in the period the actor may read: those who miss most first, then by name."""
    find(work, Period, period_id)
    rows = [*_assignment_rows(work, period_id), *_submission_rows(work, period_id)]
    by_unit: dict[tuple[UUID, str], list[tuple[MissingRow, bool]]] = {}
    for unit_id, name, row, is_missing in rows:
        by_unit.setdefault((unit_id, name), []).append((row, is_missing))
    found = [
        UnitInPeriod(
            unit_id,
            name,
            Share(sum(not is_missing for _, is_missing in seen), len(seen)),
            tuple(row for row, is_missing in seen if is_missing),
        )
        for (unit_id, name), seen in by_unit.items()
    ]
    return sorted(found, key=lambda unit: (-len(unit.missing), unit.name, unit.unit_id))


def _assignment_rows(work: Work, period_id: UUID) -> Iterable[tuple[UUID, str, MissingRow, bool]]:
    statement = (
        visible(work, Assignment, *_columns_of(assignments, tasks, tasks.title))
        .join(tasks, tasks.id == assignments.task_id)
        .join(units, units.id == assignments.unit_id)
        .where(assignments.period_id == period_id, assignments.state.not_in(LEFT_OUT))
        .order_by(tasks.ordinal, assignments.id)
    )
    for unit_id, name, *row in work.session.execute(statement):
        missing = MissingRow("assignment", *row)
        yield unit_id, name, missing, missing.state in MISSING_ASSIGNMENTS


def _submission_rows(work: Work, period_id: UUID) -> Iterable[tuple[UUID, str, MissingRow, bool]]:
    statement = (
        visible(work, Submission, *_columns_of(submissions, indicators, indicators.name))
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(units, units.id == submissions.unit_id)
        .where(submissions.period_id == period_id, submissions.state.not_in(LEFT_OUT))
        .order_by(indicators.ordinal, submissions.id)
    )
    for unit_id, name, *row in work.session.execute(statement):
        missing = MissingRow("submission", *row)
        yield unit_id, name, missing, missing.state in MISSING_SUBMISSIONS


def _columns_of(row: Any, subject: Any, title: Any) -> tuple[Any, ...]:
    return (units.id, units.name, row.id, subject.code, title, row.state, row.due_on)
