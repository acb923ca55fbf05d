"""Who joined a group after work was given out gets none of it before the office has said so (decision 0020)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from app.models import Question
from app.models.base import columns
from app.work import Work

questions = columns(Question)


def asked_about(work: Work, group_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], datetime]:
    """(group, member) → when it was asked, for late joiners whom the office left out or has yet to decide on."""
    rows = work.session.execute(
        select(questions.group_id, questions.unit_id, questions.asked_at)
        .where(questions.kind == "late_joiner", questions.group_id.in_(list(group_ids)))
        .where(or_(questions.state == "open", questions.answer == "left_out"))
        .order_by(questions.asked_at)
    )
    return {(row.group_id, row.unit_id): row.asked_at for row in rows}


def is_kept_out(
    asked: Mapping[tuple[UUID, UUID], datetime],
    group_id: UUID | None,
    unit_id: UUID,
    given_out_at: datetime | None,
) -> bool:
    """Whether the member waits for the office's answer about work given out (`given_out_at`) before it was asked."""
    if group_id is None or given_out_at is None:
        return False
    asked_at = asked.get((group_id, unit_id))
    return asked_at is not None and given_out_at < asked_at
