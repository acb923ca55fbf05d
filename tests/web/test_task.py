"""/nhiem-vu: the page of a task and what the office does on it, without JavaScript."""

import re
from uuid import uuid4

import pytest

from tests import factories
from tests.factories import add_assignment, add_group, add_period, add_plan


@pytest.fixture
def plan(stage, cast):
    made = add_plan(stage, cast.commune)
    stage.commit()
    return made


@pytest.fixture
def task(stage, cast, plan):
    """A dated task of the school cell, led by it."""
    made = factories.add_task(stage, plan, kind="dated", due_on=None)
    add_assignment(stage, made, cast.school_cell)
    stage.commit()
    return made


def form_of(page, action):
    """Hidden fields of the form that posts to `action`."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page.text, re.DOTALL)
    assert form, f"no form to {action}"
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))


def test_page_shows_sentence_place_carrier_and_rows(client, stage, cast, plan, task):
    page = client("an").get(f"/nhiem-vu/{task.id}")
    assert page.status_code == 200
    for shown in (task.text, cast.school_cell.name, "Chủ trì", "Mới giao", "Chưa có hạn"):
        assert shown in page.text
    assert f'href="/ke-hoach/{plan.id}' in page.text


def test_office_changes_the_due_date_and_the_story_tells_both(client, task):
    office, address = client("an"), f"/nhiem-vu/{task.id}"
    fields = form_of(office.get(address), f"{address}/sua") | {
        "title": task.title, "kind": "dated", "due_on_day": "30", "due_on_month": "6", "due_on_year": "2027",
    }  # fmt: skip
    answer = office.post(f"{address}/sua", data=fields)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert "hạn từ chưa có thành 30/06/2027" in office.get(address).text


def test_office_gives_the_task_to_a_group_and_ends_it_again(client, stage, cast, plan):
    task = factories.add_task(stage, plan)
    add_period(stage, cast.commune)
    group = add_group(stage, cast.commune, "CBT", "Các chi bộ", [cast.school_cell, cast.village_cell])
    stage.commit()
    office, address = client("an"), f"/nhiem-vu/{task.id}"
    page = office.get(address)
    assert "Chưa có đơn vị chủ trì" in page.text
    fields = form_of(page, f"{address}/giao") | {"unit": str(group.id), "role": "lead", "completion": "each"}
    assert office.post(f"{address}/giao", data=fields).status_code == 303
    given = office.get(address)
    assert "Các chi bộ" in given.text
    assert "0/2" in given.text
    end = re.search(r'action="(/phan-cong/[^"]+/thoi)"', given.text)[1]
    assert office.post(end, data=form_of(given, end)).status_code == 303
    assert "Đã hủy" in office.get(address).text


def test_office_adds_a_task(client, plan):
    office, address = client("an"), f"/nhiem-vu/them?ke-hoach={plan.id}"
    fields = form_of(office.get(address), address) | {
        "text": "Bố trí quỹ đất cho trường học.", "title": "Bố trí quỹ đất", "kind": "standing",
    }  # fmt: skip
    answer = office.post(address, data=fields)
    assert answer.status_code == 303
    assert "Bố trí quỹ đất cho trường học." in office.get(answer.headers["location"]).text


def test_list_is_filtered_and_says_when_nothing_matches(client, stage, plan, task):
    factories.add_task(stage, plan, "NV-002", ordinal=2, title="Việc chưa ai làm")
    stage.commit()
    office = client("an")
    without = office.get("/nhiem-vu", params={"thieu": "chu-tri"}).text
    assert "NV-002" in without
    assert "NV-001" not in without
    found = office.get("/nhiem-vu", params={"ke-hoach": str(plan.id), "q": "co so vat chat"})
    assert "NV-001" in found.text
    assert "Không có nhiệm vụ nào khớp" in office.get("/nhiem-vu", params={"q": "khong co"}).text


def test_unit_reads_the_task_without_buttons_and_sees_only_its_own_row(client, stage, cast, task):
    other = add_assignment(
        stage, task, cast.village_cell,
        responsibility=factories.add_responsibility(stage, task, cast.village_cell, role="cooperate"),
    )  # fmt: skip
    stage.commit()
    page = client("binh").get(f"/nhiem-vu/{task.id}").text
    assert f"/viec/{other.id}" not in page
    assert 'method="post" action="/nhiem-vu' not in page
    assert "/thoi" not in page


@pytest.mark.parametrize(("login", "status"), [("dung", 404), (None, 303)])
def test_others_do_not_see_it(client, task, login, status):
    assert client(login).get(f"/nhiem-vu/{task.id}").status_code == status


@pytest.mark.parametrize("login", ["binh", "chi", "kiem"])
def test_only_the_office_may_change_it(client, cast, task, login):
    other = client(login)
    assert other.post(f"/nhiem-vu/{task.id}/sua", data={"title": "Tên mới"}).status_code in (403, 422)
    given = other.post(
        f"/nhiem-vu/{task.id}/giao", data={"unit": str(cast.village_cell.id), "role": "report"}
    )
    assert given.status_code == 403


def test_a_wrong_date_comes_back_with_what_was_typed(client, task):
    office, address = client("an"), f"/nhiem-vu/{task.id}"
    fields = form_of(office.get(address), f"{address}/sua") | {
        "title": "Tên đang gõ dở", "kind": "dated",
        "due_on_day": "31", "due_on_month": "2", "due_on_year": "2027",
    }  # fmt: skip
    answer = office.post(f"{address}/sua", data=fields)
    assert answer.status_code == 422
    assert "Tên đang gõ dở" in answer.text
    assert 'value="31"' in answer.text


def test_a_second_lead_is_refused_with_the_name_of_the_first(client, cast, task):
    office, address = client("an"), f"/nhiem-vu/{task.id}"
    fields = form_of(office.get(address), f"{address}/giao") | {
        "unit": str(cast.village_cell.id), "role": "lead", "completion": "each",
    }  # fmt: skip
    answer = office.post(f"{address}/giao", data=fields)
    assert answer.status_code == 409
    assert f"{cast.school_cell.name} đang chủ trì" in answer.text


def test_a_stale_form_is_refused_and_keeps_what_was_typed(client, task):
    office, address = client("an"), f"/nhiem-vu/{task.id}"
    first = form_of(office.get(address), f"{address}/sua")
    second = form_of(office.get(address), f"{address}/sua")
    office.post(f"{address}/sua", data=first | {"title": "Người thứ nhất", "kind": "dated"})
    answer = office.post(f"{address}/sua", data=second | {"title": "Người thứ hai", "kind": "dated"})
    assert answer.status_code == 412
    assert "Người thứ hai" in answer.text


def test_unknown_tasks_are_404(client, cast):
    assert client("an").get(f"/nhiem-vu/{uuid4()}").status_code == 404
    assert client("an").get("/nhiem-vu/khong-co").status_code == 404
