"""What a unit was called on a day: a renamed unit keeps its id, its old names keep their days."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.models import Unit, UnitChange, UnitName
from app.models.base import columns
from app.work import Work

names = columns(UnitName)


def names_on(work: Work, unit_ids: Iterable[UUID], day: date) -> dict[UUID, str]:
    """The name on `day` of those of the units that bore another one then than now. One query."""
    statement = (
        select(names.unit_id, names.name)
        .where(names.unit_id.in_(list(unit_ids)), names.valid_to >= day)
        .order_by(names.valid_to.desc(), names.id)
    )
    # The oldest of the names that still held then comes last, and stays.
    return {row.unit_id: row.name for row in work.session.execute(statement)}


def former_names(work: Work, unit_id: UUID) -> list[UnitName]:
    """The latest first."""
    statement = select(names).where(names.unit_id == unit_id).order_by(names.valid_to.desc(), names.id)
    return list(work.session.scalars(statement))


def names_in_changes(work: Work, changes: Sequence[UnitChange]) -> dict[UUID, tuple[str, str]]:
    """By change that renamed a unit, its name before and the one it took then. One query."""
    later, units = columns(aliased(UnitName)), columns(Unit)
    next_name = (
        select(later.name)
        .where(later.unit_id == names.unit_id, later.valid_to > names.valid_to)
        .order_by(later.valid_to)
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(names.change_id, names.name, func.coalesce(next_name, units.name).label("after"))
        .join(units, units.id == names.unit_id)
        .where(names.change_id.in_([change.id for change in changes if change.kind == "rename"]))
    )
    return {row.change_id: (row.name, row.after) for row in work.session.execute(statement)}


def name_then(work: Work, unit_id: UUID, name: str, day: date | None) -> str:
    """What the unit was called on `day`, with what it is called now where that differs."""
    before = names_on(work, [unit_id], day).get(unit_id) if day else None
    return f"{before} (nay là {name})" if before else name
