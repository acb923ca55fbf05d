"""What the office sees before it prints a sheet: who reports in a period, who has an account, whose link works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.models import AccessLink, Assignment, Membership, Period, Submission, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.access_link import allowed_actions, last_day_of, standing_of_link, usual_last_day
from app.services.states import LEFT_OUT
from app.services.unit import list_units, members_on
from app.services.unit_group import lasts_until
from app.services.unit_page import MOST_UNITS, in_reading_order
from app.work import Work

links, units, held = columns(AccessLink), columns(Unit), columns(Membership)
assignments, submissions = columns(Assignment), columns(Submission)


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A unit's newest link. `standing`: a code of the glossary."""

    id: UUID
    standing: str
    last_day: date
    used_at: datetime | None
    actions: list[str]


@dataclass(frozen=True, slots=True)
class UnitWithLink:
    id: UUID
    name: str
    has_account: bool
    link: LinkSeen | None


@dataclass(frozen=True, slots=True)
class AccessLinkPage:
    """`groups` are what the list may be narrowed to; `chosen`: the units that are ticked at first."""

    period: Period
    rows: list[UnitWithLink]
    groups: list[Unit]
    group: UUID | None
    last_day: date

    @property
    def chosen(self) -> list[UUID]:
        """Those without an account whom no working link serves."""
        return [row.id for row in self.rows if not row.has_account and not works(row.link)]


def works(link: LinkSeen | None) -> bool:
    return link is not None and link.standing in ("used", "unused")


def build_access_link_page(work: Work, period_id: UUID, *, group: UUID | None = None) -> AccessLinkPage:
    """404 unless the actor may see the locality's links."""
    period = find(work, Period, period_id)
    work.require(Permission.ACCESS_LINK_READ, period.locality_id)
    place = period.locality_id
    groups = list_units(work, locality_id=place, is_group=True, valid_on=work.today, limit=MOST_UNITS)
    reporting = _reporting_units(work, period)
    if group is not None:
        members = {unit.id for unit in members_on(work, [group], work.today)[group]}
        reporting = [unit for unit in reporting if unit.id in members]
    keys = [unit.id for unit in reporting]
    newest, with_account = _newest_links(work, period, keys), _with_account(work, keys)
    return AccessLinkPage(
        period,
        [UnitWithLink(u.id, u.name, u.id in with_account, newest.get(u.id)) for u in reporting],
        in_reading_order(groups),
        group,
        usual_last_day(work, period),
    )


def _reporting_units(work: Work, period: Period) -> list[Unit]:
    """Who has rows in the period, no groups, in reading order."""
    of_work = select(assignments.unit_id).where(
        assignments.period_id == period.id, assignments.state.not_in(LEFT_OUT)
    )
    of_figures = select(submissions.unit_id).where(
        submissions.period_id == period.id, submissions.state.not_in(LEFT_OUT)
    )
    found = visible(work, Unit).where(units.locality_id == period.locality_id, units.kind != "group")
    there = found.where(units.id.in_(of_work) | units.id.in_(of_figures), lasts_until(units, work.today))
    return in_reading_order(work.session.scalars(there).all())


def _newest_links(work: Work, period: Period, unit_ids: Sequence[UUID]) -> dict[UUID, LinkSeen]:
    statement = visible(work, AccessLink).where(links.period_id == period.id, links.unit_id.in_(unit_ids))
    # The newest one last, so that it stays.
    return {link.unit_id: _seen(work, link) for link in work.session.scalars(statement.order_by(links.id))}


def _seen(work: Work, link: AccessLink) -> LinkSeen:
    standing, actions = standing_of_link(link, work.now), allowed_actions(work, link)
    return LinkSeen(link.id, standing, last_day_of(link), link.last_used_at, actions)


def _with_account(work: Work, unit_ids: Sequence[UUID]) -> set[UUID]:
    today = (held.valid_from <= work.today, lasts_until(held, work.today))
    return set(work.session.scalars(select(held.unit_id).where(held.unit_id.in_(unit_ids), *today)))
