"""What a member of a group has not been given, and what one who left still holds: the rows behind questions about
late joiners and members that left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from app.models import Assignment, Indicator, IndicatorOwner, Period, Plan, Responsibility, Submission, Task
from app.models.base import columns
from app.services.expectation import expect_submissions, reporters_of
from app.services.fan_out import fan_out
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.plan_reporting import is_due_in
from app.services.states import MISSING_SUBMISSIONS
from app.work import Work

assignments, submissions, periods = columns(Assignment), columns(Submission), columns(Period)
given, tasks, plans = columns(Responsibility), columns(Task), columns(Plan)
indicators, owners = columns(Indicator), columns(IndicatorOwner)


@dataclass(frozen=True, slots=True)
class LackedRow:
    """A row other members have. Either `responsibility` or `indicator` is set; dated work has no `period`."""

    code: str
    title: str
    due_on: date | None
    period: Period | None
    responsibility: Responsibility | None = None
    indicator: Indicator | None = None

    @property
    def kind(self) -> str:
        return "submission" if self.indicator else "assignment"

    @property
    def id(self) -> None:
        """There is no row yet."""

    @property
    def period_name(self) -> str | None:
        return self.period.name if self.period else None


@dataclass(frozen=True, slots=True)
class HeldRow:
    """An open row. `kind`: assignment or submission."""

    kind: str
    id: UUID
    code: str
    title: str
    due_on: date | None
    period_name: str | None


def list_lacked(work: Work, group_id: UUID, unit_id: UUID) -> list[LackedRow]:
    """Dated work that is not past its day and rows of open periods, given to the group's other members and not to
    this one: dated first, then by period."""
    running = [None, *_open_periods(work, group_id)]
    found: list[LackedRow] = []
    for period in running:
        found += _lacked_work(work, group_id, unit_id, period)
        if period is not None:
            found += _lacked_figures(work, group_id, unit_id, period)
    return found


def give_lacked(work: Work, rows: Sequence[LackedRow]) -> int:
    """Make them; the number made. The caller has required the permission and records the event."""
    of_period = {row.period.id if row.period else None: row.period for row in rows}
    made = 0
    for key, period in of_period.items():
        same = [row for row in rows if (row.period.id if row.period else None) == key]
        made += fan_out(work, [row.responsibility for row in same if row.responsibility], period)
        if period is not None:
            made += expect_submissions(work, [row.indicator for row in same if row.indicator], period)
    return made


def list_held(work: Work, group_id: UUID, unit_id: UUID) -> list[HeldRow]:
    """Open rows nobody waits to decide on which the unit has through the group: work first, then figures it would
    not be asked for now."""
    of_work = (
        select(assignments.id, tasks.code, tasks.title, assignments.due_on, periods.name)
        .join(tasks, tasks.id == assignments.task_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.group_id == group_id, assignments.unit_id == unit_id)
        .where(assignments.state.in_(MISSING_ASSIGNMENTS))
        .where(or_(assignments.period_id.is_(None), periods.state == "open"))
        .order_by(assignments.due_on, tasks.ordinal, assignments.id)
    )
    of_figures = (
        select(
            submissions.id,
            indicators.code,
            indicators.name,
            submissions.due_on,
            periods.name.label("period_name"),
            submissions.indicator_id,
        )
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(owners, and_(owners.indicator_id == indicators.id, owners.unit_id == group_id))
        .join(periods, periods.id == submissions.period_id)
        .where(submissions.unit_id == unit_id, submissions.state.in_(MISSING_SUBMISSIONS))
        .where(periods.state == "open")
        .order_by(submissions.due_on, indicators.ordinal, submissions.id)
    )
    figures = work.session.execute(of_figures).all()
    still = reporters_of(work, list({row.indicator_id for row in figures}))
    return [HeldRow("assignment", *row) for row in work.session.execute(of_work)] + [
        HeldRow("submission", row.id, row.code, row.name, row.due_on, row.period_name)
        for row in figures
        if unit_id not in still[row.indicator_id]
    ]


def _open_periods(work: Work, group_id: UUID) -> list[Period]:
    home = select(given.locality_id).where(given.unit_id == group_id)
    owned = select(owners.locality_id).where(owners.unit_id == group_id)
    statement = select(periods).where(periods.state == "open", periods.locality_id.in_(home.union(owned)))
    return list(work.session.scalars(statement.order_by(periods.due_on, periods.id)))


def _lacked_work(work: Work, group_id: UUID, unit_id: UUID, period: Period | None) -> list[LackedRow]:
    given_out = exists().where(assignments.responsibility_id == given.id, _in(period))
    statement = (
        select(given, tasks, plans)
        .join(tasks, tasks.id == given.task_id)
        .join(plans, plans.id == tasks.plan_id)
        .where(given.unit_id == group_id, given.ended_on.is_(None), given.completion != "joint")
        .where(plans.state == "issued", given_out, ~given_out.where(assignments.unit_id == unit_id))
        # Completion `any`: what one member finished is asked of nobody any more.
        .where(or_(given.completion != "any", ~given_out.where(assignments.state == "confirmed")))
        .order_by(tasks.plan_id, tasks.ordinal, given.id)
    )
    if period is None:
        ahead = or_(tasks.due_on.is_(None), tasks.due_on >= work.today)
        statement = statement.where(tasks.kind != "standing", ahead)
    else:
        statement = statement.where(tasks.kind == "standing")
    return [
        LackedRow(task.code, task.title, period.due_on if period else task.due_on, period, responsibility=one)
        for one, task, plan in work.session.execute(statement)
        if period is None or is_due_in(plan, task.cycle, period)
    ]


def _lacked_figures(work: Work, group_id: UUID, unit_id: UUID, period: Period) -> list[LackedRow]:
    given_out = exists().where(submissions.indicator_id == indicators.id, submissions.period_id == period.id)
    statement = (
        select(indicators, plans)
        .join(owners, owners.indicator_id == indicators.id)
        .join(plans, plans.id == indicators.plan_id)
        .where(owners.unit_id == group_id, plans.state == "issued")
        .where(given_out, ~given_out.where(submissions.unit_id == unit_id))
        .order_by(indicators.plan_id, indicators.ordinal, indicators.id)
    )
    return [
        LackedRow(one.code, one.name, period.due_on, period, indicator=one)
        for one, plan in work.session.execute(statement)
        if is_due_in(plan, one.cycle, period)
    ]


def _in(period: Period | None) -> Any:
    return assignments.period_id.is_(None) if period is None else assignments.period_id == period.id
