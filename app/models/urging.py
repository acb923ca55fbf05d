"""Đôn đốc: a recorded act, about chosen rows, with a day by which an answer is due."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, inside, key_within_locality, moment, one_of, rule

URGING_CHANNELS = ("app", "phone", "paper", "meeting")


class Urging(Row, table=True):
    """One notice to one unit about its rows. `kind` step_up: the superior of `about_unit_id` is told that it stays
    silent (`previous_id` is the urging nobody answered); `unit_id` is null where that superior is the office.
    `step_up_after`: working days after `answer_by`; null means never."""

    __table_args__ = (
        key_within_locality(),
        one_of("kind", "urge", "step_up"),
        one_of("channel", *URGING_CHANNELS),
        Index("ix_urging_locality_id_sent_at", "locality_id", "sent_at"),
        Index("ix_urging_unit", "locality_id", "unit_id"),
        UniqueConstraint("previous_id"),
        inside("unit_id", "unit"),
        inside("about_unit_id", "unit"),
    )

    kind: str = "urge"
    channel: str = "app"
    unit_id: UUID | None = None
    about_unit_id: UUID
    previous_id: UUID | None = Field(default=None, foreign_key="urging.id")
    text: str
    answer_by: date
    step_up_after: int | None = None
    sent_at: datetime = moment()
    sent_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    answer: str | None = None
    answered_at: datetime | None = moment(default=None)
    answered_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    version: int = 1


class UrgingRow(Row, table=True):
    """A row an urging is about. Whether it was reported since is read from the row itself."""

    __tablename__ = "urging_row"
    __table_args__ = (
        UniqueConstraint("urging_id", "assignment_id"),
        UniqueConstraint("urging_id", "submission_id"),
        rule("subject", "(assignment_id IS NULL) <> (submission_id IS NULL)"),
        inside("urging_id", "urging"),
        inside("assignment_id", "assignment"),
        inside("submission_id", "submission"),
    )

    urging_id: UUID
    assignment_id: UUID | None = Field(default=None, index=True)
    submission_id: UUID | None = Field(default=None, index=True)
