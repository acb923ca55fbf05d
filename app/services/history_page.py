"""What the page of the history shows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.models import EventRow, Locality, Unit
from app.models.base import columns
from app.permissions import Permission as P
from app.services._scope import home_locality
from app.services.event import EventFilter, list_latest_events
from app.services.event_words import say
from app.services.locality import list_localities
from app.services.unit_page import possible_members
from app.work import Work

units = columns(Unit)

AT_A_TIME = 50


@dataclass(frozen=True, slots=True)
class EntrySeen:
    number: int
    at: datetime
    actor: str
    text: str
    subject_kind: str
    subject_id: UUID
    unit_name: str | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`units` and `localities` are what one may filter by; the latter empty when there is one only."""

    locality_id: UUID
    entries: list[EntrySeen]
    has_more: bool
    units: list[Unit]
    localities: list[Locality]


def build_history_page(work: Work, wanted: EventFilter, *, before: int | None = None) -> HistoryPage:
    place = home_locality(work, wanted.locality)
    rows = list_latest_events(work, wanted, before=before, limit=AT_A_TIME + 1)
    localities = list_localities(work)
    return HistoryPage(
        locality_id=place,
        entries=_entries(work, rows[:AT_A_TIME]),
        has_more=len(rows) > AT_A_TIME,
        units=[u for u in possible_members(work, place) if work.actor.may(P.EVENT_READ, place, u.id)],
        localities=localities if len(localities) > 1 else [],
    )


def _entries(work: Work, rows: list[EventRow]) -> list[EntrySeen]:
    named = select(units.id, units.name).where(units.id.in_({row.unit_id for row in rows if row.unit_id}))
    names = {row.id: row.name for row in work.session.execute(named)}
    return [
        EntrySeen(
            row.number,
            row.at,
            row.actor_name,
            say(row.kind, row.data),
            row.subject_kind,
            row.subject_id,
            names.get(row.unit_id) if row.unit_id else None,
        )
        for row in rows
    ]
