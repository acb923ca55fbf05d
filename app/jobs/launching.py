"""Running the jobs inside a process that serves, or in one of their own.

A thread takes the lock, starts the clock's chores and the queue, and then looks every half second for documents that
wait and are not in the queue: those just uploaded, those a restored back-up brought, those a killed process left half
read. Where another process holds the lock it stands by.
"""

import threading
import time
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from app.database import Database
from app.jobs.chores import Clock
from app.jobs.lock import Lock, lock_for
from app.jobs.reading import read_document
from app.outside.reading_leftovers import sweep
from app.permissions import SYSTEM
from app.services.document_reading import Waiting, list_waiting
from app.settings import Settings
from app.work import Work

if TYPE_CHECKING:
    from app.jobs.durable import Queue

LOOK_EVERY_SECONDS = 0.5
STAND_BY_SECONDS = 10.0
# A job that ended without an end for its document is begun again, but not at once.
AGAIN_AFTER_SECONDS = 20.0
PATIENCE_SECONDS = 10.0
# The first requests of a starting service come first.
START_AFTER_SECONDS = 1.0

log = structlog.get_logger("tiendo.jobs")


class Jobs:
    """`start` returns at once; `stop` returns when nothing of it runs any more."""

    def __init__(
        self, database: Database, settings: Settings, *, start_after: float = START_AFTER_SECONDS
    ) -> None:
        self._database = database
        self._settings = settings
        self._lock: Lock = lock_for(database, settings)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._running = 0
        self._start_after = start_after
        self._enqueued: dict[Waiting, float] = {}

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        self._stopping.set()

    def stop(self) -> None:
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS * 2)

    def take_lock(self) -> bool:
        """For a process that has nothing else to do: it need not start when another one runs the jobs."""
        return self._lock.take()

    def wait(self) -> None:
        """Until it was stopped."""
        while self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        said = False
        self._stopping.wait(self._start_after)
        while not self._stopping.is_set():
            try:
                if self._lock.is_held() or self._lock.take():
                    said = False
                    self._run_queue()
                elif not said:
                    log.info("another process runs the jobs of this database; standing by")
                    said = True
            except Exception as error:  # noqa: BLE001 - whatever it is, waiting documents must not wait for a restart
                log.error("jobs interrupted", error=f"{type(error).__name__}: {error}"[:500])
            self._stopping.wait(STAND_BY_SECONDS)
        self._lock.release()

    def _run_queue(self) -> None:
        """Until it is stopped, or the lock is lost."""
        from app.jobs.durable import Queue

        queue = Queue(self._database.url, self._settings.data_dir, self._read)
        clock = Clock(self._database, self._settings, patience_seconds=PATIENCE_SECONDS)
        try:
            sweep()
            clock.start()
            queue.launch()
            log.info("jobs running")
            while not self._stopping.is_set() and self._lock.is_held():
                self._enqueue_waiting(queue)
                self._stopping.wait(LOOK_EVERY_SECONDS)
        finally:
            clock.stop()
            self._await_end_of_running()
            queue.close()

    def _enqueue_waiting(self, queue: "Queue") -> None:
        waiting = self._waiting()
        if not waiting:
            self._enqueued.clear()
            return
        live, now = queue.live(), time.monotonic()
        for one in waiting:
            if one not in live and now - self._enqueued.get(one, -AGAIN_AFTER_SECONDS) >= AGAIN_AFTER_SECONDS:
                self._enqueued[one] = now
                queue.enqueue(one)

    def _waiting(self) -> list[Waiting]:
        with self._database.read_session() as session:
            return list_waiting(Work(session, self._settings, actor=lambda _: SYSTEM, is_write=False))

    def _read(self, document_id: UUID, attempt: int) -> None:
        self._running += 1
        try:
            read_document(self._database, self._settings, document_id, attempt, self._stopping.is_set)
        except Exception:
            log.exception("job failed", document=str(document_id))
            raise
        finally:
            self._running -= 1

    def _await_end_of_running(self) -> None:
        """A reading that is stopped ends within a moment; one that is just kept takes a moment longer."""
        latest = time.monotonic() + PATIENCE_SECONDS
        while self._running and time.monotonic() < latest:
            time.sleep(0.05)
