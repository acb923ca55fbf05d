"""Around both surfaces: health, safety headers, what each process serves."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from app.database import Database
from app.main import create_app
from app.models import Task, UnitGroupMember
from app.models.base import new_id
from tests.factories import LONG_AGO, add_group, add_plan


@pytest.mark.parametrize("address", ["/dang-nhap", "/api/v1/plans", "/healthz"])
def test_every_answer_carries_the_safety_headers(client, address):
    headers = client(None).get(address).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-request-id"]


def test_no_template_needs_what_the_policy_forbids():
    from app.web.rendering import TEMPLATES

    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text("utf-8")
        assert "style=" not in text, template
        assert "<style" not in text, template
        assert "onclick" not in text, template
        assert "hx-on" not in text, template


def test_health_says_which_engine_and_revision(client, database):
    ready = client(None).get("/readyz").json()
    assert ready["database"] == ("sqlite" if database.is_sqlite else "postgresql")
    assert ready["revision"]
    assert client(None).get("/healthz").json()["status"] == "ok"


def test_a_database_without_tables_is_not_ready(empty_database_url, settings):
    app = create_app(settings.model_copy(update={"database_url": empty_database_url}))
    with TestClient(app) as http:
        assert http.get("/readyz").status_code == 503
        assert http.get("/healthz").status_code == 200


@pytest.mark.parametrize(("serve", "page", "api"), [("all", 200, 401), ("web", 200, 404), ("api", 404, 401)])
def test_a_process_serves_what_it_was_asked_to(sqlite_url, settings, serve, page, api):
    app = create_app(settings.model_copy(update={"database_url": sqlite_url, "serve": serve}))
    with TestClient(app) as http:
        assert http.get("/dang-nhap").status_code == page
        assert http.get("/api/v1/plans").status_code == api


def test_a_post_from_another_site_is_refused(client):
    answer = client("an").post("/dang-xuat", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "cross_origin"


def test_over_https_the_cookie_is_bound_to_the_host(client, cast):
    from tests.people import PASSWORD

    http = client(None)
    http.base_url = "https://testserver"
    answer = http.post("/dang-nhap", data={"login": "an", "password": PASSWORD})
    cookies = answer.headers.get_list("set-cookie")
    assert any(c.startswith("__Host-tiendo_session=") and "Secure" in c and "HttpOnly" in c for c in cookies)


def test_no_row_can_point_into_another_commune(stage, cast):
    plan = add_plan(stage, cast.commune)
    stage.commit()
    elsewhere = {
        "id": new_id(),
        "locality_id": cast.other_commune.id,
        "plan_id": plan.id,
        "ordinal": 1,
        "code": "NV-001",
        "title": "x",
        "text": "x",
        "kind": "standing",
        "folded": "x",
        "created_at": LONG_AGO,
        "version": 1,
    }
    with pytest.raises(IntegrityError):
        stage.execute(insert(Task).values(**elsewhere))


def test_no_group_can_hold_a_unit_of_another_commune(stage, cast):
    group = add_group(stage, cast.commune, "NHOM", "Các chi bộ", [])
    stage.commit()
    member = UnitGroupMember(
        locality_id=cast.commune.id,
        group_id=group.id,
        unit_id=cast.other_unit.id,
        valid_from=LONG_AGO.date(),
    )
    stage.add(member)
    with pytest.raises(IntegrityError):
        stage.flush()


def test_ten_wrong_tries_pause_signing_in_but_not_the_owners_device(client, cast):
    from tests.people import PASSWORD

    owner, stranger = client(None), client(None)
    assert owner.post("/dang-nhap", data={"login": "an", "password": PASSWORD}).status_code == 303
    owner.post("/dang-xuat")
    answers = [stranger.post("/dang-nhap", data={"login": "an", "password": "sai"}) for _ in range(11)]
    assert [a.status_code for a in answers] == [422] * 10 + [429]
    assert owner.post("/dang-nhap", data={"login": "an", "password": PASSWORD}).status_code == 303


def test_known_and_unknown_names_get_the_same_answer(client, cast):
    texts = {
        client(None)
        .post("/dang-nhap", data={"login": login, "password": "sai"})
        .text.replace(f'value="{login}"', "")
        for login in ("an", "khong-co-ai")
    }
    assert len({len(text) for text in texts}) == 1


def test_the_database_refuses_an_old_sqlite(monkeypatch, tmp_path):
    monkeypatch.setattr("app.database.pysqlite3.sqlite_version_info", (3, 40, 1))
    with pytest.raises(RuntimeError, match=r"3\.51\.3"):
        Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
