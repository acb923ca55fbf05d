"""A thing's story as JSON, the same entries a page shows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.services.timeline import timeline_of
from app.work import Work


def timeline_out(work: Work, subject_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Entries as app.api.assignment.TimelineEntryOut, newest first."""
    return [
        {"at": entry.at, "kind": entry.kind, "actor": entry.actor, "text": entry.title, "unit": entry.unit_id}
        for entry in timeline_of(work, subject_ids)
    ]
