"""Evidence and uploads as another system, or a page's script, meets them."""

import base64
from uuid import uuid4

import pytest

from app.api.evidence import EvidenceAddedOut, EvidencePage
from tests.factories import add_assignment, add_period, add_plan, add_task
from tests.photos import DEVICE, photo

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = TUS | {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def row(stage, cast):
    task = add_task(stage, add_plan(stage, cast.commune))
    made = add_assignment(stage, task, cast.school_cell, period=add_period(stage, cast.commune))
    stage.commit()
    return made


def add(client, row, *files):
    sent = [("file", file) for file in files]
    return client.post(f"/api/v1/assignments/{row.id}/evidence", files=sent)


def begin(client, row, data, name="họp.jpg"):
    said = base64.b64encode(name.encode()).decode()
    headers = TUS | {"Upload-Length": str(len(data)), "Upload-Metadata": f"filename {said},filetype aW1n"}
    return client.post(f"/api/v1/assignments/{row.id}/uploads", headers=headers)


def offset_of(client, address):
    return client.head(address, headers=TUS).headers["Upload-Offset"]


def test_a_photo_is_added_listed_handed_out_and_removed(client, row):
    unit, office = client("binh"), client("an")
    sent = add(unit, row, ("họp.jpg", photo(), "image/png"))
    assert sent.status_code == 201
    one = EvidenceAddedOut.model_validate(sent.json()).items[0]
    assert (one.name, one.media_type, one.preview, one.allowed_actions) == (
        "họp.jpg",
        "image/jpeg",
        True,
        ["remove"],
    )

    whole = office.get(f"/api/v1/evidence/{one.id}/content")
    assert DEVICE.encode() not in whole.content
    assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''h%E1%BB%8Dp.jpg"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in whole.headers["content-security-policy"]
    small = office.get(f"/api/v1/evidence/{one.id}/preview")
    assert (small.headers["content-type"], small.headers["content-disposition"][:6]) == (
        "image/jpeg",
        "inline",
    )
    again = office.get(f"/api/v1/evidence/{one.id}/preview", headers={"If-None-Match": small.headers["etag"]})
    assert again.status_code == 304

    left = office.post(f"/api/v1/evidence/{one.id}/removals", json={"reason": "Gửi nhầm"})
    assert (left.status_code, left.json()["items"]) == (201, [])
    assert office.get(f"/api/v1/evidence/{one.id}/content").status_code == 404


def test_the_etag_of_the_row_stays(client, row):
    unit = client("binh")
    before = unit.get(f"/api/v1/assignments/{row.id}").headers["etag"]
    add(unit, row, ("a.txt", b"mot", "text/plain"))

    assert unit.get(f"/api/v1/assignments/{row.id}").headers["etag"] == before


def test_of_several_files_the_bad_one_is_named(client, row):
    sent = add(
        client("binh"), row, ("a.txt", b"mot", "text/plain"), ("b.jpg", b"\x7fELF" + bytes(99), "image/jpeg")
    )

    assert [one["name"] for one in sent.json()["items"]] == ["a.txt"]
    assert [(one["name"], one["code"]) for one in sent.json()["refused"]] == [
        ("b.jpg", "unsupported_document")
    ]


def test_leaders_look_strangers_get_404_and_nobody_401(client, row):
    one = add(client("binh"), row, ("a.txt", b"mot", "text/plain")).json()["items"][0]["id"]
    leader = client("chi")
    page = EvidencePage.model_validate(leader.get(f"/api/v1/assignments/{row.id}/evidence").json())
    assert (len(page.items), page.allowed_actions, page.items[0].allowed_actions) == (1, [], [])
    assert add(leader, row, ("a.txt", b"hai", "text/plain")).status_code == 403
    for stranger in ("hoa", "dung"):
        for path in (f"evidence/{one}/content", f"evidence/{one}/preview", f"assignments/{row.id}/evidence"):
            assert client(stranger).get(f"/api/v1/{path}").status_code == 404
    assert client(None).get(f"/api/v1/evidence/{one}/content").status_code == 401
    assert add(client(None), row, ("a.txt", b"hai", "text/plain")).status_code == 401


def test_confirming_without_evidence_says_so_before_and_after_it_is_tried(client, row):
    office, unit = client("an"), client("binh")
    task = unit.get(f"/api/v1/assignments/{row.id}").json()["task"]["id"]
    office.patch(f"/api/v1/tasks/{task}", json={"needs_evidence": True}, headers={"If-Match": '"1"'})
    unit.post(f"/api/v1/assignments/{row.id}/reports", json={"result": "Xong"})

    seen = office.get(f"/api/v1/assignments/{row.id}").json()
    assert (seen["needs_evidence"], "confirm" in seen["allowed_actions"]) == (True, False)
    assert "minh chứng" in seen["refused_actions"]["confirm"]
    refused = office.post(f"/api/v1/assignments/{row.id}/confirmations", json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "evidence_missing")
    add(unit, row, ("a.txt", b"mot", "text/plain"))
    assert office.post(f"/api/v1/assignments/{row.id}/confirmations", json={}).status_code == 201


# Uploads in pieces


def test_an_upload_goes_on_from_where_it_was_cut_and_becomes_evidence(client, row):
    unit, data = client("binh"), photo()
    begun = begin(unit, row, data)
    assert (begun.status_code, begun.headers["tus-resumable"]) == (201, "1.0.0")
    assert begun.headers["upload-expires"].endswith("GMT")
    address, half = begun.headers["location"], len(data) // 2

    first = unit.patch(address, content=data[:half], headers=PIECE | {"Upload-Offset": "0"})
    assert (first.status_code, first.headers["upload-offset"]) == (204, str(half))
    again = unit.head(address, headers=TUS)
    assert (again.headers["upload-offset"], again.headers["upload-length"]) == (str(half), str(len(data)))
    assert again.headers["cache-control"] == "no-store"
    wrong = unit.patch(address, content=data, headers=PIECE | {"Upload-Offset": "7"})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["offset"]) == (409, "upload_offset", half)
    last = unit.patch(address, content=data[half:], headers=PIECE | {"Upload-Offset": str(half)})
    assert (last.status_code, last.headers["upload-offset"]) == (204, str(len(data)))

    assert unit.get(last.headers["content-location"]).status_code == 200
    assert [one["name"] for one in unit.get(f"/api/v1/assignments/{row.id}/evidence").json()["items"]] == [
        "họp.jpg"
    ]
    assert offset_of(unit, address) == str(len(data))


def test_a_file_whose_last_answer_was_lost_is_not_taken_twice(client, row):
    unit = client("binh")
    address = begin(unit, row, b"bien ban", "a.txt").headers["location"]
    for _ in range(2):
        offset = offset_of(unit, address)
        unit.patch(address, content=b"bien ban"[int(offset) :], headers=PIECE | {"Upload-Offset": offset})

    assert len(unit.get(f"/api/v1/assignments/{row.id}/evidence").json()["items"]) == 1


def test_a_refused_file_is_said_with_the_last_piece_and_is_gone(client, row):
    unit, data = client("binh"), b"MZ" + bytes(60)
    address = begin(unit, row, data, "họp.jpg").headers["location"]
    refused = unit.patch(address, content=data, headers=PIECE | {"Upload-Offset": "0"})

    assert (refused.status_code, refused.json()["code"]) == (422, "unsupported_document")
    assert unit.head(address, headers=TUS).status_code == 404


def test_somebody_elses_upload_is_404_whatever_is_asked(client, row):
    address = begin(client("binh"), row, b"0123456789", "a.txt").headers["location"]
    for login in ("an", "chi", "hoa", "dung"):
        stranger = client(login)
        assert stranger.head(address, headers=TUS).status_code == 404
        assert (
            stranger.patch(address, content=b"x", headers=PIECE | {"Upload-Offset": "0"}).status_code == 404
        )
        assert stranger.delete(address, headers=TUS).status_code == 404
    assert client(None).head(address, headers=TUS).status_code == 401
    assert client("binh").head(f"/api/v1/uploads/{uuid4()}", headers=TUS).status_code == 404


def test_an_upload_is_dropped_when_it_is_no_longer_wanted(client, row):
    unit = client("binh")
    address = begin(unit, row, b"0123456789", "a.txt").headers["location"]

    assert unit.delete(address, headers=TUS).status_code == 204
    assert unit.head(address, headers=TUS).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus-Resumable": "0.2.0"}, 412, "wrong_tus_version"),
        ({"Content-Type": "image/jpeg"}, 415, "wrong_content_type"),
        ({"Upload-Offset": "-1"}, 422, "invalid"),
        ({"Upload-Offset": "11"}, 409, "upload_offset"),
    ],
)
def test_who_does_not_speak_the_protocol_is_told(client, row, headers, status, code):
    unit = client("binh")
    address = begin(unit, row, b"0123456789", "a.txt").headers["location"]
    answer = unit.patch(address, content=b"0", headers=PIECE | {"Upload-Offset": "0"} | headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_more_than_was_announced_is_refused(client, row):
    unit = client("binh")
    address = begin(unit, row, b"0123456789", "a.txt").headers["location"]
    answer = unit.patch(address, content=b"x" * 11, headers=PIECE | {"Upload-Offset": "0"})

    assert answer.status_code == 422
    assert offset_of(unit, address) == "0"


@pytest.mark.parametrize(("length", "status"), [("", 422), ("0", 422), ("27000000", 413)])
def test_a_length_that_cannot_be_taken_is_refused_at_once(client, row, length, status):
    answer = client("binh").post(
        f"/api/v1/assignments/{row.id}/uploads", headers=TUS | {"Upload-Length": length}
    )

    assert answer.status_code == status


def test_what_is_spoken_can_be_asked_by_anybody(client):
    said = client(None).options("/api/v1/uploads")

    assert (said.status_code, said.headers["tus-extension"]) == (204, "creation,expiration,termination")
