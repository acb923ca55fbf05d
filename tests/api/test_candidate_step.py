"""Splitting, merging, deciding several at once and taking steps back, by JSON: bytes as described."""

import pytest

from app.api.candidate import CandidateOut, CandidatePage
from app.api.candidate_step import BulkOut, CandidatesOut, PiecesOut, StepList, UndoneOut
from app.services.document import upload_document
from tests.plans import PLAN


@pytest.fixture
def document(working, cast):
    with working(cast.an) as work:
        return upload_document(work, name="ke-hoach.txt", data=PLAN.encode())


def candidates(client, document, **asked):
    answer = client.get(f"/api/v1/documents/{document.id}/candidates", params=asked)
    return CandidatePage.model_validate_json(answer.content).items


def chosen(*rows):
    return [{"id": str(row.id), "version": row.version} for row in rows]


def test_a_candidate_is_cut_where_it_was_proposed_and_the_cut_is_taken_back(client, document):
    office = client("an")
    task = candidates(office, document, kind="task")[1]
    proposed = PiecesOut.model_validate_json(office.get(f"/api/v1/candidates/{task.id}/pieces").content)
    assert proposed.pieces == [task.fields["text"]]
    answer = office.post(
        f"/api/v1/candidates/{task.id}/splits",
        json={"pieces": ["Rà soát quy hoạch.", "Dành quỹ đất."]},
        headers={"If-Match": f'"{task.version}"'},
    )
    made = CandidatesOut.model_validate_json(answer.content).items
    assert (answer.status_code, [row.made_of for row in made]) == (201, [[task.id]] * 2)
    pages = [row.fields["text"] for row in candidates(office, document, kind="task", state="pending")]
    assert pages[1:] == ["Rà soát quy hoạch.", "Dành quỹ đất."]
    [step] = StepList.model_validate_json(office.get(f"/api/v1/documents/{document.id}/steps").content).items
    undone = office.post(f"/api/v1/documents/{document.id}/step-undos", json={"step": str(step.id)})
    assert UndoneOut.model_validate_json(undone.content).changed == 1
    assert candidates(office, document, state="pending", kind="task")[1].id == task.id


def test_candidates_are_read_page_by_page_in_their_place(client, document):
    office = client("an")
    task = candidates(office, document, kind="task")[0]
    office.post(f"/api/v1/candidates/{task.id}/splits", json={"pieces": ["Một việc.", "Hai việc."]})
    whole = [row.id for row in candidates(office, document)]
    read, cursor = [], None
    while True:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = office.get(f"/api/v1/documents/{document.id}/candidates", params=asked).json()
        read += [row["id"] for row in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert read == [str(key) for key in whole]


def test_candidates_are_filtered_by_organisation_and_warning(client, document):
    office = client("an")
    unit = candidates(office, document, kind="unit")[0]
    assert {row.kind for row in candidates(office, document, unit=str(unit.id))} == {"unit", "duty"}
    [group] = candidates(office, document, warning="group_without_members")
    assert group.fields["name"] == "Các chi bộ thôn"


def test_several_answer_with_one_item_each(client, document):
    office = client("an")
    tasks, [lone] = candidates(office, document, kind="task"), candidates(office, document, kind="duty")[:1]
    office.post(f"/api/v1/candidates/{tasks[0].id}/decisions", json={"action": "accept"})
    answer = office.post(
        f"/api/v1/documents/{document.id}/decisions",
        json={"action": "accept", "candidates": chosen(*tasks, lone)},
    )
    items = BulkOut.model_validate_json(answer.content).items
    assert answer.status_code == 207
    assert {(item.status, item.code) for item in items} == {
        (200, None), (412, "stale"), (409, "unit_not_accepted"),
    }  # fmt: skip


def test_merged_candidates_answer_as_one(client, document):
    office = client("an")
    tasks = candidates(office, document, kind="task")
    answer = office.post(f"/api/v1/documents/{document.id}/merges", json={"candidates": chosen(*tasks)})
    made = CandidateOut.model_validate_json(answer.content)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/candidates/{made.id}")
    assert made.made_of == [task.id for task in tasks]
    again = office.post(f"/api/v1/documents/{document.id}/merges", json={"candidates": chosen(*tasks)})
    assert (again.status_code, again.json()["code"]) == (409, "split_or_merged")
