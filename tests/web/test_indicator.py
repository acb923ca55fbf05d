"""/chi-tieu as people meet it."""

import re
from datetime import date

import pytest

from tests.factories import add_indicator, add_period, add_plan


@pytest.fixture
def indicator(stage, cast):
    plan = add_plan(stage, cast.commune)
    add_period(stage, cast.commune)
    made = add_indicator(stage, plan, owners=(cast.school_cell,))
    stage.commit()
    return made


@pytest.fixture
def address(indicator):
    return f"/chi-tieu/{indicator.id}"


def send(client, indicator, cast, value):
    body = {"indicator": str(indicator.id), "unit": str(cast.school_cell.id), "period": "2026-Q4"}
    return client("binh").post("/api/v1/submissions", json=body | {"value": value})


def test_the_table_and_the_page_show_figure_target_and_who_reported(client, indicator, address, cast):
    send(client, indicator, cast, "98.2")
    table = client("chi").get("/chi-tieu").text
    for shown in ("98,2%", "đạt 100%", "cách mục tiêu 1,8 điểm %", "<b>1/1</b>"):
        assert shown in table
    page = client("chi").get(address).text
    for shown in (indicator.statement, "98,2%", cast.school_cell.name, "đến năm 2030", "Chưa đến mốc"):
        assert shown in page
    assert "Sửa chỉ tiêu" not in page


def test_search_folds_marks(client, indicator):
    found = client("chi").get("/chi-tieu", params={"q": "phong may tinh"})
    assert indicator.code in found.text
    missed = client("chi").get("/chi-tieu", params={"q": "hoc ba so"})
    assert "Không có chỉ tiêu nào khớp" in missed.text


def test_without_figures_the_page_says_why(client, address):
    page = client("chi").get(address)
    assert (page.status_code, "Chưa có số liệu" in page.text) == (200, True)


def test_the_office_changes_the_definition(client, address):
    office = client("an")
    fields = {
        "version": "1",
        "name": "Phòng máy tính",
        "measure": "percent",
        "direction": "up",
        "value_basis": "to_date",
        "unit_label": "",
        "numerator_name": "Số trường có phòng máy",
        "denominator_name": "Tổng số trường",
        "decimals": "1",
        "cycle": "quarter",
    }
    answer = office.post(f"{address}/sua", data=fields, follow_redirects=False)
    assert answer.status_code == 303
    page = office.get(f"{address}/sua").text
    assert "Số trường có phòng máy" in page
    same = office.post(f"{address}/sua", data=fields | {"version": "2"}, follow_redirects=True)
    assert "Không có gì thay đổi" in same.text
    assert (
        office.get(f"/api/v1{address.replace('chi-tieu', 'indicators')}/definitions").json()["items"][0][
            "number"
        ]
        == 2
    )
    stale = office.post(f"{address}/sua", data=fields | {"name": "Tên của tôi"})
    assert stale.status_code == 412
    assert "Tên của tôi" in stale.text


def test_a_share_cannot_add_up_and_the_field_says_so(client, address):
    fields = {"version": "1", "name": "Phòng máy tính", "measure": "percent", "direction": "up"}
    fields |= {"value_basis": "to_date", "decimals": "1", "adds_up": "yes"}
    answer = client("an").post(f"{address}/sua", data=fields)
    assert answer.status_code == 422
    assert 'id="adds_up-error"' in answer.text
    assert "Chỉ số đếm và số tiền mới cộng được" in answer.text


def test_the_office_gives_owners_and_targets(client, address, cast):
    office = client("an")
    owners = {"version": "1", "units": [str(cast.village_cell.id), str(cast.school_cell.id)]}
    assert office.post(f"{address}/don-vi", data=owners, follow_redirects=False).status_code == 303
    target = {"comparator": "gte", "value": "80,5", "horizon": "2026"}
    assert office.post(f"{address}/muc-tieu", data=target, follow_redirects=False).status_code == 303
    page = office.get(address).text
    assert cast.village_cell.name in page
    assert "ít nhất 80,5%" in page


def test_a_share_with_a_target_beyond_its_whole_is_told_and_not_stopped(client, stage, indicator, address):
    stage.merge(indicator).denominator_name = "Tổng số trường"
    stage.commit()
    office = client("an")
    target = {"comparator": "gte", "value": "120", "horizon": "2026"}
    assert office.post(f"{address}/muc-tieu", data=target).status_code == 303
    for page in (f"{address}/sua", address):
        shown = office.get(page).text
        assert "Xem lại mục tiêu ít nhất 120%" in shown
        assert "Xem lại mục tiêu đạt 100%" not in shown
    assert "Xem lại mục tiêu" not in client("binh").get(address).text
    stage.merge(indicator).range_to = 150
    stage.commit()
    assert "Xem lại mục tiêu" not in office.get(f"{address}/sua").text


def test_units_that_ended_are_offered_only_where_they_were_chosen_before(client, address, cast, stage):
    for unit in (cast.school_cell, cast.village_cell):
        stage.merge(unit).valid_to = date(2025, 6, 30)
    stage.commit()
    page = client("an").get(f"{address}/sua").text
    assert f"{cast.school_cell.name} (đã thôi hoạt động)" in page
    assert cast.village_cell.name not in page
    owners = {"version": "1", "units": [str(cast.village_cell.id), str(cast.school_cell.id)]}
    refused = client("an").post(f"{address}/don-vi", data=owners)
    assert refused.status_code == 422
    assert f"{cast.village_cell.name} đã thôi hoạt động nên không giao" in refused.text


def test_a_bad_target_comes_back_filled_in_and_leaves_the_other_forms_alone(client, address, indicator):
    answer = client("an").post(f"{address}/muc-tieu", data={"comparator": "gte", "value": "80.5"})
    assert answer.status_code == 422
    assert "Không rõ “80.5”" in answer.text
    assert 'value="80.5"' in answer.text
    assert indicator.name in answer.text
    taken = client("an").post(
        f"{address}/muc-tieu", data={"comparator": "gte", "value": "80", "horizon": "2030"}
    )
    assert (taken.status_code, "Hãy sửa mục tiêu đó" in taken.text) == (409, True)


def test_a_target_can_be_taken_away(client, address, indicator):
    office = client("an")
    target = office.get("/api/v1/targets", params={"indicator": str(indicator.id)}).json()["items"][0]["id"]
    key = re.search(
        rf'{target}/bo".*?name="_key" value="([^"]+)"', office.get(f"{address}/sua").text, re.DOTALL
    )[1]
    for _ in range(2):  # pressed twice
        answer = office.post(f"{address}/muc-tieu/{target}/bo", data={"_key": key}, follow_redirects=False)
        assert answer.status_code == 303
    assert "Chưa nêu mục tiêu" in office.get(address).text


def test_only_the_office_manages(client, address):
    for name, status in (("chi", 403), ("binh", 403), ("dung", 404)):
        person = client(name)
        assert person.post(f"{address}/sua", data={"version": "1", "name": "x"}).status_code == status
        assert person.get(f"{address}/sua").status_code in (403, 404)
    assert client("dung").get(address).status_code == 404
    assert "Chưa có kế hoạch nào" in client("dung").get("/chi-tieu").text


def test_a_unit_sees_its_own_figures_only(client, indicator, address, cast):
    send(client, indicator, cast, "98.2")
    assert "98,2%" in client("binh").get(address).text
    assert "98,2%" not in client("hoa").get(address).text
