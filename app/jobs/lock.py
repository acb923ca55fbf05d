"""Only one process runs the jobs of a database: whoever holds its lock.

On SQLite that is a lock on a file of the data folder, on PostgreSQL an advisory lock of a connection. Both end with
their process, however it ends.
"""

import fcntl
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from app.database import Database
from app.settings import Settings

FILE = "jobs.lock"
# Any number no other program locks in the same database; DBOS uses 1234567890.
ADVISORY_KEY = 7_431_902_211
_TRY = text("SELECT pg_try_advisory_lock(:key)").bindparams(key=ADVISORY_KEY)


class Lock(Protocol):
    def take(self) -> bool:
        """Whether this process holds it now."""

    def is_held(self) -> bool: ...

    def release(self) -> None: ...


def lock_for(database: Database, settings: Settings) -> Lock:
    return FileLock(settings.data_dir / FILE) if database.is_sqlite else AdvisoryLock(database)


class FileLock:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self) -> bool:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def is_held(self) -> bool:
        return self._file is not None

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class AdvisoryLock:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None

    def take(self) -> bool:
        connection = self._database.writer.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # given back to the pool it would go on holding the lock
        if connection.execute(_TRY).scalar():
            self._connection = connection
            return True
        connection.close()
        return False

    def is_held(self) -> bool:
        """A connection that broke took its lock with it."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
