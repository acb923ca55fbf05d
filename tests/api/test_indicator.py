"""/api/v1/indicators and /api/v1/targets as another system meets them."""

from uuid import uuid4

import pytest

from app.api.indicator import DefinitionsOut, FiguresOut, IndicatorDetailOut, IndicatorPage
from app.api.target import TargetOut, TargetPage
from tests.factories import add_indicator, add_period, add_plan

ADDRESS, TARGETS = "/api/v1/indicators", "/api/v1/targets"


@pytest.fixture
def indicator(stage, cast):
    plan = add_plan(stage, cast.commune)
    add_period(stage, cast.commune)
    made = add_indicator(stage, plan, owners=(cast.school_cell,))
    stage.commit()
    return made


@pytest.fixture
def address(indicator):
    return f"{ADDRESS}/{indicator.id}"


def test_office_adds_an_indicator_with_targets_and_owners(client, indicator, cast):
    body = {
        "plan": str(indicator.plan_id),
        "statement": "Giữ tỷ lệ bỏ học dưới 1%",
        "measure": "percent",
        "direction": "keep",
        "unit_label": "%",
        "targets": [{"comparator": "lt", "value": 1, "horizon": 2030}],
        "owners": [str(cast.school_cell.id)],
    }
    answer = client("an").post(ADDRESS, json=body)
    assert answer.status_code == 201
    out = IndicatorDetailOut.model_validate_json(answer.content)
    assert (out.code, out.targets[0].value, out.owners[0].name) == ("CT-02", 1, cast.school_cell.name)
    assert answer.json()["targets"][0]["value"] == "1"


def test_list_filters_and_matches_its_model(client, indicator, cast):
    reader = client("chi")
    page = IndicatorPage.model_validate_json(reader.get(ADDRESS, params={"q": "phong may tinh"}).content)
    assert [item.id for item in page.items] == [indicator.id]
    assert page.items[0].allowed_actions == []
    for params, found in (
        ({"plan": indicator.plan_id}, 1),
        ({"unit": cast.school_cell.id}, 1),
        ({"unit": cast.village_cell.id}, 0),
        ({"key": True}, 0),
        ({"key": False}, 1),
        ({"q": "bo hoc"}, 0),
    ):
        assert len(reader.get(ADDRESS, params=params).json()["items"]) == found


def test_a_change_needs_the_version_it_is_based_on(client, address):
    office = client("an")
    etag = office.get(address).headers["etag"]
    changed = office.patch(address, json={"name": "Phòng máy"}, headers={"If-Match": etag})
    assert (changed.status_code, changed.json()["name"]) == (200, "Phòng máy")
    assert office.patch(address, json={"name": "Khác"}).status_code == 428
    stale = office.patch(address, json={"name": "Khác"}, headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["changed"]) == (412, {"name": "Phòng máy"})


def test_every_definition_stays_readable(client, address):
    office = client("an")
    etag = office.get(address).headers["etag"]
    said = {"is_key": True, "baseline": "81.5", "baseline_label": "năm 2025"}
    changed = office.patch(address, json=said, headers={"If-Match": etag})
    assert (changed.json()["definition"], changed.json()["baseline"]) == (2, "81.5")
    kept = DefinitionsOut.model_validate_json(client("chi").get(f"{address}/definitions").content)
    assert [(one.number, one.content["is_key"]) for one in kept.items] == [(2, True), (1, False)]


def test_the_statement_cannot_be_changed(client, address):
    answer = client("an").patch(address, json={"statement": "Khác"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/statement")


@pytest.mark.parametrize("change", [{"name": None}, {"measure": None}, {"decimals": None}, {"name": ""}])
def test_what_an_indicator_must_have_cannot_be_emptied(client, address, change):
    assert client("an").patch(address, json=change, headers={"If-Match": '"1"'}).status_code == 422


def test_owners_are_replaced(client, address, cast):
    units = {"units": [str(cast.village_cell.id)]}
    answer = client("an").put(f"{address}/owners", json=units, headers={"If-Match": '"1"'})
    assert [owner["name"] for owner in answer.json()["owners"]] == [cast.village_cell.name]
    expected = client("an").get("/api/v1/submissions", params={"unit": str(cast.village_cell.id)})
    assert [item["state"] for item in expected.json()["items"]] == ["expected"]


def test_figures_come_with_standing_and_n_of_n(client, indicator, address, cast):
    body = {
        "indicator": str(indicator.id),
        "unit": str(cast.school_cell.id),
        "period": "2026-Q4",
        "value": 100,
    }
    client("binh").post("/api/v1/submissions", json=body)
    out = FiguresOut.model_validate_json(client("chi").get(f"{address}/figures").content)
    (period,) = out.items
    assert (period.period, period.reported, period.expected, period.value) == ("2026-Q4", 1, 1, 100)
    assert (period.standing.state, period.figures[0].standing.distance) == ("met", 0)


def test_targets_are_set_replaced_and_ended(client, indicator):
    office = client("an")
    body = {"indicator": str(indicator.id), "comparator": "gte", "value": "80.5", "horizon": 2026}
    made = office.post(TARGETS, json=body)
    assert (made.status_code, TargetOut.model_validate_json(made.content).horizon) == (201, 2026)
    assert office.post(TARGETS, json=body).status_code == 409
    target = made.headers["location"]
    change = {"comparator": "gte", "value": 85, "horizon": 2026}
    changed = office.put(target, json=change, headers={"If-Match": made.headers["etag"]})
    assert (changed.json()["value"], changed.json()["version"]) == ("85", 2)
    page = TargetPage.model_validate_json(office.get(TARGETS, params={"indicator": indicator.id}).content)
    assert [item.horizon for item in page.items] == [2030, 2026]
    assert office.post(f"{target}/ends", json={}).status_code == 201
    assert office.get(target).status_code == 404


def test_a_changed_target_changes_the_indicators_etag(client, indicator, address):
    office = client("an")
    before = office.get(address).headers["etag"]
    office.post(TARGETS, json={"indicator": str(indicator.id), "comparator": "achieve", "horizon": 2045})
    assert office.get(address, headers={"If-None-Match": before}).status_code == 200


@pytest.mark.parametrize(("name", "status"), [("binh", 403), ("chi", 403), ("quan", 403), ("dung", 404)])
def test_only_the_office_manages(client, indicator, address, name, status):
    actor, version = client(name), {"If-Match": '"1"'}
    assert actor.patch(address, json={"name": "Khác"}, headers=version).status_code == status
    assert actor.put(f"{address}/owners", json={"units": []}, headers=version).status_code == status
    body = {"indicator": str(indicator.id), "comparator": "achieve", "horizon": 2045}
    assert actor.post(TARGETS, json=body).status_code == status


def test_foreign_and_unknown_indicators_are_not_found(client, address):
    assert client("dung").get(address).status_code == 404
    assert client("dung").get(f"{address}/figures").status_code == 404
    assert client("dung").get(ADDRESS).json()["items"] == []
    assert client("dung").get(TARGETS).json()["items"] == []
    assert client("an").get(f"{ADDRESS}/{uuid4()}").status_code == 404
