"""Who owes reports, and what is late and for how long. Shared by the overview and the home pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select, union_all

from app.models import Assignment, Indicator, Period, Submission, Task, Unit
from app.models.base import columns
from app.services.deadlines import OVERDUE_BANDS, band_condition, days_overdue, overdue_condition
from app.services.lanes import is_current
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.states import MISSING_SUBMISSIONS
from app.work import Work

assignments, tasks, units, periods = columns(Assignment), columns(Task), columns(Unit), columns(Period)
submissions, indicators = columns(Submission), columns(Indicator)


@dataclass(frozen=True, slots=True)
class Silent:
    """A unit that owes reports: `rows` of work and `figures` of indicators; `overdue` of both, by up to `days`."""

    unit_id: UUID
    name: str
    rows: int
    figures: int
    overdue: int
    days: int


@dataclass(frozen=True, slots=True)
class LateRow:
    """An overdue row; `days` past its due date, until today or until the day its report was sent."""

    id: UUID
    plan_id: UUID
    task_id: UUID
    code: str
    title: str
    unit_id: UUID
    unit_name: str
    state: str
    due_on: date
    blocked_reason: str | None
    days: int


def list_silent(
    work: Work, locality_id: UUID, *, plan_id: UUID | None = None, period: str | None = None
) -> tuple[Silent, ...]:
    """Units that owe reports in open periods (or in the one of a label), or on dated work that is past its day;
    the longest overdue first. The caller has required the right to read the locality's overview."""
    both = union_all(
        _missing_rows(work.today, locality_id, plan_id, period),
        _missing_figures(locality_id, plan_id, period),
    )
    return gather_silent(work.session.execute(both), work.today)


def gather_silent(owed: Iterable[Any], today: date) -> tuple[Silent, ...]:
    """`owed`: n missing things of one kind (row or figure) of one unit (id, name), due on one day. Pure."""
    of_unit: dict[tuple[UUID, str], list[Any]] = {}
    for one in owed:
        of_unit.setdefault((one.id, one.name), []).append(one)
    found = [_silent(unit, same, today) for unit, same in of_unit.items()]
    return tuple(sorted(found, key=lambda s: (-s.days, -(s.rows + s.figures), s.name, s.unit_id)))


def list_late(work: Work, *conditions: Any, limit: int = 20) -> tuple[LateRow, ...]:
    """Overdue rows, the longest overdue first; the caller's conditions narrow them to what the actor may see."""
    statement = (
        select(
            assignments.id,
            assignments.plan_id,
            assignments.task_id,
            tasks.code,
            tasks.title,
            assignments.unit_id,
            units.name.label("unit_name"),
            assignments.state,
            assignments.due_on,
            assignments.blocked_reason,
            assignments.reported_on,
        )
        .join(tasks, tasks.id == assignments.task_id)
        .join(units, units.id == assignments.unit_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(overdue_condition(work.today), *conditions)
        .order_by(assignments.due_on, tasks.ordinal, assignments.id)
        .limit(limit)
    )
    return tuple(_late_row(row, work.today) for row in work.session.execute(statement))


def count_bands(work: Work, *conditions: Any) -> dict[str, int]:
    """How many rows are overdue by the bands of OVERDUE_BANDS; the caller's conditions as in `list_late`."""
    bands = (
        func.count().filter(band_condition(work.today, low, high)).label(name)
        for name, (low, high) in OVERDUE_BANDS.items()
    )
    statement = (
        select(*bands)
        .select_from(assignments)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(overdue_condition(work.today), *conditions)
    )
    return dict(work.session.execute(statement).mappings().one())


def _late_row(row: Any, today: date) -> LateRow:
    shown = dict(row._mapping)
    days = days_overdue(row.state, row.due_on, shown.pop("reported_on"), today)
    return LateRow(**shown, days=days)


def _silent(unit: tuple[UUID, str], rows: list[Any], today: date) -> Silent:
    late = [row for row in rows if row.due_on is not None and row.due_on < today]
    return Silent(
        *unit,
        rows=sum(row.n for row in rows if row.kind == "row"),
        figures=sum(row.n for row in rows if row.kind == "figure"),
        overdue=sum(row.n for row in late),
        days=max(((today - row.due_on).days for row in late), default=0),
    )


def _missing_rows(today: date, locality_id: UUID, plan_id: UUID | None, period: str | None) -> Select[Any]:
    statement = (
        select(
            units.id, units.name, literal("row").label("kind"), assignments.due_on, func.count().label("n")
        )
        .select_from(assignments)
        .join(units, units.id == assignments.unit_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.locality_id == locality_id, is_current(period))
        .where(assignments.state.in_(MISSING_ASSIGNMENTS))
        .where(or_(assignments.period_id.is_not(None), assignments.due_on < today))
        .group_by(units.id, units.name, assignments.due_on)
    )
    return statement if plan_id is None else statement.where(assignments.plan_id == plan_id)


def _missing_figures(locality_id: UUID, plan_id: UUID | None, period: str | None) -> Select[Any]:
    statement = (
        select(
            units.id, units.name, literal("figure").label("kind"), submissions.due_on, func.count().label("n")
        )
        .select_from(submissions)
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(units, units.id == submissions.unit_id)
        .join(periods, periods.id == submissions.period_id)
        .where(submissions.locality_id == locality_id)
        .where(periods.state == "open" if period is None else periods.label == period)
        .where(submissions.state.in_(MISSING_SUBMISSIONS))
        .group_by(units.id, units.name, submissions.due_on)
    )
    return statement if plan_id is None else statement.where(indicators.plan_id == plan_id)
