"""A unit asks for a later date, the office grants it (that day or another) or refuses; the first date stays.

What counts is the date in force: a row is on time when its accepted report was sent by then (decision 0023).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased
from sqlmodel import Field

from app.errors import Conflict, Invalid, NotFound
from app.events import ExtensionGranted, ExtensionRefused, ExtensionRequested, ExtensionWithdrawn
from app.models import Account, Assignment, Extension, Plan, Task, Unit
from app.models.base import columns
from app.services._scope import find, visible
from app.services.states import ACTION_PERMISSION, actions_from, next_state
from app.services.typed import Day, Typed
from app.text import format_date
from app.work import Work

extensions, assignments, tasks = columns(Extension), columns(Assignment), columns(Task)
units, plans = columns(Unit), columns(Plan)
askers, deciders = columns(aliased(Account)), columns(aliased(Account))


class ExtensionInput(Typed):
    """The day asked for, after the date in force and not past."""

    asked_due_on: Day
    reason: str = Field(min_length=1, max_length=2_000)


class GrantInput(Typed):
    """`due_on`: another day than the one asked for; left out, that one."""

    due_on: Day | None = None
    reason: str | None = Field(default=None, max_length=2_000)


class RefusalInput(Typed):
    reason: str = Field(min_length=1, max_length=2_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionFilter:
    """Plain query filters; None means any."""

    assignment: UUID | None = None
    plan: UUID | None = None
    unit: UUID | None = None
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionSeen:
    """One request with the row it is about and the office's answer, ready to show."""

    id: UUID
    locality_id: UUID
    version: int
    assignment_id: UUID
    plan_id: UUID
    code: str
    title: str
    unit_id: UUID
    unit_name: str
    state: str
    due_before: date | None
    asked_due_on: date
    reason: str
    asked_at: datetime
    asked_by: str | None
    granted_due_on: date | None
    decision_reason: str | None
    decided_at: datetime | None
    decided_by: str | None


# Reads


def list_extensions(
    work: Work, wanted: ExtensionFilter, *, after: UUID | None = None, limit: int = 100
) -> list[ExtensionSeen]:
    """In the order they were asked."""
    conditions = [
        column == value
        for column, value in (
            (extensions.assignment_id, wanted.assignment),
            (assignments.plan_id, wanted.plan),
            (extensions.unit_id, wanted.unit),
        )
        if value is not None
    ]
    if wanted.states:
        conditions.append(extensions.state.in_(wanted.states))
    if after is not None:
        conditions.append(extensions.id > after)
    found = _seen(work).where(*conditions).order_by(extensions.id).limit(limit)
    return [ExtensionSeen(*row) for row in work.session.execute(found)]


def get_extension(work: Work, extension_id: UUID) -> ExtensionSeen:
    """404 unless the actor may see it."""
    row = work.session.execute(_seen(work).where(extensions.id == extension_id)).first()
    if row is None:
        raise NotFound
    return ExtensionSeen(*row)


def extension_actions(work: Work, seen: ExtensionSeen) -> list[str]:
    """What this actor may do next with a request."""
    permissions = ACTION_PERMISSION["extension"]
    return [
        action
        for action in actions_from("extension", seen.state)
        if work.actor.may(permissions[action], seen.locality_id, seen.unit_id)
    ]


# Writes


def request_extension(work: Work, assignment_id: UUID, asked: ExtensionInput) -> Extension:
    """Conflict while an earlier request waits, or when there is no date to move; Invalid for a day that is no
    later than the date in force, or past."""
    row = find(work, Assignment, assignment_id)
    work.require(ACTION_PERMISSION["assignment"]["extend"], row.locality_id, row.unit_id)
    next_state("assignment", row.state, "extend")
    if row.due_on is None:
        raise Conflict("Việc này chưa có hạn nên không cần gia hạn. Cứ báo cáo khi xong.", code="no_due_date")
    if _open_request(work, row.id) is not None:
        raise Conflict(
            "Đã có một lần xin gia hạn đang chờ Văn phòng. Rút lần đó rồi mới xin ngày khác.",
            code="extension_waiting",
        )
    _check_later(row, asked.asked_due_on, "asked_due_on")
    if asked.asked_due_on < work.today:
        raise Invalid.field("asked_due_on", "Ngày xin gia hạn đã qua. Chọn hôm nay hoặc một ngày sau.")

    extension = Extension(
        locality_id=row.locality_id,
        assignment_id=row.id,
        unit_id=row.unit_id,
        due_before=row.due_on,
        asked_due_on=asked.asked_due_on,
        reason=asked.reason,
        asked_at=work.now,
        asked_by_id=work.actor.account_id,
    )
    work.add(extension)
    work.record(ExtensionRequested(**_about(row), asked_due_on=asked.asked_due_on, reason=asked.reason))
    return extension


def grant_extension(
    work: Work, extension_id: UUID, given: GrantInput, version: int | None = None
) -> Extension:
    """The row's date in force moves; the one it was given with is kept. The day asked for may be past by the time
    the office looks: a slow office never makes a unit late."""
    extension, row = _to_decide(work, extension_id, "grant", version)
    next_state("assignment", row.state, "extend")
    due_on = given.due_on or extension.asked_due_on
    _check_later(row, due_on, "due_on")

    _decide(work, extension, "grant", given.reason)
    extension.granted_due_on = due_on
    due_before, row.due_on = row.due_on, due_on
    row.first_due_on = row.first_due_on or due_before
    row.extended, row.version = row.extended + 1, row.version + 1
    work.record(ExtensionGranted(**_about(row), due_on=due_on, due_on_before=due_before))
    return extension


def refuse_extension(
    work: Work, extension_id: UUID, why: RefusalInput, version: int | None = None
) -> Extension:
    extension, row = _to_decide(work, extension_id, "refuse", version)

    _decide(work, extension, "refuse", why.reason)
    work.record(ExtensionRefused(**_about(row), reason=why.reason))
    return extension


def withdraw_extension(work: Work, extension_id: UUID, version: int | None = None) -> Extension:
    extension, row = _to_decide(work, extension_id, "withdraw", version)

    _decide(work, extension, "withdraw", None)
    work.record(_withdrawn(row, ""))
    return extension


def withdraw_open_request(work: Work, row: Assignment, why: str) -> None:
    """A row that was reported, or ended, needs no later date any more. The caller has required the right to do
    that; `why` goes on from "Rút xin gia hạn"."""
    extension = _open_request(work, row.id)
    if extension is None:
        return

    _decide(work, extension, "withdraw", None)
    work.record(_withdrawn(row, why))


def _open_request(work: Work, assignment_id: UUID) -> Extension | None:
    found: Extension | None = work.session.scalars(
        select(extensions)
        .where(extensions.assignment_id == assignment_id, extensions.state == "requested")
        .with_for_update()
    ).first()
    return found


def _to_decide(
    work: Work, extension_id: UUID, action: str, version: int | None
) -> tuple[Extension, Assignment]:
    """The request and its row, the row locked first as everywhere; 404, 403, 412 or IllegalStep."""
    row = find(work, Assignment, find_extension_row(work, extension_id))
    extension = find(work, Extension, extension_id)
    permission = ACTION_PERMISSION["extension"][action]
    work.require(permission, extension.locality_id, extension.unit_id)
    next_state("extension", extension.state, action)
    if version is not None:
        work.check_version(extension, version, state=extension.state)
    else:
        extension.version += 1
    return extension, row


def find_extension_row(work: Work, extension_id: UUID) -> UUID:
    """The row a request is about; 404 unless the actor may see it."""
    found = visible(work, Extension, extensions.assignment_id).where(extensions.id == extension_id)
    row_id: UUID | None = work.session.scalar(found)
    if row_id is None:
        raise NotFound
    return row_id


def _decide(work: Work, extension: Extension, action: str, reason: str | None) -> None:
    extension.state = next_state("extension", extension.state, action)
    extension.decision_reason, extension.decided_at = reason or None, work.now
    extension.decided_by_id = work.actor.account_id


def _check_later(row: Assignment, day: date, field: str) -> None:
    if row.due_on is not None and day <= row.due_on:
        raise Invalid.field(
            field, f"Phải sau hạn đang áp dụng ({format_date(row.due_on)}). Chọn ngày muộn hơn."
        )


def _withdrawn(row: Assignment, why: str) -> ExtensionWithdrawn:
    return ExtensionWithdrawn(locality_id=row.locality_id, subject_id=row.id, unit_id=row.unit_id, why=why)


def _about(row: Assignment) -> dict[str, UUID]:
    return {"locality_id": row.locality_id, "subject_id": row.id, "unit_id": row.unit_id}


def _seen(work: Work) -> Select[Any]:
    """Columns of ExtensionSeen, in its order."""
    return (
        visible(
            work,
            Extension,
            extensions.id,
            extensions.locality_id,
            extensions.version,
            extensions.assignment_id,
            assignments.plan_id,
            tasks.code,
            tasks.title,
            extensions.unit_id,
            units.name,
            extensions.state,
            extensions.due_before,
            extensions.asked_due_on,
            extensions.reason,
            extensions.asked_at,
            askers.name.label("asked_by"),
            extensions.granted_due_on,
            extensions.decision_reason,
            extensions.decided_at,
            deciders.name.label("decided_by"),
        )
        .join(assignments, assignments.id == extensions.assignment_id)
        .join(tasks, tasks.id == assignments.task_id)
        .join(units, units.id == extensions.unit_id)
        .outerjoin(askers, askers.id == extensions.asked_by_id)
        .outerjoin(deciders, deciders.id == extensions.decided_by_id)
    )
