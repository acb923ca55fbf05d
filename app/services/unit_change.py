"""Units merge, are split, renamed, or end: one recorded change, with everything that follows from it (decision 0028).

What hung on a unit that ends is passed on by unit_passing.py; its open rows wait for a decision (handing_over.py).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import field_validator
from sqlalchemy import select
from sqlmodel import Field

from app.errors import Conflict, Invalid
from app.events import UnitEnded, UnitRenamed, UnitsMerged, UnitSplit
from app.models import Ledger, Unit, UnitName, UnitSuccessor
from app.models import UnitChange as Change
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.group_changes import ask_about_successors
from app.services.typed import Day, Typed
from app.services.unit import UnitInput, add_unit, check_name_free, folded_of
from app.services.unit_holdings import groups_held
from app.services.unit_passing import hold, pass_on
from app.text import compare_key
from app.work import Work

units, changes, successors, names = (
    columns(Unit),
    columns(Change),
    columns(UnitSuccessor),
    columns(UnitName),
)

ChangeKind = Literal["merge", "split", "rename", "end"]
MOST_UNITS = 30
MOST_ALIASES = 30  # as many as the form for editing a unit takes
ONE_DAY = timedelta(days=1)


class UnitChangeInput(Typed):
    """`units`: those that end, or the one that is renamed. Who goes on: `successors` that are there already, then
    `new_units`. `effective_on`: the first day of the new order, today when left out, never ahead.

    `choices`: what passes to whom, by the id of the membership in a group, role of a person, duty, unit below or
    reporter of an indicator: the place of the successor (0 for the first), or null where it passes to nobody. What is
    not named passes to the first; the place in a group to every successor."""

    kind: ChangeKind
    units: list[UUID] = Field(min_length=1, max_length=MOST_UNITS)
    successors: list[UUID] = Field(default_factory=list, max_length=MOST_UNITS)
    new_units: list[UnitInput] = Field(default_factory=list, max_length=MOST_UNITS)
    name: str | None = Field(default=None, min_length=2, max_length=300)
    short_name: str | None = Field(default=None, max_length=100)
    effective_on: Day | None = None
    basis: str | None = Field(default=None, max_length=300)
    note: str | None = Field(default=None, max_length=2_000)
    choices: dict[UUID, int | None] = Field(default_factory=dict)

    @field_validator("units", "successors")
    @classmethod
    def once(cls, value: list[UUID]) -> list[UUID]:
        return list(dict.fromkeys(value))


# Reads


def get_unit_change(work: Work, change_id: UUID) -> Change:
    return find(work, Change, change_id)


def list_unit_changes(
    work: Work,
    *,
    locality_id: UUID | None = None,
    unit_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> list[Change]:
    """The latest recorded first. `unit_id`: those that unit ended in, went on from, or was renamed in."""
    statement = visible(work, Change)
    if locality_id is not None:
        statement = statement.where(changes.locality_id == locality_id)
    if unit_id is not None:
        named = (successors.from_unit_id == unit_id) | (successors.to_unit_id == unit_id)
        statement = statement.where(changes.id.in_(select(successors.change_id).where(named)))
    if after is not None:
        statement = statement.where(changes.id < after)
    return list(work.session.scalars(statement.order_by(changes.id.desc()).limit(limit)))


def links_of_changes(work: Work, change_ids: Sequence[UUID]) -> dict[UUID, list[tuple[Unit, Unit | None]]]:
    """By change, each unit with the one that goes on from it: the same unit where it was renamed."""
    found: dict[UUID, list[tuple[Unit, Unit | None]]] = {key: [] for key in change_ids}
    rows = list(
        work.session.scalars(
            select(successors).where(successors.change_id.in_(found)).order_by(successors.id)
        )
    )
    keys = {row.from_unit_id for row in rows} | {row.to_unit_id for row in rows if row.to_unit_id}
    known = {unit.id: unit for unit in work.session.scalars(select(units).where(units.id.in_(keys)))}
    for row in rows:
        after = known[row.to_unit_id] if row.to_unit_id else None
        found[row.change_id].append((known[row.from_unit_id], after))
    return found


# Writes


def change_units(work: Work, given: UnitChangeInput, locality_id: UUID) -> Change:
    """Record a change and everything that follows at once. 404 for units one may not know of, Invalid for what does
    not make a change of that kind, Conflict `unit_ended` when one has ended before, `name_taken`."""
    work.require(Permission.UNIT_MANAGE, locality_id)
    hold(work, given.units, given.successors)
    # As in unit.py: names are compared by reading them, so one change of a locality's units at a time.
    work.session.get(Ledger, locality_id, with_for_update=True)
    ending = _known(work, given.units, locality_id, "units")
    going_on = _known(work, given.successors, locality_id, "successors")
    effective_on = _effective_day(work, given, ending)
    _check_shape(given, ending, going_on)

    change = Change(
        locality_id=locality_id,
        kind=given.kind,
        effective_on=effective_on,
        basis=given.basis or None,
        note=given.note or None,
        recorded_at=work.now,
        recorded_by_id=work.actor.account_id,
    )
    work.add(change)
    if given.kind == "rename":
        _rename(work, change, ending[0], given)
        return change
    for unit in ending:
        unit.valid_to, unit.version = effective_on - ONE_DAY, unit.version + 1
    work.session.flush()
    going_on += [_new_unit(work, one, ending[0], effective_on) for one in given.new_units]
    for unit in ending:
        groups = [group.id for _, group in groups_held(work, unit)]
        pass_on(work, unit, going_on, effective_on, given.choices)
        _link(work, change, unit, going_on)
        if given.kind == "split":
            ask_about_successors(work, unit, groups, [one.id for one in going_on])
    for successor in going_on:
        _learn_names(successor, ending)
    _record(work, change, ending, going_on)
    return change


def _known(work: Work, unit_ids: Sequence[UUID], locality_id: UUID, field: str) -> list[Unit]:
    """In the order given; none of them a group, ended, or of another place."""
    statement = (
        visible(work, Unit)
        .where(units.id.in_(unit_ids), units.locality_id == locality_id)
        .execution_options(populate_existing=True)
    )
    found = {unit.id: unit for unit in work.session.scalars(statement)}
    if len(found) < len(unit_ids):
        raise Invalid.field(field, "Có đơn vị không thuộc địa phương này. Chọn lại đơn vị.")
    chosen = [found[unit_id] for unit_id in unit_ids]
    for unit in chosen:
        if unit.is_group:
            raise Invalid.field(
                field, f"{unit.name} là một nhóm: sửa thành viên của nhóm thay vì sáp nhập, chia tách."
            )
        if unit.valid_to is not None:
            raise Conflict(f"{unit.name} đã có ngày kết thúc. Chọn đơn vị khác.", code="unit_ended")
    return chosen


def _effective_day(work: Work, given: UnitChangeInput, ending: Sequence[Unit]) -> date:
    day = given.effective_on or work.today
    if day > work.today:
        raise Invalid.field(
            "effective_on", "Chưa đến ngày này. Ghi thay đổi từ ngày quyết định có hiệu lực trở đi."
        )
    begun = max(unit.valid_from for unit in ending)
    if day <= begun:
        raise Invalid.field(
            "effective_on", f"Phải sau ngày đơn vị bắt đầu hoạt động ({begun:%d/%m/%Y}). Kiểm tra lại ngày."
        )
    return day


def _check_shape(given: UnitChangeInput, ending: Sequence[Unit], going_on: Sequence[Unit]) -> None:
    count = len(going_on) + len(given.new_units)
    if {unit.id for unit in ending} & {unit.id for unit in going_on}:
        raise Invalid.field("successors", "Đơn vị kế tiếp không thể là một đơn vị kết thúc. Chọn lại.")
    if given.kind == "merge" and (count != 1 or (given.new_units and len(ending) < 2)):
        raise Invalid.field(
            "successors",
            "Sáp nhập cần đúng một đơn vị kế tiếp: một đơn vị đã có, hoặc ít nhất hai đơn vị thành một đơn vị mới.",
        )
    if given.kind == "split" and (len(ending) != 1 or count < 2):
        raise Invalid.field("successors", "Chia tách cần một đơn vị và ít nhất hai đơn vị kế tiếp.")
    if given.kind == "end" and (len(ending) != 1 or given.new_units or count > 1):
        raise Invalid.field(
            "successors", "Mỗi lần kết thúc một đơn vị, có thể kèm một đơn vị đã có tiếp nhận việc."
        )
    if given.kind == "rename" and (len(ending) != 1 or count or given.name is None):
        raise Invalid.field("name", "Đổi tên cần một đơn vị và tên mới.")
    wrong = [
        place for place in given.choices.values() if place is not None and not 0 <= place < max(count, 1)
    ]
    if wrong:
        raise Invalid.field("choices", "Có lựa chọn không trỏ đến đơn vị kế tiếp nào. Chọn lại.")


def _rename(work: Work, change: Change, unit: Unit, given: UnitChangeInput) -> None:
    new_name = given.name or unit.name
    if new_name == unit.name:
        raise Invalid.field("name", "Tên mới trùng tên đang dùng. Nhập tên mới.")
    check_name_free(work, unit.locality_id, new_name, but=unit.id)
    last_day = change.effective_on - ONE_DAY
    before = work.session.scalars(
        select(names).where(names.unit_id == unit.id).order_by(names.valid_to.desc()).limit(1)
    ).first()
    if before is not None and before.valid_to >= last_day:
        raise Invalid.field("effective_on", "Đơn vị đã đổi tên sau ngày này. Ghi ngày muộn hơn.")

    old = UnitName(
        locality_id=unit.locality_id,
        unit_id=unit.id,
        change_id=change.id,
        name=unit.name,
        short_name=unit.short_name,
        valid_from=before.valid_to + ONE_DAY if before else unit.valid_from,
        valid_to=last_day,
    )
    work.add(old)
    unit.name, unit.name_key, unit.version = new_name, compare_key(new_name), unit.version + 1
    unit.short_name = given.short_name or None
    _learn(unit, [old.name, old.short_name])
    _link(work, change, unit, [unit])
    work.record(
        UnitRenamed(
            locality_id=unit.locality_id,
            subject_id=unit.id,
            before=old.name,
            name=unit.name,
            **_said_of(change),
        )
    )


def _new_unit(work: Work, given: UnitInput, before: Unit, effective_on: date) -> Unit:
    """Reports where the unit before it did, unless another superior was named."""
    superior = given.reports_to or before.reports_to_id
    return add_unit(
        work,
        given.model_copy(update={"valid_from": effective_on, "reports_to": superior}),
        before.locality_id,
    )


def _link(work: Work, change: Change, unit: Unit, going_on: Sequence[Unit]) -> None:
    after: list[UUID | None] = [one.id for one in going_on]
    work.add(
        *(
            UnitSuccessor(
                locality_id=unit.locality_id, change_id=change.id, from_unit_id=unit.id, to_unit_id=key
            )
            for key in after or [None]
        )
    )


def _learn_names(successor: Unit, before: Sequence[Unit]) -> None:
    """Plans and people go on using the old names: they find whoever goes on."""
    for unit in before:
        _learn(successor, [unit.name, unit.short_name])
    successor.version += 1


def _learn(unit: Unit, old_names: Sequence[str | None]) -> None:
    known = {compare_key(name) for name in (unit.name, unit.short_name, *unit.aliases) if name}
    new = [name for name in old_names if name and compare_key(name) not in known]
    unit.aliases = list(dict.fromkeys([*new, *unit.aliases]))[:MOST_ALIASES]
    unit.folded = folded_of(unit)


def _record(work: Work, change: Change, ending: Sequence[Unit], going_on: Sequence[Unit]) -> None:
    after = ", ".join(unit.name for unit in going_on)
    said = f"{after} tiếp nhận" if after else "không có đơn vị kế tiếp"
    place = change.locality_id
    for unit in ending:
        if change.kind == "split":
            work.record(
                UnitSplit(
                    locality_id=place, subject_id=unit.id, name=unit.name, after=after, **_said_of(change)
                )
            )
        else:
            work.record(
                UnitEnded(
                    locality_id=place, subject_id=unit.id, name=unit.name, said=said, **_said_of(change)
                )
            )
    if change.kind == "merge":
        before = ", ".join(unit.name for unit in ending)
        one = going_on[0]
        work.record(
            UnitsMerged(
                locality_id=place, subject_id=one.id, before=before, name=one.name, **_said_of(change)
            )
        )


def _said_of(change: Change) -> dict[str, Any]:
    return {"effective_on": change.effective_on, "basis": change.basis, "change": change.id}
