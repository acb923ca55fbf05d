"""The issued file, its clauses, and what was read out of them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Row, inside, key_within_locality, moment, one_of, rule

DOCUMENT_STATES = ("waiting", "reading", "read", "failed", "cancelled")
FILE_FORMATS = ("txt", "docx", "pdf", "scan", "image", "xlsx", "doc")
CANDIDATE_KINDS = ("unit", "duty", "task", "indicator", "milestone")
CANDIDATE_STATES = ("pending", "accepted", "edited", "split", "merged", "rejected")
STEP_ACTIONS = ("accept", "edit", "reject", "undo", "set", "split", "merge", "set_aside", "take_back")


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
    """An issued document, one intake of one or several files. `text` is all of them as one text: passages point into
    it by character offsets; it is empty until the document is read. `stored_file_id` is its first file, the plan.

    `amends_id`: the plan this document changes, said when it was uploaded.

    `attempt` counts how often a person asked for it to be read; `failure` is the sentence that says why it could not.
    """

    __table_args__ = (
        key_within_locality(),
        one_of("state", *DOCUMENT_STATES),
        inside("stored_file_id", "stored_file"),
        Index("ix_document_locality_id_created_at", "locality_id", "created_at"),
    )

    stored_file_id: UUID
    state: str = Field(default="read", max_length=20, index=True)
    attempt: int = 1
    pages: int | None = None
    amends_id: UUID | None = None  # no foreign key: a plan points at its document already
    failure_code: str | None = Field(default=None, max_length=60)
    failure: str | None = None
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


class DocumentFile(Row, table=True):
    """One file of an intake, in the order given: the plan, then its annexes. Where it lies in the document's text
    (characters from start_at to before end_at) and pages is known once it is read; `first_page` is empty for files
    without pages. `format` is empty where only reading tells it."""

    __tablename__ = "document_file"
    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("document_id", "ordinal"),
        one_of("format", *FILE_FORMATS),
        inside("document_id", "document"),
        inside("stored_file_id", "stored_file"),
    )

    document_id: UUID
    ordinal: int
    stored_file_id: UUID
    format: str | None = Field(default=None, max_length=10)
    first_page: int | None = None
    last_page: int | None = None
    start_at: int | None = None
    end_at: int | None = None


class ReadingProgress(SQLModel, table=True):
    """How far the reading of a document is. Not history: overwritten while it goes on, gone when it ends.
    `starts` counts how often this attempt was begun: more than once after the service was stopped in between."""

    __tablename__ = "reading_progress"
    __table_args__ = (inside("document_id", "document"),)

    document_id: UUID = Field(primary_key=True)
    locality_id: UUID
    attempt: int
    starts: int = 0
    page: int = 0
    pages: int = 0
    preview: str = ""
    noted_at: datetime = moment()


class Passage(Row, table=True):
    """One clause. `raw` is the file's own text between start_at and end_at, `text` the cleaned form.
    `page` counts through all files of the document; `box` is its place on that page, as fractions from the top left:
    [left, top, right, bottom]; `confidence` (0 to 100) is that of its least certain word, for scans.

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
    file_ordinal: int = 1
    page: int | None = None
    box: list[Any] | None = Field(default=None, sa_type=JSON)
    confidence: float | None = None
    last_step_id: UUID | None = None
    version: int = 1


class Candidate(Row, table=True):
    """What intake read out of a clause, waiting for a person's decision. `reading` never changes;
    `decided` holds what the person made of it, on a pending one what was filled in so far. A duty hangs on its
    unit candidate.

    Those that splitting or merging made name in `made_of` what they came from, and stand among the others at the
    ordinal `stands_at`, there in order of `part`. `last_step_id` is the step that changed it last.
    """

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
    stands_at: int | None = None
    part: str = Field(default="", max_length=30)
    made_of: list[Any] | None = Field(default=None, sa_type=JSON)
    last_step_id: UUID | None = None
    version: int = 1


class DecisionStep(Row, table=True):
    """What one act of one clerk changed in a document, so that it can be taken back as a whole.

    `before`: for each thing changed its kind ("candidate", "passage"), key, and what it was; `made`: keys of
    candidates that splitting or merging made.
    """

    __tablename__ = "decision_step"
    __table_args__ = (
        key_within_locality(),
        one_of("action", *STEP_ACTIONS),
        inside("document_id", "document"),
        Index("ix_decision_step_document_id_account_id", "document_id", "account_id"),
    )

    document_id: UUID
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    action: str = Field(max_length=20)
    count: int
    before: list[Any] = Field(default_factory=list, sa_type=JSON)
    made: list[Any] = Field(default_factory=list, sa_type=JSON)
    taken_at: datetime = moment()
    undone_at: datetime | None = moment(default=None)
