"""Dated membership of units in groups: who belonged on which day. The groups themselves are units (unit.py)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlmodel import Field

from app.errors import Invalid, NotFound
from app.events import GroupMembersSet
from app.models import Unit, UnitGroupMember
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find
from app.services.fan_out import members_of
from app.services.group_changes import ask_about_members
from app.services.typed import Day, Typed
from app.work import Work

units, members = columns(Unit), columns(UnitGroupMember)


class MembersInput(Typed):
    """All members of a group from the day `on` (today when left out)."""

    units: list[UUID] = Field(max_length=2_000)
    on: Day | None = None


# Reads


def members_on(work: Work, group_ids: Iterable[UUID], day: date) -> dict[UUID, list[Unit]]:
    """Member units by group on `day`, by code; every group asked for is there, without members as []."""
    found: dict[UUID, list[Unit]] = {group_id: [] for group_id in group_ids}
    statement = (
        select(members.group_id, units)
        .join(units, units.id == members.unit_id)
        .where(members.group_id.in_(found), members.valid_from <= day, lasts_until(members, day))
        .order_by(members.group_id, units.code, units.id)
    )
    if found:
        for group_id, unit in work.session.execute(statement):
            found[group_id].append(unit)
    return found


def list_memberships(work: Work, group_id: UUID) -> list[tuple[UnitGroupMember, Unit]]:
    """Every member a group ever had, those of today first, then by code; with its dates."""
    find(work, Unit, group_id)
    statement = (
        select(members, units)
        .join(units, units.id == members.unit_id)
        .where(members.group_id == group_id)
        .order_by(members.valid_to.is_not(None), units.code, members.valid_from.desc(), members.id)
    )
    return [(member, unit) for member, unit in work.session.execute(statement)]


def groups_of(work: Work, unit_id: UUID, day: date) -> list[Unit]:
    """The groups a unit belongs to on `day`."""
    statement = (
        select(units)
        .join(members, members.group_id == units.id)
        .where(members.unit_id == unit_id, members.valid_from <= day, lasts_until(members, day))
        .order_by(units.code)
    )
    return list(work.session.scalars(statement))


# Writes


def set_group_members(work: Work, group_id: UUID, unit_ids: Sequence[UUID], on: date | None = None) -> Unit:
    """From the day `on` the group has exactly these members; what was before that day stays as it was."""
    group = _group_to_change(work, group_id)

    group.version += 1
    set_members(work, group, unit_ids, on or work.today)
    return group


def change_group_members(work: Work, group_id: UUID, given: MembersInput, version: int | None) -> Unit:
    """`set_group_members` for who edits what they read: checked against the group's version."""
    group = _group_to_change(work, group_id)
    work.check_version(group, version)

    set_members(work, group, given.units, given.on or work.today)
    return group


# Shared with unit.py


def set_members(work: Work, group: Unit, unit_ids: Sequence[UUID], on: date) -> None:
    wanted = dict.fromkeys(unit_ids)
    found = units_of_locality(work, list(wanted), group.locality_id)
    if len(found) < len(wanted) or any(unit.is_group for unit in found.values()):
        raise Invalid.field(
            "units", "Thành viên của nhóm phải là những đơn vị (không phải nhóm) cùng địa phương."
        )
    lasting = members.group_id == group.id, lasts_until(members, on)
    rows = list(work.session.scalars(select(members).where(*lasting).order_by(members.valid_from)))
    stay = {row.unit_id: row for row in reversed(rows) if row.unit_id in wanted}
    if names := [found[key].name for key in wanted if key not in stay and found[key].has_ended(on)]:
        raise Invalid.field("units", f"{', '.join(names)} đã thôi hoạt động. Chọn đơn vị khác.")
    ended = {row.unit_id for row in rows if row.valid_from < on} - wanted.keys()

    before = _members_today(work, group)
    for row in rows:
        _carry_on(work, row, on, is_member=stay.get(row.unit_id) is row)
    added = [unit_id for unit_id in wanted if unit_id not in stay]
    work.add(
        *(
            UnitGroupMember(locality_id=group.locality_id, group_id=group.id, unit_id=unit_id, valid_from=on)
            for unit_id in added
        )
    )
    work.record(
        GroupMembersSet(
            locality_id=group.locality_id, subject_id=group.id, added=len(added), ended=len(ended)
        )
    )
    ask_about_members(work, group, before, _members_today(work, group))


def _members_today(work: Work, group: Unit) -> set[UUID]:
    return set(members_of(work, [group.id], work.today).get(group.id, ()))


def end_memberships(work: Work, unit: Unit, last_day: date) -> None:
    if unit.is_group:
        return
    statement = select(members).where(members.unit_id == unit.id, lasts_until(members, last_day))
    for row in work.session.scalars(statement):
        _carry_on(work, row, last_day + timedelta(days=1), is_member=False)


def units_of_locality(work: Work, unit_ids: Sequence[UUID], locality_id: UUID) -> dict[UUID, Unit]:
    statement = select(units).where(units.id.in_(unit_ids), units.locality_id == locality_id)
    return {unit.id: unit for unit in work.session.scalars(statement)}


def lasts_until(table: Any, day: date) -> Any:
    return or_(table.valid_to.is_(None), table.valid_to >= day)


def _carry_on(work: Work, row: UnitGroupMember, on: date, *, is_member: bool) -> None:
    """Make one membership hold from `on` without end, or end it the day before."""
    if is_member:
        row.valid_from, row.valid_to = min(row.valid_from, on), None
    elif row.valid_from < on:
        row.valid_to = on - timedelta(days=1)
    else:
        work.session.execute(delete(UnitGroupMember).where(members.id == row.id))


def _group_to_change(work: Work, group_id: UUID) -> Unit:
    group = find(work, Unit, group_id)
    work.require(Permission.UNIT_MANAGE, group.locality_id)
    if not group.is_group:
        raise NotFound("Đây không phải là một nhóm đơn vị. Hãy kiểm tra lại đường dẫn.")
    return group
