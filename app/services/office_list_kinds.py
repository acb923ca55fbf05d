"""The kinds of the office's lists (office_lists.py): which rows each has, in what order, and where a line leads."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, and_, func, literal, literal_column, null, or_, select
from sqlmodel import SQLModel

from app.models import (
    Assignment,
    Extension,
    Indicator,
    Period,
    Question,
    Submission,
    Task,
    Unit,
    UnitSuccessor,
)
from app.models.base import columns
from app.services._scope import visible
from app.services.deadlines import overdue_condition
from app.services.states import MISSING_SUBMISSIONS, OPEN_ASSIGNMENTS
from app.services.task import TaskFilter, narrow_tasks
from app.services.unit_holdings import figure_is_open, row_is_open
from app.work import Work

assignments, submissions, tasks = columns(Assignment), columns(Submission), columns(Task)
indicators, units, periods = columns(Indicator), columns(Unit), columns(Period)
extensions, questions, successors = columns(Extension), columns(Question), columns(UnitSuccessor)

_NEVER: Any = literal_column("'9999-12-31'")
Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class OfficeListKind:
    """`model`: whose id a line has; `at`: where a line leads; `order`: what lines are sorted by, read back by
    `read`."""

    model: type[SQLModel]
    at: Callable[[Any], str]
    statement: Callable[[Work, UUID], Select[Any]]
    folded: Any
    plan: Any
    unit: Any
    order: Any
    read: Reader
    counts_days: bool = False


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
    return and_(row_is_open(), units.valid_to < work.today)


def _figures_unit_ended(work: Work) -> Any:
    return and_(figure_is_open(), units.valid_to < work.today)


def _with_change(build: Callable[[Work, UUID], Select[Any]]) -> Callable[[Work, UUID], Select[Any]]:
    """With the change in which the unit ended: None for one that was given its last day by hand."""
    newest = select(successors.change_id).where(successors.from_unit_id == units.id)
    change = newest.order_by(successors.id.desc()).limit(1).correlate(units).scalar_subquery()
    return lambda work, locality_id: build(work, locality_id).add_columns(change.label("change_id"))


def _page(at: str) -> Callable[[Any], str]:
    return lambda row: f"{at}{row.target}"


def _change_page(at: str) -> Callable[[Any], str]:
    """Where its rows are handed on; of a unit without a change, the row's own."""
    return lambda row: f"/don-vi/thay-doi/{row.change_id}" if row.change_id else f"{at}{row.target}"


def _late_figures(work: Work) -> Any:
    missing = tuple(state for state in MISSING_SUBMISSIONS if state != "returned")
    return submissions.state.in_(missing) & (submissions.due_on < work.today) & (periods.state == "open")


_DUE = func.coalesce(assignments.due_on, _NEVER, type_=Date)
_FIGURE_DUE = func.coalesce(submissions.due_on, _NEVER, type_=Date)
_MOMENT = datetime.fromisoformat
_DAY = date.fromisoformat


def _of_rows(
    condition: Callable[[Work], Any], order: Any, read: Reader, *, counts_days: bool = False, note: Any = None
) -> OfficeListKind:
    shown = assignments.state_reason if note is None else note
    return OfficeListKind(
        Assignment, _page("/viec/"), _rows(condition, shown), tasks.folded, assignments.plan_id, assignments.unit_id,
        order, read, counts_days,
    )  # fmt: skip


def _of_figures(
    condition: Callable[[Work], Any], order: Any, read: Reader, *, counts_days: bool = False
) -> OfficeListKind:
    return OfficeListKind(
        Submission, _page("/so-lieu/"), _figures(condition), indicators.folded, indicators.plan_id, submissions.unit_id,
        order, read, counts_days,
    )  # fmt: skip


def _of_tasks(wanted: TaskFilter) -> OfficeListKind:
    return OfficeListKind(
        Task,
        _page("/nhiem-vu/"),
        _tasks(wanted),
        tasks.folded,
        tasks.plan_id,
        units.id,
        tasks.created_at,
        _MOMENT,
    )


def _of_ended(one: OfficeListKind, at: str) -> OfficeListKind:
    return replace(one, at=_change_page(at), statement=_with_change(one.statement))


# In the order the office works them; those that wait longest come first in each.
LISTS: dict[str, OfficeListKind] = {
    "bao-cao": _of_rows(
        _is("reported"), func.coalesce(assignments.reported_at, assignments.created_at), _MOMENT
    ),
    "so-lieu": _of_figures(
        lambda work: submissions.state == "sent",
        func.coalesce(submissions.sent_at, submissions.created_at),
        _MOMENT,
    ),
    "gia-han": OfficeListKind(
        Extension, _page("/viec/"), _requests, tasks.folded, assignments.plan_id, extensions.unit_id,
        extensions.asked_at, _MOMENT,
    ),
    "cau-hoi": OfficeListKind(
        Question, _page("/cau-hoi/"), _questions, func.lower(questions.text),
        func.coalesce(assignments.plan_id, indicators.plan_id), questions.unit_id, questions.asked_at, _MOMENT,
    ),
    "vuong-mac": _of_rows(_is_stuck, _DUE, _DAY, note=assignments.blocked_reason),
    "qua-han": _of_rows(_is_late, _DUE, _DAY, counts_days=True),
    "so-lieu-qua-han": _of_figures(_late_figures, _FIGURE_DUE, _DAY, counts_days=True),
    "tra-lai": _of_rows(_is("returned"), _DUE, _DAY, counts_days=True),
    "so-lieu-tra-lai": _of_figures(
        lambda work: submissions.state == "returned", _FIGURE_DUE, _DAY, counts_days=True
    ),
    "don-vi-ket-thuc": _of_ended(_of_rows(_unit_ended, _DUE, _DAY), "/viec/"),
    "so-lieu-ket-thuc": _of_ended(_of_figures(_figures_unit_ended, _FIGURE_DUE, _DAY), "/so-lieu/"),
    "chua-chu-tri": _of_tasks(TaskFilter(without_lead=True, running=True)),
    "chua-han": _of_tasks(TaskFilter(without_due=True, running=True)),
    "chua-san-pham": _of_tasks(TaskFilter(without_product=True, running=True)),
}  # fmt: skip
