"""One unit × one period on one page: every open row, what was answered last time, and sending it all at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import filterfalse
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field

from app.errors import Conflict, Invalid, NotFound
from app.models import Assignment, Period, Submission, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import visible
from app.services.assignment import ReportInput, acknowledge_assignment, report_assignment
from app.services.draft import list_drafts
from app.services.earlier_answers import list_answers
from app.services.evidence import list_evidence_of_unit
from app.services.period_dates import due_day_of
from app.services.period_form_rows import (
    FigureRow,
    JointRow,
    SentRow,
    TaskRow,
    assignment_rows,
    figure_forms,
    figure_rows,
    joint_rows,
    sent_figure,
    sent_task,
    task_forms,
)
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.states import MISSING_SUBMISSIONS
from app.services.submission import FigureInput, SubmissionInput, send_submission
from app.services.typed import Typed
from app.services.urging_list import OpenUrging, open_urgings_of_unit
from app.work import Work

assignments, units, periods = columns(Assignment), columns(Unit), columns(Period)
submissions = columns(Submission)
_takes_report = attrgetter("takes_report")


@dataclass(frozen=True, slots=True)
class PeriodForm:
    """`tasks` and `figures`: what is not reported yet, what came back first, then what is overdue. `joint`: work of the
    unit's groups, counted there. `due_on`: by when this unit reports."""

    unit: Unit
    period: Period
    due_on: date
    tasks: tuple[TaskRow, ...]
    figures: tuple[FigureRow, ...]
    sent: tuple[SentRow, ...]
    urgings: tuple[OpenUrging, ...] = ()
    joint: tuple[JointRow, ...] = ()

    @property
    def due(self) -> tuple[TaskRow | FigureRow, ...]:
        """What can be sent: in a closed period what came back or was given a later day (decision 0023)."""
        return *filter(_takes_report, self.tasks), *filter(_takes_report, self.figures)

    @property
    def shut(self) -> tuple[TaskRow | FigureRow, ...]:
        """What was not reported before the period was closed, and can be no more."""
        return *filterfalse(_takes_report, self.tasks), *filterfalse(_takes_report, self.figures)

    @property
    def expected(self) -> int:
        return len(self.tasks) + len(self.figures) + len(self.sent)


class PeriodAnswers(Typed):
    """What a unit answers at once: reports by assignment, figures by submission; rows left out are not sent. `drafts`:
    by row, the version of the draft its answer goes on from; `over`: the number of what was last sent of it. Something
    newer by somebody else stops the sending."""

    reports: dict[UUID, ReportInput] = Field(default_factory=dict)
    figures: dict[UUID, FigureInput] = Field(default_factory=dict)
    drafts: dict[UUID, int] = Field(default_factory=dict)
    over: dict[UUID, int] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    reports: int
    figures: int
    at: datetime


def build_period_form(work: Work, unit_id: UUID, period_id: UUID) -> PeriodForm:
    """404 unless the actor may read this unit's rows."""
    unit, period = unit_and_period(work, unit_id, period_id)
    work.require(Permission.ASSIGNMENT_READ, unit.locality_id, unit.id)
    rows = assignment_rows(work, unit, period)
    answers = list_answers(work, unit.id, period, [row.responsibility_id for row in rows])
    figures = figure_rows(work, unit, period)
    evidence = {
        **list_evidence_of_unit(work, unit, "assignment", {row.id: row.state for row in rows}),
        **list_evidence_of_unit(work, unit, "submission", {row.id: row.state for row in figures}),
    }
    open_tasks = [row for row in rows if row.state in MISSING_ASSIGNMENTS]
    open_figures = [row for row in figures if row.state in MISSING_SUBMISSIONS]
    return PeriodForm(
        unit,
        period,
        due_day_of(work, period, unit.id),
        tuple(sorted(task_forms(work, unit, period, open_tasks, answers, evidence), key=_urgency)),
        tuple(sorted(figure_forms(work, unit, period, open_figures, evidence), key=_urgency)),
        (
            *(sent_task(row, answers, evidence) for row in rows if row.state not in MISSING_ASSIGNMENTS),
            *(sent_figure(row, evidence) for row in figures if row.state not in MISSING_SUBMISSIONS),
        ),
        open_urgings_of_unit(work, unit.id, period_id=period.id),
        joint_rows(work, unit, period),
    )


def acknowledge_period(work: Work, unit_id: UUID, period_id: UUID) -> int:
    """The unit's own person has opened the form: rows nobody had looked at are taken note of. How many there were.
    Never done by reading, so that no crawler, leader or clerk takes note for a unit."""
    unit, period = unit_and_period(work, unit_id, period_id)
    work.require(Permission.ASSIGNMENT_REPORT, unit.locality_id, unit.id)
    if period.state != "open":
        return 0
    new = (
        select(assignments.id)
        .where(assignments.unit_id == unit.id, assignments.period_id == period.id)
        .where(assignments.state == "assigned")
        .order_by(assignments.id)
        .with_for_update()  # all of them before the first event, as everybody does
    )
    keys = work.session.scalars(new).all()
    for key in keys:
        acknowledge_assignment(work, key)
    return len(keys)


def send_period_form(work: Work, unit_id: UUID, period_id: UUID, answers: PeriodAnswers) -> Receipt:
    """Send every answer in one transaction, or none: Invalid names each wrong field as `<row id>.<field>`
    and each row that cannot be sent at all by its id. Conflict when nothing was answered."""
    unit, period = unit_and_period(work, unit_id, period_id)
    work.require(Permission.ASSIGNMENT_REPORT, unit.locality_id, unit.id)
    work.require(Permission.SUBMISSION_SEND, unit.locality_id, unit.id)
    if not answers.reports and not answers.figures:
        raise Conflict("Chưa có nội dung nào để gửi. Nhập ít nhất một dòng rồi gửi.", code="nothing_to_send")
    indicator_of = _locked_rows(work, unit, period, answers)

    refused, over = _overtaken(work, unit, answers), answers.over.get
    for row_id, report in answers.reports.items():
        _or_note(refused, row_id, partial(report_assignment, work, row_id, report, over(row_id)))
    for submission_id, figure in answers.figures.items():
        sent = SubmissionInput(
            indicator=indicator_of[submission_id], unit=unit.id, period=str(period.id), **figure.model_dump()
        )
        _or_note(refused, submission_id, partial(send_submission, work, sent, over(submission_id)))
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


def _overtaken(work: Work, unit: Unit, answers: PeriodAnswers) -> dict[str, str]:
    """Answers written over a draft that somebody has saved anew since: sending them would lose it unseen."""
    now = {
        **list_drafts(work, unit, Assignment, list(answers.reports)),
        **list_drafts(work, unit, Submission, list(answers.figures)),
    }
    return {
        str(key): f"{draft.saved_by} vừa ghi vào mục này. Xem bản ấy rồi chọn bản nào gửi."
        for key, draft in now.items()
        if answers.drafts.get(key, draft.version) != draft.version
    }


def unit_and_period(work: Work, unit_id: UUID, period_id: UUID) -> tuple[Unit, Period]:
    """404 unless the actor may know of both and they belong together."""
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


def _urgency(row: TaskRow | FigureRow) -> tuple[bool, bool]:
    """What came back first, then what is overdue; else in the order of the plan."""
    return not row.sent_back, not row.overdue
