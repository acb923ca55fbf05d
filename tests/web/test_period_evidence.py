"""Photos and files right on the period form, as a browser without script sends them."""

from urllib.parse import unquote

import pytest
from sqlalchemy import select

from app.models import Assignment, Submission
from app.services.access_link import AccessLinkInput, make_access_link
from app.services.evidence import Subject, list_evidence
from app.services.period import PeriodInput, open_period
from app.services.task import TaskChange, change_task
from tests.factories import add_indicator, add_plan, add_responsibility, add_task
from tests.photos import photo

NOTE = ("biên bản.txt", "Biên bản".encode(), "text/plain")
OTHER = ("danh sách.txt", "Danh sách".encode(), "text/plain")
NOTICE = "tiendo_notice"


class Form:
    """The school's form of one period: its address, a row of work, a figure."""

    def __init__(self, stage, cast, working):
        plan = add_plan(stage, cast.commune)
        task = add_task(stage, plan)
        self.task_id = task.id
        add_responsibility(stage, task, cast.school_cell)
        add_indicator(stage, plan, owners=(cast.school_cell,))
        stage.commit()
        with working(cast.an) as work:
            self.period = open_period(work, PeriodInput(label="2026-Q4")).id
            self.task = work.session.scalars(select(Assignment.id)).one()
            self.figure = work.session.scalars(select(Submission.id)).one()
        self.unit = cast.school_cell.id
        self.address = f"/bao-cao-ky/{self.unit}/{self.period}"

    def add(self, person, row, *files, key="", **typed):
        fields = {f"{self.task}.{name}": text for name, text in typed.items()} | (
            {"_key": key} if key else {}
        )
        sent = [(f"{row}.file", file) for file in files] or [(f"{row}.file", ("", b"", ""))]
        return person.post(f"{self.address}/{row}/minh-chung", data=fields, files=sent)


@pytest.fixture
def form(stage, cast, working):
    return Form(stage, cast, working)


def beside(working, actor, row, kind="assignment"):
    with working(actor) as work:
        return list_evidence(work, Subject(kind, row)).items


def names(working, actor, row, kind="assignment"):
    return [one.name for one in beside(working, actor, row, kind)]


def test_photos_are_laid_beside_the_row_and_what_was_typed_is_a_draft(client, form, working, cast):
    unit = client("binh")
    sent = form.add(unit, form.task, ("họp.jpg", photo(), "image/jpeg"), NOTE, result="Đã rà soát 5 phòng")

    assert (sent.status_code, sent.headers["location"]) == (303, f"{form.address}#{form.task}")
    assert names(working, cast.an, form.task) == ["họp.jpg", "biên bản.txt"]
    page = unit.get(form.address).text
    assert page.count("/anh-nho") == 1
    assert "Đã rà soát 5 phòng" in page
    assert "Bản nháp lưu lúc" in page


def test_limits_are_said_on_every_row_before_anything_is_sent(client, form):
    page = client("binh").get(form.address).text

    assert page.count("mỗi tệp tối đa 25 MB, mỗi việc tối đa 20 tệp") == 2
    assert page.count('capture="environment"') == 2


def test_a_figure_takes_files_too(client, form, working, cast):
    assert form.add(client("binh"), form.figure, NOTE).status_code == 303
    assert names(working, cast.an, form.figure, "submission") == ["biên bản.txt"]


def test_a_double_click_has_one_effect_and_another_file_is_another_sending(client, form, working, cast):
    unit = client("binh")
    first, again = (form.add(unit, form.task, NOTE, key="mot-lan") for _ in range(2))
    other = form.add(unit, form.task, OTHER, key="mot-lan")

    assert (first.status_code, again.headers["idempotency-replayed"]) == (303, "true")
    assert "idempotency-replayed" not in other.headers
    assert names(working, cast.an, form.task) == ["biên bản.txt", "danh sách.txt"]


@pytest.mark.parametrize("files", [[("họp.jpg", b"\x7fELF" + bytes(60), "image/jpeg")], []])
def test_a_bad_file_or_none_comes_back_at_its_row_with_everything_typed(client, form, files, working, cast):
    answer = form.add(client("binh"), form.task, *files, result="Đã rà soát 5 phòng")

    assert answer.status_code == 422
    assert f'href="#{form.task}.file"' in answer.text
    assert "Đã rà soát 5 phòng" in answer.text
    assert names(working, cast.an, form.task) == []


def test_somebody_elses_newer_words_stop_it_and_are_shown(client, form, working, cast):
    unit = client("binh")
    unit.post(f"{form.address}/nhap", data={f"{form.task}.result": "Người kia viết"})
    answer = form.add(unit, form.task, NOTE, result="Tôi viết", draft="0")

    assert answer.status_code == 409
    assert "Người kia viết" in answer.text
    assert "Tôi viết" in answer.text


def test_a_file_is_taken_away_with_a_reason_right_there(client, form, working, cast):
    unit = client("binh")
    form.add(unit, form.task, NOTE)
    one = beside(working, cast.an, form.task)[0].id
    address, typed = f"{form.address}/minh-chung/{one}/bo", {f"{form.task}.result": "Đang gõ"}

    refused = unit.post(address, data=typed)
    assert (refused.status_code, f'href="#bo-{one}.reason"' in refused.text) == (422, True)
    assert unit.post(address, data={**typed, f"bo-{one}.reason": "Gửi nhầm"}).status_code == 303
    assert names(working, cast.an, form.task) == []
    assert "Đang gõ" in unit.get(form.address).text


def test_whoever_came_in_with_the_units_link_adds_and_takes_away(client, form, working, cast):
    with working(cast.an) as work:
        link = make_access_link(work, AccessLinkInput(unit=form.unit, period=str(form.period)))
    visitor = client(None)
    visitor.post(f"/l/{link.secret}")

    assert form.add(visitor, form.task, NOTE, result="Đã làm").status_code == 303
    assert "biên bản.txt" in visitor.get(form.address).text
    one = beside(working, cast.an, form.task)[0].id
    gone = visitor.post(f"{form.address}/minh-chung/{one}/bo", data={f"bo-{one}.reason": "Nhầm"})
    assert gone.status_code == 303


def test_leaders_may_not_and_strangers_and_rows_of_other_forms_are_not_there(client, form, working, cast):
    assert form.add(client("chi"), form.task, NOTE).status_code == 403
    for login in ("hoa", "dung"):
        assert form.add(client(login), form.task, NOTE).status_code == 404
    assert form.add(client(None), form.task, NOTE).status_code == 401
    with working(cast.an) as work:
        later = open_period(work, PeriodInput(label="2027-Q1")).id
    elsewhere = f"/bao-cao-ky/{form.unit}/{later}/{form.task}/minh-chung"
    assert client("binh").post(elsewhere, files=[(f"{form.task}.file", NOTE)]).status_code == 404


def test_a_file_chosen_but_not_sent_is_said_when_the_form_is_sent(client, form):
    typed = {f"{form.task}.result": "Xong", f"{form.task}.file": "họp.jpg", f"{form.figure}.file": ""}
    answer = client("binh").post(form.address, data=typed)

    assert answer.status_code == 303
    assert "Chưa gửi tệp đã chọn ở 1 ô" in unquote(answer.cookies[NOTICE])


def test_where_the_task_needs_evidence_the_row_says_so_before_and_after_it_is_sent(
    client, form, working, cast
):
    with working(cast.an) as work:
        change_task(work, form.task_id, TaskChange(needs_evidence=True), 1)
    unit = client("binh")
    assert "cần kèm ảnh hoặc tệp minh chứng" in unit.get(form.address).text
    unit.post(form.address, data={f"{form.task}.result": "Xong"})
    assert "Cần kèm minh chứng: thêm ảnh, tệp" in unit.get(form.address).text
    unit.post(f"/viec/{form.task}/minh-chung", files=[("file", NOTE)])
    assert "1 tệp minh chứng" in unit.get(form.address).text
