"""The last day of the calendar, sent wherever the API takes a day."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import add_assignment, add_period, add_plan, add_task

LAST = "9999-12-31"


@pytest.fixture
def things(stage, cast):
    """What stands in the addresses below."""
    today = datetime.now(UTC).date()
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated", due_on=today + timedelta(days=5))
    row = add_assignment(stage, task, cast.school_cell)
    period = add_period(stage, cast.commune, state="closed")
    stage.commit()
    return {"row": row.id, "period": period.id, "unit": cast.school_cell.id}


@pytest.mark.parametrize(
    ("who", "method", "address", "body", "field"),
    [
        ("binh", "POST", "assignments/{row}/extensions", {"reason": "Chờ kinh phí"}, "asked_due_on"),
        ("an", "POST", "periods/{period}/reopenings", {"reason": "Bổ sung"}, "until"),
        ("an", "POST", "tokens", {"name": "Phần mềm"}, "expires_on"),
        ("an", "PATCH", "units/{unit}", {}, "valid_to"),
        (
            "an",
            "POST",
            "periods",
            {"cycle": "ad_hoc", "label": "DX1", "name": "Đột xuất", "starts_on": "2026-11-01", "ends_on": "2026-11-02"},
            "due_on",
        ),
    ],
)  # fmt: skip
def test_the_last_day_of_the_calendar_is_refused_beside_its_field(
    client, things, who, method, address, body, field
):
    headers = {"If-Match": '"1"'}
    answer = client(who).request(
        method, f"/api/v1/{address.format(**things)}", json=body | {field: LAST}, headers=headers
    )
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == f"/{field}"
    assert error["detail"].startswith("Năm phải từ 2000 đến 2100.")


def test_a_unit_without_an_end_says_so_with_nothing(client, things):
    address, headers = f"/api/v1/units/{things['unit']}", {"If-Match": '"1"'}
    refused = client("an").patch(address, json={"valid_to": LAST}, headers=headers)
    assert "để trống" in refused.json()["errors"][0]["detail"]
    assert client("an").patch(address, json={"valid_to": None}, headers=headers).status_code == 200
