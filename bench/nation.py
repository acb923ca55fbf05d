"""Promise 3 and the reading of promise 5: the same commune among 3,321, beside itself alone."""

import pickle
import time
from pathlib import Path

from app.database import Database, migrate
from app.permissions import SYSTEM
from app.services.event import EventFilter, list_events
from app.settings import Settings
from app.work import Work
from bench import printing
from bench.commune import Measured
from bench.data import make_database
from bench.load import Target, compare
from bench.operations import COOKIE, Operation, Place, reading
from bench.preparing import SECRETS, sign_in
from bench.servers import app_server

AT_A_TIME = 500
COMPARED = ("board", "list", "lanes", "overview", "figures")


def measure(folder: Path, commune: Place, *, communes: int, rounds: int) -> None:
    """Both servers run at once, so that what disturbs one disturbs the other."""
    data = folder / f"nation-{communes}"
    there = _nation(data, communes)
    print(f"\n{communes:,} communes beside one")
    same = {operation.name: operation for operation in reading(there)}
    with app_server(commune.data) as one, app_server(data) as many:
        for operation in commune.operations:
            if operation.name in COMPARED:
                targets = {
                    "commune": _target(one.url, operation),
                    "nation": _target(many.url, same[operation.name]),
                }
                found = compare(targets, data, connections=1, rounds=rounds, seconds=operation.seconds)
                printing.print_sizes(operation, found["commune"], found["nation"])
    printing.print_changes(*_read_history(data, there, seconds=rounds))


def _nation(data: Path, communes: int) -> Measured:
    """Made once and kept, since it takes minutes; what migrations came since are run. Delete the folder to make
    it again."""
    file, known = data / "tiendo.sqlite3", data / "measured.pickle"
    if not known.exists():
        data.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        made = make_database(file, communes=communes)
        sign_in(file, made)
        known.write_bytes(pickle.dumps(made))
    migrate(Settings(data_dir=data).url)
    about: Measured = pickle.loads(known.read_bytes())
    return about


def _target(url: str, operation: Operation) -> Target:
    return Target(url, operation.requests, {"Cookie": f"{COOKIE}={SECRETS[operation.person]}"})


def _read_history(data: Path, about: Measured, *, seconds: int) -> tuple[int, float]:
    """(rows, seconds): one locality's events page by page from the first, over and over, in this process."""
    database = Database(Settings(data_dir=data).url)
    started, rows, since = time.perf_counter(), 0, 0
    with database.read_session() as session:
        work = Work(session, Settings(data_dir=data), actor=lambda _: SYSTEM, is_write=False)
        wanted = EventFilter(locality=about.locality)
        while time.perf_counter() - started < seconds:
            page = list_events(work, wanted, since=since, limit=AT_A_TIME)
            rows, since = rows + len(page), page[-1].number if page else 0
            session.expunge_all()
    database.dispose()
    return rows, time.perf_counter() - started
