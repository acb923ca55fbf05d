"""/don-vi/thay-doi as a clerk meets it, without JavaScript."""

import re

import pytest

from tests.factories import add_assignment, add_group, add_period, add_plan, add_task


@pytest.fixture
def row(stage, cast):
    task, period = add_task(stage, add_plan(stage, cast.commune)), add_period(stage, cast.commune)
    add_group(stage, cast.commune, "CCB", "Các chi bộ", [cast.village_cell])
    made = add_assignment(stage, task, cast.village_cell, period=period)
    stage.commit()
    return made


def fields_of(page):
    """What the form of the preview sends when nothing is touched."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page):
        found.setdefault(name, []).append(value)
    found["pass"] = re.findall(r'name="pass" type="checkbox" value="([^"]*)" checked', page)
    return found


def test_a_clerk_sees_before_what_happens_and_after_what_is_left(client, cast, row):
    office = client("an")
    start = office.get("/don-vi/thay-doi", params={"tu": str(cast.village_cell.id)}).text
    assert f"loai=merge&amp;tu={cast.village_cell.id}" in start
    picked = {
        "loai": "merge",
        "tu": str(cast.village_cell.id),
        "thanh": str(cast.school_cell.id),
        "xem": "true",
    }
    preview = office.get("/don-vi/thay-doi/them", params=picked).text
    for shown in ("<b>1</b> việc", "Các chi bộ", "Bùi Thị Hoa", "NV-001"):
        assert shown in preview, shown
    sent = office.post("/don-vi/thay-doi", data=fields_of(preview) | {"basis": "41-QĐ/ĐU"})
    assert sent.status_code == 303
    address = sent.headers["Location"]
    page = office.get(address).text
    assert "Chuyển cho Chi bộ Trường Mầm non Hoa Sen" in page
    assert "Đơn vị đã kết thúc, còn việc mở" in office.get("/").text
    done = office.post(f"{address}/quyet-dinh", data={"all": "1"})
    assert done.status_code == 303
    assert "Không còn việc nào chờ quyết định" in office.get(address).text
    old = office.get(f"/don-vi/{cast.village_cell.id}").text
    assert "Đơn vị kế tiếp" in old
    new = office.get(f"/don-vi/{cast.school_cell.id}").text
    assert "Trước đây là" in new


def test_what_was_not_said_is_asked_for_before_the_preview(client, cast):
    page = client("an").get("/don-vi/thay-doi/them", params={"loai": "merge", "xem": "true"}).text
    assert "Chọn đơn vị thay đổi." in page
    picked = {"loai": "split", "tu": str(cast.village_cell.id), "ten": "Một mình", "xem": "true"}
    assert "ít nhất hai đơn vị" in client("an").get("/don-vi/thay-doi/them", params=picked).text


def test_a_select_left_blank_chooses_nobody(client, cast):
    picked = {
        "loai": "merge",
        "tu": [str(cast.village_cell.id), str(cast.school_cell.id)],
        "thanh": "",
        "xem": "true",
    }
    answer = client("an").get("/don-vi/thay-doi/them", params=picked | {"ten": "Chi bộ mới"})

    assert answer.status_code == 200
    assert "Ghi thay đổi" in answer.text


def test_of_a_split_each_thing_has_a_list_of_its_own(client, cast, row):
    office = client("an")
    picked = {
        "loai": "split",
        "tu": str(cast.village_cell.id),
        "ten": "Chi bộ Trên\nChi bộ Dưới",
        "xem": "true",
    }
    preview = office.get("/don-vi/thay-doi/them", params=picked).text
    names = re.findall(r'<select[^>]* name="(to-[^"]+)"', preview)
    assert len(names) == 3  # a group, a role, a duty
    sent = office.post("/don-vi/thay-doi", data=fields_of(preview) | dict.fromkeys(names, "1"))
    page = office.get(sent.headers["Location"]).text
    assert "Chuyển cho Chi bộ Dưới" in page
    assert "Chuyển cho Chi bộ Trên" not in page


def test_a_rename_that_is_refused_comes_back_filled_in(client, cast):
    office = client("an")
    form = {"kind": "rename", "units": str(cast.school_cell.id), "name": cast.village_cell.name}
    refused = office.post("/don-vi/thay-doi", data=form)
    assert refused.status_code == 409
    assert cast.village_cell.name in refused.text
    day = {"effective_on_day": "1", "effective_on_month": "10", "effective_on_year": "2026"}
    assert office.post("/don-vi/thay-doi", data=form | {"name": "Chi bộ Hoa Mai"} | day).status_code == 303
    page = office.get(f"/don-vi/{cast.school_cell.id}").text
    assert "Tên cũ" in page
    assert "30/09/2026" in page


def test_cancelling_a_row_needs_its_reason(client, cast, row):
    office = client("an")
    form = {"kind": "end", "units": str(cast.village_cell.id)}
    address = office.post("/don-vi/thay-doi", data=form).headers["Location"]
    chosen = {f"row-{row.id}": "huy"}
    assert "Nêu lý do hủy việc" in office.post(f"{address}/quyet-dinh", data=chosen).text
    assert office.post(f"{address}/quyet-dinh", data=chosen | {"reason": "Giải thể"}).status_code == 303


def test_nothing_chosen_is_said(client, cast, row):
    office = client("an")
    form = {"kind": "end", "units": str(cast.village_cell.id)}
    address = office.post("/don-vi/thay-doi", data=form).headers["Location"]
    assert "Chưa chọn gì" in office.post(f"{address}/quyet-dinh", data={}).text


def test_a_unit_officer_reads_changes_but_not_the_work_of_others(client, cast, row):
    address = client("an").post(
        "/don-vi/thay-doi", data={"kind": "end", "units": str(cast.village_cell.id)}
    ).headers["Location"]  # fmt: skip
    page = client("binh").get(address).text
    assert "Không còn việc nào" in page or "NV-001" not in page
    assert client("binh").get("/don-vi/thay-doi/them").status_code == 403


def test_a_kind_nobody_knows_is_refused(client):
    assert client("an").post("/don-vi/thay-doi", data={"kind": "bay"}).status_code == 422
    assert client("an").post("/don-vi/thay-doi", data={"kind": "end", "units": "x"}).status_code == 422
