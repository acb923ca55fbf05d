"""/don-vi as a clerk meets it, without JavaScript."""

import re

import pytest

from tests.factories import add_group, add_unit

UNIT = {"name": "Phòng Kinh tế", "kind": "division", "aliases": "P.KT\nKinh tế xã"}


@pytest.fixture
def group(stage, cast):
    made = add_group(stage, cast.commune, "CCB", "Các chi bộ", [cast.school_cell])
    stage.commit()
    return made


def test_list_shows_units_with_their_boards_and_is_searched_without_marks(client, cast, group):
    page = client("binh").get("/don-vi").text
    assert cast.school_cell.name in page
    assert f'href="/bang/{cast.village_cell.id}"' in page
    assert "(1 thành viên)" in page
    assert "Thêm đơn vị" not in page
    found = client("an").get("/don-vi", params={"q": "na tang"}).text
    assert cast.village_cell.name in found
    assert cast.school_cell.name not in found
    assert "Không có đơn vị nào khớp" in client("an").get("/don-vi", params={"q": "zzz"}).text


def test_numbers_in_names_sort_as_numbers(client, cast, stage):
    for number in (10, 9, 1):
        add_unit(stage, cast.commune, f"T{number}", f"Tổ dân phố số {number}", kind="external")
    stage.commit()
    page = client("an").get("/don-vi", params={"loai": "external"}).text
    assert re.findall(r"Tổ dân phố số (\d+)</a>", page) == ["1", "9", "10"]


def test_office_adds_a_unit_and_edits_it(client):
    office = client("an")
    added = office.post(
        "/don-vi", data=UNIT | {"valid_from_day": "1", "valid_from_month": "7", "valid_from_year": "2025"}
    )
    assert added.status_code == 303
    page = office.get(added.headers["Location"]).text
    assert "P.KT; Kinh tế xã" in page
    assert "01/07/2025" in page
    assert "Đã thêm Phòng Kinh tế." in page
    edit = added.headers["Location"] + "/sua"
    assert "Phòng Kinh tế" in office.get(edit).text
    form = {
        "version": "1",
        "name": "Phòng Kinh tế - Hạ tầng",
        "kind": "division",
        "short_name": "",
        "aliases": "",
    }
    assert office.post(edit, data=form).status_code == 303
    assert "Phòng Kinh tế - Hạ tầng" in office.get(added.headers["Location"]).text


def test_cleared_field_is_cleared(client, cast, stage):
    unit = add_unit(stage, cast.commune, "X", "Trạm Y tế", short_name="TYT")
    stage.commit()
    form = {"version": "1", "name": "Trạm Y tế", "kind": "service", "short_name": "", "aliases": ""}
    client("an").post(f"/don-vi/{unit.id}/sua", data=form)
    assert client("an").get(f"/api/v1/units/{unit.id}").json()["short_name"] is None


def test_office_adds_a_group_and_changes_its_members_from_a_day_on(client, cast):
    office = client("an")
    members = [str(cast.school_cell.id), str(cast.village_cell.id)]
    added = office.post("/don-vi", data={"name": "Các chi bộ", "kind": "group", "units": members})
    address = added.headers["Location"]
    assert cast.village_cell.name in office.get(address).text
    choose = office.get(f"{address}/thanh-vien").text
    assert choose.count(" checked") == 2
    day = {"on_day": "1", "on_month": "1", "on_year": "2030"}
    changed = office.post(f"{address}/thanh-vien", data={"version": "1", "units": members[:1], **day})
    assert changed.status_code == 303
    assert "31/12/2029" in office.get(address).text


def test_unit_pages_are_for_readers_of_the_locality_and_forms_for_the_office(client, cast, group):
    assert client("binh").get(f"/don-vi/{cast.village_cell.id}").status_code == 200
    assert client("dung").get(f"/don-vi/{cast.village_cell.id}").status_code == 404
    for address in ("/don-vi/them", f"/don-vi/{group.id}/sua", f"/don-vi/{group.id}/thanh-vien"):
        assert client("an").get(address).status_code == 200
        assert client("chi").get(address).status_code == 403
        assert client(None).get(address).headers["Location"].startswith("/dang-nhap")
    assert client("chi").post("/don-vi", data=UNIT).status_code == 403


def test_province_chooses_the_commune(client, cast):
    page = client("giang").get("/don-vi", params={"dia-phuong": str(cast.commune.id)}).text
    assert cast.school_cell.name in page
    assert 'name="dia-phuong"' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Lỗi"),
        ({"kind": ""}, "Lỗi"),
        ({"name": "Chi bộ Trường Mầm non Hoa Sen"}, "Tên này đã có."),
        ({"code": "CB-MN"}, "Mã này đã dùng."),
        ({"valid_from_day": "31", "valid_from_month": "2", "valid_from_year": "2026"}, "không phải là ngày"),
    ],
)
def test_refused_form_comes_back_filled_in(client, cast, wrong, said):
    answer = client("an").post("/don-vi", data=UNIT | {"short_name": "tên đang gõ"} | wrong)
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert "tên đang gõ" in answer.text
    assert "Kinh tế xã" in answer.text


def test_edit_based_on_an_old_version_shows_what_is_new_and_can_be_sent_again(client, cast):
    office, address = client("an"), f"/don-vi/{cast.school_cell.id}/sua"
    form = {"name": "Chi bộ Trường Mầm non Ban Mai", "kind": "party_cell_school", "aliases": ""}
    office.post(address, data=form | {"version": "1"})
    stale = office.post(address, data=form | {"version": "1", "name": "Chi bộ Hoa Sen"})
    assert stale.status_code == 412
    assert "Ban Mai" in stale.text
    assert 'value="Chi bộ Hoa Sen"' in stale.text
    version = re.search(r'name="version" value="(\d+)"', stale.text)
    assert version is not None
    again = office.post(address, data=form | {"version": version[1], "name": "Chi bộ Hoa Sen"})
    assert again.status_code == 303
