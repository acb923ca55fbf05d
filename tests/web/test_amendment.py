"""Screens of lineage and amendment: what each shows, and who gets which."""

import re

import pytest

from app.models import PlanBasis
from app.services.plan import list_plans
from tests.factories import add_indicator, add_plan
from tests.services.test_amendment import (
    AMENDED,
    amending,
    decide_as_proposed,
    in_force,
    issued,
    old_work,
    taken_in,
)


@pytest.fixture
def two(working, cast):
    """A plan in force, and a draft that would take its place."""
    with working(cast.an) as work:
        plan = in_force(work)
        return plan, amending(work, plan)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_the_office_takes_a_changed_plan_in_from_the_plans_page(client, working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
    an = client("an")
    assert f"/ke-hoach/{plan.id}/sua-doi" in an.get(f"/ke-hoach/{plan.id}").text
    page = an.get(f"/ke-hoach/{plan.id}/sua-doi").text
    assert "Văn bản sửa đổi, thay thế" in page
    file = {"file": ("sua-doi.txt", AMENDED.encode(), "text/plain")}
    answer = an.post(f"/ke-hoach/{plan.id}/sua-doi", data={"_key": hidden(page, "_key")}, files=file)
    assert answer.status_code == 303
    with working(cast.an) as work:
        draft = list_plans(work, states=("draft",))[0]
    assert draft.amends_id == plan.id
    for address in (f"/ke-hoach/{plan.id}", f"/van-ban/{draft.document_id}"):
        assert f"/ke-hoach/{draft.id}/doi-chieu" in an.get(address).text
    assert f"/ke-hoach/{draft.id}" not in client("binh").get(f"/ke-hoach/{plan.id}").text


def test_the_same_file_again_is_refused_on_the_page_it_came_from(client, working, cast):
    from tests.plans import PLAN

    with working(cast.an) as work:
        plan = in_force(work)
    file = {"file": ("ke-hoach.txt", PLAN.encode(), "text/plain")}
    answer = client("an").post(follow_redirects=True, url=f"/ke-hoach/{plan.id}/sua-doi", data={}, files=file)
    assert answer.status_code == 409
    assert "Mở văn bản đã có" in answer.text


def test_a_draft_can_be_said_to_amend_later(client, working, cast):
    with working(cast.an) as work:
        plan, draft = in_force(work), taken_in(work, AMENDED, name="sua-doi.txt")
    an = client("an")
    page = an.get(f"/ke-hoach/{draft.id}").text
    assert "Văn bản này sửa đổi kế hoạch đã có?" in page
    sent = {"amends": str(plan.id), "version": str(draft.version)}
    answer = an.post(follow_redirects=True, url=f"/ke-hoach/{draft.id}/ke-hoach-cu", data=sent)
    assert "Chờ quyết định" in answer.text


def test_clauses_are_compared_with_changed_words_marked(client, two):
    _, draft = two
    page = client("an").get(f"/ke-hoach/{draft.id}/so-sanh").text
    assert "<del>80%</del> <ins>85%</ins>" in page
    assert "<del>- Nắm tư tưởng trong cán bộ, giáo viên, phụ huynh.</del>" in page
    only = client("an").get(f"/ke-hoach/{draft.id}/so-sanh?xem=removed").text
    assert "<ins>85%</ins>" not in only
    assert client("binh").get(f"/ke-hoach/{draft.id}/so-sanh").status_code == 404


def test_old_work_is_decided_on_one_page(client, working, cast, two):
    _, draft = two
    an, here = client("an"), f"/ke-hoach/{draft.id}/doi-chieu"
    page = an.get(here).text
    assert "Giữ nguyên 4 việc không đổi lời văn" in page
    assert "8" in page
    page = an.post(follow_redirects=True, url=f"{here}/giu-nguyen", data={"_key": "k1"}).text
    assert "Đã giữ nguyên 4 việc" in page
    with working(cast.an) as work:
        reworded, gone = old_work(work, draft, "Tham mưu"), old_work(work, draft, "Nắm tư tưởng")
    decided = {"quyet_dinh": f"changed:{reworded.proposal.clause.id}", "version": "0"}
    assert (
        an.post(follow_redirects=True, url=f"{here}/nhiem-vu/{reworded.id}", data=decided).status_code == 200
    )
    ended = {"quyet_dinh": "ended", "reason": "Không còn", "version": "0"}
    fragment = an.post(
        follow_redirects=True, url=f"{here}/nhiem-vu/{gone.id}", data=ended, headers={"HX-Request": "true"}
    )
    assert fragment.headers["HX-Trigger"] == "doi-chieu-doi"
    assert fragment.text.lstrip().startswith("<article")
    assert "Lý do: Không còn" in fragment.text


def test_one_old_task_has_a_page_with_every_clause_to_choose_from(client, working, cast, two):
    _, draft = two
    with working(cast.an) as work:
        gone = old_work(work, draft, "Nắm tư tưởng")
    here = f"/ke-hoach/{draft.id}/doi-chieu/nhiem-vu/{gone.id}"
    an = client("an")
    page = an.get(here).text
    assert "Vận động nhân dân hiến đất" in page
    refused = an.post(follow_redirects=True, url=here, data={"outcome": "kept", "version": "0"})
    assert refused.status_code == 422
    assert "Chọn câu của văn bản mới" in refused.text


def test_somebody_faster_is_told(client, working, cast, two):
    _, draft = two
    with working(cast.an) as work:
        gone = old_work(work, draft, "Nắm tư tưởng")
        decide_as_proposed(work, draft)
    sent = {"quyet_dinh": "ended", "reason": "Khác", "version": "0"}
    answer = client("an").post(
        follow_redirects=True, url=f"/ke-hoach/{draft.id}/doi-chieu/nhiem-vu/{gone.id}", data=sent
    )
    assert answer.status_code == 412
    assert "vừa được người khác sửa" in answer.text


def test_the_page_before_issuing_says_what_is_undecided(client, working, cast, two):
    _, draft = two
    page = client("an").get(f"/ke-hoach/{draft.id}/ban-hanh").text
    assert "nhiệm vụ, chỉ tiêu của kế hoạch cũ chưa đối chiếu" in page
    sent = {"version": str(draft.version), "with_unused": "1"}
    answer = client("an").post(follow_redirects=True, url=f"/ke-hoach/{draft.id}/ban-hanh", data=sent)
    assert answer.status_code == 409
    assert "chưa đối chiếu xong" in answer.text


def test_the_old_plan_stays_readable_and_says_what_took_its_place(client, working, cast, two):
    plan, draft = two
    with working(cast.an) as work:
        decide_as_proposed(work, draft)
        issued(work, draft)
    for person in ("an", "binh", "chi"):
        old = client(person).get(f"/ke-hoach/{plan.id}")
        assert "đã được thay thế bởi" in old.text
        assert f'href="/ke-hoach/{draft.id}"' in old.text
        assert "Sửa đổi, thay thế" in client(person).get(f"/ke-hoach/{draft.id}").text
        assert client(person).get(f"/ke-hoach/{draft.id}/so-sanh").status_code == 200
    story = client("chi").get(f"/ke-hoach/{draft.id}").text
    assert "Được thay thế bởi KH-02" in story


def test_a_board_shows_the_plan_in_force_and_links_to_the_one_before(client, working, cast, stage):
    from app.services.assignment import confirm_assignment
    from tests.services.test_amendment import reported, rows_of, task_with

    with working(cast.an) as work:
        plan = in_force(work)
        row = rows_of(work, task_with(work, plan, "Giám sát"))[0]
        reported(work, row)
        confirm_assignment(work, row.id)
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        issued(work, draft)
        unit, new = row.unit_id, task_with(work, draft, "Vận động nhân dân")
    page = client("an").get(f"/bang/{unit}").text
    assert new.title in page
    assert "Giám sát, phản biện" not in page
    assert f"/bang/{unit}?ke-hoach={plan.id}" in page
    assert "Giám sát, phản biện" in client("an").get(f"/bang/{unit}?ke-hoach={plan.id}").text


def test_task_and_indicator_pages_lead_both_ways(client, working, cast, two):
    from app.services.indicator import list_indicators
    from tests.services.test_amendment import task_with

    plan, draft = two
    with working(cast.an) as work:
        decide_as_proposed(work, draft)
        issued(work, draft)
        old, new = task_with(work, plan, "Giám sát"), task_with(work, draft, "Giám sát")
        was, now = list_indicators(work, plan=plan.id)[0], list_indicators(work, plan=draft.id)[0]
    an = client("an")
    assert f"/nhiem-vu/{new.id}" in an.get(f"/nhiem-vu/{old.id}").text
    assert f"/nhiem-vu/{old.id}" in an.get(f"/nhiem-vu/{new.id}").text
    assert f"/chi-tieu/{now.id}" in an.get(f"/chi-tieu/{was.id}").text
    assert f"/chi-tieu/{was.id}" in an.get(f"/chi-tieu/{now.id}").text


# --- lineage


def test_the_plan_says_what_it_carries_out_and_the_list_filters_by_it(client, working, cast, two):
    plan, _ = two
    an = client("an")
    assert "71-NQ/TW" in an.get(f"/ke-hoach/{plan.id}").text
    assert f"/ke-hoach/{plan.id}" in an.get("/ke-hoach?thuc-hien=71 - nq/tw").text
    assert f"/ke-hoach/{plan.id}" not in an.get("/ke-hoach?thuc-hien=72-NQ/TW").text


def test_the_office_corrects_what_a_plan_carries_out(client, working, cast, two):
    plan, _ = two
    an, here = client("an"), f"/ke-hoach/{plan.id}/can-cu"
    page = an.post(
        follow_redirects=True, url=here, data={"symbol": "02-CTr/TU", "kind": "chuong_trinh", "which": "new"}
    ).text
    assert "Chương trình 02-CTr/TU" in page
    with working(cast.an) as work:
        row = work.session.query(PlanBasis).filter_by(plan_id=plan.id, symbol="02-CTr/TU").one()
    sent = {"symbol": "03-CTr/TU", "version": "1", "which": str(row.id), "issued_on_day": "5"}
    refused = an.post(follow_redirects=True, url=f"{here}/{row.id}", data=sent)
    assert refused.status_code == 422
    assert 'value="03-CTr/TU"' in refused.text
    sent |= {"issued_on_month": "9", "issued_on_year": "2025"}
    assert "03-CTr/TU" in an.post(follow_redirects=True, url=f"{here}/{row.id}", data=sent).text
    assert "03-CTr/TU" not in an.post(follow_redirects=True, url=f"{here}/{row.id}/bo", data={}).text
    assert client("chi").post(here, data={"symbol": "1-NQ/TU"}).status_code == 403


def test_indicators_stand_beside_those_of_a_linked_superior_plan(client, working, cast, stage, two):
    plan, _ = two
    superior = add_plan(stage, cast.commune, code="KH-09")
    superior.number = "71-NQ/TW"
    alike = add_indicator(
        stage, superior, "CT-01", statement="Có trên 90% số trường đạt chuẩn quốc gia vào năm 2030",
        target={"comparator": "gt", "value": 90, "horizon": 2030},
    )  # fmt: skip
    stage.commit()
    with working(cast.an) as work:
        row = work.session.query(PlanBasis).filter_by(plan_id=plan.id).one()
    an, here = client("an"), f"/ke-hoach/{plan.id}"
    assert "Đúng là kế hoạch này" in an.get(f"{here}/can-cu").text
    an.post(
        follow_redirects=True,
        url=f"{here}/can-cu/{row.id}/noi",
        data={"superior_plan": str(superior.id), "version": "1"},
    )
    page = an.get(f"{here}/chi-tieu-cap-tren").text
    assert "Có lẽ là" in page
    assert "thấp hơn cấp trên" in page
    page = an.post(
        follow_redirects=True,
        url=f"{here}/chi-tieu-cap-tren/{alike.id}",
        data={"indicator": "", "version": "0"},
    ).text
    assert "Đã xác nhận: chưa có" in page
    assert f'href="{here}"' in an.get(f"/ke-hoach/{superior.id}").text
    assert "Được cụ thể hoá bởi" in an.get(f"/ke-hoach/{superior.id}").text


def test_pages_of_amendment_are_for_the_office(client, working, cast, two):
    plan, draft = two
    with working(cast.an) as work:
        gone = old_work(work, draft, "Nắm tư tưởng")
    sent = {"quyet_dinh": "ended", "reason": "x", "version": "0"}
    here = f"/ke-hoach/{draft.id}/doi-chieu/nhiem-vu/{gone.id}"
    assert client("chi").get(f"/ke-hoach/{draft.id}/doi-chieu").status_code == 200
    assert client("chi").post(here, data=sent).status_code == 403
    assert client("binh").get(f"/ke-hoach/{draft.id}/doi-chieu").status_code == 404
    assert client("dung").post(here, data=sent).status_code == 404
    assert client("chi").get(f"/ke-hoach/{plan.id}/sua-doi").status_code == 403
