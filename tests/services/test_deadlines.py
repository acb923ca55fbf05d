"""On time, overdue, near: every case of the rule, at the edges of days in Vietnam."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from app.models import Assignment
from app.services.assignment import (
    ReasonInput,
    ReportInput,
    confirm_assignment,
    reopen_assignment,
    report_assignment,
    return_assignment,
    waive_assignment,
)
from app.services.assignment_list import AssignmentFilter, count_assignments, list_assignments
from app.services.counting import FourWay, four_way
from app.services.deadlines import OVERDUE_BANDS, band_of, days_overdue, is_due_soon
from app.services.extension import ExtensionInput, GrantInput, grant_extension, request_extension
from app.services.lanes import is_current
from app.services.lateness import assignments, count_bands, list_late
from tests.factories import add_assignment, add_period, add_plan, add_task
from tests.people import NOW

DUE = date(2026, 11, 23)
DONE, WHY = ReportInput(result="Đã làm xong"), ReasonInput(reason="Chưa nêu số liệu")
LAST_MINUTE = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)  # 23:59 in Vietnam, still the 23rd
MIDNIGHT = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # 00:00 of the 24th in Vietnam, the 23rd in UTC
LONG_AFTER = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def row(stage, cast):
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated", due_on=DUE)
    made = add_assignment(stage, task, cast.school_cell)
    stage.commit()
    return made


@pytest.fixture
def acting(working, cast, row):
    """`acting.report(at)`, `.confirm(at)` …: one step at a moment; `.place(at)`: where the row counts then."""

    def step(actor, service, *more):
        def take(at):
            with working(actor, now=at) as work:
                service(work, row.id, *more)

        return take

    def extend_to(day, at):
        with working(cast.binh, now=at) as work:
            asked = request_extension(work, row.id, ExtensionInput(asked_due_on=day, reason="Lý do"))
        with working(cast.an, now=at) as work:
            grant_extension(work, asked.id, GrantInput())

    def place(at):
        with working(cast.an, now=at) as work:
            found = work.get(Assignment, row.id)
            counted = four_way([SimpleNamespace(**found.model_dump(), n=1)], work.today)
        return [one.name for one in fields(FourWay) if getattr(counted, one.name)]

    return SimpleNamespace(
        report=step(cast.binh, report_assignment, DONE),
        confirm=step(cast.an, confirm_assignment),
        send_back=step(cast.an, return_assignment, WHY),
        reopen=step(cast.an, reopen_assignment, WHY),
        waive=step(cast.an, waive_assignment, WHY),
        extend_to=extend_to,
        place=place,
    )


def test_the_due_day_lasts_until_midnight_in_vietnam(acting):
    assert acting.place(LAST_MINUTE) == ["open_in_time"]
    assert acting.place(MIDNIGHT) == ["open_overdue"]


def test_a_report_of_the_last_minute_is_on_time_however_slow_the_reviewer(acting):
    acting.report(LAST_MINUTE)
    assert acting.place(LONG_AFTER) == ["open_in_time"]
    acting.confirm(LONG_AFTER)
    assert acting.place(LONG_AFTER) == ["done_on_time"]


def test_a_report_at_midnight_is_late_although_it_is_still_the_day_before_in_utc(acting):
    acting.report(MIDNIGHT)
    assert acting.place(MIDNIGHT) == ["open_overdue"]
    acting.confirm(LONG_AFTER)
    assert acting.place(LONG_AFTER) == ["done_late"]


def test_what_was_returned_is_not_done_and_counts_by_the_report_that_is_accepted(acting):
    acting.report(LAST_MINUTE)
    acting.send_back(LAST_MINUTE)
    assert acting.place(LAST_MINUTE) == ["open_in_time"]
    assert acting.place(MIDNIGHT) == ["open_overdue"]
    acting.report(MIDNIGHT)
    acting.confirm(MIDNIGHT)
    assert acting.place(LONG_AFTER) == ["done_late"]


def test_what_was_reopened_is_open_again_and_counts_by_its_next_report(acting):
    acting.report(LAST_MINUTE)
    acting.confirm(LAST_MINUTE)
    acting.reopen(LONG_AFTER)
    assert acting.place(LONG_AFTER) == ["open_overdue"]
    acting.report(LONG_AFTER)
    acting.confirm(LONG_AFTER)
    assert acting.place(LONG_AFTER) == ["done_late"]


@pytest.mark.parametrize("asked_at", [LAST_MINUTE, MIDNIGHT], ids=["before it is late", "after it is late"])
def test_an_extension_counts_by_its_own_day(acting, asked_at):
    acting.extend_to(date(2026, 12, 10), asked_at)
    assert acting.place(datetime(2026, 12, 10, 16, 59, tzinfo=UTC)) == ["open_in_time"]
    assert acting.place(datetime(2026, 12, 10, 17, 0, tzinfo=UTC)) == ["open_overdue"]
    acting.report(datetime(2026, 12, 10, 16, 59, tzinfo=UTC))
    acting.confirm(LONG_AFTER)
    assert acting.place(LONG_AFTER) == ["done_on_time"]


def test_what_does_not_apply_leaves_the_counts_even_when_it_was_late(acting):
    acting.waive(LONG_AFTER)
    assert acting.place(LONG_AFTER) == ["waived"]


@pytest.mark.parametrize(
    ("state", "days_left", "soon"),
    [
        ("assigned", 0, True),
        ("assigned", 3, True),
        ("assigned", 4, False),
        ("assigned", -1, False),
        ("returned", 2, True),
        ("reported", 0, False),
        ("confirmed", 0, False),
        ("supporting", 0, False),
    ],
)
def test_near_is_today_and_three_days_more_while_a_report_is_owed(state, days_left, soon):
    assert is_due_soon(state, DUE + timedelta(days=days_left), DUE) is soon


def test_nothing_is_near_without_a_date():
    assert not is_due_soon("assigned", None, DUE)


@pytest.mark.parametrize(
    ("days", "band"),
    [
        (0, None), (1, "week"), (7, "week"), (8, "month"), (30, "month"), (31, "quarter"), (90, "quarter"),
        (91, "longer"), (4000, "longer"),
    ],
)  # fmt: skip
def test_each_day_overdue_is_in_one_band(days, band):
    assert band_of(days) == band


@pytest.mark.parametrize(
    ("state", "reported_on", "days"),
    [
        ("assigned", None, 10),
        ("returned", DUE - timedelta(days=30), 10),
        ("reported", DUE, 0),
        ("reported", DUE + timedelta(days=4), 4),
        ("confirmed", DUE + timedelta(days=4), 0),
        ("supporting", None, 0),
        ("waived", None, 0),
    ],
)
def test_days_overdue_run_until_today_or_until_the_day_of_the_waiting_report(state, reported_on, days):
    assert days_overdue(state, DUE, reported_on, DUE + timedelta(days=10)) == days


@pytest.fixture
def late_rows(stage, cast):
    """Open rows 1, 7, 8, 30, 31, 90 and 91 days overdue; one reported 5 days late 100 days ago; others that are not
    overdue, one of them in a closed period."""
    plan, today = add_plan(stage, cast.commune), NOW.date()
    dues = [today - timedelta(days=n) for n in (0, 1, 7, 8, 30, 31, 90, 91)]
    for number, due_on in enumerate(dues):
        task = add_task(stage, plan, f"NV-1{number}", kind="dated", due_on=due_on)
        add_assignment(stage, task, cast.school_cell)
    sent = today - timedelta(days=100)
    for number, (state, due_on) in enumerate(
        [
            ("reported", sent - timedelta(days=5)),
            ("supporting", sent),
            ("confirmed", sent),
            ("assigned", None),
        ]
    ):
        task = add_task(stage, plan, f"NV-2{number}", kind="dated", due_on=due_on)
        add_assignment(stage, task, cast.village_cell, state=state, reported_on=sent, done_on=sent)
    closed = add_period(stage, cast.commune, "2026-Q2", state="closed")
    add_assignment(stage, add_task(stage, plan, "NV-300"), cast.school_cell, period=closed)
    stage.commit()
    return plan


def test_the_database_counts_and_lists_the_same_bands(working, cast, late_rows):
    with working(cast.an) as work:
        counted = count_bands(work, *of_plan(late_rows))
        assert counted == {"week": 3, "month": 2, "quarter": 2, "longer": 1}
        for band in OVERDUE_BANDS:
            wanted = AssignmentFilter(plan=late_rows.id, band=band, current=True)
            rows = list_assignments(work, wanted)
            assert len(rows) == count_assignments(work, wanted) == counted[band]
            assert {band_of(days_overdue(r.state, r.due_on, r.reported_on, work.today)) for r in rows} == {
                band
            }
        longest = list_late(work, *of_plan(late_rows))[0]
        assert (longest.state, longest.days) == ("reported", 5)


def of_plan(plan):
    return (assignments.plan_id == plan.id, is_current(None))
