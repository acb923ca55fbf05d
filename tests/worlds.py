"""The whole service over the world of tests/access, on either engine, for tests that ask many routes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.settings import Settings
from tests.access.world import make_world
from tests.databases import Run, postgresql_copy, postgresql_or_skip, sqlite_copy
from tests.people import open_session


@dataclass(frozen=True)
class World:
    """`keys`: the value of every path parameter by name."""

    app: Starlette
    database: Database
    keys: dict[str, str]

    def client(self, person: str) -> TestClient:
        cookies = {"tiendo_session": open_session(self.database, person)}
        return TestClient(self.app, cookies=cookies, follow_redirects=False, raise_server_exceptions=False)


@contextmanager
def open_world(run: Run, folder: Path, engine: str) -> Iterator[World]:
    if engine == "postgresql":
        postgresql_or_skip(run)
    with postgresql_copy(run) if engine == "postgresql" else sqlite_copy(run) as url:
        app = create_app(Settings(data_dir=folder, database_url=url, jobs="elsewhere"))
        database = app.state.house.database
        with database.write_session() as session:
            keys = make_world(session)
        yield World(app, database, keys)
        database.dispose()


def operations(app: Starlette) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, its OpenAPI operation) of every route of both surfaces."""
    for mount in app.routes:
        if isinstance(mount, Mount) and hasattr(mount.app, "routes"):
            described = get_openapi(title="Tiến Độ", version="1", routes=mount.app.routes)
            for path, methods in described["paths"].items():
                for method, operation in methods.items():
                    yield method.upper(), mount.path + path, operation
