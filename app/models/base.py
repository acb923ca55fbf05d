"""What every table shares: key, tenant, naming, exact types.

Every table carries `locality_id`; a child points at its parent by (locality_id, id), so that no row can ever
point across communes, whatever the code does.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Numeric,
    String,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A UUIDv7: ordered by time, so that rows made together lie together in an index."""
    return UUID(int=uuid6.uuid7().int)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC on both engines; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A figure stored exactly: NUMERIC on PostgreSQL, text on SQLite (which would make it a float)."""

    impl = Numeric(28, 8)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(40))
        return dialect.type_descriptor(Numeric(28, 8))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return format(value if value else abs(value), "f")  # no "-0", as PostgreSQL has none

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        exact = Decimal(value).normalize()
        return exact.quantize(Decimal(1)) if exact == exact.to_integral() else exact


class Row(SQLModel):
    """The key and the tenant of every ordinary table."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    locality_id: UUID = Field(foreign_key="locality.id")


def moment(**options: Any) -> Any:
    """A column holding an aware UTC moment."""
    return Field(sa_type=UtcDateTime, **options)


def figure(**options: Any) -> Any:
    """A nullable column holding an exact decimal."""
    return Field(default=None, sa_type=ExactDecimal, **options)


def key_within_locality() -> UniqueConstraint:
    """What children's composite foreign keys point at."""
    return UniqueConstraint("locality_id", "id")


def inside(column: str, table: str) -> ForeignKeyConstraint:
    """`column` points at a row of `table` of the same locality."""
    return ForeignKeyConstraint(["locality_id", column], [f"{table}.locality_id", f"{table}.id"])


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def rule(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def columns(model: type[SQLModel]) -> Any:
    """The model itself, for building queries: SQLModel types its columns as the values they hold, so a type
    checker would refuse every condition on them."""
    return model


def table(model: type[SQLModel]) -> Any:
    """The table behind a model, for hot reads: rows come as plain tuples, without the ORM between."""
    return model.__table__  # type: ignore[attr-defined]
