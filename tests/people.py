"""The cast: An (office), Bình (unit officer), Chi (leader, reads), Dung (another commune's office),
Giang (province), and for the edges Quân (admin), Kiểm (inspector), Hoa (officer of another unit)."""

import pickle
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from app.models import Account, Locality, Membership, Unit
from app.permissions import Actor, Grant, Role
from tests.factories import add_locality, add_unit

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 09:00 in Vietnam
PASSWORD = "mat-khau-thu-2026"
# PASSWORD hashed once (argon2, m=19 MiB): hashing for every test would cost more than the test.
PASSWORD_HASH: list[str] = []


@dataclass(frozen=True)
class Cast:
    """Two communes under one province, with the people in them. Actors are made without signing in."""

    province: Locality
    commune: Locality
    other_commune: Locality
    school_cell: Unit
    village_cell: Unit
    other_unit: Unit
    an: Actor
    binh: Actor
    chi: Actor
    dung: Actor
    giang: Actor
    quan: Actor
    kiem: Actor
    hoa: Actor

    @property
    def everybody(self) -> dict[str, Actor]:
        return {n: getattr(self, n) for n in ("an", "binh", "chi", "dung", "giang", "quan", "kiem", "hoa")}


def password_hash() -> str:
    from app.services.signing_in import hash_password

    if not PASSWORD_HASH:
        PASSWORD_HASH.append(hash_password(PASSWORD))
    return PASSWORD_HASH[0]


def add_person(
    session, locality: Locality, login: str, name: str, role: Role, unit: Unit | None = None
) -> Actor:  # type: ignore[no-untyped-def]
    account = Account(
        locality_id=locality.id,
        login=login,
        name=name,
        folded=login,
        password_hash=password_hash(),
        created_at=NOW - timedelta(days=400),
    )
    session.add(account)
    session.flush()
    unit_id = unit.id if unit else None
    session.add(
        Membership(
            locality_id=locality.id,
            account_id=account.id,
            unit_id=unit_id,
            role=role.value,
            valid_from=date(2025, 1, 1),
        )
    )
    session.flush()
    return Actor(account.id, name, (Grant(role, locality.id, unit_id, _below(session, role, locality)),))


def _below(session, role: Role, locality: Locality) -> frozenset[UUID]:  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    if role is not Role.PROVINCE:
        return frozenset()
    return frozenset(session.scalars(select(Locality.id).where(Locality.parent_id == locality.id)))  # type: ignore[call-overload]


def make_cast(session) -> Cast:  # type: ignore[no-untyped-def]
    province = add_locality(session, "08", "Tỉnh Tuyên Quang", kind="province")
    commune = add_locality(session, "02995", "Xã Tân Quang", parent=province)
    other = add_locality(session, "11590", "Phường Phù Liễn", parent=province)
    school = add_unit(session, commune, "CB-MN", "Chi bộ Trường Mầm non Hoa Sen", kind="party_cell_school")
    village = add_unit(session, commune, "CB-T1", "Chi bộ thôn Nà Tạng", kind="party_cell_village")
    elsewhere = add_unit(session, other, "CB-1", "Chi bộ tổ dân phố số 1", kind="party_cell_other")
    return Cast(
        province,
        commune,
        other,
        school,
        village,
        elsewhere,
        an=add_person(session, commune, "an", "Nguyễn Thị An", Role.OFFICE),
        binh=add_person(session, commune, "binh", "Trần Văn Bình", Role.UNIT, school),
        chi=add_person(session, commune, "chi", "Lê Thị Chi", Role.LEADER),
        dung=add_person(session, other, "dung", "Phạm Văn Dung", Role.OFFICE),
        giang=add_person(session, province, "giang", "Hoàng Thị Giang", Role.PROVINCE),
        quan=add_person(session, commune, "quan", "Vũ Văn Quân", Role.ADMIN),
        kiem=add_person(session, commune, "kiem", "Đỗ Thị Kiểm", Role.INSPECTOR),
        hoa=add_person(session, commune, "hoa", "Bùi Thị Hoa", Role.UNIT, village),
    )


# What the first cast of this process sent to each engine, and the cast, by dialect.
_CASTS: dict[str, tuple[list[tuple[str, Any]], bytes]] = {}


def cast_again(session) -> Cast:  # type: ignore[no-untyped-def]
    """The cast as `make_cast` makes it, with the keys of this process's first one: put in by the statements that one
    sent, since the ORM would take longer than most tests."""
    from sqlalchemy import event

    connection = session.connection()
    engine = connection.dialect.name
    if engine in _CASTS:
        for sql, given in _CASTS[engine][0]:
            connection.exec_driver_sql(sql, given)
    else:
        sent: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, sql: str, given: Any, _context: Any, _many: bool) -> None:
            if sql.startswith("INSERT"):
                sent.append((sql, given))

        event.listen(connection, "before_cursor_execute", note)
        made = make_cast(session)
        event.remove(connection, "before_cursor_execute", note)
        _CASTS[engine] = (sent, pickle.dumps(made))
    cast: Cast = pickle.loads(_CASTS[engine][1])
    return cast


def open_session(database, login: str) -> str:  # type: ignore[no-untyped-def]
    """A session of that person as signing in would leave it, without the cost of a password; its secret."""
    from sqlalchemy import select

    with database.write_session() as session:
        account = session.scalars(select(Account).where(Account.login == login)).one()  # type: ignore[arg-type]
        return _open(session, account.locality_id, account_id=account.id)


def open_visit(database, link_secret: str) -> str:  # type: ignore[no-untyped-def]
    """A session as opening that link would leave it; its secret."""
    from sqlalchemy import select

    from app.models import AccessLink
    from app.services.signing_in import hash_secret

    with database.write_session() as session:
        found = select(AccessLink).where(AccessLink.secret_hash == hash_secret(link_secret))  # type: ignore[arg-type]
        link = session.scalars(found).one()
        return _open(session, link.locality_id, access_link_id=link.id)


def _open(session, locality_id: UUID, **whose: UUID) -> str:  # type: ignore[no-untyped-def]
    from app.models import SignIn
    from app.services.signing_in import hash_secret

    secret, now = token_urlsafe(16), datetime.now(UTC)
    session.add(
        SignIn(
            locality_id=locality_id,
            secret_hash=hash_secret(secret),
            created_at=now,
            expires_at=now + timedelta(hours=1),
            **whose,
        )
    )
    session.commit()
    return secret
