"""Processes that run the jobs: killed, stopped, two at once, restored. Real ones, on both engines."""

import os
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from app.database import Database, migrate
from app.jobs.lock import lock_for
from app.main import create_app
from app.models import Candidate, Document, EventRow, Plan
from app.services.backup import back_up, restore
from app.services.document import SentFile, upload_files
from tests.plans import PLAN
from tests.servers import TIENDO, serving

FILES = [SentFile("ke-hoach.txt", PLAN.encode()), SentFile("phu-luc.txt", b"PHU LUC 1")]
PATIENCE_SECONDS = 60


@pytest.fixture
def environment(database_url, settings):
    return os.environ | {
        "TIENDO_DATABASE_URL": database_url.replace("+psycopg", ""),
        "TIENDO_DATA_DIR": str(settings.data_dir),
    }


@pytest.fixture
def waiting(working, cast):
    with working(cast.an) as work:
        return upload_files(work, FILES)


@contextmanager
def worker(environment, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("ab") as output:
        process = subprocess.Popen([TIENDO, "worker"], env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(database: Database, document: Document, state: str, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with database.read_session() as session:
            if session.scalars(select(Document.state).where(Document.id == document.id)).one() == state:
                return
        time.sleep(0.02)
    raise AssertionError(f"the document is not {state}:\n{log.read_text(errors='replace')[-3000:]}")


def count(database, model, *conditions):
    with database.read_session() as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_a_reading_killed_in_the_middle_is_finished_by_the_next_process(
    database, environment, waiting, tmp_path
):
    log = tmp_path / "worker.log"
    with worker(environment, log) as first:
        until(database, waiting, "reading", log)
        first.kill()
        first.wait()
    assert count(database, Plan) == 0

    with worker(environment, log) as second:
        until(database, waiting, "read", log)
        asked_at = time.monotonic()
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=20) == 0
        assert time.monotonic() - asked_at < 15

    assert (count(database, Plan), count(database, Candidate)) == (1, 11)
    assert count(database, EventRow, EventRow.kind == "document_uploaded") == 1
    assert "dbos" not in log.read_text().lower()


def test_the_service_reads_by_itself_and_a_second_reader_is_told_so(database, environment, waiting, tmp_path):
    log = tmp_path / "server.log"
    with serving(environment, log) as server:
        until(database, waiting, "read", log)
        second = subprocess.run(
            [TIENDO, "worker"], env=environment, capture_output=True, text=True, timeout=60
        )
        assert (second.returncode, "Đã có tiến trình khác" in second.stderr) == (1, True)
        with urllib.request.urlopen(f"{server.url}/healthz", timeout=10) as answer:
            assert b'"ocr"' in answer.read()
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize(("where", "runs"), [("here", True), ("elsewhere", False)])
def test_a_service_runs_the_jobs_unless_told_otherwise(sqlite_url, settings, where, runs):
    app = create_app(settings.model_copy(update={"database_url": sqlite_url, "jobs": where}))
    with TestClient(app):
        assert any(thread.name == "jobs" for thread in threading.enumerate()) is runs
    assert not any(thread.name == "jobs" for thread in threading.enumerate())


def test_only_one_process_holds_the_lock_and_the_next_gets_it(database, settings):
    first, second = lock_for(database, settings), lock_for(database, settings)
    assert first.take()
    assert not second.take()
    assert (first.is_held(), second.is_held()) == (True, False)
    first.release()
    assert second.take()
    second.release()


def test_a_document_that_waits_in_a_backup_is_read_where_it_is_restored(
    database, settings, environment, waiting, empty_database_url, tmp_path
):
    if database.is_sqlite is not empty_database_url.startswith("sqlite"):
        pytest.skip("a back-up goes back to its own engine")
    back_up(database, settings, tmp_path / "backup.tar")
    elsewhere = settings.model_copy(
        update={"data_dir": tmp_path / "elsewhere", "database_url": empty_database_url}
    )
    place = Database(empty_database_url)
    restore(place, elsewhere, tmp_path / "backup.tar")
    migrate(empty_database_url)
    log = tmp_path / "worker.log"
    moved = environment | {
        "TIENDO_DATABASE_URL": empty_database_url.replace("+psycopg", ""),
        "TIENDO_DATA_DIR": str(elsewhere.data_dir),
    }
    with worker(moved, log):
        until(place, waiting, "read", log)
    assert count(place, Plan) == 1
    place.dispose()
