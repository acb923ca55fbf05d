"""The job that reads one document: begin, read in a child process, keep what was read. It may run twice."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import structlog

from app.database import Database
from app.documents.decoding import ReadingCancelled, SecretDocument, UnreadableDocument
from app.documents.sources import Source
from app.documents.values import Reading
from app.outside import file_store
from app.outside.reader import Progress, read_files
from app.permissions import SYSTEM
from app.services.document_reading import (
    Waiting,
    begin_reading,
    erase_secret,
    fail_reading,
    finish_reading,
    is_wanted,
    note_progress,
    say_file_lost,
)
from app.settings import Settings
from app.work import Work, open_work

# Each note is a write, and each look a read, on a database that people are working with.
SECONDS_BETWEEN_NOTES = 1.0
log = structlog.get_logger("tiendo.jobs")


class ReadingJob:
    """Reads one attempt of one document. `is_stopping`: the service is about to end, so what was begun is left
    to the next start."""

    def __init__(
        self, database: Database, settings: Settings, wanted: Waiting, is_stopping: Callable[[], bool]
    ) -> None:
        self.database = database
        self.settings = settings
        self.wanted = wanted
        self.is_stopping = is_stopping
        self.noted_at = self.looked_at = 0.0
        self.is_off = False

    def run(self) -> None:
        with self._work() as work:
            files = begin_reading(work, self.wanted)
        if not files:
            return
        try:
            source, reading = self._read(files)
        except ReadingCancelled:
            return  # by its sender, who changed the row, or by a stop, which leaves it as it is
        except SecretDocument:
            with self._work() as work:
                erase_secret(work, self.wanted)
        except FileNotFoundError:
            with self._work() as work:
                say_file_lost(work, self.wanted)
        except UnreadableDocument as error:
            self._fail(error.code, str(error))
        else:
            with self._work() as work:
                finish_reading(work, self.wanted, source, reading)

    def _read(self, files: list[tuple[str, str]]) -> tuple[Source, Reading]:
        data = [(name, file_store.get(self.settings.data_dir, sha256)) for name, sha256 in files]
        return read_files(data, on_progress=self._note, is_cancelled=self._is_cancelled)

    def _note(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self.noted_at < SECONDS_BETWEEN_NOTES and progress.page < progress.of:
            return
        self.noted_at = now
        with self._work() as work:
            note_progress(work, self.wanted, page=progress.page, pages=progress.of, preview=progress.text)

    def _is_cancelled(self) -> bool:
        now = time.monotonic()
        if not self.is_off and now - self.looked_at >= SECONDS_BETWEEN_NOTES:
            self.looked_at = now
            with self.database.read_session() as session:
                reader = Work(session, self.settings, actor=lambda _: SYSTEM, is_write=False)
                self.is_off = not is_wanted(reader, self.wanted)
        return self.is_off or self.is_stopping()

    def _fail(self, code: str, message: str) -> None:
        log.info("document not read", document=str(self.wanted.document_id), code=code)
        with self._work() as work:
            fail_reading(work, self.wanted, code=code, message=message)

    def _work(self) -> AbstractContextManager[Work]:
        return open_work(self.database, self.settings, actor=SYSTEM)


def read_document(
    database: Database,
    settings: Settings,
    document_id: UUID,
    attempt: int,
    is_stopping: Callable[[], bool] = lambda: False,
) -> None:
    ReadingJob(database, settings, Waiting(document_id, attempt), is_stopping).run()
