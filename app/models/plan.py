"""The plan a locality carries out."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, inside, key_within_locality, moment, one_of, rule
from app.models.task import CYCLES


class Plan(Row, table=True):
    """draft → issued → closed, or superseded by an amendment. One document makes one plan.

    `amends_id`: the plan this one takes the place of, once it is issued. `scheme_id`: the scheme whose periods it
    reports in, opened by the clock; null means whichever the office opens. `cycle`: that of standing work which
    names none of its own; null means every period.
    """

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("document_id"),
        UniqueConstraint("locality_id", "code"),
        one_of("state", "draft", "issued", "closed", "superseded"),
        rule("cycle", f"cycle IS NULL OR cycle IN {CYCLES}"),
        rule("issued", "state = 'draft' OR issued_at IS NOT NULL"),
        inside("document_id", "document"),
        Index("ix_plan_locality_id_state", "locality_id", "state"),
    )

    document_id: UUID
    amends_id: UUID | None = Field(default=None, foreign_key="plan.id", index=True)
    code: str = Field(max_length=20)
    title: str
    kind: str | None = Field(default=None, max_length=60)
    issuer: str | None = None
    number: str | None = Field(default=None, max_length=60)
    issued_on: date | None = None
    state: str = "draft"
    scheme_id: UUID | None = Field(default=None, foreign_key="period_scheme.id")
    cycle: str | None = None
    folded: str
    created_at: datetime = moment()
    issued_at: datetime | None = moment(default=None)
    version: int = 1
