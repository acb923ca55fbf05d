"""/api/v1/documents of several files and formats: how far reading is, files, pictures of pages, stop and repeat."""

import io
from uuid import UUID

import pytest
from PIL import Image

from app.api.document import DocumentDetailOut, DocumentPage, PassagePage
from app.api.document_file import FilePage
from app.jobs.reading import read_document
from app.permissions import SYSTEM
from app.services.document_reading import Waiting, begin_reading, note_progress
from tests.documents.papers import as_pdf
from tests.plans import PLAN

API = "/api/v1"
ANNEX = "PHỤ LỤC\n\nDanh sách trường học của xã.\n"


@pytest.fixture
def office(client):
    return client("an")


@pytest.fixture
def sent(office):
    files = [("file", ("kế hoạch.pdf", as_pdf(PLAN))), ("file", ("phụ lục.txt", ANNEX.encode()))]
    answer = office.post(f"{API}/documents", files=files)
    assert answer.status_code == 201
    return answer.json()


@pytest.fixture
def read(sent, database, settings):
    read_document(database, settings, UUID(sent["id"]), 1)
    return sent


def test_several_files_wait_to_be_read(office, sent):
    made = DocumentDetailOut.model_validate(sent)
    assert (made.state, made.plan, made.file_name, made.allowed_actions) == (
        "waiting", None, "kế hoạch.pdf", ["cancel"],
    )  # fmt: skip
    assert made.progress.model_dump() == {"page": 0, "pages": 0, "preview": "", "before": 0}
    [listed] = DocumentPage.model_validate_json(office.get(f"{API}/documents").content).items
    assert (listed.state, listed.plan, listed.pending) == ("waiting", None, 0)
    unread = office.get(f"{API}/documents/{sent['id']}/candidates")
    assert (unread.status_code, unread.json()["code"]) == (409, "document_not_read")


def test_progress_is_polled_until_the_document_is_read(office, sent, working, database, settings):
    url, wanted = f"{API}/documents/{sent['id']}", Waiting(UUID(sent["id"]), 1)
    with working(SYSTEM) as work:
        begin_reading(work, wanted)
    with working(SYSTEM) as work:
        note_progress(work, wanted, page=1, pages=2, preview="I- MỤC TIÊU")
    seen = DocumentDetailOut.model_validate_json(office.get(url).content)
    assert (seen.state, seen.progress.page, seen.progress.preview) == ("reading", 1, "I- MỤC TIÊU")
    read_document(database, settings, UUID(sent["id"]), 1)
    seen = DocumentDetailOut.model_validate_json(office.get(url).content)
    assert (seen.state, seen.progress, seen.plan.code, seen.pending) == ("read", None, "KH-01", 11)


def test_clauses_say_their_file_page_place_and_confidence(office, read):
    page = PassagePage.model_validate_json(office.get(f"{API}/documents/{read['id']}/passages").content)
    first, last = page.items[0], page.items[-1]
    assert (first.file, first.page, len(first.box), first.confidence) == (1, 1, 4, None)
    assert (last.file, last.page, last.box) == (2, None, None)


def test_files_are_listed_and_handed_out_as_they_came(office, read):
    listed = FilePage.model_validate_json(office.get(f"{API}/documents/{read['id']}/files").content).items
    assert [(f.ordinal, f.name, f.format, f.first_page) for f in listed] == [
        (1, "kế hoạch.pdf", "pdf", 1), (2, "phụ lục.txt", "txt", None),
    ]  # fmt: skip
    file = office.get(f"{API}/documents/{read['id']}/files/2")
    assert (file.text, file.headers["x-content-type-options"]) == (ANNEX, "nosniff")
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''ph%E1%BB%A5%20l%E1%BB%A5c.txt"
    again = office.get(
        f"{API}/documents/{read['id']}/files/2", headers={"if-none-match": file.headers["etag"]}
    )
    assert again.status_code == 304
    assert office.get(f"{API}/documents/{read['id']}/files/3").status_code == 404


def test_a_page_is_drawn_once_at_one_of_few_widths(office, read, settings):
    url = f"{API}/documents/{read['id']}/pages/1/image"
    drawn = office.get(url, params={"width": 400})
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/jpeg")
    assert abs(Image.open(io.BytesIO(drawn.content)).width - 480) <= 1
    assert len(list(settings.data_dir.glob("pages/*/*/1-480.jpg"))) == 1
    again = office.get(url, params={"width": 480}, headers={"if-none-match": drawn.headers["etag"]})
    assert again.status_code == 304
    assert office.get(f"{API}/documents/{read['id']}/pages/99/image").status_code == 404
    assert office.get(url, params={"width": 0}).status_code == 422


def test_reading_is_stopped_and_asked_for_again(office, sent):
    url = f"{API}/documents/{sent['id']}"
    stopped = office.post(f"{url}/cancellations")
    made = DocumentDetailOut.model_validate_json(stopped.content)
    assert (stopped.status_code, made.state, made.allowed_actions) == (201, "cancelled", ["retry"])
    refused = office.post(f"{url}/cancellations")
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_step")
    again = DocumentDetailOut.model_validate_json(office.post(f"{url}/retries").content)
    assert (again.state, again.attempt) == ("waiting", 2)


def test_a_failure_is_said_with_code_and_sentence(office, database, settings):
    sent = office.post(f"{API}/documents?name=a.docx", content=b"PK\x03\x04" + b"x" * 99).json()
    read_document(database, settings, UUID(sent["id"]), 1)
    failed = DocumentDetailOut.model_validate_json(office.get(f"{API}/documents/{sent['id']}").content)
    assert (failed.state, failed.failure.code, failed.allowed_actions) == (
        "failed", "damaged_document", ["retry"],
    )  # fmt: skip
    assert "tải lên" in failed.failure.message


def test_others_get_neither_files_nor_pages(client, read):
    paths = [f"/documents/{read['id']}{rest}" for rest in ("/files", "/files/1", "/pages/1/image")]
    for login, expected in (("chi", 200), ("dung", 404), ("binh", 404), (None, 401)):
        one = client(login)
        assert [one.get(API + path).status_code for path in paths] == [expected] * 3
        stop = one.post(f"{API}/documents/{read['id']}/cancellations")
        assert stop.status_code == {200: 403}.get(expected, expected)
