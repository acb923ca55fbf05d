"""The organisations of a plan being issued: those that are there are used, the others made, with their members."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.models import Candidate, Unit
from app.services.candidate_fields import UnitFields
from app.services.unit import UnitInput, add_group, add_unit
from app.services.unit_group import members_on, set_group_members
from app.services.unit_kinds import guess_unit_kind
from app.services.unit_matching import names_of_units
from app.work import Work


def make_units(work: Work, locality_id: UUID, chosen: Sequence[Candidate]) -> dict[UUID, Unit]:
    """Unit by id of its candidate; the candidate then points at its unit."""
    made: dict[UUID, Unit] = {}
    for candidate in chosen:
        fields = UnitFields.model_validate(candidate.decided)
        unit = _make_unit(work, locality_id, fields)
        candidate.unit_id = unit.id
        made[candidate.id] = unit
    return made


def empty_groups(work: Work, units: Iterable[Unit]) -> tuple[str, ...]:
    """Names of groups nobody belongs to: their duties reach nobody until the office names the members."""
    groups = {unit.id: unit.name for unit in units if unit.is_group}
    members = members_on(work, groups, work.today)
    return tuple(name for group_id, name in groups.items() if not members[group_id])


def _make_unit(work: Work, locality_id: UUID, fields: UnitFields) -> Unit:
    # Read again each time: an organisation named twice in a plan, or as a member above, is one unit.
    there = work.get(Unit, fields.unit_id) if fields.unit_id else None
    there = there or names_of_units(work, locality_id).named(fields.name)
    if there is None and not fields.is_group:
        return add_unit(work, UnitInput(name=fields.name, kind=fields.kind), locality_id)
    members = _members(work, locality_id, fields)
    if there is None:
        return add_group(work, UnitInput(name=fields.name, kind="group"), locality_id, members)
    if there.is_group and members:
        present = [unit.id for unit in members_on(work, [there.id], work.today)[there.id]]
        if set(members) - set(present):
            set_group_members(work, there.id, list(dict.fromkeys([*present, *members])))
    return there


def _members(work: Work, locality_id: UUID, fields: UnitFields) -> list[UUID]:
    found = list(fields.member_unit_ids)
    for name in fields.member_names:
        there = names_of_units(work, locality_id).named(name)
        if there is None:
            there = add_unit(work, UnitInput(name=name, kind=guess_unit_kind(name)), locality_id)
        found.append(there.id)
    return list(dict.fromkeys(found))
