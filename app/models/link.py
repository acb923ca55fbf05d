"""Secret addresses: to report without an account, and to follow due dates in a calendar. Stored hashed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.models.base import Row, inside, key_within_locality, moment


class AccessLink(Row, table=True):
    """Whoever opens it may see and report one unit's rows of one period, until it expires or is revoked. Renewing
    one revokes it and makes another."""

    __tablename__ = "access_link"
    __table_args__ = (
        key_within_locality(),
        Index("ix_access_link_unit", "locality_id", "unit_id", "period_id"),
        inside("unit_id", "unit"),
        inside("period_id", "period"),
    )

    unit_id: UUID
    period_id: UUID
    secret_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = moment()
    created_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    expires_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None)
    last_used_at: datetime | None = moment(default=None)


class CalendarLink(Row, table=True):
    """An iCalendar feed of one unit's due dates."""

    __tablename__ = "calendar_link"
    __table_args__ = (key_within_locality(), inside("unit_id", "unit"))

    unit_id: UUID = Field(index=True)
    secret_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = moment()
    created_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    revoked_at: datetime | None = moment(default=None)
