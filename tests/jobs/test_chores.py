"""Chores run again and again, and one that fails stops neither the others nor itself."""

import time

from app.database import Database
from app.jobs.chores import Chore, Clock


def run_until(clock, condition, seconds=10.0):
    clock.start()
    latest = time.monotonic() + seconds
    while not condition() and time.monotonic() < latest:
        time.sleep(0.02)
    clock.stop()


def test_chores_run_again_after_their_time(sqlite_url, settings):
    done = []
    database = Database(sqlite_url)
    clock = Clock(database, settings, (Chore("count", 0.0, lambda d, s: done.append(d)),))

    run_until(clock, lambda: len(done) >= 2)

    assert done[:2] == [database, database]
    database.dispose()


def test_a_chore_that_fails_is_tried_again_and_stops_no_other(sqlite_url, settings):
    done, failed = [], []
    database = Database(sqlite_url)

    def fail(database, settings):
        failed.append(1)
        raise RuntimeError("the mail server is gone")

    clock = Clock(
        database, settings, (Chore("fail", 0.0, fail), Chore("count", 0.0, lambda d, s: done.append(1)))
    )

    run_until(clock, lambda: len(done) >= 2 and len(failed) >= 2)

    assert len(done) >= 2
    assert len(failed) >= 2
    database.dispose()


def test_nothing_runs_after_it_was_stopped(sqlite_url, settings):
    done = []
    database = Database(sqlite_url)
    clock = Clock(database, settings, (Chore("count", 0.0, lambda d, s: done.append(1)),))

    run_until(clock, lambda: bool(done))
    seen = len(done)
    time.sleep(0.7)

    assert len(done) == seen
    database.dispose()
