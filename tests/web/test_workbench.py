"""The workbench as clerks meet it: every step by plain forms; the page stays quick and nobody overwrites another."""

import re

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from app.models import Candidate, Passage
from app.permissions import Role
from app.services.document import upload_document
from tests.people import add_person
from tests.plans import PLAN

HTMX = {"hx-request": "true"}


@pytest.fixture
def document(working, cast):
    with working(cast.an) as work:
        return upload_document(work, name="ke-hoach.txt", data=PLAN.encode())


@pytest.fixture
def rows(database):
    """Candidates of a kind as they are now, in the order of the text."""

    def read(kind, state=None):
        with database.read_session() as session:
            found = session.scalars(
                select(Candidate).where(Candidate.kind == kind).order_by(Candidate.ordinal)
            )
            return [row for row in found if state is None or row.state == state]

    return read


def tick(*chosen):
    return [f"{row.id}:{row.version}" for row in chosen]


def told(client, answer):
    """The page after a form, with what it says."""
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["location"]).text


def step_in(page):
    return re.search(r'name="step" value="([0-9a-f-]+)"', page)[1]


def test_a_task_is_split_line_by_line_and_put_together_again(client, document, rows):
    office, task = client("an"), rows("task")[1]
    form = office.get(f"/de-xuat/{task.id}/tach").text
    assert "Mỗi phần một dòng" in form
    data = {"version": task.version, "pieces": "Rà soát quy hoạch.\r\n\r\nDành quỹ đất cho trường học.\r\n"}
    page = told(office, office.post(f"/de-xuat/{task.id}/tach", data=data))
    assert "Đã tách thành 2 đề xuất" in page
    assert f'id="de-xuat-{task.id}"' not in page
    piece = next(row for row in rows("task", "pending") if row.reading["text"] == "Rà soát quy hoạch.")
    back = told(office, office.post(f"/de-xuat/{piece.id}/nhap-lai", data={}))
    assert f'id="de-xuat-{task.id}"' in back
    assert f'id="de-xuat-{piece.id}"' not in back


def test_a_split_of_one_line_comes_back_as_typed(client, document, rows):
    task = rows("task")[1]
    again = client("an").post(
        f"/de-xuat/{task.id}/tach", data={"version": task.version, "pieces": "Một dòng thôi"}
    )
    assert (again.status_code, "Một dòng thôi" in again.text, "ít nhất hai phần" in again.text) == (
        422,
        True,
        True,
    )


def test_ticked_ones_are_merged_filled_in_accepted_and_rejected(client, document, rows):
    office = client("an")
    address = f"/van-ban/{document.id}/nhieu"
    filled = told(
        office,
        office.post(
            address,
            data={"chon": tick(*rows("task")), "action": "set", "expected_product": "Đề án", "due_on_day": "31",
                  "due_on_month": "3", "due_on_year": "2027", "lead": f"c:{rows('unit')[0].id}"},
        ),
    )  # fmt: skip
    assert "Đã điền 2 đề xuất." in filled
    assert filled.count("Sản phẩm: Đề án") == filled.count("Chủ trì: Ban Xây dựng Đảng xã") == 2
    assert "hạn 31/03/2027" in filled
    merged = told(office, office.post(address, data={"chon": tick(*rows("task")), "action": "merge"}))
    assert "Đã gộp 2 đề xuất thành một" in merged
    accepted = told(office, office.post(address, data={"chon": tick(*rows("indicator")), "action": "accept"}))
    assert "Đã nhận 1 đề xuất." in accepted
    rejected = told(office, office.post(address, data={"chon": tick(*rows("milestone")), "action": "reject"}))
    assert "Đã bỏ 1 đề xuất." in rejected


def test_what_was_ticked_stays_ticked_when_it_cannot_be_done(client, document, rows):
    chosen = tick(*rows("task"))
    again = client("an").post(f"/van-ban/{document.id}/nhieu", data={"chon": chosen, "action": "set"})
    assert again.status_code == 422
    assert "Chưa chọn nội dung nào để điền" in again.text
    assert re.search(rf'value="{chosen[0]}" form="nhieu" checked', again.text)


def test_the_last_step_is_one_button_and_pressing_it_twice_is_harmless(client, document, rows):
    office = client("an")
    page = told(office, office.post(f"/van-ban/{document.id}/nhan", data={}))
    step = step_in(page)
    for said in ("Đã hoàn tác bước “nhận”: 11 chỗ", "Bước này đã được hoàn tác."):
        assert said in told(office, office.post(f"/van-ban/{document.id}/hoan-tac", data={"step": step}))
    assert {row.state for row in rows("task")} == {"pending"}


def test_two_clerks_do_not_take_each_others_steps_back(client, document, rows, stage, cast):
    add_person(stage, cast.commune, "hong", "Đinh Thị Hồng", Role.OFFICE)
    stage.commit()
    mine = told(client("an"), client("an").post(f"/van-ban/{document.id}/nhan", data={"kinds": "task"}))
    theirs = client("hong").get(f"/van-ban/{document.id}").text
    assert 'name="step"' in mine
    assert 'name="step"' not in theirs
    assert (
        client("hong").post(f"/van-ban/{document.id}/hoan-tac", data={"step": step_in(mine)}).status_code
        == 404
    )


def test_who_comes_second_sees_both_texts_and_may_send_again(client, document, rows, stage, cast):
    add_person(stage, cast.commune, "hong", "Đinh Thị Hồng", Role.OFFICE)
    stage.commit()
    task = rows("task")[0]
    typed = {"version": task.version, "action": "edit", "title": "Tên", "kind": "standing"}
    address = f"/de-xuat/{task.id}"
    client("hong").post(address, data=typed | {"text": "Câu của Hồng"})
    for headers in ({}, HTMX):
        second = client("an").post(address, data=typed | {"text": "Câu của An"}, headers=headers)
        assert second.status_code == 412
        for said in ("Đinh Thị Hồng vừa lưu trước bạn", "Câu của Hồng", "Câu của An"):
            assert said in second.text
    version = re.search(r'name="version" value="(\d+)"', second.text)[1]
    client("an").post(address, data=typed | {"text": "Câu của An", "version": version})
    assert rows("task")[0].decided["text"] == "Câu của An"


def test_candidates_are_narrowed_by_warning_kind_and_unit_and_the_filter_stays(client, document, rows):
    office, unit = client("an"), rows("unit")[0]
    here = f"/van-ban/{document.id}"
    groups = office.get(f"{here}?ma=group_without_members").text
    assert groups.count('<article class="candidate') == 1
    assert "Nhóm chưa có thành viên" in groups
    assert office.get(f"{here}?loai=indicator").text.count('<article class="candidate') == 1
    assert office.get(f"{here}?don_vi={unit.id}").text.count('<article class="candidate') == 3
    answer = office.post(
        f"{here}/nhan", data={"kinds": "unit"}, headers={"referer": f"http://testserver{here}?loai=unit"}
    )
    assert answer.headers["location"] == f"{here}?loai=unit#de-xuat"


def test_a_unit_that_nobody_knows_is_warned_about_until_it_is_matched(client, document, rows):
    office, unit = client("an"), rows("unit")[0]
    said = "“Ban Xây dựng Đảng xã” chưa có trong danh bạ đơn vị"
    assert said in office.get(f"/van-ban/{document.id}").text
    form = {"version": unit.version, "action": "edit", "name": "Ban Xây dựng Đảng xã", "kind": "party_agency"}
    there = re.search(
        r'<option value="([0-9a-f-]{36})">Chi bộ Trường Mầm non', office.get(f"/de-xuat/{unit.id}/sua").text
    )[1]
    office.post(f"/de-xuat/{unit.id}", data=form | {"unit_id": there})
    assert said not in office.get(f"/van-ban/{document.id}").text


def test_a_clause_is_set_aside_where_it_stands_and_taken_back(client, document, database):
    office = client("an")
    with database.read_session() as session:
        clause = session.scalars(
            select(Passage).where(Passage.text.startswith("Ban Thường vụ Đảng ủy yêu cầu"))
        ).one()
    address = f"/doan/{clause.id}/khong-phai-nhiem-vu"
    line = office.post(address, data={"version": 1, "tu": "nguon"}, headers=HTMX)
    assert (line.headers["hx-trigger"], 'data-mark="aside"' in line.text) == ("de-xuat-doi", True)
    assert "Tính lại là nhiệm vụ" in line.text
    back = office.post(address, data={"version": 2, "tu": "nguon", "tra_lai": "1"})
    assert back.headers["location"].endswith(f"#{clause.key}")
    assert office.get(f"/doan/{clause.id}", headers=HTMX).text.count('data-mark="open"') == 1


def test_pages_show_their_clauses_and_the_text_is_a_link_away(client, document, stage):
    passages = list(stage.scalars(select(Passage).where(Passage.in_scope)))
    for passage in passages:
        passage.page, passage.box, passage.confidence = 2, [0.1, 0.2, 0.9, 0.25], 43.0
    stage.commit()
    office = client("an")
    pictures = office.get(f"/van-ban/{document.id}").text
    assert pictures.count(f'src="/van-ban/{document.id}/trang/') == 2
    assert (
        f'<rect id="{passages[0].key}" data-mark="open" x="100" y="200" width="800" height="50"' in pictures
    )
    text = office.get(f"/van-ban/{document.id}?nguon=chu").text
    assert "<rect" not in text
    assert "máy đọc chắc 43%" in text


def test_sixty_candidates_take_five_queries_beyond_the_frame(client, working, cast, database):
    plan = PLAN.replace(
        "- Nắm tư tưởng",
        "".join(f"- Việc số {n} cần làm thường xuyên trong xã.\n\n" for n in range(60)) + "- Nắm tư tưởng",
    )
    with working(cast.an) as work:
        document = upload_document(work, name="dai.txt", data=plan.encode())
    office = client("an")
    asked: list[str] = []

    def count(connection, cursor, statement, *rest):
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        office.get("/tai-khoan")
        frame = len(asked)
        asked.clear()
        page = office.get(f"/van-ban/{document.id}")
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    assert page.text.count('<article class="candidate') > 60
    assert len(asked) <= frame + 5, asked


def test_nobody_else_decides(client, document, rows):
    task = rows("task")[0]
    for login, status in (("chi", 403), ("binh", 404), ("dung", 404)):
        other = client(login)
        assert (
            other.post(f"/de-xuat/{task.id}/tach", data={"version": 1, "pieces": "Một\nHai"}).status_code
            == status
        )
        assert other.post(f"/van-ban/{document.id}/hoan-tac", data={}).status_code == status
        data = {"chon": tick(task), "action": "reject"}
        assert other.post(f"/van-ban/{document.id}/nhieu", data=data).status_code == status
