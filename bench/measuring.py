"""One run: reads over one database, changes over another, then (SIZE=nation) the nation's beside the commune's."""

import json
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from app.main import create_app
from app.settings import Settings
from bench import nation, printing
from bench.capture import capture
from bench.commune import Measured
from bench.data import make_database
from bench.figures import make_figures
from bench.load import Target, compare
from bench.operations import COOKIE, FIGURES, WRITES, Operation, Place, comparing, reading, writing
from bench.preparing import SECRETS, copy_database, prepare_rows, sign_in
from bench.servers import Running, app_server, yardstick_server
from bench.transfer import measure_transfers

CONNECTIONS = (1, 16)
STEPS_A_SECOND = 2500  # more rows than one process acknowledges in a second on any machine we know


def measure(
    folder: Path,
    *,
    rounds: int,
    connections: tuple[int, ...] = CONNECTIONS,
    communes: int = 1,
    only: frozenset[str] = frozenset(),
) -> None:
    """Print the tables. `rounds`: seconds of load for each figure; `communes`: how many the same is then asked
    among; `only`: names of operations (bench/operations.py), none meaning all."""
    run = folder / "run"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)
    about = make_database(run / "commune.sqlite3")
    reads = Place(run / "reads", about, _chosen(reading(about), only))
    sign_in(copy_database(run / "commune.sqlite3", reads.data), about)
    wanted = (1 + rounds) * len(connections) * STEPS_A_SECOND
    printing.print_heading(rounds)
    if reads.operations:
        with _served(reads) as (app, yardsticks):
            _measure_place(reads, app, yardsticks, rounds, connections)
            printing.print_transfers(
                measure_transfers(app.url, f"/bang/{about.board_unit}", SECRETS["officer"])
            )
    if not only or only & FIGURES:
        figures = _figures_place(run, only)
        with _served(figures) as (app, yardsticks):
            _measure_place(figures, app, yardsticks, rounds, connections)
    if not only or only & WRITES:
        writes = _write_place(run, about, only, wanted)
        with _served(writes) as (app, yardsticks):
            _measure_place(writes, app, yardsticks, rounds, connections)
            printing.print_process(app.started_in, app.megabytes())
    if communes > 1:
        nation.measure(folder, reads, communes=communes, rounds=rounds)


def _chosen(operations: list[Operation], only: frozenset[str]) -> list[Operation]:
    return [operation for operation in operations if not only or operation.name in only]


def _figures_place(run: Path, only: frozenset[str]) -> Place:
    data = run / "figures"
    about = make_figures(data / "tiendo.sqlite3")
    sign_in(data / "tiendo.sqlite3", about)
    return Place(data, about, _chosen(comparing(about), only))


def _write_place(run: Path, about: Measured, only: frozenset[str], wanted: int) -> Place:
    data = run / "writes"
    file = copy_database(run / "commune.sqlite3", data)
    sign_in(file, about)
    rows = prepare_rows(file, about, wanted if not only or "step" in only else 1)
    return Place(data, about, _chosen(writing(about, rows), only))


@contextmanager
def _served(place: Place) -> Iterator[tuple[Running, Running]]:
    """The app and the yardsticks, each over a database of its own: what one still has to write when its second
    is over must not lock the other out of the next."""
    theirs = place.data / "yardsticks"
    copied = copy_database(place.data / "tiendo.sqlite3", theirs)
    specification = place.data / "specification.json"
    said = {
        "operations": [
            asdict(replace(operation, requests=operation.requests[:1])) for operation in place.operations
        ],
        "secrets": SECRETS,
        "file": str(copied),
        "locality": str(place.about.locality),
    }
    specification.write_text(json.dumps(said))
    with ExitStack() as stack:
        app = stack.enter_context(app_server(place.data))
        yield app, stack.enter_context(yardstick_server(theirs, specification))


def _measure_place(
    place: Place, app: Running, yardsticks: Running, rounds: int, connections: tuple[int, ...]
) -> None:
    queries = _count_queries(place)
    for operation in place.operations:
        used = 1  # counting the queries took the first prepared row
        for number in connections if operation.seconds == 1 else (1,):
            targets = _targets(operation, app, yardsticks)
            found = compare(
                targets, place.data, connections=number, rounds=rounds, skip=used, seconds=operation.seconds
            )
            used = found["app"].sent
            printing.print_operation(operation, number, found, queries[operation.name])


def _count_queries(place: Place) -> dict[str, int]:
    """SQL statements of one request, the sign-in included; BEGIN and COMMIT are not counted."""
    app = create_app(Settings(data_dir=place.data))
    counted = {
        operation.name: len(capture(app, operation, SECRETS[operation.person]).statements)
        for operation in place.operations
    }
    app.state.house.database.dispose()
    return counted


def _targets(operation: Operation, app: Running, yardsticks: Running) -> dict[str, Target]:
    cookie = {"Cookie": f"{COOKIE}={SECRETS[operation.person]}"}
    headers = {**operation.headers, **cookie}
    if operation.is_conditional:
        headers["If-None-Match"] = _etag(app.url + operation.first[0], cookie)
    targets = {"app": Target(app.url, operation.requests, headers, operation.method)}
    if operation.wanted_of_floor is not None or operation.is_write:
        floor = [(f"/floor/{operation.name}", "")]
        targets["floor"] = Target(yardsticks.url, floor, {}, operation.method)
    if not operation.is_write:
        targets["bare"] = Target(yardsticks.url, [(f"/bare/{operation.name}", "")], {})
    return targets


def _etag(address: str, headers: dict[str, str]) -> str:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
        return answer.headers["ETag"] or ""
