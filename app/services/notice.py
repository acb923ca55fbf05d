"""One's own notices: the list, how many are unread, and reading them. Nobody reads another's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update

from app.errors import NotFound, NotSignedIn
from app.models import Notice
from app.models.base import columns
from app.permissions import Permission
from app.work import Work

notices = columns(Notice)


def list_notices(
    work: Work,
    *,
    kind: str | None = None,
    unread: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[Notice]:
    """The newest first. `after`: (at, id) of the last one seen."""
    statement = _own(work, select(notices)).order_by(notices.at.desc(), notices.id.desc()).limit(limit)
    if kind is not None:
        statement = statement.where(notices.kind == kind)
    if unread:
        statement = statement.where(notices.read_at.is_(None))
    if after is not None:
        at, notice_id = after
        statement = statement.where(or_(notices.at < at, and_(notices.at == at, notices.id < notice_id)))
    return list(work.session.scalars(statement))


def count_unread(work: Work) -> int:
    statement = _own(work, select(func.count()).select_from(Notice)).where(notices.read_at.is_(None))
    return work.session.scalar(statement) or 0


def read_notice(work: Work, notice_id: UUID) -> Notice:
    """Reading again changes nothing."""
    work.require_known(Permission.NOTICE_CHOOSE)
    notice = work.get(Notice, notice_id)
    if notice.account_id != work.actor.account_id:
        raise NotFound
    if notice.read_at is None:
        notice.read_at = work.now
    return notice


def read_all_notices(work: Work) -> int:
    """How many were unread."""
    work.require_known(Permission.NOTICE_CHOOSE)
    if work.actor.account_id is None:
        raise NotSignedIn
    mine = and_(notices.account_id == work.actor.account_id, notices.read_at.is_(None))
    done: Any = work.session.execute(update(Notice).where(mine).values(read_at=work.now))
    return int(done.rowcount)


def _own(work: Work, statement: Any) -> Any:
    work.require_known(Permission.NOTICE_READ)
    if work.actor.account_id is None:
        raise NotSignedIn
    return statement.where(notices.account_id == work.actor.account_id)
