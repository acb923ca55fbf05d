"""Units that cooperate: where somebody leads they support, where nobody leads their row is one like any other."""

from datetime import date

import pytest

from app.errors import IllegalStep
from app.models import Assignment, EventRow, Task
from app.services.assignment import ReportInput, report_assignment, waive_assignment
from app.services.assignment_list import allowed_actions, get_assignment_row
from app.services.counting import four_way
from app.services.responsibility import ResponsibilityInput, end_responsibility, give_responsibility
from app.services.task import TaskChange, change_task
from tests.factories import add_group, add_period, add_plan, add_task, add_unit

DONE = ReportInput(result="Đã làm xong")


@pytest.fixture
def task(stage, cast):
    made = add_task(stage, add_plan(stage, cast.commune), kind="dated", due_on=date(2027, 6, 30))
    stage.commit()
    return made


@pytest.fixture
def front(stage, cast):
    made = add_unit(stage, cast.commune, "MTTQ", "Mặt trận Tổ quốc xã", kind="front")
    stage.commit()
    return made


def give(work, task, unit, role, **more):
    return give_responsibility(work, task.id, ResponsibilityInput(unit=unit.id, role=role, **more))


def state_of(work, task, unit):
    return work.session.query(Assignment).filter_by(task_id=task.id, unit_id=unit.id).one().state


def row_of(work, task, unit):
    return work.session.query(Assignment).filter_by(task_id=task.id, unit_id=unit.id).one()


def kinds(work, row):
    events = work.session.query(EventRow).filter_by(subject_id=row.id).order_by(EventRow.number)
    return [event.kind for event in events]


def test_who_cooperates_supports_where_somebody_leads(working, cast, task):
    with working(cast.an) as work:
        give(work, task, cast.school_cell, "lead")
        give(work, task, cast.village_cell, "cooperate")
        assert state_of(work, task, cast.school_cell) == "assigned"
        assert state_of(work, task, cast.village_cell) == "supporting"


def test_where_nobody_leads_the_cooperating_unit_reports_itself(working, cast, task):
    with working(cast.an) as work:
        give(work, task, cast.village_cell, "cooperate")
        row = row_of(work, task, cast.village_cell)
        assert row.state == "assigned"
    with working(cast.hoa) as work:
        report_assignment(work, row.id, DONE)
        assert state_of(work, task, cast.village_cell) == "reported"


def test_a_lead_given_later_makes_untouched_rows_support(working, cast, task):
    with working(cast.an) as work:
        give(work, task, cast.village_cell, "cooperate")
        give(work, task, cast.school_cell, "lead")
        row = row_of(work, task, cast.village_cell)
        assert (row.state, row.version) == ("supporting", 2)
        assert kinds(work, row) == ["assignment_made_supporting"]


def test_a_lead_that_ends_leaves_the_others_to_report(working, cast, task):
    with working(cast.an) as work:
        lead = give(work, task, cast.school_cell, "lead")
        give(work, task, cast.village_cell, "cooperate")
        end_responsibility(work, lead.id)
        row = row_of(work, task, cast.village_cell)
        assert row.state == "assigned"
        assert kinds(work, row) == ["assignment_made_own"]


def test_what_was_reported_before_a_lead_was_given_stays(working, cast, task):
    with working(cast.an) as work:
        give(work, task, cast.village_cell, "cooperate")
        row = row_of(work, task, cast.village_cell)
    with working(cast.hoa) as work:
        report_assignment(work, row.id, DONE)
    with working(cast.an) as work:
        give(work, task, cast.school_cell, "lead")
        assert state_of(work, task, cast.village_cell) == "reported"


@pytest.mark.parametrize("role", ["advise", "direct", "monitor", "inspect", "report"])
def test_other_roles_report_their_own_rows(working, cast, task, role):
    with working(cast.an) as work:
        give(work, task, cast.school_cell, "lead")
        give(work, task, cast.village_cell, role)
        assert state_of(work, task, cast.village_cell) == "assigned"


def test_a_supporting_row_is_neither_reported_nor_decided_and_says_who_does(working, cast, task):
    with working(cast.an) as work:
        give(work, task, cast.school_cell, "lead")
        give(work, task, cast.village_cell, "cooperate")
        row = row_of(work, task, cast.village_cell)
        assert allowed_actions(work, get_assignment_row(work, row.id)) == ["remark"]
        with pytest.raises(IllegalStep, match="Đơn vị chủ trì báo cáo"):
            waive_assignment(work, row.id, type("Why", (), {"reason": "x"})())
    with working(cast.hoa) as work, pytest.raises(IllegalStep, match="Đơn vị chủ trì báo cáo"):
        report_assignment(work, row.id, DONE)


def test_supporting_rows_leave_the_counts(working, cast, task):
    with working(cast.an) as work:
        give(work, task, cast.school_cell, "lead")
        give(work, task, cast.village_cell, "cooperate")
        rows = [row_of(work, task, unit) for unit in (cast.school_cell, cast.village_cell)]
        counted = [type("Row", (), {"n": 1, **{k: getattr(r, k) for k in WHAT}}) for r in rows]
        told = four_way(counted, work.today)
        assert (told.total, told.supporting, told.left_out) == (1, 1, 0)


WHAT = ("state", "due_on", "reported_on", "done_on")


def test_taking_a_unit_off_cancels_its_supporting_row(working, cast, task):
    with working(cast.an) as work:
        give(work, task, cast.school_cell, "lead")
        one = give(work, task, cast.village_cell, "cooperate")
        end_responsibility(work, one.id)
        assert state_of(work, task, cast.village_cell) == "cancelled"
        give(work, task, cast.village_cell, "cooperate")
        assert state_of(work, task, cast.village_cell) == "supporting"


def test_members_of_a_cooperating_group_support_and_a_changed_kind_keeps_it_so(
    working, cast, stage, task, front
):
    group = add_group(stage, cast.commune, "CBT", "Các chi bộ", [cast.school_cell, cast.village_cell])
    add_period(stage, cast.commune)
    stage.commit()
    with working(cast.an) as work:
        give(work, task, front, "lead")
        give(work, task, group, "cooperate")
        assert state_of(work, task, cast.school_cell) == "supporting"
        change_task(work, task.id, TaskChange(kind="standing", due_on=None), work.get(Task, task.id).version)
        rows = work.session.query(Assignment).filter_by(task_id=task.id).all()
        now = {row.unit_id: row.state for row in rows if row.period_id is not None}
        assert now == {
            front.id: "assigned",
            cast.school_cell.id: "supporting",
            cast.village_cell.id: "supporting",
        }
