"""People of staff: who they are and how they come in. What they may do: role.py."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints, field_validator
from sqlalchemy import select
from sqlmodel import Field

from app.errors import Conflict, Forbidden, Invalid, NotSignedIn
from app.events import PersonAdded, PersonChanged
from app.models import Account
from app.models.base import columns
from app.permissions import Permission, Role
from app.services._scope import find, visible
from app.services.role import RoleInput, give_role, people_with_role
from app.services.signing_in import end_sessions, hash_password, is_password_of
from app.services.typed import Typed
from app.text import fold
from app.work import Work

accounts = columns(Account)

SHORTEST_PASSWORD = 10
# Blanks at the ends of a password belong to it.
Password = Annotated[str, StringConstraints(strip_whitespace=False)]
LOGIN_PATTERN = r"^[a-z0-9][a-z0-9._-]*$"
EMAIL_PATTERN = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


class PasswordInput(Typed):
    password: Password = Field(min_length=SHORTEST_PASSWORD, max_length=200, repr=False)


class OwnPasswordInput(PasswordInput):
    current_password: Password = Field(min_length=1, max_length=200, repr=False)


class PersonChange(Typed):
    """What to change of a person; a field left out stays. Names, posts and work contacts only."""

    name: str = Field(default="", min_length=2, max_length=200)
    post: str = Field(default="", max_length=200)
    email: str | None = Field(default=None, max_length=200, schema_extra={"pattern": EMAIL_PATTERN})

    @field_validator("email", mode="before")
    @classmethod
    def no_email_typed(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value


class PersonInput(PersonChange, PasswordInput):
    """A person to add, with the first role. `unit` goes with role `unit` and with no other; `locality` is read by
    the surfaces, for people who manage several."""

    login: str = Field(min_length=2, max_length=60, schema_extra={"pattern": LOGIN_PATTERN})
    name: str = Field(min_length=2, max_length=200)
    role: Role
    unit: UUID | None = None
    locality: UUID | None = None

    @field_validator("login", mode="before")
    @classmethod
    def login_in_lower_case(cls, value: Any) -> Any:
        return value.strip().casefold() if isinstance(value, str) else value


# Reads


def get_person(work: Work, account_id: UUID) -> Account:
    return find(work, Account, account_id)


def list_people(
    work: Work,
    *,
    locality_id: UUID | None = None,
    q: str = "",
    state: str | None = None,
    role: Role | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> list[Account]:
    """Accounts by id; `role` means held today."""
    statement = visible(work, Account)
    if locality_id is not None:
        statement = statement.where(accounts.locality_id == locality_id)
    if state is not None:
        statement = statement.where(accounts.state == state)
    if role is not None:
        statement = statement.where(accounts.id.in_(people_with_role(work, role)))
    if after is not None:
        statement = statement.where(accounts.id > after)
    for word in fold(q).split():
        statement = statement.where(accounts.folded.contains(word, autoescape=True))
    return list(work.session.scalars(statement.order_by(accounts.id).limit(limit)))


def get_person_by_login(work: Work, login: str) -> Account:
    """For the operator's shell, where people are named by login."""
    wanted = login.strip().casefold()
    found = visible(work, Account).where(accounts.login == wanted)
    account: Account | None = work.session.scalars(found).first()
    if account is None:
        raise Invalid.field("login", f"Chưa có người dùng “{wanted}”. Thêm bằng lệnh `tiendo person add`.")
    return account


def get_own_account(work: Work) -> Account:
    """Who is asking; 401 when nobody is signed in."""
    if work.actor.account_id is None:
        raise NotSignedIn
    return work.get(Account, work.actor.account_id)


def person_actions(work: Work, account: Account) -> list[str]:
    if not work.actor.may(Permission.PERSON_MANAGE, account.locality_id):
        return []
    always = ["change", "set_password", "grant_role", "end_role"]
    if account.id == work.actor.account_id:
        return always
    return [*always, "disable" if account.state == "active" else "enable"]


# Writes


def add_person(
    work: Work, given: PersonInput, locality_id: UUID, *, password_hash: str | None = None
) -> Account:
    """Conflict when the login is taken: logins are one name space for the whole service. `password_hash`: of the
    given password, for who adds many people with the same one."""
    work.require(Permission.PERSON_MANAGE, locality_id)
    if work.session.scalars(select(accounts.id).where(accounts.login == given.login)).first():
        raise Conflict(
            f"Tên đăng nhập “{given.login}” đã có người dùng. Hãy chọn tên khác.",
            code="login_taken",
            errors={"login": "Tên đăng nhập này đã có người dùng."},
        )
    account = Account(
        locality_id=locality_id,
        login=given.login,
        name=given.name,
        post=given.post,
        email=given.email,
        folded=_folded(given.name, given.post, given.login),
        password_hash=password_hash or hash_password(given.password),
        created_at=work.now,
    )

    work.add(account)
    work.record(PersonAdded(locality_id=locality_id, subject_id=account.id, name=account.name))
    give_role(work, account, RoleInput(role=given.role, unit=given.unit))
    return account


def change_person(work: Work, account_id: UUID, given: PersonChange, version: int | None) -> Account:
    account = _to_manage(work, account_id)
    typed = given.model_dump(exclude_unset=True)
    work.check_version(account, version, **typed)

    for name, value in typed.items():
        setattr(account, name, value)
    account.folded = _folded(account.name, account.post, account.login)
    _record_change(work, account, *sorted(typed))
    return account


def set_password(work: Work, account_id: UUID, given: PasswordInput) -> Account:
    """By the administrator: the person is signed out everywhere."""
    account = _to_manage(work, account_id)

    _change_password(work, account, given.password)
    end_sessions(work, account.id)
    return account


def change_own_password(work: Work, given: OwnPasswordInput) -> Account:
    """By the person, in a session (a token may not): every other session of theirs ends."""
    account = get_own_account(work)
    if work.actor.session_id is None:
        raise Forbidden("Chỉ đổi được mật khẩu khi đăng nhập bằng trình duyệt, không đổi bằng mã truy cập.")
    work.open_door(Permission.SESSION_OPEN)
    if not is_password_of(account, given.current_password):
        raise Invalid.field("current_password", "Mật khẩu hiện tại không đúng. Hãy nhập lại.")

    _change_password(work, account, given.password)
    end_sessions(work, account.id, but=work.actor.session_id)
    return account


def disable_person(work: Work, account_id: UUID, version: int | None) -> Account:
    """Nobody comes in with this account any more, by password or token; what it did stays."""
    account = _to_manage(work, account_id)
    if account.id == work.actor.account_id:
        raise Conflict("Không tự khóa tài khoản của mình được. Hãy nhờ một quản trị khác.")
    return _change_state(work, account, "disabled", version)


def enable_person(work: Work, account_id: UUID, version: int | None) -> Account:
    return _change_state(work, _to_manage(work, account_id), "active", version)


def _to_manage(work: Work, account_id: UUID) -> Account:
    account = find(work, Account, account_id)
    work.require(Permission.PERSON_MANAGE, account.locality_id)
    return account


def _change_state(work: Work, account: Account, state: str, version: int | None) -> Account:
    work.check_version(account, version, state=state)

    account.state = state
    end_sessions(work, account.id)
    _record_change(work, account, "state")
    return account


def _change_password(work: Work, account: Account, password: str) -> None:
    account.password_hash = hash_password(password)
    account.version += 1
    _record_change(work, account, "password")


def _record_change(work: Work, account: Account, *changed: str) -> None:
    work.record(
        PersonChanged(
            locality_id=account.locality_id, subject_id=account.id, name=account.name, changed=changed
        )
    )


def _folded(*parts: str) -> str:
    return fold(" ".join(parts))
