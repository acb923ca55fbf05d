"""Builds the HTML app: every router found in this package, and errors as pages."""

import importlib
import pkgutil

from fastapi import APIRouter, FastAPI

import app.web
from app.entry import House, check_policies
from app.web.refusals import add_page_handlers


def create_web(house: House) -> FastAPI:
    web = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    web.state.house = house
    for router in _routers():
        web.include_router(router)
    add_page_handlers(web)
    check_policies(web)
    return web


def _routers() -> list[APIRouter]:
    names = sorted(found.name for found in pkgutil.iter_modules(app.web.__path__))
    modules = [importlib.import_module(f"app.web.{name}") for name in names if name != "surface"]
    return [module.router for module in modules if hasattr(module, "router")]
