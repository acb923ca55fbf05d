"""The issued file, its clauses, and what was read out of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, inside, key_within_locality, moment, one_of, rule

CANDIDATE_KINDS = ("unit", "duty", "task", "indicator", "milestone")
CANDIDATE_STATES = ("pending", "accepted", "edited", "split", "merged", "rejected")


class StoredFile(Row, table=True):
    """Bytes kept as they came, under their SHA-256; `name` is shown, never used as a path."""

    __tablename__ = "stored_file"
    __table_args__ = (key_within_locality(), rule("size", "size >= 0"))

    sha256: str = Field(index=True, max_length=64)
    size: int
    name: str = Field(max_length=255)
    media_type: str = Field(max_length=100)
    stored_at: datetime = moment()


class Document(Row, table=True):
    """An issued document as read. `text` is the decoded file: passages point into it by character offsets."""

    __table_args__ = (
        key_within_locality(),
        inside("stored_file_id", "stored_file"),
        Index("ix_document_locality_id_created_at", "locality_id", "created_at"),
    )

    stored_file_id: UUID
    text: str
    title: str | None = None
    kind: str | None = Field(default=None, max_length=60)
    issuer: str | None = None
    number: str | None = Field(default=None, max_length=60)
    issued_on: date | None = None
    references: list[Any] = Field(default_factory=list, sa_type=JSON)
    signed_as: str | None = None
    signed_by: str | None = None
    distribution: list[Any] = Field(default_factory=list, sa_type=JSON)
    warnings: list[Any] = Field(default_factory=list, sa_type=JSON)
    folded: str
    uploaded_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    created_at: datetime = moment()
    version: int = 1


class Passage(Row, table=True):
    """One clause. `raw` is the file's own text between start_at and end_at, `text` the cleaned form.

    `in_scope` marks clauses that must be used or set aside before the plan is issued (coverage);
    `set_aside` is the office's "không phải nhiệm vụ".
    """

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("document_id", "ordinal"),
        rule("span", "end_at >= start_at AND start_at >= 0"),
        inside("document_id", "document"),
    )

    document_id: UUID
    ordinal: int
    key: str = Field(max_length=20)
    path: str = Field(max_length=60)
    kind: str = Field(max_length=30)
    raw: str
    text: str
    start_at: int
    end_at: int
    in_scope: bool = False
    set_aside: bool = False
    version: int = 1


class Candidate(Row, table=True):
    """What intake read out of a clause, waiting for a person's decision. `reading` never changes;
    `decided` holds what the person made of it. A duty hangs on its unit candidate."""

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("document_id", "ordinal"),
        one_of("kind", *CANDIDATE_KINDS),
        one_of("state", *CANDIDATE_STATES),
        rule("decision", "(state = 'pending') = (decided_at IS NULL)"),
        inside("document_id", "document"),
        inside("passage_id", "passage"),
        inside("parent_id", "candidate"),
        inside("unit_id", "unit"),
    )

    document_id: UUID
    passage_id: UUID = Field(index=True)
    parent_id: UUID | None = None
    ordinal: int
    kind: str
    state: str = "pending"
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    decided: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    unit_id: UUID | None = None
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    decided_at: datetime | None = moment(default=None)
    version: int = 1
