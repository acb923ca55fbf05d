"""The rows of a unit's period form: what is still due with what was answered last time, and what was sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.models import (
    Assignment,
    Indicator,
    Period,
    Responsibility,
    Submission,
    Target,
    Task,
    TaskReport,
    Unit,
)
from app.models.base import columns
from app.services._scope import visible
from app.services.assignment_list import is_too_late
from app.services.board_together import groups_today
from app.services.deadlines import runs_on, was_late
from app.services.draft import NO_DRAFT, DraftSeen, list_drafts
from app.services.earlier_answers import Answer, list_earlier_figures
from app.services.evidence import EvidenceOf
from app.services.figure_sending import ASKED_AGAIN
from app.services.standing import Figure, goal_of_year, show_figure, show_goal
from app.services.states import LEFT_OUT, sent_back
from app.services.submission_list import figure_of_row, joined, submission_columns
from app.services.target import list_targets
from app.services.waive_request import WaiveRequestSeen, last_requests
from app.work import Work

assignments, tasks, given = columns(Assignment), columns(Task), columns(Responsibility)
submissions, indicators, units = columns(Submission), columns(Indicator), columns(Unit)
reports = columns(TaskReport)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A standing task still to be reported. `before` is the last earlier period's answer, `own` what was sent in this
    period and came back, `number` that of the row's last report; `draft` is for those who report only. `takes_report`:
    False once its period is closed, unless it came back or was given a later day."""

    id: UUID
    code: str
    title: str
    text: str
    role: str
    state: str
    state_reason: str | None
    due_on: date | None
    overdue: bool
    blocked_reason: str | None
    own: Answer | None
    number: int
    before: Answer | None
    draft: DraftSeen
    request: WaiveRequestSeen | None
    needs_evidence: bool
    evidence: EvidenceOf
    takes_report: bool

    @property
    def sent_back(self) -> str:
        """ "returned", "reopened", or "" where the office asked for nothing once more."""
        return sent_back(self.state, self.state_reason)

    @property
    def lacks_evidence(self) -> bool:
        return self.needs_evidence and not self.evidence.items


@dataclass(frozen=True, slots=True)
class FigureRow:
    """An indicator still to be reported. `own` is what was sent in this period and came back, `number` which version;
    `before` the last earlier period's figure, `before_shown` the same in words."""

    id: UUID
    indicator: Indicator
    goal: str
    state: str
    state_reason: str | None
    due_on: date | None
    overdue: bool
    own: Figure | None
    number: int
    before: Figure | None
    before_shown: str
    before_period: str
    draft: DraftSeen
    request: WaiveRequestSeen | None
    evidence: EvidenceOf
    takes_report: bool

    @property
    def sent_back(self) -> str:
        """ "returned", "reopened", or "" where the office asked for nothing once more."""
        return sent_back(self.state, self.state_reason)


@dataclass(frozen=True, slots=True)
class SentRow:
    """What is already with the office. `kind`: assignment or submission; `files`: how many are beside it."""

    kind: str
    id: UUID
    code: str
    title: str
    state: str
    shown: str
    sent_at: datetime | None
    answer: Answer | Figure | None
    files: int
    lacks_evidence: bool


@dataclass(frozen=True, slots=True)
class JointRow:
    """One row the groups of the unit share: any member reports it, on the row's own page."""

    id: UUID
    code: str
    title: str
    group_id: UUID
    group: str
    state: str
    due_on: date | None


def joint_rows(work: Work, unit: Unit, period: Period) -> tuple[JointRow, ...]:
    """Of the groups the unit belongs to today, in the order of the plans."""
    statement = (
        visible(
            work,
            Assignment,
            assignments.id,
            tasks.code,
            tasks.title,
            units.id,
            units.name,
            assignments.state,
            assignments.due_on,
        )
        .join(tasks, tasks.id == assignments.task_id)
        .join(units, units.id == assignments.unit_id)
        .where(assignments.unit_id.in_(groups_today()), assignments.period_id == period.id)
        .where(assignments.state.not_in(LEFT_OUT))
        .order_by(assignments.plan_id, tasks.ordinal, assignments.id)
    )
    found = work.session.execute(statement, {"unit": unit.id, "today": work.today})
    return tuple(JointRow(*row) for row in found)


def assignment_rows(work: Work, unit: Unit, period: Period) -> Sequence[Any]:
    last = select(func.max(reports.number)).where(reports.assignment_id == assignments.id)
    statement = (
        visible(
            work,
            Assignment,
            assignments.id,
            assignments.responsibility_id,
            assignments.state,
            assignments.state_reason,
            assignments.due_on,
            assignments.extended,
            assignments.reported_at,
            assignments.blocked_reason,
            tasks.code,
            tasks.title,
            tasks.text,
            tasks.needs_evidence,
            given.role,
            func.coalesce(last.scalar_subquery(), 0).label("number"),
        )
        .join(tasks, tasks.id == assignments.task_id)
        .join(given, given.id == assignments.responsibility_id)
        .where(assignments.unit_id == unit.id, assignments.period_id == period.id)
        .where(assignments.state.not_in(LEFT_OUT))
        .order_by(assignments.plan_id, tasks.ordinal, assignments.id)
    )
    return work.session.execute(statement).all()


def figure_rows(work: Work, unit: Unit, period: Period) -> Sequence[Any]:
    statement = (
        joined(visible(work, Submission, *submission_columns()))
        .where(submissions.unit_id == unit.id, submissions.period_id == period.id)
        .where(submissions.state.not_in(LEFT_OUT))
        .order_by(indicators.plan_id, indicators.ordinal, submissions.id)
    )
    return work.session.execute(statement).all()


def task_forms(
    work: Work,
    unit: Unit,
    period: Period,
    rows: Sequence[Any],
    answers: Mapping[tuple[UUID, bool], Answer],
    evidence: Mapping[UUID, EvidenceOf],
) -> Iterator[TaskRow]:
    keys = [row.id for row in rows]
    drafts = list_drafts(work, unit, Assignment, keys)
    requests = last_requests(work, Assignment, keys)
    for row in rows:
        is_extended = runs_on(row.extended, row.due_on, work.today)
        yield TaskRow(
            row.id,
            row.code,
            row.title,
            row.text,
            row.role,
            row.state,
            row.state_reason,
            row.due_on,
            was_late(row.due_on, work.today),
            row.blocked_reason,
            answers.get((row.responsibility_id, True)),
            row.number,
            answers.get((row.responsibility_id, False)),
            drafts.get(row.id, NO_DRAFT),
            requests.get(row.id),
            row.needs_evidence,
            evidence[row.id],
            not is_too_late(row.state, row.state_reason, period.state, is_extended=is_extended),
        )


def figure_forms(
    work: Work, unit: Unit, period: Period, rows: Sequence[Any], evidence: Mapping[UUID, EvidenceOf]
) -> Iterator[FigureRow]:
    keys, asked = [row.id for row in rows], [row.indicator_id for row in rows]
    drafts = list_drafts(work, unit, Submission, keys)
    requests = last_requests(work, Submission, keys)
    earlier = list_earlier_figures(work, unit.id, period, asked)
    goals = list_targets(work, asked)
    of_id = {i.id: i for i in work.session.scalars(visible(work, Indicator).where(indicators.id.in_(asked)))}
    for row in rows:
        yield _figure_row(
            work,
            row,
            of_id[row.indicator_id],
            goal_of_year(goals[row.indicator_id], period.ends_on.year),
            earlier.get(row.indicator_id),
            drafts.get(row.id, NO_DRAFT),
            requests.get(row.id),
            evidence[row.id],
            takes_report=period.state == "open" or row.state in ASKED_AGAIN,
        )


def _figure_row(
    work: Work,
    row: Any,
    indicator: Indicator,
    goal: Target | None,
    before: Any | None,
    draft: DraftSeen,
    request: WaiveRequestSeen | None,
    evidence: EvidenceOf,
    *,
    takes_report: bool,
) -> FigureRow:
    last = figure_of_row(before) if before is not None else None
    return FigureRow(
        row.id,
        indicator,
        show_goal(goal, indicator) if goal else "",
        row.state,
        row.state_reason,
        row.due_on,
        was_late(row.due_on, work.today),
        figure_of_row(row),
        row.number or 0,
        last,
        show_figure(last, indicator) if last else "",
        before.period_name if before is not None else "",
        draft,
        request,
        evidence,
        takes_report,
    )


def sent_task(
    row: Any, answers: Mapping[tuple[UUID, bool], Answer], evidence: Mapping[UUID, EvidenceOf]
) -> SentRow:
    sent, files = answers.get((row.responsibility_id, True)), len(evidence[row.id].items)
    return SentRow(
        "assignment",
        row.id,
        row.code,
        row.title,
        row.state,
        sent.result if sent else "",
        row.reported_at,
        sent,
        files,
        row.needs_evidence and not files and evidence[row.id].may_add,
    )


def sent_figure(row: Any, evidence: Mapping[UUID, EvidenceOf]) -> SentRow:
    figure, files = figure_of_row(row), len(evidence[row.id].items)
    shown = show_figure(figure, row) if figure else ""
    return SentRow(
        "submission",
        row.id,
        row.code,
        row.name,
        row.state,
        shown,
        row.sent_at,
        figure,
        files,
        lacks_evidence=False,
    )
