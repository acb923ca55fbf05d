"""One run: reads over one database, changes over another, then (SIZE=nation) the nation's beside the commune's."""

import json
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from app.main import create_app
from app.settings import Settings
from bench import nation, printing
from bench.capture import capture
from bench.commune import Measured
from bench.data import make_database
from bench.load import Target, compare
from bench.operations import COOKIE, Operation, reading, writing
from bench.preparing import SECRETS, copy_database, prepare_rows, sign_in
from bench.servers import Running, app_server, yardstick_server
from bench.transfer import measure_transfers

CONNECTIONS = (1, 16)
STEPS_A_SECOND = 2500  # more rows than one process acknowledges in a second on any machine we know


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder with a database of its own, who is asked about in it, and what is asked."""

    data: Path
    about: Measured
    operations: list[Operation]


def measure(
    folder: Path, *, size: str = "commune", rounds: int, connections: tuple[int, ...] = CONNECTIONS
) -> None:
    """Print the tables. `rounds`: seconds of load for each figure."""
    run = folder / "run"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir(parents=True)
    about = make_database(run / "commune.sqlite3")
    reads = Place(run / "reads", about, reading(about))
    sign_in(copy_database(run / "commune.sqlite3", reads.data), about)
    printing.print_heading(rounds)
    with _served(reads) as (app, yardsticks):
        _measure_place(reads, app, yardsticks, rounds, connections)
        board = measure_transfers(app.url, f"/bang/{about.board_unit}", SECRETS["officer"])
    writes = _write_place(run, about, wanted=(1 + rounds) * len(connections) * STEPS_A_SECOND)
    with _served(writes) as (worked, yardsticks):
        _measure_place(writes, worked, yardsticks, rounds, connections)
        printing.print_transfers(board)
        printing.print_process(app.started_in, worked.megabytes())
    if size == "nation":
        nation.measure(folder, reads.data, about, rounds=rounds)


def _write_place(run: Path, about: Measured, *, wanted: int) -> Place:
    data = run / "writes"
    file = copy_database(run / "commune.sqlite3", data)
    sign_in(file, about)
    return Place(data, about, writing(about, prepare_rows(file, about, wanted)))


@contextmanager
def _served(place: Place) -> Iterator[tuple[Running, Running]]:
    specification = place.data / "specification.json"
    said = {
        "operations": [
            asdict(replace(operation, requests=operation.requests[:1])) for operation in place.operations
        ],
        "secrets": SECRETS,
        "file": str(place.data / "tiendo.sqlite3"),
        "locality": str(place.about.locality),
    }
    specification.write_text(json.dumps(said))
    with ExitStack() as stack:
        app = stack.enter_context(app_server(place.data))
        yield app, stack.enter_context(yardstick_server(place.data, specification))


def _measure_place(
    place: Place, app: Running, yardsticks: Running, rounds: int, connections: tuple[int, ...]
) -> None:
    queries = _count_queries(place)
    for operation in place.operations:
        used = 1  # counting the queries took the first prepared row
        for number in connections:
            targets = _targets(operation, app, yardsticks)
            found = compare(targets, place.data, connections=number, rounds=rounds, skip=used)
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
