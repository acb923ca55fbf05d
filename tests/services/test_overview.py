"""The overview of a plan."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import event

from app.errors import NotFound
from app.models import Submission
from app.services.counting import FourWay
from app.services.lanes import lay_lanes
from app.services.overview import build_overview, get_overview_plan
from tests import factories
from tests.factories import (
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
    put,
)

PAST, TODAY, AHEAD = date(2026, 11, 13), date(2026, 11, 23), date(2027, 6, 30)


def overview(work, plan, **more):
    found, _ = get_overview_plan(work, plan.id)
    return build_overview(work, found, **more)


@pytest.fixture
def plan(stage, cast):
    """Fourth quarter open: the group of two cells has a standing task, one member reported. The school cell has
    dated work: one late, one done late. A figure is asked of both cells."""
    plan = add_plan(stage, cast.commune)
    period = add_period(stage, cast.commune)
    past = add_period(stage, cast.commune, "2026-Q3", state="closed")
    group = add_group(stage, cast.commune, "CBT", "Các chi bộ", [cast.school_cell, cast.village_cell])
    task = add_task(stage, plan)
    given = add_responsibility(stage, task, group)
    for unit, state in ((cast.school_cell, "assigned"), (cast.village_cell, "reported")):
        more = {"state": state, "reported_on": TODAY if state == "reported" else None}
        add_assignment(stage, task, unit, period=period, responsibility=given, group_id=group.id, **more)
        done = {"state": "confirmed", "done_on": date(2026, 10, 1)}
        add_assignment(stage, task, unit, period=past, responsibility=given, group_id=group.id, **done)
    late = add_task(stage, plan, "NV-002", ordinal=2, kind="dated", due_on=PAST)
    add_assignment(stage, late, cast.school_cell)
    done = add_task(stage, plan, "NV-003", ordinal=3, kind="dated", due_on=PAST)
    add_assignment(stage, done, cast.school_cell, state="confirmed", done_on=TODAY)
    ahead = add_task(stage, plan, "NV-004", ordinal=4, kind="dated", due_on=AHEAD)
    add_assignment(stage, ahead, cast.village_cell)
    indicator = add_indicator(stage, plan, owners=(group,))
    for unit, state in ((cast.school_cell, "accepted"), (cast.village_cell, "expected")):
        put(
            stage,
            Submission(
                locality_id=plan.locality_id,
                indicator_id=indicator.id,
                unit_id=unit.id,
                period_id=period.id,
                state=state,
                due_on=period.due_on,
                created_at=factories.LONG_AGO,
            ),
        )
    stage.commit()
    return plan


def test_both_streams_are_counted_apart(working, cast, plan):
    with working(cast.chi) as work:
        seen = overview(work, plan)
        assert seen.dated == FourWay(done_late=1, open_in_time=1, open_overdue=1)
        assert (seen.standing.expected, seen.standing.reported, seen.standing.accepted) == (2, 1, 0)
        assert [(p.label, p.share.accepted, p.share.expected) for p in seen.periods] == [
            ("2026-Q4", 0, 2),
            ("2026-Q3", 2, 2),
        ]


def test_a_group_is_one_line_with_its_members_beneath(working, cast, plan):
    with working(cast.chi) as work:
        group, school, village = overview(work, plan).lanes
        assert (group.is_group, group.counts, group.members_reported) == (
            True,
            {"assigned": 1, "reported": 1},
            1,
        )
        assert {m.unit.name: m.counts for m in group.members} == {
            cast.school_cell.name: {"assigned": 1},
            cast.village_cell.name: {"reported": 1},
        }
        assert (school.counts, school.overdue) == ({"assigned": 1, "confirmed": 1}, 1)
        assert village.counts == {"assigned": 1}


def test_who_owes_reports_is_listed_with_what_is_overdue(working, cast, plan):
    with working(cast.chi) as work:
        school, village = overview(work, plan).silent
        assert (school.unit_id, school.rows, school.figures, school.overdue, school.days) == (
            cast.school_cell.id, 2, 0, 1, 10,
        )  # fmt: skip
        assert (village.rows, village.figures, village.overdue, village.days) == (0, 1, 0, 0)


def test_what_is_late_says_for_how_long(working, cast, plan):
    with working(cast.chi) as work:
        (late,) = overview(work, plan).late
        assert (late.code, late.unit_name, late.days) == ("NV-002", cast.school_cell.name, 10)


def test_indicators_say_how_many_figures_are_in(working, cast, plan):
    with working(cast.chi) as work:
        (one,) = overview(work, plan).indicators
        assert (one.expected, one.sent, one.accepted) == (2, 1, 1)


def test_a_past_period_is_shown_as_it_was(working, cast, plan):
    with working(cast.chi) as work:
        seen = overview(work, plan, period="2026-Q3")
        assert (seen.standing.accepted, seen.standing.expected, seen.silent) == (2, 2, ())
        assert seen.lanes[0].counts == {"confirmed": 2}
        assert seen.indicators[0].expected == 0


def test_the_number_of_queries_does_not_depend_on_the_number_of_units(working, cast, stage, plan):
    def queries():
        count = [0]
        with working(cast.chi) as work:
            engine = work.session.get_bind()
            tally = lambda *_: count.__setitem__(0, count[0] + 1)  # noqa: E731
            event.listen(engine, "before_cursor_execute", tally)
            overview(work, plan)
            event.remove(engine, "before_cursor_execute", tally)
        return count[0]

    before = queries()
    task = add_task(stage, plan, "NV-009", ordinal=9, kind="dated", due_on=PAST)
    for number in range(12):
        unit = factories.add_unit(stage, cast.commune, f"P{number}", f"Phòng {number}")
        add_assignment(
            stage, task, unit, responsibility=add_responsibility(stage, task, unit, role="cooperate")
        )
    stage.commit()
    assert queries() == before <= 13


@pytest.mark.parametrize("name", ["an", "chi", "kiem", "quan", "giang"])
def test_those_who_read_everything_see_the_overview(working, cast, plan, name):
    with working(getattr(cast, name)) as work:
        assert len(overview(work, plan).lanes) == 3


@pytest.mark.parametrize("name", ["binh", "hoa", "dung"])
def test_units_and_other_communes_get_404(working, cast, plan, name):
    with pytest.raises(NotFound), working(getattr(cast, name)) as work:
        overview(work, plan)


def test_unknown_plan_or_period_is_404(working, cast, plan):
    with pytest.raises(NotFound), working(cast.chi) as work:
        get_overview_plan(work, uuid4())
    with pytest.raises(NotFound), working(cast.chi) as work:
        overview(work, plan, period="2031-Q1")


def test_a_unit_that_ended_without_a_row_has_no_lane():
    def unit(key, valid_to):
        return SimpleNamespace(id=key, kind="party_cell_village", valid_to=valid_to)

    today = date(2026, 11, 24)
    units = [unit("ended", date(2026, 11, 23)), unit("had work", date(2026, 11, 23)), unit("lasts", today)]
    row = SimpleNamespace(unit_id="had work", group_id=None, state="confirmed", n=1, late=0)
    assert [lane.unit.id for lane in lay_lanes(units, [row], {}, today)] == ["had work", "lasts"]
