"""Requests made up from the OpenAPI description: none may bring a 5xx, none may answer outside it."""

from datetime import UTC, datetime

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select

from app.database import Database
from app.main import create_app
from app.models import Account, ApiToken
from app.services.signing_in import hash_secret
from app.settings import Settings
from tests.access.world import make_world
from tests.databases import sqlite_copy

TOKEN = "td_thu-nghiem"


@pytest.fixture(scope="module")
def described(test_run, tmp_path_factory):
    """The API over one filled database, asked with an office token."""
    folder = tmp_path_factory.mktemp("generated")
    with sqlite_copy(test_run, folder) as url:
        database = Database(url)
        with database.write_session() as session:
            make_world(session)
            office = session.scalars(select(Account).where(Account.login == "office@here")).one()
            session.add(
                ApiToken(
                    locality_id=office.locality_id,
                    account_id=office.id,
                    name="thử",
                    secret_hash=hash_secret(TOKEN),
                    created_at=datetime.now(UTC),
                )
            )
            session.commit()
        database.dispose()
        app = create_app(Settings(data_dir=folder, database_url=url))
        yield schemathesis.openapi.from_asgi("/openapi.json", app)
        app.state.house.database.dispose()


CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


def test_no_generated_request_brings_a_server_error(described):
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 60
    for operation in operations:
        _ask(operation)


def _ask(operation):
    @given(case=operation.as_strategy())
    @settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case):
        case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"}, checks=CHECKS)

    ask()
