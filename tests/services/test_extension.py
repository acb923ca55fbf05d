"""A later date: asked for, granted, refused, taken back; and what it means for being on time."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from app.errors import Conflict, Forbidden, IllegalStep, Invalid, NotFound, Stale
from app.models import Assignment, Extension
from app.services.assignment import (
    ReasonInput,
    ReportInput,
    confirm_assignment,
    report_assignment,
    return_assignment,
    waive_assignment,
)
from app.services.assignment_list import allowed_actions, get_assignment_row
from app.services.counting import four_way
from app.services.extension import (
    ExtensionFilter,
    ExtensionInput,
    GrantInput,
    RefusalInput,
    extension_actions,
    get_extension,
    grant_extension,
    list_extensions,
    refuse_extension,
    request_extension,
    withdraw_extension,
)
from app.services.task import TaskChange, change_task
from app.services.timeline import timeline_of
from tests.factories import add_assignment, add_period, add_plan, add_task
from tests.people import NOW

DUE = date(2026, 11, 20)  # three days ago
LATER = date(2026, 12, 10)
ASKED = ExtensionInput(asked_due_on=LATER, reason="Chờ kinh phí của tỉnh")
WHY = RefusalInput(reason="Việc này không lùi được")
DONE = ReportInput(result="Đã làm xong")


@pytest.fixture
def row(stage, cast):
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated", due_on=DUE)
    made = add_assignment(stage, task, cast.school_cell)
    stage.commit()
    return made


@pytest.fixture
def asked(working, cast, row):
    with working(cast.binh) as work:
        return request_extension(work, row.id, ASKED).id


def now(working, cast, row):
    with working(cast.an) as work:
        return work.get(Assignment, row.id)


def state_of(working, cast, extension_id):
    with working(cast.an) as work:
        return work.get(Extension, extension_id).state


def test_granting_moves_the_date_and_keeps_the_first_one(working, cast, row, asked):
    with working(cast.an) as work:
        grant_extension(work, asked, GrantInput())
    found = now(working, cast, row)
    assert (found.due_on, found.first_due_on, found.extended) == (LATER, DUE, 1)
    with working(cast.an) as work:
        story = [entry.title for entry in timeline_of(work, [row.id])]
    assert story == ["Văn phòng gia hạn đến 10/12/2026", f"Đơn vị xin gia hạn đến 10/12/2026: {ASKED.reason}"]


def test_the_office_may_grant_another_day_and_a_second_time(working, cast, row, asked):
    with working(cast.an) as work:
        grant_extension(work, asked, GrantInput(due_on=date(2026, 12, 1)))
    with working(cast.binh) as work:
        second = request_extension(work, row.id, ASKED).id
    with working(cast.an) as work:
        seen = get_extension(work, second)
        grant_extension(work, second, GrantInput())
    found = now(working, cast, row)
    assert seen.due_before == date(2026, 12, 1)
    assert (found.due_on, found.first_due_on, found.extended) == (LATER, DUE, 2)


def test_a_refusal_leaves_the_date_and_says_why(working, cast, row, asked):
    with working(cast.an) as work:
        refuse_extension(work, asked, WHY)
    with working(cast.binh) as work:
        seen = get_extension(work, asked)
        assert (seen.state, seen.decision_reason, seen.decided_by) == ("refused", WHY.reason, "Nguyễn Thị An")
        assert extension_actions(work, seen) == []
    assert now(working, cast, row).due_on == DUE


def test_the_unit_may_take_its_request_back_and_ask_again(working, cast, row, asked):
    with working(cast.binh) as work:
        withdraw_extension(work, asked)
    with working(cast.binh) as work:
        request_extension(work, row.id, ASKED)
        assert [one.state for one in list_extensions(work, ExtensionFilter())] == ["withdrawn", "requested"]


def test_reporting_takes_an_open_request_back(working, cast, row, asked):
    with working(cast.binh) as work:
        report_assignment(work, row.id, DONE)
    assert state_of(working, cast, asked) == "withdrawn"
    with working(cast.binh) as work:
        assert timeline_of(work, [row.id])[0].title == "Rút xin gia hạn vì đã báo cáo"


def test_a_row_that_ends_takes_its_open_request_with_it(working, cast, row, asked):
    with working(cast.an) as work:
        waive_assignment(work, row.id, ReasonInput(reason="Không có trường"))
    assert state_of(working, cast, asked) == "withdrawn"


def test_what_each_may_do_with_a_request(working, cast, row, asked):
    with working(cast.binh) as work:
        assert extension_actions(work, get_extension(work, asked)) == ["withdraw"]
        assert "extend" not in allowed_actions(work, get_assignment_row(work, row.id))
    with working(cast.an) as work:
        assert extension_actions(work, get_extension(work, asked)) == ["grant", "refuse"]
    with working(cast.chi) as work:
        assert extension_actions(work, get_extension(work, asked)) == []


def test_a_unit_does_not_grant_its_own_request(working, cast, asked):
    with pytest.raises(Forbidden), working(cast.binh) as work:
        grant_extension(work, asked, GrantInput())


@pytest.mark.parametrize("stranger", ["hoa", "dung"])
def test_strangers_do_not_know_of_it(working, cast, row, asked, stranger):
    with pytest.raises(NotFound), working(getattr(cast, stranger)) as work:
        get_extension(work, asked)
    with pytest.raises(NotFound), working(getattr(cast, stranger)) as work:
        withdraw_extension(work, asked)


@pytest.mark.parametrize(
    ("day", "says"),
    [(DUE, "Phải sau hạn"), (DUE + timedelta(days=1), "đã qua"), (date(2026, 11, 22), "đã qua")],
)
def test_a_day_that_helps_nobody_is_refused(working, cast, row, day, says):
    with pytest.raises(Invalid, match=says), working(cast.binh) as work:
        request_extension(work, row.id, ExtensionInput(asked_due_on=day, reason="Lý do"))


def test_the_office_may_grant_the_day_asked_for_although_it_has_passed(working, cast, row, asked):
    with working(cast.an, now=NOW + timedelta(days=30)) as work:
        grant_extension(work, asked, GrantInput())
    assert now(working, cast, row).due_on == LATER


def test_one_request_waits_at_a_time(working, cast, row, asked):
    with pytest.raises(Conflict, match="đang chờ") as refused, working(cast.binh) as work:
        request_extension(work, row.id, ASKED)
    assert refused.value.code == "extension_waiting"


def test_a_row_without_a_date_has_nothing_to_extend(working, stage, cast):
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated")
    row = add_assignment(stage, task, cast.school_cell)
    stage.commit()
    with working(cast.binh) as work:
        assert "extend" not in allowed_actions(work, get_assignment_row(work, row.id))
    with pytest.raises(Conflict, match="chưa có hạn"), working(cast.binh) as work:
        request_extension(work, row.id, ASKED)


def test_what_was_reported_is_not_extended(working, cast, row):
    with working(cast.binh) as work:
        report_assignment(work, row.id, DONE)
    with pytest.raises(IllegalStep), working(cast.binh) as work:
        request_extension(work, row.id, ASKED)


def test_a_request_is_decided_once(working, cast, asked):
    with working(cast.an) as work:
        refuse_extension(work, asked, WHY, version=1)
    with pytest.raises(IllegalStep), working(cast.an) as work:
        grant_extension(work, asked, GrantInput())


def test_a_decision_on_an_older_version_is_refused(working, cast, asked):
    with pytest.raises(Stale), working(cast.an) as work:
        refuse_extension(work, asked, WHY, version=7)


def test_on_time_is_measured_against_the_date_in_force(working, cast, row, asked):
    """Late by the first date, the report comes in before the one the office granted."""
    with working(cast.an) as work:
        assert four_way([counted(work, row)], work.today).open_overdue == 1
        grant_extension(work, asked, GrantInput())
        assert four_way([counted(work, row)], work.today).open_in_time == 1
    with working(cast.binh, now=NOW + timedelta(days=10)) as work:
        report_assignment(work, row.id, DONE)
    with working(cast.an, now=NOW + timedelta(days=60)) as work:
        confirm_assignment(work, row.id)
        assert four_way([counted(work, row)], work.today).done_on_time == 1


def test_a_late_report_sent_back_may_still_come_in_time_after_an_extension(working, cast, row):
    with working(cast.binh) as work:
        report_assignment(work, row.id, DONE)
    with working(cast.an) as work:
        return_assignment(work, row.id, ReasonInput(reason="Thiếu số liệu"))
    with working(cast.binh) as work:
        asked = request_extension(work, row.id, ASKED).id
    with working(cast.an) as work:
        grant_extension(work, asked, GrantInput())
    with working(cast.binh) as work:
        report_assignment(work, row.id, DONE)
    with working(cast.an) as work:
        confirm_assignment(work, row.id)
        assert four_way([counted(work, row)], work.today).done_on_time == 1


def test_an_extended_row_takes_a_report_after_its_period_closed_up_to_its_day(working, stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune, "2026-Q3", state="closed")
    row = add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period)
    stage.commit()
    with working(cast.binh) as work:
        asked = request_extension(work, row.id, ASKED).id
    with working(cast.an) as work:
        grant_extension(work, asked, GrantInput())
    with pytest.raises(Conflict, match="đã đóng"), working(cast.binh, now=NOW + timedelta(days=18)) as work:
        assert "report" not in allowed_actions(work, get_assignment_row(work, row.id))
        report_assignment(work, row.id, DONE)
    with working(cast.binh, now=NOW + timedelta(days=17)) as work:
        assert "report" in allowed_actions(work, get_assignment_row(work, row.id))
        report_assignment(work, row.id, DONE)


def test_an_earlier_date_for_the_task_leaves_an_extended_row_its_own(working, cast, row, asked):
    with working(cast.an) as work:
        grant_extension(work, asked, GrantInput())
        change_task(work, row.task_id, TaskChange(due_on=date(2026, 12, 1)), 1)
    assert now(working, cast, row).due_on == LATER
    with working(cast.an) as work:
        change_task(work, row.task_id, TaskChange(due_on=date(2027, 1, 15)), 2)
    assert now(working, cast, row).due_on == date(2027, 1, 15)


def counted(work, row):
    found = work.get(Assignment, row.id)
    return SimpleNamespace(
        state=found.state, due_on=found.due_on, reported_on=found.reported_on, done_on=found.done_on, n=1
    )
