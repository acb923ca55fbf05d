"""Giving tasks to units and groups, and taking them back."""

from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.models import Assignment, EventRow, Responsibility
from app.services.fan_out import fan_out
from app.services.responsibility import (
    ResponsibilityInput,
    end_responsibility,
    get_responsibility,
    give_responsibility,
    list_responsibilities,
    responsibility_actions,
)
from tests.factories import (
    add_assignment,
    add_group,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
    add_unit,
)

JUNE = date(2027, 6, 30)


def rows_of(work, task):
    return work.session.query(Assignment).filter_by(task_id=task.id).order_by(Assignment.id).all()


@pytest.fixture
def dated(stage, cast):
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated", due_on=JUNE)
    stage.commit()
    return task


@pytest.fixture
def standing(stage, cast, dated):
    from app.models import Plan

    task = add_task(stage, stage.get(Plan, dated.plan_id), "NV-002", ordinal=2)
    stage.commit()
    return task


@pytest.fixture
def cells(stage, cast):
    group = add_group(stage, cast.commune, "CBT", "Các chi bộ", [cast.school_cell, cast.village_cell])
    stage.commit()
    return group


def test_a_unit_given_a_dated_task_gets_its_row_at_once(working, cast, dated):
    with working(cast.an) as work:
        one = give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.school_cell.id))
        (row,) = rows_of(work, dated)
        assert (one.role, one.mode, row.due_on, row.period_id, row.state) == (
            "lead",
            "assign",
            JUNE,
            None,
            "assigned",
        )
        assert list_responsibilities(work, task=dated.id)[0].unit_name == cast.school_cell.name


def test_a_standing_task_gets_rows_in_open_periods_of_its_cycle(working, cast, stage, standing):
    open_one = add_period(stage, cast.commune)
    add_period(stage, cast.commune, "2026-Q3", state="closed")
    stage.commit()
    with working(cast.an) as work:
        give_responsibility(work, standing.id, ResponsibilityInput(unit=cast.school_cell.id))
        assert [row.period_id for row in rows_of(work, standing)] == [open_one.id]


def test_a_group_fans_out_to_its_members_of_today(working, cast, dated, cells):
    with working(cast.an) as work:
        give_responsibility(work, dated.id, ResponsibilityInput(unit=cells.id))
        assert {(r.unit_id, r.group_id) for r in rows_of(work, dated)} == {
            (cast.school_cell.id, cells.id),
            (cast.village_cell.id, cells.id),
        }


def test_a_joint_group_shares_one_row(working, cast, dated, cells):
    with working(cast.an) as work:
        give_responsibility(work, dated.id, ResponsibilityInput(unit=cells.id, completion="joint"))
        assert [row.unit_id for row in rows_of(work, dated)] == [cells.id]


def test_the_front_is_asked_and_never_ordered_unless_the_office_says_so(working, cast, stage, dated):
    front = add_unit(stage, cast.commune, "MTTQ", "Ủy ban MTTQ Việt Nam xã", kind="front")
    stage.commit()
    with working(cast.an) as work:
        asked = give_responsibility(work, dated.id, ResponsibilityInput(unit=front.id, role="cooperate"))
        assert asked.mode == "request"
        told = give_responsibility(
            work, dated.id, ResponsibilityInput(unit=front.id, role="monitor", mode="assign")
        )
        assert told.mode == "assign"


def test_one_lead_per_task_and_the_refusal_says_who(working, cast, dated):
    with working(cast.an) as work:
        give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.school_cell.id))
    with pytest.raises(Conflict, match="Chi bộ Trường Mầm non Hoa Sen") as refused, working(cast.an) as work:
        give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.village_cell.id))
    assert refused.value.code == "lead_taken"


def test_the_same_role_twice_is_refused(working, cast, dated):
    with working(cast.an) as work:
        give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.school_cell.id))
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.school_cell.id))
    assert refused.value.code == "already_given"


def test_ending_cancels_the_rows_and_frees_the_lead(working, cast, dated):
    with working(cast.an) as work:
        one = give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.school_cell.id))
    with working(cast.an) as work:
        end_responsibility(work, one.id)
        (row,) = rows_of(work, dated)
        assert (row.state, row.state_reason) == ("cancelled", "Văn phòng thôi phân công")
        assert list_responsibilities(work, task=dated.id) == []
        kinds = [e.kind for e in work.session.query(EventRow).order_by(EventRow.number)]
        assert kinds == ["responsibility_given", "assignment_cancelled", "responsibility_ended"]
        give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.village_cell.id))


def test_what_was_taken_back_can_be_given_again(working, cast, dated):
    with working(cast.an) as work:
        one = give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.school_cell.id))
        end_responsibility(work, one.id)
        again = give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.school_cell.id))
        assert again.id == one.id
        assert [(row.state, row.due_on) for row in rows_of(work, dated)] == [("assigned", JUNE)]


def test_an_ended_responsibility_makes_no_rows_when_a_period_opens(working, cast, stage, standing):
    one = add_responsibility(stage, standing, cast.school_cell, ended_on=date(2026, 11, 1))
    period = add_period(stage, cast.commune)
    stage.commit()
    with working(cast.an) as work:
        assert fan_out(work, [work.session.get(Responsibility, one.id)], period) == 0


def test_past_periods_do_not_keep_a_responsibility_from_ending(working, cast, stage, standing):
    one = add_responsibility(stage, standing, cast.school_cell)
    past = add_period(stage, cast.commune, "2026-Q3", state="closed")
    add_assignment(
        stage, standing, cast.school_cell, period=past, responsibility=one,
        state="confirmed", done_on=date(2026, 10, 1), reported_at=past.opened_at,
    )  # fmt: skip
    stage.commit()
    with working(cast.an) as work:
        end_responsibility(work, one.id)
        assert [row.state for row in rows_of(work, standing)] == ["confirmed"]


def test_after_a_report_it_cannot_be_ended(working, cast, stage, dated):
    row = add_assignment(stage, dated, cast.school_cell, state="reported", reported_at=dated.created_at)
    stage.commit()
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        end_responsibility(work, row.responsibility_id)
    assert refused.value.code == "already_reported"


@pytest.mark.parametrize("name", ["binh", "chi", "kiem", "quan"])
def test_only_the_office_gives_and_ends(working, cast, stage, dated, name):
    one = add_responsibility(stage, dated, cast.school_cell)
    stage.commit()
    actor = getattr(cast, name)
    with working(actor) as work:
        assert responsibility_actions(work, get_responsibility(work, one.id)) == []
    with pytest.raises(Forbidden), working(actor) as work:
        give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.village_cell.id, role="cooperate"))
    with pytest.raises(Forbidden), working(actor) as work:
        end_responsibility(work, one.id)


def test_another_commune_gets_404_and_its_units_cannot_be_named(working, cast, dated):
    with pytest.raises(NotFound), working(cast.dung) as work:
        give_responsibility(work, dated.id, ResponsibilityInput(unit=cast.other_unit.id))
    for unit_id in (cast.other_unit.id, uuid4()):
        with pytest.raises(Invalid), working(cast.an) as work:
            give_responsibility(work, dated.id, ResponsibilityInput(unit=unit_id))


def test_a_unit_that_no_longer_exists_is_refused(working, cast, stage, dated):
    gone = add_unit(stage, cast.commune, "CU", "Chi bộ thôn Cũ", valid_to=date(2026, 3, 1))
    stage.commit()
    with pytest.raises(Invalid, match="thôi hoạt động"), working(cast.an) as work:
        give_responsibility(work, dated.id, ResponsibilityInput(unit=gone.id))


def test_ending_checks_the_version_when_one_is_given(working, cast, stage, dated):
    one = add_responsibility(stage, dated, cast.school_cell)
    stage.commit()
    with pytest.raises(Stale), working(cast.an) as work:
        end_responsibility(work, one.id, 7)


def test_two_leads_given_at_once_leave_one(working, cast, dated, database):
    start, done = Barrier(2), []

    def give(unit):
        try:
            with working(cast.an) as work:
                start.wait()
                give_responsibility(work, dated.id, ResponsibilityInput(unit=unit.id))
            done.append(unit.id)
        except (Conflict, DBAPIError):
            pass

    threads = [Thread(target=give, args=(unit,)) for unit in (cast.school_cell, cast.village_cell)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(done) == 1
    with database.read_session() as session:
        assert session.query(Responsibility).filter_by(task_id=dated.id, role="lead").count() == 1
