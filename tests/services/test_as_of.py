"""Boards and counts as of an evening: what the live pages said that evening is what is told of it afterwards."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import event, select

from app.errors import Invalid, NotFound
from app.models import Assignment, EventRow, Plan, Submission
from app.models.base import columns
from app.permissions import SYSTEM, Grant, Role
from app.services.as_of_board import build_board_as_of
from app.services.as_of_overview import build_overview_as_of
from app.services.as_of_replay import REPLAYED
from app.services.assignment import ReportInput, confirm_assignment, report_assignment
from app.services.board import get_board_head
from app.services.overview import get_overview_plan
from app.services.target import end_target, list_targets
from tests.evenings import (
    at,
    check_against_what_is_stored,
    live,
    live_of_plan,
    set_the_stage,
    tell,
    then,
    then_of_plan,
)
from tests.factories import add_assignment, add_plan, add_responsibility, add_task, add_unit
from tests.people import NOW
from tests.services.test_amendment import amending, decide_as_proposed, in_force, issued

assignments, submissions, events = columns(Assignment), columns(Submission), columns(EventRow)
plans = columns(Plan)

TODAY = date(2026, 11, 23)
LAST_DAY = 18
# Of what can happen to rows, what no service does to this story's: rows end so when an amendment is issued (below).
ELSEWHERE = {"assignment_moved", "submission_moved"}


@pytest.fixture
def made(stage, cast):
    return set_the_stage(stage, cast)


@pytest.fixture
def story(working, made):
    return tell(working, made)


@pytest.fixture
def told(story):
    """The whole story, to its end."""
    for day in range(2, LAST_DAY + 1):
        story.play(day)
    return story


def board_of(work, unit, day, **more):
    return build_board_as_of(work, get_board_head(work, unit.id), day, **more)


# What was said is what is told


def test_each_evening_is_told_afterwards_as_the_live_pages_told_it(working, cast, made, story):
    said = {}
    for day in range(2, LAST_DAY + 2):
        story.play(day)
        with working(cast.chi, at(day, 22)) as work:
            said[day] = live(work, made)

    with working(cast.chi, NOW) as work:
        happened = set(work.session.scalars(select(events.kind)))
        assert set(REPLAYED) - happened <= ELSEWHERE
        for day, before in said.items():
            after = then(work, made, date(2026, 11, day))
            for part, shown in before.items():
                assert after[part] == shown, (day, part)


def test_everything_that_happened_makes_each_row_what_it_is(working, cast, made, told):
    with working(cast.chi) as work:
        place = made["plan"].locality_id
        check_against_what_is_stored(work, place, TODAY)


def test_rows_an_amendment_took_over_are_told_of_the_plan_they_were_in(working, cast):
    with working(cast.an, at(2)) as work:
        old = in_force(work).id
    with working(SYSTEM, at(3)) as work:
        first = work.session.scalars(
            select(assignments.id).where(assignments.state == "assigned").order_by(assignments.id)
        ).all()
        report_assignment(work, first[0], ReportInput(result="Đã làm"))
        confirm_assignment(work, first[0])
        report_assignment(work, first[1], ReportInput(result="Đã làm"))
    with working(cast.chi, at(3, 22)) as work:
        before = live_of_plan(work, old)
    with working(cast.an, at(5)) as work:
        draft = amending(work, work.session.get(Plan, old))
        decide_as_proposed(work, draft)
        new = issued(work, draft).plan.id
    with working(cast.chi, at(5, 22)) as work:
        after = {plan: live_of_plan(work, plan) for plan in (old, new)}

    with working(cast.chi, NOW) as work:
        assert then_of_plan(work, old, date(2026, 11, 3)) == before
        assert {plan: then_of_plan(work, plan, date(2026, 11, 5)) for plan in (old, new)} == after
        check_against_what_is_stored(work, cast.commune.id, TODAY)
        with pytest.raises(Invalid, match="từ ngày 05/11/2026"):
            then_of_plan(work, new, date(2026, 11, 3))


def test_a_unit_that_was_merged_away_has_its_board_and_its_rows(working, cast, made, told):
    with working(cast.chi) as work:
        before, after = (board_of(work, made["second"], date(2026, 11, day)) for day in (11, 14))
        moved = {card.id for card in before.cards} & {
            card.id for card in board_of(work, made["village"], TODAY).cards
        }
    assert before.unit.name == "Chi bộ thôn Khuổi Trang"
    assert len(before.cards) >= 2
    assert moved
    assert not moved & {card.id for card in after.cards}


def test_a_renamed_unit_is_told_under_the_name_it_bore(working, cast, made, told):
    with working(cast.chi) as work:
        assert board_of(work, made["school"], date(2026, 11, 7)).unit.name == cast.school_cell.name
        assert board_of(work, made["school"], date(2026, 11, 8)).unit.name == "Chi bộ Trường Mầm non Ban Mai"


def test_a_target_is_told_as_it_was_set_then(working, cast, made, told):
    def target_on(day):
        figures = board_of(work, made["village"], date(2026, 11, day)).figures
        return next(one.target for one in figures if one.href.endswith(str(made["indicator"].id)))

    with working(cast.an, at(20)) as work:
        goals = list_targets(work, [made["indicator"].id])[made["indicator"].id]
        (goal,) = (goal for goal in goals if goal.horizon == 2026)
        end_target(work, goal.id)
    with working(cast.chi) as work:
        assert [target_on(day) for day in (10, 19, 20)] == [
            "đạt 100% đến 2030",
            "ít nhất 90% đến 2026",
            "đạt 100% đến 2030",
        ]


# Which days there are


def test_a_day_that_has_not_come_or_is_before_any_plan_is_refused(working, cast, made):
    with working(cast.chi) as work:
        with pytest.raises(Invalid, match="chưa đến"):
            board_of(work, made["school"], date(2026, 11, 24))
        with pytest.raises(Invalid, match="Chọn từ ngày 01/01/2025 trở đi"):
            board_of(work, made["school"], date(2024, 12, 31))
        assert board_of(work, made["school"], date(2025, 1, 1)).cards == ()


def test_where_no_plan_was_issued_there_is_no_day_to_look_back_to(working, cast, stage):
    add_plan(stage, cast.commune, state="draft")
    stage.commit()
    with working(cast.chi) as work, pytest.raises(Invalid, match="Chưa có kế hoạch nào"):
        board_of(work, cast.school_cell, TODAY)


def test_a_period_opened_later_is_404(working, cast, made, told):
    with working(cast.chi) as work:
        plan, _ = get_overview_plan(work, made["plan"].id)
        assert build_overview_as_of(work, plan, date(2026, 11, 3), period="2026-Q4").standing.expected == 3
        with pytest.raises(NotFound):
            build_overview_as_of(work, plan, date(2026, 11, 2), period="2026-Q4")


# Who sees what


def test_a_unit_does_not_see_afterwards_what_was_handed_on(working, cast, made, told):
    day, of_second = date(2026, 11, 11), officer_of(cast.hoa, made["second"].id)
    with working(cast.chi) as work:
        everything = {card.id for card in board_of(work, made["second"], day).cards}
    with working(of_second) as work:
        own = {card.id for card in board_of(work, made["second"], day).cards}
        still_there = set(
            work.session.scalars(select(assignments.id).where(assignments.unit_id == made["second"].id))
        )
    assert own == everything & still_there < everything


def test_an_officer_sees_of_a_group_its_own_rows(working, cast, made, told):
    day = date(2026, 11, 11)
    with working(cast.hoa) as work, pytest.raises(NotFound):
        board_of(work, made["school"], day)
    member = officer_of(cast.hoa, made["village"].id, made["group"].id)
    with working(member) as work:
        assert {lane.unit_id for lane in board_of(work, made["group"], day).members} == {made["village"].id}


def officer_of(actor, unit_id: UUID, *groups: UUID):
    (grant,) = actor.grants
    return replace(actor, grants=(Grant(Role.UNIT, grant.locality_id, unit_id, groups=frozenset(groups)),))


# Cost


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(working, cast, stage, made, told):
    def statements():
        count = [0]
        with working(cast.chi) as work:
            work.actor  # noqa: B018 - looked up before counting
            engine = work.session.get_bind()
            tally = lambda *_: count.__setitem__(0, count[0] + 1)  # noqa: E731
            event.listen(engine, "before_cursor_execute", tally)
            board_of(work, made["village"], date(2026, 11, 12))
            plan, _ = get_overview_plan(work, made["plan"].id)
            build_overview_as_of(work, plan, date(2026, 11, 12))
            event.remove(engine, "before_cursor_execute", tally)
        return count[0]

    before = statements()
    for number in range(12):
        task = add_task(
            stage, made["plan"], f"NV-1{number:02d}", ordinal=100 + number, kind="dated", due_on=TODAY
        )
        unit = add_unit(stage, cast.commune, f"P{number}", f"Phòng {number}")
        for one in (unit, made["village"]):
            given = add_responsibility(stage, task, one, role="cooperate")
            add_assignment(stage, task, one, responsibility=given)
    stage.commit()
    assert statements() == before <= 36
