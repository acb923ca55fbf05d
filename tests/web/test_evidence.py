"""The block of files on the pages of a row and of a figure, as a browser without script uses it."""

import pytest

from app.services.assignment import ReportInput, report_assignment
from app.services.evidence import Subject, list_evidence
from app.services.task import TaskChange, change_task
from tests.factories import add_assignment, add_period, add_plan, add_task
from tests.photos import photo

NOTICE = "tiendo_notice"


@pytest.fixture
def row(stage, cast):
    task = add_task(stage, add_plan(stage, cast.commune))
    made = add_assignment(stage, task, cast.school_cell, period=add_period(stage, cast.commune))
    stage.commit()
    return made


def send(client, row, *files):
    return client.post(f"/viec/{row.id}/minh-chung", files=[("file", file) for file in files])


def beside(working, actor, row):
    with working(actor) as work:
        return list_evidence(work, Subject("assignment", row.id)).items


def test_the_unit_sends_photos_and_the_office_sees_them(client, working, cast, row):
    sent = send(client("binh"), row, ("họp.jpg", photo(), "image/jpeg"), ("a.txt", b"mot", "text/plain"))
    assert (sent.status_code, sent.headers["location"]) == (303, f"/viec/{row.id}#minh-chung")

    page = client("an").get(f"/viec/{row.id}").text
    one = beside(working, cast.an, row)[0]
    assert f'src="/minh-chung/{one.id}/anh-nho"' in page
    assert "họp.jpg" in page
    assert "Trần Văn Bình" in page
    assert client("an").get(f"/minh-chung/{one.id}").headers["content-disposition"].startswith("attachment")
    assert client("an").get(f"/minh-chung/{one.id}/anh-nho").headers["content-type"] == "image/jpeg"


def test_limits_are_said_before_anything_is_sent_and_leaders_see_no_form(client, row):
    page = client("binh").get(f"/viec/{row.id}").text
    assert "mỗi tệp tối đa 25 MB, mỗi việc tối đa 20 tệp" in page
    assert 'capture="environment"' in page
    assert "Gửi tệp" not in client("chi").get(f"/viec/{row.id}").text


def test_a_bad_file_comes_back_with_what_to_do(client, row):
    answer = send(client("binh"), row, ("họp.jpg", b"\x7fELF" + bytes(60), "image/jpeg"))

    assert answer.status_code == 422
    assert "Hãy lưu lại thành" in answer.text
    assert send(client("binh"), row).status_code == 422


def test_a_bad_file_among_good_ones_is_named(client, working, cast, row):
    answer = send(
        client("binh"), row, ("a.txt", b"mot", "text/plain"), ("b.exe", b"MZ" + bytes(60), "text/plain")
    )

    assert answer.status_code == 303
    assert [one.name for one in beside(working, cast.an, row)] == ["a.txt"]
    assert "warning" in answer.cookies[NOTICE]


def test_removing_needs_a_reason_beside_the_right_file(client, working, cast, row):
    unit = client("binh")
    send(unit, row, ("a.txt", b"mot", "text/plain"), ("b.txt", b"hai", "text/plain"))
    first, second = beside(working, cast.an, row)

    refused = unit.post(f"/minh-chung/{second.id}/bo", data={"remove_reason": " "})
    assert refused.status_code == 422
    assert f'href="#bo-{second.id}"' in refused.text
    assert unit.post(f"/minh-chung/{second.id}/bo", data={"remove_reason": "Nhầm"}).status_code == 303
    assert [one.id for one in beside(working, cast.an, row)] == [first.id]


def test_a_task_that_needs_evidence_says_so_to_the_unit_and_to_the_office(client, working, cast, row):
    with working(cast.an) as work:
        change_task(work, row.task_id, TaskChange(needs_evidence=True), 1)
    assert "Cần kèm minh chứng" in client("binh").get(f"/viec/{row.id}").text
    with working(cast.binh) as work:
        report_assignment(work, row.id, ReportInput(result="Xong"))

    page = client("an").get(f"/viec/{row.id}").text
    assert "/xac-nhan" not in page
    assert "Trả lại để đơn vị bổ sung" in page
    assert client("an").post(f"/viec/{row.id}/xac-nhan").status_code == 409


def test_the_office_sets_in_the_form_of_a_task_that_it_needs_evidence(client, row):
    office = client("an")
    typed = {"title": "Tên mới", "kind": "standing", "version": "1", "needs_evidence": "1"}
    assert office.post(f"/nhiem-vu/{row.task_id}/sua", data=typed).status_code == 303
    assert 'value="1" checked' in office.get(f"/nhiem-vu/{row.task_id}").text
    without = {**typed, "version": "2", "needs_evidence": ""}
    assert office.post(f"/nhiem-vu/{row.task_id}/sua", data=without).status_code == 303
    assert 'value="1" checked' not in office.get(f"/nhiem-vu/{row.task_id}").text
