"""Text no database can keep (NUL, half a surrogate pair), wherever a request may bring it."""

import pytest

from tests.access.asking import FORM
from tests.conftest import ENGINES
from tests.worlds import open_world, operations

NUL = "tổ\0dân"
LEAVING = "/dang-xuat"  # would end the session the others are asked with


@pytest.fixture(scope="module", params=ENGINES)
def world(request, test_run, tmp_path_factory):
    with open_world(test_run, tmp_path_factory.mktemp("unkeepable"), request.param) as made:
        yield made


@pytest.fixture
def office(world):
    with world.client("office@here") as client:
        yield client


def free_text_parameters(world):
    """(path, name) of every query parameter that takes any text, of every GET route."""
    for method, path, operation in operations(world.app):
        for parameter in operation.get("parameters", []):
            schemas = parameter["schema"].get("anyOf", [parameter["schema"]])
            if method == "GET" and parameter["in"] == "query" and any(map(_takes_any_text, schemas)):
                yield path.format(**world.keys), parameter["name"]


def _takes_any_text(schema):
    return schema.get("type") == "string" and not schema.keys() & {"format", "pattern", "enum"}


def test_nul_in_any_query_parameter_is_refused(world, office):
    asked = list(free_text_parameters(world))
    assert len(asked) > 40
    answers = {f"{path} {name}": office.get(path, params={name: NUL}) for path, name in asked}
    assert {place: answer.status_code for place, answer in answers.items() if answer.status_code != 422} == {}


def test_the_api_names_the_parameter_with_nul(office):
    answer = office.get("/api/v1/search", params={"q": NUL})
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert (said["code"], said["errors"][0]["pointer"]) == ("invalid", "/q")


def test_a_page_says_what_to_do_about_nul(office):
    answer = office.get("/tim", params={"q": NUL})
    assert answer.status_code == 422
    assert "Hãy xóa ký tự đó" in answer.text


def test_nul_in_the_path_is_nothing_anybody_knows(office):
    assert office.get("/api/v1/units/%00").status_code in {404, 422}
    assert office.get("/don-vi/%00").status_code in {404, 422}


@pytest.mark.parametrize("bytes_sent", ["%ED%A0%80", "%FF", "%C3%28", "%F0%9F%98"])
def test_bytes_that_are_no_text_end_in_no_server_error(world, office, bytes_sent):
    answers = {path: office.get(f"{path}?{name}={bytes_sent}") for path, name in free_text_parameters(world)}
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code >= 500} == {}


def test_half_a_surrogate_pair_in_json_is_refused(world, office):
    body = b'{"text": "a \\ud800 b"}'
    path = "/api/v1/assignments/{assignment_id}/remarks".format(**world.keys)
    answer = office.post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422


@pytest.mark.parametrize("fields", [["login"], ["_key"], list(FORM)], ids=["login", "_key", "every field"])
def test_nul_in_a_form_ends_in_no_server_error(world, office, fields):
    """The answer to a form that cannot be taken is a page; what it says is the matter of that form's tests."""
    typed = FORM | dict.fromkeys(fields, NUL)
    forms = [path for method, path, _ in operations(world.app) if method == "POST" and "/api/" not in path]
    answers = {path: office.post(path.format(**world.keys), data=typed) for path in forms if path != LEAVING}
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code >= 500} == {}
