"""The page of one task: its sentence, who carries it, every row the reader may see, and its story."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.models import Assignment, Period, Plan, Task, TaskReport, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.deadlines import is_overdue
from app.services.plan_versions import continued_by
from app.services.responsibility import ResponsibilitySeen, list_responsibilities, responsibility_actions
from app.services.story import Story, build_story
from app.services.task import Source, sources_of, task_actions
from app.services.unit_group import members_on
from app.work import Work

assignments, units, periods = columns(Assignment), columns(Unit), columns(Period)
reports = columns(TaskReport)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One unit's part of the task. `late`: days past its due date while it is still to be reported, else None."""

    id: UUID
    unit_id: UUID
    unit_name: str
    group_id: UUID | None
    period: str | None
    period_name: str | None
    is_current: bool
    state: str
    due_on: date | None
    done_on: date | None
    overdue: bool
    late: int | None
    blocked_reason: str | None
    reports: int


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who carries the task, with the names of a group's members of today; `may_end` while it can be taken back."""

    given: ResponsibilitySeen
    members: tuple[str, ...]
    may_end: bool


@dataclass(frozen=True, slots=True)
class TaskPage:
    task: Task
    plan: Plan
    source: Source | None
    carriers: tuple[Carrier, ...]
    rows: tuple[TaskRow, ...]
    past: tuple[TaskRow, ...]
    reports: int
    story: Story
    may_urge: bool
    actions: tuple[str, ...]
    before: Task | None
    after: Task | None

    @property
    def silent(self) -> tuple[TaskRow, ...]:
        """Current rows nobody reported on, the late ones first."""
        return tuple(
            row for row in self.rows if row.state in ("assigned", "acknowledged", "in_progress", "returned")
        )

    @property
    def has_lead(self) -> bool:
        return any(carrier.given.role != "cooperate" for carrier in self.carriers)


def build_task_page(work: Work, task_id: UUID, *, unit: str = "", is_newest_first: bool = False) -> TaskPage:
    """`unit` narrows the story to one unit's rows."""
    task = find(work, Task, task_id)
    plan = find(work, Plan, task.plan_id)
    rows = list_task_rows(work, task.id)
    return TaskPage(
        task=task,
        plan=plan,
        source=sources_of(work, [task]).get(task.id),
        carriers=_carriers(work, task, rows),
        rows=tuple(sorted((row for row in rows if row.is_current), key=lambda row: not row.overdue)),
        past=tuple(row for row in rows if not row.is_current),
        reports=sum(row.reports for row in rows),
        story=build_story(
            work,
            task,
            {row.id: (row.unit_id, row.unit_name) for row in rows},
            unit=unit,
            is_newest_first=is_newest_first,
        ),
        may_urge=work.actor.may(Permission.URGING_WRITE, task.locality_id),
        actions=tuple(task_actions(work, task)) if plan.state == "issued" else (),
        before=work.session.get(Task, task.previous_id) if task.previous_id else None,
        after=continued_by(work, Task, task.id),
    )


def list_task_rows(work: Work, task_id: UUID, *, limit: int = 1_000) -> list[TaskRow]:
    """Rows the actor may see, dated ones and the newest period first, then by unit."""
    sent = (
        select(func.count())
        .select_from(reports)
        .where(reports.assignment_id == assignments.id)
        .scalar_subquery()
    )
    statement = (
        visible(
            work,
            Assignment,
            assignments.id,
            assignments.unit_id,
            units.name.label("unit_name"),
            assignments.group_id,
            periods.label.label("period"),
            periods.name.label("period_name"),
            periods.state.label("period_state"),
            assignments.state,
            assignments.due_on,
            assignments.reported_on,
            assignments.done_on,
            assignments.blocked_reason,
            sent.label("reports"),
        )
        .join(units, units.id == assignments.unit_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.task_id == task_id)
        .order_by(periods.ends_on.is_not(None), periods.ends_on.desc(), units.name, assignments.id)
        .limit(limit)
    )
    return [_row(row, work.today) for row in work.session.execute(statement)]


def _row(row: Any, today: date) -> TaskRow:
    is_open = row.state in ("assigned", "acknowledged", "in_progress", "returned")
    return TaskRow(
        id=row.id,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        group_id=row.group_id,
        period=row.period,
        period_name=row.period_name,
        is_current=row.period_state in (None, "open"),
        state=row.state,
        due_on=row.due_on,
        done_on=row.done_on,
        overdue=is_overdue(row.state, row.due_on, row.reported_on, today),
        late=(today - row.due_on).days if is_open and row.due_on else None,
        blocked_reason=row.blocked_reason,
        reports=row.reports,
    )


def _carriers(work: Work, task: Task, rows: list[TaskRow]) -> tuple[Carrier, ...]:
    found = list_responsibilities(work, task=task.id, limit=500)
    groups = members_on(work, [one.unit_id for one in found if one.is_group], work.today)
    reported = {key for r in rows if r.is_current and r.reports for key in (r.unit_id, r.group_id)}
    return tuple(
        Carrier(
            one,
            tuple(unit.name for unit in groups.get(one.unit_id, [])),
            "end" in responsibility_actions(work, one) and one.unit_id not in reported,
        )
        for one in found
    )
