"""/ky/{period}/lien-ket as the office meets it."""

import re
from datetime import date
from uuid import UUID

import pytest

from app.services.period import PeriodInput, open_period
from app.services.period_exception import ExceptionInput, except_unit
from tests.factories import add_group, add_plan, add_responsibility, add_task, add_unit


@pytest.fixture
def here(stage, cast, working):
    plan = add_plan(stage, cast.commune)
    new_cell = add_unit(stage, cast.commune, "CB-T2", "Chi bộ thôn Nà Lại", kind="party_cell_village")
    for number, unit in enumerate((cast.school_cell, cast.village_cell, new_cell), start=1):
        add_responsibility(stage, add_task(stage, plan, f"NV-{number:03}"), unit)
    add_group(stage, cast.commune, "NHOM", "Các chi bộ thôn", [cast.village_cell, new_cell])
    stage.commit()
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4"))
    return f"/ky/{period.id}/lien-ket"


def boxes(page):
    """name of unit → whether its box is ticked."""
    box = r'name="units" id="u\d+" value="[^"]+"( checked)?>.*?checkboxes__label"[^>]*>([^<]+)'
    ticks = re.findall(box, page, re.S)
    return {name: bool(ticked) for ticked, name in ticks}


def test_who_has_no_account_is_chosen_at_first(client, here):
    assert boxes(client("an").get(here).text) == {
        "Chi bộ thôn Nà Lại": True,
        "Chi bộ thôn Nà Tạng": False,
        "Chi bộ Trường Mầm non Hoa Sen": False,
    }


def test_a_group_narrows_the_list(client, here):
    office = client("an")
    group = re.search(r'<option value="([^"]+)">Các chi bộ thôn', office.get(here).text)[1]
    assert set(boxes(office.get(here, params={"nhom": group}).text)) == {
        "Chi bộ thôn Nà Lại",
        "Chi bộ thôn Nà Tạng",
    }


def test_a_sheet_shows_working_codes_once(client, here):
    office = client("an")
    units = re.findall(r'name="units" id="u\d+" value="([^"]+)"', office.get(here).text)
    sheet = office.post(here, data={"units": units})
    assert sheet.status_code == 201
    assert sheet.headers["cache-control"] == "no-store"
    addresses = re.findall(r'value="http://testserver(/l/[^"]+)"', sheet.text)
    assert len(addresses) == sheet.text.count("<svg") == 3
    assert "style=" not in sheet.text
    assert client(None).get(addresses[0]).status_code == 200
    page = office.get(here).text
    assert "/l/" not in page
    assert page.count("Chưa mở") == 3
    again = office.post(here, data={"units": units[:1]})
    assert client(None).get(addresses[0]).status_code == 404
    assert len(re.findall(r"<svg", again.text)) == 1


def test_renewing_shows_the_new_code_and_revoking_ends_it(client, here):
    office = client("an")
    units = re.findall(r'name="units" id="u\d+" value="([^"]+)"', office.get(here).text)
    office.post(here, data={"units": units[:1]})
    renew, revoke = (
        re.search(rf'action="({here}/[^"]+/{step})"', office.get(here).text)[1]
        for step in ("lam-moi", "thu-hoi")
    )
    new = office.post(renew)
    assert new.status_code == 201
    address = re.search(r'value="http://testserver(/l/[^"]+)"', new.text)[1]
    client(None).post(address)
    assert "Đã mở" in office.get(here).text
    assert office.post(revoke).status_code == 303  # the old one, again: changes nothing
    revoke = re.search(rf'action="({here}/[^"]+/thu-hoi)"', office.get(here).text)[1]
    assert office.post(revoke).status_code == 303
    assert "Đã thu hồi" in office.get(here).text
    assert client(None).get(address).status_code == 404


@pytest.mark.parametrize("step", ["sheet", "renewal"])
def test_a_reloaded_sheet_makes_nothing_and_leaves_the_links_good(client, here, step):
    office = client("an")
    units = re.findall(r'name="units" id="u\d+" value="([^"]+)"', office.get(here).text)
    address, sent = here, {"units": units, "_key": form_key(office.get(here).text)}
    if step == "renewal":
        office.post(here, data=sent)
        form = re.search(
            rf'action="({here}/[^"]+/lam-moi)".*?name="_key" value="([^"]+)"', office.get(here).text
        )
        address, sent = form[1], {"_key": form[2]}
    first = office.post(address, data=sent)
    links = re.findall(r'value="http://testserver(/l/[^"]+)"', first.text)
    again = office.post(address, data=sent)
    assert (first.status_code, again.status_code) == (201, 303)
    assert [client(None).get(link).status_code for link in links] == [200] * len(links)
    told = office.get(again.headers["location"]).text
    assert "Tờ mã QR đã tạo rồi" in told
    assert "/l/" not in told
    assert form_key(told) != sent["_key"]


def form_key(page):
    return re.search(r'id="to-ma".*?name="_key" value="([^"]+)"', page, re.S)[1]


def test_a_mistake_keeps_what_was_chosen(client, here):
    office = client("an")
    nothing = office.post(
        here, data={"expires_on_day": "1", "expires_on_month": "12", "expires_on_year": "2026"}
    )
    assert nothing.status_code == 422
    assert "Chọn ít nhất một đơn vị" in nothing.text
    units = re.findall(r'name="units" id="u\d+" value="([^"]+)"', nothing.text)
    wrong = {"units": units[0], "expires_on_day": "1", "expires_on_month": "1", "expires_on_year": "2020"}
    answer = office.post(here, data=wrong)
    assert answer.status_code == 422
    assert list(boxes(answer.text).values()).count(True) == 1


def test_the_period_leads_there_for_the_office_alone(client, here):
    period = here.removesuffix("/lien-ket")
    assert here in client("an").get(period).text
    assert here not in client("chi").get(period).text
    assert client("chi").get(here).status_code == 404


def test_a_unit_with_its_own_due_date_reads_that_one_wherever_it_reports(client, here, cast, working):
    period, unit = UUID(here.split("/")[2]), cast.school_cell.id
    own = ExceptionInput(unit=unit, due_on=date(2027, 3, 15), reason="Trường đang sửa chữa")
    with working(cast.an) as work:
        except_unit(work, period, own)
    sheet = client("an").post(here, data={"units": [str(unit), str(cast.village_cell.id)]}).text
    door = re.search(r'value="http://testserver(/l/[^"]+)"', sheet)[1]
    assert re.findall(r"Hạn: <b>([^<]+)", sheet) == ["15/03/2027", "11/01/2027"]
    assert "Hạn báo cáo</dt><dd>15/03/2027" in client(None).get(door).text
    for address in ("/", f"/bao-cao-ky/{unit}/{period}"):
        page = client("binh").get(address).text
        assert "15/03/2027" in page, address
        assert "11/01/2027" not in page, address
