"""/van-ban while a document is read: as a clerk sees it, with and without htmx."""

from datetime import UTC, datetime, timedelta

import pytest

from app.jobs.reading import read_document
from app.permissions import SYSTEM
from app.services.document import SentFile, upload_files
from app.services.document_reading import Waiting, begin_reading, fail_reading, note_progress
from tests.plans import PLAN

HTMX = {"hx-request": "true"}
FILES = [SentFile("kế hoạch.txt", PLAN.encode()), SentFile("phụ lục.txt", b"PHU LUC")]


@pytest.fixture
def waiting(working, cast):
    with working(cast.an) as work:
        return upload_files(work, FILES)


@pytest.fixture
def address(waiting):
    return f"/van-ban/{waiting.id}"


def test_plan_and_annexes_are_sent_in_one_form(client, cast):
    office = client("an")
    form = office.get("/van-ban").text
    assert form.count('type="file" multiple') == 2
    files = [("file", (file.name, file.data)) for file in FILES]
    sent = office.post("/van-ban", files=files)
    assert (sent.status_code, sent.headers["location"].endswith("/dang-doc")) == (303, True)
    page = office.get(sent.headers["location"]).text
    for said in ("Chờ đọc", "kế hoạch.txt", "phụ lục.txt", "Dừng đọc", "vẫn tiếp tục"):
        assert said in page
    assert "Chờ đọc" in office.get("/van-ban").text


def test_the_page_asks_again_by_itself_with_and_without_scripts(client, waiting, address):
    page = client("an").get(f"{address}/dang-doc").text
    assert 'hx-trigger="every 2s, click"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    part = client("an").get(f"{address}/dang-doc", headers=HTMX).text
    assert part.strip().startswith("<section")
    assert part.count("<section") == 1


def test_pages_done_and_what_was_read_are_shown(client, working, waiting, address):
    with working(SYSTEM) as work:
        begin_reading(work, Waiting(waiting.id, 1))
    with working(SYSTEM) as work:
        note_progress(work, Waiting(waiting.id, 1), page=3, pages=12, preview="II- NHIỆM VỤ <b>")
    page = client("chi").get(f"{address}/dang-doc").text
    assert "Đã đọc 3 trên 12 trang" in page
    assert "II- NHIỆM VỤ &lt;b&gt;" in page
    assert "Dừng đọc" not in page


def test_the_workbench_follows_when_it_is_read(client, database, settings, waiting, address):
    office = client("an")
    assert office.get(address).headers["location"] == f"{address}/dang-doc"
    read_document(database, settings, waiting.id, 1)
    assert office.get(f"{address}/dang-doc").headers["location"] == address
    assert office.get(f"{address}/dang-doc", headers=HTMX).headers["hx-redirect"] == address
    assert "Tham mưu tổ chức học tập" in office.get(address).text


def test_reading_is_stopped_and_asked_for_again(client, address):
    office = client("an")
    assert office.post(f"{address}/dung-doc", data={}).status_code == 303
    assert "Đã dừng đọc. Tệp vẫn còn" in office.get(f"{address}/dang-doc").text
    again = office.post(f"{address}/doc-lai", data={}, headers=HTMX)
    assert "Chờ đọc" in again.text


def test_a_failure_says_why_and_what_to_do(client, working, waiting, address):
    with working(SYSTEM) as work:
        begin_reading(work, Waiting(waiting.id, 1))
    with working(SYSTEM) as work:
        fail_reading(
            work, Waiting(waiting.id, 1), code="encrypted_document", message="Tệp có mật khẩu. Hãy bỏ."
        )
    page = client("an").get(f"{address}/dang-doc").text
    for said in ("Không đọc được", "Tệp có mật khẩu. Hãy bỏ.", "Đọc lại", "Tải tệp khác lên"):
        assert said in page
    assert "http-equiv" not in page
    assert "Không đọc được" in client("an").get("/van-ban").text


def test_a_long_wait_says_whom_to_tell(client, working, cast):
    with working(cast.an, datetime.now(UTC) - timedelta(hours=1)) as work:
        old = upload_files(work, FILES)
    assert "báo người vận hành" in client("an").get(f"/van-ban/{old.id}/dang-doc").text


def test_a_document_that_was_erased_says_that_secrets_are(client, cast):
    gone = client("an").get("/van-ban/01a20000-0000-7000-8000-000000000000/dang-doc")
    assert (gone.status_code, "bị từ chối và xóa hết" in gone.text) == (404, True)


def test_a_file_is_a_download_with_its_own_name(client, waiting, address):
    file = client("chi").get(f"{address}/tep/1")
    assert (file.content, file.headers["content-disposition"]) == (
        PLAN.encode(), "attachment; filename*=UTF-8''k%E1%BA%BF%20ho%E1%BA%A1ch.txt",
    )  # fmt: skip
    assert client("chi").get(f"{address}/trang/1").status_code == 404


def test_others_get_nothing_of_it(client, waiting, address):
    for login, expected in (("dung", 404), ("binh", 404), (None, 303)):
        one = client(login)
        for path in ("/dang-doc", "/tep/1", "/trang/1"):
            assert one.get(address + path).status_code == expected
    assert client("chi").post(f"{address}/dung-doc", data={}).status_code == 403
