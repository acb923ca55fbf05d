"""The rows of boards when a plan is amended: open ones move to the new plan or end, the rest stay what they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from app.events import AssignmentMoved
from app.models import Assignment, Period, Plan, Responsibility, Task
from app.models.base import columns
from app.services.deadlines import keeps_own_day
from app.services.row_ending import cancel_row
from app.services.states import AMENDING_STEPS, RUNNING_ASSIGNMENTS
from app.text import format_date
from app.work import Work

assignments, periods, given = columns(Assignment), columns(Period), columns(Responsibility)

OTHER_UNIT = "Kế hoạch sửa đổi giao việc này cho đơn vị khác"
OTHER_TIME = "Kế hoạch sửa đổi đổi loại hoặc chu kỳ của nhiệm vụ"


@dataclass(slots=True)
class Moves:
    """How many rows moved to the new plan, and how many ended."""

    moved: int = 0
    cancelled: int = 0


def running_rows(work: Work, plan_id: UUID) -> list[Assignment]:
    """Rows of a plan that are not finished, dated or of open periods; locked in the order everybody locks them in."""
    statement = (
        select(assignments)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.plan_id == plan_id, assignments.state.in_(RUNNING_ASSIGNMENTS))
        .where(or_(assignments.period_id.is_(None), periods.state == "open"))
        .order_by(assignments.id)
        .with_for_update(of=assignments)
        .execution_options(populate_existing=True)
    )
    return list(work.session.scalars(statement))


def move_rows(
    work: Work,
    plan: Plan,
    before: Task,
    task: Task,
    rows: Sequence[Assignment],
    responsibilities: Sequence[Responsibility],
    moves: Moves,
) -> None:
    """Hang a task's open rows on the one that goes on from it, with their reports; end those that do not fit."""
    followers = {one.previous_id: one for one in responsibilities if one.previous_id}
    joint = _joint(work, list(followers))
    cycles = _cycles(work, rows)
    for row in rows:
        one = followers.get(row.responsibility_id)
        if one is None:
            end_rows(work, [row], OTHER_UNIT, moves)
        elif (
            not _fits(task, cycles.get(row.period_id))
            or (one.completion == "joint") != joint[one.previous_id]
        ):
            end_rows(work, [row], OTHER_TIME, moves)
        else:
            _move(work, plan, before, task, row, one)
            moves.moved += 1


def end_rows(work: Work, rows: Sequence[Assignment], reason: str, moves: Moves) -> None:
    """Cancel for `reason`; a row whose report waits for the office stays where it is until that is decided."""
    for row in rows:
        if row.state not in AMENDING_STEPS["end"]:
            continue
        cancel_row(work, row, "amending", "end", reason)
        moves.cancelled += 1


def _move(work: Work, plan: Plan, before: Task, task: Task, row: Assignment, one: Responsibility) -> None:
    due_before = row.due_on
    row.plan_id, row.task_id, row.responsibility_id = plan.id, task.id, one.id
    if row.period_id is None and task.due_on != before.due_on and not keeps_own_day(row, task.due_on):
        row.due_on = task.due_on
    row.version += 1
    is_moved = row.due_on != due_before
    work.record(
        AssignmentMoved(
            locality_id=row.locality_id,
            subject_id=row.id,
            unit_id=row.unit_id,
            code=task.code,
            plan=plan.code,
            said=f", hạn từ {_day(due_before)} thành {_day(row.due_on)}" if is_moved else "",
            due_on=row.due_on if is_moved else None,
            due_on_before=due_before if is_moved else None,
        )
    )


def _day(day: date | None) -> str:
    return format_date(day) if day else "chưa có"


def _fits(task: Task, cycle: str | None) -> bool:
    """Whether a row of a period of this cycle (None: of no period) can be one of the task."""
    if task.kind != "standing":
        return cycle is None
    return cycle is not None and (cycle == "ad_hoc" or task.cycle in (None, cycle))


def _cycles(work: Work, rows: Sequence[Assignment]) -> dict[UUID | None, str]:
    keys = {row.period_id for row in rows if row.period_id}
    found = work.session.execute(select(periods.id, periods.cycle).where(periods.id.in_(keys)))
    return {row.id: row.cycle for row in found}


def _joint(work: Work, keys: Sequence[UUID]) -> dict[UUID | None, bool]:
    """Of the old responsibilities: whether the group's work was one shared row."""
    found = work.session.execute(select(given.id, given.completion).where(given.id.in_(keys)))
    return {row.id: row.completion == "joint" for row in found}
