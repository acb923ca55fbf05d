"""What an actor may see: the start of every list."""

from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, false, or_, select, true
from sqlmodel import SQLModel

from app.errors import NotFound, NotSignedIn
from app.models import (
    AccessLink,
    Account,
    Assignment,
    CalendarLink,
    Candidate,
    Document,
    DocumentFile,
    EventRow,
    Evidence,
    Extension,
    Indicator,
    IndicatorDefinition,
    IndicatorOwner,
    Locality,
    Passage,
    Period,
    PeriodException,
    PeriodScheme,
    Plan,
    Question,
    RemarkMention,
    Responsibility,
    Submission,
    Target,
    Task,
    Unit,
    UnitChange,
    UnitGroupMember,
    UnitName,
    UnitSuccessor,
    Urging,
)
from app.models.base import table
from app.permissions import NOBODY, Permission
from app.services._link_scope import Linked, linked
from app.work import Work

T = TypeVar("T", bound=SQLModel)

_LINKED = Linked(
    bindparam("linked_locality"),
    bindparam("linked_unit"),
    bindparam("linked_units", expanding=True),
    bindparam("linked_period"),
)

READ: dict[type[SQLModel], Permission] = {
    Locality: Permission.LOCALITY_READ,
    Unit: Permission.UNIT_READ,
    UnitGroupMember: Permission.UNIT_READ,
    Account: Permission.PERSON_READ,
    Document: Permission.DOCUMENT_READ,
    DocumentFile: Permission.DOCUMENT_READ,
    Passage: Permission.DOCUMENT_READ,
    Candidate: Permission.DOCUMENT_READ,
    Plan: Permission.PLAN_READ,
    Task: Permission.PLAN_READ,
    Responsibility: Permission.PLAN_READ,
    Indicator: Permission.PLAN_READ,
    IndicatorDefinition: Permission.PLAN_READ,
    IndicatorOwner: Permission.PLAN_READ,
    Target: Permission.PLAN_READ,
    Period: Permission.PLAN_READ,
    PeriodScheme: Permission.PLAN_READ,
    Assignment: Permission.ASSIGNMENT_READ,
    Submission: Permission.SUBMISSION_READ,
    EventRow: Permission.EVENT_READ,
    Extension: Permission.ASSIGNMENT_READ,
    Question: Permission.ASSIGNMENT_READ,
    RemarkMention: Permission.ASSIGNMENT_READ,
    Evidence: Permission.ASSIGNMENT_READ,
    PeriodException: Permission.ASSIGNMENT_READ,
    Urging: Permission.URGING_READ,
    UnitChange: Permission.UNIT_READ,
    UnitName: Permission.UNIT_READ,
    UnitSuccessor: Permission.UNIT_READ,
    AccessLink: Permission.ACCESS_LINK_READ,
    CalendarLink: Permission.CALENDAR_LINK_MANAGE,
}


def visible(work: Work, model: type[T], *columns: Any) -> Select[Any]:
    """`select(model)` (or of `columns`) narrowed to what the actor may read. 401 when nobody is signed in."""
    chosen = select(*columns) if columns else select(model)
    wide, narrow = _readable(work, model)
    if work.actor.is_everywhere:
        return chosen
    if (link := work.actor.link) is not None:
        to = Linked(link.locality_id, link.unit_id, [link.unit_id, *sorted(link.groups)], link.period_id)
        return chosen.where(linked(model, to))
    row = table(model).c
    reached = [_among(row.id if model is Locality else row.locality_id, wide)]
    if narrow:
        reached.append(_among(row.unit_id, narrow))
    chosen = chosen.where(or_(*reached))
    if model is Plan:
        drafters = work.actor.localities_with(Permission.DOCUMENT_READ)
        chosen = chosen.where(or_(row.state != "draft", _among(row.locality_id, drafters)))
    return chosen


def reach(work: Work, model: type[SQLModel]) -> tuple[str, dict[str, Any]]:
    """`visible` for a statement that is built once: the shape that `within` makes a condition of, and the values
    to run it with. 401 when nobody is signed in."""
    wide, narrow = _readable(work, model)
    if work.actor.is_everywhere:
        return "everywhere", {}
    if (link := work.actor.link) is not None:
        return "link", {
            "linked_locality": link.locality_id,
            "linked_unit": link.unit_id,
            "linked_units": [link.unit_id, *sorted(link.groups)],
            "linked_period": link.period_id,
        }
    values: dict[str, Any] = {"reached_localities": sorted(wide), "reached_units": sorted(narrow)}
    if model is Plan:
        values["drafters"] = sorted(work.actor.localities_with(Permission.DOCUMENT_READ))
    if len(wide) == 1:
        values["reached_locality"] = next(iter(wide))
        return ("locality and units" if narrow else "locality"), values
    return ("localities and units" if narrow else "localities"), values


def within(model: type[SQLModel], shape: str) -> Any:
    """The condition of `reach`."""
    if shape == "everywhere":
        return true()
    if shape == "link":
        return linked(model, _LINKED)
    row = table(model).c
    place, _, units = shape.partition(" and ")
    home = row.id if model is Locality else row.locality_id
    if place == "locality":
        reached = home == bindparam("reached_locality")
    else:
        reached = home.in_(bindparam("reached_localities", expanding=True))
    if units:
        reached = or_(reached, row.unit_id.in_(bindparam("reached_units", expanding=True)))
    if model is Plan:
        drafted_here = row.locality_id.in_(bindparam("drafters", expanding=True))
        reached = and_(reached, or_(row.state != "draft", drafted_here))
    return reached


def find(work: Work, model: type[T], key: UUID) -> T:
    """The row if the actor may see it; 404 otherwise, whether it exists or not. Locked when this work writes."""
    shape, values = reach(work, model)
    statement = _find_statement(model, shape, is_write=work.is_write)
    row: T | None = work.session.scalars(statement, values | {"key": key}).first()
    if row is None:
        raise NotFound
    return row


@cache
def _find_statement(model: type[SQLModel], shape: str, *, is_write: bool) -> Select[Any]:
    """The most frequent statement of all, built once for each table."""
    statement = select(model).where(table(model).c.id == bindparam("key"), within(model, shape))
    if is_write:
        statement = statement.with_for_update()
    return statement.execution_options(populate_existing=True)


def check_locality(work: Work, locality_id: UUID | None) -> None:
    """For a list narrowed to one locality: NotFound when the actor may not know of it."""
    if locality_id is not None:
        find(work, Locality, locality_id)


def home_locality(work: Work, locality_id: UUID | None = None) -> UUID:
    """The locality asked for, or the actor's own."""
    chosen = locality_id or work.actor.home
    if chosen is None:
        if work.actor is NOBODY:
            raise NotSignedIn
        raise NotFound("Chưa rõ địa phương nào. Hãy nêu địa phương.")
    return chosen


def _readable(work: Work, model: type[SQLModel]) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """The localities the actor reads this in, and the single units."""
    work.asked.add(READ[model])
    if work.actor is NOBODY:
        raise NotSignedIn
    narrow = work.actor.units_with(READ[model]) if hasattr(model, "unit_id") else frozenset()
    return work.actor.localities_with(READ[model]), narrow


def _among(column: Any, keys: frozenset[UUID]) -> Any:
    if not keys:
        return false()
    if len(keys) == 1:
        return column == next(iter(keys))
    return column.in_(sorted(keys))
