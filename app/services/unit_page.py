"""What the pages of units show: the list of a locality, and one unit with all that hangs on it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from app.models import Locality, Unit, UnitGroupMember
from app.models.base import columns
from app.models.unit import UNIT_KINDS
from app.permissions import Permission
from app.services._scope import home_locality
from app.services.locality import list_localities
from app.services.timeline import TimelineEntry, timeline_of
from app.services.unit import get_unit, groups_of, list_memberships, list_units, unit_actions
from app.services.unit_group import lasts_until
from app.services.unit_lineage import UnitLineage, get_lineage
from app.work import Work

units, members = columns(Unit), columns(UnitGroupMember)

MOST_UNITS = 5_000  # a locality has at most a few hundred


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of the list; `members` is the number of members today, None for what is no group."""

    id: UUID
    code: str
    name: str
    kind: str
    superior: str | None
    members: int | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class UnitList:
    """The units of one locality, in the order of their kinds; `localities` is empty when there is one only."""

    locality_id: UUID
    localities: list[Locality]
    rows: list[UnitRow]
    total: int
    may_add: bool


@dataclass(frozen=True, slots=True)
class MemberSeen:
    unit: Unit
    valid_from: date
    valid_to: date | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class UnitPage:
    """One unit or group. `members` of a group: today's first; `groups`: those it belongs to today. `may_change`: this
    person may merge, split, rename or end it."""

    unit: Unit
    superior: Unit | None
    groups: list[Unit]
    members: list[MemberSeen]
    lineage: UnitLineage
    may_change: bool
    actions: list[str]
    story: tuple[TimelineEntry, ...]


def build_unit_list(
    work: Work,
    *,
    locality_id: UUID | None = None,
    q: str = "",
    kind: str | None = None,
    with_ended: bool = False,
) -> UnitList:
    place = home_locality(work, locality_id)
    day = None if with_ended else work.today
    found = list_units(work, locality_id=place, q=q, kind=kind, valid_on=day, limit=MOST_UNITS)
    counts = _count_members(work, [u.id for u in found if u.is_group])
    names = _names(work, {u.reports_to_id for u in found if u.reports_to_id})
    localities = list_localities(work)
    return UnitList(
        locality_id=place,
        localities=localities if len(localities) > 1 else [],
        rows=[
            UnitRow(
                u.id,
                u.code,
                u.name,
                u.kind,
                names.get(u.reports_to_id) if u.reports_to_id else None,
                counts.get(u.id, 0) if u.is_group else None,
                u.valid_to,
            )
            for u in in_reading_order(found)
        ],
        total=len(found),
        may_add=work.actor.may(Permission.UNIT_MANAGE, place),
    )


def build_unit_page(work: Work, unit_id: UUID) -> UnitPage:
    unit = get_unit(work, unit_id)
    may_read_story = work.actor.may(Permission.EVENT_READ, unit.locality_id, unit.id)
    return UnitPage(
        unit=unit,
        superior=work.session.get(Unit, unit.reports_to_id) if unit.reports_to_id else None,
        groups=groups_of(work, unit.id, work.today),
        members=_members(work, unit) if unit.is_group else [],
        lineage=get_lineage(work, unit.id),
        may_change=not unit.is_group
        and unit.valid_to is None
        and work.actor.may(Permission.UNIT_MANAGE, unit.locality_id),
        actions=unit_actions(work, unit),
        story=timeline_of(work, [unit.id], limit=30) if may_read_story else (),
    )


def possible_members(work: Work, locality_id: UUID) -> list[Unit]:
    """Units of the locality that may belong to a group or be reported to: those there today, no groups."""
    found = list_units(work, locality_id=locality_id, is_group=False, valid_on=work.today, limit=MOST_UNITS)
    return in_reading_order(found)


def in_reading_order(found: Iterable[Unit]) -> list[Unit]:
    """By kind as the glossary lists them, then by name with its numbers as numbers ("số 2" before "số 10")."""
    return sorted(found, key=lambda u: (UNIT_KINDS.index(u.kind), _natural(u.folded), u.code))


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(p), "") if p.isdecimal() else (0, p) for p in re.split(r"(\d{1,9})", text) if p]


def _count_members(work: Work, group_ids: Sequence[UUID]) -> dict[UUID, int]:
    statement = (
        select(members.group_id, func.count().label("count"))
        .where(members.group_id.in_(group_ids), members.valid_from <= work.today)
        .where(lasts_until(members, work.today))
        .group_by(members.group_id)
    )
    return {row["group_id"]: row["count"] for row in work.session.execute(statement).mappings()}


def _names(work: Work, unit_ids: set[UUID]) -> dict[UUID, str]:
    statement = select(units.id, units.name).where(units.id.in_(sorted(unit_ids)))
    return {row.id: row.name for row in work.session.execute(statement)}


def _members(work: Work, group: Unit) -> list[MemberSeen]:
    seen = [
        MemberSeen(unit, row.valid_from, row.valid_to, _holds(row, work.today))
        for row, unit in list_memberships(work, group.id)
    ]
    return sorted(seen, key=lambda m: (not m.is_current, _natural(m.unit.folded), m.valid_from))


def _holds(row: UnitGroupMember, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)
