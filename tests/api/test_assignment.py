"""/api/v1/assignments as another system meets it."""

from uuid import uuid4

import pytest

from app.api.assignment import AssignmentDetailOut, AssignmentPage
from tests.factories import add_assignment, add_period, add_plan, add_task

REPORT = {
    "result": "Đã rà soát 5/5 lớp học.",
    "difficulty": "Thiếu kinh phí",
    "proposal": None,
    "progress": 60,
}


@pytest.fixture
def row(stage, cast):
    plan = add_plan(stage, cast.commune)
    period = add_period(stage, cast.commune)
    made = add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period)
    add_assignment(stage, add_task(stage, plan, "NV-002"), cast.village_cell, period=period)
    stage.commit()
    return made


def test_unit_reports_and_office_confirms(client, row):
    unit, office = client("binh"), client("an")
    sent = unit.post(f"/api/v1/assignments/{row.id}/reports", json=REPORT)
    assert sent.status_code == 201
    assert AssignmentDetailOut.model_validate(sent.json()).state == "reported"
    done = office.post(f"/api/v1/assignments/{row.id}/confirmations", json={})
    assert (done.status_code, done.json()["state"], done.json()["reports"][0]["decision"]) == (
        201,
        "confirmed",
        "confirmed",
    )
    assert [entry["kind"] for entry in done.json()["timeline"]] == [
        "assignment_confirmed",
        "assignment_reported",
    ]


def test_office_returns_with_a_reason_and_unit_sends_again(client, row):
    unit, office = client("binh"), client("an")
    unit.post(f"/api/v1/assignments/{row.id}/reports", json=REPORT)
    returned = office.post(f"/api/v1/assignments/{row.id}/returns", json={"reason": "Chưa nêu số liệu"})
    assert (returned.json()["state"], returned.json()["state_reason"]) == ("returned", "Chưa nêu số liệu")
    again = unit.post(
        f"/api/v1/assignments/{row.id}/reports", json=REPORT | {"result": "Đã bổ sung số liệu."}
    )
    assert [report["number"] for report in again.json()["reports"]] == [2, 1]


def test_a_report_sent_again_says_word_by_word_what_changed(client, row):
    unit, office = client("binh"), client("an")
    unit.post(f"/api/v1/assignments/{row.id}/reports", json=REPORT)
    office.post(f"/api/v1/assignments/{row.id}/confirmations", json={})
    office.post(f"/api/v1/assignments/{row.id}/reopenings", json={"reason": "Số lớp chưa đúng"})
    again = unit.post(
        f"/api/v1/assignments/{row.id}/reports", json=REPORT | {"result": "Đã rà soát 6/6 lớp học."}
    )
    detail = AssignmentDetailOut.model_validate_json(again.content)
    (changed,) = detail.reports[0].differences
    assert (changed.against, changed.decision, detail.reports[1].differences) == (1, "confirmed", [])
    assert [(run.mark, run.text) for run in changed.fields[0].words] == [
        ("same", "Đã rà soát"),
        ("removed", "5/5"),
        ("added", "6/6"),
        ("same", "lớp học."),
    ]


def test_list_pages_by_cursor_and_matches_its_model(client, row):
    office = client("an")
    first = office.get("/api/v1/assignments", params={"limit": 1, "count": True})
    page = AssignmentPage.model_validate_json(first.content)
    assert page.count == 2
    second = office.get("/api/v1/assignments", params={"limit": 1, "cursor": page.next})
    assert second.json()["next"] is None
    assert {page.items[0].task.code, second.json()["items"][0]["task"]["code"]} == {"NV-001", "NV-002"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "ra soat co so"}, 2),
        ({"q": "không có"}, 0),
        ({"state": "assigned,returned"}, 2),
        ({"state": "confirmed"}, 0),
        ({"period": "2026-Q4"}, 2),
        ({"overdue": True}, 0),
    ],
)
def test_filters_narrow_the_list(client, row, query, found):
    assert len(client("an").get("/api/v1/assignments", params=query).json()["items"]) == found


def test_unit_sees_only_its_own_rows(client, row):
    items = client("binh").get("/api/v1/assignments").json()["items"]
    assert [item["id"] for item in items] == [str(row.id)]
    assert items[0]["allowed_actions"] == [
        "acknowledge",
        "start",
        "report",
        "block",
        "extend",
        "remark",
    ]


@pytest.mark.parametrize("stranger", ["hoa", "dung"])
def test_reporter_of_another_unit_gets_404(client, row, stranger):
    answer = client(stranger).post(f"/api/v1/assignments/{row.id}/reports", json=REPORT)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_leader_reads_but_may_not_confirm(client, row):
    leader = client("chi")
    assert leader.get(f"/api/v1/assignments/{row.id}").status_code == 200
    assert leader.post(f"/api/v1/assignments/{row.id}/confirmations", json={}).status_code == 403


def test_nobody_gets_401_with_a_problem_document(client, row):
    answer = client(None).get("/api/v1/assignments")
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


def test_bad_fields_are_pointed_at_in_vietnamese(client, row):
    answer = client("binh").post(
        f"/api/v1/assignments/{row.id}/reports", json={"resul": "x", "progress": 150}
    )
    pointers = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert answer.status_code == 422
    assert pointers["/result"] == "Thiếu nội dung này."
    assert pointers["/progress"] == "Không được quá 100."
    assert "/resul" in pointers


def test_return_without_a_reason_is_refused(client, row):
    client("binh").post(f"/api/v1/assignments/{row.id}/reports", json=REPORT)
    answer = client("an").post(f"/api/v1/assignments/{row.id}/returns", json={"reason": "  "})
    assert answer.status_code == 422


def test_confirming_what_was_not_reported_is_a_409(client, row):
    answer = client("an").post(f"/api/v1/assignments/{row.id}/confirmations", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_step")


def test_foreign_and_malformed_ids(client, row):
    office = client("an")
    assert office.get(f"/api/v1/assignments/{uuid4()}").status_code == 404
    assert office.get("/api/v1/assignments/khong-phai-ma").status_code == 422


def test_a_stale_version_is_refused_with_the_current_one(client, row):
    unit = client("binh")
    unit.post(f"/api/v1/assignments/{row.id}/acknowledgements")
    answer = unit.post(f"/api/v1/assignments/{row.id}/reports", json=REPORT, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["version"]) == (412, 2)


def test_unchanged_row_is_answered_with_304(client, row):
    office = client("an")
    etag = office.get(f"/api/v1/assignments/{row.id}").headers["etag"]
    assert office.get(f"/api/v1/assignments/{row.id}", headers={"If-None-Match": etag}).status_code == 304


def test_a_repeated_post_has_one_effect(client, row):
    unit, key = client("binh"), {"Idempotency-Key": "gui-lan-1"}
    first = unit.post(f"/api/v1/assignments/{row.id}/reports", json=REPORT, headers=key)
    second = unit.post(f"/api/v1/assignments/{row.id}/reports", json=REPORT, headers=key)
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["idempotency-replayed"] == "true"
    assert len(unit.get(f"/api/v1/assignments/{row.id}").json()["reports"]) == 1
    other = unit.post(f"/api/v1/assignments/{row.id}/reports", json=REPORT | {"progress": 1}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_problem_texts_follow_accept_language(client, row):
    answer = client("an").get(f"/api/v1/assignments/{uuid4()}", headers={"Accept-Language": "en"})
    assert answer.json()["title"] == "Not found"


def test_a_rule_is_named_in_any_language(client, row):
    unit, address = client("binh"), f"/api/v1/assignments/{row.id}/confirmations"
    unit.post(f"/api/v1/assignments/{row.id}/reports", json=REPORT)
    client("an").post(address)
    said = client("an").post(address, headers={"Accept-Language": "en"}).json()
    assert (said["status"], said["title"]) == (409, "Conflict")
    assert "In Vietnamese: " in said["detail"]


def test_what_no_route_can_read_says_what_to_send(client, row):
    unit, address = client("binh"), f"/api/v1/assignments/{row.id}/reports"
    broken = unit.post(address, content=b'{"result": "\xff"}', headers={"Content-Type": "application/json"})
    assert (broken.status_code, broken.json()["code"]) == (400, "unreadable_request")
    assert "UTF-8" in broken.json()["detail"]
    plain = unit.post(address, content=b'{"result": "Xong"}', headers={"Content-Type": "text/plain"})
    assert (plain.status_code, plain.json()["errors"][0]["pointer"]) == (422, "/body")
    assert "Content-Type" in plain.json()["errors"][0]["detail"]
    other = unit.delete(address)
    assert (other.status_code, other.json()["code"]) == (405, "method_not_allowed")
    assert other.headers["allow"] == "POST"
