"""The two streams of counts, at the edges of days."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from app.services.counting import FourWay, four_way, period_share

TODAY = date(2026, 11, 23)
YESTERDAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 24)


@dataclass
class Row:
    state: str = "assigned"
    due_on: date | None = TODAY
    reported_on: date | None = None
    done_on: date | None = None
    n: int = 1


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (Row(due_on=TODAY), "open_in_time"),
        (Row(due_on=TOMORROW), "open_in_time"),
        (Row(due_on=YESTERDAY), "open_overdue"),
        (Row("in_progress", YESTERDAY), "open_overdue"),
        (Row("returned", YESTERDAY, reported_on=date(2026, 11, 1)), "open_overdue"),
        (Row("reported", YESTERDAY, reported_on=YESTERDAY), "open_in_time"),
        (Row("reported", YESTERDAY, reported_on=TODAY), "open_overdue"),
        (Row("confirmed", TODAY, done_on=TODAY), "done_on_time"),
        (Row("confirmed", YESTERDAY, done_on=TODAY), "done_late"),
        (Row("confirmed", YESTERDAY, reported_on=YESTERDAY, done_on=YESTERDAY), "done_on_time"),
        (Row("confirmed", None, done_on=TODAY), "done_on_time"),
        (Row("in_progress", YESTERDAY, reported_on=YESTERDAY), "open_overdue"),
        (Row("acknowledged", TODAY), "open_in_time"),
    ],
)
def test_a_dated_row_has_exactly_one_of_four_places(row, place):
    counted = four_way([row], TODAY)
    assert counted == FourWay(**{place: 1})
    assert counted.total == 1


def test_an_open_row_without_a_date_is_in_time_and_told_apart():
    assert four_way([Row(due_on=None)], TODAY) == FourWay(open_in_time=1, without_due=1)


@pytest.mark.parametrize("state", ["waived", "cancelled", "not_needed", "waiting"])
def test_rows_that_do_not_count_leave_both_streams_and_are_counted_apart(state):
    for counted in (four_way([Row(state, YESTERDAY, n=2)], TODAY), period_share([Row(state, n=2)])):
        assert (counted.left_out, counted.left_out_by_state[state], counted.supporting) == (2, 2, 0)
    assert four_way([Row(state, YESTERDAY, n=2)], TODAY).total == 0
    assert period_share([Row(state, n=2)]).expected == 0


def test_who_cooperates_is_neither_counted_nor_left_out():
    rows = [Row("supporting", YESTERDAY, n=51), Row("not_needed", n=4), Row("cancelled")]
    for counted in (four_way(rows, TODAY), period_share(rows)):
        assert (counted.left_out, counted.supporting) == (5, 51)
    assert (four_way(rows, TODAY).total, period_share(rows).expected) == (0, 0)


def test_the_rate_is_done_over_done_and_overdue():
    rows = [
        Row("confirmed", TODAY, done_on=TODAY, n=2),
        Row("confirmed", YESTERDAY, done_on=TODAY),
        Row(due_on=YESTERDAY),
        Row(due_on=TOMORROW, n=40),
    ]
    assert four_way(rows, TODAY).rate == Decimal("0.75")
    assert four_way([Row(due_on=TOMORROW)], TODAY).rate is None


def test_a_period_is_accepted_over_expected_and_a_returned_report_is_not_reported():
    share = period_share([Row("confirmed", n=3), Row("reported"), Row("returned"), Row("assigned", n=5)])
    assert (share.expected, share.reported, share.accepted, share.missing) == (10, 4, 3, 6)
    assert share.rate == Decimal("0.3")
    assert period_share([]).rate is None
