"""Localities: the tenants. A province above its communes."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.base import moment, new_id, one_of


class Locality(SQLModel, table=True):
    """A commune, ward or special zone (kind commune), or the province above it. `code` is the official one."""

    __table_args__ = (one_of("kind", "province", "commune"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    parent_id: UUID | None = Field(default=None, foreign_key="locality.id", index=True)
    code: str = Field(unique=True, max_length=20)
    name: str = Field(max_length=200)
    folded: str = Field(max_length=200)
    kind: str
    created_at: datetime = moment()
    version: int = 1
