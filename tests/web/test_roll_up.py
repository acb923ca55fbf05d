"""/chi-tieu/{id}/tong-hop."""

import pytest

from tests.factories import add_group, add_indicator, add_period, add_plan


@pytest.fixture
def indicator(stage, cast):
    cells = add_group(stage, cast.commune, "G", "Các chi bộ", [cast.school_cell, cast.village_cell])
    made = add_indicator(stage, add_plan(stage, cast.commune), owners=(cells,))
    stage.commit()
    return made


def test_before_any_period_the_page_says_what_to_do(client, indicator):
    page = client("chi").get(f"/chi-tieu/{indicator.id}/tong-hop")
    assert page.status_code == 200
    assert "Chưa có kỳ báo cáo" in page.text


def test_units_are_one_figure_that_opens_down_to_each(client, indicator, cast, stage):
    add_period(stage, cast.commune)
    stage.commit()
    body = {"indicator": str(indicator.id), "unit": str(cast.school_cell.id), "period": "2026-Q4"}
    sent = client("binh").post("/api/v1/submissions", json=body | {"numerator": "9", "denominator": "10"})
    page = client("chi").get(f"/chi-tieu/{indicator.id}/tong-hop").text
    assert "90% (9/10)" in page
    assert f"/so-lieu/{sent.json()['id']}" in page
    assert "Tổng tử số chia tổng mẫu số" in page


def test_an_indicator_nobody_was_asked_for_yet_is_told_in_the_newest_period_on_both_surfaces(
    client, indicator, cast, stage
):
    api = f"/api/v1/indicators/{indicator.id}/roll-up"
    assert client("chi").get(api).status_code == 404
    add_period(stage, cast.commune, "2026-Q3")
    add_period(stage, cast.commune, "2026-Q4")
    stage.commit()
    answer = client("chi").get(api).json()
    assert (answer["period"], answer["units"]) == ("2026-Q4", None)
    page = client("chi").get(f"/chi-tieu/{indicator.id}/tong-hop").text
    assert '" selected>Quý IV/2026' in page
