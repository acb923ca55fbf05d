"""What only the office can answer: who joined late, who left, what does not apply."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from app.models.base import Row, inside, key_within_locality, moment, one_of, rule

QUESTION_KINDS = ("late_joiner", "ended_member", "waive_request")
QUESTION_ANSWERS = ("added", "left_out", "kept", "cancelled", "waived", "refused")


class Question(Row, table=True):
    """Raised by the system or by a unit, answered once by the office. `late_joiner` and `ended_member` are about a
    member (`unit_id`) of a group (`group_id`); `waive_request` is about one row."""

    __table_args__ = (
        key_within_locality(),
        Index("ix_question_locality_id_state", "locality_id", "state"),
        Index("ix_question_unit", "locality_id", "unit_id", "state"),
        one_of("kind", *QUESTION_KINDS),
        one_of("state", "open", "answered", "withdrawn"),
        one_of("answer", *QUESTION_ANSWERS),
        rule("answered", "(state = 'answered') = (answer IS NOT NULL)"),
        inside("unit_id", "unit"),
        inside("group_id", "unit_group"),
        inside("period_id", "period"),
        inside("assignment_id", "assignment"),
        inside("submission_id", "submission"),
    )

    kind: str
    state: str = "open"
    unit_id: UUID
    group_id: UUID | None = None
    period_id: UUID | None = None
    assignment_id: UUID | None = Field(default=None, index=True)
    submission_id: UUID | None = Field(default=None, index=True)
    text: str
    asked_at: datetime = moment()
    asked_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    answer: str | None = None
    answer_text: str | None = None
    answered_at: datetime | None = moment(default=None)
    answered_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    version: int = 1
