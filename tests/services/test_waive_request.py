"""A unit says that a row does not apply to it; one open request a row, taken back at will or by reporting."""

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, NotFound
from app.models import Assignment, EventRow, Question, Submission
from app.services.assignment import ReportInput, report_assignment
from app.services.waive_request import (
    WaiveRequestInput,
    list_waive_requests,
    raise_waive_request,
    withdraw_waive_request,
)
from tests.factories import add_assignment, add_indicator, add_period, add_plan, add_task, put
from tests.people import NOW

WHY = WaiveRequestInput(reason="Thôn không có trường học.")


@pytest.fixture
def rows(stage, cast):
    """{subject: row} of the school."""
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    task = add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period)
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,))
    figure = put(
        stage,
        Submission(
            locality_id=cast.commune.id,
            indicator_id=indicator.id,
            unit_id=cast.school_cell.id,
            period_id=period.id,
            created_at=NOW,
        ),
    )
    stage.commit()
    return {Assignment: task.id, Submission: figure.id}


@pytest.fixture
def ask(working, cast, rows):
    def asked(subject=Assignment, actor=None):
        with working(actor or cast.binh) as work:
            return raise_waive_request(work, subject, rows[subject], WHY)

    return asked


@pytest.mark.parametrize("subject", [Assignment, Submission])
def test_the_office_reads_the_request_and_the_row_stays_due(ask, working, cast, rows, subject):
    ask(subject)
    with working(cast.an) as work:
        [seen] = list_waive_requests(work, subject, rows[subject])
        assert (seen.state, seen.reason, seen.asked_by) == ("open", WHY.reason, "Trần Văn Bình")
        assert work.session.get(subject, rows[subject]).state in ("assigned", "expected")
        question = work.session.scalars(select(Question)).one()
        assert (question.kind, question.unit_id) == ("waive_request", cast.school_cell.id)
        assert question.period_id is not None


def test_asking_and_taking_back_are_in_the_history(ask, working, cast, rows):
    ask()
    with working(cast.binh) as work:
        withdraw_waive_request(work, Assignment, rows[Assignment])
    with working(cast.an) as work:
        events = work.session.scalars(select(EventRow).order_by(EventRow.number)).all()
        assert [(e.kind, e.unit_id) for e in events] == [
            ("question_raised", cast.school_cell.id),
            ("question_withdrawn", cast.school_cell.id),
        ]
        assert [seen.state for seen in list_waive_requests(work, Assignment, rows[Assignment])] == [
            "withdrawn"
        ]


def test_one_request_at_a_time(ask):
    ask()
    with pytest.raises(Conflict) as refused:
        ask()
    assert refused.value.code == "already_asked"


def test_what_was_taken_back_may_be_asked_again(ask, working, cast, rows):
    ask()
    with working(cast.binh) as work:
        withdraw_waive_request(work, Assignment, rows[Assignment])
    ask()
    with working(cast.binh) as work:
        assert len(list_waive_requests(work, Assignment, rows[Assignment])) == 2


def test_reporting_takes_the_request_back(ask, working, cast, rows):
    ask()
    with working(cast.binh) as work:
        report_assignment(work, rows[Assignment], ReportInput(result="Đã làm"))
        assert list_waive_requests(work, Assignment, rows[Assignment])[0].state == "withdrawn"


def test_what_was_sent_cannot_be_asked_about(ask, working, cast, rows):
    with working(cast.binh) as work:
        report_assignment(work, rows[Assignment], ReportInput(result="Đã làm"))
    with pytest.raises(Conflict) as refused:
        ask()
    assert refused.value.code == "not_due"


def test_there_is_nothing_to_take_back(working, cast, rows):
    with pytest.raises(Conflict, match="Không có đề nghị"), working(cast.binh) as work:
        withdraw_waive_request(work, Submission, rows[Submission])


@pytest.mark.parametrize("name", ["an", "chi", "kiem", "giang"])
def test_nobody_asks_for_a_unit(ask, cast, name):
    with pytest.raises(Forbidden):
        ask(actor=cast.everybody[name])


@pytest.mark.parametrize("name", ["hoa", "dung"])
def test_others_do_not_know_of_the_row(ask, cast, name):
    with pytest.raises(NotFound):
        ask(actor=cast.everybody[name])


def test_a_reason_is_needed():
    with pytest.raises(ValueError, match="reason"):
        WaiveRequestInput(reason="  ")
