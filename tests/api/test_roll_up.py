"""/api/v1/indicators/{id}/roll-up as another system meets it."""

import pytest

from app.api.roll_up import RollUpOut
from tests.factories import add_group, add_indicator, add_period, add_plan


@pytest.fixture
def indicator(stage, cast):
    cells = add_group(stage, cast.commune, "G", "Các chi bộ", [cast.school_cell, cast.village_cell])
    add_period(stage, cast.commune)
    made = add_indicator(stage, add_plan(stage, cast.commune), owners=(cells,))
    stage.commit()
    return made


def test_a_roll_up_says_of_what_it_was_made(client, indicator, cast):
    for login, unit, parts in (
        ("binh", cast.school_cell, {"numerator": "9", "denominator": "10"}),
        ("hoa", cast.village_cell, {"no_data": True, "note": "Chưa thống kê"}),
    ):
        body = {"indicator": str(indicator.id), "unit": str(unit.id), "period": "2026-Q4"}
        assert client(login).post("/api/v1/submissions", json=body | parts).status_code == 201
    answer = client("chi").get(f"/api/v1/indicators/{indicator.id}/roll-up", params={"period": "2026-Q4"})
    out = RollUpOut.model_validate_json(answer.content)
    assert (out.rule, out.units.value, out.units.reported, out.units.expected) == ("ratio", 90, 1, 2)
    assert {cell.unit.name for cell in out.units.figures} == {cast.school_cell.name, cast.village_cell.name}
    assert (out.year.rule, out.year.value, out.communes) == ("last", 90, None)


def test_an_unknown_period_is_not_there(client, indicator):
    answer = client("chi").get(f"/api/v1/indicators/{indicator.id}/roll-up", params={"period": "2031-Q1"})
    assert answer.status_code == 404
