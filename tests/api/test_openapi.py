"""/openapi.json tells a program everything it needs to call the API."""

from collections.abc import Iterator
from typing import Any

import pytest

# They say what a schema is called or means, not what it takes.
WORDS_ABOUT = {"title", "description", "default", "examples"}


@pytest.fixture(scope="module")
def described(service):
    from starlette.testclient import TestClient

    return TestClient(service).get("/openapi.json").json()


@pytest.fixture(scope="module")
def operations(described):
    """(label, operation) of everything the API does."""
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_has_an_id_of_its_own_and_a_summary(operations):
    ids = [operation["operationId"] for _, operation in operations]
    assert len(ids) == len(set(ids)) > 60
    assert all(name.isidentifier() and name.islower() for name in ids)
    assert [label for label, operation in operations if not operation.get("summary")] == []


def test_every_operation_answers_errors_with_problem_documents(operations):
    for label, operation in operations:
        for status in ("4XX", "5XX"):
            content = operation["responses"][status]["content"]
            assert set(content) == {"application/problem+json"}, f"{label} {status}"
        assert "422" not in operation["responses"], f"{label} describes FastAPI's own error"


def test_every_operation_says_what_it_answers(operations):
    """With a schema, or a file, or nothing at all."""
    silent = [
        f"{label} {status}"
        for label, operation in operations
        for status, answer in operation["responses"].items()
        if status.startswith("2") and status != "204" and not answer.get("content")
    ]
    assert silent == []


def test_who_may_call_is_described(described):
    assert set(described["components"]["securitySchemes"]) == {"token", "session"}
    assert described["security"] == [{"token": []}, {"session": []}]


def test_no_schema_is_empty(described):
    empty = [place for place, schema in _schemas(described, "#") if not schema.keys() - WORDS_ABOUT]
    assert empty == []


def test_every_reference_leads_to_a_schema(described):
    known = {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}
    used = {schema["$ref"] for _, schema in _schemas(described, "#") if "$ref" in schema}
    assert used <= known


def _schemas(node: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where, schema) of every schema beneath `node`: bodies, answers, parameters and each one's parts."""
    if isinstance(node, list):
        for number, part in enumerate(node):
            yield from _schemas(part, f"{place}/{number}")
    elif isinstance(node, dict):
        for name, part in node.items():
            if name in {"schema", "items"} and isinstance(part, dict):
                yield f"{place}/{name}", part
            elif name in {"schemas", "properties"} and isinstance(part, dict):
                yield from ((f"{place}/{name}/{key}", one) for key, one in part.items())
            elif name == "anyOf":
                yield from ((f"{place}/{name}/{key}", one) for key, one in enumerate(part))
            yield from _schemas(part, f"{place}/{name}")
