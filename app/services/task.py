"""Tasks: what the plan asks for. Issuing makes them (issuing.py); who carries them: responsibility.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlmodel import Field

from app.errors import Conflict, Invalid
from app.events import TaskAdded, TaskChanged
from app.models import Passage, Plan, Responsibility, Task
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.carrying import current_rows, fit_rows, move_due, was_reported_on
from app.services.responsibility import check_plan_runs
from app.services.typed import Day, Typed
from app.text import fold, format_date
from app.work import Work

tasks, given, passages, plans = columns(Task), columns(Responsibility), columns(Passage), columns(Plan)

Kind = Literal["dated", "standing", "milestone"]
Cycle = Literal["month", "quarter", "half_year", "nine_months", "year", "school_year"]


class TaskInput(Typed):
    """A task the office adds to an issued plan; `text` is the sentence it comes from, kept verbatim."""

    plan: UUID
    title: str = Field(min_length=2, max_length=200)
    text: str = Field(min_length=2, max_length=10_000)
    passage: UUID | None = None
    section: str | None = Field(default=None, max_length=300)
    kind: Kind = "standing"
    cycle: Cycle | None = None
    due_on: Day | None = None
    expected_product: str | None = Field(default=None, max_length=2_000)
    needs_evidence: bool = False


class TaskChange(Typed):
    """Fields of a task to change; those left out stay. The sentence is verbatim and cannot be changed."""

    title: str = Field(default="", min_length=2, max_length=200)
    kind: Kind = "standing"
    cycle: Cycle | None = None
    due_on: Day | None = None
    expected_product: str | None = Field(default=None, max_length=2_000)
    needs_evidence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Plain query filters; None means any. `without_due` and `without_product` mean dated tasks and milestones:
    standing ones have their periods. `running`: of plans that are carried out now."""

    plan: UUID | None = None
    q: str = ""
    kind: str | None = None
    without_lead: bool | None = None
    without_due: bool | None = None
    without_product: bool | None = None
    running: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a task stands in the document: "IV.6.2"; `key` names the clause on the plan's page."""

    passage_id: UUID
    document_id: UUID
    path: str
    key: str


# Reads


def list_tasks(work: Work, wanted: TaskFilter, *, after: UUID | None = None, limit: int = 100) -> list[Task]:
    """In the order they were made, which is the document's."""
    statement = narrow_tasks(visible(work, Task), wanted).order_by(tasks.id).limit(limit)
    if after is not None:
        statement = statement.where(tasks.id > after)
    return list(work.session.scalars(statement))


def count_tasks(work: Work, wanted: TaskFilter) -> int:
    narrowed = narrow_tasks(visible(work, Task, tasks.id), wanted)
    return work.session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0


def get_task(work: Work, task_id: UUID) -> Task:
    return find(work, Task, task_id)


def sources_of(work: Work, wanted: Sequence[Task]) -> dict[UUID, Source]:
    """By task, for those that come from a clause. Who may read a task may know its place in the plan."""
    keys = {task.passage_id for task in wanted if task.passage_id is not None}
    rows = work.session.execute(
        select(passages.id, passages.document_id, passages.path, passages.key).where(passages.id.in_(keys))
    )
    found = {row.id: Source(*row) for row in rows}
    return {task.id: found[task.passage_id] for task in wanted if task.passage_id in found}


def task_actions(work: Work, task: Task) -> list[str]:
    return ["change", "give"] if work.actor.may(Permission.TASK_MANAGE, task.locality_id) else []


def narrow_tasks(statement: Select[Any], wanted: TaskFilter) -> Select[Any]:
    """A statement over the task table, narrowed to what is asked for."""
    conditions: list[Any] = [tasks.folded.contains(w, autoescape=True) for w in fold(wanted.q).split()]
    if wanted.plan is not None:
        conditions.append(tasks.plan_id == wanted.plan)
    if wanted.kind is not None:
        conditions.append(tasks.kind == wanted.kind)
    led = exists().where(given.task_id == tasks.id, given.role != "cooperate", given.ended_on.is_(None))
    dated = tasks.kind != "standing"
    issued = exists().where(plans.id == tasks.plan_id, plans.state == "issued")
    for asked, condition in (
        (wanted.without_lead, ~led),
        (wanted.without_due, dated & tasks.due_on.is_(None)),
        (wanted.without_product, dated & tasks.expected_product.is_(None)),
        (wanted.running, issued),
    ):
        if asked is not None:
            conditions.append(condition if asked else ~condition)
    return statement.where(*conditions)


# Writes


def add_task(work: Work, typed: TaskInput) -> Task:
    """Add a task to a plan that runs. Who carries it out is given next: responsibility.give_responsibility."""
    plan = find(work, Plan, typed.plan)
    work.require(Permission.TASK_MANAGE, plan.locality_id)
    check_plan_runs(work, plan.id)
    source = _source(work, plan, typed.passage)
    _check_when(typed.kind, typed.cycle, typed.due_on)
    newest = select(func.max(tasks.ordinal)).where(tasks.plan_id == plan.id)
    ordinal = (work.session.scalar(newest) or 0) + 1

    task = Task(
        locality_id=plan.locality_id,
        plan_id=plan.id,
        passage_id=typed.passage,
        ordinal=ordinal,
        code=f"NV-{ordinal:03d}",
        folded=fold(f"{typed.title} {typed.text}"),
        created_at=work.now,
        **typed.model_dump(exclude={"plan", "passage"}),
    )
    work.add(task)
    work.record(TaskAdded(locality_id=plan.locality_id, subject_id=task.id, code=task.code, source=source))
    return task


def change_task(work: Work, task_id: UUID, change: TaskChange, version: int | None) -> Task:
    """Change what the office may: never the sentence. Rows follow: those not decided take a new due date (both
    dates stay in the history), a new kind or cycle moves the ones nobody reported on. Conflict
    `already_reported` for a new kind after a report."""
    task = find(work, Task, task_id)
    work.require(Permission.TASK_MANAGE, task.locality_id)
    check_plan_runs(work, task.plan_id)
    typed = change.model_dump(exclude_unset=True)
    after = {name: typed.get(name, getattr(task, name)) for name in TaskChange.model_fields}
    _drop_what_the_kind_has_not(after, typed)
    _check_when(after["kind"], after["cycle"], after["due_on"])
    changed = tuple(name for name, value in after.items() if getattr(task, name) != value)
    responsibilities = _responsibilities(work, task)
    if "kind" in changed and was_reported_on(current_rows(work, responsibilities)):
        raise Conflict(
            "Nhiệm vụ đã có báo cáo nên không đổi loại được nữa. Có thể thêm một nhiệm vụ mới.",
            code="already_reported",
        )
    work.check_version(task, version, **typed)

    said, before = _said(task, after, changed), task.due_on
    for name in changed:
        setattr(task, name, after[name])
    task.folded = fold(f"{task.title} {task.text}")
    work.session.flush()
    if "due_on" in changed:
        move_due(work, task.id, task.due_on)
    # Before what follows from it: earlier days are told in the order of the history.
    work.record(_changed(task, changed, said, before))
    if {"kind", "cycle"} & set(changed):
        fit_rows(work, task, responsibilities, "Văn phòng đổi loại hoặc chu kỳ của nhiệm vụ")
    return task


def _responsibilities(work: Work, task: Task) -> list[Responsibility]:
    return list(work.session.scalars(select(given).where(given.task_id == task.id).order_by(given.id)))


def _drop_what_the_kind_has_not(after: dict[str, Any], typed: dict[str, Any]) -> None:
    """A task that becomes standing loses its date, one that becomes dated its cycle, unless they were typed."""
    if after["kind"] == "standing" and typed.get("due_on") is None:
        after["due_on"] = None
    if after["kind"] != "standing" and typed.get("cycle") is None:
        after["cycle"] = None


def _check_when(kind: str, cycle: str | None, due_on: date | None) -> None:
    if cycle is not None and kind != "standing":
        raise Invalid.field("cycle", "Chỉ nhiệm vụ thường xuyên mới có chu kỳ. Bỏ chu kỳ, hoặc đổi loại.")
    if due_on is not None and kind == "standing":
        raise Invalid.field("due_on", "Nhiệm vụ thường xuyên không có hạn riêng. Bỏ hạn, hoặc đổi loại.")


def _source(work: Work, plan: Plan, passage_id: UUID | None) -> str | None:
    if passage_id is None:
        return None
    path: str | None = work.session.scalar(
        select(passages.path).where(passages.id == passage_id, passages.document_id == plan.document_id)
    )
    if path is None:
        raise Invalid.field("passage", "Câu này không thuộc văn bản của kế hoạch. Chọn câu khác.")
    return path


def _changed(task: Task, changed: tuple[str, ...], said: str, before: date | None) -> TaskChanged:
    moved = "due_on" in changed
    return TaskChanged(
        locality_id=task.locality_id,
        subject_id=task.id,
        code=task.code,
        said=said,
        changed=changed,
        due_on=task.due_on if moved else None,
        due_on_before=before if moved else None,
    )


_FIELD_WORDS = {
    "title": "tên",
    "kind": "loại",
    "cycle": "chu kỳ",
    "expected_product": "sản phẩm",
    "needs_evidence": "yêu cầu minh chứng",
}


def _said(task: Task, after: dict[str, Any], changed: tuple[str, ...]) -> str:
    parts = [_FIELD_WORDS[name] for name in changed if name != "due_on"]
    if "due_on" in changed:
        parts.insert(0, f"hạn từ {_day(task.due_on)} thành {_day(after['due_on'])}")
    return ", ".join(parts) or "không có gì đổi"


def _day(day: date | None) -> str:
    return format_date(day) if day else "chưa có"
