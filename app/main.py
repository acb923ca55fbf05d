"""create_app: the one place where the surfaces meet."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import anyio.to_thread
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from modern_csrf.asgi import BlockCrossOriginRequests
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from servestatic import ServeStaticASGI
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware

from app import __version__
from app.api.surface import create_api, describe
from app.database import Database
from app.entry import House
from app.jobs.launching import Jobs
from app.logs import is_secret_address, log_as_json
from app.outside.programs import programs
from app.settings import MAX_UPLOAD_BYTES, Settings, get_settings
from app.web.kept import KeptFirst
from app.web.rendering import STATIC_FILES, STATIC_PREFIX
from app.web.surface import create_web

FORM_OVERHEAD = 64 * 1024
YEAR = 365 * 24 * 3600
_CROSS_ORIGIN = {
    "type": "urn:tiendo:problem:cross_origin",
    "title": "Không được phép",
    "status": 403,
    "detail": "Yêu cầu đến từ một trang khác nên bị từ chối. Mở lại trang Tiến Độ rồi thao tác tại đó.",
    "code": "cross_origin",
}
# Typed Any: asgiref's own ASGI types know nothing of Starlette's.
_REFUSE_CROSS_ORIGIN: Any = JSONResponse(_CROSS_ORIGIN, 403)


def create_app(settings: Settings | None = None) -> Starlette:
    """The service: /api/v1 and / as TIENDO_SERVE asks, health beside them, safety around them."""
    settings = settings or get_settings()
    log_as_json()
    house = House(Database(settings.url, pool_size=settings.pool_size), settings)
    routes: list[Route | Mount] = [
        Route("/healthz", _alive(house)),
        Route("/readyz", _ready(house)),
    ]
    if settings.serve in {"all", "api"}:
        api = create_api(house)
        routes += [Route("/openapi.json", _openapi(api)), Mount("/api/v1", api)]
    if settings.serve in {"all", "web"}:
        static = ServeStaticASGI(
            None, STATIC_FILES, prefix=STATIC_PREFIX, allow_all_origins=False, immutable_file_test=_is_hashed
        )
        routes += [Mount(STATIC_PREFIX.rstrip("/"), static), Mount("/", create_web(house))]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        jobs = Jobs(house.database, settings) if settings.jobs == "here" else None
        if jobs:
            jobs.start()
        # What was loaded by now lives as long as the process; the collector need not walk it again and again.
        gc.collect()
        gc.freeze()
        yield
        if jobs:
            await anyio.to_thread.run_sync(jobs.stop)
        house.database.dispose()

    app = Starlette(routes=routes, lifespan=lifespan, middleware=_middleware(house))
    app.state.house = house
    return app


def _middleware(house: House) -> list[Middleware]:
    return [
        Middleware(HeadersMiddleware, secure=_headers()),
        Middleware(CompressMiddleware),
        Middleware(RequestBodyLimitMiddleware, max_body_size=MAX_UPLOAD_BYTES + FORM_OVERHEAD),
        Middleware(BlockCrossOriginRequests, reject_handler=_REFUSE_CROSS_ORIGIN),
        Middleware(KeptFirst, house=house),
    ]


def _headers() -> Secure:
    policy = (
        ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'")
        .connect_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'")
    )
    return Secure(
        csp=policy,
        hsts=StrictTransportSecurity().max_age(YEAR),
        referrer=ReferrerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        coop=CrossOriginOpenerPolicy().same_origin(),
    )


class HeadersMiddleware:
    """Gives each request an id, in `request.state.request_id` and the X-Request-ID header, and every answer the
    security headers. They are the same for all answers, so they are encoded once: secure's own middleware
    does that for each. Only a page whose address is a secret tells no other page where one came from. (It names the
    site: under `no-referrer` a browser says `Origin: null` of the page's own form, which is then refused.)"""

    def __init__(self, app: ASGIApp, secure: Secure) -> None:
        self.app = app
        self.always = [(name.lower().encode(), value.encode()) for name, value in secure.headers.items()]
        self.names = frozenset(name for name, _ in self.always)
        self.of_secrets = [
            (name, b"strict-origin" if name == b"referrer-policy" else value) for name, value in self.always
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = uuid4().hex
        scope.setdefault("state", {})["request_id"] = given

        always = self.of_secrets if is_secret_address(scope["path"]) else self.always

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [pair for pair in message["headers"] if pair[0].lower() not in self.names]
                message["headers"] = [*own, *always, (b"x-request-id", given.encode())]
            await send(message)

        await self.app(scope, receive, with_headers)


def _is_hashed(path: str, url: str) -> bool:
    return True  # every name in app/static/vendor carries its content's hash (scripts/vendor.py)


def _alive(house: House) -> Callable[[Request], Awaitable[Response]]:
    async def alive(request: Request) -> Response:
        """The process answers, and which programs of the machine it found; says nothing of the database."""
        found = await house.in_thread(programs)
        return JSONResponse({"status": "ok", "version": __version__, "programs": found})

    return alive


def _ready(house: House) -> Callable[[Request], Response]:
    def ready(request: Request) -> Response:
        """The database answers and has its tables: 200, else 503."""
        try:
            with house.database.read_session() as session:
                revision = session.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is "not ready"
            return JSONResponse({"status": "unavailable", "error": type(error).__name__}, 503)
        engine = "sqlite" if house.database.is_sqlite else "postgresql"
        return JSONResponse({"status": "ready", "database": engine, "revision": revision})

    return ready


def _openapi(api: FastAPI) -> Callable[[Request], Response]:
    described: list[dict[str, Any]] = []

    def openapi(request: Request) -> Response:
        if not described:
            described.append(describe(api))
        return JSONResponse(described[0])

    return openapi
