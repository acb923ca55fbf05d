"""Members who join or leave while work runs, and rows that do not apply: asked, answered once, never silent."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.models import Assignment, Question, Submission
from app.permissions import SYSTEM
from app.services.fan_out import fan_out
from app.services.group_changes import ask_due_change, list_due_changes
from app.services.period import PeriodInput, open_period
from app.services.question import AnswerInput, answer_question, get_question, list_questions, list_rows
from app.services.unit_group import set_group_members
from tests.factories import (
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
    add_unit,
    put,
)
from tests.people import NOW

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def group(stage, cast, working):
    """A group of the school cell alone whose dated, standing work and figure were given out."""
    group = add_group(stage, cast.commune, "G-CB", "Các chi bộ", [cast.school_cell])
    plan = add_plan(stage, cast.commune)
    add_responsibility(stage, add_task(stage, plan), group)
    dated = add_task(stage, plan, "NV-002", kind="dated", due_on=date(2027, 1, 20), ordinal=2)
    responsibility = add_responsibility(stage, dated, group)
    past = add_task(stage, plan, "NV-003", kind="dated", due_on=date(2026, 10, 1), ordinal=3)
    late = add_responsibility(stage, past, group)
    add_indicator(stage, plan, owners=(group,))
    stage.commit()
    with working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
        fan_out(work, [responsibility, late], None)
    return group


def join(working, cast, group, *units, now=LATER):
    with working(cast.an, now) as work:
        set_group_members(work, group.id, [unit.id for unit in units])


def asked(database, kind="late_joiner"):
    with database.read_session() as session:
        return session.scalars(
            select(Question).where(Question.kind == kind).order_by(Question.asked_at)
        ).all()


def rows_of(database, unit):
    with database.read_session() as session:
        return sum(
            session.scalar(select(func.count()).select_from(model).where(model.unit_id == unit.id))
            for model in (Assignment, Submission)
        )


def answer(working, actor, question, code, text=None, version=None):
    with working(actor, LATER + timedelta(hours=1)) as work:
        return answer_question(work, question.id, AnswerInput(answer=code, text=text), version)


def test_a_member_who_joins_later_is_a_question_and_no_row(working, cast, group, stage, database):
    join(working, cast, group, cast.school_cell, cast.village_cell)
    (question,) = asked(database)
    assert (question.unit_id, question.group_id, question.state) == (cast.village_cell.id, group.id, "open")
    assert "1 việc có thời hạn, 2 mục của Quý IV/2026" in question.text
    assert rows_of(database, cast.village_cell) == 0
    with working(cast.an, LATER) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
    assert rows_of(database, cast.village_cell) == 0


def test_added_makes_the_rows_the_others_have(working, cast, group, stage, database):
    join(working, cast, group, cast.school_cell, cast.village_cell)
    with working(cast.an, LATER) as work:
        assert [row.code for row in list_rows(work, get_question(work, asked(database)[0].id).row)] == [
            "NV-002", "NV-001", "CT-01",
        ]  # fmt: skip
    assert answer(working, cast.an, asked(database)[0], "added").rows == 3
    assert rows_of(database, cast.village_cell) == 3
    assert asked(database)[0].answer == "added"


def test_left_out_stays_out_of_this_period_and_is_in_the_next(working, cast, group, stage, database):
    join(working, cast, group, cast.school_cell, cast.village_cell)
    answer(working, cast.an, asked(database)[0], "left_out")
    with working(cast.an, LATER + timedelta(days=1)) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
    assert rows_of(database, cast.village_cell) == 0
    with working(cast.an, LATER + timedelta(days=1)) as work:
        open_period(work, PeriodInput(label="2027-Q1"))
    assert rows_of(database, cast.village_cell) == 2
    assert len(asked(database)) == 1


def test_one_question_for_each_member_and_none_twice(working, cast, group, stage, database):
    third = add_unit(stage, cast.commune, "CB-T2", "Chi bộ thôn Hai", kind="party_cell_village")
    stage.commit()
    join(working, cast, group, cast.school_cell, cast.village_cell, third)
    join(working, cast, group, cast.school_cell, cast.village_cell, third)
    assert {question.unit_id for question in asked(database)} == {cast.village_cell.id, third.id}


def test_a_group_without_work_asks_nothing(working, cast, stage, database):
    group = add_group(stage, cast.commune, "G-2", "Nhóm khác", [])
    stage.commit()
    join(working, cast, group, cast.school_cell)
    assert asked(database) == []


def test_who_joins_and_leaves_again_is_asked_no_more(working, cast, group, stage, database):
    join(working, cast, group, cast.school_cell, cast.village_cell)
    join(working, cast, group, cast.school_cell)
    assert [question.state for question in asked(database)] == ["withdrawn"]
    assert asked(database, "ended_member") == []


def test_a_member_that_leaves_keeps_its_rows_until_the_office_says(working, cast, group, stage, database):
    join(working, cast, group, cast.village_cell)
    (question,) = asked(database, "ended_member")
    assert "còn 4 mục chưa xong" in question.text
    with pytest.raises(Invalid):
        answer(working, cast.an, question, "cancelled")
    assert answer(working, cast.an, question, "cancelled", "Chuyển cho thôn").rows == 4
    stage.expire_all()
    left = stage.scalars(select(Assignment.state).where(Assignment.unit_id == cast.school_cell.id)).all()
    assert set(left) == {"cancelled"}
    assert stage.scalars(select(Submission.state)).all() == ["waived"]


def test_kept_changes_nothing(working, cast, group, stage, database):
    join(working, cast, group, cast.village_cell)
    assert answer(working, cast.an, asked(database, "ended_member")[0], "kept").rows == 0
    assert set(stage.scalars(select(Assignment.state))) == {"assigned"}


def test_a_day_set_beforehand_is_asked_about_when_it_comes(working, cast, group, stage, database):
    with working(cast.an, LATER) as work:
        set_group_members(work, group.id, [cast.school_cell.id, cast.village_cell.id], date(2026, 12, 1))
    assert asked(database) == []
    for hour in (1, 2):
        with working(SYSTEM, datetime(2026, 12, 2, hour, tzinfo=NOW.tzinfo)) as work:
            for change in list_due_changes(work):
                ask_due_change(work, change)
    assert len(asked(database)) == 1


@pytest.fixture
def request_(stage, cast):
    period = add_period(stage, cast.commune)
    row = add_assignment(
        stage, add_task(stage, add_plan(stage, cast.commune)), cast.school_cell, period=period
    )
    question = put(
        stage,
        Question(
            locality_id=cast.commune.id, kind="waive_request", unit_id=cast.school_cell.id,
            assignment_id=row.id, period_id=period.id, text="Không có trường", asked_at=NOW,
        ),
    )  # fmt: skip
    stage.commit()
    return question


def test_a_request_that_is_granted_waives_the_row_for_the_units_own_reason(working, cast, request_, stage):
    assert answer(working, cast.an, request_, "waived").rows == 1
    stage.expire_all()
    row = stage.get(Assignment, request_.assignment_id)
    assert (row.state, row.state_reason) == ("waived", "Không có trường")


def test_a_refusal_needs_a_reason_and_leaves_the_row(working, cast, request_, stage):
    with pytest.raises(Invalid):
        answer(working, cast.an, request_, "refused")
    answer(working, cast.an, request_, "refused", "Vẫn phải báo cáo")
    stage.expire_all()
    assert stage.get(Assignment, request_.assignment_id).state == "assigned"


def test_an_answer_of_another_kind_is_refused(working, cast, request_):
    with pytest.raises(Invalid):
        answer(working, cast.an, request_, "added")


def test_a_question_is_answered_once(working, cast, request_):
    with pytest.raises(Stale):
        answer(working, cast.an, request_, "waived", version=7)
    answer(working, cast.an, request_, "waived")
    with pytest.raises(Conflict) as refusal:
        answer(working, cast.an, request_, "waived")
    assert refusal.value.code == "already_answered"


def test_units_see_their_own_leaders_all_others_none(working, cast, request_):
    for actor, seen in ((cast.binh, 1), (cast.chi, 1), (cast.an, 1), (cast.hoa, 0), (cast.dung, 0)):
        with working(actor) as work:
            assert len(list_questions(work)) == seen
    for actor, refusal in ((cast.binh, Forbidden), (cast.chi, Forbidden), (cast.hoa, NotFound)):
        with pytest.raises(refusal):
            answer(working, actor, request_, "waived")
