"""From responsibilities to rows: one assignment per unit, for a group one per member of that day."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from app.models import Assignment, Period, Responsibility, Task, Unit, UnitGroupMember
from app.models.base import columns
from app.services.late_joiners import asked_about, is_kept_out
from app.services.period_dates import dates_of_row, exceptions_in
from app.services.plan_versions import present_of
from app.services.supporting import leads_of
from app.work import Work

assignments, members, tasks, units, given = (
    columns(Assignment),
    columns(UnitGroupMember),
    columns(Task),
    columns(Unit),
    columns(Responsibility),
)


def fan_out(work: Work, responsibilities: Sequence[Responsibility], period: Period | None) -> int:
    """Create the rows that are missing; the number created. The caller has required the permission and
    records the event. Standing tasks need the period, dated ones and milestones take none; a responsibility
    that ended makes nothing. Who cooperates where somebody leads gets a row that only supports. What a unit, or the
    unit before it, has done for the one it goes on from is not asked for again."""
    responsibilities = [given for given in responsibilities if given.ended_on is None]
    if not responsibilities:
        return 0
    of_task = _tasks_of(work, responsibilities)
    of_group = members_of(work, {r.unit_id for r in responsibilities}, work.today)
    made = _rows_made(work, responsibilities, period)
    led = leads_of(work, {r.task_id for r in responsibilities if r.role == "cooperate"})
    asked = asked_about(work, of_group) if of_group else {}
    given_out = _given_out(work, responsibilities, period) if asked else {}
    own_dates = exceptions_in(work, period)
    missing = [
        _row(work, given, of_task[given.task_id], unit_id, group_id, period, led, own_dates)
        for given in responsibilities
        for unit_id, group_id in _carriers(given, of_group)
        if (given.id, unit_id) not in made
        and not is_kept_out(asked, group_id, unit_id, given_out.get(given.id))
    ]
    work.add(*missing)
    return len(missing)


def members_of(work: Work, unit_ids: Iterable[UUID], day: date) -> dict[UUID, list[UUID]]:
    """Member units by group on `day`, for those of `unit_ids` that are groups; a group without members is []."""
    keys = list(unit_ids)
    found: dict[UUID, list[UUID]] = {
        group_id: []
        for group_id in work.session.scalars(
            select(units.id).where(units.id.in_(keys), units.kind == "group").order_by(units.id)
        )
    }
    if not found:
        return found
    rows = work.session.execute(
        select(members.group_id, members.unit_id)
        .where(members.group_id.in_(found), members.valid_from <= day)
        .where(or_(members.valid_to.is_(None), members.valid_to >= day))
        .order_by(members.group_id, members.unit_id)
    )
    for group_id, unit_id in rows:
        found[group_id].append(unit_id)
    return found


def _carriers(given: Responsibility, of_group: dict[UUID, list[UUID]]) -> list[tuple[UUID, UUID | None]]:
    """(unit, group it comes through) for each row of a responsibility. `joint` is one shared row; so is the work
    of a group nobody belongs to yet: it stands on the group's own board instead of nowhere."""
    members = of_group.get(given.unit_id)
    if not members or given.completion == "joint":
        return [(given.unit_id, None)]
    return [(unit_id, given.unit_id) for unit_id in members]


def _tasks_of(work: Work, responsibilities: Sequence[Responsibility]) -> dict[UUID, Task]:
    keys = {r.task_id for r in responsibilities}
    return {task.id: task for task in work.session.scalars(select(tasks).where(tasks.id.in_(keys)))}


def _rows_made(
    work: Work, responsibilities: Sequence[Responsibility], period: Period | None
) -> set[tuple[UUID, UUID]]:
    in_period = assignments.period_id.is_(None) if period is None else assignments.period_id == period.id
    now_of = {r.id: r.id for r in responsibilities}
    if goes_on := [r.id for r in responsibilities if r.previous_id is not None]:
        now_of |= present_of(work, Responsibility, goes_on)
    rows = work.session.execute(
        select(assignments.responsibility_id, assignments.unit_id, assignments.state, given.unit_id)
        .join(given, given.id == assignments.responsibility_id)
        .where(assignments.responsibility_id.in_(now_of), in_period)
    )
    unit_now = {r.id: r.unit_id for r in responsibilities}
    return {
        # What was its unit's own is now the own work of whoever took over (decision 0028).
        (now_of[key], unit_now[now_of[key]] if unit_id == unit_then else unit_id)
        for key, unit_id, state, unit_then in rows
        if key == now_of[key] or state != "cancelled"
    }


def _given_out(
    work: Work, responsibilities: Sequence[Responsibility], period: Period | None
) -> dict[UUID, datetime]:
    """When the first row of each was made, in the period or of dated work."""
    in_period = assignments.period_id.is_(None) if period is None else assignments.period_id == period.id
    keys = [given.id for given in responsibilities]
    rows = work.session.execute(
        select(assignments.responsibility_id, func.min(assignments.created_at).label("first"))
        .where(assignments.responsibility_id.in_(keys), in_period)
        .group_by(assignments.responsibility_id)
    )
    return {row.responsibility_id: row.first for row in rows}


def _row(
    work: Work,
    given: Responsibility,
    task: Task,
    unit_id: UUID,
    group_id: UUID | None,
    period: Period | None,
    led: Container[UUID],
    own_dates: Mapping[UUID, date],
) -> Assignment:
    dates = {"due_on": task.due_on} if period is None else dates_of_row(period, own_dates.get(unit_id))
    return Assignment(
        locality_id=given.locality_id,
        plan_id=task.plan_id,
        task_id=task.id,
        responsibility_id=given.id,
        unit_id=unit_id,
        group_id=group_id,
        period_id=period.id if period else None,
        state="supporting" if given.role == "cooperate" and task.id in led else "assigned",
        created_at=work.now,
        **dates,
    )
