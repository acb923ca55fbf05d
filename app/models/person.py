"""People, what they may do, and how they come in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.base import Row, inside, key_within_locality, moment, new_id, one_of, rule


class Account(Row, table=True):
    """A person of staff: name, post and work contact only. `login` is stored in lower case."""

    __table_args__ = (key_within_locality(), one_of("state", "active", "disabled"))

    login: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=200)
    post: str = Field(default="", max_length=200)
    email: str | None = Field(default=None, max_length=200)
    folded: str = Field(max_length=500)
    password_hash: str
    state: str = "active"
    created_at: datetime = moment()
    version: int = 1


class Membership(Row, table=True):
    """A role held by an account: over one unit (role `unit`) or over the whole locality (all others)."""

    __table_args__ = (
        one_of("role", "admin", "office", "unit", "leader", "inspector", "province"),
        rule("unit_role", "(role = 'unit') = (unit_id IS NOT NULL)"),
        rule("valid", "valid_to IS NULL OR valid_to >= valid_from"),
        inside("unit_id", "unit"),
        Index(
            "uq_membership_locality",
            "account_id",
            "role",
            "locality_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL AND unit_id IS NULL"),
            postgresql_where=text("valid_to IS NULL AND unit_id IS NULL"),
        ),
        Index(
            "uq_membership_unit",
            "account_id",
            "unit_id",
            unique=True,
            sqlite_where=text("valid_to IS NULL AND unit_id IS NOT NULL"),
            postgresql_where=text("valid_to IS NULL AND unit_id IS NOT NULL"),
        ),
    )

    account_id: UUID = Field(foreign_key="account.id", index=True)
    unit_id: UUID | None = Field(default=None, index=True)
    role: str
    valid_from: date
    valid_to: date | None = None


class SignIn(Row, table=True):
    """A server-side session; the cookie holds the secret, the row its SHA-256. It is a person's, or was opened with
    an access link and is nobody's in particular."""

    __tablename__ = "session"
    __table_args__ = (
        rule("whose", "(account_id IS NULL) <> (access_link_id IS NULL)"),
        inside("access_link_id", "access_link"),
    )

    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    access_link_id: UUID | None = Field(default=None, index=True)
    secret_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


class ApiToken(Row, table=True):
    """A key for another system, acting as its account. Shown once, stored hashed."""

    __tablename__ = "api_token"

    account_id: UUID = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=100)
    secret_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = moment()
    expires_at: datetime | None = moment(default=None)
    revoked_at: datetime | None = moment(default=None)


class KnownDevice(Row, table=True):
    """A browser that once signed in to the account; its own tries are counted apart from strangers'."""

    __tablename__ = "known_device"

    account_id: UUID = Field(foreign_key="account.id", index=True)
    secret_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = moment()


class SignInTry(SQLModel, table=True):
    """One failed try to sign in, kept to slow down guessing. No locality: the login may not exist."""

    __tablename__ = "sign_in_try"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    login_hash: str = Field(index=True, max_length=64)
    address: str = Field(index=True, max_length=60)
    device_hash: str | None = Field(default=None, max_length=64)
    at: datetime = moment(index=True)
