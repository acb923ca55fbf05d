"""Downloads of annexes to fill in, over both surfaces."""

import pytest

from app.documents.reading import read_source
from app.documents.sheet import read_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/annex-templates/tasks", "tasks"),
        ("/api/v1/annex-templates/indicators", "indicators"),
        ("/van-ban/mau/nhiem-vu", "tasks"),
        ("/van-ban/mau/chi-tieu", "indicators"),
    ],
)
def test_the_office_downloads_an_annex_the_reader_knows(client, path, kind):
    answer = client("an").get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    assert ".xlsx" in answer.headers["content-disposition"]
    assert [annex.kind for annex in read_source(read_sheet(answer.content)).annexes] == [kind]


def test_who_takes_in_no_documents_needs_no_annexes(client):
    assert client("binh").get("/api/v1/annex-templates/tasks").status_code == 403
    assert client(None).get("/api/v1/annex-templates/tasks").status_code == 401


def test_an_unknown_annex_is_not_found(client):
    assert client("an").get("/van-ban/mau/thu-chi").status_code == 404
    assert client("an").get("/api/v1/annex-templates/budget").status_code == 422


def test_the_page_of_documents_offers_the_annexes(client):
    page = client("an").get("/van-ban").text

    assert 'href="/van-ban/mau/nhiem-vu"' in page
    assert 'href="/van-ban/mau/chi-tieu"' in page
