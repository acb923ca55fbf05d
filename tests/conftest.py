"""What every test may ask for: a migrated database on each engine, a browser, a running server."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.databases import (
    Run,
    begin_run,
    kept_database,
    postgresql_copy,
    postgresql_or_skip,
    sqlite_copy,
)
from tests.servers import Server, demo_server

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from app.database import Database
    from app.permissions import Actor
    from app.settings import Settings
    from app.work import Work
    from tests.people import Cast

ENGINES = ["sqlite", "postgresql"]
RUN = pytest.StashKey[Run]()


def pytest_configure(config: pytest.Config) -> None:
    # A developer's own settings must not reach the tests: they could name a real database.
    for name in [name for name in os.environ if name.startswith("TIENDO_") and "REQUIRE" not in name]:
        del os.environ[name]
    worker_input: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker_input is None:
        config.stash[RUN] = begin_run()
    else:
        config.stash[RUN] = Run(Path(worker_input["tiendo_run"]))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["tiendo_run"] = str(node.config.stash[RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and RUN in config.stash:
        config.stash[RUN].end()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a file by its argument: its bytes may hold the second they were made, and each worker makes its own."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def test_run(pytestconfig: pytest.Config) -> Run:
    return pytestconfig.stash[RUN]


@pytest.fixture
def sqlite_url(test_run: Run) -> Iterator[str]:
    """A migrated SQLite database of this test's own, for tests that the engine cannot matter to."""
    with sqlite_copy(test_run) as url:
        yield url


@pytest.fixture
def postgresql_url(test_run: Run) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    postgresql_or_skip(test_run)
    with postgresql_copy(test_run) as url:
        yield url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own; the test runs once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, test_run: Run, tmp_path: Path) -> Iterator[str]:
    """A database without any table, for tests of the migrations; once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    postgresql_or_skip(test_run)
    with postgresql_copy(test_run, template="template0") as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator["Database"]:
    """An open, migrated database; the test runs once on each engine."""
    database = kept_database(database_url)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def live_server(test_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`tiendo serve` on a free loopback port with the demo's data, shared by all tests of a worker."""
    with demo_server(test_run, tmp_path_factory.mktemp("demo")) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> "Settings":
    from app.settings import Settings

    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def cast(database: "Database") -> "Cast":
    """Two communes with their people, committed."""
    from tests.people import cast_again

    with database.write_session() as session:
        made = cast_again(session)
        session.commit()
        return made


@pytest.fixture
def stage(database: "Database") -> Iterator[Any]:
    """A session for factories: what it inserted is committed when the test calls `stage.commit()`."""
    with database.write_session() as session:
        yield session


@pytest.fixture
def working(database: "Database", settings: "Settings") -> "Callable[..., AbstractContextManager[Work]]":
    """`with working(cast.an) as work:` runs services as one transaction of that person, at tests.people.NOW."""
    from app.work import open_work
    from tests.people import NOW

    def opened(actor: "Actor", now: datetime = NOW) -> "AbstractContextManager[Work]":
        return open_work(database, settings, actor=actor, now=now)

    return opened


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> "Starlette":
    """The app, built once: its two hundred routes take longer to set up than most tests run."""
    from app.main import create_app
    from app.settings import Settings

    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("service")))
    app.state.house.database.dispose()
    return app


@pytest.fixture
def client(
    service: "Starlette",
    database: "Database",
    settings: "Settings",
    cast: "Cast",
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> "Iterator[Callable[..., TestClient]]":
    """`client("binh")`: the app over this test's database, with that person signed in; `client(None)`: nobody."""
    from starlette.testclient import TestClient

    from tests.people import open_session

    opened: list[TestClient] = []
    house = service.state.house
    house.database, house.settings, house.finishing = database, settings, None
    house.looking = None
    # As after a start: what an earlier test kept is not shown, though its cast has the same keys.
    monkeypatch.setattr("app.web.kept.STARTED", tmp_path.name)

    def signed_in(login: str | None) -> TestClient:
        cookies = {"tiendo_session": open_session(database, login)} if login else {}
        opened.append(
            TestClient(service, cookies=cookies, follow_redirects=False, raise_server_exceptions=False)
        )
        return opened[-1]

    yield signed_in
    for one in opened:
        one.close()
