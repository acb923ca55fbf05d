"""The story of a thing: its events as sentences a person reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from app.models import EventRow
from app.models.base import table
from app.services.event_words import say
from app.work import Work

events = table(EventRow).c
_STORY = (
    select(events.at, events.kind, events.actor_name, events.data, events.unit_id, events.subject_id)
    .where(events.subject_id.in_(bindparam("subjects", expanding=True)))
    .order_by(events.number.desc(), events.id.desc())
    .limit(bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    at: datetime
    kind: str
    actor: str
    title: str
    tone: str
    text: str = ""
    unit_id: UUID | None = None
    subject_id: UUID | None = None
    number: int | None = None
    unit: str = ""


# How an entry is drawn; what is not named here is drawn as new.
_TONES = {
    "acknowledged": "taken",
    "started": "doing",
    "reported": "sent",
    "sent": "sent",
    "confirmed": "done",
    "accepted": "done",
    "closed": "done",
    "returned": "back",
    "reopened": "back",
    "blocked": "back",
    "waived": "off",
    "issued": "done",
    "decided": "taken",
    "remarked": "doing",
    "moved": "doing",
    "requested": "sent",
    "answered": "sent",
    "granted": "done",
    "refused": "back",
    "up": "back",
    "recalled": "back",
    "ended": "off",
    "removed": "off",
    "withdrawn": "off",
    "released": "off",
    "cancelled": "off",
    "supporting": "off",
}


def timeline_of(work: Work, subject_ids: Sequence[UUID], *, limit: int = 200) -> tuple[TimelineEntry, ...]:
    """What happened to these things, newest first. The caller has made sure the actor may see them."""
    rows = work.session.execute(_STORY, {"subjects": list(subject_ids), "limit": limit})
    return tuple(
        TimelineEntry(
            r.at,
            r.kind,
            r.actor_name,
            say(r.kind, r.data),
            _tone(r.kind),
            unit_id=r.unit_id,
            subject_id=r.subject_id,
            number=r.data.get("number"),
        )
        for r in rows
    )


def _tone(kind: str) -> str:
    return _TONES.get(kind.rpartition("_")[2], "new")
