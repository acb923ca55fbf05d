"""/don-doc as people meet it: choosing, writing, following up, answering."""

import html
import re
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.models import Urging, UrgingRow
from app.models.base import columns
from app.text import format_date
from app.work import VIETNAM
from tests.factories import add_assignment, add_indicator, add_period, add_plan, add_submission, add_task, put

LATE = date(2025, 11, 3)


@pytest.fixture
def rows(stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    row = add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period, due_on=LATE)
    figure = add_submission(stage, add_indicator(stage, plan), cast.village_cell, period, due_on=LATE)
    stage.commit()
    return row, figure, period


def choose(rows):
    return f"/don-doc/moi?viec={rows[0].id}&so-lieu={rows[1].id}"


def typed(rows, **more):
    return {
        "viec": str(rows[0].id),
        "so-lieu": str(rows[1].id),
        "channel": "app",
        "step_up_after": "3",
        **more,
    }


def count(database):
    with database.read_session() as session:
        return session.scalar(select(func.count()).select_from(Urging))


def test_office_chooses_writes_sends_and_follows_up(client, rows, cast, database):
    office = client("an")
    owed = office.get("/don-doc").text
    assert f'value="{rows[0].id}"' in owed
    assert "Chi bộ thôn Nà Tạng" in owed
    written = office.get(choose(rows)).text
    assert f'name="text.{cast.school_cell.id}"' in written
    assert "Văn phòng đề nghị Chi bộ Trường Mầm non Hoa Sen" in written
    sent = office.post(
        "/don-doc/moi", data=typed(rows, **{f"text.{cast.school_cell.id}": "Nhờ trường báo cáo gấp"})
    )
    assert (sent.status_code, sent.headers["location"]) == (303, "/don-doc/theo-doi")
    followed = office.get("/don-doc/theo-doi").text
    assert "Đã ghi nhận đôn đốc 2 đơn vị." in followed
    assert "Chờ trả lời" in followed
    assert count(database) == 2


def test_the_unit_reads_it_everywhere_and_answers(client, rows, cast):
    client("an").post("/don-doc/moi", data=typed(rows, mode="chung", common="Gửi chung mọi đơn vị"))
    unit = client("binh")
    for address in (
        f"/bang/{cast.school_cell.id}",
        f"/viec/{rows[0].id}",
        f"/bao-cao-ky/{cast.school_cell.id}/{rows[2].id}",
    ):
        assert "Văn phòng đôn đốc" in unit.get(address).text, address
    assert "Văn phòng đôn đốc" in client("hoa").get(f"/so-lieu/{rows[1].id}").text
    listed = unit.get("/don-doc/theo-doi").text
    link = listed.partition('scope="row"><a href="')[2].partition('"')[0]
    page = unit.get(link).text
    assert "Gửi chung mọi đơn vị" in page
    assert "Gửi trả lời" in page
    assert unit.post(f"{link}/tra-loi", data={"answer": ""}).status_code == 422
    answered = unit.post(f"{link}/tra-loi", data={"answer": "Thứ sáu báo cáo"})
    assert answered.status_code == 303
    assert "Thứ sáu báo cáo" in client("an").get("/don-doc/theo-doi").text
    assert "Văn phòng đôn đốc" not in unit.get(f"/bang/{cast.school_cell.id}").text
    assert "THÔNG BÁO ĐÔN ĐỐC" in unit.get(f"{link}/ban-in").text.upper()


def test_the_day_to_answer_is_said_once_however_the_text_was_written(client, rows, cast, stage):
    office, wanted = client("an"), next_sunday()
    page = office.get(choose(rows)).text
    drafted = re.search(r'<textarea[^>]*name="text\.[^>]*>([^<]*)', page)[1]
    days = {"answer_by_day": wanted.day, "answer_by_month": wanted.month, "answer_by_year": wanted.year}
    texts = {
        f"text.{cast.school_cell.id}": html.unescape(drafted),
        f"text.{cast.village_cell.id}": "Báo cáo ngay",
    }
    assert office.post("/don-doc/moi", data=typed(rows, **days, **texts)).status_code == 303
    for one in stage.scalars(select(Urging)):
        assert one.answer_by > wanted
        for address in (f"/don-doc/{one.id}", f"/don-doc/{one.id}/ban-in"):
            shown = re.sub(r"<[^>]+>", "", office.get(address).text)
            said = re.findall(r"chậm nhất(?: ngày)? (\d\d/\d\d/\d{4})", shown)
            assert set(said) == {format_date(one.answer_by)}, address


def next_sunday():
    """A day to answer that is moved on to a working day."""
    today = datetime.now(VIETNAM).date()
    return today + timedelta(days=13 - today.weekday())


def test_a_second_time_on_one_day_asks_first_and_keeps_what_was_typed(client, rows, database):
    office = client("an")
    office.post("/don-doc/moi", data=typed(rows))
    again = office.post("/don-doc/moi", data=typed(rows, mode="chung", common="Lần hai"))
    assert again.status_code == 409
    assert "Vẫn đôn đốc lại" in again.text
    assert "Lần hai" in again.text
    assert count(database) == 2
    assert office.post("/don-doc/moi", data=typed(rows, repeat="1")).status_code == 303
    assert count(database) == 4


def test_a_form_sent_twice_has_one_effect(client, rows, database):
    office = client("an")
    for _ in range(2):
        assert office.post("/don-doc/moi", data=typed(rows, _key="khoa-don-doc")).status_code == 303
    assert count(database) == 2


def test_nothing_chosen_says_what_to_do(client, rows):
    office = client("an")
    assert "Chưa chọn nội dung nào" in office.get("/don-doc/moi").text
    assert office.post("/don-doc/moi", data={}).status_code == 422
    assert office.post("/don-doc/moi", data={"viec": "khong-phai-ma"}).status_code == 422


def test_leaders_read_what_is_owed_and_counts_but_choose_nothing(client, rows):
    client("an").post("/don-doc/moi", data=typed(rows))
    leader = client("chi")
    assert "Soạn đôn đốc" not in leader.get("/don-doc").text
    assert "2 chờ trả lời" in leader.get("/").text
    assert leader.get(choose(rows)).status_code == 403


@pytest.mark.parametrize("asked", ["qua=tuan&loai=viec", "qua=tat-ca&sau=gia-mao", "loai=la"])
def test_filters_and_made_up_ones_are_answered(client, rows, asked):
    assert client("an").get(f"/don-doc?{asked}").status_code == 200


def test_a_stranger_gets_404(client, rows, database):
    client("an").post("/don-doc/moi", data=typed(rows))
    with database.read_session() as session:
        key = session.scalars(select(Urging.id)).first()
    assert client("dung").get(f"/don-doc/{key}").status_code == 404
    assert client("dung").post("/don-doc/moi", data=typed(rows)).status_code == 404


def test_each_tile_opens_as_many_rows_as_it_says(client, rows, stage, cast):
    """The school answered, and so did the superior who was told of its silence before."""
    client("an").post("/don-doc/moi", data=typed(rows))
    told = stage.scalars(select(Urging).where(columns(Urging).unit_id == cast.school_cell.id)).one()
    about = {"about_unit_id": told.unit_id, "locality_id": told.locality_id, "answer_by": told.answer_by}
    more = {"unit_id": cast.village_cell.id, "previous_id": told.id, "sent_at": told.sent_at}
    step = put(stage, Urging(kind="step_up", text="Đơn vị im lặng", **about, **more))
    put(stage, UrgingRow(locality_id=step.locality_id, urging_id=step.id, assignment_id=rows[0].id))
    for one in (told, step):
        one.answer, one.answered_at = "Thứ sáu báo cáo", one.sent_at
    stage.commit()
    office = client("an")
    tiles = re.findall(r'href="([^"]+)"[^>]*><b>(\d+)</b> <span>', office.get("/don-doc/theo-doi").text)
    assert [number for _, number in tiles] == ["1", "0", "0", "1", "0"]
    for address, number in tiles:
        listed = office.get(address.replace("&amp;", "&")).text
        assert listed.count('<th scope="row">') == int(number), address


def test_the_province_reads_what_every_commune_owes_and_was_urged_about(client, rows, cast):
    client("an").post("/don-doc/moi", data=typed(rows))
    province = client("giang")
    owed = province.get("/don-doc").text
    assert "NV-001" in owed
    assert cast.commune.name in owed
    assert "Không có gì quá hạn" not in owed
    assert "(2 chưa xong)" in owed
    assert "Soạn đôn đốc" not in owed
    followed = province.get("/don-doc/theo-doi").text
    assert followed.count('<th scope="row">') == 2


def test_the_province_chooses_a_commune_it_reads(client, rows, cast):
    chosen = {"dia-phuong": str(cast.commune.id)}
    for address in ("/don-doc", "/don-doc/theo-doi"):
        page = client("giang").get(address, params=chosen).text
        assert f'value="{cast.village_cell.id}"' in page, address
        assert client("dung").get(address, params=chosen).status_code == 404
    other = client("giang").get("/don-doc", params={"dia-phuong": str(cast.other_commune.id)}).text
    assert "NV-001" not in other
