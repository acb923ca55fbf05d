"""/unit-changes and what hangs on them."""

import pytest

from tests.factories import add_assignment, add_period, add_plan, add_task


@pytest.fixture
def row(stage, cast):
    task, period = add_task(stage, add_plan(stage, cast.commune)), add_period(stage, cast.commune)
    made = add_assignment(stage, task, cast.village_cell, period=period)
    stage.commit()
    return made


def merging(cast, **more):
    units = {"units": [str(cast.village_cell.id)], "successors": [str(cast.school_cell.id)]}
    return {"kind": "merge", **units, **more}


def test_office_merges_and_then_decides_about_open_rows(client, cast, row):
    office = client("an")
    held = office.get(f"/api/v1/units/{cast.village_cell.id}/holdings").json()
    assert (held["rows"], [one["text"] for one in held["roles"]]) == (1, ["Bùi Thị Hoa"])
    made = office.post("/api/v1/unit-changes", json=merging(cast, basis="41-QĐ/ĐU"))
    assert made.status_code == 201
    address = made.headers["Location"]
    assert office.get(address).json()["basis"] == "41-QĐ/ĐU"
    (waiting,) = office.get(f"{address}/rows").json()["items"]
    assert (waiting["row"], waiting["proposal"], waiting["to"]) == (
        str(row.id), "hand_over", str(cast.school_cell.id),
    )  # fmt: skip
    done = office.post(
        f"{address}/row-decisions", json={"decisions": [{"row": waiting["row"], "hand_to": waiting["to"]}]}
    )
    assert done.json() == {"handed_over": 1, "cancelled": 0, "waiting": 0}
    assert client("binh").get(f"/api/v1/assignments/{row.id}").status_code == 200
    assert client("hoa").get(f"/api/v1/assignments/{row.id}").status_code == 200  # her role passed on, too
    after = office.get(f"/api/v1/units/{cast.village_cell.id}/lineage").json()["successors"]
    assert [one["unit"]["name"] for one in after] == [cast.school_cell.name]


def test_changes_are_listed_latest_first_and_by_unit(client, cast):
    office = client("an")
    for name in ("Chi bộ Hai", "Chi bộ Ba"):
        day = "2026-03-01" if name.endswith("Hai") else "2026-06-01"
        given = {"kind": "rename", "units": [str(cast.school_cell.id)], "name": name, "effective_on": day}
        assert office.post("/api/v1/unit-changes", json=given).status_code == 201
    page = office.get("/api/v1/unit-changes", params={"unit": str(cast.school_cell.id), "limit": 1}).json()
    assert page["items"][0]["effective_on"] == "2026-06-01"
    following = office.get("/api/v1/unit-changes", params={"cursor": page["next"]}).json()["items"]
    assert [one["effective_on"] for one in following] == ["2026-03-01"]
    names = office.get(f"/api/v1/units/{cast.school_cell.id}/lineage").json()["names"]
    assert [one["name"] for one in names] == ["Chi bộ Hai", "Chi bộ Trường Mầm non Hoa Sen"]


def test_a_change_sent_twice_happens_once(client, cast):
    office, key = client("an"), {"Idempotency-Key": "mot-lan"}
    answers = [office.post("/api/v1/unit-changes", json=merging(cast), headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]


def test_a_choice_without_its_place_and_a_decision_about_nothing_are_refused(client, cast, row):
    office = client("an")
    wrong = merging(cast, choices={str(row.id): 5})
    assert office.post("/api/v1/unit-changes", json=wrong).status_code == 422
    address = office.post("/api/v1/unit-changes", json=merging(cast)).headers["Location"]
    for decision in ({"row": str(row.id)}, {"row": str(cast.commune.id), "cancel": "Thôi"}):
        answer = office.post(f"{address}/row-decisions", json={"decisions": [decision]})
        assert answer.status_code == 422


def test_admin_records_the_change_but_does_not_decide_about_work(client, cast, row):
    address = client("quan").post("/api/v1/unit-changes", json=merging(cast)).headers["Location"]
    assert client("quan").post(f"{address}/row-decisions", json={"as_proposed": True}).status_code == 403
