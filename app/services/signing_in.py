"""Signing in and out; from a secret to an actor. Guessing is slowed by our own table."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Select, and_, bindparam, delete, func, or_, select

from app.errors import Invalid, NotSignedIn, TooManyTries
from app.events import SignedIn, SignedOut
from app.models import (
    Account,
    ApiToken,
    KnownDevice,
    Locality,
    Membership,
    SignIn,
    SignInTry,
    UnitGroupMember,
)
from app.models.base import columns, table
from app.permissions import Actor, Grant, Permission, Role
from app.services.visitor import find_visitor
from app.work import Work

MAX_TRIES = 10
WINDOW = timedelta(minutes=5)
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra lại, hoặc liên hệ quản trị để đặt lại mật khẩu."
_AT_ONCE = BoundedSemaphore(2)  # each hash takes 19 MiB and a core

accounts, devices, tries, sessions = (
    columns(Account),
    columns(KnownDevice),
    columns(SignInTry),
    columns(SignIn),
)
localities = columns(Locality)


@dataclass(frozen=True, slots=True)
class Opened:
    """What the browser keeps: the session's secret and the device's."""

    secret: str
    device: str
    account: Account


def hash_secret(secret: str) -> str:
    """Secrets are 256 random bits, so a plain SHA-256 is enough to store them."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _passwords().hash(password)


def find_actor_by_cookie(work: Work, secret: str) -> Actor:
    """The actor of a session that is neither ended nor expired, a person's or an access link's; NOBODY otherwise."""
    found = _who(work, SignIn, secret)
    if found:
        return _actor_of(work, found, is_session=True)
    return find_visitor(work, hash_secret(secret))


def find_actor_by_token(work: Work, secret: str) -> Actor:
    """The actor behind an API token; NotSignedIn when it is unknown, expired or revoked."""
    found = _who(work, ApiToken, secret)
    if not found:
        raise NotSignedIn("Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi. Hãy tạo mã mới.")
    return _actor_of(work, found, is_session=False)


def sign_in(work: Work, login: str, password: str, *, address: str, device: str | None) -> Opened:
    """Open a session. Invalid for a wrong name or password (not told apart); TooManyTries when paused."""
    work.open_door(Permission.SESSION_OPEN)
    login = login.strip().casefold()
    account = work.session.scalars(select(accounts).where(accounts.login == login)).first()
    known = _known_device(work, account, device)
    _check_tries(work, login, address, known)
    if not is_password_of(account, password) or account is None or account.state != "active":
        raise Invalid(WRONG, code="wrong_credentials")

    secret, new_device = secrets.token_urlsafe(32), device if known else secrets.token_urlsafe(32)
    assert new_device
    expires = work.now + timedelta(hours=work.settings.session_hours)
    work.add(
        SignIn(
            locality_id=account.locality_id,
            account_id=account.id,
            secret_hash=hash_secret(secret),
            created_at=work.now,
            expires_at=expires,
        )
    )
    if not known:
        work.add(
            KnownDevice(
                locality_id=account.locality_id,
                account_id=account.id,
                secret_hash=hash_secret(new_device),
                created_at=work.now,
            )
        )
    work.session.execute(delete(tries).where(tries.at < work.now - WINDOW))
    work.act_as(Actor(account_id=account.id, name=account.name, post=account.post))
    work.record(SignedIn(locality_id=account.locality_id, subject_id=account.id))
    return Opened(secret, new_device, account)


def note_failed_try(work: Work, login: str, *, address: str, device: str | None) -> None:
    """Count a failed try; in a transaction of its own, as the failed sign-in rolled back."""
    work.open_door(Permission.SESSION_OPEN)
    work.add(
        SignInTry(
            login_hash=hash_secret(login.strip().casefold()),
            address=address,
            device_hash=hash_secret(device) if device else None,
            at=work.now,
        )
    )


def sign_out(work: Work) -> None:
    work.open_door(Permission.SESSION_OPEN)
    actor = work.actor
    if actor.session_id is None:
        return

    session = work.get(SignIn, actor.session_id)
    session.ended_at = work.now
    if actor.account_id is not None:
        work.record(SignedOut(locality_id=session.locality_id, subject_id=actor.account_id))


def is_password_of(account: Account | None, password: str) -> bool:
    """Takes as long for an unknown name as for a known one."""
    stored = account.password_hash if account else _nobodys_hash()
    with _AT_ONCE:
        return _passwords().verify(password, stored) and account is not None


def end_sessions(work: Work, account_id: UUID, but: UUID | None = None) -> None:
    """End every session of an account (disabled, password changed); the caller asked for the permission."""
    for session in work.session.scalars(
        select(sessions).where(sessions.account_id == account_id, sessions.ended_at.is_(None))
    ):
        if session.id != but:
            session.ended_at = work.now


@cache
def _passwords() -> PasswordHash:
    return PasswordHash((Argon2Hasher(memory_cost=19 * 1024, time_cost=2, parallelism=1),))


@cache
def _nobodys_hash() -> str:
    return hash_password(secrets.token_urlsafe(16))


def _known_device(work: Work, account: Account | None, device: str | None) -> bool:
    if account is None or not device:
        return False
    found = select(devices.id).where(
        devices.account_id == account.id, devices.secret_hash == hash_secret(device)
    )
    return work.session.scalars(found).first() is not None


def _check_tries(work: Work, login: str, address: str, known: bool) -> None:
    """10 tries in 5 minutes per account and per address. A device known to the owner has a count of its own,
    so that nobody can lock the owner out from elsewhere."""
    recent = tries.at > work.now - WINDOW
    by_login = tries.login_hash == hash_secret(login)
    counts = (
        [and_(by_login, tries.device_hash.is_not(None))] if known else [by_login, tries.address == address]
    )
    for same in counts:
        found = work.session.scalar(select(func.count()).select_from(tries).where(recent, same)) or 0
        if found >= MAX_TRIES:
            raise TooManyTries(int(WINDOW.total_seconds() // 60))


def _who(work: Work, keys: type[SignIn] | type[ApiToken], secret: str) -> Sequence[Any]:
    """The account behind a key with the roles it holds today: one row per role (and group its unit
    belongs to), one query."""
    given = {"secret": hash_secret(secret), "now": work.now, "today": work.today}
    return work.session.execute(_key_query(keys), given).all()


@cache
def _key_query(keys: type[SignIn] | type[ApiToken]) -> Select[Any]:
    """Asked with every request, so built once, and over tables: the ORM would take as long as the query."""
    key, account, held, place = table(keys).c, table(Account), table(Membership), table(Locality)
    member = table(UnitGroupMember)
    if keys is SignIn:
        valid = and_(key.ended_at.is_(None), key.expires_at > bindparam("now"))
    else:
        unexpired = or_(key.expires_at.is_(None), key.expires_at > bindparam("now"))
        valid = and_(key.revoked_at.is_(None), unexpired)
    held_today = and_(
        held.c.account_id == account.c.id,
        held.c.valid_from <= bindparam("today"),
        or_(held.c.valid_to.is_(None), held.c.valid_to >= bindparam("today")),
    )
    belongs_today = and_(
        member.c.unit_id == held.c.unit_id,
        member.c.valid_from <= bindparam("today"),
        or_(member.c.valid_to.is_(None), member.c.valid_to >= bindparam("today")),
    )
    return (
        select(
            key.id.label("key_id"),
            key.expires_at,
            account.c.id.label("account_id"),
            account.c.locality_id.label("home"),
            account.c.name,
            account.c.post,
            held.c.role,
            held.c.locality_id,
            held.c.unit_id,
            place.c.name.label("place"),
            member.c.group_id,
        )
        .select_from(table(keys))
        .join(account, account.c.id == key.account_id)
        .outerjoin(held, held_today)
        .outerjoin(place, place.c.id == held.c.locality_id)
        .outerjoin(member, belongs_today)
        .where(key.secret_hash == bindparam("secret"), account.c.state == "active", valid)
        .order_by(held.c.valid_from, held.c.id)
    )


def _actor_of(work: Work, found: Sequence[Any], *, is_session: bool) -> Actor:
    first = found[0]
    groups: dict[tuple[Any, ...], set[UUID]] = {}
    for row in found:
        held = groups.setdefault((row.role, row.locality_id, row.unit_id), set())
        held |= {row.group_id} if row.group_id else set()
    rows = {(row.role, row.locality_id, row.unit_id): row for row in found if row.role is not None}
    grants = tuple(
        Grant(
            Role(row.role), row.locality_id, row.unit_id, _below(work, row), row.place, frozenset(groups[key])
        )
        for key, row in rows.items()
    )
    actor = Actor(first.account_id, first.name, grants, first.post)
    if not is_session:
        return actor
    return replace(
        actor, session_id=first.key_id, session_until=first.expires_at, account_locality_id=first.home
    )


def _below(work: Work, row: Any) -> frozenset[UUID]:
    """The communes a province's person reads; empty for everybody else."""
    if row.role != Role.PROVINCE:
        return frozenset()
    return frozenset(
        work.session.scalars(select(localities.id).where(localities.parent_id == row.locality_id))
    )
