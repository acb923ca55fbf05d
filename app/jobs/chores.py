"""What is done by the clock: each chore looks for rows whose time has come and does what is due (decision 0019).

Nothing is scheduled that could be lost: a chore that was missed, cut off or done twice finds the same rows again, or
none. The process that holds the jobs' lock runs them, one after the other, in a thread of their own.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from app.database import Database
from app.jobs.mails import send_mails
from app.jobs.notices import tell_people
from app.jobs.periods import ask_about_groups, keep_periods
from app.services.upload import sweep_uploads
from app.services.urging_step_up import step_up_urgings
from app.settings import Settings

LOOK_EVERY_SECONDS = 0.5

log = structlog.get_logger("tiendo.jobs")


@dataclass(frozen=True, slots=True)
class Chore:
    """`run` does what is due now, each piece in a transaction of its own; it is called every so many seconds."""

    name: str
    every_seconds: float
    run: Callable[[Database, Settings], None]


CHORES: tuple[Chore, ...] = (
    Chore("periods", 60.0, keep_periods),
    Chore("groups", 3600.0, ask_about_groups),
    Chore("notices", 5.0, tell_people),
    Chore("mails", 15.0, send_mails),
    Chore("step up urgings", 600.0, step_up_urgings),
    Chore("uploads", 600.0, sweep_uploads),
)


class Clock:
    """`start` returns at once; after `stop` no chore begins, and the one that runs has ended."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        chores: tuple[Chore, ...] = CHORES,
        *,
        patience_seconds: float = 10.0,
    ) -> None:
        self._database = database
        self._settings = settings
        self._due_at = dict.fromkeys(chores, 0.0)
        self._patience = patience_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(self._patience)

    def _run(self) -> None:
        while not self._stopping.is_set():
            for chore, due_at in self._due_at.items():
                if time.monotonic() >= due_at and not self._stopping.is_set():
                    self._do(chore)
                    self._due_at[chore] = time.monotonic() + chore.every_seconds
            self._stopping.wait(LOOK_EVERY_SECONDS)

    def _do(self, chore: Chore) -> None:
        try:
            chore.run(self._database, self._settings)
        except Exception as error:  # noqa: BLE001 - one chore that fails must not stop the others, nor itself for good
            log.error("chore failed", chore=chore.name, error=f"{type(error).__name__}: {error}"[:500])
