"""The reading of a document as a job takes it on, and what its sender may do about it meanwhile.

    waiting ── begin ──► reading ── finish ──► read
       │                    ├────── fail ────► failed ──── retry ──► waiting
       └────── cancel ──────┴────── cancel ──► cancelled ─ retry ──► waiting

The row is the truth. A job may run twice, late, or not at all: each step looks at the row first, under its lock, and
does nothing when the document moved on. A retry is a new `attempt`, so that a job of the old one finds nothing to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select

from app.documents.sources import Source
from app.documents.values import Reading
from app.events import (
    DocumentReadingBegun,
    DocumentReadingCancelled,
    DocumentReadingFailed,
    DocumentReadingRetried,
    DocumentRefused,
)
from app.models import Document, DocumentFile, KeptAnswer, Locality, ReadingProgress, StoredFile
from app.models.base import columns
from app.outside import file_store, page_store
from app.permissions import Permission
from app.services._scope import find
from app.services.document_filling import NOT_A_PLAN, STRANGE_LETTERS, fill_document
from app.services.reading_as_candidates import is_a_plan
from app.services.states import ACTION_PERMISSION, actions_from, next_state
from app.work import Work

# A file that takes the service down must not do so for ever; a few ordinary restarts are forgiven.
MOST_STARTS = 5
OPEN = ("waiting", "reading")
INTERRUPTED = (
    "Việc đọc tệp đã bị ngắt nhiều lần. Bấm “Đọc lại”; nếu vẫn không xong, hãy tách thành các tệp nhỏ hơn."
)
FILE_LOST = "Tệp không còn trong kho lưu của hệ thống. Hãy tải lên lại."

documents, files = columns(Document), columns(DocumentFile)
answers, progress, stored = columns(KeptAnswer), columns(ReadingProgress), columns(StoredFile)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that somebody waits for."""

    document_id: UUID
    attempt: int


def list_waiting(work: Work) -> list[Waiting]:
    """Documents to be read, those that were begun included, oldest first."""
    asked = select(documents.id, documents.attempt).where(documents.state.in_(OPEN)).order_by(documents.id)
    return [Waiting(*row) for row in work.session.execute(asked)]


def is_wanted(work: Work, wanted: Waiting) -> bool:
    """Whether somebody still waits for this attempt."""
    asked = select(documents.id).where(
        documents.id == wanted.document_id, documents.attempt == wanted.attempt, documents.state.in_(OPEN)
    )
    return work.session.scalars(asked).first() is not None


def get_progress(work: Work, document: Document) -> ReadingProgress | None:
    """How far the present attempt is; for those who were let see the document."""
    row = work.session.get(ReadingProgress, document.id)
    return row if row is not None and row.attempt == document.attempt else None


def document_actions(work: Work, document: Document) -> list[str]:
    permissions = ACTION_PERMISSION["document"]
    return [
        action
        for action in actions_from("document", document.state)
        if action in permissions and work.actor.may(permissions[action], document.locality_id)
    ]


# What its sender does


def cancel_reading(work: Work, document_id: UUID) -> Document:
    """Stop reading; the files stay, so that reading can be asked for again."""
    document = find(work, Document, document_id)
    work.require(Permission.DOCUMENT_UPLOAD, document.locality_id)
    state = next_state("document", document.state, "cancel")

    document.state = state
    _forget_progress(work, document)
    work.record(DocumentReadingCancelled(locality_id=document.locality_id, subject_id=document.id))
    return document


def retry_reading(work: Work, document_id: UUID) -> Document:
    document = find(work, Document, document_id)
    work.require(Permission.DOCUMENT_UPLOAD, document.locality_id)
    state = next_state("document", document.state, "retry")

    document.state = state
    document.attempt += 1
    document.failure_code = document.failure = None
    work.record(DocumentReadingRetried(locality_id=document.locality_id, subject_id=document.id))
    return document


# What the job does


def begin_reading(work: Work, wanted: Waiting) -> list[tuple[str, str]]:
    """(name, SHA-256) of the files to read, the plan first; empty when there is nothing to do any more."""
    document = _wanted(work, wanted)
    if document is None:
        return []
    row = get_progress(work, document)
    starts = row.starts + 1 if row else 1
    if starts > MOST_STARTS:
        fail_reading(work, wanted, code="reading_interrupted", message=INTERRUPTED)
        return []

    document.state = next_state("document", document.state, "begin")
    _set_progress(work, document, starts=starts, page=0, pages=0, preview="")
    work.record(DocumentReadingBegun(locality_id=document.locality_id, subject_id=document.id))
    return [(file.name, file.sha256) for file in _files_of(work, document)]


def note_progress(work: Work, wanted: Waiting, *, page: int, pages: int, preview: str) -> None:
    """`page` of `pages` is done; nothing is noted once nobody waits."""
    row = work.session.get(ReadingProgress, wanted.document_id)
    if row is None or row.attempt != wanted.attempt:
        return
    row.page, row.pages, row.noted_at = page, pages, work.now
    row.preview = preview.replace("\x00", "")


def finish_reading(work: Work, wanted: Waiting, source: Source, reading: Reading) -> bool:
    """Clauses, candidates and a draft plan, once; whether the document is read now."""
    place = work.session.scalars(
        select(documents.locality_id).where(documents.id == wanted.document_id)
    ).first()
    if place is None:
        return False
    work.get(Locality, place)  # before the document, as in an upload
    document = _wanted(work, wanted)
    if document is None or document.state != "reading":
        return False
    if not is_a_plan(reading):
        fail_reading(work, wanted, code="not_a_plan", message=NOT_A_PLAN)
    elif "\x00" in source.text:  # PostgreSQL cannot hold it
        fail_reading(work, wanted, code="binary_document", message=STRANGE_LETTERS)
    else:
        _forget_progress(work, document)
        fill_document(work, document, source, reading)
        return True
    return False


def fail_reading(work: Work, wanted: Waiting, *, code: str, message: str) -> None:
    """`message` says why and what to do."""
    document = _wanted(work, wanted)
    if document is None:
        return
    document.state = next_state("document", document.state, "fail")
    document.failure_code, document.failure = code, message
    _forget_progress(work, document)
    work.record(DocumentReadingFailed(locality_id=document.locality_id, subject_id=document.id, code=code))


def say_file_lost(work: Work, wanted: Waiting) -> None:
    fail_reading(work, wanted, code="file_lost", message=FILE_LOST)


def erase_secret(work: Work, wanted: Waiting) -> None:
    """The files bear a mark of secrecy: nothing of them stays but that something was refused."""
    document = _wanted(work, wanted)
    if document is None:
        return
    place, kept = document.locality_id, _files_of(work, document)
    _forget_progress(work, document)
    work.session.execute(delete(files).where(files.document_id == document.id))
    work.session.execute(delete(documents).where(documents.id == document.id))
    work.session.execute(delete(stored).where(stored.id.in_([file.id for file in kept])))
    _forget_answers(work, document)
    work.record(DocumentRefused(locality_id=place, subject_id=place))
    # Last, and before the commit: a crash in between leaves a row without its file, never the file.
    for file in kept:
        _erase_file(work, file.sha256)


def _wanted(work: Work, wanted: Waiting) -> Document | None:
    """The document, locked, if this attempt is still waited for."""
    asked = (
        select(documents)
        .where(documents.id == wanted.document_id, documents.attempt == wanted.attempt)
        .where(documents.state.in_(OPEN))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    document: Document | None = work.session.scalars(asked).first()
    if document is not None:
        work.require(Permission.DOCUMENT_UPLOAD, document.locality_id)
    return document


def _files_of(work: Work, document: Document) -> Sequence[StoredFile]:
    asked = (
        select(stored)
        .join(files, files.stored_file_id == stored.id)
        .where(files.document_id == document.id)
        .order_by(files.ordinal)
    )
    return work.session.scalars(asked).all()


def _set_progress(
    work: Work, document: Document, *, starts: int, page: int, pages: int, preview: str
) -> None:
    row = work.session.get(ReadingProgress, document.id)
    if row is None:
        row = ReadingProgress(
            document_id=document.id, locality_id=document.locality_id, attempt=0, noted_at=work.now
        )
        work.session.add(row)
    row.attempt, row.starts, row.noted_at = document.attempt, starts, work.now
    row.page, row.pages, row.preview = page, pages, preview


def _forget_progress(work: Work, document: Document) -> None:
    work.session.execute(delete(progress).where(progress.document_id == document.id))


def _forget_answers(work: Work, document: Document) -> None:
    """An answer kept for a repeated upload names the files."""
    asked = select(answers).where(answers.sender == document.uploaded_by_id)
    for answer in work.session.scalars(asked):
        if str(document.id).encode() in answer.body or str(document.id) in str(answer.headers):
            work.session.delete(answer)


def _erase_file(work: Work, sha256: str) -> None:
    """Unless another intake holds the same bytes: whoever reads that one erases them."""
    others = select(stored.id).where(stored.sha256 == sha256)
    if work.session.scalars(others).first() is None:
        file_store.erase(work.settings.data_dir, sha256)
        page_store.erase(work.settings.data_dir, sha256)
