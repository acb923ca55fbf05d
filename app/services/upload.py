"""Files that come in pieces over a weak network, and become evidence once they are whole (decision 0022).

Only who began an upload may go on with it. Each piece is written by app/receiving.py, outside any transaction.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from app.database import Database, WritingSession
from app.documents.attachments import shown_name
from app.errors import Conflict, NotFound, NotSignedIn, TienDoError
from app.models import Evidence, Upload
from app.models.base import columns, new_id
from app.outside import upload_store
from app.permissions import NOBODY, SYSTEM
from app.services.evidence import Subject, add_evidence, refuse_secret_file, row_to_change, subject_of
from app.services.evidence_file import PreparedFile, RefusedFile, check_announced
from app.settings import Settings
from app.work import Work, open_work

LIFETIME = timedelta(days=1)
MOST_AT_ONCE = 20
SWEPT_AT_ONCE = 200

uploads = columns(Upload)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An upload with how much of it is here. Everything is only said to be here once it became evidence: a file that
    is whole but whose taking in was cut off asks for its last byte again, so that somebody sends it."""

    row: Upload
    offset: int

    @property
    def is_done(self) -> bool:
        return self.row.evidence_id is not None


# Reads


def get_upload(work: Work, upload_id: UUID) -> Incoming:
    """An upload of this sender's own whose time is not over, to a row they may still add to."""
    row = work.session.get(Upload, upload_id, with_for_update=work.is_write or None)
    if work.actor is NOBODY:
        raise NotSignedIn
    if row is None or row.sender != work.actor.sender or row.expires_at <= work.now:
        raise NotFound("Không có tệp đang gửi này, hoặc đã quá hạn gửi tiếp. Hãy chọn lại tệp để gửi từ đầu.")
    row_to_change(work, subject_of(row))
    return Incoming(row, _offset(work, row))


# Writes


def begin_upload(work: Work, about: Subject, *, name: str, size: int) -> Upload:
    """TooLarge, Invalid or UnreadableDocument for what will be refused anyway; Conflict for too many at once."""
    subject = row_to_change(work, about)
    if (sender := work.actor.sender) is None:
        raise NotSignedIn
    try:
        check_announced(name, size)
    except TienDoError as error:
        if error.code == "secret_document":
            refuse_secret_file(work, about.kind, subject)
        raise
    _check_number(work, sender)

    row = Upload(
        id=new_id(),
        locality_id=subject.locality_id,
        assignment_id=about.assignment_id,
        submission_id=about.submission_id,
        sender=sender,
        name=shown_name(name),
        size=size,
        created_at=work.now,
        expires_at=work.now + LIFETIME,
    )
    work.add(row)
    return row


def finish_upload(work: Work, upload_id: UUID, file: PreparedFile | RefusedFile) -> Evidence:
    """The whole file becomes evidence; when it is refused, nothing of it stays. Doing it again changes nothing."""
    row = get_upload(work, upload_id).row
    if row.evidence_id is not None:
        return _made(work, row)
    about = subject_of(row)
    if isinstance(file, RefusedFile):
        if file.is_secret:
            refuse_secret_file(work, about.kind, row_to_change(work, about))
        _forget_if_refused(work, row.id)
        raise file.error

    made = add_evidence(work, about, file)
    row.evidence_id = made.id
    upload_store.erase(work.settings.data_dir, row.id)
    return made


def drop_upload(work: Work, upload_id: UUID) -> None:
    """The sender no longer wants it."""
    row = get_upload(work, upload_id).row

    work.session.delete(row)
    work.session.flush()
    upload_store.erase(work.settings.data_dir, upload_id)


def sweep_uploads(database: Database, settings: Settings) -> None:
    """Remove uploads whose time is over, and files whose upload is gone."""
    with open_work(database, settings, actor=SYSTEM) as work:
        over = select(uploads.id).where(uploads.expires_at <= work.now).limit(SWEPT_AT_ONCE)
        gone = list(work.session.scalars(over))
        work.session.execute(delete(uploads).where(uploads.id.in_(gone)))
    for key in gone:
        upload_store.erase(settings.data_dir, key)
    left = list(upload_store.older_than(settings.data_dir, LIFETIME.total_seconds()))
    with database.read_session() as session:
        known = set(session.scalars(select(uploads.id).where(uploads.id.in_(left))))
    for key in set(left) - known:
        upload_store.erase(settings.data_dir, key)


def _offset(work: Work, row: Upload) -> int:
    if row.evidence_id is not None:
        return row.size
    return min(upload_store.received(work.settings.data_dir, row.id), row.size - 1)


def _check_number(work: Work, sender: UUID) -> None:
    mine = select(func.count()).where(
        uploads.sender == sender, uploads.evidence_id.is_(None), uploads.expires_at > work.now
    )
    if (work.session.scalar(mine) or 0) >= MOST_AT_ONCE:
        raise Conflict(
            f"Đang có {MOST_AT_ONCE} tệp gửi dở. Hãy gửi xong hoặc hủy bớt rồi gửi tệp mới.",
            code="too_many_uploads",
        )


def _made(work: Work, row: Upload) -> Evidence:
    made = work.session.get(Evidence, row.evidence_id)
    if made is None:
        raise NotFound
    return made


def _forget_if_refused(work: Work, upload_id: UUID) -> None:
    """After this work was rolled back, in a transaction of its own."""

    def forget_alone() -> None:
        upload_store.erase(work.settings.data_dir, upload_id)
        with WritingSession(work.session.get_bind()) as session:
            session.execute(delete(uploads).where(uploads.id == upload_id))
            session.commit()

    work.undo.append(forget_alone)
