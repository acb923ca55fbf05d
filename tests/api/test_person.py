"""/api/v1/people, /me and /tokens."""

import pytest

from app.api.me import MeOut
from app.api.person import PersonOut, PersonPage
from app.api.token import NewTokenOut, TokenList
from tests.people import PASSWORD

MAI = {"login": "mai", "name": "Lý Thị Mai", "password": PASSWORD, "role": "leader"}


def test_administrator_adds_changes_and_disables(client, cast):
    admin = client("quan")
    added = admin.post("/api/v1/people", json=MAI)
    assert added.status_code == 201
    assert PersonOut.model_validate(added.json()).roles[0].role == "leader"
    assert PASSWORD not in added.text
    address = added.headers["Location"]
    changed = admin.patch(address, json={"post": "Phó Bí thư"}, headers={"If-Match": '"1"'})
    assert changed.json()["post"] == "Phó Bí thư"
    office = {"role": "unit", "unit": str(cast.school_cell.id)}
    roles = admin.post(f"{address}/roles", json=office).json()["roles"]
    assert [r["unit_name"] for r in roles] == [None, cast.school_cell.name]
    left = admin.delete(f"{address}/roles/{roles[0]['id']}").json()["roles"]
    assert [r["role"] for r in left] == ["unit"]
    assert admin.post(f"{address}/passwords", json={"password": "mat-khau-khac-1"}).status_code == 201
    version = admin.get(address).headers["ETag"]
    off = admin.post(f"{address}/disablements", json={}, headers={"If-Match": version})
    assert off.json()["state"] == "disabled"
    on = admin.post(f"{address}/enablements", json={}, headers={"If-Match": off.headers["ETag"]})
    assert on.json()["state"] == "active"


def test_office_reads_people(client):
    page = PersonPage.model_validate(client("an").get("/api/v1/people", params={"role": "unit"}).json())
    assert {p.login for p in page.items} == {"binh", "hoa"}
    assert page.items[0].allowed_actions == []


def test_me_says_who_asks_and_what_may_be_done_where(client, cast):
    me = MeOut.model_validate(client("binh").get("/api/v1/me").json())
    assert (me.login, me.home, me.roles[0].unit, me.session) == (
        "binh",
        cast.commune.id,
        cast.school_cell.id,
        True,
    )
    assert client(None).get("/api/v1/me").status_code == 401


def test_own_password_is_changed_in_a_session(client):
    mine = client("binh")
    wrong = {"current_password": "khong-phai", "password": "mat-khau-khac-1"}
    assert mine.post("/api/v1/me/passwords", json=wrong).status_code == 422
    right = wrong | {"current_password": PASSWORD}
    assert mine.post("/api/v1/me/passwords", json=right).status_code == 204
    assert mine.get("/api/v1/me").status_code == 200


def test_token_is_made_used_listed_and_revoked(client):
    owner, machine = client("an"), client(None)
    made = owner.post("/api/v1/tokens", json={"name": "Đồng bộ"}, headers={"Idempotency-Key": "lan-1"})
    new = NewTokenOut.model_validate(made.json())
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    bearer = {"Authorization": f"Bearer {new.secret}"}
    me = machine.get("/api/v1/me", headers=bearer).json()
    assert (me["login"], me["session"]) == ("an", False)
    listed = owner.get("/api/v1/tokens")
    assert TokenList.model_validate(listed.json()).items[0].name == "Đồng bộ"
    assert new.secret not in listed.text
    assert owner.delete(f"/api/v1/tokens/{new.id}").status_code == 204
    assert machine.get("/api/v1/me", headers=bearer).status_code == 401


def test_secret_of_a_token_is_not_kept_for_a_repeated_request(client, database):
    from app.models import KeptAnswer

    client("an").post("/api/v1/tokens", json={"name": "x"}, headers={"Idempotency-Key": "k"})
    with database.read_session() as session:
        assert session.query(KeptAnswer).count() == 0


@pytest.mark.parametrize("who", ["binh", "chi", "dung", "giang"])
def test_people_are_not_for_everybody(client, cast, who):
    assert client(who).get(f"/api/v1/people/{cast.quan.account_id}").status_code == 404
    logins = [p["login"] for p in client(who).get("/api/v1/people").json()["items"]]
    assert "quan" not in logins


def test_nobody_but_the_administrator_manages_people(client, cast):
    assert client("an").post("/api/v1/people", json=MAI).status_code == 403
    assert client(None).post("/api/v1/people", json=MAI).status_code == 401
    elsewhere = MAI | {"locality": str(cast.other_commune.id)}
    assert client("quan").post("/api/v1/people", json=elsewhere).status_code == 404


def test_short_password_is_refused_without_being_repeated(client):
    answer = client("quan").post("/api/v1/people", json=MAI | {"password": "ngan-qua"})
    assert answer.status_code == 422
    assert "ngan-qua" not in answer.text
