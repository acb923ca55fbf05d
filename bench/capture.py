"""Runs one request inside this process and keeps what it took: its SQL, its page's context, its answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from starlette.applications import Starlette
from starlette.testclient import TestClient

import app.web.pages
from bench.operations import COOKIE, Operation

# The floor knows nobody: looking a person up is the app's own cost.
_SIGN_IN = re.compile(r"FROM (session|api_token)\b")


@dataclass(slots=True)
class Captured:
    """`statements` are (SQL, parameters) as the driver got them; `template` is None for JSON."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    template: str | None = None
    context: dict[str, Any] = field(default_factory=dict)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def without_sign_in(self) -> list[tuple[str, Any]]:
        return [(sql, given) for sql, given in self.statements if not _SIGN_IN.search(sql)]


def capture(served: Starlette, operation: Operation, secret: str) -> Captured:
    """A read is sent twice: the first time macros and statements are compiled, and the ETag is learnt."""
    path, body = operation.first
    # Not entered as a context: that would close the app's database at the end.
    client = TestClient(served, cookies={COOKIE: secret}, follow_redirects=False)
    headers = dict(operation.headers)
    if not operation.is_write:
        known = client.get(path.replace("lan=0", "lan=1"), headers=headers)
        if operation.is_conditional:
            headers["If-None-Match"] = known.headers["etag"]
    taken = Captured()
    with _watched(served, taken):
        answer = client.request(operation.method, path, content=body or None, headers=headers)
    taken.status, taken.body = answer.status_code, answer.content
    taken.headers = dict(answer.headers)
    if answer.status_code >= 400:
        raise RuntimeError(f"{operation.title}: {answer.status_code} {answer.text[:300]}")
    return taken


@contextmanager
def _watched(served: Starlette, taken: Captured) -> Iterator[None]:
    def note(_connection: Any, _cursor: Any, sql: str, given: Any, _context: Any, _many: bool) -> None:
        if not sql.startswith(("BEGIN", "PRAGMA")):
            taken.statements.append((sql, given))

    def render(template: str, /, **context: Any) -> str:
        taken.template, taken.context = template, context
        return str(drawn(template, **context))

    pages: Any = app.web.pages
    database, drawn = served.state.house.database, pages.render
    engines = {database.reader, database.writer}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    pages.render = render
    try:
        yield
    finally:
        pages.render = drawn
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
