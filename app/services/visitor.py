"""Who came in with an access link: nobody in particular, acting for one unit in one period."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from app.models import AccessLink, Locality, Period, SignIn, Unit
from app.models.base import table
from app.permissions import NOBODY, Actor, LinkGrant
from app.services.board_together import groups_today
from app.work import VIETNAM, Work


def find_visitor(work: Work, secret_hash: str) -> Actor:
    """The actor of a session that was opened with a link, as long as both hold: a link that is revoked or has expired
    ends its sessions with their next request. NOBODY otherwise."""
    found = work.session.execute(_session_query(), {"secret": secret_hash, "now": work.now}).first()
    return visitor_of(found, _groups_of(work, found.unit_id)) if found else NOBODY


def visitor_of(row: Any, groups: frozenset[UUID] = frozenset()) -> Actor:
    """Of a row with what `names_of_link` names, and where there is a session, its id and end."""
    link = LinkGrant(
        row.link_id,
        row.locality_id,
        row.unit_id,
        row.period_id,
        row.place,
        row.unit_name,
        row.period_name,
        groups,
    )
    until = getattr(row, "until", None)
    return Actor(
        account_id=None,
        name=f"{row.unit_name} (liên kết)",
        session_id=getattr(row, "session_id", None),
        session_until=min(until, row.expires_at) if until else None,
        link=link,
    )


def _groups_of(work: Work, unit_id: UUID) -> frozenset[UUID]:
    """Those the unit belongs to today."""
    return frozenset(work.session.scalars(groups_today(), {"unit": unit_id, "today": work.today}))


def names_of_link() -> tuple[Any, ...]:
    link, unit, period, place = table(AccessLink).c, table(Unit).c, table(Period).c, table(Locality).c
    return (
        link.id.label("link_id"),
        link.locality_id,
        link.unit_id,
        link.period_id,
        link.expires_at,
        place.name.label("place"),
        unit.name.label("unit_name"),
        period.name.label("period_name"),
    )


def last_day(expires_at: datetime) -> date:
    """A link ends at midnight: people say the day before."""
    return (expires_at - timedelta(seconds=1)).astimezone(VIETNAM).date()


def still_good(moment: Any) -> Any:
    """The condition under which a link may be used."""
    link = table(AccessLink).c
    return link.revoked_at.is_(None) & (link.expires_at > moment)


def with_names(statement: Select[Any]) -> Select[Any]:
    """Joined to what `names_of_link` names beside the link."""
    link, unit, period, place = table(AccessLink), table(Unit), table(Period), table(Locality)
    return (
        statement.join(unit, unit.c.id == link.c.unit_id)
        .join(period, period.c.id == link.c.period_id)
        .join(place, place.c.id == link.c.locality_id)
    )


@cache
def _session_query() -> Select[Any]:
    link, session = table(AccessLink), table(SignIn)
    statement = (
        select(session.c.id.label("session_id"), session.c.expires_at.label("until"), *names_of_link())
        .select_from(session)
        .join(link, link.c.id == session.c.access_link_id)
        .where(session.c.secret_hash == bindparam("secret"), session.c.ended_at.is_(None))
        .where(session.c.expires_at > bindparam("now"), still_good(bindparam("now")))
    )
    return with_names(statement)
