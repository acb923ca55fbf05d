"""Who can sign in to the demo, and its links: shown on the sign-in page in demo mode only."""

from dataclasses import dataclass

from sqlalchemy import select

from app.models import AccessLink, Account, Locality, Membership, Period, Unit
from app.models.base import columns
from app.services.demo.sample import shown_links, shown_logins
from app.services.signing_in import hash_secret
from app.services.visitor import still_good
from app.work import Work

DEMO_PASSWORD = "tiendo-demo-2026"  # noqa: S105 - printed on the sign-in page of the demo
_ORDER = ("office", "unit", "leader", "inspector", "province", "admin")

accounts, memberships = columns(Account), columns(Membership)
units, localities = columns(Unit), columns(Locality)
links, periods = columns(AccessLink), columns(Period)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    login: str
    name: str
    post: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class DemoLink:
    address: str
    unit: str
    period: str


def list_demo_links(work: Work) -> tuple[DemoLink, ...]:
    """Links of the story that still work. Called in demo mode only: it asks no permission."""
    secret_of = {hash_secret(secret): secret for secret in shown_links()}
    rows = work.session.execute(
        select(links.secret_hash, units.name.label("unit"), periods.name.label("period"))
        .join(units, units.id == links.unit_id)
        .join(periods, periods.id == links.period_id)
        .where(links.secret_hash.in_(secret_of), still_good(work.now))
        .order_by(units.name)
    )
    return tuple(DemoLink(f"/l/{secret_of[r.secret_hash]}", r.unit, r.period) for r in rows)


def list_demo_people(work: Work) -> tuple[DemoPerson, ...]:
    """The people of the story who are to be tried out, the office first. Called in demo mode only: it asks no
    permission."""
    rows = work.session.execute(
        select(
            accounts.login,
            accounts.name,
            accounts.post,
            memberships.role,
            units.name.label("unit"),
            localities.name.label("locality"),
        )
        .join(memberships, memberships.account_id == accounts.id)
        .join(localities, localities.id == memberships.locality_id)
        .outerjoin(units, units.id == memberships.unit_id)
        .where(memberships.valid_to.is_(None), accounts.state == "active")
        .where(accounts.login.in_(shown_logins()))
        .order_by(accounts.login)
    )
    people = [DemoPerson(r.login, r.name, r.post, r.role, r.unit or r.locality) for r in rows]
    return tuple(sorted(people, key=lambda p: _ORDER.index(p.role)))
