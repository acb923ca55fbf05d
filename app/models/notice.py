"""What people are told: in the application, and by e-mail."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.base import Row, moment, one_of, rule

NOTICE_KINDS = (
    "assigned",
    "due_soon",
    "overdue",
    "reported",
    "returned",
    "confirmed",
    "urged",
    "mentioned",
    "question",
    "extension",
)


class Notice(Row, table=True):
    """One line for one person, made out of an event of the history (`event_number`). `at_once`: an e-mail of its own
    instead of a line in the next digest; `mail_id`: the e-mail it went out with."""

    __table_args__ = (
        UniqueConstraint("account_id", "locality_id", "event_number", "kind", "href"),
        Index("ix_notice_account_id_at", "account_id", "at"),
        Index(
            "ix_notice_unread",
            "account_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        one_of("kind", *NOTICE_KINDS),
    )

    account_id: UUID = Field(foreign_key="account.id")
    kind: str
    at_once: bool = False
    text: str
    href: str = Field(max_length=300)
    unit_id: UUID | None = None
    event_number: int
    at: datetime = moment()
    read_at: datetime | None = moment(default=None)
    mail_id: UUID | None = Field(default=None, foreign_key="mail.id")


class NoticeCursor(SQLModel, table=True):
    """Up to which event of a locality's history people have been told."""

    __tablename__ = "notice_cursor"

    locality_id: UUID = Field(foreign_key="locality.id", primary_key=True)
    number: int = 0


class NoticeChoice(Row, table=True):
    """Whether a person wants a kind of notice by e-mail; without a row: yes."""

    __tablename__ = "notice_choice"
    __table_args__ = (
        UniqueConstraint("account_id", "kind"),
        one_of("kind", *NOTICE_KINDS),
    )

    account_id: UUID = Field(foreign_key="account.id")
    kind: str
    by_mail: bool


class Mail(Row, table=True):
    """An e-mail to one person: kept before it is sent, so that a crash neither loses nor doubles it. At most one digest
    a day."""

    __table_args__ = (
        UniqueConstraint("message_id"),
        Index(
            "uq_mail_digest",
            "account_id",
            "day",
            unique=True,
            sqlite_where=text("kind = 'digest'"),
            postgresql_where=text("kind = 'digest'"),
        ),
        Index("ix_mail_state_next_try_at", "state", "next_try_at"),
        one_of("kind", "digest", "at_once"),
        one_of("state", "waiting", "sending", "sent", "failed"),
        rule("sent", "(state = 'sent') = (sent_at IS NOT NULL)"),
    )

    account_id: UUID = Field(foreign_key="account.id", index=True)
    kind: str
    day: date
    address: str = Field(max_length=200)
    subject: str = Field(max_length=300)
    body: str
    message_id: str = Field(max_length=200)
    state: str = "waiting"
    tries: int = 0
    next_try_at: datetime = moment()
    sent_at: datetime | None = moment(default=None)
    failure: str | None = None
    created_at: datetime = moment()
