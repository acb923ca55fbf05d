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

from app.models import Account, ApiToken
from app.services.signing_in import hash_secret
from tests.conftest import ENGINES
from tests.worlds import open_world

# A piece of an upload is bytes (tus 1.0).
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

TOKEN = "td_thu-nghiem"
# PostgreSQL refuses text that SQLite takes; fewer requests are enough to see that none slips through.
EXAMPLES = {"sqlite": 6, "postgresql": 3}


@pytest.fixture(scope="module", params=ENGINES)
def described(request, test_run, tmp_path_factory):
    """The API over one filled database, asked with an office token; and how often to ask each operation."""
    with open_world(test_run, tmp_path_factory.mktemp("generated"), request.param) as world:
        with world.database.write_session() as session:
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
        yield schemathesis.openapi.from_asgi("/openapi.json", world.app), EXAMPLES[request.param]


CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]


def test_no_generated_request_brings_a_server_error(described):
    api, examples = described
    operations = [found.ok() for found in api.get_all_operations()]
    assert len(operations) > 60
    for operation in operations:
        _ask(operation, examples)


def _ask(operation, examples):
    @given(case=operation.as_strategy())
    @settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def ask(case):
        case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"}, checks=CHECKS)

    ask()
