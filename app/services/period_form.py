"""One unit × one period on one page: every open row, what was answered last time, and sending it all at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Field

from app.errors import Conflict, Invalid, NotFound
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
from app.permissions import Permission
from app.services._scope import visible
from app.services.assignment import ReportInput, report_assignment
from app.services.deadlines import was_late
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.plan_versions import present_of
from app.services.standing import Figure, goal_of_year, show_figure, show_goal
from app.services.states import LEFT_OUT, MISSING_SUBMISSIONS
from app.services.submission import FigureInput, SubmissionInput, send_submission
from app.services.submission_list import figure_of_row, joined, submission_columns
from app.services.target import list_targets
from app.services.typed import Typed
from app.work import Work

assignments, tasks, units = columns(Assignment), columns(Task), columns(Unit)
given, reports, periods = columns(Responsibility), columns(TaskReport), columns(Period)
submissions, indicators = columns(Submission), columns(Indicator)


@dataclass(frozen=True, slots=True)
class Answer:
    """A report sent before: in this period (to be corrected) or in an earlier one (to look back at)."""

    period_name: str
    result: str
    difficulty: str | None
    proposal: str | None
    progress: int | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A standing task still to be reported. `before` is the last earlier period's answer."""

    id: UUID
    code: str
    title: str
    text: str
    role: str
    state: str
    state_reason: str | None
    due_on: date | None
    overdue: bool
    own: Answer | None
    before: Answer | None


@dataclass(frozen=True, slots=True)
class FigureRow:
    """An indicator still to be reported. `own` is what was sent in this period and came back."""

    id: UUID
    indicator: Indicator
    goal: str
    state: str
    state_reason: str | None
    due_on: date | None
    overdue: bool
    own: Figure | None
    before: str
    before_period: str


@dataclass(frozen=True, slots=True)
class SentRow:
    """What is already with the office. `kind`: assignment or submission."""

    kind: str
    id: UUID
    code: str
    title: str
    state: str
    shown: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class PeriodForm:
    unit: Unit
    period: Period
    tasks: tuple[TaskRow, ...]
    figures: tuple[FigureRow, ...]
    sent: tuple[SentRow, ...]

    @property
    def expected(self) -> int:
        return len(self.tasks) + len(self.figures) + len(self.sent)


class PeriodAnswers(Typed):
    """What a unit answers at once: reports by assignment, figures by submission; rows left out are not sent."""

    reports: dict[UUID, ReportInput] = Field(default_factory=dict)
    figures: dict[UUID, FigureInput] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    reports: int
    figures: int
    at: datetime


def build_period_form(work: Work, unit_id: UUID, period_id: UUID) -> PeriodForm:
    """404 unless the actor may read this unit's rows."""
    unit, period = _of(work, unit_id, period_id)
    work.require(Permission.ASSIGNMENT_READ, unit.locality_id, unit.id)
    rows = _assignment_rows(work, unit, period)
    answers = _answers(work, unit, period, [row.responsibility_id for row in rows])
    figures = _figure_rows(work, unit, period)
    earlier = _earlier_figures(work, unit, period, [row.indicator_id for row in figures])
    open_tasks = [row for row in rows if row.state in MISSING_ASSIGNMENTS]
    open_figures = [row for row in figures if row.state in MISSING_SUBMISSIONS]
    return PeriodForm(
        unit,
        period,
        tuple(_task_row(work, row, answers) for row in open_tasks),
        _figure_forms(work, period, open_figures, earlier),
        (
            *(_sent_task(row, answers) for row in rows if row.state not in MISSING_ASSIGNMENTS),
            *(_sent_figure(row) for row in figures if row.state not in MISSING_SUBMISSIONS),
        ),
    )


def send_period_form(work: Work, unit_id: UUID, period_id: UUID, answers: PeriodAnswers) -> Receipt:
    """Send every answer in one transaction, or none: Invalid names each wrong field as `<row id>.<field>`
    and each row that cannot be sent at all by its id.     Conflict when nothing was answered."""
    unit, period = _of(work, unit_id, period_id)
    work.require(Permission.ASSIGNMENT_REPORT, unit.locality_id, unit.id)
    work.require(Permission.SUBMISSION_SEND, unit.locality_id, unit.id)
    if not answers.reports and not answers.figures:
        raise Conflict("Chưa có nội dung nào để gửi. Nhập ít nhất một dòng rồi gửi.", code="nothing_to_send")
    indicator_of = _locked_rows(work, unit, period, answers)

    refused: dict[str, str] = {}
    for assignment_id, report in answers.reports.items():
        _or_note(refused, assignment_id, partial(report_assignment, work, assignment_id, report))
    for submission_id, figure in answers.figures.items():
        sent = SubmissionInput(
            indicator=indicator_of[submission_id], unit=unit.id, period=str(period.id), **figure.model_dump()
        )
        _or_note(refused, submission_id, partial(send_submission, work, sent))
    if refused:
        raise Invalid("Chưa gửi dòng nào: có chỗ cần sửa, xem các dòng có chữ “Lỗi”.", errors=refused)
    return Receipt(len(answers.reports), len(answers.figures), work.now)


def _or_note(refused: dict[str, str], row_id: UUID, send: Callable[[], Any]) -> None:
    """Try one row; what refuses it is collected, so that the person sees every mistake at once."""
    try:
        send()
    except Invalid as error:
        refused.update({f"{row_id}.{name}": text for name, text in error.errors.items()})
    except Conflict as error:
        refused[str(row_id)] = error.message


def _of(work: Work, unit_id: UUID, period_id: UUID) -> tuple[Unit, Period]:
    unit: Unit | None = work.session.scalars(visible(work, Unit).where(units.id == unit_id)).first()
    period: Period | None = work.session.scalars(visible(work, Period).where(periods.id == period_id)).first()
    if unit is None or period is None or unit.locality_id != period.locality_id:
        raise NotFound
    return unit, period


def _locked_rows(work: Work, unit: Unit, period: Period, answers: PeriodAnswers) -> dict[UUID, UUID]:
    """Lock every row before the first is changed, always in one order, so that two forms never wait for each other.
    Returns the indicator of each submission; NotFound when a row is not this unit's in this period."""
    mine = work.session.scalars(
        select(assignments.id)
        .where(assignments.id.in_(answers.reports), assignments.unit_id == unit.id)
        .where(assignments.period_id == period.id)
        .order_by(assignments.id)
        .with_for_update()
    ).all()
    figures = work.session.execute(
        select(submissions.id, submissions.indicator_id)
        .where(submissions.id.in_(answers.figures), submissions.unit_id == unit.id)
        .where(submissions.period_id == period.id)
        .order_by(submissions.id)
        .with_for_update()
    ).all()
    if len(mine) < len(answers.reports) or len(figures) < len(answers.figures):
        raise NotFound("Có dòng không thuộc phiếu này. Tải lại phiếu rồi gửi lại.")
    return {row.id: row.indicator_id for row in figures}


def _assignment_rows(work: Work, unit: Unit, period: Period) -> Sequence[Any]:
    statement = (
        visible(
            work,
            Assignment,
            assignments.id,
            assignments.responsibility_id,
            assignments.state,
            assignments.state_reason,
            assignments.due_on,
            assignments.reported_at,
            tasks.code,
            tasks.title,
            tasks.text,
            given.role,
        )
        .join(tasks, tasks.id == assignments.task_id)
        .join(given, given.id == assignments.responsibility_id)
        .where(assignments.unit_id == unit.id, assignments.period_id == period.id)
        .where(assignments.state.not_in(LEFT_OUT))
        .order_by(assignments.plan_id, tasks.ordinal, assignments.id)
    )
    return work.session.execute(statement).all()


def _answers(
    work: Work, unit: Unit, period: Period, responsibility_ids: Sequence[UUID]
) -> dict[tuple[UUID, bool], Answer]:
    """The newest answer by (responsibility, is of this period), those to what it goes on from included."""
    now_of = present_of(work, Responsibility, responsibility_ids)
    statement = (
        select(
            assignments.responsibility_id,
            periods.id,
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
        .where(assignments.responsibility_id.in_(now_of), assignments.unit_id == unit.id)
        .where(or_(periods.id == period.id, periods.ends_on < period.ends_on))
        .order_by(periods.ends_on.desc(), periods.id, reports.number.desc())
    )
    found: dict[tuple[UUID, bool], Answer] = {}
    for responsibility_id, period_id, *answer in work.session.execute(statement):
        found.setdefault((now_of[responsibility_id], period_id == period.id), Answer(*answer))
    return found


def _figure_rows(work: Work, unit: Unit, period: Period) -> Sequence[Any]:
    statement = (
        joined(visible(work, Submission, *submission_columns()))
        .where(submissions.unit_id == unit.id, submissions.period_id == period.id)
        .where(submissions.state.not_in(LEFT_OUT))
        .order_by(indicators.plan_id, indicators.ordinal, submissions.id)
    )
    return work.session.execute(statement).all()


def _earlier_figures(
    work: Work, unit: Unit, period: Period, indicator_ids: Sequence[UUID]
) -> Mapping[UUID, Any]:
    """The newest row with a figure of an earlier period, by indicator, of those it goes on from too."""
    now_of = present_of(work, Indicator, indicator_ids)
    statement = (
        joined(visible(work, Submission, *submission_columns()))
        .where(submissions.unit_id == unit.id, submissions.indicator_id.in_(now_of))
        .where(periods.ends_on < period.ends_on, submissions.sent_at.is_not(None))
        .order_by(periods.ends_on.desc(), submissions.id)
    )
    found: dict[UUID, Any] = {}
    for row in work.session.execute(statement):
        found.setdefault(now_of[row.indicator_id], row)
    return found


def _task_row(work: Work, row: Any, answers: Mapping[tuple[UUID, bool], Answer]) -> TaskRow:
    return TaskRow(
        row.id,
        row.code,
        row.title,
        row.text,
        row.role,
        row.state,
        row.state_reason,
        row.due_on,
        was_late(row.due_on, work.today),
        answers.get((row.responsibility_id, True)),
        answers.get((row.responsibility_id, False)),
    )


def _figure_forms(
    work: Work, period: Period, rows: Sequence[Any], earlier: Mapping[UUID, Any]
) -> tuple[FigureRow, ...]:
    keys = [row.indicator_id for row in rows]
    goals = list_targets(work, keys)
    of_id = {i.id: i for i in work.session.scalars(visible(work, Indicator).where(indicators.id.in_(keys)))}
    return tuple(
        _figure_row(
            work,
            row,
            of_id[row.indicator_id],
            goal_of_year(goals[row.indicator_id], period.ends_on.year),
            earlier.get(row.indicator_id),
        )
        for row in rows
    )


def _figure_row(
    work: Work, row: Any, indicator: Indicator, goal: Target | None, before: Any | None
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
        show_figure(last, indicator) if last else "",
        before.period_name if before is not None else "",
    )


def _sent_task(row: Any, answers: Mapping[tuple[UUID, bool], Answer]) -> SentRow:
    sent = answers.get((row.responsibility_id, True))
    return SentRow(
        "assignment", row.id, row.code, row.title, row.state, sent.result if sent else "", row.reported_at
    )


def _sent_figure(row: Any) -> SentRow:
    figure = figure_of_row(row)
    shown = show_figure(figure, row) if figure else ""
    return SentRow("submission", row.id, row.code, row.name, row.state, shown, row.sent_at)
