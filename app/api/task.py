"""/tasks: what plans ask for, each with its source sentence."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply, reply_with_parts
from app.api.responsibility import ResponsibilityOut, responsibility_out
from app.api.timeline import timeline_out
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Task
from app.permissions import Permission as P
from app.services import task as service
from app.services.responsibility import list_responsibilities
from app.services.task import TaskFilter, count_tasks, get_task, list_tasks, sources_of, task_actions
from app.services.task_page import TaskRow, list_task_rows
from app.work import Work

router = APIRouter(prefix="/tasks", tags=["tasks"], route_class=AnsweredRoute)


class SourceOut(BaseModel):
    """The clause a task comes from: its path ("IV.6.2") and the passage."""

    path: str
    passage: UUID
    document: UUID


class TaskOut(BaseModel):
    """`text` is the sentence as issued; `cycle` null on a standing task means every period."""

    id: UUID
    version: int
    plan: UUID
    code: str
    title: str
    text: str
    section: str | None
    source: SourceOut | None
    kind: str
    cycle: str | None
    due_on: date | None
    expected_product: str | None
    needs_evidence: bool
    allowed_actions: list[str]


class TaskRowOut(BaseModel):
    """One unit's part, as far as the reader may see it."""

    id: UUID
    unit: UUID
    unit_name: str
    group: UUID | None
    period: str | None
    state: str
    due_on: date | None
    overdue: bool
    reports: int


class TaskEventOut(BaseModel):
    """`unit`: whose row it happened to, null for what happened to the task itself."""

    at: str
    kind: str
    actor: str
    text: str
    unit: UUID | None


class TaskDetailOut(TaskOut):
    responsibilities: list[ResponsibilityOut]
    assignments: list[TaskRowOut]
    timeline: list[TaskEventOut]


class TaskPage(BaseModel):
    items: list[TaskOut]
    next: str | None
    count: int | None = None


@router.get("", operation_id="list_tasks", summary="List tasks in the plan's order", response_model=TaskPage)
@policy(P.PLAN_READ)
def list_(
    request: Request,
    work: WorkGiven,
    plan: UUID | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: Literal["dated", "standing", "milestone"] | None = None,
    without_lead: bool | None = None,
    without_deadline: bool | None = None,
    without_product: bool | None = None,
    count: bool = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    wanted = TaskFilter(
        plan=plan, q=q, kind=kind, without_lead=without_lead, without_due=without_deadline,
        without_product=without_product,
    )  # fmt: skip
    after: Any = from_cursor(cursor, UUID)
    rows = list_tasks(work, wanted, after=after[0] if after else None, limit=limit + 1)
    total = count_tasks(work, wanted) if count else None
    return reply(request, page_of(_outs(work, rows), limit, lambda o: (o["id"],), count=total))


@router.get(
    "/{task_id}",
    operation_id="get_task",
    summary="One task: its sentence, who carries it, its rows and its story",
    response_model=TaskDetailOut,
)
@policy(P.PLAN_READ)
def get(request: Request, work: WorkGiven, task_id: UUID) -> Response:
    task = get_task(work, task_id)
    return reply_with_parts(request, _detail(work, task), version=task.version)


@router.post(
    "",
    operation_id="add_task",
    summary="Add a task to an issued plan",
    status_code=201,
    response_model=TaskDetailOut,
)
@policy(P.TASK_MANAGE)
def add(request: Request, work: WorkGiven, typed: service.TaskInput) -> Response:
    task = service.add_task(work, typed)
    at = f"/api/v1/tasks/{task.id}"
    return reply_with_parts(request, _detail(work, task), version=task.version, status=201, location=at)


@router.patch(
    "/{task_id}",
    operation_id="change_task",
    summary="Change a task's name, kind, cycle, due date or product",
    response_model=TaskDetailOut,
)
@policy(P.TASK_MANAGE)
def change(
    request: Request, work: WorkGiven, task_id: UUID, change: service.TaskChange, version: IfMatch
) -> Response:
    task = service.change_task(work, task_id, change, version)
    return reply_with_parts(request, _detail(work, task), version=task.version)


def _detail(work: Work, task: Task) -> dict[str, Any]:
    rows = list_task_rows(work, task.id)
    given = list_responsibilities(work, task=task.id, limit=500)
    return _outs(work, [task])[0] | {
        "responsibilities": [responsibility_out(work, one) for one in given],
        "assignments": [_row_out(row) for row in rows],
        "timeline": timeline_out(work, [task.id, *(row.id for row in rows)]),
    }


def _row_out(row: TaskRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "unit": row.unit_id,
        "unit_name": row.unit_name,
        "group": row.group_id,
        "period": row.period,
        "state": row.state,
        "due_on": row.due_on,
        "overdue": row.overdue,
        "reports": row.reports,
    }


def _outs(work: Work, found: Sequence[Task]) -> list[dict[str, Any]]:
    sources = sources_of(work, found)
    return [_out(work, task, sources.get(task.id)) for task in found]


def _out(work: Work, task: Task, source: service.Source | None) -> dict[str, Any]:
    place = source and {"path": source.path, "passage": source.passage_id, "document": source.document_id}
    return {
        "id": task.id,
        "version": task.version,
        "plan": task.plan_id,
        "code": task.code,
        "title": task.title,
        "text": task.text,
        "section": task.section,
        "source": place,
        "kind": task.kind,
        "cycle": task.cycle,
        "due_on": task.due_on,
        "expected_product": task.expected_product,
        "needs_evidence": task.needs_evidence,
        "allowed_actions": task_actions(work, task),
    }
