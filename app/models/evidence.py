"""Files and photos that show what was done."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from app.models.base import Row, inside, key_within_locality, moment, rule


class Evidence(Row, table=True):
    """A file beside a row of work or a figure; adding and removing one touches no version. `stored_file_id` is the file
    as kept (a photo without its place and device), `preview_id` a small picture of it. One that was
    removed is no longer shown, but who removed it when and why is kept."""

    __table_args__ = (
        key_within_locality(),
        rule("subject", "(assignment_id IS NULL) <> (submission_id IS NULL)"),
        rule("removed", "(removed_at IS NULL) = (removed_reason IS NULL)"),
        inside("assignment_id", "assignment"),
        inside("submission_id", "submission"),
        inside("unit_id", "unit"),
        inside("stored_file_id", "stored_file"),
        inside("preview_id", "stored_file"),
    )

    assignment_id: UUID | None = Field(default=None, index=True)
    submission_id: UUID | None = Field(default=None, index=True)
    unit_id: UUID
    stored_file_id: UUID
    preview_id: UUID | None = None
    name: str = Field(max_length=255)
    media_type: str = Field(max_length=100)
    size: int
    added_at: datetime = moment()
    added_by: str = Field(max_length=300)
    added_by_id: UUID | None = Field(default=None, foreign_key="account.id")
    removed_at: datetime | None = moment(default=None)
    removed_by: str | None = Field(default=None, max_length=300)
    removed_reason: str | None = None


class Upload(Row, table=True):
    """A file on its way in, in pieces: how much of it is here is how long its file in outside/upload_store.py is.
    `sender` is the key of who began it, the only one who may go on with it. `evidence_id`: what it became once it
    was whole. Swept away when its time is over."""

    __table_args__ = (
        UniqueConstraint("locality_id", "id"),
        rule("subject", "(assignment_id IS NULL) <> (submission_id IS NULL)"),
        rule("size", "size > 0"),
        inside("assignment_id", "assignment"),
        inside("submission_id", "submission"),
        inside("evidence_id", "evidence"),
    )

    assignment_id: UUID | None = None
    submission_id: UUID | None = None
    evidence_id: UUID | None = None
    sender: UUID = Field(index=True)
    name: str = Field(max_length=255)
    size: int
    created_at: datetime = moment()
    expires_at: datetime = moment(index=True)
