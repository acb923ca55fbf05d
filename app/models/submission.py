"""A unit's figure for an indicator in a period, with its versions."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, figure, inside, key_within_locality, moment, one_of, rule

SUBMISSION_STATES = ("expected", "draft", "sent", "accepted", "returned", "reopened", "waived")


class Submission(Row, table=True):
    """The expected row, made when the period opens. Its figures live in immutable versions. `first_due_on` and
    `extended` as on an assignment."""

    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("indicator_id", "unit_id", "period_id"),
        Index("ix_submission_unit", "locality_id", "unit_id", "period_id"),
        one_of("state", *SUBMISSION_STATES),
        rule("reason", "state NOT IN ('returned', 'reopened', 'waived') OR state_reason IS NOT NULL"),
        inside("indicator_id", "indicator"),
        inside("unit_id", "unit"),
        inside("period_id", "period"),
    )

    indicator_id: UUID
    unit_id: UUID
    period_id: UUID
    state: str = "expected"
    state_reason: str | None = None
    due_on: date | None = None
    first_due_on: date | None = None
    extended: int = 0
    sent_at: datetime | None = moment(default=None)
    created_at: datetime = moment()
    version: int = 1


class SubmissionVersion(Row, table=True):
    """What was sent: immutable. Exactly the parts its measure asks for are filled; with `no_data` none of them, and
    `note` says why there is no figure. `carried_from_id`: the figure of an earlier period that is the same.
    `definition`: the number of the indicator's definition it was sent under. `doubts`: codes of what was asked about
    when it was sent, which `note` answers."""

    __tablename__ = "submission_version"
    __table_args__ = (
        key_within_locality(),
        UniqueConstraint("submission_id", "number"),
        rule(
            "filled",
            "value IS NOT NULL OR (numerator IS NOT NULL AND denominator IS NOT NULL) "
            "OR level IS NOT NULL OR flag IS NOT NULL OR note IS NOT NULL",
        ),
        inside("submission_id", "submission"),
    )

    submission_id: UUID
    number: int
    value: Decimal | None = figure()
    numerator: Decimal | None = figure()
    denominator: Decimal | None = figure()
    level: int | None = None
    flag: bool | None = None
    note: str | None = None
    no_data: bool = False
    doubts: list[str] | None = Field(default=None, sa_type=JSON)
    definition: int = 1
    carried_from_id: UUID | None = Field(default=None, foreign_key="submission_version.id")
    sent_at: datetime = moment()
    sent_by_id: UUID | None = Field(default=None, foreign_key="account.id")


class SubmissionDecision(Row, table=True):
    """The office's answer to one version: accepted, or returned with a reason. Immutable."""

    __tablename__ = "submission_decision"
    __table_args__ = (
        UniqueConstraint("version_id"),
        one_of("kind", "accepted", "returned"),
        rule("reason", "kind <> 'returned' OR reason IS NOT NULL"),
        inside("version_id", "submission_version"),
    )

    version_id: UUID
    kind: str
    reason: str | None = None
    decided_at: datetime = moment()
    decided_by_id: UUID | None = Field(default=None, foreign_key="account.id")
