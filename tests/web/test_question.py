"""/cau-hoi, and the forms of /ky and /ke-hoach around periods, as people meet them."""

import pytest

from app.models import Question
from app.services.period import PeriodInput, open_period
from app.services.unit_group import set_group_members
from tests.factories import (
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
    put,
)
from tests.people import NOW


@pytest.fixture
def asked(stage, cast):
    period = add_period(stage, cast.commune)
    row = add_assignment(
        stage, add_task(stage, add_plan(stage, cast.commune)), cast.school_cell, period=period
    )
    question = put(
        stage,
        Question(
            locality_id=cast.commune.id, kind="waive_request", unit_id=cast.school_cell.id, period_id=period.id,
            assignment_id=row.id, text="Không có trường", asked_at=NOW,
        ),
    )  # fmt: skip
    stage.commit()
    return question


def test_the_office_answers_from_the_page(client, asked):
    office = client("an")
    assert "1 câu hỏi đang chờ" in office.get("/cau-hoi").text
    page = office.get(f"/cau-hoi/{asked.id}").text
    assert "Đồng ý không áp dụng" in page
    refused = office.post(f"/cau-hoi/{asked.id}/tra-loi", data={"answer": "refused", "version": "1"})
    assert (refused.status_code, "Hãy nêu lý do" in refused.text) == (422, True)
    done = office.post(f"/cau-hoi/{asked.id}/tra-loi", data={"answer": "waived", "version": "1"})
    assert done.status_code == 303
    assert "Gửi câu trả lời" not in office.get(f"/cau-hoi/{asked.id}").text


def test_a_change_of_members_is_answered_with_the_rows_in_sight(client, stage, cast, working):
    group = add_group(stage, cast.commune, "G-CB", "Các chi bộ", [cast.school_cell])
    plan = add_plan(stage, cast.commune)
    add_responsibility(stage, add_task(stage, plan, title="Rà soát trẻ"), group)
    add_indicator(stage, plan, "CT-07", owners=(group,))
    stage.commit()
    with working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
    with working(cast.an) as work:
        set_group_members(work, group.id, [cast.village_cell.id])
    asked = {row.kind: row.id for row in stage.query(Question)}
    stage.commit()
    office = client("an")

    def page(kind):
        return office.get(f"/cau-hoi/{asked[kind]}").text

    for kind, links in (("late_joiner", 0), ("ended_member", 2)):
        assert "Rà soát trẻ" in page(kind)
        assert page(kind).count("Quý IV/2026, hạn 11/01/2027") == 2
        assert page(kind).count('<li><a href="/viec/') + page(kind).count('<li><a href="/so-lieu/') == links
    for kind, answer, left in (("late_joiner", "added", "Giao thêm"), ("ended_member", "cancelled", "Hủy")):
        address = f"/cau-hoi/{asked[kind]}"
        given = {"answer": answer, "reason": "Đổi thành viên", "version": "1"}
        assert office.post(f"{address}/tra-loi", data=given).status_code == 303
        assert left in page(kind)
        assert "Gửi câu trả lời" not in page(kind)


def test_a_unit_sees_its_own_without_a_form(client, asked):
    page = client("binh").get(f"/cau-hoi/{asked.id}")
    assert (page.status_code, "Gửi câu trả lời" in page.text) == (200, False)
    assert client("hoa").get(f"/cau-hoi/{asked.id}").status_code == 404
    assert "Chưa có câu hỏi nào" in client("hoa").get("/cau-hoi").text


def test_closing_is_shown_before_and_can_be_taken_back(client, asked, cast):
    office, address = client("an"), f"/ky/{asked.period_id}"
    before = office.get(f"{address}/dong").text
    assert "Còn 1 mục chưa báo cáo" in before
    assert cast.school_cell.name in before
    assert office.post(f"{address}/dong", data={"version": "1"}).status_code == 303
    assert office.post(f"{address}/mo-lai", data={"reopen_reason": ""}).status_code == 422
    answer = office.post(f"{address}/mo-lai", data={"reopen_reason": "Bổ sung", "version": "2"})
    assert answer.status_code == 303
    assert "Mở lại kỳ báo cáo 2026-Q4" in office.get(address).text


def test_a_unit_gets_its_own_date_from_the_page(client, asked, cast):
    office, address = client("an"), f"/ky/{asked.period_id}"
    form = {"unit": str(cast.school_cell.id), "reason": "Trường đang sửa", "own_due_on_day": ""}
    assert office.post(f"{address}/ngoai-le", data=form).status_code == 422
    day = {"own_due_on_day": "4", "own_due_on_month": "5", "own_due_on_year": "2027"}
    assert office.post(f"{address}/ngoai-le", data=form | day).status_code == 303
    assert "Trường đang sửa" in office.get(address).text


def test_a_period_typed_by_hand_is_opened_and_shown_again_when_wrong(client, asked):
    office = client("an")
    wrong = office.post("/ky", data={"ad_hoc": "1", "name": "Báo cáo nhanh"})
    assert (wrong.status_code, 'value="Báo cáo nhanh"' in wrong.text) == (422, True)
    form = {"ad_hoc": "1", "name": "Báo cáo nhanh", "ad_hoc_label": "2026-DX1"}
    for name, day in (("starts_on", "1"), ("ends_on", "20"), ("ad_hoc_due_on", "25")):
        form |= {f"{name}_day": day, f"{name}_month": "11", f"{name}_year": "2026"}
    opened = office.post("/ky", data=form)
    assert opened.status_code == 303
    assert "Báo cáo nhanh" in office.get(opened.headers["location"]).text


def test_the_scheme_of_a_plan_is_set_on_its_page_and_seen_where_periods_are(client, stage, cast):
    plan = add_plan(stage, cast.commune)
    stage.commit()
    office = client("an")
    assert "Văn phòng tự mở kỳ" in office.get(f"/ke-hoach/{plan.id}").text
    wrong = {"scheme": "school_year", "cycle": "month", "version": "1"}
    assert office.post(f"/ke-hoach/{plan.id}/che-do-bao-cao", data=wrong).status_code == 422
    right = {"scheme": "administrative", "cycle": "month", "version": "1"}
    assert office.post(f"/ke-hoach/{plan.id}/che-do-bao-cao", data=right).status_code == 303
    assert "15 đến 14" in office.get(f"/ke-hoach/{plan.id}").text
    assert "Chưa có kỳ nào sắp tự mở" in office.get("/ky").text
