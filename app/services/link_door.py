"""From a link's secret to a session. Looking does nothing: messengers fetch every address they are sent."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.errors import LinkGone
from app.events import AccessLinkOpened
from app.models import AccessLink, SignIn
from app.models.base import table
from app.permissions import Permission
from app.services.guessing import check_guesses
from app.services.period_dates import due_day
from app.services.signing_in import hash_secret
from app.services.visitor import last_day, names_of_link, still_good, visitor_of, with_names
from app.work import Work


@dataclass(frozen=True, slots=True)
class Door:
    """What stands on the page before it is opened."""

    place: str
    unit_name: str
    period_name: str
    due_on: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Entered:
    """The session's secret and how long the browser keeps it, and where the link leads."""

    secret: str
    seconds: int
    address: str


def look_at_door(work: Work, secret: str, *, address: str) -> Door:
    """LinkGone when the link is unknown, has expired or was revoked, which are not told apart; TooManyTries when
    paused."""
    row = _behind(work, secret, address)
    return Door(row.place, row.unit_name, row.period_name, row.due_on, last_day(row.expires_at))


def enter_by_link(work: Work, secret: str, *, address: str) -> Entered:
    """Open a session that lasts as long as a person's, and no longer than the link."""
    work.open_door(Permission.SESSION_OPEN)
    row = _behind(work, secret, address)
    link = work.get(AccessLink, row.link_id)
    until = min(work.now + timedelta(hours=work.settings.session_hours), link.expires_at)

    opened = secrets.token_urlsafe(32)
    work.add(
        SignIn(
            locality_id=link.locality_id,
            access_link_id=link.id,
            secret_hash=hash_secret(opened),
            created_at=work.now,
            expires_at=until,
        )
    )
    link.last_used_at = work.now
    work.act_as(visitor_of(row))
    work.record(
        AccessLinkOpened(
            locality_id=link.locality_id, subject_id=link.id, unit_id=link.unit_id, period=row.period_name
        )
    )
    seconds = int((until - work.now).total_seconds())
    return Entered(opened, seconds, f"/bao-cao-ky/{link.unit_id}/{link.period_id}")


def is_known(work: Work, secret: str) -> bool:
    """Whether there ever was such a link: an old sheet of paper is no guess."""
    known = select(table(AccessLink).c.id).where(table(AccessLink).c.secret_hash == hash_secret(secret))
    return work.session.scalar(known) is not None


def _behind(work: Work, secret: str, address: str) -> Any:
    """The link with its names and the unit's due date in the period."""
    check_guesses(work, address=address)
    link = table(AccessLink)
    statement = (
        select(*names_of_link(), due_day(link.c.unit_id).label("due_on"))
        .select_from(link)
        .where(link.c.secret_hash == hash_secret(secret), still_good(work.now))
    )
    row = work.session.execute(with_names(statement)).first()
    if row is None:
        raise LinkGone
    return row
