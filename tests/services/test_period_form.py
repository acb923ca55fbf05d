"""One unit × one period on one page, sent at once or not at all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import Assignment, Submission, SubmissionVersion, TaskReport
from app.services.assignment import ReasonInput, ReportInput, confirm_assignment, return_assignment
from app.services.period import PeriodInput, close_period, open_period
from app.services.period_form import PeriodAnswers, build_period_form, send_period_form
from app.services.submission import FigureInput, return_submission
from tests.factories import add_indicator, add_period, add_plan, add_responsibility, add_task
from tests.people import NOW

REPORT = ReportInput(result="Đã rà soát 12 phòng học.", progress=60)


@pytest.fixture
def period(stage, cast, working):
    """An open period: a standing task and a share to report for the school, the same task for the village."""
    plan = add_plan(stage, cast.commune)
    add_responsibility(stage, add_task(stage, plan), cast.school_cell)
    add_responsibility(stage, add_task(stage, plan, "NV-002", ordinal=2), cast.village_cell)
    add_indicator(stage, plan, owners=(cast.school_cell,))
    stage.commit()
    with working(cast.an) as work:
        return open_period(work, PeriodInput(label="2026-Q4"))


def form_of(work, cast, period):
    return build_period_form(work, cast.school_cell.id, period.id)


@pytest.fixture
def rows(working, cast, period):
    """(assignment id, submission id) of the school's form."""
    with working(cast.binh) as work:
        form = form_of(work, cast, period)
        return form.tasks[0].id, form.figures[0].id


@pytest.fixture
def send(working, cast, period, rows):
    def sent(actor=None, reports=None, figures=None):
        with working(actor or cast.binh) as work:
            answers = PeriodAnswers(reports=reports or {}, figures=figures or {})
            return send_period_form(work, cast.school_cell.id, period.id, answers)

    return sent


def test_the_form_holds_every_open_row_of_the_unit(working, cast, period):
    with working(cast.binh) as work:
        form = form_of(work, cast, period)
        assert [row.code for row in form.tasks] == ["NV-001"]
        assert [(row.indicator.code, row.goal) for row in form.figures] == [("CT-01", "đạt 100%")]
        assert (form.sent, form.expected) == ((), 2)


def test_in_a_closed_period_the_form_takes_what_came_back_or_was_given_a_later_day(
    send, stage, working, cast, period, rows
):
    send(figures={rows[1]: FigureInput(numerator=Decimal(9), denominator=Decimal(10))})
    with working(cast.an) as work:
        return_submission(work, rows[1], ReasonInput(reason="Đếm lại"))
        close_period(work, period.id)
    with working(cast.binh) as work:
        form = form_of(work, cast, period)
        assert [row.id for row in form.due] == [rows[1]]
        assert [row.id for row in form.shut] == [rows[0]]
    row = stage.get(Assignment, rows[0])
    row.extended, row.due_on = 1, NOW.date()
    stage.commit()
    with working(cast.binh) as work:
        assert form_of(work, cast, period).shut == ()
    assert send(reports={rows[0]: REPORT}).reports == 1
    with working(cast.binh, now=NOW + timedelta(days=1)) as work:
        assert [row.id for row in form_of(work, cast, period).due] == [rows[1]]


def test_everything_is_sent_in_one_transaction_with_a_receipt(send, working, cast, period, rows):
    receipt = send(
        reports={rows[0]: REPORT},
        figures={rows[1]: FigureInput(numerator=Decimal(9), denominator=Decimal(10))},
    )
    assert (receipt.reports, receipt.figures, receipt.at) == (1, 1, NOW)
    with working(cast.binh) as work:
        form = form_of(work, cast, period)
        assert (form.tasks, form.figures) == ((), ())
        assert [(row.state, row.shown) for row in form.sent] == [
            ("reported", "Đã rà soát 12 phòng học."),
            ("sent", "90% (9/10)"),
        ]


def test_rows_left_out_stay_open(send, working, cast, period, rows):
    send(reports={rows[0]: REPORT})
    with working(cast.binh) as work:
        assert [row.indicator.code for row in form_of(work, cast, period).figures] == ["CT-01"]


def test_last_periods_answer_stands_beside(send, working, cast, period, rows, stage):
    send(reports={rows[0]: REPORT}, figures={rows[1]: FigureInput(value=Decimal(90))})
    with working(cast.an) as work:
        confirm_assignment(work, rows[0])
        following = open_period(work, PeriodInput(label="2027-Q1"))
    with working(cast.binh) as work:
        form = form_of(work, cast, following)
        assert (form.tasks[0].before.result, form.tasks[0].before.period_name) == (
            REPORT.result,
            "Quý IV/2026",
        )
        assert (form.figures[0].before_shown, form.figures[0].before_period) == ("90%", "Quý IV/2026")
        assert form.tasks[0].own is None


def test_what_came_back_is_there_to_be_corrected(send, working, cast, period, rows):
    send(reports={rows[0]: REPORT}, figures={rows[1]: FigureInput(value=Decimal(90))})
    with working(cast.an) as work:
        return_assignment(work, rows[0], ReasonInput(reason="Thiếu số phòng."))
        return_submission(work, rows[1], ReasonInput(reason="Thiếu mẫu số."))
    with working(cast.binh) as work:
        form = form_of(work, cast, period)
        assert (form.tasks[0].state_reason, form.tasks[0].own.result) == ("Thiếu số phòng.", REPORT.result)
        assert (form.figures[0].state_reason, form.figures[0].own.value) == ("Thiếu mẫu số.", Decimal(90))


def test_a_bad_row_sends_nothing_and_every_mistake_is_named(send, working, cast, rows):
    with pytest.raises(Invalid) as refused:
        send(reports={rows[0]: REPORT}, figures={rows[1]: FigureInput(value=Decimal(120))})
    assert list(refused.value.errors) == [f"{rows[1]}.value"]
    with working(cast.binh) as work:
        assert work.session.scalar(select(func.count()).select_from(TaskReport)) == 0
        assert (
            work.session.scalars(select(Assignment.state).where(Assignment.id == rows[0])).one() == "assigned"
        )


def test_a_row_confirmed_meanwhile_is_named(send, working, cast, rows):
    send(reports={rows[0]: REPORT})
    with working(cast.an) as work:
        confirm_assignment(work, rows[0])
    with pytest.raises(Invalid) as refused:
        send(reports={rows[0]: REPORT}, figures={rows[1]: FigureInput(value=Decimal(90))})
    assert "đã xác nhận" in refused.value.errors[str(rows[0])]
    with working(cast.binh) as work:
        assert work.session.scalar(select(func.count()).select_from(SubmissionVersion)) == 0


def test_an_empty_form_says_what_to_do(send):
    with pytest.raises(Conflict, match="ít nhất một dòng"):
        send()


def test_the_office_and_leaders_read_a_units_form(working, cast, period):
    for actor in (cast.an, cast.chi, cast.kiem):
        with working(actor) as work:
            assert form_of(work, cast, period).expected == 2


@pytest.mark.parametrize("name", ["an", "chi", "kiem", "giang", "hoa"])
def test_nobody_else_sends_a_units_form(send, cast, rows, name):
    with pytest.raises(Forbidden):
        send(cast.everybody[name], reports={rows[0]: REPORT})


@pytest.mark.parametrize("name", ["hoa", "dung"])
def test_others_do_not_know_of_a_units_form(working, cast, period, name):
    with pytest.raises(NotFound), working(cast.everybody[name]) as work:
        form_of(work, cast, period)


def test_rows_of_another_unit_or_period_do_not_slip_in(send, working, cast, period, rows, stage):
    with working(cast.an) as work:
        foreign = work.session.scalars(
            select(Assignment.id).where(Assignment.unit_id == cast.village_cell.id)
        ).one()
    with pytest.raises(NotFound):
        send(reports={foreign: REPORT})
    other = add_period(stage, cast.commune, "2026-Q3", state="closed")
    row = Submission(
        locality_id=cast.commune.id,
        indicator_id=stage.get(Submission, rows[1]).indicator_id,
        unit_id=cast.school_cell.id,
        period_id=other.id,
        created_at=NOW,
    )
    stage.add(row)
    stage.commit()
    with pytest.raises(NotFound):
        send(figures={row.id: FigureInput(value=Decimal(90))})
