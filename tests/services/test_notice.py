"""Who is told of what, once, and reading it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.errors import NotFound, NotSignedIn
from app.jobs.notices import tell_people
from app.models import Account, EventRow, Ledger, Membership, Notice, NoticeCursor
from app.permissions import NOBODY, SYSTEM, Role
from app.services.assignment import (
    ReasonInput,
    ReportInput,
    confirm_assignment,
    report_assignment,
    return_assignment,
)
from app.services.event import verify_history
from app.services.notice import count_unread, list_notices, read_all_notices, read_notice
from app.services.notice_making import list_untold, make_notices
from app.services.period import PeriodInput, open_period
from app.work import Work
from tests.factories import add_assignment, add_group, add_period, add_plan, add_responsibility, add_task
from tests.people import NOW, add_person

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def rows(stage, cast):
    """Three rows of the school cell in the open quarter."""
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    made = [
        add_assignment(stage, add_task(stage, plan, f"NV-{n:03}", ordinal=n), cast.school_cell, period=period)
        for n in range(1, 4)
    ]
    stage.commit()
    return made


@pytest.fixture
def tell(database, settings, working):
    """As the chore does, at a moment of the test's."""

    def told(now=LATER):
        with database.read_session() as session:
            untold = list_untold(Work(session, settings, actor=lambda _: SYSTEM, is_write=False))
        for locality_id in untold:
            with working(SYSTEM, now) as work:
                make_notices(work, locality_id)

    return told


@pytest.fixture
def happened(working):
    """An event as another part of the service records it, by its kind alone."""

    def record(cast, kind, *, actor=None, unit=None, subject=None, subject_kind="assignment", **data):
        with working(SYSTEM) as work:
            number, _ = work._last_of_history(cast.commune.id)
            row = EventRow(
                locality_id=cast.commune.id, number=number + 1, at=NOW, account_id=actor and actor.account_id,
                actor_name=actor.name if actor else "Hệ thống", kind=kind, subject_kind=subject_kind,
                subject_id=subject or cast.commune.id, unit_id=unit and unit.id, data=data,
                previous_hash="", hash=str(number),
            )  # fmt: skip
            work.add(row)
            work.session.get(Ledger, cast.commune.id).number = number + 1
        return row

    return record


def report(working, actor, row):
    with working(actor) as work:
        report_assignment(work, row.id, ReportInput(result="Đã làm xong"))


def inbox(working, actor, **asked):
    with working(actor) as work:
        return [(n.kind, n.text, n.href) for n in list_notices(work, **asked)]


def kinds(working, actor):
    return [kind for kind, _, _ in inbox(working, actor)]


def test_reports_of_a_unit_are_one_unread_notice_of_the_office(working, cast, rows, tell):
    for row in rows[:2]:
        report(working, cast.binh, row)
    tell()
    report(working, cast.binh, rows[2])
    tell()
    ((kind, text, href),) = inbox(working, cast.an)
    assert (kind, href) == ("reported", f"/bao-cao-ky/{cast.school_cell.id}/{rows[0].period_id}")
    assert text == "Chi bộ Trường Mầm non Hoa Sen: 3 nội dung của kỳ Quý IV/2026 chờ Văn phòng xem."
    assert kinds(working, cast.binh) == kinds(working, cast.chi) == kinds(working, cast.dung) == []


def test_after_it_was_read_the_next_report_is_a_new_notice(working, cast, rows, tell):
    report(working, cast.binh, rows[0])
    tell()
    with working(cast.an) as work:
        assert read_all_notices(work) == 1
    report(working, cast.binh, rows[1])
    tell()
    assert [text[-40:] for _, text, _ in inbox(working, cast.an, unread=True)] == [
        "2 nội dung của kỳ Quý IV/2026 chờ Văn phòng xem."[-40:]
    ]
    assert len(inbox(working, cast.an)) == 2


def test_what_the_office_decided_is_told_to_the_unit(working, cast, rows, tell, database):
    for row in rows[:2]:
        report(working, cast.binh, row)
    with working(cast.an) as work:
        return_assignment(work, rows[0].id, ReasonInput(reason="Chưa nêu số liệu"))
        confirm_assignment(work, rows[1].id)
    tell()
    assert sorted(kinds(working, cast.binh)) == ["confirmed", "returned"]
    with database.read_session() as session:
        returned = session.scalars(select(Notice).where(Notice.kind == "returned")).one()
    assert (returned.at_once, returned.href) == (True, f"/viec/{rows[0].id}")
    assert "NV-001" in returned.text
    assert returned.text.endswith("Chưa nêu số liệu")
    assert kinds(working, cast.an) == []  # nothing waits any more, and nobody is told of their own doing


def test_an_opened_period_is_told_to_units_with_rows_through_groups_too(working, cast, stage, tell):
    group = add_group(stage, cast.commune, "G", "Các chi bộ", [cast.school_cell, cast.village_cell])
    add_responsibility(stage, add_task(stage, add_plan(stage, cast.commune)), group, completion="joint")
    stage.commit()
    with working(cast.an) as work:
        period = open_period(work, PeriodInput(label="2026-Q4"))
    tell()
    for actor, unit in ((cast.binh, cast.school_cell), (cast.hoa, cast.village_cell)):
        ((kind, text, href),) = inbox(working, actor)
        assert (kind, href) == ("assigned", f"/bao-cao-ky/{unit.id}/{period.id}")
        assert text == "Mở kỳ báo cáo Quý IV/2026. Đơn vị có 1 nội dung báo cáo."


@pytest.mark.parametrize(("which", "kind"), [("before", "due_soon"), ("after", "overdue")])
def test_reminders_go_to_the_units_that_miss_something(working, cast, rows, tell, happened, which, kind):
    happened(
        cast, "period_reminded", subject=rows[0].period_id, subject_kind="period",
        which=which, due_on="2026-12-20", units=[str(cast.school_cell.id)],
    )  # fmt: skip
    tell()
    ((said, text, _),) = inbox(working, cast.binh)
    assert (said, "20/12/2026" in text, kinds(working, cast.hoa)) == (kind, True, [])


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        ("urging_sent", {"rows": 2, "channel": "app", "answer_by": "2026-12-01"}, ["urged"]),
        ("urging_sent", {"rows": 2, "channel": "phone", "answer_by": "2026-12-01"}, []),
        ("extension_granted", {"due_on": "2026-12-31"}, ["extension"]),
        ("extension_refused", {"reason": "Không được"}, ["extension"]),
        ("question_answered", {"answer": "kept"}, ["question"]),
        ("submission_accepted", {"number": 1}, ["confirmed"]),
        ("assignment_reopened", {"reason": "Tính lại"}, ["returned"]),
        ("submission_reopened", {"reason": "Tính lại"}, ["returned"]),
        ("assignment_acknowledged", {}, []),
    ],
)
def test_the_unit_is_told(working, cast, tell, happened, kind, data, told):
    happened(cast, kind, actor=cast.an, unit=cast.school_cell, **data)
    tell()
    assert (kinds(working, cast.binh), kinds(working, cast.an), kinds(working, cast.hoa)) == (told, [], [])


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        ("question_raised", {"text": "Không áp dụng"}, "question"),
        ("extension_requested", {"asked_due_on": "2026-12-31"}, "extension"),
        ("urging_answered", {"text": "Đang làm"}, "urged"),
        ("assignment_blocked", {"reason": "Chưa có kinh phí"}, "question"),
    ],
)
def test_the_office_is_told(working, cast, tell, happened, kind, data, told):
    happened(cast, kind, actor=cast.binh, unit=cast.school_cell, **data)
    tell()
    assert (kinds(working, cast.an), kinds(working, cast.binh)) == ([told], [])


def test_a_step_up_without_a_superior_is_told_to_the_office(working, cast, tell, happened):
    happened(cast, "urging_stepped_up", about="Chi bộ Trường Mầm non Hoa Sen", to="Văn phòng", rows=2)
    tell()
    assert kinds(working, cast.an) == ["urged"]


def test_units_named_in_a_remark_are_told_once(working, cast, rows, tell, happened, stage):
    both = [str(cast.school_cell.id), str(cast.village_cell.id)]
    stage.add(
        Membership(
            locality_id=cast.commune.id, account_id=cast.hoa.account_id, unit_id=cast.school_cell.id,
            role="unit", valid_from=date(2026, 1, 1),
        )
    )  # fmt: skip
    stage.commit()
    happened(
        cast, "assignment_remarked", actor=cast.chi, unit=cast.school_cell, subject=rows[0].id,
        text="Xem lại", mentioned=both,
    )  # fmt: skip
    tell()
    assert (kinds(working, cast.binh), kinds(working, cast.hoa)) == (["mentioned"], ["mentioned"])


def test_who_is_named_on_the_row_of_another_unit_is_led_to_the_remark(working, cast, rows, tell, happened):
    happened(
        cast, "assignment_remarked", actor=cast.chi, unit=cast.village_cell, subject=rows[0].id,
        text="Xem lại", mentioned=[str(cast.school_cell.id)],
    )  # fmt: skip
    tell()
    with working(cast.binh) as work:
        assert [notice.href for notice in list_notices(work)] == ["/y-kien"]


def test_only_active_people_whose_role_is_in_force_are_told(working, cast, rows, tell, stage):
    gone = add_person(stage, cast.commune, "gone", "Người Đã Nghỉ", Role.OFFICE)
    barred = add_person(stage, cast.commune, "barred", "Người Bị Khóa", Role.OFFICE)
    later = add_person(stage, cast.commune, "later", "Người Sắp Vào", Role.OFFICE)
    by_account = {m.account_id: m for m in stage.scalars(select(Membership)).all()}
    by_account[gone.account_id].valid_to = date(2026, 11, 22)
    by_account[later.account_id].valid_from = date(2026, 11, 24)
    stage.get(Account, barred.account_id).state = "disabled"
    stage.commit()
    report(working, cast.binh, rows[0])
    tell()
    assert [kinds(working, one) for one in (gone, barred, later, cast.an)] == [[], [], [], ["reported"]]


def test_telling_again_and_after_being_cut_off_doubles_nothing(working, cast, rows, tell, database):
    report(working, cast.binh, rows[0])
    with pytest.raises(RuntimeError), working(SYSTEM) as work:
        make_notices(work, cast.commune.id)
        raise RuntimeError("cut off")
    with database.read_session() as session:
        assert session.get(NoticeCursor, cast.commune.id) is None
    tell()
    tell()
    assert kinds(working, cast.an) == ["reported"]
    with working(SYSTEM) as work:
        assert make_notices(work, cast.commune.id) == 0


def test_the_chore_tells_to_the_end_and_adds_nothing_to_the_history(
    working, cast, rows, database, settings, monkeypatch
):
    monkeypatch.setattr("app.services.notice_making.EVENTS_AT_A_TIME", 1)
    for row in rows:
        report(working, cast.binh, row)
    tell_people(database, settings)
    assert kinds(working, cast.an) == ["reported"]
    with database.read_session() as session:
        assert list(verify_history(session, cast.commune.id)) == []


def test_a_person_reads_their_own_notices_only(working, cast, rows, tell):
    report(working, cast.binh, rows[0])
    tell()
    with working(cast.an) as work:
        (notice,) = list_notices(work)
        assert count_unread(work) == 1
    with working(cast.binh) as work, pytest.raises(NotFound):
        read_notice(work, notice.id)
    with working(cast.an, LATER) as work:
        assert read_notice(work, notice.id).read_at == LATER
    with working(cast.an, LATER + timedelta(hours=1)) as work:
        assert read_notice(work, notice.id).read_at == LATER
        assert (count_unread(work), read_all_notices(work)) == (0, 0)
    with working(NOBODY) as work, pytest.raises(NotSignedIn):
        list_notices(work)
