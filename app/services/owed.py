"""Rows nobody has reported: what units owe, and when each was last urged."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Select, and_, func, literal, literal_column, or_, select, union_all
from sqlalchemy.orm import aliased

from app.models import Assignment, Indicator, Period, Plan, Submission, Task, Unit, Urging, UrgingRow
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import home_locality
from app.services.lanes import is_current
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.states import MISSING_SUBMISSIONS
from app.work import Work

assignments, tasks, plans = columns(Assignment), columns(Task), columns(Plan)
submissions, indicators, periods = columns(Submission), columns(Indicator), columns(Period)
units, urgings, urged_rows = columns(Unit), columns(aliased(Urging)), columns(aliased(UrgingRow))

# How old: every missing row, the late ones, those a week or a month late.
AGES: dict[str, int | None] = {"all": None, "late": 1, "week": 7, "month": 30}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedFilter:
    """None means any. `kind`: assignment or submission; `age`: a key of AGES; `period` an id."""

    plan: UUID | None = None
    unit: UUID | None = None
    period: UUID | None = None
    kind: str | None = None
    age: str = "late"


class OwedRow(NamedTuple):
    """One row without a report. `urged_at`: when its unit was last urged about it."""

    kind: str
    id: UUID
    locality_id: UUID
    unit_id: UUID
    unit_name: str
    code: str
    title: str
    state: str
    due_on: date | None
    plan_code: str
    period_name: str | None
    urged_at: datetime | None

    @property
    def href(self) -> str:
        return f"/viec/{self.id}" if self.kind == "assignment" else f"/so-lieu/{self.id}"

    def days_late(self, today: date) -> int | None:
        return (today - self.due_on).days if self.due_on else None


def list_owed(
    work: Work,
    locality_id: UUID | None,
    wanted: OwedFilter,
    *,
    after: tuple[date | None, UUID] | None = None,
    limit: int = 100,
) -> list[OwedRow]:
    """Of open periods and of dated work past its day, the longest overdue first. Without a locality, of all whose
    overview the actor reads."""
    work.require(Permission.OVERVIEW_READ, home_locality(work, locality_id))
    read = work.actor.localities_with(Permission.OVERVIEW_READ)
    places = sorted(read) if locality_id is None else [locality_id]
    parts = []
    if wanted.kind != "submission":
        parts.append(_narrowed(_owed_work(work.today, places), assignments, assignments.plan_id, wanted))
    if wanted.kind != "assignment":
        parts.append(_narrowed(_owed_figures(places), submissions, indicators.plan_id, wanted))
    both = union_all(*parts).subquery()
    due = func.coalesce(both.c.due_on, literal_column("'9999-12-31'"), type_=Date)
    statement = select(both).order_by(due, both.c.id).limit(limit)
    if (days := AGES.get(wanted.age)) is not None:
        statement = statement.where(both.c.due_on <= work.today - timedelta(days=days))
    if after is not None:
        last = after[0] or date.max
        statement = statement.where(or_(due > last, and_(due == last, both.c.id > after[1])))
    return [OwedRow._make(row) for row in work.session.execute(statement)]


def pick_owed(
    work: Work, locality_id: UUID, assignment_ids: Collection[UUID], submission_ids: Collection[UUID]
) -> list[OwedRow]:
    """Those of the given rows that are still owed, whatever their age; by unit, the longest overdue first."""
    work.require(Permission.OVERVIEW_READ, locality_id)
    some_work = _owed_work(None, [locality_id]).where(assignments.id.in_(assignment_ids))
    some_figures = _owed_figures([locality_id]).where(submissions.id.in_(submission_ids))
    both = union_all(some_work, some_figures).subquery()
    due = func.coalesce(both.c.due_on, literal_column("'9999-12-31'"), type_=Date)
    statement = select(both).order_by(both.c.unit_name, both.c.unit_id, due, both.c.code, both.c.id)
    return [OwedRow._make(row) for row in work.session.execute(statement)]


def _owed_work(today: date | None, places: Collection[UUID]) -> Select[Any]:
    """With `today` only what is current; without, any row that is missing."""
    statement = (
        select(*_columns("assignment", assignments, tasks.code, tasks.title, urged_rows.assignment_id))
        .join(tasks, tasks.id == assignments.task_id)
        .join(plans, plans.id == assignments.plan_id)
        .join(units, units.id == assignments.unit_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.locality_id.in_(places), assignments.state.in_(MISSING_ASSIGNMENTS))
    )
    if today is None:
        return statement
    is_expected = or_(assignments.period_id.is_not(None), assignments.due_on < today)
    return statement.where(is_current(None), is_expected)


def _owed_figures(places: Collection[UUID]) -> Select[Any]:
    return (
        select(
            *_columns("submission", submissions, indicators.code, indicators.name, urged_rows.submission_id)
        )
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(plans, plans.id == indicators.plan_id)
        .join(units, units.id == submissions.unit_id)
        .join(periods, periods.id == submissions.period_id)
        .where(submissions.locality_id.in_(places), submissions.state.in_(MISSING_SUBMISSIONS))
        .where(periods.state == "open")
    )


def _columns(kind: str, row: Any, code: Any, title: Any, urged_key: Any) -> tuple[Any, ...]:
    """Those of OwedRow, in its order."""
    last_urged = (
        select(func.max(urgings.sent_at))
        .join(urged_rows, urged_rows.urging_id == urgings.id)
        .where(urged_key == row.id, urgings.kind == "urge")
        .scalar_subquery()
    )
    return (
        literal(kind).label("kind"),
        row.id,
        row.locality_id,
        row.unit_id,
        units.name.label("unit_name"),
        code.label("code"),
        title.label("title"),
        row.state,
        row.due_on,
        plans.code.label("plan_code"),
        periods.name.label("period_name"),
        last_urged.label("urged_at"),
    )


def _narrowed(statement: Select[Any], row: Any, plan_id: Any, wanted: OwedFilter) -> Select[Any]:
    if wanted.plan is not None:
        statement = statement.where(plan_id == wanted.plan)
    if wanted.unit is not None:
        statement = statement.where(row.unit_id == wanted.unit)
    if wanted.period is not None:
        statement = statement.where(row.period_id == wanted.period)
    return statement
