"""/van-ban, /de-xuat and /ke-hoach as a clerk meets them, with and without htmx."""

import re

import pytest

from app.models import Candidate, Plan
from app.services.document import upload_document
from app.services.plan import import_plan
from tests.plans import PLAN, SECRET

HTMX = {"hx-request": "true"}


@pytest.fixture
def document(working, cast):
    with working(cast.an) as work:
        return upload_document(work, name="ke-hoach.txt", data=PLAN.encode())


@pytest.fixture
def issued(working, cast):
    with working(cast.an) as work:
        made = import_plan(
            work, name="kh.txt", data=PLAN.encode(), locality_id=cast.commune.id, accept=True, issue=True
        )
        return work.get(Plan, made.plan)


@pytest.fixture
def rows(database, document):
    """Candidates by kind, in the order of the text."""
    from sqlalchemy import select

    with database.read_session() as session:
        found: dict[str, list[Candidate]] = {}
        for row in session.scalars(select(Candidate).order_by(Candidate.ordinal)):
            found.setdefault(row.kind, []).append(row)
        return found


def send(client, text, name="kh.txt"):
    return client.post("/van-ban", files={"file": (name, text.encode(), "text/plain")})


def decide(client, row, action, *, htmx=True, **fields):
    data = {"version": row.version, "action": action, **fields}
    return client.post(f"/de-xuat/{row.id}", data=data, headers=HTMX if htmx else {})


def test_a_clerk_uploads_and_sees_source_and_candidates(client):
    office = client("an")
    assert "25 MB" in office.get("/van-ban").text
    sent = send(office, PLAN)
    assert sent.status_code == 303
    page = office.get(sent.headers["location"]).text
    for said in (
        "Tham mưu tổ chức học tập",
        "Ủy ban Mặt trận Tổ quốc xã",
        "trên 80%",
        "1 câu chưa được dùng",
    ):
        assert said in page
    assert page.count('class="passage') > 10


def test_every_candidate_leads_to_its_clause(client, document):
    page = client("an").get(f"/van-ban/{document.id}").text
    anchors = set(re.findall(r'id="(p\d+)"', page))
    assert set(re.findall(r'href="#(p\d+)"', page)) <= anchors


def test_filters_show_what_waits(client, document, rows):
    office = client("an")
    decide(office, rows["indicator"][0], "accept")
    waiting = office.get(f"/van-ban/{document.id}?xem=pending").text
    assert f"de-xuat-{rows['indicator'][0].id}" not in waiting
    assert "Không có đề xuất nào ở bộ lọc này" in office.get(f"/van-ban/{document.id}?xem=off").text


def test_one_decision_swaps_one_candidate_and_tells_the_rest(client, rows):
    office, unit = client("an"), rows["unit"][0]
    card = decide(office, unit, "accept")
    assert (card.status_code, card.headers["hx-trigger"]) == (200, "de-xuat-doi")
    assert card.text.strip().count("<article") == 1
    assert "Đã nhận" in card.text


def test_a_rejected_unit_comes_back_with_its_duties(client, rows):
    section = decide(client("an"), rows["unit"][0], "reject").text
    assert f'id="don-vi-{rows["unit"][0].id}"' in section
    assert section.count("<article") == 3


def test_without_scripts_a_decision_leads_back_to_the_candidate(client, document, rows):
    answer = decide(client("an"), rows["indicator"][0], "accept", htmx=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/van-ban/{document.id}#de-xuat-{rows['indicator'][0].id}"


@pytest.mark.parametrize("kind", ["unit", "duty", "task", "milestone", "indicator"])
def test_each_kind_has_its_edit_form_with_and_without_scripts(client, rows, kind):
    office, row = client("an"), rows[kind][0]
    part, page = office.get(f"/de-xuat/{row.id}/sua", headers=HTMX), office.get(f"/de-xuat/{row.id}/sua")
    assert part.text.strip().startswith("<article")
    assert "Lưu và nhận" in part.text
    assert page.text.lstrip().startswith("<!doctype html>")


def test_an_edit_is_kept(client, rows):
    office, task, unit = client("an"), rows["task"][0], rows["unit"][0]
    card = decide(
        office, task, "edit", title="Lồng ghép chỉ tiêu", text="Lồng ghép chỉ tiêu giáo dục.", kind="dated",
        due_on_day="30", due_on_month="6", due_on_year="2027", lead=f"c:{unit.id}",
    )  # fmt: skip
    assert "hạn 30/06/2027" in card.text
    assert "Chủ trì: Ban Xây dựng Đảng xã" in card.text


def test_members_of_a_group_are_named_one_per_line(client, rows):
    group = rows["unit"][2]
    card = decide(
        client("an"), group, "edit", name="Các chi bộ thôn", kind="division", is_group="1",
        member_names="Chi bộ thôn A\r\n\r\nChi bộ thôn B\r\n",
    )  # fmt: skip
    assert "2 thành viên" in card.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [("99.9", "99,9 hay 999"), ("abc", "không phải là số"), ("", "Nhập mức phải đạt")],
)
def test_a_wrong_figure_comes_back_filled_in(client, rows, typed, said):
    fields = {"statement": "Câu của tôi", "name": "Tên", "measure": "percent", "comparator": "gt"}
    again = decide(
        client("an"), rows["indicator"][0], "edit", **fields, value=typed, direction="up", unit="%"
    )
    assert again.status_code == 422
    assert "Câu của tôi" in again.text
    assert said in again.text or typed == "99.9"


def test_a_wrong_date_comes_back_filled_in(client, rows):
    again = decide(
        client("an"), rows["task"][0], "edit", title="T", text="Nội dung gõ dở", kind="dated",
        due_on_day="31", due_on_month="2", due_on_year="2027",
    )  # fmt: skip
    assert (again.status_code, "Nội dung gõ dở" in again.text, "không phải là ngày" in again.text) == (
        422,
        True,
        True,
    )


def test_a_stale_decision_says_so_and_shows_what_is_there(client, rows):
    office, unit = client("an"), rows["unit"][0]
    decide(office, unit, "accept")
    stale = decide(office, unit, "reject")
    assert stale.status_code == 412
    assert "vừa được người khác sửa" in stale.text
    assert "Đã nhận" in stale.text
    typed = decide(office, unit, "edit", htmx=False, name="Tên tôi gõ", kind="division")
    assert (typed.status_code, "Tên tôi gõ" in typed.text) == (412, True)


def test_accepting_all_and_setting_aside_lead_to_issuing(client, document):
    office = client("an")
    assert office.post(f"/van-ban/{document.id}/nhan", data={}).status_code == 303
    page = office.get(f"/van-ban/{document.id}").text
    address, version = re.search(
        r'action="(/doan/[^"]+)"[^>]*>\s*<input type="hidden" name="version" value="(\d+)"', page
    ).groups()
    bar = office.post(address, data={"version": version}, headers=HTMX)
    assert "chưa được dùng" not in bar.text
    before = office.get(re.search(r"/ke-hoach/[^\"]+/ban-hanh", page).group())
    assert "3 nhiệm vụ chưa có đơn vị chủ trì" in before.text
    url = re.search(r"/ke-hoach/[^\"]+/ban-hanh", page).group()
    done = office.post(url, data={"version": 1})
    assert done.status_code == 303
    assert "Ủy ban Mặt trận Tổ quốc xã" in office.get(done.headers["location"]).text


def test_issuing_with_unused_clauses_asks_once_more(client, document):
    office = client("an")
    office.post(f"/van-ban/{document.id}/nhan", data={})
    url = re.search(r"/ke-hoach/[^\"]+/ban-hanh", office.get(f"/van-ban/{document.id}").text).group()
    asked = office.post(url, data={"version": 1})
    assert (asked.status_code, "Còn 1 câu" in asked.text) == (409, True)
    assert office.post(url, data={"version": 1, "with_unused": "1"}).status_code == 303


def test_a_double_click_on_issue_has_one_effect(client, document):
    office = client("an")
    office.post(f"/van-ban/{document.id}/nhan", data={})
    url = re.search(r"/ke-hoach/[^\"]+/ban-hanh", office.get(f"/van-ban/{document.id}").text).group()
    form = {"version": 1, "with_unused": "1", "_key": "mot-khoa"}
    assert [office.post(url, data=form).status_code for _ in range(2)] == [303, 303]


def test_a_plan_shows_each_clause_with_its_state_to_those_who_oversee(client, issued):
    page = client("chi").get(f"/ke-hoach/{issued.id}").text
    assert "0/1</b> đã xác nhận" in page
    assert "NV-004" in page
    assert "Nhóm chưa có thành viên" in page
    assert "CT-01" in page
    assert "Ban hành kế hoạch" in page


def test_a_unit_officer_sees_the_text_of_a_plan_and_no_state(client, issued):
    page = client("binh").get(f"/ke-hoach/{issued.id}").text
    assert "Giám sát, phản biện" in page
    assert "đã xác nhận" not in page
    assert "/bang/" not in page
    assert "/van-ban/" not in page


def test_plans_are_listed_and_searched_without_marks(client, issued):
    office = client("an")
    assert "KH-01" in office.get("/ke-hoach").text
    assert "KH-01" in office.get("/ke-hoach?q=giao+duc").text
    assert "Không có kế hoạch nào khớp" in office.get("/ke-hoach?q=xyz").text


def test_facts_of_a_draft_are_put_right(client, document):
    office = client("an")
    address = re.search(r"/ke-hoach/[0-9a-f-]+", office.get(f"/van-ban/{document.id}").text).group()
    form = {"version": 1, "title": "Kế hoạch giáo dục", "number": "12-KH/ĐU", "issued_on_day": "14",
            "issued_on_month": "11", "issued_on_year": "2025"}  # fmt: skip
    assert office.post(f"{address}/thong-tin", data=form).status_code == 303
    assert "14/11/2025" in office.get(address).text
    wrong = office.post(f"{address}/thong-tin", data=form | {"version": 2, "issued_on_day": "45"})
    assert (wrong.status_code, "Kế hoạch giáo dục" in wrong.text) == (422, True)


def test_others_get_no_document(client, document):
    for login in ("dung", "binh"):
        assert client(login).get(f"/van-ban/{document.id}").status_code == 404
    leader = client("chi")
    page = leader.get(f"/van-ban/{document.id}")
    assert page.status_code == 200
    assert 'name="action"' not in page.text
    assert leader.post(f"/van-ban/{document.id}/nhan", data={}).status_code == 403
    assert client(None).get("/van-ban").status_code == 303


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("", 422, "không có nội dung"),
        ("Xin chào các bạn.", 422, "chưa nhận ra đây là kế hoạch"),
        (SECRET, 422, "dấu chỉ mức độ mật"),
        (PLAN, 409, "Mở văn bản đã có"),
    ],
)
def test_what_cannot_be_taken_says_what_to_do(client, document, text, status, said):
    refused = send(client("an"), text)
    assert (refused.status_code, said in refused.text) == (status, True)


def test_uploading_nothing_asks_for_a_file(client, cast):
    assert "Chưa chọn tệp" in client("an").post("/van-ban", data={}).text
