"""Units and groups of units: the bodies that carry out, and the named sets of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import field_validator
from sqlalchemy import select
from sqlmodel import Field

from app.errors import Conflict, Invalid
from app.events import UnitAdded, UnitChanged
from app.models import Ledger, Unit, UnitGroup
from app.models.base import columns
from app.models.unit import UNIT_KINDS
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.typed import EndDay, PastDay, Typed
from app.services.unit_group import MembersInput as MembersInput
from app.services.unit_group import change_group_members as change_group_members
from app.services.unit_group import end_memberships, lasts_until, set_members, units_of_locality
from app.services.unit_group import groups_of as groups_of
from app.services.unit_group import list_memberships as list_memberships
from app.services.unit_group import members_on as members_on
from app.services.unit_group import set_group_members as set_group_members
from app.text import compare_key, fold
from app.work import Work

units = columns(Unit)

CODE_PATTERN = r"^[0-9A-Za-zĐđ][0-9A-Za-zĐđ._/-]*$"
# Electronic identifier of an agency: digits, capital letters and dots, at most 35 (Quyết định 20/2020/QĐ-TTg).
IDENTIFIER_PATTERN = r"^[0-9A-Z.]+$"


class _UnitFields(Typed):
    short_name: str | None = Field(default=None, max_length=100)
    aliases: list[str] = Field(default_factory=list, max_length=30)
    identifier: str | None = Field(default=None, max_length=35, schema_extra={"pattern": IDENTIFIER_PATTERN})
    reports_to: UUID | None = None

    @field_validator("short_name", "identifier", "reports_to", mode="before", check_fields=False)
    @classmethod
    def nothing_typed(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("aliases")
    @classmethod
    def aliases_once(cls, value: list[str]) -> list[str]:
        if any(len(alias) > 300 for alias in value):
            raise ValueError("Mỗi tên gọi khác dài nhất 300 ký tự.")
        by_key = {compare_key(alias): alias.strip() for alias in reversed(value) if alias.strip()}
        return list(reversed(by_key.values()))

    @field_validator("kind", check_fields=False)
    @classmethod
    def known_kind(cls, value: str | None) -> str | None:
        if value is not None and value not in UNIT_KINDS:
            raise ValueError(f"Không có loại đơn vị “{value}”. Chọn một trong: {', '.join(UNIT_KINDS)}.")
        return value


class UnitInput(_UnitFields):
    """A unit or group to add. Without `code` one is made from the name; without `valid_from` it starts today.
    `locality` is read by the surfaces, for people who work in several."""

    code: str | None = Field(default=None, max_length=40, schema_extra={"pattern": CODE_PATTERN})
    name: str = Field(min_length=2, max_length=300)
    kind: str
    valid_from: PastDay | None = None
    locality: UUID | None = None

    @field_validator("code", mode="before")
    @classmethod
    def no_code_typed(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value


class UnitChange(_UnitFields):
    """What to change of a unit; a field left out stays. `valid_to` is its last day, null for no end."""

    name: str = Field(default="", min_length=2, max_length=300)
    kind: str = ""
    valid_to: EndDay | None = None


# Reads


def get_unit(work: Work, unit_id: UUID) -> Unit:
    return find(work, Unit, unit_id)


def list_units(
    work: Work,
    *,
    locality_id: UUID | None = None,
    kind: str | None = None,
    is_group: bool | None = None,
    q: str = "",
    valid_on: date | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> list[Unit]:
    """Units and groups by id. `q` is folded, every word must occur in a name or the code; `valid_on` leaves out
    those that had not begun or had ended that day."""
    statement = visible(work, Unit)
    if locality_id is not None:
        statement = statement.where(units.locality_id == locality_id)
    if kind is not None:
        statement = statement.where(units.kind == kind)
    if is_group is not None:
        statement = statement.where((units.kind == "group") == is_group)
    if valid_on is not None:
        statement = statement.where(units.valid_from <= valid_on, lasts_until(units, valid_on))
    if after is not None:
        statement = statement.where(units.id > after)
    for word in fold(q).split():
        statement = statement.where(units.folded.contains(word, autoescape=True))
    return list(work.session.scalars(statement.order_by(units.id).limit(limit)))


def find_unit_by_name(work: Work, locality_id: UUID, name: str) -> Unit | None:
    """The unit valid today that goes by this name: its name, else its short name or an alias."""
    key = compare_key(name)
    named = _valid_today(work, locality_id)
    found: Unit | None = work.session.scalars(
        named.where(units.name_key == key).order_by(units.id).limit(1)
    ).first()
    if found is not None:
        return found
    for unit in work.session.scalars(named.order_by(units.id)):
        if key in {compare_key(other) for other in (unit.short_name or "", *unit.aliases)}:
            found = unit
            break
    return found


def unit_actions(work: Work, unit: Unit) -> list[str]:
    if not work.actor.may(Permission.UNIT_MANAGE, unit.locality_id):
        return []
    return ["change", "set_members"] if unit.is_group else ["change"]


# Writes


def add_unit(work: Work, given: UnitInput, locality_id: UUID) -> Unit:
    """Conflict when a valid unit bears the name, or any unit the code."""
    work.require(Permission.UNIT_MANAGE, locality_id)
    if given.kind == "group":
        raise Invalid.field(
            "kind", "Nhóm đơn vị được thêm cùng thành viên của nhóm, không thêm như một đơn vị."
        )
    return _insert(work, given, locality_id)


def add_group(work: Work, given: UnitInput, locality_id: UUID, member_ids: Sequence[UUID]) -> Unit:
    """A unit of kind `group`; its first members belong to it from the day it begins."""
    work.require(Permission.UNIT_MANAGE, locality_id)
    if given.kind != "group":
        raise Invalid.field("kind", "Loại của một nhóm đơn vị phải là “group”.")
    group = _insert(work, given, locality_id)
    work.add(UnitGroup(id=group.id, locality_id=locality_id))
    if member_ids:
        set_members(work, group, member_ids, group.valid_from)
    return group


def change_unit(work: Work, unit_id: UUID, given: UnitChange, version: int | None) -> Unit:
    """Change the fields that are set. Ending a unit ends its place in groups on the same day."""
    unit = find(work, Unit, unit_id)
    work.require(Permission.UNIT_MANAGE, unit.locality_id)
    typed = given.model_dump(exclude_unset=True)
    _check_change(work, unit, typed)
    work.check_version(unit, version, **typed)

    if "reports_to" in typed:
        unit.reports_to_id = typed.pop("reports_to")
    for name, value in typed.items():
        setattr(unit, name, value)
    unit.name_key, unit.folded = compare_key(unit.name), folded_of(unit)
    if unit.valid_to is not None:
        end_memberships(work, unit, unit.valid_to)
    changed = tuple(sorted(given.model_fields_set))
    work.record(
        UnitChanged(locality_id=unit.locality_id, subject_id=unit.id, name=unit.name, changed=changed)
    )
    return unit


def _insert(work: Work, given: UnitInput, locality_id: UUID) -> Unit:
    # Names are compared by reading them, so only one unit of a locality is added at a time.
    work.session.get(Ledger, locality_id, with_for_update=True)
    check_name_free(work, locality_id, given.name)
    if given.reports_to is not None:
        _check_superior(work, given.reports_to, locality_id)
    unit = Unit(
        locality_id=locality_id,
        code=_free_code(work, locality_id, given),
        name=given.name,
        short_name=given.short_name,
        kind=given.kind,
        aliases=given.aliases,
        identifier=given.identifier,
        name_key=compare_key(given.name),
        folded="",
        reports_to_id=given.reports_to,
        valid_from=given.valid_from or work.today,
        created_at=work.now,
    )
    unit.folded = folded_of(unit)
    work.add(unit)
    work.record(UnitAdded(locality_id=locality_id, subject_id=unit.id, name=unit.name))
    return unit


def folded_of(unit: Unit) -> str:
    return fold(" ".join([unit.name, unit.short_name or "", *unit.aliases, unit.code]))


def _valid_today(work: Work, locality_id: UUID) -> Any:
    """Not yet begun counts too: a name may not be taken twice by dating one of them later."""
    return visible(work, Unit).where(units.locality_id == locality_id, lasts_until(units, work.today))


def check_name_free(work: Work, locality_id: UUID, name: str, but: UUID | None = None) -> None:
    named = _valid_today(work, locality_id).where(units.name_key == compare_key(name))
    taken = [unit for unit in work.session.scalars(named) if unit.id != but]
    if taken:
        raise Conflict(
            f"Đã có đơn vị tên “{taken[0].name}” (mã {taken[0].code}). Dùng đơn vị đó, hoặc đặt tên khác.",
            code="name_taken",
            errors={"name": "Tên này đã có."},
            details={"unit": str(taken[0].id)},
        )


def _free_code(work: Work, locality_id: UUID, given: UnitInput) -> str:
    """The code given, or initials of the name: “Chi bộ thôn Nà Lại” → CBTNL, the next one CBTNL-2."""
    used = set(work.session.scalars(select(units.code).where(units.locality_id == locality_id)))
    if given.code is not None:
        if given.code in used:
            raise Conflict(
                f"Mã đơn vị {given.code} đã dùng. Hãy chọn mã khác.",
                code="code_taken",
                errors={"code": "Mã này đã dùng."},
            )
        return given.code
    made = _initials(given.name)
    number = 1
    while (code := made if number == 1 else f"{made}-{number}") in used:
        number += 1
    return code


def _initials(name: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in fold(name)).split()
    letters = "".join(word if word.isdigit() else word[0] for word in words)
    plain = "".join(letter for letter in letters.upper() if letter.isascii())
    return plain[:30] or "DV"


def _check_change(work: Work, unit: Unit, typed: dict[str, Any]) -> None:
    if "kind" in typed and (typed["kind"] == "group") != unit.is_group:
        raise Invalid.field("kind", "Một đơn vị không đổi thành nhóm được, và ngược lại. Hãy thêm mới.")
    if "name" in typed:
        check_name_free(work, unit.locality_id, typed["name"], but=unit.id)
    if (last := typed.get("valid_to")) is not None and last < unit.valid_from:
        raise Invalid.field("valid_to", "Ngày thôi hoạt động phải sau ngày bắt đầu.")
    if (superior := typed.get("reports_to")) is not None:
        _check_superior(work, superior, unit.locality_id, below=unit.id)


def _check_superior(work: Work, superior_id: UUID, locality_id: UUID, below: UUID | None = None) -> None:
    """Reporting lines stay inside the locality, lead to a unit (not a group) and never in a circle."""
    superior = units_of_locality(work, [superior_id], locality_id).get(superior_id)
    if superior is None or superior.is_group:
        raise Invalid.field("reports_to", "Đơn vị cấp trên phải là một đơn vị của cùng địa phương.")
    seen: set[UUID] = set()
    while superior is not None and superior.id not in seen:
        if superior.id == below:
            raise Invalid.field("reports_to", "Hai đơn vị không thể báo cáo vòng tròn cho nhau.")
        seen.add(superior.id)
        superior = work.session.get(Unit, superior.reports_to_id) if superior.reports_to_id else None
