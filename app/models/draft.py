"""What is typed and not sent yet, so that it can be gone on with on another day or device."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, inside, moment, rule


class Draft(Row, table=True):
    """The fields of one row as they were typed, shared by the people of its unit: overwritten while somebody types,
    gone when it is sent. No history, no fact about the work. `version` counts the savings."""

    __table_args__ = (
        UniqueConstraint("assignment_id"),
        UniqueConstraint("submission_id"),
        rule("subject", "(assignment_id IS NULL) <> (submission_id IS NULL)"),
        inside("assignment_id", "assignment"),
        inside("submission_id", "submission"),
    )

    assignment_id: UUID | None = None
    submission_id: UUID | None = None
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    saved_at: datetime = moment()
    saved_by: str = Field(default="", max_length=300)
    version: int = 1
