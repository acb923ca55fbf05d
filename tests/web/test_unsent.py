"""Drafts and requests on the pages of one row and of one figure; the period form shows the same drafts."""

import pytest
from sqlalchemy import select

from app.models import Assignment, Submission
from app.services.access_link import AccessLinkInput, make_access_link
from app.services.period import PeriodInput, open_period
from tests.factories import add_indicator, add_plan, add_responsibility, add_task
from tests.people import PASSWORD

SCRIPT = {"HX-Request": "true"}


class Rows:
    """The school's row of work and its figure, with what is typed into each."""

    def __init__(self, stage, cast, working):
        plan = add_plan(stage, cast.commune)
        add_responsibility(stage, add_task(stage, plan), cast.school_cell)
        add_indicator(stage, plan, owners=(cast.school_cell,), measure="count")
        stage.commit()
        with working(cast.an) as work:
            self.period = open_period(work, PeriodInput(label="2026-Q4")).id
            self.task = work.session.scalars(select(Assignment.id)).one()
            figure = work.session.scalars(select(Submission.id)).one()
        self.work, self.figure = f"/viec/{self.task}", f"/so-lieu/{figure}"
        self.unit = cast.school_cell.id
        self.form = f"/bao-cao-ky/{self.unit}/{self.period}"


@pytest.fixture
def rows(stage, cast, working):
    return Rows(stage, cast, working)


@pytest.fixture(params=["work", "figure"])
def page(request, rows):
    """(address, where it is sent, what is typed, something else, its state once sent)."""
    if request.param == "work":
        return rows.work, "bao-cao", {"result": "Đã họp 2 buổi"}, {"result": "Đã họp 3 buổi"}
    return rows.figure, "gui", {"note": "Sổ phổ cập trường"}, {"note": "Sổ phổ cập thôn"}


def words(typed):
    return next(iter(typed.values()))


def test_what_is_typed_is_saved_by_the_script_and_is_there_on_another_device(client, page):
    here, _, typed, _ = page
    saved = client("binh").post(f"{here}/nhap", data=typed, headers=SCRIPT)

    assert saved.status_code == 200
    assert 'name="draft" value="' in saved.text
    another = client("binh").get(here).text
    assert words(typed) in another
    assert "Bản nháp lưu lúc" in another
    for login in ("an", "chi"):
        assert words(typed) not in client(login).get(here).text


def test_it_is_saved_by_a_button_without_a_script_and_gone_once_sent(client, page):
    here, sending, typed, _ = page
    unit = client("binh")
    assert unit.post(f"{here}/nhap", data={**typed, "act": "save"}).headers["location"] == here
    version = unit.get(here).text.partition('name="draft" value="')[2].partition('"')[0]
    sent = unit.post(f"{here}/{sending}", data={**typed, "value": "5", "draft": version})

    assert sent.status_code == 303
    assert "Bản nháp lưu lúc" not in unit.get(here).text
    late = unit.post(f"{here}/nhap", data={**typed, "act": "save"})
    assert late.status_code == 409


def test_a_draft_goes_on_between_the_row_and_the_period_form(client, rows):
    unit = client("binh")
    unit.post(f"{rows.form}/nhap", data={"act": "save", f"{rows.task}.result": "Gõ ở phiếu"})
    assert "Gõ ở phiếu" in unit.get(rows.work).text


def test_somebody_elses_newer_words_are_shown_and_a_person_chooses(client, page):
    here, sending, typed, other = page
    unit = client("binh")
    unit.post(f"{here}/nhap", data=typed, headers=SCRIPT)
    overtaken = unit.post(f"{here}/nhap", data={**other, "draft": "0"}, headers=SCRIPT)
    assert (overtaken.status_code, words(typed) in overtaken.text) == (207, True)
    refused = unit.post(f"{here}/{sending}", data={**other, "value": "5", "draft": "0"})
    assert refused.status_code == 409
    assert words(typed) in refused.text
    assert words(other) in refused.text
    theirs = refused.text.partition('name="theirs" value="')[2].partition('"')[0]

    kept = unit.post(f"{here}/nhap", data={**other, "draft": "0", "theirs": theirs, "act": "keep"})
    assert kept.status_code == 303
    assert words(other) in unit.get(here).text
    unit.post(f"{here}/nhap", data={**typed, "draft": "0", "act": "take"})
    assert words(other) in unit.get(here).text


def test_the_unit_asks_not_to_have_to_and_the_office_reads_it_there(client, page):
    here = page[0]
    unit = client("binh")
    empty = unit.post(f"{here}/de-nghi", data={"request_reason": " "})
    assert (empty.status_code, 'href="#request_reason"' in empty.text) == (422, True)
    asked = unit.post(f"{here}/de-nghi", data={"request_reason": "Đơn vị không có trường"})
    assert asked.status_code == 303

    for login in ("binh", "an"):
        shown = client(login).get(here).text
        assert "chờ Văn phòng trả lời" in shown
        assert "Đơn vị không có trường" in shown
    assert "Rút đề nghị" not in client("an").get(here).text
    assert unit.post(f"{here}/de-nghi", data={"request_reason": "Lần nữa"}).status_code == 409
    assert unit.post(f"{here}/rut-de-nghi").status_code == 303
    assert "chờ Văn phòng trả lời" not in unit.get(here).text


def test_only_who_reports_saves_and_asks(client, page):
    here, _, typed, _ = page
    for login, status in (("an", 403), ("chi", 403), ("hoa", 404), ("dung", 404)):
        person = client(login)
        assert person.post(f"{here}/nhap", data=typed).status_code == status
        assert person.post(f"{here}/de-nghi", data={"request_reason": "x"}).status_code == status
    assert "Lưu nháp" not in client("an").get(here).text


def test_whoever_came_in_with_the_units_link_does_the_same(client, page, rows, working, cast):
    here, _, typed, _ = page
    with working(cast.an) as work:
        link = make_access_link(work, AccessLinkInput(unit=rows.unit, period=str(rows.period)))
    visitor = client(None)
    visitor.post(f"/l/{link.secret}")
    assert visitor.post(f"{here}/nhap", data=typed, headers=SCRIPT).status_code == 200
    assert visitor.post(f"{here}/de-nghi", data={"request_reason": "Không có"}).status_code == 303
    assert words(typed) in visitor.get(here).text


def test_a_returned_report_is_there_to_be_corrected(client, rows):
    unit, office = client("binh"), client("an")
    unit.post(f"{rows.work}/bao-cao", data={"result": "Đã rà soát", "difficulty": "Thiếu người"})
    office.post(f"{rows.work}/tra-lai", data={"return_reason": "Nêu rõ số phòng"})
    form = unit.get(rows.work).text.partition('name="result"')[2].partition("</form>")[0]
    assert "Đã rà soát" in form
    assert "Thiếu người" in form


def test_a_page_left_open_sends_nothing_over_what_was_sent_since_unseen(client, page):
    here, sending, typed, other = page
    unit = client("binh")
    assert unit.post(f"{here}/{sending}", data={**typed, "value": "5", "sent": "0"}).status_code == 303
    refused = unit.post(f"{here}/{sending}", data={**other, "value": "6", "sent": "0"})
    assert (refused.status_code, 'href="#lan-1"' in refused.text) == (409, True)
    assert words(typed) in refused.text
    assert words(other) in refused.text
    assert 'id="lan-2"' not in unit.get(here).text

    seen = refused.text.partition('name="sent" value="')[2].partition('"')[0]
    again = unit.post(f"{here}/{sending}", data={**other, "value": "6", "sent": seen})
    assert (again.status_code, 'id="lan-2"' in unit.get(here).text) == (303, True)


def test_a_mistake_in_another_form_of_the_page_leaves_the_draft_where_it_is(client, page):
    here, _, typed, _ = page
    blank = {"y-kien": "remark", "de-nghi": "request_reason"}
    if here.startswith("/viec"):
        blank |= {"gia-han": "asked_due_on_day", "vuong-mac": "block_reason"}
    unit = client("binh")
    unit.post(f"{here}/nhap", data=typed, headers=SCRIPT)
    for side, field in blank.items():
        refused = unit.post(f"{here}/{side}", data={field: ""})
        assert refused.status_code == 422
        assert words(typed) in refused.text
        assert "data-overtaken" not in refused.text


def test_what_was_typed_for_a_row_that_was_decided_meanwhile_is_shown_again(client, page, rows):
    here, sending, typed, other = page
    unit, office = client("binh"), client("an")
    unit.post(f"{here}/{sending}", data={**typed, "value": "5"})
    office.post(f"{here}/{'xac-nhan' if sending == 'bao-cao' else 'chap-nhan'}", data={"version": "2"})
    refused = unit.post(f"{here}/{sending}", data={**other, "value": "6", "sent": "1"})
    assert (refused.status_code, words(other) in refused.text) == (409, True)


def test_what_the_office_opened_again_stands_where_a_returned_row_would(client, page, rows):
    here, sending, typed, _ = page
    unit, office = client("binh"), client("an")
    unit.post(f"{here}/{sending}", data={**typed, "value": "5"})
    office.post(f"{here}/{'xac-nhan' if sending == 'bao-cao' else 'chap-nhan'}", data={"version": "2"})
    assert office.post(f"{here}/mo-lai", data={"reopen_reason": "Tính lại hai buổi"}).status_code == 303

    form = unit.get(here).text.partition("data-draft-row")[2].partition("</form>")[0]
    assert words(typed) in form
    for address in (here, rows.form, "/"):
        shown = unit.get(address).text
        assert "Văn phòng mở lại" in shown
        assert "Tính lại hai buổi" in shown
    assert "Phải sửa, gửi lại" in unit.get(rows.form).text
    if here == rows.work:
        assert "Văn phòng mở lại: Tính lại hai buổi" in unit.get(f"/bang/{rows.unit}").text


def test_a_draft_of_somebody_else_without_a_figure_says_so(client, rows):
    unit = client("binh")
    unit.post(f"{rows.figure}/nhap", data={"no_data": "yes"}, headers=SCRIPT)
    overtaken = unit.post(f"{rows.figure}/nhap", data={"value": "5", "draft": "0"}, headers=SCRIPT)
    assert (overtaken.status_code, "Kỳ này không có số liệu" in overtaken.text) == (207, True)


def test_after_a_lost_session_only_what_was_typed_is_read_again_and_all_of_it_is_sent(client, rows):
    fields = {
        f"{rows.task}.result": "Đã họp 2 buổi",
        f"{rows.task}.draft": "2001",
        f"{rows.task}.sent": "3001",
        "version": "4001",
        "unit": str(rows.unit),
    }
    kept = {f"kept:{name}": value for name, value in fields.items()}
    signed_in = {"login": "binh", "password": PASSWORD, "kept_action": rows.form}
    resumed = client(None).post("/dang-nhap", data=signed_in | kept).text
    shown, _, sent = resumed.partition('<div class="panel">')[2].partition("<form")
    assert "<b>Kết quả:</b> Đã họp 2 buổi" in shown
    for name, value in fields.items():
        assert f'name="{name}" value="{value}"' in sent
        assert value not in shown or name.endswith("result")
