"""What is open about a row that nobody acts on any more is closed in the same step, with a reason in the history."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.errors import Conflict
from app.models import Assignment, EventRow, Extension, Question, Submission
from app.services.assignment import (
    ReasonInput,
    ReportInput,
    block_assignment,
    confirm_assignment,
    reopen_assignment,
    report_assignment,
    waive_assignment,
)
from app.services.draft import DraftInput, get_draft, save_draft
from app.services.event_words import say
from app.services.extension import ExtensionInput, request_extension
from app.services.handing_over import RowDecisionsInput, decide_rows
from app.services.period import ReopenInput, close_period, reopen_period
from app.services.plan import close_plan
from app.services.question import AnswerInput, answer_question, list_questions
from app.services.responsibility import ResponsibilityInput, end_responsibility, give_responsibility
from app.services.submission import waive_submission
from app.services.unit_change import UnitChangeInput, change_units
from app.services.unit_group import set_group_members
from app.services.urging import UrgingInput, send_urgings
from app.services.urging_list import count_standings, get_urging, open_urgings_of_row
from app.services.urging_step_up import step_up_urgings
from app.services.waive_request import (
    WaiveRequestInput,
    last_requests,
    raise_waive_request,
    withdraw_waive_request,
)
from tests.factories import (
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_submission,
    add_task,
)
from tests.people import NOW

ASKED = WaiveRequestInput(reason="Thôn không có trường học.")
WHY = ReasonInput(reason="Văn phòng đã rà lại")
TYPED = DraftInput(fields={"result": "Đang sửa phòng học"})


@pytest.fixture
def rows(stage, cast):
    """The school's row and figure of an open period, the row through a group of two where one is enough, so that the
    village has its own (`other`)."""
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    group = add_group(stage, cast.commune, "CB", "Các chi bộ", [cast.school_cell, cast.village_cell])
    task = add_task(stage, plan)
    duty = add_responsibility(stage, task, group, completion="any", role="report")
    row, other = (
        add_assignment(stage, task, unit, period=period, responsibility=duty, group_id=group.id)
        for unit in (cast.school_cell, cast.village_cell)
    )
    figure = add_submission(
        stage, add_indicator(stage, plan, owners=(cast.school_cell,)), cast.school_cell, period
    )
    stage.commit()
    return {
        "plan": plan,
        "period": period,
        "group": group,
        "task": task,
        "duty": duty,
        "row": row,
        "other": other,
        "figure": figure,
    }


@pytest.fixture
def asked(working, cast, rows):
    """The school asked to be let off both and for a later date, reports a difficulty, and has typed something."""
    with working(cast.binh) as work:
        raise_waive_request(work, Assignment, rows["row"].id, ASKED)
        raise_waive_request(work, Submission, rows["figure"].id, ASKED)
        later = rows["row"].due_on + timedelta(days=9)
        request_extension(
            work, rows["row"].id, ExtensionInput(asked_due_on=later, reason="Chờ kinh phí hỗ trợ")
        )
        block_assignment(work, rows["row"].id, ReasonInput(reason="Chưa có kinh phí"))
        save_draft(work, Assignment, rows["row"].id, TYPED, 0)
    return rows


def told(work, row_id):
    """What the history says of the row and of what was asked about it, in words."""
    about = select(Question.id).where((Question.assignment_id == row_id) | (Question.submission_id == row_id))
    found = select(EventRow).where((EventRow.subject_id == row_id) | EventRow.subject_id.in_(about))
    return [say(one.kind, one.data) for one in work.session.scalars(found.order_by(EventRow.number))]


def nothing_is_open(work, row_id):
    extensions = select(Extension).where(Extension.assignment_id == row_id, Extension.state == "requested")
    questions = select(Question).where(Question.assignment_id == row_id, Question.state == "open")
    row = work.session.get(Assignment, row_id)
    return (
        work.session.scalars(extensions).first() is None
        and work.session.scalars(questions).first() is None
        and row.blocked_reason is None
    )


# The office waives by itself


@pytest.mark.parametrize("subject", ["row", "figure"])
def test_a_direct_waiver_answers_the_open_request(working, cast, asked, subject):
    row = asked[subject]
    with working(cast.an) as work:
        (waive_assignment if subject == "row" else waive_submission)(work, row.id, WHY)
    with working(cast.binh) as work:
        seen = last_requests(work, type(row), [row.id])[row.id]
        assert (seen.state, seen.answer, seen.answer_text) == ("answered", "waived", WHY.reason)
        assert (seen.answered_by, seen.answered_at) == ("Nguyễn Thị An", NOW)
        assert "Văn phòng trả lời đề nghị không áp dụng: đồng ý. Văn phòng đã rà lại" in told(work, row.id)
        with pytest.raises(Conflict):
            withdraw_waive_request(work, type(row), row.id)
    with working(cast.an) as work:
        open_ones = {
            one.row.assignment_id or one.row.submission_id for one in list_questions(work, states=("open",))
        }
        assert row.id not in open_ones


def test_a_direct_waiver_leaves_no_request_for_a_later_date(working, cast, asked):
    with working(cast.an) as work:
        waive_assignment(work, asked["row"].id, WHY)
    with working(cast.an) as work:
        assert nothing_is_open(work, asked["row"].id)
        assert "Rút xin gia hạn vì việc không áp dụng" in told(work, asked["row"].id)


# The row ends in another way


def confirm_the_other(working, cast, rows):
    with working(cast.hoa) as work:
        report_assignment(work, rows["other"].id, ReportInput(result="Đã làm"))
    with working(cast.an) as work:
        confirm_assignment(work, rows["other"].id)


def take_the_task_back(working, cast, rows):
    with working(cast.an) as work:
        end_responsibility(work, rows["duty"].id)


def let_somebody_lead(working, cast, rows):
    with working(cast.an) as work:
        rows["duty"].role = "cooperate"
        work.session.merge(rows["duty"])
        give_responsibility(work, rows["task"].id, ResponsibilityInput(unit=cast.village_cell.id))


def leave_the_group(working, cast, rows):
    with working(cast.an) as work:
        set_group_members(work, rows["group"].id, [cast.village_cell.id])
        question = work.session.scalars(select(Question).where(Question.kind == "ended_member")).one()
    with working(cast.an) as work:
        answer_question(work, question.id, AnswerInput(answer="cancelled", text="Không còn trong nhóm"))


def end_the_unit(working, cast, rows):
    with working(cast.an) as work:
        end = UnitChangeInput(kind="end", units=[cast.school_cell.id])
        change = change_units(work, end, cast.commune.id)
    with working(cast.an) as work:
        decide_rows(work, change.id, RowDecisionsInput(as_proposed=True))
        assert "Rút đề nghị không áp dụng vì đơn vị đã kết thúc" in told(work, rows["figure"].id)


@pytest.mark.parametrize(
    ("ending", "state", "why"),
    [
        (confirm_the_other, "not_needed", "việc không cần nữa"),
        (take_the_task_back, "cancelled", "việc đã hủy"),
        (let_somebody_lead, "supporting", "đơn vị chủ trì báo cáo việc này"),
        (leave_the_group, "cancelled", "việc đã hủy"),
        (end_the_unit, "cancelled", "đơn vị đã kết thúc"),
    ],
)
def test_whatever_ends_a_row_closes_what_was_asked_about_it(working, cast, asked, ending, state, why):
    ending(working, cast, asked)
    with working(cast.an) as work:
        key = asked["row"].id
        assert work.session.get(Assignment, key).state == state
        assert nothing_is_open(work, key)
        assert {f"Rút xin gia hạn vì {why}", f"Rút đề nghị không áp dụng vì {why}"} <= set(told(work, key))


def test_what_was_typed_is_there_again_when_the_row_is(working, cast, asked):
    with working(cast.an) as work:
        waive_assignment(work, asked["row"].id, WHY)
    with working(cast.an) as work:
        reopen_assignment(work, asked["row"].id, ReasonInput(reason="Vẫn áp dụng"))
    with working(cast.binh) as work:
        assert get_draft(work, Assignment, asked["row"].id).fields == TYPED.fields


# A period, a plan and a unit


def leave(working, cast, rows):
    """The school leaves the group; the office is asked what becomes of its row."""
    with working(cast.an) as work:
        set_group_members(work, rows["group"].id, [cast.village_cell.id])
        return work.session.scalars(select(Question)).one().id


def state_and_story(work, question_id):
    events = select(EventRow).where(EventRow.subject_id == question_id).order_by(EventRow.number)
    return work.session.get(Question, question_id).state, [
        say(one.kind, one.data) for one in work.session.scalars(events)
    ][-1]


def test_closing_a_period_withdraws_questions_about_its_rows_and_opening_it_again_asks_anew(
    working, cast, rows
):
    question = leave(working, cast, rows)
    with working(cast.an) as work:
        close_period(work, rows["period"].id)
    with working(cast.an) as work:
        assert state_and_story(work, question) == (
            "withdrawn",
            "Rút câu hỏi về đơn vị rời nhóm vì Quý IV/2026 đã đóng, không còn mục nào liên quan",
        )
        reopen_period(work, rows["period"].id, ReopenInput(reason="Chờ đơn vị"))
    with working(cast.an) as work:
        again = work.session.scalars(select(Question).where(Question.state == "open")).one()
        assert (again.kind, again.unit_id) == ("ended_member", cast.school_cell.id)


def test_what_the_office_answered_is_not_asked_again_with_the_period(working, cast, rows):
    question = leave(working, cast, rows)
    with working(cast.an) as work:
        answer_question(work, question, AnswerInput(answer="kept"))
        close_period(work, rows["period"].id)
    with working(cast.an) as work:
        reopen_period(work, rows["period"].id, ReopenInput(reason="Chờ đơn vị"))
        assert [one.state for one in work.session.scalars(select(Question))] == ["answered"]


def test_closing_a_period_leaves_questions_about_other_rows(working, cast, rows, stage):
    dated = add_task(stage, rows["plan"], "NV-002", kind="dated", due_on=date(2027, 6, 30))
    duty = add_responsibility(stage, dated, rows["group"])
    add_assignment(stage, dated, cast.school_cell, responsibility=duty, group_id=rows["group"].id)
    stage.commit()
    question = leave(working, cast, rows)
    with working(cast.an) as work:
        close_period(work, rows["period"].id)
        assert work.session.get(Question, question).state == "open"


def test_closing_a_plan_withdraws_what_was_asked_about_a_new_member(working, cast, rows):
    with working(cast.an) as work:
        set_group_members(work, rows["group"].id, [cast.village_cell.id])
        set_group_members(work, rows["group"].id, [cast.village_cell.id, cast.school_cell.id])
        work.session.delete(work.session.get(Assignment, rows["row"].id))
    with working(cast.an) as work:
        set_group_members(work, rows["group"].id, [cast.village_cell.id])
        set_group_members(work, rows["group"].id, [cast.village_cell.id, cast.school_cell.id])
        (question,) = work.session.scalars(select(Question.id).where(Question.state == "open")).all()
        close_plan(work, rows["plan"].id, rows["plan"].version)
        assert state_and_story(work, question) == (
            "withdrawn",
            "Rút câu hỏi về đơn vị vào nhóm sau vì KH-01 đã kết thúc, không còn mục nào liên quan",
        )


def test_an_urging_of_a_unit_that_ended_lapses_and_nobody_is_told_that_it_is_silent(
    working, cast, rows, database, settings
):
    with working(cast.an) as work:
        (urging,) = send_urgings(work, UrgingInput(assignments=[rows["row"].id]))
    with working(cast.an) as work:
        merge = UnitChangeInput(kind="merge", units=[cast.school_cell.id], successors=[cast.village_cell.id])
        change_units(work, merge, cast.commune.id)
    much_later = NOW + timedelta(days=30)
    step_up_urgings(database, settings, now=much_later)
    with working(cast.an, now=much_later) as work:
        seen = get_urging(work, urging.id)
        assert (seen.standing, seen.stepped_up_at) == ("lapsed", None)
        assert count_standings(work, cast.commune.id)["lapsed"] == 1
        assert open_urgings_of_row(work, rows["row"].id) == ()
