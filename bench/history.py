"""A locality's events, numbered and chained as app/work.py does it."""

from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from app.models import EventRow, Ledger
from app.work import hash_of
from bench.rows import Rows


@dataclass(slots=True)
class History:
    rows: Rows
    locality: UUID
    events: list[Any] = field(default_factory=list)  # with the fields of EventRow

    def add(
        self, kind: str, subject_kind: str, subject: UUID, unit: UUID | None, at: datetime, **facts: Any
    ) -> None:
        event = SimpleNamespace(
            id=self.rows.new_id(),
            locality_id=self.locality,
            number=0,
            at=at,
            account_id=None,
            actor_name="",
            kind=kind,
            subject_kind=subject_kind,
            subject_id=subject,
            unit_id=unit,
            data=facts,
            previous_hash="",
            hash="",
        )
        self.events.append(event)

    def close(self, account: UUID, name: str) -> None:
        """Put the events in order of time, as done by this account, and hand them over with the ledger."""
        previous = ""
        for number, event in enumerate(sorted(self.events, key=lambda e: e.at), start=1):
            event.number, event.previous_hash = number, previous
            event.account_id, event.actor_name = account, name
            previous = event.hash = hash_of(event)
            self.rows.of[EventRow].append(vars(event))
        self.rows.add(Ledger, locality_id=self.locality, number=len(self.events), hash=previous)
