"""The office's whole lists of what waits, with filters, counts and pages. Their short forms on the first page:
office_queue.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, func, literal, literal_column, null, or_, select
from sqlmodel import SQLModel

from app.models import Assignment, Extension, Indicator, Period, Question, Submission, Task, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import home_locality, visible
from app.services.deadlines import overdue_condition
from app.services.sent_again import figures_sent_again, reports_sent_again
from app.services.states import MISSING_SUBMISSIONS, OPEN_ASSIGNMENTS
from app.services.task import TaskFilter, narrow_tasks
from app.services.version_differences import VersionDifference
from app.text import fold
from app.work import Work

assignments, submissions, tasks = columns(Assignment), columns(Submission), columns(Task)
indicators, units, periods = columns(Indicator), columns(Unit), columns(Period)
extensions, questions = columns(Extension), columns(Question)

SHOWN = 50
_NEVER: Any = literal_column("'9999-12-31'")
Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFilter:
    """None or empty means any. `period` is a label; `q` is folded, every word must occur."""

    plan: UUID | None = None
    unit: UUID | None = None
    period: str | None = None
    q: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.plan or self.unit or self.period or self.q)


@dataclass(frozen=True, slots=True)
class SentAgain:
    """The last version that was sent, in short, and what it changed."""

    text: str
    difference: VersionDifference | None


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One thing that waits. `late`: days past `due_on` (negative: left), None where that does not count here."""

    id: UUID
    version: int
    href: str
    title: str
    unit_id: UUID | None
    unit_name: str | None
    period: str | None
    note: str | None
    due_on: date | None
    late: int | None
    sent: SentAgain | None


@dataclass(frozen=True, slots=True)
class OfficeList:
    """The first of `count` lines of the list `key`; `after`: where its next page goes on."""

    key: str
    count: int
    lines: tuple[OfficeLine, ...]
    after: tuple[Any, UUID] | None


@dataclass(frozen=True, slots=True)
class _List:
    """`model`: whose id a line has; `at`: its pages; `order`: what lines are sorted by, read back by `read`."""

    model: type[SQLModel]
    at: str
    statement: Callable[[Work, UUID], Select[Any]]
    folded: Any
    plan: Any
    unit: Any
    order: Any
    read: Reader
    counts_days: bool = False


def count_office_lists(work: Work, wanted: OfficeFilter) -> dict[str, int]:
    """How many lines each list has under the filter."""
    locality_id = _locality(work)
    return {
        key: work.session.scalar(
            select(func.count()).select_from(_narrowed(work, one, locality_id, wanted).subquery())
        )
        or 0
        for key, one in LISTS.items()
    }


def build_office_list(
    work: Work, key: str, wanted: OfficeFilter, *, count: int, after: tuple[Any, UUID] | None = None
) -> OfficeList:
    """`key`: of LISTS; `count` as counted by count_office_lists."""
    one = LISTS[key]
    row_id = columns(one.model).id
    statement = _narrowed(work, one, _locality(work), wanted).add_columns(one.order.label("place"))
    if after is not None:
        statement = statement.where(or_(one.order > after[0], (one.order == after[0]) & (row_id > after[1])))
    rows = list(work.session.execute(statement.order_by(one.order, row_id).limit(SHOWN + 1)))
    shown = rows[:SHOWN]
    sent = _sent(work, key, [row.id for row in shown])
    last = shown[-1] if len(rows) > SHOWN else None
    return OfficeList(
        key,
        count,
        tuple(_line(work, one, row, sent) for row in shown),
        (last.place, last.id) if last is not None else None,
    )


def _locality(work: Work) -> UUID:
    locality_id = home_locality(work)
    work.require(Permission.TASK_MANAGE, locality_id)
    return locality_id


def _sent(work: Work, key: str, ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, VersionDifference | None]]:
    if key == "bao-cao":
        return reports_sent_again(work, ids)
    return figures_sent_again(work, ids) if key == "so-lieu" else {}


def _line(
    work: Work, one: _List, row: Any, sent: Mapping[UUID, tuple[str, VersionDifference | None]]
) -> OfficeLine:
    late = (work.today - row.due_on).days if one.counts_days and row.due_on else None
    again = sent.get(row.id)
    return OfficeLine(
        row.id, row.version, f"{one.at}{row.target}", f"{row.code} {row.title}".strip(), row.unit_id, row.unit_name,
        row.period, row.note, row.due_on, late, SentAgain(*again) if again else None,
    )  # fmt: skip


def _narrowed(work: Work, one: _List, locality_id: UUID, wanted: OfficeFilter) -> Select[Any]:
    statement = one.statement(work, locality_id)
    if wanted.plan is not None:
        statement = statement.where(one.plan == wanted.plan)
    if wanted.unit is not None:
        statement = statement.where(one.unit == wanted.unit)
    if wanted.period is not None:
        statement = statement.where(periods.label == wanted.period)
    for word in fold(wanted.q).split():
        statement = statement.where(one.folded.contains(word, autoescape=True))
    return statement


def _rows(condition: Callable[[Work], Any], note: Any) -> Callable[[Work, UUID], Select[Any]]:
    """Rows of boards."""

    def build(work: Work, locality_id: UUID) -> Select[Any]:
        return (
            visible(
                work,
                Assignment,
                assignments.id,
                assignments.version,
                assignments.id.label("target"),
                tasks.code,
                tasks.title,
                units.id.label("unit_id"),
                units.name.label("unit_name"),
                periods.name.label("period"),
                note.label("note"),
                assignments.due_on,
            )
            .join(tasks, tasks.id == assignments.task_id)
            .join(units, units.id == assignments.unit_id)
            .outerjoin(periods, periods.id == assignments.period_id)
            .where(assignments.locality_id == locality_id, condition(work))
        )

    return build


def _figures(condition: Callable[[Work], Any]) -> Callable[[Work, UUID], Select[Any]]:
    def build(work: Work, locality_id: UUID) -> Select[Any]:
        return (
            visible(
                work,
                Submission,
                submissions.id,
                submissions.version,
                submissions.id.label("target"),
                indicators.code,
                indicators.name.label("title"),
                units.id.label("unit_id"),
                units.name.label("unit_name"),
                periods.name.label("period"),
                submissions.state_reason.label("note"),
                submissions.due_on,
            )
            .join(indicators, indicators.id == submissions.indicator_id)
            .join(units, units.id == submissions.unit_id)
            .outerjoin(periods, periods.id == submissions.period_id)
            .where(submissions.locality_id == locality_id, condition(work))
        )

    return build


def _requests(work: Work, locality_id: UUID) -> Select[Any]:
    """A line leads to the row's page, where the office answers."""
    return (
        visible(
            work,
            Extension,
            extensions.id,
            extensions.version,
            extensions.assignment_id.label("target"),
            tasks.code,
            tasks.title,
            units.id.label("unit_id"),
            units.name.label("unit_name"),
            periods.name.label("period"),
            extensions.reason.label("note"),
            extensions.asked_due_on.label("due_on"),
        )
        .join(assignments, assignments.id == extensions.assignment_id)
        .join(tasks, tasks.id == assignments.task_id)
        .join(units, units.id == extensions.unit_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(extensions.locality_id == locality_id, extensions.state == "requested")
    )


def _questions(work: Work, locality_id: UUID) -> Select[Any]:
    return (
        visible(
            work,
            Question,
            questions.id,
            questions.version,
            questions.id.label("target"),
            literal("").label("code"),
            questions.text.label("title"),
            units.id.label("unit_id"),
            units.name.label("unit_name"),
            periods.name.label("period"),
            null().label("note"),
            null().label("due_on"),
        )
        .join(units, units.id == questions.unit_id)
        .outerjoin(assignments, assignments.id == questions.assignment_id)
        .outerjoin(submissions, submissions.id == questions.submission_id)
        .outerjoin(indicators, indicators.id == submissions.indicator_id)
        .outerjoin(
            periods,
            periods.id == func.coalesce(questions.period_id, assignments.period_id, submissions.period_id),
        )
        .where(questions.locality_id == locality_id, questions.state == "open")
    )


def _tasks(wanted: TaskFilter) -> Callable[[Work, UUID], Select[Any]]:
    def build(work: Work, locality_id: UUID) -> Select[Any]:
        chosen = visible(
            work,
            Task,
            tasks.id,
            tasks.version,
            tasks.id.label("target"),
            tasks.code,
            tasks.title,
            null().label("unit_id"),
            null().label("unit_name"),
            null().label("period"),
            null().label("note"),
            tasks.due_on,
        )
        chosen = chosen.outerjoin(periods, periods.id.is_(None)).outerjoin(units, units.id.is_(None))
        return narrow_tasks(chosen.where(tasks.locality_id == locality_id), wanted)

    return build


def _current() -> Any:
    return or_(assignments.period_id.is_(None), periods.state == "open")


def _is(state: str) -> Callable[[Work], Any]:
    return lambda work: assignments.state == state


def _is_late(work: Work) -> Any:
    return assignments.state.not_in(("reported", "returned")) & overdue_condition(work.today) & _current()


def _is_stuck(work: Work) -> Any:
    return assignments.state.in_(OPEN_ASSIGNMENTS) & assignments.blocked_reason.is_not(None) & _current()


def _unit_ended(work: Work) -> Any:
    return assignments.state.in_(OPEN_ASSIGNMENTS) & (units.valid_to < work.today)


def _late_figures(work: Work) -> Any:
    missing = tuple(state for state in MISSING_SUBMISSIONS if state != "returned")
    return submissions.state.in_(missing) & (submissions.due_on < work.today) & (periods.state == "open")


_DUE = func.coalesce(assignments.due_on, _NEVER, type_=Date)
_FIGURE_DUE = func.coalesce(submissions.due_on, _NEVER, type_=Date)
_MOMENT = datetime.fromisoformat
_DAY = date.fromisoformat


def _of_rows(
    condition: Callable[[Work], Any], order: Any, read: Reader, *, counts_days: bool = False, note: Any = None
) -> _List:
    shown = assignments.state_reason if note is None else note
    return _List(
        Assignment, "/viec/", _rows(condition, shown), tasks.folded, assignments.plan_id, assignments.unit_id,
        order, read, counts_days,
    )  # fmt: skip


def _of_figures(
    condition: Callable[[Work], Any], order: Any, read: Reader, *, counts_days: bool = False
) -> _List:
    return _List(
        Submission, "/so-lieu/", _figures(condition), indicators.folded, indicators.plan_id, submissions.unit_id,
        order, read, counts_days,
    )  # fmt: skip


def _of_tasks(wanted: TaskFilter) -> _List:
    return _List(
        Task, "/nhiem-vu/", _tasks(wanted), tasks.folded, tasks.plan_id, units.id, tasks.created_at, _MOMENT
    )


# In the order the office works them; those that wait longest come first in each.
LISTS: dict[str, _List] = {
    "bao-cao": _of_rows(
        _is("reported"), func.coalesce(assignments.reported_at, assignments.created_at), _MOMENT
    ),
    "so-lieu": _of_figures(
        lambda work: submissions.state == "sent",
        func.coalesce(submissions.sent_at, submissions.created_at),
        _MOMENT,
    ),
    "gia-han": _List(
        Extension, "/viec/", _requests, tasks.folded, assignments.plan_id, extensions.unit_id,
        extensions.asked_at, _MOMENT,
    ),
    "cau-hoi": _List(
        Question, "/cau-hoi/", _questions, func.lower(questions.text),
        func.coalesce(assignments.plan_id, indicators.plan_id), questions.unit_id, questions.asked_at, _MOMENT,
    ),
    "vuong-mac": _of_rows(_is_stuck, _DUE, _DAY, note=assignments.blocked_reason),
    "qua-han": _of_rows(_is_late, _DUE, _DAY, counts_days=True),
    "so-lieu-qua-han": _of_figures(_late_figures, _FIGURE_DUE, _DAY, counts_days=True),
    "tra-lai": _of_rows(_is("returned"), _DUE, _DAY, counts_days=True),
    "so-lieu-tra-lai": _of_figures(
        lambda work: submissions.state == "returned", _FIGURE_DUE, _DAY, counts_days=True
    ),
    "don-vi-ket-thuc": _of_rows(_unit_ended, _DUE, _DAY),
    "chua-chu-tri": _of_tasks(TaskFilter(without_lead=True, running=True)),
    "chua-han": _of_tasks(TaskFilter(without_due=True, running=True)),
    "chua-san-pham": _of_tasks(TaskFilter(without_product=True, running=True)),
}  # fmt: skip
