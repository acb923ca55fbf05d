"""/api/v1/notices as another system meets it."""

from datetime import timedelta

import pytest

from app.api.notice import NoticePage
from app.models import Notice
from tests.factories import put
from tests.people import NOW

ADDRESS = "/api/v1/notices"


@pytest.fixture
def told(stage, cast):
    made = [
        put(
            stage,
            Notice(
                locality_id=cast.commune.id, account_id=cast.binh.account_id, kind=kind, text=f"Báo {number}",
                href="/ky", event_number=number, at=NOW + timedelta(minutes=number),
            ),
        )
        for number, kind in enumerate(("assigned", "returned", "returned"))
    ]  # fmt: skip
    stage.commit()
    return made


def test_the_newest_first_page_by_page_and_by_kind(client, told):
    mine = client("binh")
    first = NoticePage.model_validate_json(mine.get(ADDRESS, params={"limit": 2}).content)
    assert ([one.text for one in first.items], first.unread) == (["Báo 2", "Báo 1"], 3)
    second = mine.get(ADDRESS, params={"limit": 2, "cursor": first.next}).json()
    assert ([one["text"] for one in second["items"]], second["next"]) == (["Báo 0"], None)
    assert len(mine.get(ADDRESS, params={"kind": "returned"}).json()["items"]) == 2
    assert mine.get(ADDRESS, params={"kind": "gossip"}).status_code == 422
    assert client("hoa").get(ADDRESS).json()["items"] == []


def test_reading_one_and_all(client, told):
    mine = client("binh")
    read = mine.post(f"{ADDRESS}/{told[0].id}/readings")
    assert (read.status_code, read.json()["read_at"] is None) == (201, False)
    assert client("hoa").post(f"{ADDRESS}/{told[1].id}/readings").status_code == 404
    assert len(mine.get(ADDRESS, params={"unread": True}).json()["items"]) == 2
    assert mine.post(f"{ADDRESS}/readings").json() == {"read": 2}
    assert mine.post(f"{ADDRESS}/readings").json() == {"read": 0}


def test_choosing_what_comes_by_mail(client, cast):
    mine, address = client("binh"), "/api/v1/me/notice-choices"
    assert len(mine.get(address).json()["by_mail"]) == 10
    assert mine.put(address, json={"by_mail": ["urged"]}).json() == {"by_mail": ["urged"], "sends": False}
    assert mine.get(address).json()["by_mail"] == ["urged"]
    assert mine.put(address, json={"by_mail": ["gossip"]}).status_code == 422
