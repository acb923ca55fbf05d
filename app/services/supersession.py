"""Issuing an amendment: the plan before it goes out of force, and what still runs there moves by what was decided.

Used by issuing.py, in its transaction: `begin_supersession` checks and locks before anything is made, `carry_on` moves
once the new plan's tasks and indicators are there and before its rows are (decision 0018).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from app.errors import Conflict
from app.events import PlanSuperseded, TaskCarriedOn, TaskEnded
from app.models import Assignment, Indicator, Plan, Responsibility, Submission, SuperiorMatch, Task
from app.models.base import columns, new_id
from app.services.amendment_proposal import OldWork, review_old_work
from app.services.carrying_over import Moves, end_rows, move_rows, running_rows
from app.services.figures_carried_over import carry_indicators, running_figures
from app.services.states import next_state
from app.services.supporting import fit_support
from app.text import format_date
from app.work import Work

given, matches = columns(Responsibility), columns(SuperiorMatch)
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Supersession:
    """The plan before, the decisions about its work, and what runs there, locked."""

    before: Plan
    tasks: list[OldWork]
    indicators: list[OldWork]
    rows: list[Assignment]
    figures: list[Submission]


@dataclass(slots=True)
class CarriedOn:
    """`responsibilities`: by new task, those carried over beside what its clause says. `moved` and `cancelled` count
    rows of boards."""

    responsibilities: dict[UUID, list[Responsibility]] = field(default_factory=dict)
    moves: Moves = field(default_factory=Moves)


def begin_supersession(work: Work, draft: Plan) -> Supersession | None:
    """None for a draft that amends nothing. Conflict `already_superseded` when another took the plan's place,
    `undecided_work` naming what nobody has decided on. Locks come before the first event of the caller."""
    if draft.amends_id is None:
        return None
    before = work.get(Plan, draft.amends_id)
    _check_in_force(before)
    tasks, indicators = review_old_work(work, draft, "task"), review_old_work(work, draft, "indicator")
    _check_decided(before, tasks, indicators)
    if draft.scheme_id is None:
        draft.scheme_id, draft.cycle = before.scheme_id, draft.cycle or before.cycle
    return Supersession(
        before, tasks, indicators, running_rows(work, before.id), running_figures(work, before.id)
    )


def carry_on(
    work: Work,
    plan: Plan,
    taken: Supersession,
    tasks: Mapping[UUID, tuple[Task, Sequence[Responsibility]]],
    indicators: Mapping[UUID, Indicator],
) -> CarriedOn:
    """Move what runs. `tasks` (with who carries them) and `indicators` of the new plan by their candidate."""
    done = CarriedOn()
    by_task: dict[UUID, list[Responsibility]] = {}
    for one in _responsibilities(work, [old.id for old in taken.tasks]):
        by_task.setdefault(one.task_id, []).append(one)
    for old in taken.tasks:
        rows = [row for row in taken.rows if row.task_id == old.id]
        if old.clause is None:
            _end_task(work, plan, old, rows, done)
        else:
            task, new = tasks[old.clause.id]
            _carry_task(work, plan, old, task, new, by_task.get(old.id, []), rows, done)
    carry_indicators(work, plan, taken.indicators, indicators, taken.figures, done.moves)
    _carry_matches(work, plan, taken, indicators)
    _supersede(work, plan, taken)
    return done


def _check_in_force(before: Plan) -> None:
    if before.state == "superseded":
        raise Conflict(
            f"{before.code} đã được một bản sửa đổi khác thay thế. "
            "Nếu bản này sửa đổi bản ấy, hãy chọn lại kế hoạch được sửa đổi rồi đối chiếu lại.",
            code="already_superseded",
        )
    next_state("amending", before.state, "supersede")


def _check_decided(before: Plan, tasks: Sequence[OldWork], indicators: Sequence[OldWork]) -> None:
    open_tasks = [old.code for old in tasks if not old.is_settled]
    open_indicators = [old.code for old in indicators if not old.is_settled]
    missing = [*open_tasks, *open_indicators]
    if not missing:
        return
    named = ", ".join(missing[:SHOWN]) + (" …" if len(missing) > SHOWN else "")
    raise Conflict(
        f"Còn {len(open_tasks)} nhiệm vụ, {len(open_indicators)} chỉ tiêu của {before.code} chưa đối chiếu xong "
        f"({named}). Mở trang Đối chiếu: mỗi việc cũ phải được giữ nguyên, sửa đổi hoặc kết thúc, "
        "và câu mới nối tiếp việc ấy phải được nhận.",
        code="undecided_work",
        details={"tasks": open_tasks, "indicators": open_indicators},
    )


def _responsibilities(work: Work, task_ids: Sequence[UUID]) -> list[Responsibility]:
    statement = select(given).where(given.task_id.in_(task_ids), given.ended_on.is_(None))
    return list(work.session.scalars(statement.order_by(given.id)))


def _end_task(work: Work, plan: Plan, old: OldWork, rows: Sequence[Assignment], done: CarriedOn) -> None:
    end_rows(work, rows, old.reason, done.moves)
    work.record(TaskEnded(locality_id=plan.locality_id, subject_id=old.id, plan=plan.code, reason=old.reason))


def _carry_task(
    work: Work,
    plan: Plan,
    old: OldWork,
    task: Task,
    new: Sequence[Responsibility],
    before: Sequence[Responsibility],
    rows: Sequence[Assignment],
    done: CarriedOn,
) -> None:
    task.previous_id = old.id
    _carry_time(old.row, task, is_kept=old.outcome == "kept")
    added = _carry_responsibilities(work, task, new, before, old.unit_id)
    if added:
        done.responsibilities[task.id] = added
    work.session.flush()
    move_rows(work, plan, old.row, task, rows, [*new, *added], done.moves)
    fit_support(work, task.id)
    work.record(
        TaskCarriedOn(
            locality_id=plan.locality_id,
            subject_id=old.id,
            code=task.code,
            plan=plan.code,
            outcome=old.outcome,
            said=_said(old.row, task),
        )
    )


def _carry_time(before: Task, task: Task, *, is_kept: bool) -> None:
    """A kept task stays due as the office arranged it; a changed one too, unless the new clause says when."""
    says_when = task.kind != "standing" or task.cycle is not None
    if is_kept or not says_when:
        task.kind, task.cycle, task.due_on = before.kind, before.cycle, before.due_on
    if is_kept or task.expected_product is None:
        task.expected_product = before.expected_product
    # No clause says so: the office does, and it goes on with the work.
    task.needs_evidence = before.needs_evidence


def _carry_responsibilities(
    work: Work,
    task: Task,
    new: Sequence[Responsibility],
    before: Sequence[Responsibility],
    own: UUID | None,
) -> list[Responsibility]:
    """The same unit goes on; others are carried over, except whose the work was, the lead or (`own`) the organisation
    the old duty stood under, where the new document names another."""
    free = list(new)
    added: list[Responsibility] = []
    is_given = any(one.role != "cooperate" for one in new)
    for one in sorted(before, key=lambda one: one.role != "lead"):
        same = [other for other in free if other.unit_id == one.unit_id]
        follower = next((other for other in same if other.role == one.role), same[0] if same else None)
        if follower is not None:
            free.remove(follower)
            follower.previous_id = one.id
        elif not (is_given and (one.role == "lead" or one.unit_id == own)):
            added.append(_carried(task, one))
    work.add(*added)
    return added


def _carried(task: Task, one: Responsibility) -> Responsibility:
    return Responsibility(
        id=new_id(),
        locality_id=task.locality_id,
        task_id=task.id,
        unit_id=one.unit_id,
        role=one.role,
        completion=one.completion,
        mode=one.mode,
        previous_id=one.id,
    )


def _carry_matches(work: Work, plan: Plan, taken: Supersession, indicators: Mapping[UUID, Indicator]) -> None:
    """What a person said about superior indicators holds for those that go on."""
    follower = {old.id: indicators[old.clause.id].id for old in taken.indicators if old.clause}
    said = work.session.scalars(select(matches).where(matches.plan_id == taken.before.id)).all()
    work.add(
        *(
            SuperiorMatch(
                locality_id=plan.locality_id,
                plan_id=plan.id,
                superior_indicator_id=one.superior_indicator_id,
                indicator_id=follower.get(one.indicator_id) if one.indicator_id else None,
                decided_by_id=one.decided_by_id,
                decided_at=one.decided_at,
            )
            for one in said
            if one.indicator_id is None or one.indicator_id in follower
        )
    )


def _said(before: Task, task: Task) -> str:
    if before.due_on == task.due_on:
        return ""
    days = [format_date(day) if day else "chưa có" for day in (before.due_on, task.due_on)]
    return f", hạn từ {days[0]} thành {days[1]}"


def _supersede(work: Work, plan: Plan, taken: Supersession) -> None:
    before = taken.before
    before.state = next_state("amending", before.state, "supersede")
    before.version += 1
    counts = Counter(old.outcome for old in (*taken.tasks, *taken.indicators))
    named = f"{plan.code} {plan.number or ''}".strip()
    work.record(
        PlanSuperseded(
            locality_id=plan.locality_id,
            subject_id=before.id,
            plan=named,
            kept=counts["kept"],
            changed=counts["changed"],
            ended=counts["ended"],
        )
    )
