"""Builds the JSON app: every router found in this package, problem documents, the OpenAPI description."""

import importlib
import pkgutil
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

import app.api
from app import __version__
from app.api.problems import PROBLEM, add_problem_handlers
from app.api.replies import Problem
from app.entry import House, check_policies

DESCRIPTION = """Boards, reports and indicators of the plans a Vietnamese commune carries out.

Sign in with `Authorization: Bearer <token>` (make one with `tiendo token add` or on the page /ma-truy-cap).
Lists are `{items, next}`: pass `next` back as `cursor`. Decimals are strings with a point. Writes to what exists
take `If-Match` with the ETag last read; any POST takes `Idempotency-Key`. Errors are RFC 9457 problem documents.
"""
ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "A problem document", "content": PROBLEM},
    "5XX": {"description": "A problem document", "content": PROBLEM},
}


def create_api(house: House) -> FastAPI:
    api = FastAPI(
        title="Tiến Độ",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        responses=ERRORS,
    )
    api.state.house, api.state.is_api = house, True
    for router in _routers():
        api.include_router(router)
    add_problem_handlers(api)
    check_policies(api)
    return api


def describe(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, served at /openapi.json beside both surfaces."""
    described = get_openapi(
        title=api.title,
        version=api.version,
        description=api.description,
        routes=api.routes,
        servers=[{"url": "/api/v1"}],
    )
    schemas = described.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    described["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "tiendo_session"},
    }
    described["security"] = [{"token": []}, {"session": []}]
    return described


def _routers() -> list[APIRouter]:
    names = sorted(found.name for found in pkgutil.iter_modules(app.api.__path__))
    modules = [importlib.import_module(f"app.api.{name}") for name in names if name != "surface"]
    return [module.router for module in modules if hasattr(module, "router")]
