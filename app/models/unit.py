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
