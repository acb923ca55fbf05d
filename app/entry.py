"""From a request to a Work: one transaction per request, committed before the answer leaves.

The route and all its queries run in one worker thread; AnsweredRoute commits when the route has answered and
before the answer is sent. Committing waits for the disk, so it runs in a thread too, under a limiter of its own:
the ordinary worker threads may all be waiting for the very connection that is about to be released.

A repeated POST (Idempotency-Key header, or the `_key` field of a form) gets the answer of the first one.
"""

import hashlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Depends, FastAPI, Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.database import Database
from app.errors import BrokenPromise, Invalid, NotFound, NotSignedIn
from app.models import KeptAnswer
from app.models.base import columns
from app.permissions import NOBODY, Actor, Permission
from app.services.signing_in import find_actor_by_cookie, find_actor_by_token
from app.services.typed import UNKEEPABLE
from app.settings import Settings
from app.text import is_keepable
from app.work import Work

READING = frozenset({"GET", "HEAD", "OPTIONS"})
KEEP_ANSWERS = timedelta(days=2)
COOKIE = "tiendo_session"
DEVICE_COOKIE = "tiendo_device"
ONLY_ITS_FORM = (
    "Liên kết báo cáo chỉ mở được phiếu của đơn vị trong kỳ. Về phiếu báo cáo, hoặc đăng nhập bằng tài khoản."
)

T = TypeVar("T")
kept_answers = columns(KeptAnswer)


@dataclass(slots=True)
class House:
    """What the whole process shares; hangs on `app.state.house` of both surfaces."""

    database: Database
    settings: Settings
    finishing: CapacityLimiter | None = None
    looking: CapacityLimiter | None = None

    async def in_thread(self, call: Callable[[], T]) -> T:
        if self.finishing is None:
            self.finishing = CapacityLimiter(16)
        return await anyio.to_thread.run_sync(call, limiter=self.finishing)

    async def look(self, call: Callable[[], T]) -> T:
        """For looking into a file, which takes a core for a second or two: two at once, the others wait."""
        if self.looking is None:
            self.looking = CapacityLimiter(2)
        return await anyio.to_thread.run_sync(call, limiter=self.looking)


class Replayed(Exception):
    """This request was answered before; `answer` is what was said then."""

    def __init__(self, answer: Response) -> None:
        super().__init__("answered before")
        self.answer = answer


def house_of(request: Request) -> House:
    house: House = request.app.state.house
    return house


def cookie_name(request: Request, name: str) -> str:
    """`__Host-` over https; plain over http, where a browser would refuse to send it back."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def find_actor(request: Request) -> Callable[[Work], Actor]:
    """How to look the actor up, later and in the route's own thread: by bearer token, else by cookie."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    secret = request.cookies.get(cookie_name(request, COOKIE))

    def look_up(work: Work) -> Actor:
        if scheme:
            if scheme.lower() != "bearer":
                raise NotSignedIn("Chỉ nhận “Authorization: Bearer <mã truy cập>”.")
            return find_actor_by_token(work, token.strip())
        return find_actor_by_cookie(work, secret) if secret else NOBODY

    return look_up


def find_actor_of_route(request: Request) -> Callable[[Work], Actor]:
    """`find_actor`, for the route itself: what does not say `by_link` is not there for who came in with a link."""
    look_up = find_actor(request)
    if getattr(request.scope.get("endpoint"), "by_link", False):
        return look_up

    def refuse_visitors(work: Work) -> Actor:
        actor = look_up(work)
        if actor.link is not None:
            raise NotFound(ONLY_ITS_FORM)
        return actor

    return refuse_visitors


def new_work(request: Request, *, is_write: bool, actor: Callable[[Work], Actor] | None = None) -> Work:
    """A Work for this request; the caller finishes or abandons it and closes its session."""
    house = house_of(request)
    session = house.database.write_session() if is_write else house.database.read_session()
    return Work(session, house.settings, actor=actor or find_actor(request), is_write=is_write)


async def give_work(request: Request) -> Work:
    """The Work of an AnsweredRoute, which finishes and closes it. A plain function: as a generator FastAPI would
    wrap it in two context managers for each request."""
    if not hasattr(request.state, "work"):
        raise BrokenPromise(f"{request.url.path} takes a Work without being an AnsweredRoute")
    is_write, actor = request.method not in READING, find_actor_of_route(request)
    work = request.state.work = new_work(request, is_write=is_write, actor=actor)
    if work.is_write:
        request.state.repeat_key = key = await _repeat_key(request)
        if key is not None:
            await _replay_if_answered(request, key)
    return work


WorkGiven = Annotated[Work, Depends(give_work)]


Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def policy(*permissions: Permission, by_link: bool = False) -> Callable[[Endpoint], Endpoint]:
    """What a route is about: each permission must have been asked for when it answers (checked at run time).
    A route without a policy stops the start. `by_link`: also there for who came in with an access link."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.policy = frozenset(permissions)  # type: ignore[attr-defined]
        endpoint.by_link = by_link  # type: ignore[attr-defined]
        return endpoint

    return mark


def check_policies(app: FastAPI) -> None:
    """Refuse to start with a route nobody declared a policy for."""
    for route in iter_route_contexts(app.routes):
        if not hasattr(route.endpoint, "policy"):
            raise BrokenPromise(f"route {route.path} ({route.name}) has no policy")


class AnsweredRoute(APIRoute):
    """Finishes the Work of its request once the answer is made and before it leaves; abandons it otherwise."""

    keeps_answers = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        asked = frozenset(
            one.alias for one in get_flat_params(self.dependant) if isinstance(one.field_info, Query)
        )

        async def answered(request: Request) -> Response:
            request.state.work = None
            try:
                _refuse_unkeepable_address(request)
                _refuse_unknown_query(request, asked)
                return await _answer(request, handle, keeps=self.keeps_answers)
            finally:
                if request.state.work is not None:
                    request.state.work.session.close()

        return answered


class UnkeptRoute(AnsweredRoute):
    """For answers that show a secret: they are not kept for a repeated request. `answer_repeats` says what such a
    request is answered with."""

    keeps_answers = False


def answer_repeats(request: Request, answer: Response) -> None:
    """What this request is answered with when it comes a second time, where its own answer cannot be kept."""
    request.state.repeats_answered = answer


def _refuse_unkeepable_address(request: Request) -> None:
    """Any text of an address may be looked up in the database, and PostgreSQL refuses to compare with NUL. Other
    bytes that are no text were replaced when the address was decoded."""
    if "\0" in request.scope["path"]:
        raise NotFound
    asked: bytes = request.scope["query_string"]
    if b"%00" in asked or b"\0" in asked:
        names = [name for name, value in request.query_params.multi_items() if not is_keepable(name + value)]
        raise Invalid(UNKEEPABLE, errors=dict.fromkeys(filter(is_keepable, names), UNKEEPABLE))


def _refuse_unknown_query(request: Request, known: frozenset[str]) -> None:
    """A misspelt filter would answer something else. Only of programs: browsers are sent to pages with anything."""
    if not getattr(request.app.state, "is_api", False):
        return
    if unknown := sorted({name for name in request.query_params if name not in known}):
        names = ", ".join(sorted(known)) or "không có tham số nào"
        sentence = f"Không có tham số này. Địa chỉ này nhận: {names}."
        raise Invalid(
            f"Địa chỉ không nhận tham số “{unknown[0]}”. Xem lại tên.",
            errors=dict.fromkeys(unknown, sentence),
        )


async def _answer(
    request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]], *, keeps: bool
) -> Response:
    try:
        answer = await handle(request)
    except BaseException:
        work: Work | None = request.state.work
        if work is not None and work.is_write:
            await house_of(request).in_thread(work.abandon)
        raise
    work = request.state.work
    if work is not None:
        work.check_asked(_policy_of(request))
        if work.is_write:
            kept = answer if keeps else getattr(request.state, "repeats_answered", None)
            await _finish(request, work, kept)
    return answer


def _policy_of(request: Request) -> frozenset[Permission]:
    return getattr(request.scope.get("endpoint"), "policy", frozenset())


async def _finish(request: Request, work: Work, answer: Response | None) -> None:
    house, key = house_of(request), request.state.repeat_key
    try:
        await house.in_thread(lambda: _keep_and_commit(work, key, answer))
    except IntegrityError:
        await house.in_thread(work.abandon)
        if key is not None:
            await _replay_if_answered(request, key)  # two at once with one key: the first one's answer
        raise
    except BaseException:
        await house.in_thread(work.abandon)
        raise


def _keep_and_commit(work: Work, key: tuple[str, str] | None, answer: Response | None) -> None:
    if key and answer and work.actor.sender is not None and answer.status_code < 400:
        work.session.execute(delete(kept_answers).where(kept_answers.kept_at < work.now - KEEP_ANSWERS))
        shown = {k: v for k, v in answer.headers.items() if k in {"content-type", "location", "etag"}}
        work.add(
            KeptAnswer(
                sender=work.actor.sender,
                key=key[0],
                request_hash=key[1],
                status=answer.status_code,
                headers=shown,
                body=bytes(answer.body),
                kept_at=work.now,
            )
        )
    work.finish()


async def _repeat_key(request: Request) -> tuple[str, str] | None:
    """(the key, the hash of what was asked), when the sender gave a key. Of a form with files that were taken before
    (app/receiving.py), its key was too."""
    taken = hasattr(request.state, "form_key")
    header: str | None = None if taken else request.headers.get("idempotency-key")
    key: str | None = request.state.form_key if taken else header
    if key is None and request.headers.get("content-type", "").startswith(
        "application/x-www-form-urlencoded"
    ):
        typed = (await request.form()).get("_key")
        key = typed if isinstance(typed, str) and typed else None
    if key is None:
        return None
    if not 1 <= len(key) <= 100 or not is_keepable(key):
        raise Invalid.field("Idempotency-Key", "Khóa chống gửi trùng phải dài từ 1 đến 100 ký tự hiện được.")
    asked = hashlib.sha256(f"{request.method} {request.url.path}\n".encode())
    if header is not None:
        asked.update(await request.body())
    return key, asked.hexdigest()


async def _replay_if_answered(request: Request, key: tuple[str, str]) -> None:
    """Raise Replayed when the key was used: looked up on a connection of its own, given back at once."""
    house = house_of(request)

    def look_up() -> KeptAnswer | None:
        with house.database.read_session() as session:
            work = Work(session, house.settings, actor=find_actor(request), is_write=False)
            if work.actor.sender is None:
                return None
            return session.get(KeptAnswer, (work.actor.sender, key[0]))

    kept = await house.in_thread(look_up)
    if kept is None:
        return
    if kept.request_hash != key[1]:
        raise Invalid(
            "Khóa chống gửi trùng này đã dùng cho một yêu cầu khác. Hãy tạo khóa mới.", code="key_reused"
        )
    raise Replayed(_as_response(kept))


def _as_response(kept: KeptAnswer) -> Response:
    headers: dict[str, Any] = {**kept.headers, "Idempotency-Replayed": "true"}
    return Response(kept.body, status_code=kept.status, headers=headers)
