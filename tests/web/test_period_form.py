"""/bao-cao-ky as a unit meets it: one page, one send."""

import pytest

from app.services.period import PeriodInput, open_period
from tests.factories import add_indicator, add_plan, add_responsibility, add_task


@pytest.fixture
def form(stage, cast, working):
    """(address, assignment id, submission id) of the school's form."""
    from sqlalchemy import select

    from app.models import Assignment, Submission

    plan = add_plan(stage, cast.commune)
    add_responsibility(stage, add_task(stage, plan), cast.school_cell)
    add_indicator(
        stage, plan, owners=(cast.school_cell,), numerator_name="Số phòng", denominator_name="Tổng số phòng"
    )
    stage.commit()
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4"))
        task = work.session.scalars(select(Assignment.id)).one()
        figure = work.session.scalars(select(Submission.id)).one()
    return f"/bao-cao-ky/{cast.school_cell.id}/{period.id}", task, figure


def post(person, form, **fields):
    address, task, figure = form
    named = {
        name.replace("task_", f"{task}.").replace("figure_", f"{figure}."): v for name, v in fields.items()
    }
    return person.post(address, data=named, follow_redirects=False)


def test_one_send_takes_everything_and_says_when(client, form):
    unit = client("binh")
    page = unit.get(form[0])
    assert page.status_code == 200
    assert "Số phòng" in page.text
    answer = post(
        unit,
        form,
        task_result="Đã rà soát.",
        task_progress="60",
        figure_numerator="9",
        figure_denominator="10",
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{form[0]}/bien-nhan")
    receipt = unit.get(f"{form[0]}/bien-nhan").text
    assert "Đã gửi 1 báo cáo và 1 số liệu lúc" in receipt
    page = unit.get(form[0]).text
    assert "90% (9/10)" in page
    assert "Đã gửi đủ" in page


def test_blank_rows_wait_for_another_day(client, form):
    unit = client("binh")
    post(unit, form, task_result="Đã rà soát.", task_difficulty="Thiếu kinh phí", figure_numerator="")
    assert "Đã gửi 1 báo cáo lúc" in unit.get(f"{form[0]}/bien-nhan").text
    assert "Tổng số phòng" in unit.get(form[0]).text


def test_a_bad_row_sends_nothing_and_keeps_everything_typed(client, form):
    unit = client("binh")
    answer = post(
        unit,
        form,
        task_result="Đã rà soát 12 phòng.",
        task_proposal="Bổ sung",
        figure_numerator="48",
        figure_denominator="40",
    )
    assert answer.status_code == 422
    for kept in ("Đã rà soát 12 phòng.", "Bổ sung", 'value="48"', "120 % vượt quá 100 %"):
        assert kept in answer.text
    assert f'href="#{form[2]}.numerator"' in answer.text
    assert "0/2" in unit.get(form[0]).text


def test_every_mistake_is_named_at_once(client, form):
    answer = post(
        client("binh"), form, task_difficulty="Thiếu", figure_numerator="99.9", figure_denominator="40"
    )
    assert answer.status_code == 422
    assert f'href="#{form[1]}.result"' in answer.text
    assert "Không rõ “99.9”" in answer.text


def test_an_empty_form_says_what_to_do(client, form):
    answer = post(client("binh"), form)
    assert (answer.status_code, "Nhập ít nhất một dòng" in answer.text) == (409, True)


def test_a_returned_row_comes_filled_in_and_is_not_sent_untouched(client, form):
    unit, office = client("binh"), client("an")
    post(unit, form, task_result="Đã rà soát.", task_progress="60")
    office.post(f"/api/v1/assignments/{form[1]}/returns", json={"reason": "Nêu rõ số phòng"})
    page = unit.get(form[0]).text
    assert "Nêu rõ số phòng" in page
    assert "Đã rà soát." in page
    assert post(unit, form, task_result="Đã rà soát.", task_progress="60").status_code == 409
    now = {"task_result": "Đã rà soát 12 phòng.", "task_progress": "60", "task_sent": "1"}
    assert post(unit, form, **now).status_code == 303


def test_a_form_left_open_since_before_a_row_was_sent_and_returned_shows_it_first(client, form):
    unit, office = client("binh"), client("an")
    post(unit, form, task_result="Máy kia đã gửi")
    office.post(f"/api/v1/assignments/{form[1]}/returns", json={"reason": "Nêu rõ số phòng"})
    refused = post(unit, form, task_result="Máy này gõ", task_sent="0")
    assert refused.status_code == 422
    for shown in ("Máy kia đã gửi", "Máy này gõ", f'href="/viec/{form[1]}#lan-1"'):
        assert shown in refused.text
    assert f'name="{form[1]}.sent" value="1"' in refused.text
    assert post(unit, form, task_result="Máy này gõ", task_sent="1").status_code == 303


def test_sending_twice_has_one_effect(client, form):
    unit = client("binh")
    first = post(unit, form, _key="k", task_result="Đã rà soát.")
    assert post(unit, form, _key="k", task_result="Đã rà soát.").status_code == first.status_code
    reports = unit.get(f"/api/v1/assignments/{form[1]}").json()["reports"]
    assert len(reports) == 1


def test_others_read_or_do_not_know(client, form):
    page = client("chi").get(form[0])
    assert (page.status_code, "Gửi phiếu" in page.text) == (200, False)
    assert post(client("chi"), form, task_result="x").status_code == 403
    for name in ("hoa", "dung"):
        assert client(name).get(form[0]).status_code == 404


def test_a_closed_period_takes_nothing_more(client, form):
    period = form[0].rpartition("/")[2]
    client("an").post(f"/api/v1/periods/{period}/closures", json={})
    page = client("binh").get(form[0]).text
    assert "Kỳ này đã đóng" in page
    assert "Gửi phiếu" not in page
    answer = post(client("binh"), form, task_result="Muộn")
    assert answer.status_code == 422
    assert "kỳ đã đóng, chữ bạn gõ chưa gửi" in answer.text
    assert "Muộn" in answer.text


def test_a_row_given_a_later_day_is_sent_from_the_form_of_its_closed_period(client, form):
    unit, office = client("binh"), client("an")
    period = form[0].rpartition("/")[2]
    asked = {"asked_due_on": "2027-06-30", "reason": "Chờ kinh phí"}
    extension = unit.post(f"/api/v1/assignments/{form[1]}/extensions", json=asked).json()
    assert office.post(f"/api/v1/extensions/{extension['id']}/grants", json={}).status_code == 201
    office.post(f"/api/v1/periods/{period}/closures", json={})
    page = unit.get(form[0]).text
    assert "Chỉ còn nhận các mục dưới đây" in page
    assert f'name="{form[1]}.result"' in page
    assert f'name="{form[2]}.value"' not in page
    assert "Chưa báo cáo khi kỳ đóng" in page
    answer = post(unit, form, task_result="Đã rà soát.")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{form[0]}/bien-nhan")
    assert office.get(f"/api/v1/assignments/{form[1]}").json()["state"] == "reported"
    assert "Không gửi thêm báo cáo được nữa" in unit.get(form[0]).text


def test_looking_takes_note_of_nothing_and_the_units_own_button_does(client, form):
    for name in ("binh", "an", "chi"):
        client(name).get(form[0])
    state = f"/api/v1/assignments/{form[1]}"
    assert client("an").get(state).json()["state"] == "assigned"
    for name in ("an", "chi"):
        assert client(name).post(f"{form[0]}/tiep-nhan").status_code == 403
    assert client("binh").post(f"{form[0]}/tiep-nhan").status_code == 303
    assert client("an").get(state).json()["state"] == "acknowledged"


def test_a_draft_saved_without_a_script_is_there_again_and_the_office_does_not_see_it(client, form):
    answer = client("binh").post(
        f"{form[0]}/nhap", data={"act": "save", f"{form[1]}.result": "Đã rà soát 5 phòng"}
    )
    assert answer.status_code == 303
    page = client("binh").get(form[0]).text
    assert "Đã rà soát 5 phòng" in page
    assert "Bản nháp lưu lúc" in page
    assert "Đã rà soát 5 phòng" not in client("an").get(form[0]).text


def test_the_script_gets_a_line_for_each_row_and_207_when_somebody_was_faster(client, form):
    unit, htmx = client("binh"), {"HX-Request": "true"}
    saved = unit.post(f"{form[0]}/nhap", data={f"{form[1]}.result": "Một"}, headers=htmx)
    assert (saved.status_code, f'id="nhap-{form[1]}"' in saved.text) == (200, True)
    late = unit.post(
        f"{form[0]}/nhap", data={f"{form[1]}.result": "Hai", f"{form[1]}.draft": "0"}, headers=htmx
    )
    assert late.status_code == 207
    assert "data-overtaken" in late.text
    assert "Một" in late.text


def test_sending_over_somebody_elses_newer_words_is_stopped_and_shows_them(client, form):
    unit = client("binh")
    unit.post(f"{form[0]}/nhap", data={f"{form[1]}.result": "Người kia viết"})
    answer = post(unit, form, task_result="Tôi viết", task_draft="0")
    assert answer.status_code == 422
    assert "Người kia viết" in answer.text
    assert "Tôi viết" in answer.text


def test_nothing_has_changed_fills_last_periods_words_in_and_the_office_is_told(client, form, cast, working):
    unit, office = client("binh"), client("an")
    post(unit, form, task_result="Đã rà soát đủ.")
    with working(cast.an) as work:
        later = open_period(work, PeriodInput(label="2027-Q1"))
    address = f"{form[0].rpartition('/')[0]}/{later.id}"
    assert unit.post(f"{address}/nhap", data={"act": "carry-all"}).status_code == 303
    assert unit.get(address).text.count("Đã rà soát đủ.") == 2
    due = unit.get(f"/api/v1/period-forms/{cast.school_cell.id}/{later.id}").json()["tasks"][0]
    unit.post(address, data={f"{due['assignment']}.result": "Đã rà soát đủ."})
    assert "giữ nguyên như kỳ trước" in office.get(f"/viec/{due['assignment']}").text


def test_a_unit_asks_not_to_have_to_and_takes_it_back(client, form):
    unit = client("binh")
    asked = {"act": f"ask:{form[1]}", f"{form[1]}.reason": "Không có trường", f"{form[1]}.result": "Đang gõ"}
    assert unit.post(f"{form[0]}/nhap", data=asked).status_code == 303
    page = unit.get(form[0]).text
    assert "chờ Văn phòng trả lời" in page
    assert "Đang gõ" in page
    unit.post(f"{form[0]}/nhap", data={"act": f"withdraw:{form[1]}"})
    assert "chờ Văn phòng trả lời" not in unit.get(form[0]).text
    empty = unit.post(f"{form[0]}/nhap", data={"act": f"ask:{form[1]}", f"{form[1]}.reason": ""})
    assert empty.status_code == 422
