"""The office's queue: lists, several decided at once, what became of each."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.services.office_list_kinds import LISTS
from app.web.office_queue import LIST_WORDS
from tests.factories import add_assignment, add_indicator, add_period, add_plan, add_task


@pytest.fixture
def rows(stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    made = [
        add_assignment(
            stage, add_task(stage, plan, f"NV-{n:03d}", ordinal=n), cast.school_cell, period=period
        )
        for n in (1, 2, 3)
    ]
    add_indicator(stage, plan, "CT-01", owners=(cast.school_cell,), statement="100% trường có sân chơi")
    stage.commit()
    return made


@pytest.fixture
def reported(client, rows):
    for row in rows:
        client("binh").post(f"/api/v1/assignments/{row.id}/reports", json={"result": "Đã làm"})
    return rows


def ticks(page):
    return re.findall(r'name="chon" value="([^"]+)"', page)


def key_of(page):
    return re.search(r'id="hang-doi">\s*<input type="hidden" name="_key" value="([^"]+)"', page).group(1)


def test_every_list_has_its_words_and_opens(client, reported):
    assert list(LISTS) == list(LIST_WORDS)
    office = client("an")
    for key in LISTS:
        assert office.get(f"/can-xu-ly?muc={key}").status_code == 200
    assert 'href="/can-xu-ly"' in office.get("/").text


def test_two_are_confirmed_and_one_returned_with_a_reason(client, reported):
    office = client("an")
    first, second, third = ticks(office.get("/can-xu-ly?muc=bao-cao").text)
    answer = office.post("/can-xu-ly/bao-cao", data={"chon": [first, second], "action": "take"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/can-xu-ly?muc=bao-cao")
    assert "Đã xác nhận 2 báo cáo." in office.get("/can-xu-ly?muc=bao-cao").text
    office.post("/can-xu-ly/bao-cao", data={"chon": third, "action": "return", "reason": "Thiếu số liệu"})
    page = office.get("/can-xu-ly?muc=tra-lai").text
    assert "Thiếu số liệu" in page


def test_a_double_click_has_one_effect(client, reported):
    office = client("an")
    page = office.get("/can-xu-ly?muc=bao-cao").text
    sent = {"chon": ticks(page), "action": "take", "_key": key_of(page)}
    answers = [office.post("/can-xu-ly/bao-cao", data=sent).status_code for _ in range(2)]
    assert answers == [303, 303]


def test_what_could_not_be_decided_stays_and_says_why(client, reported):
    office = client("an")
    chosen = ticks(office.get("/can-xu-ly?muc=bao-cao").text)
    client("binh").post(f"/api/v1/assignments/{reported[0].id}/reports", json={"result": "Làm lại"})
    answer = office.post("/can-xu-ly/bao-cao", data={"chon": chosen, "action": "take"})
    assert answer.status_code == 207
    assert "Đã xác nhận 2 báo cáo. 1 mục chưa xử lý được" in answer.text
    assert "Nội dung này vừa được người khác sửa" in answer.text
    assert len(ticks(answer.text)) == 1


@pytest.mark.parametrize(
    ("sent", "says"),
    [({"action": "take"}, "Chưa đánh dấu mục nào"), ({"action": "return"}, "Nêu lý do trả lại")],
)
def test_what_is_missing_comes_back_with_the_ticks(client, reported, sent, says):
    office = client("an")
    chosen = ticks(office.get("/can-xu-ly?muc=bao-cao").text)[:1] if sent["action"] == "return" else []
    answer = office.post("/can-xu-ly/bao-cao?q=viec", data=sent | {"chon": chosen})
    assert answer.status_code == 422
    assert says in answer.text


def test_figures_are_accepted_together(client, cast, reported):
    indicator = client("an").get("/api/v1/indicators").json()["items"][0]["id"]
    figure = {
        "indicator": indicator,
        "unit": str(cast.school_cell.id),
        "period": "2026-Q4",
        "numerator": 5,
        "denominator": 6,
    }
    sent = client("binh").post("/api/v1/submissions", json=figure)
    assert sent.status_code == 201
    office = client("an")
    chosen = ticks(office.get("/can-xu-ly?muc=so-lieu").text)
    assert office.post("/can-xu-ly/so-lieu", data={"chon": chosen, "action": "take"}).status_code == 303
    assert office.get(f"/api/v1/submissions/{sent.json()['id']}").json()["state"] == "accepted"


def test_a_broken_cursor_or_choice_is_refused(client, reported):
    office = client("an")
    assert office.get("/can-xu-ly?tiep=x").status_code == 422
    assert office.get("/can-xu-ly?ke-hoach=x").status_code == 422


def test_a_long_list_goes_on(client, stage, cast, rows, monkeypatch):
    monkeypatch.setattr("app.services.office_lists.SHOWN", 2)
    for row in rows:
        client("binh").post(f"/api/v1/assignments/{row.id}/reports", json={"result": "Đã làm"})
    page = client("an").get("/can-xu-ly?muc=bao-cao").text
    further = re.search(r'href="(/can-xu-ly\?[^"]*tiep=[^"]+)"', page).group(1).replace("&amp;", "&")
    assert len(ticks(page)) == 2
    assert len(ticks(client("an").get(further).text)) == 1


def test_overdue_page_narrows_to_a_band(client, stage, cast, reported):
    task = add_task(
        stage,
        add_plan(stage, cast.commune, code="KH-09"),
        kind="dated",
        due_on=datetime.now(UTC).date() - timedelta(days=40),
        title="Xóa phòng tạm",
    )
    add_assignment(stage, task, cast.school_cell)
    stage.commit()
    assert "Xóa phòng tạm" in client("an").get("/qua-han?muc=quarter").text
    assert "Xóa phòng tạm" not in client("an").get("/qua-han?muc=week").text
