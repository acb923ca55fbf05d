"""/ky as people meet it."""

import pytest

from tests.factories import add_indicator, add_period, add_plan, add_responsibility, add_task


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    add_responsibility(stage, add_task(stage, plan), cast.school_cell)
    add_indicator(stage, plan, owners=(cast.village_cell,))
    stage.commit()
    return plan


def test_the_office_opens_a_period_sees_who_is_missing_and_closes_it(client, plan, cast):
    office = client("an")
    page = office.get("/ky")
    assert (page.status_code, "Chưa có kỳ báo cáo nào" in page.text) == (200, True)
    opened = office.post("/ky", data={"period": "calendar:2026-Q4"}, follow_redirects=False)
    assert opened.status_code == 303
    address = opened.headers["location"]
    page = office.get(address)
    assert "2 mục phải báo cáo" in page.text
    for name in (cast.school_cell.name, cast.village_cell.name):
        assert name in page.text
    assert "<b>0/2</b>" in office.get("/ky").text
    assert office.post(f"{address}/dong", data={"version": "1"}, follow_redirects=False).status_code == 303
    assert "Đóng kỳ</button>" not in office.get(address).text


def test_a_written_label_and_due_day_are_taken(client, plan):
    due = {"due_on_day": "5", "due_on_month": "2", "due_on_year": "2027"}
    answer = client("an").post("/ky", data={"label": "2026-Q4"} | due, follow_redirects=False)
    assert "05/02/2027" in client("an").get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Chọn kỳ cần mở"),
        ({"label": "2026-Q7"}, "Không có kỳ “2026-Q7”"),
        ({"label": "2026-Q4", "due_on_day": "31", "due_on_month": "2", "due_on_year": "2027"}, "ngày"),
    ],
)
def test_a_period_that_cannot_be_comes_back_filled_in(client, plan, fields, said):
    answer = client("an").post("/ky", data=fields)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert f'value="{fields.get("label", "")}"' in answer.text


def test_a_unit_sees_its_part_and_the_way_to_its_form(client, stage, cast, plan):
    period = add_period(stage, cast.commune)
    stage.commit()
    unit = client("binh")
    page = unit.get("/ky").text
    assert f"/bao-cao-ky/{cast.school_cell.id}/{period.id}" in page
    assert "Mở kỳ báo cáo" not in page
    assert unit.post("/ky", data={"label": "2026-Q3"}).status_code == 403
    assert unit.post(f"/ky/{period.id}/dong").status_code == 403


def test_another_commune_does_not_know_of_it(client, stage, cast):
    period = add_period(stage, cast.commune)
    stage.commit()
    assert client("dung").get(f"/ky/{period.id}").status_code == 404
    assert client(None).get("/ky", follow_redirects=False).status_code == 303


def test_the_province_sees_whose_period_it_is(client, stage, cast):
    for locality in (cast.commune, cast.other_commune):
        add_period(stage, locality)
    stage.commit()
    page = client("giang").get("/ky").text
    assert cast.commune.name in page
    assert cast.other_commune.name in page
