"""Where a unit came from and who goes on from it: its former names, predecessors and successors, with their days."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from app.models import Unit, UnitName, UnitSuccessor
from app.models import UnitChange as Change
from app.models.base import columns
from app.services._scope import find
from app.services.unit_name import former_names
from app.work import Work

changes, successors, units = columns(Change), columns(UnitSuccessor), columns(Unit)


@dataclass(frozen=True, slots=True)
class Relative:
    """A unit before or after another one, with the change between them; `unit` None: nobody took its place."""

    change_id: UUID
    kind: str
    effective_on: date
    basis: str | None
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class UnitLineage:
    """`names`: the latest first; predecessors and successors by the day of their change."""

    names: tuple[UnitName, ...]
    predecessors: tuple[Relative, ...]
    successors: tuple[Relative, ...]


def get_lineage(work: Work, unit_id: UUID) -> UnitLineage:
    """404 unless the actor may see the unit."""
    unit = find(work, Unit, unit_id)
    links = work.session.execute(
        select(successors.from_unit_id, successors.to_unit_id, changes)
        .join(changes, changes.id == successors.change_id)
        .where(or_(successors.from_unit_id == unit.id, successors.to_unit_id == unit.id))
        .where(changes.kind != "rename")
        .order_by(changes.effective_on, changes.id, successors.id)
    ).all()
    keys = {key for row in links for key in (row.from_unit_id, row.to_unit_id) if key}
    known = {one.id: one for one in work.session.scalars(select(units).where(units.id.in_(keys)))}

    def relative(change: Change, key: UUID | None) -> Relative:
        other = known[key] if key else None
        return Relative(change.id, change.kind, change.effective_on, change.basis, other)

    return UnitLineage(
        names=tuple(former_names(work, unit.id)),
        predecessors=tuple(relative(change, before) for before, after, change in links if after == unit.id),
        successors=tuple(relative(change, after) for before, after, change in links if before == unit.id),
    )
