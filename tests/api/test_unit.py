"""/api/v1/units and /unit-groups as another system meets them."""

from uuid import uuid4

import pytest

from app.api.unit import UnitOut, UnitPage
from app.api.unit_group import GroupOut

UNIT = {"name": "Phòng Kinh tế", "kind": "division", "aliases": ["P.KT"]}


def test_unit_has_the_fields_others_rely_on(client, cast):
    unit = client("binh").get(f"/api/v1/units/{cast.school_cell.id}").json()
    assert UnitOut.model_validate(unit)
    assert unit["board_url"] == f"/bang/{cast.school_cell.id}"
    assert (unit["code"], unit["name"], unit["kind"], unit["is_group"]) == (
        "CB-MN",
        "Chi bộ Trường Mầm non Hoa Sen",
        "party_cell_school",
        False,
    )
    assert unit["allowed_actions"] == []


def test_office_adds_reads_and_changes_a_unit(client):
    office = client("an")
    added = office.post("/api/v1/units", json=UNIT)
    assert (added.status_code, added.json()["code"]) == (201, "PKT")
    address = added.headers["Location"]
    read = office.get(address)
    assert read.headers["ETag"] == '"1"'
    changed = office.patch(address, json={"short_name": "PKT xã"}, headers={"If-Match": read.headers["ETag"]})
    assert (changed.status_code, changed.json()["short_name"], changed.json()["version"]) == (
        200,
        "PKT xã",
        2,
    )
    assert office.get(address, headers={"If-None-Match": '"2"'}).status_code == 304


def test_list_pages_and_filters(client):
    office = client("an")
    page = UnitPage.model_validate(office.get("/api/v1/units", params={"limit": 1}).json())
    rest = office.get("/api/v1/units", params={"cursor": page.next}).json()
    assert [u.code for u in page.items] + [u["code"] for u in rest["items"]] == ["CB-MN", "CB-T1"]
    assert rest["next"] is None
    found = office.get("/api/v1/units", params={"q": "na tang", "kind": "party_cell_village"}).json()
    assert [u["code"] for u in found["items"]] == ["CB-T1"]


def test_group_and_its_dated_members(client, cast):
    office = client("an")
    group = {"name": "Các chi bộ", "members": [str(cast.school_cell.id)], "valid_from": "2026-01-01"}
    added = office.post("/api/v1/unit-groups", json=group)
    assert added.status_code == 201
    made = GroupOut.model_validate(added.json())
    members = {"units": [str(cast.village_cell.id)], "on": "2026-07-01"}
    address = f"/api/v1/unit-groups/{made.id}/members"
    assert office.put(address, json=members).status_code == 428
    put = office.put(address, json=members, headers={"If-Match": f'"{made.version}"'})
    now = {m["code"]: m["valid_to"] for m in put.json()["members"]}
    assert now == {"CB-T1": None, "CB-MN": "2026-06-30"}
    assert [g["id"] for g in office.get("/api/v1/unit-groups").json()["items"]] == [str(made.id)]
    assert office.get(f"/api/v1/unit-groups/{cast.school_cell.id}").status_code == 404


def test_localities_one_may_read(client, cast):
    codes = lambda who: [p["code"] for p in client(who).get("/api/v1/localities").json()["items"]]  # noqa: E731
    assert codes("binh") == ["02995"]
    assert codes("giang") == ["02995", "08", "11590"]
    assert client("binh").get(f"/api/v1/localities/{cast.commune.id}").json()["name"] == "Xã Tân Quang"
    assert client("binh").get(f"/api/v1/localities/{cast.other_commune.id}").status_code == 404


def test_nobody_else_adds_units_or_localities(client, cast):
    assert client(None).get("/api/v1/units").status_code == 401
    assert client("binh").post("/api/v1/units", json=UNIT).status_code == 403
    assert client("dung").get(f"/api/v1/units/{cast.school_cell.id}").status_code == 404
    elsewhere = UNIT | {"locality": str(cast.commune.id)}
    assert client("dung").post("/api/v1/units", json=elsewhere).status_code == 404
    assert client("quan").post("/api/v1/localities", json={"code": "1", "name": "Xã Mới"}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "pointer"),
    [
        ({}, "/name"),
        (UNIT | {"kind": "x"}, "/kind"),
        (UNIT | {"colour": 1}, "/colour"),
        (UNIT | {"kind": "group"}, "/kind"),
        (UNIT | {"identifier": "chữ thường"}, "/identifier"),
    ],
)
def test_bad_units_are_named_by_field(client, typed, pointer):
    answer = client("an").post("/api/v1/units", json=typed)
    assert answer.status_code == 422
    assert pointer in [e["pointer"] for e in answer.json()["errors"]]


def test_taken_name_and_stale_version(client, cast):
    office = client("an")
    taken = office.post("/api/v1/units", json=UNIT | {"name": cast.school_cell.name})
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    stale = office.patch(
        f"/api/v1/units/{cast.school_cell.id}", json={"name": "Khác"}, headers={"If-Match": '"9"'}
    )
    assert (stale.status_code, stale.json()["changed"]) == (412, {"name": cast.school_cell.name})
    assert office.get(f"/api/v1/units/{uuid4()}").status_code == 404
