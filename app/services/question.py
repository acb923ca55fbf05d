"""Questions only the office can answer, each once (decision 0020). Raising them: group_changes.py, waive_request.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Field

from app.errors import Conflict, Invalid, Stale
from app.models import Account, Assignment, Indicator, Period, Question, Submission, Task, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.assignment import ReasonInput, waive_assignment
from app.services.group_changes import list_behind
from app.services.group_work import HeldRow, LackedRow, give_lacked, list_held, list_lacked
from app.services.question_closing import mark_answered
from app.services.row_ending import cancel_row
from app.services.submission import waive_submission
from app.services.typed import Typed
from app.work import Work

questions, units, periods = columns(Question), columns(Unit), columns(Period)
assignments, submissions = columns(Assignment), columns(Submission)
tasks, indicators = columns(Task), columns(Indicator)
groups = columns(aliased(Unit))
asking, answering = columns(aliased(Account)), columns(aliased(Account))

STATES = ("open", "answered", "withdrawn")
# What each kind may be answered with, and which answers need a reason.
ANSWERS: dict[str, tuple[str, ...]] = {
    "late_joiner": ("added", "left_out"),
    "ended_member": ("kept", "cancelled"),
    "waive_request": ("waived", "refused"),
}
NEED_REASON = ("cancelled", "refused")


class AnswerInput(Typed):
    """`text`: the reason; needed where rows are cancelled or a request is refused."""

    answer: Literal["added", "left_out", "kept", "cancelled", "waived", "refused"]
    text: str | None = Field(default=None, max_length=2_000)


@dataclass(frozen=True, slots=True)
class QuestionSeen:
    """A question with what it is about. `subject`: code and title of the row of a `waive_request`."""

    row: Question
    unit_name: str
    group_name: str | None
    period_name: str | None
    asked_by: str | None
    answered_by: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """`rows`: how many rows were made, cancelled or let off."""

    question: Question
    rows: int


# Reads


def list_questions(
    work: Work,
    *,
    locality: UUID | None = None,
    states: tuple[str, ...] = (),
    kind: str | None = None,
    unit: UUID | None = None,
    after: tuple[int, UUID] | None = None,
    limit: int = 100,
) -> list[QuestionSeen]:
    """Open ones first, the newest first in each. `after`: (rank, id) of the last one seen, see `rank_of`."""
    statement = _seen(work).order_by(_RANK, questions.id.desc()).limit(limit)
    for column, value in (
        (questions.locality_id, locality),
        (questions.kind, kind),
        (questions.unit_id, unit),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if states:
        statement = statement.where(questions.state.in_(states))
    if after is not None:
        further = and_(after[0] == _RANK, questions.id < after[1])
        statement = statement.where(or_(after[0] < _RANK, further))
    return [_as_seen(row) for row in work.session.execute(statement)]


def count_open_questions(work: Work) -> int:
    statement = visible(work, Question, func.count()).where(questions.state == "open")
    return work.session.scalar(statement) or 0


def get_question(work: Work, question_id: UUID) -> QuestionSeen:
    find(work, Question, question_id)
    return _as_seen(work.session.execute(_seen(work).where(questions.id == question_id)).one())


def rank_of(question: Question) -> int:
    """0 while it is open."""
    return int(question.state != "open")


def list_rows(work: Work, question: Question) -> Sequence[LackedRow | HeldRow]:
    """What an open question about a member is about, as it stands now."""
    return list_behind(work, question) if question.state == "open" else ()


def answers_allowed(work: Work, question: Question) -> tuple[str, ...]:
    may = question.state == "open" and work.actor.may(Permission.QUESTION_ANSWER, question.locality_id)
    return ANSWERS[question.kind] if may else ()


# Writes


def answer_question(
    work: Work, question_id: UUID, given: AnswerInput, version: int | None = None
) -> Answered:
    """Answer once and do what the answer says. Conflict `already_answered` after somebody did; with `version`,
    Stale says that it changed meanwhile."""
    _lock_what_it_is_about(work, question_id)
    question = find(work, Question, question_id)
    work.require(Permission.QUESTION_ANSWER, question.locality_id)
    if question.state != "open":
        raise Conflict(
            "Câu hỏi này đã được trả lời hoặc đã rút. Tải lại trang để xem.", code="already_answered"
        )
    _check_answer(question, given)
    if version is not None and version != question.version:
        raise Stale(question.version, {"state": question.state})

    mark_answered(work, question, given.answer, given.text or "")
    return Answered(question, _do(work, question, given))


def _lock_what_it_is_about(work: Work, question_id: UUID) -> None:
    """The rows first, in id order, then the group, then the question: whoever reports on a row, or changes the group,
    comes to its questions that way too."""
    statement = visible(work, Question).where(questions.id == question_id)
    question: Question | None = work.session.scalars(statement).first()
    if question is None:
        return
    of_member = question.group_id if question.kind == "ended_member" else None
    held = list_held(work, of_member, question.unit_id) if of_member is not None else ()
    keys = {question.assignment_id, question.submission_id, *(one.id for one in held)}
    for table in (assignments, submissions):
        work.session.execute(select(table.id).where(table.id.in_(keys)).order_by(table.id).with_for_update())
    if question.group_id is not None:
        work.get(Unit, question.group_id)


def _check_answer(question: Question, given: AnswerInput) -> None:
    if given.answer not in ANSWERS[question.kind]:
        raise Invalid.field(
            "answer",
            f"Câu hỏi này chỉ trả lời được: {', '.join(ANSWERS[question.kind])}. Chọn lại câu trả lời.",
        )
    if given.answer in NEED_REASON and not given.text:
        raise Invalid.field("text", "Hãy nêu lý do để đơn vị biết.")


def _do(work: Work, question: Question, given: AnswerInput) -> int:
    if given.answer == "added" and question.group_id is not None:
        return give_lacked(work, list_lacked(work, question.group_id, question.unit_id))
    if given.answer == "cancelled" and question.group_id is not None:
        return _cancel(work, list_held(work, question.group_id, question.unit_id), given.text or "")
    if given.answer == "waived":
        return _waive(work, question)
    return 0


def _cancel(work: Work, rows: Sequence[HeldRow], reason: str) -> int:
    """Work is cancelled; a figure, which knows no such state, is waived."""
    for held in rows:
        if held.kind == "submission":
            waive_submission(work, held.id, ReasonInput(reason=reason))
            continue
        cancel_row(work, work.get(Assignment, held.id), "amending", "end", reason)
    return len(rows)


def _waive(work: Work, question: Question) -> int:
    """With the unit's own reason, since that is why it does not apply."""
    why = ReasonInput(reason=question.text)
    if question.assignment_id is not None:
        waive_assignment(work, question.assignment_id, why)
    elif question.submission_id is not None:
        waive_submission(work, question.submission_id, why)
    return 1


_RANK: Any = case((questions.state == "open", 0), else_=1)
_SUBJECT = func.coalesce(tasks.code + " " + tasks.title, indicators.code + " " + indicators.name)


def _seen(work: Work) -> Any:
    return (
        visible(
            work,
            Question,
            questions,
            units.name,
            groups.name,
            periods.name,
            asking.name,
            answering.name,
            _SUBJECT,
        )
        .join(units, units.id == questions.unit_id)
        .outerjoin(groups, groups.id == questions.group_id)
        .outerjoin(periods, periods.id == questions.period_id)
        .outerjoin(asking, asking.id == questions.asked_by_id)
        .outerjoin(answering, answering.id == questions.answered_by_id)
        .outerjoin(assignments, assignments.id == questions.assignment_id)
        .outerjoin(tasks, tasks.id == assignments.task_id)
        .outerjoin(submissions, submissions.id == questions.submission_id)
        .outerjoin(indicators, indicators.id == submissions.indicator_id)
    )


def _as_seen(row: Any) -> QuestionSeen:
    return QuestionSeen(*row)
