"""Secret addresses of a unit's due dates, for calendar programs: made and revoked by its officer or the office."""

import secrets
from uuid import UUID

from sqlalchemy import select

from app.errors import Conflict, LinkGone
from app.events import CalendarLinkMade, CalendarLinkRevoked
from app.models import CalendarLink, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.signing_in import hash_secret
from app.services.typed import Typed
from app.work import Work

MOST_OF_A_UNIT = 20

links = columns(CalendarLink)


class CalendarLinkInput(Typed):
    unit: UUID


def list_calendar_links(
    work: Work, *, unit: UUID | None = None, after: UUID | None = None, limit: int = 100
) -> list[CalendarLink]:
    """Those that work, newest first; `after` is the id of the last one seen."""
    statement = visible(work, CalendarLink).where(links.revoked_at.is_(None)).order_by(links.id.desc())
    if unit is not None:
        statement = statement.where(links.unit_id == unit)
    if after is not None:
        statement = statement.where(links.id < after)
    return list(work.session.scalars(statement.limit(limit)))


def get_unit_of_calendar(work: Work, unit_id: UUID) -> Unit:
    """The unit, once the actor may make links for it."""
    unit = find(work, Unit, unit_id)
    work.require(Permission.CALENDAR_LINK_MANAGE, unit.locality_id, unit.id)
    return unit


def make_calendar_link(work: Work, given: CalendarLinkInput) -> tuple[CalendarLink, str]:
    """The link and its secret, which nobody can read again."""
    unit = get_unit_of_calendar(work, given.unit)
    if len(list_calendar_links(work, unit=unit.id)) >= MOST_OF_A_UNIT:
        raise Conflict(
            f"{unit.name} đã có {MOST_OF_A_UNIT} liên kết lịch. Thu hồi liên kết không dùng nữa rồi tạo lại."
        )

    secret = secrets.token_urlsafe(32)
    link = CalendarLink(
        locality_id=unit.locality_id,
        unit_id=unit.id,
        secret_hash=hash_secret(secret),
        created_at=work.now,
        created_by_id=work.actor.account_id,
    )
    work.add(link)
    work.record(CalendarLinkMade(locality_id=link.locality_id, subject_id=link.id, unit_id=link.unit_id))
    return link, secret


def revoke_calendar_link(work: Work, link_id: UUID) -> CalendarLink:
    """Revoking it again changes nothing."""
    link = find(work, CalendarLink, link_id)
    work.require(Permission.CALENDAR_LINK_MANAGE, link.locality_id, link.unit_id)
    if link.revoked_at is not None:
        return link

    _revoke(work, link)
    return link


def revoke_calendar_links_of_unit(work: Work, unit: Unit) -> int:
    """Of a unit that ended: how many of its links worked until now. The caller has required the permission."""
    working = select(links).where(links.unit_id == unit.id, links.revoked_at.is_(None)).order_by(links.id)
    found = work.session.scalars(working.with_for_update()).all()
    for link in found:
        _revoke(work, link)
    return len(found)


def is_known(work: Work, secret: str) -> bool:
    """Whether there ever was such a link: a calendar that still asks for a revoked one is no guess."""
    return work.session.scalar(select(links.id).where(links.secret_hash == hash_secret(secret))) is not None


def find_calendar_link(work: Work, secret: str) -> CalendarLink:
    """By its secret alone; LinkGone when it is unknown or was revoked."""
    statement = select(links).where(links.secret_hash == hash_secret(secret), links.revoked_at.is_(None))
    link: CalendarLink | None = work.session.scalars(statement).first()
    if link is None:
        raise LinkGone
    return link


def _revoke(work: Work, link: CalendarLink) -> None:
    link.revoked_at = work.now
    work.record(CalendarLinkRevoked(locality_id=link.locality_id, subject_id=link.id, unit_id=link.unit_id))
