"""A plan as a page: its text with the work that came of each clause, its organisations, indicators and story."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.models import Assignment, Document, Indicator, Passage, Period, Plan, Responsibility, Task
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.deadlines import overdue_condition
from app.services.lanes import Lane, build_lanes, is_current
from app.services.plan import plan_actions
from app.services.plan_versions import plans_before
from app.services.standing import show_goal
from app.services.states import LEFT_OUT
from app.services.target import list_targets
from app.services.timeline import TimelineEntry, timeline_of
from app.services.workbench_source import pieces_of
from app.work import Work

assignments, indicators, periods = columns(Assignment), columns(Indicator), columns(Period)
passages, responsibilities, tasks = columns(Passage), columns(Responsibility), columns(Task)

_UNSHOWN = ("page_number", "header", "closing")


@dataclass(frozen=True, slots=True)
class ClauseTask:
    """A task made of a clause; `confirmed` and `sent` of `total` rows that count now. `has_lead` False is a
    to-do of the office."""

    id: UUID
    code: str
    title: str
    has_lead: bool
    total: int = 0
    sent: int = 0
    confirmed: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class PlanIndicator:
    id: UUID
    code: str
    name: str
    goals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    passage: Passage
    pieces: tuple[str, ...]
    tasks: tuple[ClauseTask, ...]
    indicators: tuple[PlanIndicator, ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`lanes` and counts are for those who read the whole locality: `with_status`. A unit sees the text."""

    plan: Plan
    document: Document | None
    actions: tuple[str, ...]
    with_status: bool
    clauses: tuple[Clause, ...]
    lanes: tuple[Lane, ...]
    indicators: tuple[PlanIndicator, ...]
    unassigned: tuple[ClauseTask, ...]
    timeline: tuple[TimelineEntry, ...]
    task_count: int


def build_plan_page(work: Work, plan_id: UUID) -> PlanPage:
    plan = find(work, Plan, plan_id)
    with_status = work.actor.may(Permission.OVERVIEW_READ, plan.locality_id)
    made = _tasks(work, plan, with_status=with_status)
    measured = _indicators(work, plan)
    reads_document = work.actor.may(Permission.DOCUMENT_READ, plan.locality_id)
    return PlanPage(
        plan=plan,
        document=find(work, Document, plan.document_id) if reads_document else None,
        actions=tuple(plan_actions(work, plan)),
        with_status=with_status,
        clauses=_clauses(work, plan, made, measured),
        lanes=build_lanes(work, plan) if with_status else (),
        indicators=tuple(one for _, one in measured),
        unassigned=tuple(task for _, task in made if not task.has_lead) if with_status else (),
        timeline=_story(work, plan) if with_status else (),
        task_count=len(made),
    )


def _story(work: Work, plan: Plan) -> tuple[TimelineEntry, ...]:
    """Of the plan, its document, and the plans it goes on from."""
    before = [one.id for one in plans_before(work, plan)]
    return timeline_of(work, [plan.id, plan.document_id, *before], limit=40)


def _clauses(
    work: Work,
    plan: Plan,
    made: list[tuple[UUID | None, ClauseTask]],
    measured: list[tuple[UUID | None, PlanIndicator]],
) -> tuple[Clause, ...]:
    """The text is part of the plan: who may read the plan may read it, without the right to its document."""
    rows = work.session.scalars(
        select(passages)
        .where(passages.document_id == plan.document_id, passages.kind.not_in(_UNSHOWN))
        .order_by(passages.ordinal)
    )
    return tuple(
        Clause(
            passage=row,
            pieces=pieces_of(row),
            tasks=tuple(task for passage_id, task in made if passage_id == row.id),
            indicators=tuple(one for passage_id, one in measured if passage_id == row.id),
        )
        for row in rows
    )


def _tasks(work: Work, plan: Plan, *, with_status: bool) -> list[tuple[UUID | None, ClauseTask]]:
    lead = (
        select(responsibilities.id)
        .where(responsibilities.task_id == tasks.id, responsibilities.role != "cooperate")
        .where(responsibilities.ended_on.is_(None))
        .exists()
    )
    rows = work.session.execute(
        visible(work, Task, tasks.id, tasks.code, tasks.title, tasks.passage_id, lead.label("has_lead"))
        .where(tasks.plan_id == plan.id)
        .order_by(tasks.ordinal)
    ).all()
    counted = _counts(work, plan) if with_status else {}
    return [(r.passage_id, _task(r, counted.get(r.id))) for r in rows]


def _task(row: Any, counted: Any) -> ClauseTask:
    if counted is None:
        return ClauseTask(row.id, row.code, row.title, row.has_lead)
    return ClauseTask(
        row.id,
        row.code,
        row.title,
        row.has_lead,
        counted.total,
        counted.sent,
        counted.confirmed,
        counted.late,
    )


def _counts(work: Work, plan: Plan) -> dict[UUID, Any]:
    """Rows that count now, by task: dated ones and those of open periods."""
    rows = work.session.execute(
        select(
            assignments.task_id,
            func.count().label("total"),
            func.count().filter(assignments.state.in_(("reported", "confirmed"))).label("sent"),
            func.count().filter(assignments.state == "confirmed").label("confirmed"),
            func.count().filter(overdue_condition(work.today)).label("late"),
        )
        .select_from(assignments)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(
            assignments.locality_id == plan.locality_id,
            assignments.plan_id == plan.id,
            assignments.state.not_in(LEFT_OUT),
            is_current(None),
        )
        .group_by(assignments.task_id)
    )
    return {row.task_id: row for row in rows}


def _indicators(work: Work, plan: Plan) -> list[tuple[UUID | None, PlanIndicator]]:
    rows = list(
        work.session.scalars(
            visible(work, Indicator).where(indicators.plan_id == plan.id).order_by(indicators.ordinal)
        )
    )
    goals = list_targets(work, [row.id for row in rows])
    return [(row.passage_id, _indicator(row, goals[row.id])) for row in rows]


def _indicator(row: Indicator, goals: list[Any]) -> PlanIndicator:
    shown = tuple(
        show_goal(goal, row) + (f" (đến năm {goal.horizon})" if goal.horizon else "") for goal in goals
    )
    return PlanIndicator(row.id, row.code, row.name, shown)
