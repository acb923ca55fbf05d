"""Keys with which another system acts for a person. The secret is shown once and stored hashed."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import field_validator
from sqlalchemy import or_, select
from sqlmodel import Field

from app.errors import Invalid, NotFound
from app.events import TokenAdded, TokenRevoked
from app.models import Account, ApiToken
from app.models.base import columns
from app.permissions import Permission
from app.services.person import get_own_account
from app.services.signing_in import hash_secret
from app.services.typed import EndDay, Typed
from app.work import VIETNAM, Work

PREFIX = "td_"
tokens = columns(ApiToken)


class TokenInput(Typed):
    """`expires_on` is the last day the key works; null for no end."""

    name: str = Field(min_length=1, max_length=100)
    expires_on: EndDay | None = None

    @field_validator("expires_on", mode="before")
    @classmethod
    def no_day_typed(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value


def list_tokens(work: Work) -> list[ApiToken]:
    """One's own keys that still work, newest first."""
    account = _own_account(work)
    unexpired = or_(tokens.expires_at.is_(None), tokens.expires_at > work.now)
    statement = select(tokens).where(tokens.account_id == account.id, tokens.revoked_at.is_(None), unexpired)
    return list(work.session.scalars(statement.order_by(tokens.id.desc())))


def add_own_token(work: Work, given: TokenInput) -> tuple[ApiToken, str]:
    return _add(work, _own_account(work), given)


def add_token(work: Work, name: str, account: Account, expires: date | None = None) -> str:
    """The secret. For oneself, or by the operator's shell for anybody."""
    if work.actor.account_id not in (None, account.id):
        raise NotFound
    work.require(Permission.TOKEN_MANAGE, account.locality_id)
    return _add(work, account, TokenInput(name=name, expires_on=expires))[1]


def revoke_token(work: Work, token_id: UUID) -> None:
    """One's own key stops working at once. Revoking it again changes nothing."""
    account = _own_account(work)
    token = work.session.get(ApiToken, token_id)
    if token is None or token.account_id != account.id:
        raise NotFound
    if token.revoked_at is not None:
        return

    token.revoked_at = work.now
    work.record(TokenRevoked(locality_id=account.locality_id, subject_id=account.id, name=token.name))


def _own_account(work: Work) -> Account:
    account = get_own_account(work)
    work.require(Permission.TOKEN_MANAGE, account.locality_id)
    return account


def _add(work: Work, account: Account, given: TokenInput) -> tuple[ApiToken, str]:
    if given.expires_on is not None and given.expires_on < work.today:
        raise Invalid.field("expires_on", "Ngày hết hạn đã qua. Chọn một ngày từ hôm nay trở đi.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        locality_id=account.locality_id,
        account_id=account.id,
        name=given.name,
        secret_hash=hash_secret(secret),
        created_at=work.now,
        expires_at=_end_of(given.expires_on) if given.expires_on else None,
    )

    work.add(token)
    work.record(TokenAdded(locality_id=account.locality_id, subject_id=account.id, name=token.name))
    return token, secret


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), VIETNAM).astimezone(UTC)
