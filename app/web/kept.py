"""Pages kept ready-made, and the shortest way to show one again.

A kept page changes only with the history of one locality. Where somebody who belongs to that locality alone was
shown one, a pass remembers it: until the session or the day ends, and as long as the locality's last event is
still the same, the same request of the same session gets the same answer. Signing out, an ended role, a disabled
account and every change of what is shown are events, so each ends the pass at once.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from secrets import token_urlsafe
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID

import brotli
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.entry import House
from app.web.forms import new_form_key
from app.web.pages import NOTICE_COOKIE, shown_once
from app.work import VIETNAM, Work

STARTED = token_urlsafe(6)  # a new release draws its pages anew
BROTLI_QUALITY = 7
_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Cookie, HX-Request"}

Kept = TypeVar("Kept")


@dataclass(slots=True)
class ReadyPage:
    """A page's bytes, and the same compressed once somebody can take them so."""

    plain: bytes
    packed: bytes | None = None

    def as_brotli(self) -> bytes:
        if self.packed is None:
            self.packed = brotli.compress(self.plain, quality=BROTLI_QUALITY)
        return self.packed


@dataclass(frozen=True, slots=True)
class Pass:
    """`number`: of the locality's last event when the page was made; `until`: seconds since 1970."""

    etag: str
    locality_id: UUID
    number: int
    until: float


class Shelf(Generic[Kept]):
    """The last `size` things put or asked for, by key."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._things: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Kept | None:
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def put(self, key: str, thing: Kept) -> None:
        with self._lock:
            self._things[key] = thing
            while len(self._things) > self._size:
                self._things.popitem(last=False)


PAGES: Shelf[ReadyPage] = Shelf(512)
PASSES: Shelf[Pass] = Shelf(2048)


def kept_page(
    request: Request, work: Work, locality_id: UUID, number: int, build: Callable[[str], str]
) -> Response:
    """A page that changes only with the history of `locality_id`: `number` is that of the last event there.

    Unchanged since the browser last saw it: 304. Kept ready-made: its bytes. Else `build(key)` renders it.
    A page with a notice is neither kept nor taken from the kept ones."""
    if NOTICE_COOKIE in request.cookies:
        return shown_once(HTMLResponse(build(new_form_key()), headers=_HEADERS))
    actor = work.actor
    seen_by = (actor.account_id, actor.name, actor.post, actor.grants)
    shown = (str(request.url), number, seen_by, work.today, STARTED)
    key = hashlib.sha256(repr(shown).encode()).hexdigest()[:32]
    headers = {**_HEADERS, "ETag": f'"{key}"'}
    _give_pass(request, work, Pass(key, locality_id, number, _end_of(work)))
    if key in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    page = PAGES.get(key)
    if page is None:
        page = ReadyPage(build(key).encode())
        PAGES.put(key, page)
    return HTMLResponse(page.plain, headers=headers)


class KeptFirst:
    """Answers from the kept pages before anything else of the app is asked: one read of one number. On
    PostgreSQL that read would hold up the event loop, so there the page takes the ordinary way."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self.app = app
        self.house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        last_number = self.house.database.last_number
        if last_number is None or scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        asked = {name: value for name, value in scope["headers"] if name in _READ}
        found = PASSES.get(_pass_key(scope, asked.get(b"cookie", b"")))
        if found is None or b"authorization" in asked or not _holds(found, last_number):
            await self.app(scope, receive, send)
            return
        answer = _again(found, asked)
        await (answer or self.app)(scope, receive, send)


_READ = frozenset({b"cookie", b"authorization", b"if-none-match", b"accept-encoding"})


def _holds(found: Pass, last_number: Callable[[UUID], int]) -> bool:
    return time.time() < found.until and last_number(found.locality_id) == found.number


def _again(found: Pass, asked: dict[bytes, bytes]) -> Response | None:
    headers = {**_HEADERS, "ETag": f'"{found.etag}"'}
    if found.etag.encode() in asked.get(b"if-none-match", b""):
        return Response(status_code=304, headers=headers)
    page = PAGES.get(found.etag)
    if page is None:
        return None
    accepted = asked.get(b"accept-encoding", b"").replace(b" ", b"").split(b",")
    if b"br" not in accepted:
        return HTMLResponse(page.plain, headers=headers)
    headers |= {"Content-Encoding": "br", "Vary": "Cookie, HX-Request, Accept-Encoding"}
    return HTMLResponse(page.as_brotli(), headers=headers)


def _give_pass(request: Request, work: Work, given: Pass) -> None:
    """Only where one locality's history tells of all that the answer rests on."""
    actor = work.actor
    places = {actor.account_locality_id, *(grant.locality_id for grant in actor.grants)}
    is_simple = places == {given.locality_id} and not any(grant.covers_below for grant in actor.grants)
    if is_simple and actor.session_id is not None and "authorization" not in request.headers:
        cookie = request.headers.get("cookie", "").encode("latin-1")
        PASSES.put(_pass_key(request.scope, cookie), given)


def _pass_key(scope: Scope, cookie: bytes) -> str:
    asked = (cookie, scope["scheme"], scope["path"], scope["query_string"])
    return hashlib.sha256(repr(asked).encode()).hexdigest()


def _end_of(work: Work) -> float:
    """When the answer may change without an event: at the session's end, or with the next day in Vietnam."""
    midnight = datetime.combine(work.today + timedelta(days=1), clock(), VIETNAM).astimezone(UTC)
    return min(work.actor.session_until or work.now, midnight).timestamp()
