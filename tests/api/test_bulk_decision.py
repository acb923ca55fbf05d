"""Several rows decided by one request, as another system meets it."""

import pytest

from app.api.bulk_decision import OutcomesOut
from tests.factories import add_assignment, add_period, add_plan, add_task


@pytest.fixture
def rows(client, stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    made = [
        add_assignment(
            stage, add_task(stage, plan, f"NV-{n:03d}", ordinal=n), cast.school_cell, period=period
        )
        for n in (1, 2)
    ]
    stage.commit()
    client("binh").post(f"/api/v1/assignments/{made[0].id}/reports", json={"result": "Đã làm"})
    return made


@pytest.mark.parametrize(
    ("step", "more", "state"),
    [("bulk-confirmations", {}, "confirmed"), ("bulk-returns", {"reason": "Thiếu"}, "returned")],
)
def test_each_row_has_its_own_answer(client, rows, step, more, state):
    body = {"rows": [{"id": str(row.id)} for row in rows]} | more
    answer = client("an").post(f"/api/v1/assignments/{step}", json=body)
    items = {one.id: one for one in OutcomesOut.model_validate_json(answer.content).items}
    assert answer.status_code == 207
    assert (items[rows[0].id].status, items[rows[0].id].state) == (201, state)
    assert (items[rows[1].id].status, items[rows[1].id].code) == (409, "illegal_step")


def test_the_same_key_has_one_effect(client, rows):
    body = {"rows": [{"id": str(rows[0].id)}]}
    headers = {"Idempotency-Key": "mot-lan"}
    answers = [
        client("an").post("/api/v1/assignments/bulk-confirmations", json=body, headers=headers).json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert answers[0]["items"][0]["status"] == 201


def test_a_return_needs_a_reason_and_rows(client, rows):
    assert client("an").post("/api/v1/assignments/bulk-returns", json={"rows": []}).status_code == 422
