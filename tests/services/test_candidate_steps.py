"""Splitting, merging, filling in, and taking steps back: nothing is lost and nobody's work is overwritten."""

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from app.models import Candidate, DecisionStep, EventRow, Task
from app.permissions import Role
from app.services.candidate import (
    AcceptanceInput,
    DecisionInput,
    accept_all,
    decide_candidate,
    list_candidates,
)
from app.services.candidate_bulk import BulkInput, decide_several
from app.services.candidate_pieces import (
    MergeInput,
    SplitInput,
    merge_candidates,
    propose_pieces,
    split_candidate,
)
from app.services.candidate_step import StepUndoInput, own_steps, undo_step
from app.services.coverage import get_coverage, set_aside_passage
from app.services.document import upload_document
from app.services.issuing import issue_plan
from app.services.plan import list_plans
from tests.people import add_person
from tests.plans import PLAN


@pytest.fixture
def intake(working, cast):
    """The plan of tests/plans.py, uploaded by An."""
    with working(cast.an) as work:
        return upload_document(work, name="ke-hoach.txt", data=PLAN.encode())


@pytest.fixture
def hong(stage, cast):
    """A second clerk of the same office."""
    actor = add_person(stage, cast.commune, "hong", "Đinh Thị Hồng", Role.OFFICE)
    stage.commit()
    return actor


def found(working, actor, intake, *, kind=None, state=None):
    with working(actor) as work:
        rows = list_candidates(
            work, intake.id, kinds=(kind,) if kind else (), states=(state,) if state else ()
        )
    return rows


def said(row):
    return row.reading.get("name") or row.reading.get("text") or row.reading.get("statement")


def one(working, actor, intake, kind, text):
    return next(row for row in found(working, actor, intake, kind=kind) if text in said(row))


def decide(working, actor, row, action):
    with working(actor) as work:
        return decide_candidate(work, row.id, row.version, DecisionInput(action=action))


def split(working, actor, row, *pieces):
    with working(actor) as work:
        return split_candidate(work, row.id, row.version, SplitInput(pieces=list(pieces)))


def merge(working, actor, intake, *rows, **more):
    chosen = [{"id": row.id, "version": row.version} for row in rows]
    with working(actor) as work:
        return merge_candidates(work, intake.id, MergeInput.model_validate({"candidates": chosen, **more}))


def several(working, actor, intake, action, *rows, **fields):
    chosen = [{"id": row.id, "version": row.version} for row in rows]
    given = {"action": action, "candidates": chosen} | ({"fields": fields} if fields else {})
    with working(actor) as work:
        return decide_several(work, intake.id, BulkInput.model_validate(given))


def undo(working, actor, intake, step=None):
    with working(actor) as work:
        return undo_step(work, intake.id, StepUndoInput(step=step))


# Splitting and merging


def test_a_text_is_cut_at_sentences_and_semicolons():
    text = "Rà soát quy hoạch; dành quỹ đất cho trường học; v.v.; báo cáo kết quả. Tổng kết hằng năm."
    assert propose_pieces(text) == [
        "Rà soát quy hoạch;",
        "dành quỹ đất cho trường học; v.v.;",
        "báo cáo kết quả.",
        "Tổng kết hằng năm.",
    ]


def test_pieces_stand_where_the_original_stood_and_lead_to_the_same_clause(working, cast, intake):
    task = one(working, cast.an, intake, "task", "quỹ đất")
    made = split(working, cast.an, task, "Rà soát quy hoạch.", "Dành quỹ đất cho trường học.")
    again = split(working, cast.an, made[0], "Rà soát.", "Quy hoạch.")
    order = [said(row) for row in found(working, cast.an, intake) if row.state == "pending"]
    place = order.index("Rà soát.")
    assert order[place : place + 3] == ["Rà soát.", "Quy hoạch.", "Dành quỹ đất cho trường học."]
    assert {row.passage_id for row in (*made, *again)} == {task.passage_id}
    assert made[0].made_of == [str(task.id)]
    assert one(working, cast.an, intake, "task", "Rà soát quy hoạch, dành").state == "split"


def test_pieces_become_tasks_and_the_original_does_not(working, cast, intake, database):
    task = one(working, cast.an, intake, "task", "quỹ đất")
    split(working, cast.an, task, "Rà soát quy hoạch.", "Dành quỹ đất cho trường học.")
    with working(cast.an) as work:
        accept_all(work, intake.id, AcceptanceInput())
        assert not get_coverage(work, intake.id).waiting
    with working(cast.an) as work:
        [plan] = list_plans(work)
        issue_plan(work, plan.id, plan.version, with_unused=True)
    with database.read_session() as session:
        texts = list(session.scalars(select(Task.text).order_by(Task.ordinal)))
    assert texts[texts.index("Rà soát quy hoạch.") + 1] == "Dành quỹ đất cho trường học."
    assert not [text for text in texts if text.startswith("Rà soát quy hoạch,")]


def test_a_piece_of_a_target_has_the_figure_in_its_words(working, cast, intake):
    target = one(working, cast.an, intake, "indicator", "80%")
    made = split(
        working, cast.an, target, "Đến năm 2027 có trên 60% số trường đạt chuẩn.", "Trường lớp sạch đẹp hơn."
    )
    assert (made[0].reading["value"], made[0].reading["horizon"]) == ("60", 2027)
    assert (made[1].reading["value"], made[1].reading["measure"]) == (None, "text")


def test_what_was_filled_in_goes_on_to_the_pieces(working, cast, intake):
    task = one(working, cast.an, intake, "task", "Đưa chỉ tiêu")
    several(working, cast.an, intake, "set", task, cycle="year", expected_product="Kế hoạch năm")
    [task] = [row for row in found(working, cast.an, intake, kind="task") if row.id == task.id]
    made = split(working, cast.an, task, "Đưa chỉ tiêu vào kế hoạch.", "Báo cáo kết quả.")
    assert [row.decided["expected_product"] for row in made] == ["Kế hoạch năm"] * 2
    assert decide(working, cast.an, made[0], "accept").decided["text"] == "Đưa chỉ tiêu vào kế hoạch."


def test_merged_duties_are_one_with_all_their_words_and_clauses(working, cast, intake):
    first = one(working, cast.an, intake, "duty", "Tham mưu")
    second = one(working, cast.an, intake, "duty", "Nắm tư tưởng")
    made = merge(working, cast.an, intake, second, first)
    assert made.reading["text"].startswith("Tham mưu")
    assert "Nắm tư tưởng" in made.reading["text"]
    assert (made.parent_id, made.made_of) == (first.parent_id, [str(first.id), str(second.id)])
    states = {row.id: row.state for row in found(working, cast.an, intake, kind="duty")}
    assert (states[first.id], states[second.id], states[made.id]) == ("merged", "merged", "pending")
    with working(cast.an) as work:
        accept_all(work, intake.id, AcceptanceInput())
        assert not get_coverage(work, intake.id).waiting


@pytest.mark.parametrize(("kind", "text"), [("duty", "Giám sát"), ("task", "quỹ đất"), ("indicator", "80%")])
def test_what_is_not_alike_is_not_merged(working, cast, intake, kind, text):
    duty, other = one(working, cast.an, intake, "duty", "Tham mưu"), one(working, cast.an, intake, kind, text)
    with pytest.raises(Conflict) as refusal:
        merge(working, cast.an, intake, duty, other)
    assert refusal.value.code == "not_alike"


def test_a_unit_stays_whole(working, cast, intake):
    with pytest.raises(Conflict) as refusal:
        split(working, cast.an, one(working, cast.an, intake, "unit", "Mặt trận"), "Mặt trận", "Tổ quốc")
    assert refusal.value.code == "unit_stays_whole"


def test_one_line_is_no_split(working, cast, intake):
    with pytest.raises(Invalid):
        split(working, cast.an, one(working, cast.an, intake, "task", "quỹ đất"), "Một phần", "  ")


def test_undoing_a_split_brings_the_original_back(working, cast, intake):
    task = one(working, cast.an, intake, "task", "quỹ đất")
    made = split(working, cast.an, task, "Rà soát.", "Dành quỹ đất.")
    with working(cast.an) as work:
        now = work.get(Candidate, task.id)
        back = decide_candidate(work, task.id, now.version, DecisionInput(action="undo"))
    assert back.state == "pending"
    gone = {row.id: row.state for row in found(working, cast.an, intake)}
    assert {gone[row.id] for row in made} == {"merged"}


def test_a_split_whose_pieces_are_used_is_undone_only_after_them(working, cast, intake):
    task = one(working, cast.an, intake, "task", "quỹ đất")
    made = split(working, cast.an, task, "Rà soát.", "Dành quỹ đất.")
    decide(working, cast.an, made[0], "accept")
    with pytest.raises(Conflict) as refusal, working(cast.an) as work:
        now = work.get(Candidate, task.id)
        decide_candidate(work, task.id, now.version, DecisionInput(action="undo"))
    assert refusal.value.code == "parts_in_use"


def test_what_was_split_is_no_longer_decided(working, cast, intake):
    task = one(working, cast.an, intake, "task", "quỹ đất")
    split(working, cast.an, task, "Rà soát.", "Dành quỹ đất.")
    with pytest.raises(Conflict) as refusal, working(cast.an) as work:
        decide_candidate(work, task.id, 2, DecisionInput(action="accept"))
    assert refusal.value.code == "split_or_merged"


# Several at once


def test_several_are_given_a_lead_a_deadline_and_a_product_and_wait(working, cast, intake):
    tasks = found(working, cast.an, intake, kind="task")
    unit = str(cast.school_cell.id)
    made = several(
        working,
        cast.an,
        intake,
        "set",
        *tasks,
        lead={"unit_id": unit},
        due_on="2027-03-31",
        expected_product="Đề án",
    )
    assert len(made.done) == len(tasks)
    for row in found(working, cast.an, intake, kind="task"):
        assert (row.state, row.decided["lead"]["unit_id"], row.decided["kind"]) == ("pending", unit, "dated")
        assert decide(working, cast.an, row, "accept").state == "edited"


def test_what_does_not_apply_is_left_and_named(working, cast, intake):
    duty, task = (
        one(working, cast.an, intake, "duty", "Tham mưu"),
        one(working, cast.an, intake, "task", "quỹ đất"),
    )
    made = several(working, cast.an, intake, "set", duty, task, role="monitor")
    assert [row.id for row in made.done] == [duty.id]
    assert [(left.candidate.id, left.error.code) for left in made.left] == [(task.id, "not_applicable")]


def test_a_unit_is_accepted_with_its_duties_in_one_go_and_a_lone_duty_is_left(working, cast, intake):
    unit, duty = (
        one(working, cast.an, intake, "unit", "Ban Xây"),
        one(working, cast.an, intake, "duty", "Tham mưu"),
    )
    lone = one(working, cast.an, intake, "duty", "Giám sát")
    made = several(working, cast.an, intake, "accept", lone, duty, unit)
    assert {row.id for row in made.done} == {unit.id, duty.id}
    assert [left.error.code for left in made.left] == ["unit_not_accepted"]


def test_a_candidate_somebody_changed_meanwhile_is_left_as_it_is(working, cast, intake, hong):
    mine, theirs = found(working, cast.an, intake, kind="task")
    decide(working, hong, theirs, "reject")
    made = several(working, cast.an, intake, "accept", mine, theirs)
    assert [(left.candidate.state, type(left.error)) for left in made.left] == [("rejected", Stale)]
    assert [row.id for row in made.done] == [mine.id]


def test_a_deadline_and_a_cycle_exclude_each_other(working, cast, intake):
    task = one(working, cast.an, intake, "task", "Đưa chỉ tiêu")
    with pytest.raises(Invalid):
        several(working, cast.an, intake, "set", task, cycle="year", due_on="2027-03-31")
    with pytest.raises(Invalid):
        several(working, cast.an, intake, "set", task)


def test_tasks_are_accepted_by_section(working, cast, intake):
    section = one(working, cast.an, intake, "task", "quỹ đất").reading["section"]
    with working(cast.an) as work:
        assert accept_all(work, intake.id, AcceptanceInput(section=section)) == 2
        assert accept_all(work, intake.id, AcceptanceInput(section="Mục khác")) == 0


# Taking one's own steps back


def test_the_last_steps_are_taken_back_one_after_the_other(working, cast, intake):
    with working(cast.an) as work:
        accept_all(work, intake.id, AcceptanceInput())
    task = one(working, cast.an, intake, "task", "quỹ đất")
    decide(working, cast.an, task, "reject")
    assert undo(working, cast.an, intake).action == "reject"
    assert one(working, cast.an, intake, "task", "quỹ đất").state == "accepted"
    all_back = undo(working, cast.an, intake)
    assert (all_back.action, all_back.changed) == ("accept", 11)
    assert {row.state for row in found(working, cast.an, intake)} == {"pending"}
    with pytest.raises(Conflict) as refusal:
        undo(working, cast.an, intake)
    assert refusal.value.code == "nothing_to_undo"


def test_a_step_taken_back_twice_has_one_effect(working, cast, intake):
    decide(working, cast.an, one(working, cast.an, intake, "task", "quỹ đất"), "reject")
    with working(cast.an) as work:
        [step] = own_steps(work, intake.id)
    assert (
        undo(working, cast.an, intake, step.id).changed,
        undo(working, cast.an, intake, step.id).changed,
    ) == (1, 0)


def test_a_clerk_does_not_take_back_the_step_of_another(working, cast, intake, hong):
    task = one(working, cast.an, intake, "task", "quỹ đất")
    decide(working, cast.an, task, "reject")
    with working(cast.an) as work:
        [step] = own_steps(work, intake.id)
    with pytest.raises(NotFound):
        undo(working, hong, intake, step.id)
    with pytest.raises(Conflict):
        undo(working, hong, intake)
    assert one(working, cast.an, intake, "task", "quỹ đất").state == "rejected"


def test_what_another_clerk_changed_since_stays_as_it_is(working, cast, intake, hong):
    with working(cast.an) as work:
        accept_all(work, intake.id, AcceptanceInput(kinds=["task"]))
    decide(working, hong, one(working, cast.an, intake, "task", "quỹ đất"), "reject")
    taken_back = undo(working, cast.an, intake)
    assert (taken_back.changed, taken_back.left) == (1, 1)
    assert one(working, cast.an, intake, "task", "quỹ đất").state == "rejected"
    with pytest.raises(Conflict):
        undo(working, cast.an, intake)


def test_a_split_is_taken_back_whole_or_not_at_all(working, cast, intake, hong):
    task = one(working, cast.an, intake, "task", "quỹ đất")
    made = split(working, cast.an, task, "Rà soát.", "Dành quỹ đất.")
    decide(working, hong, made[0], "accept")
    with pytest.raises(Conflict) as refusal:
        undo(working, cast.an, intake)
    assert refusal.value.code == "step_overtaken"
    undo(working, hong, intake)
    assert undo(working, cast.an, intake).action == "split"
    assert [row.id for row in found(working, cast.an, intake, kind="task", state="pending")][1] == task.id


def test_a_merge_is_taken_back(working, cast, intake):
    first, second = found(working, cast.an, intake, kind="task")
    made = merge(working, cast.an, intake, first, second)
    undo(working, cast.an, intake)
    states = {row.id: row.state for row in found(working, cast.an, intake, kind="task")}
    assert states == {first.id: "pending", second.id: "pending", made.id: "split"}


def test_setting_a_clause_aside_is_a_step_too(working, cast, intake):
    with working(cast.an) as work:
        clause = get_coverage(work, intake.id).unused[0]
        set_aside_passage(work, clause.id, clause.version, set_aside=True)
    undo(working, cast.an, intake)
    with working(cast.an) as work:
        assert get_coverage(work, intake.id).unused[0].id == clause.id


def test_every_change_has_its_event(working, cast, intake, database):
    task = one(working, cast.an, intake, "task", "quỹ đất")
    made = split(working, cast.an, task, "Rà soát.", "Dành quỹ đất.")
    merge(working, cast.an, intake, *made)
    several(working, cast.an, intake, "reject", *found(working, cast.an, intake, kind="milestone"))
    undo(working, cast.an, intake)
    with database.read_session() as session:
        told = list(session.scalars(select(EventRow.kind).order_by(EventRow.number.desc()).limit(4)))
        steps = list(session.scalars(select(DecisionStep.action).order_by(DecisionStep.id)))
    assert told == ["decision_step_undone", "candidates_rejected", "candidates_merged", "candidate_split"]
    assert steps == ["split", "merge", "reject"]


def test_who_reads_changes_nothing(working, cast, intake):
    task = one(working, cast.an, intake, "task", "quỹ đất")
    for actor, refusal in ((cast.chi, Forbidden), (cast.binh, NotFound), (cast.dung, NotFound)):
        with pytest.raises(refusal):
            split(working, actor, task, "Rà soát.", "Dành quỹ đất.")
        with pytest.raises(refusal):
            merge(working, actor, intake, task, task)
        with pytest.raises(refusal):
            several(working, actor, intake, "reject", task)
        with pytest.raises(refusal):
            undo(working, actor, intake)
