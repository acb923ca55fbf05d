"""Asking for a later date on the row's page, and the office's answer there."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import add_assignment, add_plan, add_task

TODAY = datetime.now(UTC).date()
DAY = TODAY + timedelta(days=30)
ASKED = {
    "asked_due_on_day": str(DAY.day),
    "asked_due_on_month": str(DAY.month),
    "asked_due_on_year": str(DAY.year),
    "extension_reason": "Chờ kinh phí của tỉnh",
}


@pytest.fixture
def row(stage, cast):
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated", due_on=TODAY + timedelta(days=5))
    made = add_assignment(stage, task, cast.school_cell)
    stage.commit()
    return made


@pytest.fixture
def asked(client, row):
    client("binh").post(f"/viec/{row.id}/gia-han", data=ASKED)
    return client("an").get("/api/v1/extensions").json()["items"][0]["id"]


def test_the_unit_asks_and_the_office_grants_on_the_same_page(client, row, cast):
    unit, office = client("binh"), client("an")
    assert "Xin gia hạn" in unit.get(f"/viec/{row.id}").text
    assert unit.post(f"/viec/{row.id}/gia-han", data=ASKED).status_code == 303
    page = office.get(f"/viec/{row.id}").text
    assert ASKED["extension_reason"] in page
    assert f'value="{DAY.year}"' in page
    asked = office.get("/api/v1/extensions").json()["items"][0]
    assert office.post(f"/gia-han/{asked['id']}/dong-y", data={"version": "1"}).status_code == 303
    assert (
        f"Hạn gốc {TODAY + timedelta(days=5):%d/%m/%Y}, đã gia hạn 1 lần" in unit.get(f"/viec/{row.id}").text
    )
    assert "đã gia hạn 1 lần" in unit.get(f"/bang/{cast.school_cell.id}").text


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (ASKED | {"extension_reason": " "}, "Nêu lý do"),
        (ASKED | {"asked_due_on_day": "32"}, "asked_due_on-error"),
        (ASKED | {"asked_due_on_year": str(DAY.year - 1)}, "Phải sau hạn"),
        ({"extension_reason": "Lý do"}, "Nhập ngày"),
    ],
)
def test_a_request_that_cannot_be_taken_comes_back_filled_in(client, row, sent, says):
    answer = client("binh").post(f"/viec/{row.id}/gia-han", data=sent)
    assert answer.status_code == 422
    assert says in answer.text
    assert sent["extension_reason"].strip() in answer.text


def test_the_office_refuses_only_with_a_reason(client, row, asked):
    office = client("an")
    empty = office.post(f"/gia-han/{asked}/tu-choi", data={"version": "1", "refusal_reason": " "})
    assert (empty.status_code, "Hãy nêu lý do" in empty.text) == (422, True)
    sent = {"version": "1", "refusal_reason": "Việc này không lùi được"}
    assert office.post(f"/gia-han/{asked}/tu-choi", data=sent).status_code == 303
    assert "Việc này không lùi được" in client("binh").get(f"/viec/{row.id}").text


def test_the_unit_takes_its_request_back(client, row, asked):
    unit = client("binh")
    assert "Rút xin gia hạn" in unit.get(f"/viec/{row.id}").text
    unit.post(f"/gia-han/{asked}/rut", data={"version": "1"})
    assert "Đã rút" in unit.get(f"/viec/{row.id}").text


def test_a_report_sent_again_shows_what_changed(client, row):
    unit, office = client("binh"), client("an")
    unit.post(f"/viec/{row.id}/bao-cao", data={"result": "Đã mở 5 lớp học"})
    office.post(f"/viec/{row.id}/xac-nhan")
    office.post(f"/viec/{row.id}/mo-lai", data={"reopen_reason": "Số lớp chưa đúng"})
    unit.post(f"/viec/{row.id}/bao-cao", data={"result": "Đã mở 6 lớp học", "sent": "1"})
    page = office.get(f"/viec/{row.id}").text
    assert "So với lần 1, bản đã xác nhận: có thay đổi" in page
    assert "<del>5</del> <ins>6</ins>" in page
