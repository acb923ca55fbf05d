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
