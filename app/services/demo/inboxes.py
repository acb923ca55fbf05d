"""Whom the demo's story has told of what: the older notices read, those of the last days waiting in the inboxes."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from app.models import EventRow, Notice, NoticeCursor
from app.models.base import columns
from app.services.notice_making import make_notices
from app.work import Work

notices, events = columns(Notice), columns(EventRow)

# The demo is loaded often: what nobody would scroll back to is not told at all.
TOLD_FOR, UNREAD_FOR = timedelta(days=28), timedelta(days=7)


def fill_inboxes(work: Work, locality_id: UUID, told_at: datetime) -> None:
    """What happened in the four weeks before `told_at` is told; what is more than a week old has been read."""
    before = select(func.max(events.number)).where(
        events.locality_id == locality_id, events.at < told_at - TOLD_FOR
    )
    work.add(NoticeCursor(locality_id=locality_id, number=work.session.scalar(before) or 0))
    while make_notices(work, locality_id):
        work.session.flush()
    old = (notices.locality_id == locality_id) & (notices.at < told_at - UNREAD_FOR)
    work.session.execute(update(Notice).where(old).values(read_at=notices.at))
