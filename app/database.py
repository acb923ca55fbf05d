"""Engines. SQLite: one writer connection and several read-only ones; PostgreSQL: one pool for both."""

import os
from collections.abc import Callable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pysqlite3
from sqlalchemy import Dialect, Engine, Uuid, create_engine, event, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

if TYPE_CHECKING:
    from alembic.config import Config

ROOT = Path(__file__).resolve().parent.parent
SAFE_SQLITE = (3, 51, 3)  # 3.7.0 to 3.51.2 can corrupt a WAL database when a checkpoint resets the log
READERS = 8


class WritingSession(Session):
    """A session that may change things. app/work.py watches this class for changes nobody permitted: listeners
    on each session would cost more than the queries of a request."""


class Database:
    """The engines of one process. `writer` and `reader` are the same pool on PostgreSQL."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self.url = url
        self._opened: list[Any] = []
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.is_sqlite:
            _check_sqlite_version()
            _make_folder(url)
            self.writer = _sqlite_engine(url, read_only=False)
            self.reader = _sqlite_engine(url, read_only=True)
        else:
            self.writer = self.reader = create_engine(
                url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, hide_parameters=True
            )

    def write_session(self) -> WritingSession:
        return WritingSession(self.writer, expire_on_commit=False)

    def read_session(self) -> Session:
        return Session(self.reader, expire_on_commit=False, autoflush=False)

    @cached_property
    def last_number(self) -> Callable[[UUID], int] | None:
        """Reads the number of a locality's last event on a connection of its own, in microseconds and from one
        thread; None where the database is another process."""
        if not self.is_sqlite:
            return None
        asked = "SELECT number FROM ledger WHERE locality_id = ?"
        connection: Any = None

        def read(locality_id: UUID) -> int:
            nonlocal connection
            if connection is None:
                connection = _open_reader(self.url)
                self._opened.append(connection)
            found = connection.execute(asked, (locality_id.hex,)).fetchone()
            return found[0] if found else 0

        return read

    def dispose(self) -> None:
        """Close what is open; whoever asks again opens it again."""
        self.__dict__.pop("last_number", None)
        self.writer.dispose()
        self.reader.dispose()
        while self._opened:
            self._opened.pop().close()


def _open_reader(url: str) -> Any:
    connection = pysqlite3.connect(make_url(url).database, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _check_sqlite_version() -> None:
    if pysqlite3.sqlite_version_info < SAFE_SQLITE:
        found, wanted = pysqlite3.sqlite_version, ".".join(map(str, SAFE_SQLITE))
        raise RuntimeError(f"SQLite {found} can lose data; {wanted} or newer is needed (package pysqlite3)")


def _make_folder(url: str) -> None:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)


def _sqlite_engine(url: str, *, read_only: bool) -> Engine:
    engine = create_engine(
        url,
        module=pysqlite3,
        poolclass=QueuePool,
        pool_size=READERS if read_only else 1,
        max_overflow=0,
        pool_timeout=30,
        pool_reset_on_return=None if read_only else "rollback",  # a session's end has ended the reading
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )
    _read_keys_quickly(engine)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # we begin explicitly, below
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # NORMAL loses acknowledged writes in a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -32000")
        if read_only:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        if read_only:
            connection.connection.driver_connection.execute("BEGIN")  # cannot fail, so needs no wrapping
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@lru_cache(maxsize=65536)
def _key(stored: str) -> UUID:
    return UUID(stored)


class KeptKey(Uuid[UUID]):
    """A UUID read from SQLite's text. The same few thousand keys are read all day: each is made once."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], UUID | None]:
        return lambda stored: None if stored is None else _key(stored)


def _read_keys_quickly(engine: Engine) -> None:
    engine.dialect.colspecs = {**engine.dialect.colspecs, Uuid: KeptKey}


# Alembic brings a template engine and a highlighter along: a tenth of the start of a server that never migrates.


def alembic_config(url: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def newest_revision() -> str:
    """The revision this version of the program works with: the number its last migration's file begins with."""
    return max(file.name.partition("_")[0] for file in (ROOT / "migrations/versions").glob("[0-9]*_*.py"))


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`; creates an SQLite file that is not there yet."""
    from alembic import command

    if make_url(url).get_backend_name() == "sqlite":
        _make_folder(url)
    command.upgrade(alembic_config(url), revision)


def migrate_down(url: str, revision: str) -> None:
    from alembic import command

    command.downgrade(alembic_config(url), revision)


def sqlite_path(url: str) -> Path | None:
    """The file of an SQLite URL, or None for PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(os.fspath(parsed.database))
