"""Real databases for tests: one PostgreSQL cluster and one migrated template per engine for a whole run.

A run is the pytest controller and its xdist workers. They share a folder; whoever needs something first
makes it there under a lock, and the controller removes everything at the end. A test then gets a copy of a
template: a copied file on SQLite, CREATE DATABASE … TEMPLATE on PostgreSQL. Making and dropping a database takes
PostgreSQL much longer than most tests do, so a process empties its database and gives it to its next test. On both
engines the next test finds its database at the same address: what SQLAlchemy once compiled for it is kept.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pysqlite3
import pytest

if TYPE_CHECKING:
    from app.database import Database

OWNER = "tiendo"
# Nothing here must survive a power cut, so nothing waits for the disk. No vacuum: it would let new rows take the
# places of a former test's, and what is read without an order would come in another one from time to time.
FAST_AND_FORGETFUL = (
    "-F -c synchronous_commit=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB "
    "-c autovacuum=off"
)
MOST_TESTS = 100  # that one database serves: what they deleted is never cleared away


# What a database consists of beside its rows: relations, columns, triggers, and where the migrations stand.
_SHAPE = """
    SELECT
      (SELECT md5(string_agg(n.nspname || '.' || c.relname || ' ' || a.attname || ' ' || a.atttypid || ' ' || a.attnum,
                             ',' ORDER BY n.nspname, c.relname, a.attnum))
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND a.attnum > 0),
      (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O'),
      (SELECT string_agg(version_num, ',') FROM alembic_version)
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_SHAPES: dict[int, Any] = {}


class Unavailable(Exception):
    """PostgreSQL cannot be had on this machine; the message says why."""


@dataclass(frozen=True)
class Run:
    """The folder that the processes of one test run share."""

    folder: Path

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        with open(self.folder / f"{name}.lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def sqlite_template(self) -> Path:
        """A migrated SQLite file without open connections or a write-ahead log."""
        template = self.folder / "template.sqlite3"
        with self.lock("sqlite"):
            if not template.exists():
                draft = self.folder / "draft.sqlite3"
                migrate(f"sqlite:///{draft}")
                connection = pysqlite3.connect(str(draft))
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.close()
                draft.rename(template)
        return template

    def cluster(self) -> "Cluster":
        """The run's PostgreSQL cluster, started by whoever asks first; Unavailable says why there is none."""
        with self.lock("postgresql"):
            reason = self.folder / "unavailable"
            if reason.exists():
                raise Unavailable(reason.read_text())
            port = self.folder / "port"
            if not port.exists():
                try:
                    port.write_text(str(start_cluster(self.folder)))
                except Unavailable as error:
                    reason.write_text(str(error))
                    raise
            return Cluster(int(port.read_text()))

    def postgresql_template(self) -> str:
        cluster = self.cluster()
        made = self.folder / "template-made"
        with self.lock("postgresql-template"):
            if not made.exists():
                migrate(cluster.create("template_tiendo"))
                made.touch()
        return "template_tiendo"

    def end(self) -> None:
        if (self.folder / "port").exists():
            run_as_owner(
                find_program("pg_ctl"), "-D", self.folder / "cluster/data", "-m", "immediate", "stop"
            )
        shutil.rmtree(self.folder)


@dataclass(frozen=True)
class Cluster:
    port: int

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template0") -> str:
        """Create a database and return its SQLAlchemy URL."""
        with self._connected() as connection:
            # Copying files is three times as fast as PostgreSQL 15's own way, which logs every page.
            strategy = " STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{strategy}'.encode())
        return self.url(name)

    def empty(self, name: str) -> bool:
        """Delete what a test left in a migrated database; False when more than rows is left, or someone cannot be
        made to leave. The triggers that keep the history are not asked: this is their owner clearing up."""
        with self._connected(name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if connection.execute(_SHAPE).fetchone() != self._shape_of_template():
                return False
            connection.execute("SET session_replication_role = replica; SET lock_timeout = '5s'")
            tables = [row[0] for row in connection.execute(_TABLES)]
            connection.execute("; ".join(_emptying(table) for table in tables).encode())
        return True

    def _shape_of_template(self) -> Any:
        if self.port not in _SHAPES:
            with self._connected("template_tiendo") as connection:
                _SHAPES[self.port] = connection.execute(_SHAPE).fetchone()
        return _SHAPES[self.port]

    def drop(self, name: str) -> None:
        """Drop it even if a test forgot a connection: the next test must not pay for that."""
        with self._connected() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def _connected(self, name: str = "postgres") -> "psycopg.Connection[Any]":
        address = f"host=127.0.0.1 port={self.port} user={OWNER} dbname={name}"
        return psycopg.connect(address, autocommit=True)


@cache
def kept_database(url: str) -> "Database":
    """One of this process; whoever takes it gives its connections back with `dispose`."""
    # Imported here, so that tests of pure code do not wait for SQLAlchemy and every model.
    from app.database import Database

    database = Database(url)
    if database.is_sqlite:
        forget_fast(database)
    return database


def forget_fast(database: "Database") -> None:
    """Wait for no disk (SQLite)."""
    from sqlalchemy import event

    def set_up(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    for engine in (database.writer, database.reader):
        event.listen(engine, "connect", set_up)


def _emptying(table: str) -> str:
    """The history is read as it comes by many a test: it begins in a new file. Others would take too long for that."""
    return f'TRUNCATE "{table}"' if table == "event" else f'DELETE FROM "{table}"'


def migrate(url: str) -> None:
    # Imported here, so that tests of pure code do not wait for SQLAlchemy and every model.
    from app.database import migrate

    migrate(url)


def begin_run() -> Run:
    """Make the shared folder. Not under pytest's own, which the user postgres may not enter."""
    folder = Path(tempfile.mkdtemp(prefix="tiendo-test-"))
    folder.chmod(0o755)
    return Run(folder)


# Databases of this process that wait for their next test: places of files by run; names, and how many tests each has
# served, by the port of its cluster.
_FREE: dict[Path, list[Path]] = {}
_EMPTY: dict[int, list[tuple[str, int]]] = {}


@contextmanager
def sqlite_copy(run: Run) -> Iterator[str]:
    """The URL of a migrated SQLite file of one's own."""
    free = _FREE.setdefault(run.folder, [])
    path = free.pop() if free else run.folder / f"{uuid.uuid4().hex}.sqlite3"
    shutil.copyfile(run.sqlite_template(), path)
    yield f"sqlite:///{path}"
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    free.append(path)


@contextmanager
def postgresql_copy(run: Run, template: str | None = None) -> Iterator[str]:
    """The URL of a PostgreSQL database of one's own: migrated, or a copy of `template`."""
    cluster = run.cluster()
    waiting = _EMPTY.setdefault(cluster.port, [])
    if template is None and waiting:
        name, served = waiting.pop()
    else:
        name, served = f"test_{uuid.uuid4().hex}", 0
        cluster.create(name, template or run.postgresql_template())
    yield cluster.url(name)
    if template is None and served < MOST_TESTS and cluster.empty(name):
        waiting.append((name, served + 1))
    else:
        cluster.drop(name)


def postgresql_or_skip(run: Run) -> None:
    """Skip the test without PostgreSQL; fail where TIENDO_REQUIRE_POSTGRESQL says that it must be there."""
    try:
        run.cluster()
    except Unavailable as error:
        if os.environ.get("TIENDO_REQUIRE_POSTGRESQL"):
            pytest.fail(f"PostgreSQL is required here: {error}", pytrace=False)
        pytest.skip(str(error))


def start_cluster(folder: Path) -> int:
    """Make and start a cluster in `folder` on a free loopback port, and return the port."""
    initdb, pg_ctl = find_program("initdb"), find_program("pg_ctl")
    home = folder / "cluster"
    home.mkdir()
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root; its package always makes this user.
        try:
            shutil.chown(home, "postgres")
        except LookupError as error:
            raise Unavailable("root cannot run PostgreSQL and there is no user postgres") from error

    run_as_owner(
        initdb, "-D", home / "data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
    )
    port = free_port()
    options = f"-p {port} -h 127.0.0.1 -k {home} {FAST_AND_FORGETFUL}"
    run_as_owner(pg_ctl, "-D", home / "data", "-l", home / "log", "-o", options, "-w", "start")
    return port


def run_as_owner(*command: str | Path) -> None:
    words = [str(word) for word in command]
    identity: dict[str, Any] = {}
    if os.geteuid() == 0:
        identity = {"user": "postgres", "group": "postgres", "extra_groups": []}
    # The server inherits what it is given, and a pipe held open would keep us waiting for it: so a file.
    with tempfile.TemporaryFile() as output:
        ended = subprocess.run(
            words, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output, **identity
        )
        if ended.returncode:
            output.seek(0)
            raise Unavailable(f"{words[0]} failed: {output.read().decode(errors='replace')[-500:]}")


def find_program(name: str) -> str:
    """Debian keeps the programs of each version apart and off PATH; the newest wins."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: int(path.name))
    for folder in reversed(versions):
        if (folder / "bin" / name).exists():
            return str(folder / "bin" / name)
    if found := shutil.which(name):
        return found
    raise Unavailable(f"{name} was not found: install PostgreSQL (Debian: apt-get install postgresql)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
