"""/thong-bao as people meet it."""

import re
from datetime import timedelta

import pytest

from app.models import Notice
from tests.factories import put
from tests.people import NOW


@pytest.fixture
def told(stage, cast):
    made = [
        put(
            stage,
            Notice(
                locality_id=cast.commune.id, account_id=cast.binh.account_id, kind="returned", href="/ky",
                text=f"Trả lại lần {number}.", event_number=number, at=NOW + timedelta(minutes=number),
            ),
        )
        for number in range(35)
    ]  # fmt: skip
    stage.commit()
    return made


def test_opening_a_notice_reads_it_and_leads_to_its_page(client, told):
    mine = client("binh")
    page = mine.get("/thong-bao").text
    assert ("35 thông báo chưa đọc" in page, "Chưa đọc" in page) == (True, True)
    opened = mine.post(f"/thong-bao/{told[-1].id}/mo")
    assert (opened.status_code, opened.headers["location"]) == (303, "/ky")
    assert "34 thông báo chưa đọc" in mine.get("/thong-bao").text
    assert mine.post(f"/thong-bao/{told[-2].id}/da-doc").status_code == 303
    assert mine.post("/thong-bao/da-doc").status_code == 303
    assert "Đã đọc hết thông báo" in mine.get("/thong-bao").text
    assert "Không có thông báo nào như vậy" in mine.get("/thong-bao?chua_doc=1").text


def test_a_long_list_goes_on_and_may_be_narrowed(client, told):
    mine = client("binh")
    page = mine.get("/thong-bao?loai=returned").text
    assert ("Trả lại lần 34." in page, "Trả lại lần 4." in page) == (True, False)
    further = re.search(r'class="pager"><a [^>]*href="([^"]+)"', page).group(1).replace("&amp;", "&")
    assert "Trả lại lần 4." in mine.get(further).text
    assert "Không có thông báo nào như vậy" in mine.get("/thong-bao?loai=assigned").text
    assert mine.get("/thong-bao?tiep=xx_yy").status_code == 422


def test_the_menu_leads_there_and_others_see_nothing_of_it(client, told):
    assert 'href="/thong-bao"' in client("hoa").get("/thong-bao").text
    assert "Chưa có thông báo nào" in client("hoa").get("/thong-bao").text
    assert client("an").post(f"/thong-bao/{told[0].id}/mo").status_code == 404
    assert client(None).get("/thong-bao").status_code == 303


def test_a_person_chooses_what_comes_by_mail(client, cast):
    mine = client("binh")
    page = mine.get("/thong-bao/cai-dat").text
    assert ("chưa khai báo máy chủ thư" in page, page.count(" checked")) == (True, 10)
    assert mine.post("/thong-bao/cai-dat", data={"by_mail": ["urged", "returned"]}).status_code == 303
    assert mine.get("/thong-bao/cai-dat").text.count(" checked") == 2
    assert client("hoa").get("/thong-bao/cai-dat").text.count(" checked") == 10
