"""What a unit has sent in a period, sending by sending: who, when, which rows, which version of each. Read out of the
history, so that nothing needs to be kept for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models import (
    Assignment,
    EventRow,
    Indicator,
    Period,
    Submission,
    SubmissionVersion,
    Task,
    TaskReport,
    Unit,
)
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import visible
from app.services.period_form import unit_and_period
from app.services.standing import show_figure
from app.services.submission_list import figure_columns, figure_of_row
from app.work import Work

assignments, reports, tasks = columns(Assignment), columns(TaskReport), columns(Task)
submissions, versions, indicators = columns(Submission), columns(SubmissionVersion), columns(Indicator)
events = columns(EventRow)

SENDING = ("assignment_reported", "submission_sent")


@dataclass(frozen=True, slots=True)
class SentLine:
    """One row of a sending. `kind`: assignment or submission; `number`: which report or version it was; `state`: where
    the row stands now; `carried_from_id`: what of an earlier period it repeats word for word."""

    kind: str
    id: UUID
    code: str
    title: str
    number: int
    shown: str
    difficulty: str | None
    proposal: str | None
    progress: int | None
    carried_from_id: UUID | None
    state: str


@dataclass(frozen=True, slots=True)
class Sending:
    """What one person sent at one moment. `number`: the how-manieth of the period."""

    number: int
    at: datetime
    by: str
    lines: tuple[SentLine, ...]


@dataclass(frozen=True, slots=True)
class PeriodReceipt:
    unit: Unit
    period: Period
    sendings: tuple[Sending, ...]


def build_period_receipt(work: Work, unit_id: UUID, period_id: UUID) -> PeriodReceipt:
    """Every sending, newest first. 404 unless the actor may read this unit's rows."""
    unit, period = unit_and_period(work, unit_id, period_id)
    work.require(Permission.ASSIGNMENT_READ, unit.locality_id, unit.id)
    lines = {**_reports(work, unit, period), **_figures(work, unit, period)}
    rows = {row_id for row_id, _ in lines}
    together: dict[tuple[datetime, str], list[SentLine]] = {}
    for event in _sendings(work, unit, list(rows)):
        line = lines.get((event.subject_id, event.data["number"]))
        if line is not None:
            together.setdefault((event.at, event.actor_name), []).append(line)
    numbered = [
        Sending(number, at, by, tuple(sent)) for number, ((at, by), sent) in enumerate(together.items(), 1)
    ]
    return PeriodReceipt(unit, period, tuple(reversed(numbered)))


def _sendings(work: Work, unit: Unit, row_ids: Sequence[UUID]) -> Sequence[Any]:
    """In the order they happened. The actor reads the rows, so what happened to them is theirs to know."""
    statement = (
        select(events.at, events.actor_name, events.subject_id, events.data)
        .where(events.locality_id == unit.locality_id, events.subject_id.in_(row_ids))
        .where(events.kind.in_(SENDING))
        .order_by(events.number)
    )
    return work.session.execute(statement).all()


def _reports(work: Work, unit: Unit, period: Period) -> dict[tuple[UUID, int], SentLine]:
    statement = (
        visible(
            work,
            Assignment,
            assignments.id,
            tasks.code,
            tasks.title,
            reports.number,
            reports.result,
            reports.difficulty,
            reports.proposal,
            reports.progress,
            reports.carried_from_id,
            assignments.state,
        )
        .join(tasks, tasks.id == assignments.task_id)
        .join(reports, reports.assignment_id == assignments.id)
        .where(assignments.unit_id == unit.id, assignments.period_id == period.id)
        .order_by(assignments.id, reports.number)
    )
    found = (SentLine("assignment", *row) for row in work.session.execute(statement))
    return {(line.id, line.number): line for line in found}


def _figures(work: Work, unit: Unit, period: Period) -> dict[tuple[UUID, int], SentLine]:
    statement = (
        visible(
            work,
            Submission,
            submissions.id,
            submissions.state,
            indicators.code,
            indicators.name,
            indicators.measure,
            indicators.unit_label,
            indicators.decimals,
            versions.number,
            versions.carried_from_id,
            *figure_columns(),
        )
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(versions, versions.submission_id == submissions.id)
        .where(submissions.unit_id == unit.id, submissions.period_id == period.id)
        .order_by(submissions.id, versions.number)
    )
    return {(row.id, row.number): _figure_line(row) for row in work.session.execute(statement)}


def _figure_line(row: Any) -> SentLine:
    figure = figure_of_row(row)
    shown = show_figure(figure, row) if figure else ""
    return SentLine(
        "submission",
        row.id,
        row.code,
        row.name,
        row.number,
        shown,
        None,
        None,
        None,
        row.carried_from_id,
        row.state,
    )
