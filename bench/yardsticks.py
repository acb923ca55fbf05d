"""The two yardsticks, in a process of their own: `python -m bench.yardsticks SPECIFICATION PORT`.

bare   a Starlette route that answers the app's bytes
floor  a Starlette route that runs the app's SQL (but not the sign-in) through the driver and renders the same
       template with the context ready made, or turns the rows into JSON; for a change it updates the row, adds
       the event, moves the ledger and commits. No permission, no history check, no framework above Starlette.
"""

import gc
import json
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pysqlite3
import uvicorn
from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.main import create_app
from app.settings import get_settings
from app.web.rendering import environment
from bench.capture import Captured, capture
from bench.operations import Operation

PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -32000")
_KEPT_HEADERS = ("content-type", "etag", "cache-control", "vary")
_NUMBERS = count(10_000_000)  # of the events a floor adds
Answer = Callable[[Request], Any]


def create_yardsticks(specification: dict[str, Any]) -> Starlette:
    """`specification`: {"operations": [...], "secrets": {person: secret}, "locality": id}."""
    app = create_app()
    connection = pysqlite3.connect(specification["file"], isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    routes = [Route("/ready", _fixed(200, b"ready", {}))]
    for described in specification["operations"]:
        operation = Operation(**described)
        if operation.floor == "write":
            locality = UUID(specification["locality"])
            routes.append(
                Route(f"/floor/{operation.name}", _write_floor(connection, locality), methods=["POST"])
            )
            continue
        taken = capture(app, operation, specification["secrets"][operation.person])
        headers = {name: value for name, value in taken.headers.items() if name in _KEPT_HEADERS}
        routes.append(Route(f"/bare/{operation.name}", _fixed(taken.status, taken.body, headers)))
        if taken.status == 200:
            routes.append(Route(f"/floor/{operation.name}", _read_floor(connection, taken, headers)))
    return Starlette(routes=routes)


def _fixed(status: int, body: bytes, headers: dict[str, str]) -> Answer:
    async def bare(request: Request) -> Response:
        return Response(body, status, headers)

    return bare


def _read_floor(connection: Any, taken: Captured, headers: dict[str, str]) -> Answer:
    statements, drawn = taken.without_sign_in, taken.template and environment().get_template(taken.template)

    async def page(request: Request) -> Response:
        for sql, given in statements:
            connection.execute(sql, given).fetchall()
        assert drawn
        return Response(drawn.render(taken.context).encode(), 200, headers)

    async def as_json(request: Request) -> Response:
        rows = []
        for sql, given in statements:
            cursor = connection.execute(sql, given)
            names = [column[0] for column in cursor.description]
            rows.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
        return Response(to_json(rows), 200, headers)

    return page if drawn else as_json


def _write_floor(connection: Any, locality: UUID) -> Answer:
    rows = [key for (key,) in connection.execute("SELECT id FROM assignment LIMIT 500")]

    async def write(request: Request) -> Response:
        number = next(_NUMBERS)
        key = rows[number % len(rows)]
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE assignment SET version = version + 1 WHERE id = ?", (key,))
        connection.execute(
            "INSERT INTO event (id, locality_id, number, at, actor_name, kind, subject_kind, subject_id, data,"
            " previous_hash, hash) VALUES (?, ?, ?, '2026-11-01', '', 'x', 'assignment', ?, '{}', '', '')",
            (f"{number:032x}", locality.hex, number, key),
        )
        connection.execute("UPDATE ledger SET hash = ? WHERE locality_id = ?", (str(number), locality.hex))
        connection.execute("COMMIT")
        return Response(b"{}", 201, media_type="application/json")

    return write


if __name__ == "__main__":
    described = json.loads(Path(sys.argv[1]).read_text())
    get_settings.cache_clear()
    yardsticks = create_yardsticks(described)
    gc.collect()
    gc.freeze()  # as the app does
    uvicorn.run(
        yardsticks, host="127.0.0.1", port=int(sys.argv[2]), access_log=False,
        log_level="warning", server_header=False,
    )  # fmt: skip
