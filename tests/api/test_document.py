"""/api/v1/documents, /candidates and /plans: from a text to an issued plan, as another system does it."""

from uuid import uuid4

import pytest

from app.api.candidate import CandidateOut, CandidatePage
from app.api.document import DocumentDetailOut, DocumentPage, PassageOut, PassagePage
from app.api.plan import IssuedOut, PlanOut, PlanPage
from tests.plans import PLAN, SECRET

API = "/api/v1"
TEXT = {"content-type": "text/plain; charset=utf-8"}


def upload(client, text=PLAN, **headers):
    return client.post(f"{API}/documents?name=ke-hoach.txt", content=text.encode(), headers=TEXT | headers)


@pytest.fixture
def office(client):
    return client("an")


@pytest.fixture
def document(office):
    return upload(office).json()


def candidates(client, document, **query):
    return client.get(f"{API}/documents/{document['id']}/candidates", params=query).json()["items"]


def test_text_is_taken_in_as_body_or_as_file(office):
    plain = upload(office)
    assert (plain.status_code, plain.headers["location"]) == (201, f"{API}/documents/{plain.json()['id']}")
    made = DocumentDetailOut.model_validate_json(plain.content)
    assert (made.file_name, made.pending, made.coverage.total) == ("ke-hoach.txt", 11, 7)
    sent = office.post(f"{API}/documents", files={"file": ("b.txt", (PLAN + "\n").encode(), "text/plain")})
    assert (sent.status_code, sent.json()["file_name"], sent.json()["plan"]["code"]) == (
        201,
        "b.txt",
        "KH-02",
    )


def test_documents_and_clauses_are_read_page_by_page(office, document):
    assert DocumentPage.model_validate_json(office.get(f"{API}/documents").content).items[0].pending == 11
    got = office.get(f"{API}/documents/{document['id']}")
    assert DocumentDetailOut.model_validate_json(got.content).counts["duty"] == {"pending": 4}
    again = office.get(f"{API}/documents/{document['id']}", headers={"if-none-match": got.headers["etag"]})
    assert again.status_code == 304
    first = office.get(f"{API}/documents/{document['id']}/passages", params={"limit": 10})
    page = PassagePage.model_validate_json(first.content)
    rest = office.get(f"{API}/documents/{document['id']}/passages", params={"cursor": page.next}).json()
    everything = [*page.items, *(PassageOut.model_validate(item) for item in rest["items"])]
    assert all(PLAN[p.start : p.end] == p.raw for p in everything)


def test_candidates_are_filtered_and_decided(office, document):
    page = office.get(f"{API}/documents/{document['id']}/candidates", params={"kind": "unit"})
    unit = CandidatePage.model_validate_json(page.content).items[0]
    assert unit.allowed_actions == ["accept", "edit", "reject"]
    done = office.post(
        f"{API}/candidates/{unit.id}/decisions",
        json={"action": "edit", "unit": {"kind": "party_committee"}},
        headers={"if-match": '"1"'},
    )
    assert (done.status_code, done.headers["etag"]) == (201, '"2"')
    assert CandidateOut.model_validate_json(done.content).fields["kind"] == "party_committee"
    assert [c["id"] for c in candidates(office, document, state="edited")] == [str(unit.id)]


def test_a_stale_decision_is_412_with_what_is_there_now(office, document):
    unit = candidates(office, document, kind="unit")[0]
    url, given = f"{API}/candidates/{unit['id']}/decisions", {"action": "accept"}
    assert office.post(url, json=given, headers={"if-match": '"1"'}).status_code == 201
    stale = office.post(url, json={"action": "reject"}, headers={"if-match": '"1"'})
    assert (stale.status_code, stale.json()["version"], stale.json()["changed"]["state"]) == (
        412,
        2,
        "accepted",
    )


def test_the_whole_way_to_an_issued_plan(office, document):
    plan = document["plan"]
    accepted = office.post(f"{API}/documents/{document['id']}/acceptances", json={})
    assert accepted.json() == {"accepted": 11, "pending": 0}
    early = office.post(f"{API}/plans/{plan['id']}/issues", json={})
    assert (early.status_code, early.json()["code"], early.json()["unused"]) == (409, "unused_clauses", 1)
    [clause] = office.get(f"{API}/documents/{document['id']}").json()["coverage"]["unused"]
    aside = office.post(f"{API}/passages/{clause}/set-asides", json={})
    assert (aside.status_code, aside.json()["set_aside"]) == (201, True)
    issued = office.post(f"{API}/plans/{plan['id']}/issues", json={})
    made = IssuedOut.model_validate_json(issued.content)
    assert (issued.status_code, made.units, made.tasks, made.plan.state) == (201, 3, 7, "issued")
    rows = office.get(f"{API}/assignments", params={"plan": plan["id"]}).json()["items"]
    assert len(rows) == made.rows == 4
    closed = office.post(f"{API}/plans/{plan['id']}/closures", json={})
    assert (closed.status_code, closed.json()["state"]) == (201, "closed")


def test_facts_of_a_draft_are_patched_with_their_version(office, document):
    url = f"{API}/plans/{document['plan']['id']}"
    got = office.get(url)
    assert office.patch(url, json={"number": "12-KH/ĐU"}).status_code == 428
    changed = office.patch(url, json={"number": "12-KH/ĐU"}, headers={"if-match": got.headers["etag"]})
    assert PlanOut.model_validate_json(changed.content).number == "12-KH/ĐU"
    assert office.patch(url, json={"number": "x"}, headers={"if-match": '"1"'}).status_code == 412
    page = PlanPage.model_validate_json(office.get(f"{API}/plans", params={"state": "draft"}).content)
    assert [plan.number for plan in page.items] == ["12-KH/ĐU"]


def test_others_neither_read_nor_write(client, document):
    paths = [
        ("get", f"/documents/{document['id']}"),
        ("get", f"/documents/{document['id']}/passages"),
        ("get", f"/documents/{document['id']}/candidates"),
        ("post", f"/documents/{document['id']}/acceptances"),
        ("get", f"/plans/{document['plan']['id']}"),
        ("post", f"/plans/{document['plan']['id']}/issues"),
    ]
    for login, expected in (("dung", 404), ("binh", 404), (None, 401)):
        one = client(login)
        assert [one.request(method, API + path).status_code for method, path in paths] == [expected] * 6
    leader = client("chi")
    assert [leader.request(m, API + p).status_code for m, p in paths] == [200, 200, 200, 403, 200, 403]
    assert upload(leader, PLAN + " ").status_code == 403


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("", 422, "empty_document"),
        ("Xin chào các bạn.", 422, "not_a_plan"),
        (SECRET, 422, "secret_document"),
        (PLAN, 409, "already_uploaded"),
        ("a" * 9_000_000, 413, "too_large"),
    ],
)
def test_a_text_that_cannot_be_taken_gets_a_problem(office, document, text, status, code):
    refused = upload(office, text)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_the_refusal_of_a_secret_document_is_kept_although_the_request_failed(office, database):
    from sqlalchemy import select

    from app.models import EventRow

    upload(office, SECRET)
    with database.read_session() as session:
        kinds = [row.kind for row in session.scalars(select(EventRow))]
    assert kinds == ["document_refused"]


def test_a_repeated_upload_with_one_key_has_one_effect(office):
    first = upload(office, **{"idempotency-key": "khoa-1"})
    again = upload(office, **{"idempotency-key": "khoa-1"})
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert len(office.get(f"{API}/documents").json()["items"]) == 1


def test_wrong_bodies_and_ids_are_named(office, document):
    unit = candidates(office, document, kind="unit")[0]
    url = f"{API}/candidates/{unit['id']}/decisions"
    wrong = office.post(url, json={"action": "edit", "unit": {"colour": "red"}})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/unit/colour"
    assert office.post(url, json={"action": "burn"}).status_code == 422
    assert office.post(f"{API}/candidates/{uuid4()}/decisions", json={"action": "accept"}).status_code == 404
    assert office.get(f"{API}/documents/{document['id']}/candidates?state=burnt").status_code == 422
    assert office.post(f"{API}/documents", files={"other": b"x"}).status_code == 422
