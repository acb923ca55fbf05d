"""Links with which a unit reports in one period without an account: made, renewed and revoked by the office."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import field_validator
from sqlalchemy import select
from sqlmodel import Field

from app.errors import Conflict, Invalid
from app.events import AccessLinkMade, AccessLinkRevoked
from app.models import AccessLink, Period, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.period import find_period
from app.services.signing_in import hash_secret
from app.services.typed import Day, Typed
from app.services.visitor import last_day, still_good
from app.work import VIETNAM, Work

# The office returns reports after the period locked: so long may a unit still answer.
DAYS_AFTER_LOCK = 7
MOST_DAYS = 366
MOST_AT_ONCE = 500

links, periods = columns(AccessLink), columns(Period)


class _LastDay(Typed):
    """`expires_on` is the last day the link works; left out: some days after the period locks."""

    expires_on: Day | None = None

    @field_validator("expires_on", mode="before")
    @classmethod
    def no_day_typed(cls, value: Any) -> Any:
        return None if isinstance(value, str) and not value.strip() else value


class AccessLinkInput(_LastDay):
    """`period` is the period's id or label."""

    unit: UUID
    period: str = Field(min_length=1, max_length=40)


class RenewalInput(_LastDay):
    pass


class SheetInput(_LastDay):
    units: list[UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class LinkMade:
    """A link with its secret, which nobody can read again."""

    link: AccessLink
    unit: Unit
    secret: str


def list_access_links(
    work: Work,
    *,
    period: UUID | None = None,
    unit: UUID | None = None,
    after: UUID | None = None,
    limit: int = 100,
) -> list[AccessLink]:
    """Newest first; `after` is the id of the last one seen."""
    statement = visible(work, AccessLink).order_by(links.id.desc()).limit(limit)
    for column, value in ((links.period_id, period), (links.unit_id, unit)):
        if value is not None:
            statement = statement.where(column == value)
    if after is not None:
        statement = statement.where(links.id < after)
    return list(work.session.scalars(statement))


def get_access_link(work: Work, link_id: UUID) -> AccessLink:
    return find(work, AccessLink, link_id)


def standing_of_link(link: AccessLink, now: datetime) -> str:
    """revoked, expired, used or unused (docs/glossary.md)."""
    if link.revoked_at is not None:
        return "revoked"
    if link.expires_at <= now:
        return "expired"
    return "used" if link.last_used_at else "unused"


def allowed_actions(work: Work, link: AccessLink) -> list[str]:
    if not work.actor.may(Permission.ACCESS_LINK_MANAGE, link.locality_id):
        return []
    works = standing_of_link(link, work.now) in ("used", "unused")
    return ["renew", "revoke"] if works else ["renew"]


def last_day_of(link: AccessLink) -> date:
    return last_day(link.expires_at)


def usual_last_day(work: Work, period: Period) -> date:
    return max(period.locks_on, work.today) + timedelta(days=DAYS_AFTER_LOCK)


def make_access_link(work: Work, given: AccessLinkInput, *, secret: str | None = None) -> LinkMade:
    """Conflict `link_in_use` when the unit has a link for the period that works: that one can be renewed. Only the
    demo says which `secret`: everybody may know it."""
    unit = find(work, Unit, given.unit)
    work.require(Permission.ACCESS_LINK_MANAGE, unit.locality_id)
    period = find_period(work, unit.locality_id, given.period)
    _check_unit(work, unit)
    if _working_links(work, unit, period):
        raise Conflict(
            f"{unit.name} đã có liên kết dùng được trong {period.name}. Làm mới liên kết đó nếu cần gửi lại.",
            code="link_in_use",
        )
    until = _last_day(work, period, given.expires_on)

    return _make(work, unit, period, until, secret or secrets.token_urlsafe(32))


def renew_access_link(work: Work, link_id: UUID, given: RenewalInput | None = None) -> LinkMade:
    """Another link for the same unit and period; what worked before does no more."""
    link = find(work, AccessLink, link_id)
    work.require(Permission.ACCESS_LINK_MANAGE, link.locality_id)
    unit, period = find(work, Unit, link.unit_id), find(work, Period, link.period_id)
    return _replace(work, unit, period, given.expires_on if given else None)


def make_sheet(work: Work, period_id: UUID, given: SheetInput) -> list[LinkMade]:
    """A new link for each of the units, in the order given; what worked before does no more."""
    period = find(work, Period, period_id)
    work.require(Permission.ACCESS_LINK_MANAGE, period.locality_id)
    # Always in one order, so that two people who make sheets at once never wait for each other.
    made = {
        key: _replace(work, find(work, Unit, key), period, given.expires_on)
        for key in sorted(set(given.units))
    }
    return [made[key] for key in dict.fromkeys(given.units)]


def revoke_access_link(work: Work, link_id: UUID) -> AccessLink:
    """It stops working at once, also for who has it open. Revoking it again changes nothing."""
    link = find(work, AccessLink, link_id)
    work.require(Permission.ACCESS_LINK_MANAGE, link.locality_id)
    if link.revoked_at is not None:
        return link

    _revoke(work, link, find(work, Period, link.period_id))
    return link


def revoke_links_of_unit(work: Work, unit: Unit) -> int:
    """Of a unit that ended: how many of its links worked until now. The caller has required the permission."""
    statement = select(links, periods).join(periods, periods.id == links.period_id)
    working = statement.where(links.unit_id == unit.id, links.revoked_at.is_(None)).order_by(links.id)
    found = work.session.execute(working.with_for_update(of=links)).all()
    for link, period in found:
        _revoke(work, link, period)
    return len(found)


def _replace(work: Work, unit: Unit, period: Period, expires_on: date | None) -> LinkMade:
    _check_unit(work, unit)
    if unit.locality_id != period.locality_id:
        raise Invalid.field("units", "Đơn vị và kỳ không cùng địa phương. Chọn lại đơn vị.")
    until = _last_day(work, period, expires_on)

    for old in _working_links(work, unit, period):
        _revoke(work, old, period)
    return _make(work, unit, period, until, secrets.token_urlsafe(32))


def _make(work: Work, unit: Unit, period: Period, until: date, secret: str) -> LinkMade:
    link = AccessLink(
        locality_id=unit.locality_id,
        unit_id=unit.id,
        period_id=period.id,
        secret_hash=hash_secret(secret),
        created_at=work.now,
        created_by_id=work.actor.account_id,
        expires_at=datetime.combine(until + timedelta(days=1), time(), VIETNAM).astimezone(UTC),
    )
    work.add(link)
    work.record(AccessLinkMade(**_about(link), period=period.name, expires_on=until))
    return LinkMade(link, unit, secret)


def _revoke(work: Work, link: AccessLink, period: Period) -> None:
    link.revoked_at = work.now
    work.record(AccessLinkRevoked(**_about(link), period=period.name))


def _working_links(work: Work, unit: Unit, period: Period) -> Sequence[AccessLink]:
    """The unit is locked by now, so that two people at once do not make two."""
    statement = select(links).where(links.unit_id == unit.id, links.period_id == period.id)
    found: Sequence[AccessLink] = work.session.scalars(statement.where(still_good(work.now))).all()
    return found


def _check_unit(work: Work, unit: Unit) -> None:
    if unit.is_group:
        raise Invalid.field("unit", f"{unit.name} là nhóm. Tạo liên kết cho từng đơn vị thành viên.")
    if unit.has_ended(work.today):
        raise Invalid.field("unit", f"{unit.name} đã thôi hoạt động. Chọn đơn vị kế tiếp.")


def _last_day(work: Work, period: Period, wanted: date | None) -> date:
    until = wanted or usual_last_day(work, period)
    if not work.today <= until <= work.today + timedelta(days=MOST_DAYS) and wanted:
        raise Invalid.field("expires_on", "Ngày cuối dùng được phải từ hôm nay và trong vòng một năm.")
    return until


def _about(link: AccessLink) -> dict[str, UUID]:
    return {"locality_id": link.locality_id, "subject_id": link.id, "unit_id": link.unit_id}
