"""What whoever opens a link meets: one page with one button, then one unit's form of one period and nothing else."""

import re

import pytest
from sqlalchemy import select

from app.models import Assignment, EventRow, Evidence, Plan, SignInTry, Submission, TaskReport
from app.models.base import columns
from app.services.access_link import AccessLinkInput, make_access_link, revoke_access_link
from app.services.period import PeriodInput, open_period
from app.services.unit_group import set_group_members
from tests.factories import add_assignment, add_group, add_indicator, add_plan, add_responsibility, add_task

events, reports = columns(EventRow), columns(TaskReport)
GONE = "Liên kết không dùng được"


class Setting:
    """The school's rows in two periods, the village's in one, and a link to the school's in the later one."""

    def __init__(self, stage, cast, working):
        plan = add_plan(stage, cast.commune)
        self.task = add_task(stage, plan, title="Rà soát phòng học")
        given = add_responsibility(stage, self.task, cast.school_cell)
        add_indicator(stage, plan, owners=(cast.school_cell, cast.village_cell))
        dated = add_task(stage, plan, "NV-900", title="Lập đề án", kind="dated")
        self.dated = add_assignment(stage, dated, cast.school_cell).id
        add_responsibility(stage, add_task(stage, plan, "NV-901"), cast.village_cell)
        stage.commit()
        with working(cast.an) as work:
            self.before = open_period(work, PeriodInput(label="2026-Q3"))
            self.period = open_period(work, PeriodInput(label="2026-Q4"))
            self.row, self.earlier_row = self._of(work, Assignment, cast.school_cell)
            self.figure, self.earlier_figure = self._of(work, Submission, cast.school_cell)
            self.village_row, _ = self._of(work, Assignment, cast.village_cell)
            self.village_figure, _ = self._of(work, Submission, cast.village_cell)
            made = make_access_link(
                work, AccessLinkInput(unit=cast.school_cell.id, period=str(self.period.id))
            )
        self.link, self.secret = made.link.id, made.secret
        self.unit, self.village, self.plan, self.given = (
            cast.school_cell.id,
            cast.village_cell.id,
            plan.id,
            given.id,
        )

    def _of(self, work, model, unit):
        """That unit's row in the period and in the one before."""
        of = columns(model)
        found = dict(work.session.execute(select(of.period_id, of.id).where(of.unit_id == unit.id)).all())
        return found[self.period.id], found[self.before.id]

    @property
    def form(self):
        return f"/bao-cao-ky/{self.unit}/{self.period.id}"


@pytest.fixture
def setting(stage, cast, working):
    return Setting(stage, cast, working)


@pytest.fixture
def visitor(client, setting):
    browser = client(None)
    entered = browser.post(f"/l/{setting.secret}")
    assert (entered.status_code, entered.headers["location"]) == (303, setting.form)
    return browser


def test_looking_shows_whose_form_it_is_and_changes_nothing(client, setting, stage):
    browser, before = client(None), stage.scalars(select(events.id)).all()
    for _ in range(3):  # a messenger, its preview, the person
        page = browser.get(f"/l/{setting.secret}")
    assert page.status_code == 200
    assert "Chi bộ Trường Mầm non Hoa Sen" in page.text
    assert "Mở phiếu báo cáo" in page.text
    assert re.search(r"Liên kết dùng đến</dt><dd>hết ngày \d\d/\d\d/\d{4}</dd>", page.text)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "strict-origin"
    assert "set-cookie" not in page.headers
    assert stage.scalars(select(events.id)).all() == before


def test_other_pages_keep_their_referrer_policy(client):
    assert client(None).get("/dang-nhap").headers["referrer-policy"] == "same-origin"


def test_the_button_opens_the_form_with_a_head_of_its_own(visitor, setting):
    page = visitor.get(setting.form).text
    assert "Rà soát phòng học" in page
    assert "Thoát" in page
    for place in ("/tim", "/tai-khoan", "/ke-hoach", "/don-vi", "/bang/", "/nguoi-dung", "/lich-su"):
        assert f'href="{place}' not in page
        assert f'action="{place}' not in page


def test_the_first_page_leads_to_the_form(visitor, setting):
    answer = visitor.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, setting.form)


class Together:
    """Rows of groups in the link's period: joint work of the school's group and of one it is not in, the village's own
    row through the school's group, and the joint row of the period before."""

    def __init__(self, stage, cast, setting):
        plan = stage.get(Plan, setting.plan)
        self.group = add_group(stage, cast.commune, "CB", "Các chi bộ", [cast.school_cell, cast.village_cell])
        strange = add_group(stage, cast.commune, "TD", "Các tổ dân phố", [cast.village_cell])
        task = add_task(stage, plan, "NV-910", title="Tổ chức ngày hội chung", ordinal=910)
        duty = add_responsibility(stage, task, self.group, completion="joint")
        self.row, self.earlier = (
            add_assignment(stage, task, self.group, period=period, responsibility=duty).id
            for period in (setting.period, setting.before)
        )
        other = add_task(stage, plan, "NV-911", title="Họp tổ dân phố", ordinal=911)
        self.strange = add_assignment(stage, other, strange, period=setting.period).id
        each = add_task(stage, plan, "NV-912", title="Đăng ký thi đua", ordinal=912)
        self.of_another = add_assignment(
            stage, each, cast.village_cell, period=setting.period, group_id=self.group.id,
            responsibility=add_responsibility(stage, each, self.group),
        ).id  # fmt: skip
        stage.commit()


@pytest.fixture
def together(stage, cast, setting):
    return Together(stage, cast, setting)


def test_joint_work_of_the_units_group_is_on_the_form_and_answered_by_link(visitor, setting, together, stage):
    page = visitor.get(setting.form).text
    assert "Việc làm chung" in page
    assert f'href="/viec/{together.row}"' in page
    assert "Báo cáo" in visitor.get(f"/viec/{together.row}").text
    sent = visitor.post(f"/viec/{together.row}/bao-cao", data={"result": "Đã tổ chức, 120 người dự."})
    assert sent.status_code == 303
    told = stage.scalars(select(events).where(events.kind == "assignment_reported")).one()
    assert (told.subject_id, told.unit_id) == (together.row, together.group.id)
    assert told.actor_name == "Chi bộ Trường Mầm non Hoa Sen (liên kết)"
    assert "Đã báo cáo" in visitor.get(setting.form).text


@pytest.mark.parametrize("which", ["earlier", "strange", "of_another"])
def test_of_groups_nothing_but_joint_work_of_the_period_is_there(visitor, setting, together, which):
    row = getattr(together, which)
    assert visitor.get(f"/viec/{row}").status_code == 404
    assert visitor.post(f"/viec/{row}/bao-cao", data={"result": "x"}).status_code == 404
    page = visitor.get(setting.form).text
    assert "Họp tổ dân phố" not in page
    assert "Đăng ký thi đua" not in page


def test_the_groups_own_form_is_not_the_visitors_and_who_left_the_group_has_no_share(
    visitor, setting, together, cast, working
):
    assert visitor.get(f"/bao-cao-ky/{together.group.id}/{setting.period.id}").status_code == 404
    with working(cast.an) as work:
        set_group_members(work, together.group.id, [cast.village_cell.id])
    assert visitor.get(f"/viec/{together.row}").status_code == 404
    assert "Việc làm chung" not in visitor.get(setting.form).text


def test_what_is_sent_bears_the_units_name_and_no_account(visitor, setting, stage):
    sent = visitor.post(setting.form, data={f"{setting.row}.result": "Đã rà soát 12 phòng."})
    assert sent.status_code == 303
    assert "Đã gửi 1 báo cáo" in visitor.get(setting.form).text
    told = stage.scalars(select(events).where(events.kind == "assignment_reported")).one()
    assert (told.account_id, told.actor_name) == (None, "Chi bộ Trường Mầm non Hoa Sen (liên kết)")
    assert stage.scalars(select(reports)).one().sent_by_id is None


def test_a_form_sent_twice_over_a_weak_network_has_one_effect(visitor, setting, stage):
    data = {f"{setting.row}.result": "Đã rà soát.", "_key": "mot-lan-thoi"}
    first, again = (visitor.post(setting.form, data=data) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["idempotency-replayed"] == "true"
    assert len(stage.scalars(select(reports)).all()) == 1


def test_rows_have_their_pages_and_steps(visitor, setting, stage):
    row, figure = f"/viec/{setting.row}", f"/so-lieu/{setting.figure}"
    page = visitor.get(row).text
    assert f'href="{setting.form}"' in page
    assert not re.search(r'href="/(ke-hoach|nhiem-vu|bang|chi-tieu|don-vi)', page + visitor.get(figure).text)
    assert visitor.post(f"{row}/tiep-nhan").status_code == 303
    assert visitor.post(f"{row}/vuong-mac", data={"block_reason": "Mất điện"}).status_code == 303
    assert visitor.post(f"{row}/het-vuong-mac").status_code == 303
    assert visitor.post(f"{row}/bat-dau").status_code == 303
    assert visitor.post(f"{row}/bao-cao", data={"result": "Xong."}).status_code == 303
    assert visitor.post(f"{figure}/gui", data={"numerator": "5", "denominator": "6"}).status_code == 303
    assert stage.get(Assignment, setting.row).state == "reported"
    assert stage.get(Submission, setting.figure).state == "sent"


def test_what_the_office_decides_is_not_theirs_to_do(visitor, setting):
    for step in ("xac-nhan", "tra-lai", "khong-ap-dung", "mo-lai", "y-kien"):
        assert visitor.post(f"/viec/{setting.row}/{step}", data={"return_reason": "x"}).status_code == 404


def test_rows_of_another_period_or_unit_are_not_there(visitor, setting, stage):
    """Neither by their address, nor through the form, nor by what a figure is about."""
    others = (setting.earlier_row, setting.dated, setting.village_row)
    figures = (setting.earlier_figure, setting.village_figure)
    for key in others:
        assert visitor.get(f"/viec/{key}").status_code == 404
        assert visitor.post(f"/viec/{key}/tiep-nhan").status_code == 404
        assert visitor.post(f"/viec/{key}/bao-cao", data={"result": "Lạ"}).status_code == 404
    for key in figures:
        assert visitor.get(f"/so-lieu/{key}").status_code == 404
        assert (
            visitor.post(f"/so-lieu/{key}/gui", data={"numerator": "5", "denominator": "6"}).status_code
            == 404
        )
    for place in (f"{setting.unit}/{setting.before.id}", f"{setting.village}/{setting.period.id}"):
        assert visitor.get(f"/bao-cao-ky/{place}").status_code == 404
        assert (
            visitor.post(f"/bao-cao-ky/{place}", data={f"{setting.earlier_row}.result": "Lạ"}).status_code
            == 404
        )
    visitor.post(setting.form, data={f"{key}.result": "Lạ" for key in others})
    assert stage.scalars(select(reports)).all() == []


def test_of_earlier_periods_only_the_answer_to_carry_on_is_there(
    client, visitor, setting, stage, working, cast
):
    """Decision 0027: the last answer to the same duty while the row is due; nothing older, nothing beside it."""
    with working(cast.an) as work:
        oldest = open_period(work, PeriodInput(label="2026-Q2"))
        rows = columns(Assignment)
        old_row = work.session.scalars(
            select(rows.id).where(rows.period_id == oldest.id, rows.unit_id == setting.unit)
        ).one()
    unit, village = client("binh"), client("hoa")
    unit.post(f"/viec/{old_row}/bao-cao", data={"result": "Quý hai rà soát 3 phòng"})
    earlier = f"/viec/{setting.earlier_row}"
    unit.post(f"{earlier}/bao-cao", data={"result": "Quý ba rà soát 5 phòng", "difficulty": "Mưa lũ"})
    unit.post(f"{earlier}/minh-chung", files=[("file", ("anh-quy-ba.txt", b"mot", "text/plain"))])
    client("an").post(f"{earlier}/tra-lai", data={"return_reason": "Lý do trả lại quý ba"})
    village.post(f"/viec/{setting.village_row}/bao-cao", data={"result": "Thôn đã làm"})
    unit.post(f"/so-lieu/{setting.earlier_figure}/gui", data={"numerator": "47", "denominator": "59"})

    page = visitor.get(setting.form).text
    for shown in ("Quý III/2026", "Quý ba rà soát 5 phòng", "Mưa lũ", "47/59"):
        assert shown in page
    pages = page + visitor.get(f"/viec/{setting.row}").text + visitor.get(f"/so-lieu/{setting.figure}").text
    for hidden in (
        "Quý hai rà soát",
        "anh-quy-ba",
        "Lý do trả lại quý ba",
        "Thôn đã làm",
        str(setting.earlier_row),
    ):
        assert hidden not in pages
    file = stage.scalars(select(columns(Evidence).id)).one()
    stage.rollback()
    for address in (f"/minh-chung/{file}", f"/viec/{old_row}", f"/so-lieu/{setting.earlier_figure}"):
        assert visitor.get(address).status_code == 404

    visitor.post(f"{setting.form}/nhap", data={"act": f"carry:{setting.row}"})
    same = {"result": "Quý ba rà soát 5 phòng", "difficulty": "Mưa lũ"}
    sent = visitor.post(f"/viec/{setting.row}/bao-cao", data=same)
    assert sent.status_code == 303
    after = visitor.get(f"/viec/{setting.row}").text
    assert "giữ nguyên như kỳ trước" in after
    assert "Quý III/2026" not in after


def test_nothing_else_of_the_service_is_there(visitor, setting, cast):
    for address in (
        f"/bang/{setting.unit}", f"/ke-hoach/{setting.plan}", "/ke-hoach", "/don-vi", f"/don-vi/{setting.unit}",
        "/nguoi-dung", "/lich-su", "/tim?q=hoc", "/ky", f"/ky/{setting.period.id}", "/tai-khoan", "/ma-truy-cap",
        f"/ky/{setting.period.id}/lien-ket", "/api/v1/me", "/api/v1/assignments", "/api/v1/events",
        f"/api/v1/assignments/{setting.row}", "/api/v1/periods", "/api/v1/search?q=hoc",
    ):  # fmt: skip
        answer = visitor.get(address)
        assert answer.status_code == 404, address
        assert "Rà soát phòng học" not in answer.text
    assert "chỉ mở được phiếu của đơn vị" in visitor.get("/ke-hoach").text


def test_a_revoked_link_ends_what_is_open(visitor, setting, working, cast):
    with working(cast.an) as work:
        revoke_access_link(work, setting.link)
    assert visitor.get(setting.form).headers["location"].startswith("/dang-nhap")
    sent = visitor.post(setting.form, data={f"{setting.row}.result": "Muộn rồi"})
    assert sent.status_code == 401
    assert "Muộn rồi" in sent.text
    assert "mở lại liên kết trên máy này" in sent.text


def test_unknown_and_revoked_are_one_page_that_says_what_to_do(client, setting, working, cast):
    with working(cast.an) as work:
        revoke_access_link(work, setting.link)
    browser = client(None)
    pages = [browser.get("/l/khong-co"), browser.post("/l/khong-co"), browser.get(f"/l/{setting.secret}")]
    pages.append(browser.post(f"/l/{setting.secret}"))
    assert [page.status_code for page in pages] == [404] * 4
    assert len({re.sub(r"<title>.*", "", page.text) for page in pages}) == 1
    assert GONE in pages[0].text
    assert "Văn phòng" in pages[0].text
    assert "Hoa Sen" not in pages[2].text


def test_guessing_is_slowed_down_but_old_paper_is_not(client, setting, working, cast, stage):
    browser = client(None)
    for number in range(10):
        assert browser.get(f"/l/doan-{number}").status_code == 404
    assert browser.get("/l/doan-nua").status_code == 429
    assert browser.post(f"/l/{setting.secret}").status_code == 429
    assert len(stage.scalars(select(columns(SignInTry).id)).all()) == 10


def test_a_person_may_sign_in_from_there_and_a_visitor_may_leave(visitor, setting):
    assert "Tên đăng nhập" in visitor.get("/dang-nhap").text
    left = visitor.post("/dang-xuat")
    assert left.headers["location"] == "/dang-nhap"
    assert visitor.get(setting.form).headers["location"].startswith("/dang-nhap")


def test_an_address_that_is_a_secret_stays_out_of_logs(client, setting, monkeypatch, capsys):
    from app.web import link

    def break_down(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(link, "look_at_door", break_down)
    assert client(None).get(f"/l/{setting.secret}").status_code == 500
    told = capsys.readouterr()
    assert "/l/…" in told.out + told.err
    assert setting.secret not in told.out + told.err
