"""Acting on rows: completion rules, closed periods, groups without members."""

import pytest

from app.errors import Conflict
from app.events import PeriodOpened
from app.models import Assignment, Period
from app.permissions import Permission
from app.services.assignment import (
    ReasonInput,
    ReportInput,
    confirm_assignment,
    reopen_assignment,
    report_assignment,
    return_assignment,
)
from app.services.assignment_list import allowed_actions, get_assignment_row
from app.services.fan_out import fan_out
from app.services.home import build_home
from tests.factories import add_assignment, add_group, add_period, add_plan, add_responsibility, add_task

DONE = ReportInput(result="Đã làm xong")


@pytest.fixture
def duty(stage, cast):
    """A duty given to a group of two cells, one row each, in an open period; `made(completion)`."""

    def made(completion):
        plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
        group = add_group(stage, cast.commune, "NHOM", "Các chi bộ", [cast.school_cell, cast.village_cell])
        task = add_task(stage, plan)
        given = add_responsibility(stage, task, group, completion=completion)
        rows = [
            add_assignment(stage, task, unit, period=period, responsibility=given, group_id=group.id)
            for unit in (cast.school_cell, cast.village_cell)
        ]
        stage.commit()
        return rows

    return made


def state_of(working, cast, row):
    with working(cast.an) as work:
        return work.get(Assignment, row.id).state


def test_with_any_the_first_confirmed_row_closes_the_others(working, cast, duty):
    first, second = duty("any")
    with working(cast.binh) as work:
        report_assignment(work, first.id, DONE)
    with working(cast.an) as work:
        confirm_assignment(work, first.id)
    assert state_of(working, cast, first) == "confirmed"
    assert state_of(working, cast, second) == "not_needed"


def reopen(working, cast, row):
    with working(cast.an) as work:
        reopen_assignment(work, row.id, ReasonInput(reason="Chưa đúng"))


def test_with_any_opening_the_confirmed_row_again_asks_the_others_again(working, cast, duty):
    first, second = duty("any")
    with working(cast.binh) as work:
        report_assignment(work, first.id, DONE)
    with working(cast.an) as work:
        confirm_assignment(work, first.id)
    reopen(working, cast, first)
    assert state_of(working, cast, first) == "in_progress"
    assert state_of(working, cast, second) == "assigned"


def test_with_any_a_report_that_waited_waits_again(working, cast, duty):
    first, second = duty("any")
    for actor, row in ((cast.binh, first), (cast.hoa, second)):
        with working(actor) as work:
            report_assignment(work, row.id, DONE)
    with working(cast.an) as work:
        confirm_assignment(work, first.id)
    assert state_of(working, cast, second) == "not_needed"
    reopen(working, cast, first)
    assert state_of(working, cast, second) == "reported"


def test_with_any_what_was_returned_is_returned_again(working, cast, duty):
    first, second = duty("any")
    for actor, row in ((cast.binh, first), (cast.hoa, second)):
        with working(actor) as work:
            report_assignment(work, row.id, DONE)
    with working(cast.an) as work:
        return_assignment(work, second.id, ReasonInput(reason="Thiếu số liệu"))
        confirm_assignment(work, first.id)
    reopen(working, cast, first)
    with working(cast.an) as work:
        row = work.get(Assignment, second.id)
        assert (row.state, row.state_reason) == ("returned", "Thiếu số liệu")


def test_with_any_a_closed_period_asks_nobody_again(working, cast, stage, duty):
    first, second = duty("any")
    with working(cast.binh) as work:
        report_assignment(work, first.id, DONE)
    with working(cast.an) as work:
        confirm_assignment(work, first.id)
    stage.get(Period, first.period_id).state = "closed"
    stage.commit()
    reopen(working, cast, first)
    assert state_of(working, cast, second) == "not_needed"


def test_with_each_every_row_stays_to_be_done(working, cast, duty):
    first, second = duty("each")
    with working(cast.binh) as work:
        report_assignment(work, first.id, DONE)
    with working(cast.an) as work:
        confirm_assignment(work, first.id)
    assert state_of(working, cast, second) == "assigned"


def test_a_closed_period_takes_no_first_report(working, stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune, state="closed")
    row = add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period)
    stage.commit()
    with working(cast.binh) as work:
        assert "report" not in allowed_actions(work, get_assignment_row(work, row.id))
    with pytest.raises(Conflict, match="đã đóng"), working(cast.binh) as work:
        report_assignment(work, row.id, DONE)


def test_what_was_returned_may_be_answered_after_the_period_closed(working, stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    row = add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period)
    stage.commit()
    with working(cast.binh) as work:
        report_assignment(work, row.id, DONE)
    with working(cast.an) as work:
        return_assignment(work, row.id, ReasonInput(reason="Thiếu số liệu"))
    period.state = "closed"
    stage.add(period)
    stage.commit()
    with working(cast.binh) as work:
        report_assignment(work, row.id, DONE)
    assert state_of(working, cast, row) == "reported"


def test_what_was_waived_and_opened_again_may_be_reported_after_the_period_closed(working, stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune, state="closed")
    waived = {"state": "waived", "state_reason": "Không có lớp"}
    row = add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period, **waived)
    stage.commit()
    with working(cast.an) as work:
        reopen_assignment(work, row.id, ReasonInput(reason="Vẫn có một lớp"))
    with working(cast.binh) as work:
        assert "report" in allowed_actions(work, get_assignment_row(work, row.id))
        (unit,) = build_home(work).units
        assert ([item.note for item in unit.reopened], unit.periods) == (["Vẫn có một lớp"], ())
        report_assignment(work, row.id, DONE)
    assert state_of(working, cast, row) == "reported"


def test_the_work_of_a_group_without_members_stands_on_its_own_board(working, stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    group = add_group(stage, cast.commune, "NHOM", "Các chi bộ thôn", [])
    given = add_responsibility(stage, add_task(stage, plan), group)
    stage.commit()
    with working(cast.an) as work:
        work.require(Permission.PERIOD_MANAGE, cast.commune.id)
        assert fan_out(work, [given], period) == 1
        assert fan_out(work, [given], period) == 0
        opened = PeriodOpened(
            locality_id=cast.commune.id, subject_id=period.id, label="2026-Q4", assignments=1, submissions=0
        )
        work.record(opened)
