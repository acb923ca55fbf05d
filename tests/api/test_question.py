"""/api/v1/questions, and the parts of /periods and /plans that belong to them, as another system meets them."""

import pytest

from app.api.period import PeriodDetailOut
from app.api.question import AnsweredOut, QuestionDetailOut, QuestionPage
from app.models import Question
from tests.factories import add_assignment, add_period, add_plan, add_task, put
from tests.people import NOW

ADDRESS = "/api/v1/questions"


@pytest.fixture
def asked(stage, cast):
    period = add_period(stage, cast.commune)
    row = add_assignment(
        stage, add_task(stage, add_plan(stage, cast.commune)), cast.school_cell, period=period
    )
    for number in range(2):
        question = put(
            stage,
            Question(
                locality_id=cast.commune.id, kind="waive_request", unit_id=cast.school_cell.id, period_id=period.id,
                assignment_id=row.id, text=f"Không có trường {number}", asked_at=NOW,
            ),
        )  # fmt: skip
    stage.commit()
    return question


def test_the_office_reads_and_answers_once(client, asked):
    office = client("an")
    read = office.get(f"{ADDRESS}/{asked.id}")
    out = QuestionDetailOut.model_validate_json(read.content)
    assert (out.state, out.allowed_answers, out.rows) == ("open", ["waived", "refused"], [])
    assert out.subject.startswith("NV-001")
    address = f"{ADDRESS}/{asked.id}/answers"
    headers = {"If-Match": '"9"'}
    assert office.post(address, json={"answer": "waived"}, headers=headers).status_code == 412
    assert office.post(address, json={"answer": "refused"}).status_code == 422
    done = office.post(address, json={"answer": "waived"}, headers={"If-Match": read.headers["etag"]})
    assert done.status_code == 201
    given = AnsweredOut.model_validate_json(done.content)
    assert (given.rows, given.question.state, given.question.answered_by) == (1, "answered", "Nguyễn Thị An")
    assert [entry.kind for entry in given.question.timeline] == ["question_answered"]
    again = office.post(address, json={"answer": "waived"})
    assert (again.status_code, again.json()["code"]) == (409, "already_answered")


def test_the_list_pages_with_open_ones_first(client, asked):
    office = client("an")
    office.post(f"{ADDRESS}/{asked.id}/answers", json={"answer": "refused", "text": "Vẫn phải báo cáo"})
    first = QuestionPage.model_validate_json(office.get(ADDRESS, params={"limit": 1}).content)
    second = office.get(ADDRESS, params={"limit": 1, "cursor": first.next}).json()
    assert [first.items[0].state, second["items"][0]["state"]] == ["open", "answered"]
    assert second["next"] is None
    assert len(office.get(ADDRESS, params={"state": "open", "kind": "waive_request"}).json()["items"]) == 1


@pytest.mark.parametrize(
    ("name", "status"), [("binh", 403), ("chi", 403), ("hoa", 404), ("dung", 404), (None, 401)]
)
def test_who_may_not_answer(client, asked, name, status):
    answer = client(name).post(f"{ADDRESS}/{asked.id}/answers", json={"answer": "waived"})
    assert answer.status_code == status


def test_a_unit_gets_its_own_date_and_a_period_is_opened_again(client, asked, cast):
    office, address = client("an"), f"/api/v1/periods/{asked.period_id}"
    body = {"unit": str(cast.school_cell.id), "due_on": "2027-05-04", "reason": "Trường đang sửa"}
    out = PeriodDetailOut.model_validate_json(office.post(f"{address}/exceptions", json=body).content)
    assert (str(out.locks_on), [one.reason for one in out.exceptions]) == ("2027-05-04", ["Trường đang sửa"])
    assert office.post(f"{address}/closures", json={}).json()["allowed_actions"] == ["reopen"]
    opened = office.post(f"{address}/reopenings", json={"reason": "Bổ sung"}).json()
    assert (opened["state"], opened["allowed_actions"]) == ("open", ["close", "except"])


def test_a_plan_says_in_which_periods_it_reports(client, stage, cast):
    plan = add_plan(stage, cast.commune)
    stage.commit()
    office, address = client("an"), f"/api/v1/plans/{plan.id}"
    change = {"scheme": "administrative", "cycle": "month"}
    out = office.patch(address, json=change, headers={"If-Match": '"1"'}).json()
    assert (out["scheme"], out["cycle"], "set_reporting" in out["allowed_actions"]) == (
        "administrative", "month", True,
    )  # fmt: skip
    assert office.get("/api/v1/plans").json()["items"][0]["scheme"] == "administrative"
