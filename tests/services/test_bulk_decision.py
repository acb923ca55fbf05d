"""Deciding several reports at once: each by its own rules, one refusal never undoing the others."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from app.errors import Forbidden, IllegalStep, NotFound
from app.models import Assignment
from app.services.assignment import ReportInput, confirm_assignment, report_assignment
from app.services.bulk_decision import (
    BulkInput,
    BulkReturnInput,
    BulkRow,
    confirm_assignments,
    return_assignments,
)
from app.services.office_lists import OfficeFilter, build_office_list, count_office_lists
from tests.factories import add_assignment, add_period, add_plan, add_task

DONE = ReportInput(result="Đã sửa xong ba phòng học")


@pytest.fixture
def rows(stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    made = [
        add_assignment(
            stage, add_task(stage, plan, f"NV-{n:03d}", ordinal=n), cast.school_cell, period=period
        )
        for n in (1, 2, 3)
    ]
    stage.commit()
    return made


@pytest.fixture
def reported(working, cast, rows):
    for row in rows:
        with working(cast.binh) as work:
            report_assignment(work, row.id, DONE)
    return rows


def chosen(*rows):
    return BulkInput(rows=[BulkRow(id=row.id) for row in rows])


def states(working, cast, rows):
    with working(cast.an) as work:
        return [work.get(Assignment, row.id).state for row in rows]


def test_each_row_is_confirmed(working, cast, reported):
    with working(cast.an) as work:
        outcomes = confirm_assignments(work, chosen(*reversed(reported)))
    assert [one.state for one in outcomes] == ["confirmed"] * 3
    assert [one.id for one in outcomes] == [row.id for row in reversed(reported)]
    assert states(working, cast, reported) == ["confirmed"] * 3


def test_a_row_that_cannot_be_decided_leaves_the_others_decided(working, cast, reported):
    with working(cast.an) as work:
        confirm_assignment(work, reported[1].id)
    with working(cast.an) as work:
        outcomes = {
            one.id: one
            for one in return_assignments(
                work, BulkReturnInput(rows=chosen(*reported).rows, reason="Nêu rõ số phòng")
            )
        }
    assert outcomes[reported[1].id].error.code == "illegal_step"
    assert states(working, cast, reported) == ["returned", "confirmed", "returned"]


def test_a_row_reported_again_meanwhile_is_left_for_another_look(working, cast, reported):
    seen = [BulkRow(id=row.id, version=2) for row in reported]
    with working(cast.binh) as work:
        report_assignment(work, reported[0].id, ReportInput(result="Đã sửa bốn phòng"))
    with working(cast.an) as work:
        outcomes = {one.id: one for one in confirm_assignments(work, BulkInput(rows=seen))}
    assert outcomes[reported[0].id].error.code == "stale"
    assert states(working, cast, reported) == ["reported", "confirmed", "confirmed"]


def test_an_unknown_row_is_named_and_all_unknown_is_not_found(working, cast, reported):
    unknown = BulkRow(id=uuid4())
    with working(cast.an) as work:
        outcomes = confirm_assignments(work, BulkInput(rows=[*chosen(reported[0]).rows, unknown]))
    assert {one.id: one.error and one.error.code for one in outcomes} == {
        reported[0].id: None,
        unknown.id: "not_found",
    }
    with working(cast.an) as work, pytest.raises(NotFound):
        confirm_assignments(work, BulkInput(rows=[unknown]))


def test_units_do_not_decide_and_others_do_not_know(working, cast, reported):
    with working(cast.binh) as work, pytest.raises(Forbidden):
        confirm_assignments(work, chosen(*reported))
    with working(cast.dung) as work, pytest.raises(NotFound):
        confirm_assignments(work, chosen(*reported))


def test_one_confirmed_alone_while_several_are_decided_never_locks_both(working, cast, reported):
    start = Barrier(2)

    def several():
        start.wait()
        with working(cast.an) as work:
            return len(confirm_assignments(work, chosen(*reported)))

    def alone():
        start.wait()
        try:
            with working(cast.an) as work:
                confirm_assignment(work, reported[2].id)
        except IllegalStep:
            return "too late"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        both, one = pool.submit(several), pool.submit(alone)
        assert both.result(30) == 3
        assert one.result(30) in ("done", "too late")
    assert states(working, cast, reported) == ["confirmed"] * 3


def test_the_list_says_what_was_sent_and_what_it_changed(working, cast, reported):
    with working(cast.an) as work:
        return_assignments(work, BulkReturnInput(rows=chosen(reported[0]).rows, reason="Đếm lại"))
    with working(cast.binh) as work:
        report_assignment(work, reported[0].id, ReportInput(result="Đã sửa xong bốn phòng học"))
    with working(cast.an) as work:
        counts = count_office_lists(work, OfficeFilter(unit=cast.school_cell.id))
        seen = build_office_list(work, "bao-cao", OfficeFilter(), count=counts["bao-cao"])
    assert (counts["bao-cao"], counts["tra-lai"], len(seen.lines)) == (3, 0, 3)
    line = next(line for line in seen.lines if line.id == reported[0].id)
    assert line.sent.text == "Đã sửa xong bốn phòng học"
    assert [(w.mark, w.text) for w in line.sent.difference.short if w.mark != "same"] == [
        ("removed", "ba"),
        ("added", "bốn"),
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [({"q": "khong co tu nay"}, 0), ({"period": "2031-Q1"}, 0), ({"period": "2026-Q4"}, 3), ({}, 3)],
)
def test_filters_narrow_lists_and_their_counts(working, cast, reported, wanted, found):
    with working(cast.an) as work:
        assert count_office_lists(work, OfficeFilter(**wanted))["bao-cao"] == found


def test_only_the_office_reads_its_lists(working, cast, reported):
    for person in (cast.binh, cast.chi):
        with working(person) as work, pytest.raises((NotFound, Forbidden)):
            count_office_lists(work, OfficeFilter())
