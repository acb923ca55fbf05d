"""The queue of jobs: DBOS, and nothing but this module knows it.

Its tables live in a file of their own beside an SQLite database, in a schema of their own on PostgreSQL. DBOS keeps one
instance a process, so there is one `Queue` a process. Importing it takes half a second, so that waits for `launch`.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pysqlite3
from sqlalchemy import Engine, create_engine, event

from app.services.document_reading import Waiting

# Fixed, so that the next process takes up what this one leaves: DBOS gives work back to its executor and version only.
EXECUTOR, VERSION = "tiendo", "1"
SCHEMA, FILE = "dbos", "jobs.sqlite3"
READING, WORKFLOW = "reading", "read_document"
LOOK_EVERY_SECONDS = 0.5
# One at a time: a page of a scan keeps a core busy for seconds, and people are working on the others.
AT_ONCE = 1
KEEP_ENDED = 1000
_LIVE = ["PENDING", "ENQUEUED"]


class Queue:
    """`read(document_id, attempt)` is called for each enqueued document, in a thread of its own, perhaps twice."""

    def __init__(self, url: str, data_dir: Path, read: Callable[[UUID, int], None]) -> None:
        self._engine = _sqlite_engine(data_dir) if url.startswith("sqlite") else _postgresql_engine(url)
        self._read = read
        self._dbos: Any = None
        self._workflow: Any = None

    def launch(self) -> None:
        logging.getLogger("dbos").setLevel(logging.WARNING)  # before it says hello
        from dbos import DBOS

        self._dbos = DBOS
        self._workflow = self._registered(DBOS)
        DBOS(
            config={
                "name": "tiendo",
                "system_database_url": str(self._engine.url),
                "system_database_engine": self._engine,
                "dbos_system_schema": SCHEMA,
                "executor_id": EXECUTOR,
                "application_version": VERSION,
                "log_level": "WARNING",
                "enable_otlp": False,
                "use_listen_notify": False,
                "max_executor_threads": 4,
                "notification_listener_polling_interval_sec": 1.0,
            }
        )
        DBOS.launch()
        DBOS.register_queue(READING, worker_concurrency=AT_ONCE, polling_interval_sec=LOOK_EVERY_SECONDS)

    def _registered(self, dbos: Any) -> Any:
        """The workflow is one step: what it does is safe to do twice, so nothing of it needs to be replayed."""

        def read_document(document_id: str, attempt: int) -> None:
            dbos.run_step({"name": "read"}, self._read, UUID(document_id), attempt)

        return dbos.workflow(name=WORKFLOW)(read_document)

    def live(self) -> set[Waiting]:
        """What is enqueued or running."""
        listed = self._dbos.list_workflows(name=WORKFLOW, status=_LIVE, load_output=False, load_input=False)
        return {_waiting(workflow.workflow_id) for workflow in listed}

    def enqueue(self, wanted: Waiting) -> None:
        from dbos import SetWorkflowID

        with SetWorkflowID(f"{wanted.document_id}/{wanted.attempt}/{uuid4().hex[:8]}"):
            self._dbos.enqueue_workflow(READING, self._workflow, str(wanted.document_id), wanted.attempt)

    def close(self) -> None:
        """Whoever closes has made sure that what still runs ends soon."""
        if self._dbos is not None:
            self._dbos.destroy(destroy_registry=True)
        self._engine.dispose()


def _waiting(workflow_id: str) -> Waiting:
    document_id, attempt, _ = workflow_id.split("/")
    return Waiting(UUID(document_id), int(attempt))


def _sqlite_engine(data_dir: Path) -> Engine:
    """The bundled SQLite here too: Debian's own can corrupt a WAL database (app/database.py)."""
    data_dir.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{data_dir.resolve() / FILE}", module=pysqlite3, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # what a power cut takes is enqueued again

    return engine


def _postgresql_engine(url: str) -> Engine:
    return create_engine(url, pool_size=2, max_overflow=3, pool_pre_ping=True, hide_parameters=True)
