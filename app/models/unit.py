"""Organisations that carry out, and named sets of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Row, inside, key_within_locality, moment, one_of, rule

UNIT_KINDS = (
    "party_committee",
    "party_agency",
    "party_cell_village",
    "party_cell_school",
    "party_cell_other",
    "peoples_committee",
    "division",
    "service",
    "front",
    "mass_organisation",
    "school",
    "police",
    "military",
    "superior",
    "external",
    "group",
)
UNIT_CHANGES = ("merge", "split", "rename", "end")


class Unit(Row, table=True):
    """A body that carries out. A group is a unit of kind `group` with a `unit_group` row beside it, so that
    work can be given to either by one key (decision 0003). Aliases are a JSON list of other names."""

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("locality_id", "code"),
        Index("ix_unit_locality_id_name_key", "locality_id", "name_key"),
        one_of("kind", *UNIT_KINDS),
        rule("identifier", "identifier IS NULL OR length(identifier) BETWEEN 1 AND 35"),
        rule("valid", "valid_to IS NULL OR valid_to >= valid_from"),
        inside("reports_to_id", "unit"),
    )

    code: str = Field(max_length=40)
    name: str = Field(max_length=300)
    short_name: str | None = Field(default=None, max_length=100)
    kind: str
    aliases: list[Any] = Field(default_factory=list, sa_type=JSON)
    identifier: str | None = Field(default=None, max_length=35)
    name_key: str = Field(max_length=300)
    folded: str
    reports_to_id: UUID | None = None
    valid_from: date
    valid_to: date | None = None
    created_at: datetime = moment()
    version: int = 1

    @property
    def is_group(self) -> bool:
        return self.kind == "group"

    def has_ended(self, day: date) -> bool:
        return self.valid_to is not None and self.valid_to < day


class UnitGroup(SQLModel, table=True):
    """The group side of a unit of kind `group`: `definition` says in words who belongs."""

    __tablename__ = "unit_group"
    __table_args__ = (key_within_locality(), inside("id", "unit"))

    id: UUID = Field(primary_key=True)
    locality_id: UUID = Field(foreign_key="locality.id")
    definition: str | None = None


class UnitGroupMember(Row, table=True):
    """A unit belongs to a group from one day to another (inclusive); open-ended while valid_to is null."""

    __tablename__ = "unit_group_member"
    __table_args__ = (
        UniqueConstraint("group_id", "unit_id", "valid_from"),
        rule("valid", "valid_to IS NULL OR valid_to >= valid_from"),
        rule("not_itself", "group_id <> unit_id"),
        inside("unit_id", "unit"),
        ForeignKeyConstraint(["locality_id", "group_id"], ["unit_group.locality_id", "unit_group.id"]),
    )

    group_id: UUID
    unit_id: UUID = Field(index=True)
    valid_from: date
    valid_to: date | None = None


class UnitChange(Row, table=True):
    """Units merged, one was split, renamed or ended, from a day on. `basis` names the decision it rests on."""

    __tablename__ = "unit_change"
    __table_args__ = (key_within_locality(), one_of("kind", *UNIT_CHANGES))

    kind: str
    effective_on: date
    basis: str | None = Field(default=None, max_length=300)
    note: str | None = None
    recorded_at: datetime = moment()
    recorded_by_id: UUID | None = Field(default=None, foreign_key="account.id")


class UnitSuccessor(Row, table=True):
    """Of a change: from this unit to that one; `to_unit_id` null where nobody takes over."""

    __tablename__ = "unit_successor"
    __table_args__ = (
        UniqueConstraint("change_id", "from_unit_id", "to_unit_id"),
        inside("change_id", "unit_change"),
        inside("from_unit_id", "unit"),
        inside("to_unit_id", "unit"),
    )

    change_id: UUID
    from_unit_id: UUID = Field(index=True)
    to_unit_id: UUID | None = Field(default=None, index=True)


class UnitName(Row, table=True):
    """What a unit was called before it was renamed, up to and including `valid_to`."""

    __tablename__ = "unit_name"
    __table_args__ = (
        UniqueConstraint("unit_id", "valid_to"),
        rule("valid", "valid_from IS NULL OR valid_to >= valid_from"),
        inside("unit_id", "unit"),
        inside("change_id", "unit_change"),
    )

    unit_id: UUID
    change_id: UUID
    name: str = Field(max_length=300)
    short_name: str | None = Field(default=None, max_length=100)
    valid_from: date | None = None
    valid_to: date


class RowMove(Row, table=True):
    """An open row handed from one unit to another by a recorded decision, so that earlier days can be told."""

    __tablename__ = "row_move"
    __table_args__ = (
        rule("subject", "(assignment_id IS NULL) <> (submission_id IS NULL)"),
        inside("change_id", "unit_change"),
        inside("assignment_id", "assignment"),
        inside("submission_id", "submission"),
        inside("from_unit_id", "unit"),
        inside("to_unit_id", "unit"),
    )

    change_id: UUID
    assignment_id: UUID | None = Field(default=None, index=True)
    submission_id: UUID | None = Field(default=None, index=True)
    from_unit_id: UUID = Field(index=True)
    to_unit_id: UUID
    moved_at: datetime = moment()
    moved_by_id: UUID | None = Field(default=None, foreign_key="account.id")
