"""/api/v1/search and /events."""

from app.api.event import EventPage
from app.api.search import HitList
from tests.factories import add_plan, add_task


def test_search_without_marks(client, cast):
    answer = client("dung").get("/api/v1/search", params={"q": "to dan pho"})
    hit = HitList.model_validate(answer.json()).items[0]
    assert (hit.kind, hit.title, hit.page_url) == (
        "unit",
        "Chi bộ tổ dân phố số 1",
        f"/don-vi/{cast.other_unit.id}",
    )


def test_search_finds_tasks_with_their_plan(client, cast, stage):
    plan = add_plan(stage, cast.commune)
    task = add_task(stage, plan)
    stage.commit()
    hits = client("binh").get("/api/v1/search", params={"q": "ra soat"}).json()["items"]
    assert [(h["kind"], h["id"], h["within"]) for h in hits] == [("task", str(task.id), plan.title)]


def test_search_needs_a_person_and_a_question(client):
    assert client(None).get("/api/v1/search", params={"q": "x"}).status_code == 401
    assert client("an").get("/api/v1/search").status_code == 422
    assert client("an").get("/api/v1/search", params={"q": "  "}).json() == {"items": [], "next": None}
    assert client("an").get("/api/v1/search", params={"q": "x" * 201}).status_code == 422


def test_history_is_followed_by_number(client, cast):
    office = client("an")
    for name in ("Phòng Một", "Phòng Hai", "Phòng Ba"):
        office.post("/api/v1/units", json={"name": name, "kind": "division"})
    first = office.get("/api/v1/events", params={"limit": 2}).json()
    assert EventPage.model_validate(first).items[0].text == "Thêm đơn vị Phòng Một"
    then = office.get("/api/v1/events", params={"cursor": first["next"]}).json()
    assert [e["number"] for e in first["items"] + then["items"]] == [1, 2, 3]
    assert then["items"][0]["previous_hash"] == first["items"][1]["hash"]
    assert len(office.get("/api/v1/events", params={"since": 2}).json()["items"]) == 1
    assert office.get("/api/v1/events", params={"kind": "unit_changed"}).json()["items"] == []


def test_history_of_another_commune_is_empty(client, cast):
    client("an").post("/api/v1/units", json={"name": "Phòng Một", "kind": "division"})
    foreign = {"locality": str(cast.commune.id)}
    assert client("dung").get("/api/v1/events", params=foreign).status_code == 404
    assert client("dung").get("/api/v1/events").json()["items"] == []
    assert client("binh").get("/api/v1/events").json()["items"] == []
    assert client(None).get("/api/v1/events").status_code == 401
