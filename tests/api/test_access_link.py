"""/api/v1/access-links as another system meets it."""

import pytest

from app.api.access_link import AccessLinkMadeOut, AccessLinkOut
from tests.factories import add_period

ADDRESS = "/api/v1/access-links"


@pytest.fixture
def body(stage, cast):
    period = add_period(stage, cast.commune)
    stage.commit()
    return {"unit": str(cast.village_cell.id), "period": period.label}


def test_the_secret_is_in_the_answer_that_made_it_and_in_no_other(client, body):
    office = client("an")
    made = office.post(ADDRESS, json=body, headers={"Idempotency-Key": "a"})
    assert made.status_code == 201
    out = AccessLinkMadeOut.model_validate_json(made.content)
    assert out.address == f"http://testserver/l/{out.secret}"
    assert (out.standing, out.allowed_actions) == ("unused", ["renew", "revoke"])
    assert made.headers["cache-control"] == "no-store"
    again = office.post(ADDRESS, json=body, headers={"Idempotency-Key": "a"})
    assert (again.status_code, again.json()["code"]) == (409, "link_in_use")
    read = office.get(made.headers["location"])
    assert AccessLinkOut.model_validate_json(read.content).id == out.id
    assert out.secret not in read.text + office.get(ADDRESS).text


def test_renewing_and_revoking(client, body):
    office = client("an")
    here = office.post(ADDRESS, json=body).headers["location"]
    renewed = office.post(f"{here}/renewals")
    assert renewed.status_code == 201
    new = renewed.headers["location"]
    assert new != here
    assert office.get(here).json()["standing"] == "revoked"
    revoked = office.post(f"{new}/revocations")
    assert (revoked.status_code, revoked.json()["standing"], revoked.json()["allowed_actions"]) == (
        201,
        "revoked",
        ["renew"],
    )


def test_the_list_goes_on_where_it_stopped(client, cast, body):
    office = client("an")
    first = office.post(ADDRESS, json=body).json()["id"]
    other = office.post(ADDRESS, json=body | {"unit": str(cast.school_cell.id)}).json()["id"]
    page = office.get(ADDRESS, params={"limit": 1}).json()
    assert [item["id"] for item in page["items"]] == [other]
    page = office.get(ADDRESS, params={"limit": 1, "cursor": page["next"]}).json()
    assert ([item["id"] for item in page["items"]], page["next"]) == ([first], None)
    assert len(office.get(ADDRESS, params={"unit": body["unit"]}).json()["items"]) == 1


def test_others_neither_make_nor_see_links(client, body):
    client("an").post(ADDRESS, json=body)
    for login in ("hoa", "chi", "quan"):
        assert client(login).post(ADDRESS, json=body).status_code == 403
        assert client(login).get(ADDRESS).json()["items"] == []
    assert client("dung").post(ADDRESS, json=body).status_code == 404
