"""Who carries a task out: giving it to a unit or a group, and taking it back while nothing was reported."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field

from app.errors import Conflict, Invalid
from app.events import ResponsibilityEnded, ResponsibilityGiven
from app.models import Plan, Responsibility, Task, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.carrying import current_rows, fit_rows, was_reported_on
from app.services.typed import Typed
from app.services.unit_kinds import ASKED_KINDS, is_asked
from app.work import Work

given, tasks, units = columns(Responsibility), columns(Task), columns(Unit)

Carrying = Literal["lead", "cooperate", "advise", "direct", "monitor", "inspect", "report"]
Completion = Literal["each", "any", "joint"]
Mode = Literal["assign", "request"]


class ResponsibilityInput(Typed):
    """Who is to carry a task out. `mode` left out: the Front and its members are asked, others are given it."""

    unit: UUID
    role: Carrying = "lead"
    completion: Completion = "each"
    mode: Mode | None = Field(default=None)


@dataclass(frozen=True, slots=True)
class ResponsibilitySeen:
    """A responsibility with its unit, ready to show."""

    id: UUID
    locality_id: UUID
    version: int
    task_id: UUID
    unit_id: UUID
    unit_name: str
    is_group: bool
    role: str
    completion: str
    mode: str
    ended_on: date | None


# Reads


def list_responsibilities(
    work: Work,
    *,
    plan: UUID | None = None,
    task: UUID | None = None,
    unit: UUID | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> list[ResponsibilitySeen]:
    """Those in force, in the order they were given."""
    statement = _seen(work).where(given.ended_on.is_(None)).order_by(given.id).limit(limit)
    for column, value in ((tasks.plan_id, plan), (given.task_id, task), (given.unit_id, unit)):
        if value is not None:
            statement = statement.where(column == value)
    if after is not None:
        statement = statement.where(given.id > after)
    return [_as_seen(row) for row in work.session.execute(statement)]


def get_responsibility(work: Work, responsibility_id: UUID) -> ResponsibilitySeen:
    """One that ended is still there, with its day."""
    find(work, Responsibility, responsibility_id)
    return _as_seen(work.session.execute(_seen(work).where(given.id == responsibility_id)).one())


def responsibility_actions(work: Work, row: ResponsibilitySeen) -> list[str]:
    may = row.ended_on is None and work.actor.may(Permission.TASK_MANAGE, row.locality_id)
    return ["end"] if may else []


# Writes


def give_responsibility(work: Work, task_id: UUID, wanted: ResponsibilityInput) -> Responsibility:
    """Give a task to a unit or a group; its rows appear at once, for standing tasks in every open period.
    Conflict `lead_taken` when somebody leads it, `already_given` for the same role twice."""
    task = find(work, Task, task_id)
    work.require(Permission.TASK_MANAGE, task.locality_id)
    check_plan_runs(work, task.plan_id)
    unit = _unit(work, task, wanted.unit)
    known = list(work.session.scalars(select(given).where(given.task_id == task.id).order_by(given.id)))
    _check_lead(work, known, wanted)
    one = _again(known, wanted)

    if one is None:
        one = Responsibility(locality_id=task.locality_id, task_id=task.id, unit_id=unit.id, role=wanted.role)
    else:
        one.version += 1
    one.completion, one.mode, one.ended_on = wanted.completion, wanted.mode or mode_for(unit), None
    work.add(one)
    fit_rows(work, task, [one], "")
    work.record(
        ResponsibilityGiven(
            locality_id=task.locality_id,
            subject_id=task.id,
            unit_id=unit.id,
            unit_name=unit.name,
            role=one.role,
        )
    )
    return one


def end_responsibility(work: Work, responsibility_id: UUID, version: int | None = None) -> Responsibility:
    """Take a task back: the rows nobody reported on yet are cancelled. Conflict `already_reported` otherwise."""
    one = find(work, Responsibility, responsibility_id)
    work.require(Permission.TASK_MANAGE, one.locality_id)
    if one.ended_on is not None:
        raise Conflict("Phân công này đã thôi từ trước. Tải lại trang để xem.", code="already_ended")
    if was_reported_on(current_rows(work, [one])):
        raise Conflict(
            "Đơn vị đã gửi báo cáo nên không thôi phân công được nữa. "
            "Xác nhận hoặc trả lại báo cáo, hoặc đánh dấu “không áp dụng” cho từng việc còn lại.",
            code="already_reported",
        )
    work.check_version(one, version if version is not None else one.version)
    task, unit = work.get(Task, one.task_id), work.get(Unit, one.unit_id)

    one.ended_on = work.today
    fit_rows(work, task, [one], "Văn phòng thôi phân công")
    work.record(
        ResponsibilityEnded(
            locality_id=one.locality_id,
            subject_id=one.task_id,
            unit_id=unit.id,
            unit_name=unit.name,
            role=one.role,
        )
    )
    return one


def check_plan_runs(work: Work, plan_id: UUID) -> Plan:
    plan = find(work, Plan, plan_id)
    if plan.state != "issued":
        raise Conflict(
            "Chỉ sửa được nhiệm vụ và phân công của kế hoạch đang thực hiện. "
            "Kế hoạch này chưa ban hành hoặc đã kết thúc.",
            code="plan_not_running",
        )
    return plan


def mode_for(unit: Unit) -> str:
    asked = is_asked(unit.name) if unit.is_group else unit.kind in ASKED_KINDS
    return "request" if asked else "assign"


def _seen(work: Work) -> Any:
    shown = (units.name.label("unit_name"), units.kind.label("unit_kind"))
    return (
        visible(work, Responsibility, given, *shown)
        .join(units, units.id == given.unit_id)
        .join(tasks, tasks.id == given.task_id)
    )


def _as_seen(row: Any) -> ResponsibilitySeen:
    one, unit_name, unit_kind = row
    return ResponsibilitySeen(
        id=one.id,
        locality_id=one.locality_id,
        version=one.version,
        task_id=one.task_id,
        unit_id=one.unit_id,
        unit_name=unit_name,
        is_group=unit_kind == "group",
        role=one.role,
        completion=one.completion,
        mode=one.mode,
        ended_on=one.ended_on,
    )


def _unit(work: Work, task: Task, unit_id: UUID) -> Unit:
    unit: Unit | None = work.session.scalars(
        visible(work, Unit).where(units.id == unit_id, units.locality_id == task.locality_id)
    ).first()
    if unit is None:
        raise Invalid.field("unit", "Không có đơn vị này ở địa phương. Chọn lại đơn vị.")
    if unit.has_ended(work.today):
        raise Invalid.field("unit", f"{unit.name} đã thôi hoạt động. Chọn đơn vị khác.")
    return unit


def _check_lead(work: Work, known: list[Responsibility], wanted: ResponsibilityInput) -> None:
    leads = [one for one in known if one.role == "lead" and one.ended_on is None]
    if wanted.role == "lead" and leads and leads[0].unit_id != wanted.unit:
        name = work.get(Unit, leads[0].unit_id).name
        raise Conflict(
            f"{name} đang chủ trì nhiệm vụ này. Thôi phân công đơn vị đó trước, hoặc chọn vai trò khác.",
            code="lead_taken",
            details={"lead": str(leads[0].unit_id)},
        )


def _again(known: list[Responsibility], wanted: ResponsibilityInput) -> Responsibility | None:
    """The ended responsibility that is given anew; Conflict when it is still in force."""
    for one in known:
        if (one.unit_id, one.role) == (wanted.unit, wanted.role):
            if one.ended_on is None:
                raise Conflict("Đơn vị này đã có vai trò đó trong nhiệm vụ.", code="already_given")
            return one
    return None
