"""/: each role finds what it has to do."""

from datetime import date

import pytest

from tests import factories
from tests.factories import add_assignment, add_period, add_plan, add_task


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    period = add_period(stage, cast.commune)
    returned = {"state": "returned", "state_reason": "Chưa nêu số liệu"}
    add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period, **returned)
    sent = {"state": "reported", "reported_on": date(2026, 10, 1), "reported_at": factories.LONG_AGO}
    add_assignment(
        stage, add_task(stage, plan, "NV-002", ordinal=2), cast.village_cell, period=period, **sent
    )
    late = add_task(
        stage, plan, "NV-003", ordinal=3, kind="dated", due_on=date(2026, 1, 5), title="Xóa phòng tạm"
    )
    add_assignment(stage, late, cast.school_cell)
    for number in range(4, 12):
        add_task(stage, plan, f"NV-{number:03d}", ordinal=number, kind="milestone", title=f"Mốc {number}")
    stage.commit()
    return plan


def test_office_finds_its_queues_with_links(client, plan):
    page = client("an").get("/").text
    for shown in ("Báo cáo chờ xác nhận", "Quá hạn báo cáo", "Đã trả lại, chưa gửi lại", "Chưa nêu số liệu"):
        assert shown in page
    assert "/nhiem-vu?thieu=chu-tri" in page
    assert f"/ke-hoach/{plan.id}/toan-canh" in page


def test_unit_finds_its_form_what_came_back_and_what_is_late(client, cast, plan):
    page = client("binh").get("/").text
    assert f"/bao-cao-ky/{cast.school_cell.id}/" in page
    for shown in ("Việc phải báo cáo", "Chưa nêu số liệu", "0/1", "Xóa phòng tạm", "quá"):
        assert shown in page
    assert f"/bang/{cast.school_cell.id}" in page
    assert "Cần xử lý" not in page


@pytest.mark.parametrize("login", ["chi", "kiem"])
def test_leader_and_inspector_find_plans_and_exceptions(client, plan, login):
    page = client(login).get("/").text
    assert "Xóa phòng tạm" in page
    assert f"/ke-hoach/{plan.id}/toan-canh" in page
    assert "Cần xử lý" not in page


def test_province_finds_its_communes(client, plan):
    page = client("giang").get("/").text
    assert "Xã Tân Quang" in page
    assert "Phường Phù Liễn" in page


def test_administrator_finds_people_units_and_what_is_missing(client, cast):
    page = client("quan").get("/").text
    assert 'href="/nguoi-dung"' in page
    assert "Mở kỳ báo cáo" in page


def test_an_office_with_nothing_to_do_is_told_so(client, cast):
    page = client("an").get("/").text
    assert "Không còn việc nào chờ" in page
    assert "Chưa có kế hoạch nào đang thực hiện" in page


def test_another_commune_finds_nothing_of_it(client, plan):
    page = client("dung").get("/").text
    assert str(plan.id) not in page
    assert "Xóa phòng tạm" not in page


def test_nobody_is_sent_to_sign_in(client, cast):
    answer = client(None).get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/dang-nhap?tiep=/")
