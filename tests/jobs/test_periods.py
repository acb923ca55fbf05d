"""A worker killed in the middle of opening a period: after a restart nothing is doubled and nothing is lost."""

import os
import subprocess
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from app.models import Assignment, EventRow, Ledger, Period, PeriodScheme
from tests.factories import add_plan, add_responsibility, add_task, add_unit
from tests.servers import TIENDO

PATIENCE_SECONDS = 60
UNITS, TASKS = 40, 60


@pytest.fixture
def environment(database_url, settings):
    return os.environ | {
        "TIENDO_DATABASE_URL": database_url.replace("+psycopg", ""),
        "TIENDO_DATA_DIR": str(settings.data_dir),
    }


@pytest.fixture
def plan(stage, cast):
    """A plan that reports each year by the calendar: one period has begun, with many rows."""
    plan = add_plan(stage, cast.commune)
    plan.issued_at, plan.cycle = datetime.now(UTC), "year"
    plan.scheme_id = stage.scalars(
        select(PeriodScheme.id).where(
            PeriodScheme.locality_id == cast.commune.id, PeriodScheme.code == "calendar"
        )
    ).one()
    units = [add_unit(stage, cast.commune, f"DV-{n}", f"Đơn vị {n}") for n in range(UNITS)]
    for number in range(TASKS):
        task = add_task(stage, plan, f"NV-{number:03}", ordinal=number)
        for place, unit in enumerate(units):
            add_responsibility(stage, task, unit, role="lead" if place == 0 else "report")
    stage.commit()
    return plan


@contextmanager
def worker(environment, log):
    with log.open("ab") as output:
        process = subprocess.Popen([TIENDO, "worker"], env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(condition, log):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError(log.read_text(errors="replace")[-3000:])


def is_writing(database):
    """Whether the worker is inside a transaction that has begun to write rows."""
    if database.is_sqlite:
        import pysqlite3

        one = pysqlite3.connect(database.url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
        try:
            one.execute("BEGIN IMMEDIATE")
            one.execute("ROLLBACK")
        except pysqlite3.OperationalError:
            return True
        finally:
            one.close()
        return False
    with database.read_session() as session:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(session.scalar(text(waiting)))


@contextmanager
def held_up(database, plan):
    """On PostgreSQL the worker is stopped before its last write: the history's ledger is held."""
    if database.is_sqlite:
        yield
        return
    with database.write_session() as session:
        session.get(Ledger, plan.locality_id, with_for_update=True)
        yield
        session.rollback()


def count(database, model, *conditions):
    with database.read_session() as session:
        return session.scalar(select(func.count()).select_from(model).where(*conditions))


def test_a_worker_killed_while_it_opens_a_period_doubles_and_loses_nothing(
    database, environment, plan, tmp_path
):
    log = tmp_path / "worker.log"
    with database.write_session() as session:
        if session.get(Ledger, plan.locality_id) is None:
            session.add(Ledger(locality_id=plan.locality_id, number=0, hash=""))
        session.commit()
    with held_up(database, plan), worker(environment, log) as first:
        until(lambda: is_writing(database), log)
        first.kill()
        first.wait()
    assert (count(database, Period), count(database, Assignment), count(database, EventRow)) == (0, 0, 0)

    with worker(environment, log):
        until(lambda: count(database, EventRow, EventRow.kind == "period_opened") == 1, log)
        time.sleep(1.5)

    assert (count(database, Period), count(database, Assignment)) == (1, UNITS * TASKS)
    assert count(database, EventRow, EventRow.kind == "period_opened") == 1
