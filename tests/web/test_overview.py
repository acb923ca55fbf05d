"""/ke-hoach/{id}/toan-canh: the whole plan on one page."""

import re
from datetime import date
from uuid import uuid4

import pytest

from app.models import Indicator, Period
from tests.factories import (
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
)
from tests.services.test_indicator_table import send


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    period = add_period(stage, cast.commune)
    group = add_group(stage, cast.commune, "CBT", "Các chi bộ", [cast.school_cell, cast.village_cell])
    task = add_task(stage, plan)
    given = add_responsibility(stage, task, group)
    for unit in (cast.school_cell, cast.village_cell):
        add_assignment(stage, task, unit, period=period, responsibility=given, group_id=group.id)
    late = add_task(stage, plan, "NV-002", ordinal=2, kind="dated", due_on=date(2026, 1, 5))
    add_assignment(stage, late, cast.village_cell)
    add_indicator(stage, plan)
    stage.commit()
    return plan


def test_leader_sees_organisations_members_the_silent_and_the_late(client, cast, plan):
    page = client("chi").get(f"/ke-hoach/{plan.id}/toan-canh")
    assert page.status_code == 200
    for shown in ("Các chi bộ", "0/2", "2 đơn vị thành viên", "quá hạn", "NV-002", "100% trường học"):
        assert shown in page.text
    assert f"/bang/{cast.village_cell.id}?ke-hoach={plan.id}" in page.text


def test_what_is_not_counted_is_said_by_kind_and_leads_to_its_rows(client, stage, cast, plan):
    done = add_task(stage, plan, "NV-010", ordinal=10, kind="dated", title="Xây nhà văn hóa")
    helps = add_responsibility(stage, done, cast.village_cell, role="cooperate")
    add_assignment(stage, done, cast.school_cell, state="not_needed", state_reason="Đã có nhà mới")
    add_assignment(stage, done, cast.village_cell, responsibility=helps, state="supporting")
    stage.commit()
    leader = client("chi")
    page = leader.get(f"/ke-hoach/{plan.id}/toan-canh").text
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    assert "1 việc không tính: 1 không cần nữa." in shown
    assert "1 việc phối hợp: đơn vị chủ trì báo cáo" in shown
    rows, supporting = (
        leader.get(href.replace("&amp;", "&")).text for href in re.findall(r'href="(/khong-tinh[^"]+)"', page)
    )
    assert "Đã có nhà mới" in rows
    assert (cast.school_cell.name in rows, cast.village_cell.name in rows) == (True, False)
    assert cast.village_cell.name in supporting
    told = leader.get(f"/api/v1/plans/{plan.id}/overview").json()["dated"]
    assert (told["left_out"], told["left_out_by_state"]["not_needed"], told["supporting"]) == (1, 1, 1)
    assert client("binh").get("/khong-tinh").status_code == 404


def test_a_period_is_chosen_by_a_plain_link(client, plan):
    leader = client("chi")
    assert "?ky=2026-Q4" in leader.get(f"/ke-hoach/{plan.id}/toan-canh").text
    chosen = leader.get(f"/ke-hoach/{plan.id}/toan-canh", params={"ky": "2026-Q4"})
    assert 'aria-current="true">Quý IV/2026' in chosen.text
    assert leader.get(f"/ke-hoach/{plan.id}/toan-canh", params={"ky": "2031-Q1"}).status_code == 404


def test_a_figure_stands_beside_the_counts_of_its_own_period(client, stage, cast, plan):
    (made,) = stage.query(Indicator)
    (fourth,) = stage.query(Period)
    third = add_period(stage, cast.commune, "2026-Q3")
    for unit, value in ((cast.school_cell, 80), (cast.village_cell, 90)):
        send(stage, made, unit, third, value)
    send(stage, made, cast.school_cell, fourth)
    stage.commit()

    def tile(query=""):
        page = client("chi").get(f"/ke-hoach/{plan.id}/toan-canh{query}").text
        return " ".join(
            re.sub(r"<[^>]+>", " ", re.search(r'<li class="figure">(.*?)</li>', page, re.S)[1]).split()
        )

    assert "85% (170/200)" in tile()
    assert "Quý III/2026: 0/2 số liệu đã chấp nhận, 2 chờ xem; Quý IV/2026: 0/1 đã gửi" in tile()
    assert tile("?ky=2026-Q3").endswith("Quý III/2026: 0/2 số liệu đã chấp nhận, 2 chờ xem")
    assert "chưa có số liệu" in tile("?ky=2026-Q4")
    assert tile("?ky=2026-Q4").endswith("Quý IV/2026: 0/1 số liệu đã chấp nhận")


def test_a_plan_without_anything_says_what_to_do(client, stage, cast):
    plan = add_plan(stage, cast.commune)
    stage.commit()
    page = client("an").get(f"/ke-hoach/{plan.id}/toan-canh").text
    assert "Chưa giao việc cho đơn vị nào" in page
    assert "Chưa có kỳ báo cáo nào" in page


def test_an_unchanged_page_is_answered_with_304_and_a_report_changes_it(client, cast, plan):
    leader, address = client("chi"), f"/ke-hoach/{plan.id}/toan-canh"
    etag = leader.get(address).headers["etag"]
    assert leader.get(address, headers={"If-None-Match": etag}).status_code == 304
    unit = client("binh")
    row = unit.get("/api/v1/assignments").json()["items"][0]["id"]
    unit.post(f"/api/v1/assignments/{row}/reports", json={"result": "Đã xong."})
    assert leader.get(address, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(("login", "status"), [("binh", 404), ("dung", 404), ("giang", 200), (None, 303)])
def test_who_may_see_it(client, plan, login, status):
    assert client(login).get(f"/ke-hoach/{plan.id}/toan-canh").status_code == status


def test_an_unknown_plan_is_404(client, plan):
    assert client("chi").get(f"/ke-hoach/{uuid4()}/toan-canh").status_code == 404
