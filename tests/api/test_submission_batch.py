"""Many figures by one request, as another system meets it."""

import pytest

from app.api.submission_batch import BatchOut
from tests.factories import add_indicator, add_period, add_plan

URL = "/api/v1/submissions/batches"
ITEM = {"indicator": "CT-01", "plan": "KH-01", "unit": "CB-MN", "period": "2026-Q4"}


@pytest.fixture(autouse=True)
def indicators(client, stage, cast):
    plan = add_plan(stage, cast.commune)
    add_period(stage, cast.commune)
    for code in ("CT-01", "CT-02"):
        add_indicator(stage, plan, code, owners=(cast.school_cell,))
    stage.commit()


def test_each_item_has_its_own_answer(client):
    items = [{**ITEM, "value": "90"}, {**ITEM, "indicator": "CT-02", "value": "101"}]
    answer = client("binh").post(URL, json={"items": items})
    said = BatchOut.model_validate_json(answer.content)
    assert answer.status_code == 207
    assert (said.sent, said.unchanged, said.refused) == (1, 0, 1)
    assert (said.items[0].status, said.items[0].state, said.items[0].number) == (201, "sent", 1)
    refused = said.items[1]
    assert (refused.status, refused.code) == (422, "invalid")
    assert [one["pointer"] for one in refused.errors] == ["/items/1/value"]
    again = BatchOut.model_validate_json(client("binh").post(URL, json={"items": items}).content)
    assert (again.items[0].status, again.items[0].code, again.items[0].number) == (200, "unchanged", 1)


def test_the_same_key_has_one_effect(client):
    body, headers = {"items": [{**ITEM, "value": "90"}]}, {"Idempotency-Key": "mot-lan"}
    answers = [client("binh").post(URL, json=body, headers=headers) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[1].json()["sent"] == 1


def test_all_or_nothing_is_said_item_by_item(client):
    items = [{**ITEM, "value": "90"}, {**ITEM, "indicator": "CT-02"}]
    said = client("binh").post(URL, json={"items": items, "all_or_nothing": True}).json()
    assert (said["sent"], [one["code"] for one in said["items"]]) == (0, ["held_back", "invalid"])


def test_what_cannot_be_read_is_refused_as_a_whole(client):
    answer = client("binh").post(URL, json={"items": [{**ITEM, "value": "chín mươi"}]})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/items/0/value")
    assert client("binh").post(URL, json={"items": []}).status_code == 422


@pytest.mark.parametrize(("who", "status"), [("an", 403), ("chi", 403), ("hoa", 403), ("dung", 404)])
def test_who_may_send_none_of_it_is_refused(client, who, status):
    assert client(who).post(URL, json={"items": [{**ITEM, "value": "90"}]}).status_code == status
