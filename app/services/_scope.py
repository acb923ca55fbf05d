"""What an actor may see: the start of every list."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, false, or_, select
from sqlmodel import SQLModel

from app.errors import NotFound, NotSignedIn
from app.models import (
    Account,
    Assignment,
    Candidate,
    Document,
    EventRow,
    Indicator,
    IndicatorOwner,
    Locality,
    Passage,
    Period,
    PeriodScheme,
    Plan,
    Responsibility,
    Submission,
    Target,
    Task,
    Unit,
    UnitGroupMember,
)
from app.permissions import NOBODY, Permission
from app.work import Work

T = TypeVar("T", bound=SQLModel)

READ: dict[type[SQLModel], Permission] = {
    Locality: Permission.LOCALITY_READ,
    Unit: Permission.UNIT_READ,
    UnitGroupMember: Permission.UNIT_READ,
    Account: Permission.PERSON_READ,
    Document: Permission.DOCUMENT_READ,
    Passage: Permission.DOCUMENT_READ,
    Candidate: Permission.DOCUMENT_READ,
    Plan: Permission.PLAN_READ,
    Task: Permission.PLAN_READ,
    Responsibility: Permission.PLAN_READ,
    Indicator: Permission.PLAN_READ,
    IndicatorOwner: Permission.PLAN_READ,
    Target: Permission.PLAN_READ,
    Period: Permission.PLAN_READ,
    PeriodScheme: Permission.PLAN_READ,
    Assignment: Permission.ASSIGNMENT_READ,
    Submission: Permission.SUBMISSION_READ,
    EventRow: Permission.EVENT_READ,
}


def visible(work: Work, model: type[T], *columns: Any) -> Select[Any]:
    """`select(model)` (or of `columns`) narrowed to what the actor may read. 401 when nobody is signed in."""
    chosen = select(*columns) if columns else select(model)
    table: Any = model
    work.asked.add(READ[model])
    if work.actor is NOBODY:
        raise NotSignedIn
    if work.actor.is_everywhere:
        return chosen
    wide = work.actor.localities_with(READ[model])
    key = table.id if model is Locality else table.locality_id
    reach = [_among(key, wide)]
    if hasattr(model, "unit_id") and (narrow := work.actor.units_with(READ[model])):
        reach.append(_among(table.unit_id, narrow))
    chosen = chosen.where(or_(*reach))
    if model is Plan:
        drafters = work.actor.localities_with(Permission.DOCUMENT_READ)
        chosen = chosen.where(or_(table.state != "draft", _among(table.locality_id, drafters)))
    return chosen


def find(work: Work, model: type[T], key: UUID) -> T:
    """The row if the actor may see it; 404 otherwise, whether it exists or not. Locked when this work writes."""
    statement = visible(work, model).where(model.id == key)  # type: ignore[attr-defined]
    if work.is_write:
        statement = statement.with_for_update()
    row: T | None = work.session.scalars(statement.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound
    return row


def home_locality(work: Work, locality_id: UUID | None = None) -> UUID:
    """The locality asked for, or the actor's own."""
    chosen = locality_id or work.actor.home
    if chosen is None:
        if work.actor is NOBODY:
            raise NotSignedIn
        raise NotFound("Chưa rõ địa phương nào. Hãy nêu địa phương.")
    return chosen


def _among(column: Any, keys: frozenset[UUID]) -> Any:
    if not keys:
        return false()
    if len(keys) == 1:
        return column == next(iter(keys))
    return column.in_(sorted(keys))
