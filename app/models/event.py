"""History: append-only, numbered without gaps per locality, each row carrying the hash of the one before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Row, moment


class EventRow(Row, table=True):
    """One thing that happened. UPDATE and DELETE are refused by a trigger."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("locality_id", "number"),
        Index("ix_event_subject", "subject_id", "number"),
        Index("ix_event_unit", "locality_id", "unit_id", "number"),
    )

    number: int
    at: datetime = moment()
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    actor_name: str
    kind: str = Field(max_length=60)
    subject_kind: str = Field(max_length=40)
    subject_id: UUID
    unit_id: UUID | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Ledger(SQLModel, table=True):
    """Where a locality's history stands; locked while an event is added, so that numbers have no gap."""

    locality_id: UUID = Field(foreign_key="locality.id", primary_key=True)
    number: int = 0
    hash: str = Field(default="", max_length=64)


class KeptAnswer(SQLModel, table=True):
    """The answer to a write sent with an Idempotency-Key (or a form's own key), so that a repeat has one effect.
    `sender` is the account, or the access link, it was sent with."""

    __tablename__ = "kept_answer"

    sender: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=100)
    request_hash: str = Field(max_length=64)
    status: int
    headers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    body: bytes = Field(sa_type=LargeBinary)
    kept_at: datetime = moment(index=True)
