"""/bang and /viec as people meet them in a browser, with and without JavaScript."""

import pytest

from tests.factories import (
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
)


@pytest.fixture
def row(stage, cast):
    plan = add_plan(stage, cast.commune)
    period = add_period(stage, cast.commune)
    made = add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period)
    stage.commit()
    return made


def test_board_shows_the_units_rows_and_its_numbers(client, row, cast):
    page = client("binh").get(f"/bang/{cast.school_cell.id}")
    assert page.status_code == 200
    assert "Rà soát cơ sở vật chất" in page.text
    assert "Tiếp nhận" in page.text


def test_an_unchanged_board_is_304_until_something_happens(client, row, cast):
    unit = client("binh")
    address = f"/bang/{cast.school_cell.id}"
    etag = unit.get(address).headers["etag"]
    assert unit.get(address, headers={"If-None-Match": etag}).status_code == 304
    unit.post(f"/viec/{row.id}/tiep-nhan")
    unit.cookies.delete("tiendo_notice")
    changed = unit.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "Đã tiếp nhận" in changed.text


def test_a_group_board_counts_its_members(client, stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    group = add_group(stage, cast.commune, "NHOM", "Các chi bộ", [cast.school_cell, cast.village_cell])
    task = add_task(stage, plan)
    given = add_responsibility(stage, task, group)
    for unit, state in ((cast.school_cell, "reported"), (cast.village_cell, "assigned")):
        add_assignment(stage, task, unit, period=period, responsibility=given, group_id=group.id, state=state)
    stage.commit()
    page = client("an").get(f"/bang/{group.id}")
    assert "1/2" in page.text
    assert f'href="/bang/{cast.village_cell.id}"' in page.text


def test_the_figures_strip_shows_what_is_expected(client, stage, cast, working):
    from app.services.expectation import expect_submissions

    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,))
    expect_rows = expect_submissions
    stage.commit()
    with working(cast.an) as work:
        from app.events import PeriodOpened
        from app.permissions import Permission

        work.require(Permission.PERIOD_MANAGE, cast.commune.id)
        expect_rows(work, [indicator], period)
        work.record(
            PeriodOpened(
                locality_id=cast.commune.id,
                subject_id=period.id,
                label="2026-Q4",
                assignments=0,
                submissions=1,
            )
        )
    page = client("binh").get(f"/bang/{cast.school_cell.id}")
    assert "100% trường học có phòng máy tính" in page.text
    assert "đạt 100%" in page.text


def test_a_unit_reports_and_reads_the_receipt(client, row):
    unit = client("binh")
    sent = unit.post(f"/viec/{row.id}/bao-cao", data={"result": "Đã rà soát xong", "progress": "80"})
    assert sent.status_code == 303
    page = unit.get(sent.headers["location"])
    assert "Đã gửi báo cáo" in page.text
    assert "Đã rà soát xong" in page.text


def test_office_returns_and_the_unit_sees_why(client, row):
    unit, office = client("binh"), client("an")
    unit.post(f"/viec/{row.id}/bao-cao", data={"result": "Xong"})
    office.post(f"/viec/{row.id}/tra-lai", data={"return_reason": "Chưa có số liệu"})
    assert "Chưa có số liệu" in unit.get(f"/viec/{row.id}").text


def test_a_missing_reason_leads_to_its_field(client, row):
    unit, office = client("binh"), client("an")
    steps = [(unit, "vuong-mac", "block_reason"), (office, "tra-lai", "return_reason")]
    unit.post(f"/viec/{row.id}/bao-cao", data={"result": "Xong"})
    for person, step, field in (*steps, (office, "khong-ap-dung", "waive_reason")):
        refused = person.post(f"/viec/{row.id}/{step}", data={field: " "})
        assert (refused.status_code, f'href="#{field}"' in refused.text) == (422, True)


def test_a_step_by_htmx_answers_with_the_card_alone(client, row):
    answer = client("binh").post(f"/viec/{row.id}/tiep-nhan", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.strip().startswith("<li")
    assert "HX-Request" in answer.headers["vary"]


def test_a_form_sent_twice_has_one_effect(client, row):
    unit, typed = client("binh"), {"result": "Đã làm xong việc", "_key": "khoa-cua-bieu-mau"}
    first = unit.post(f"/viec/{row.id}/bao-cao", data=typed)
    second = unit.post(f"/viec/{row.id}/bao-cao", data=typed)
    assert (second.status_code, second.headers["location"]) == (303, first.headers["location"])
    assert "Lần 2" not in unit.get(f"/viec/{row.id}").text


def test_leader_remarks_without_changing_the_row(client, row):
    leader = client("chi")
    leader.post(f"/viec/{row.id}/y-kien", data={"remark": "Cần làm sớm hơn"})
    page = leader.get(f"/viec/{row.id}").text
    assert "Cần làm sớm hơn" in page
    assert "Gửi báo cáo" not in page


@pytest.mark.parametrize("stranger", ["hoa", "dung"])
def test_a_stranger_gets_404_for_board_and_row(client, row, cast, stranger):
    other = client(stranger)
    assert other.get(f"/bang/{cast.school_cell.id}").status_code == 404
    assert other.get(f"/viec/{row.id}").status_code == 404


def test_nobody_is_led_to_the_sign_in_page_and_back(client, row):
    answer = client(None).get(f"/viec/{row.id}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/dang-nhap?tiep=/viec/{row.id}")


def test_an_invalid_form_comes_back_filled_in(client, row):
    answer = client("binh").post(
        f"/viec/{row.id}/bao-cao", data={"result": "", "difficulty": "Thiếu người", "progress": "150"}
    )
    assert answer.status_code == 422
    assert "Thiếu người" in answer.text
    assert "Không được quá 100." in answer.text


def test_a_session_that_ended_keeps_what_was_typed(client, row):
    nobody = client(None)
    answer = nobody.post(f"/viec/{row.id}/bao-cao", data={"result": "Bài viết rất dài"})
    assert answer.status_code == 401
    assert 'name="kept:result" value="Bài viết rất dài"' in answer.text
    assert f'name="kept_action" value="/viec/{row.id}/bao-cao"' in answer.text


def test_a_malformed_address_is_a_page_not_found(client):
    assert client("an").get("/viec/khong-phai-ma").status_code == 404


def test_a_stranger_learns_nothing_from_a_wrong_form(client, row):
    assert client("dung").post(f"/viec/{row.id}/bao-cao", data={"result": ""}).status_code == 404
    assert client(None).post(f"/viec/{row.id}/bao-cao", data={"result": ""}).status_code == 401
