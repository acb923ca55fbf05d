"""Amending a plan: decisions about old work, and what issuing makes of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, IllegalStep, Invalid, NotFound, Stale, VersionRequired
from app.models import Assignment, EventRow, Indicator, Plan, Responsibility, Submission, Task
from app.models.base import columns
from app.permissions import SYSTEM
from app.services.amendment import (
    AmendedInput,
    AmendmentInput,
    accept_kept,
    decide_old_work,
    list_old_work,
    set_amended_plan,
)
from app.services.assignment import ReasonInput, ReportInput, confirm_assignment, report_assignment
from app.services.assignment import return_assignment as return_report
from app.services.candidate import AcceptanceInput, accept_all
from app.services.definition import Defined, list_definitions
from app.services.document import SentFile, plan_of, upload_files
from app.services.figures import build_indicator_page
from app.services.indicator import (
    IndicatorChange,
    IndicatorInput,
    add_indicator,
    change_indicator,
    list_indicators,
    set_owners,
)
from app.services.issuing import issue_plan
from app.services.period import PeriodInput, open_period
from app.services.responsibility import ResponsibilityInput, give_responsibility
from app.services.submission import SubmissionInput, accept_submission, send_submission
from app.services.submission_page import build_submission_page
from app.services.task import TaskChange, change_task
from tests.factories import add_group, add_plan
from tests.people import NOW
from tests.plans import PLAN

tasks, rows, events = columns(Task), columns(Assignment), columns(EventRow)
plans, figures, indicators = columns(Plan), columns(Submission), columns(Indicator)
given = columns(Responsibility)

# One duty reworded, one gone, one new; the target raised; a task of the tasks section with a later date.
AMENDED = (
    PLAN.replace("trên 80% số trường", "trên 85% số trường")
    .replace("hoàn thành trước ngày 30/6/2027", "hoàn thành trước ngày 31/12/2027")
    .replace("- Nắm tư tưởng trong cán bộ, giáo viên, phụ huynh.\n\n", "")
    .replace("- Tham mưu tổ chức học tập Nghị quyết", "- Tham mưu tổ chức tuyên truyền, học tập Nghị quyết")
    .replace("thực hiện chính sách giáo dục trên địa bàn.", "thực hiện chính sách giáo dục trên địa bàn.\n\n"
             "- Vận động nhân dân hiến đất xây dựng trường học ở các thôn xa trung tâm.")
)  # fmt: skip
GONE = AmendmentInput(outcome="ended", reason="Không còn trong kế hoạch sửa đổi")


def taken_in(work, text=PLAN, *, amends=None, name="ke-hoach.txt"):
    """A draft with everything accepted as read."""
    document = upload_files(work, [SentFile(name, text.encode())], amends=amends)
    accept_all(work, document.id, AcceptanceInput())
    return plan_of(work, document.id)


def in_force(work, text=PLAN):
    plan = taken_in(work, text)
    issue_plan(work, plan.id, plan.version, with_unused=True)
    return plan


def amending(work, plan, text=AMENDED):
    return taken_in(work, text, amends=plan.id, name="sua-doi.txt")


def decide_as_proposed(work, draft, *, but=()):
    """Everything as it is proposed; what nothing is like ends."""
    for kind in ("task", "indicator"):
        for old in list_old_work(work, draft.id, kind):
            if old.code not in but and old.decision is None:
                clause = old.proposal.clause
                chosen = (
                    GONE
                    if clause is None
                    else AmendmentInput(outcome=old.proposal.outcome, candidate=clause.id)
                )
                decide_old_work(work, draft.id, kind, old.id, chosen, 0)


def old_work(work, draft, words, kind="task"):
    return next(old for old in list_old_work(work, draft.id, kind) if words in old.text)


def task_with(work, plan, words):
    found = select(tasks).where(tasks.plan_id == plan.id, tasks.text.contains(words))
    return work.session.scalars(found).one()


def rows_of(work, task):
    return list(work.session.scalars(select(rows).where(rows.task_id == task.id).order_by(rows.id)))


def reported(work, row, result="Đã làm"):
    """The unit's own report, whoever the unit is."""
    me = work.actor
    work.act_as(SYSTEM)
    sent = report_assignment(work, row.id, ReportInput(result=result))
    work.act_as(me)
    return sent


def issued(work, draft):
    return issue_plan(work, draft.id, plan_of(work, draft.document_id).version, with_unused=True)


# --- proposals


def test_each_old_task_has_a_proposal_within_its_own_organisation(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))

        proposed = {old.text[:22]: old.proposal for old in list_old_work(work, draft.id, "task")}

    assert proposed["Nắm tư tưởng trong cán"].outcome == "ended"
    assert proposed["Giám sát, phản biện vi"].outcome == "kept"
    reworded = proposed["Tham mưu tổ chức học t"]
    assert (reworded.outcome, reworded.clause.organisation) == ("changed", "Ban Xây dựng Đảng xã")
    assert 65 <= reworded.score < 100
    later = proposed["Rà soát quy hoạch, dàn"]
    assert (later.outcome, later.clause.fields["due_on"]) == ("changed", "2027-12-31")


def test_a_raised_target_is_proposed_as_changed(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        old = old_work(work, draft, "80%", "indicator")

    assert (old.proposal.outcome, old.proposal.clause.fields["value"]) == ("changed", "85")


def test_every_clause_is_proposed_for_one_old_task_only(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        clauses = [
            old.proposal.clause.id for old in list_old_work(work, draft.id, "task") if old.proposal.clause
        ]

    assert len(set(clauses)) == len(clauses) == 6


# --- deciding


def test_what_is_kept_is_taken_all_at_once(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        count = accept_kept(work, draft.id, "task")
        decided = {old.text[:12] for old in list_old_work(work, draft.id, "task") if old.is_settled}

    assert count == len(decided) == 4
    assert "Tham mưu tổ" not in decided


def test_a_decision_can_be_put_right_with_its_version(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        old = old_work(work, draft, "Nắm tư tưởng")
        decide_old_work(work, draft.id, "task", old.id, GONE, 0)
        with pytest.raises(Stale):
            decide_old_work(work, draft.id, "task", old.id, GONE, 0)
        with pytest.raises(VersionRequired):
            decide_old_work(work, draft.id, "task", old.id, GONE, None)
        reason = AmendmentInput(outcome="ended", reason="Chuyển sang kế hoạch khác")
        row = decide_old_work(work, draft.id, "task", old.id, reason, 1)

    assert (row.version, row.reason) == (2, "Chuyển sang kế hoạch khác")


def test_ended_needs_a_reason_and_kept_a_clause(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        old = old_work(work, draft, "Nắm tư tưởng")
        with pytest.raises(Invalid) as without_reason:
            decide_old_work(work, draft.id, "task", old.id, AmendmentInput(outcome="ended"), 0)
        with pytest.raises(Invalid) as without_clause:
            decide_old_work(work, draft.id, "task", old.id, AmendmentInput(outcome="kept"), 0)

    assert list(without_reason.value.errors) == ["reason"]
    assert list(without_clause.value.errors) == ["candidate"]


def test_one_clause_goes_on_from_one_old_task(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        one, other = old_work(work, draft, "Tham mưu"), old_work(work, draft, "Nắm tư tưởng")
        chosen = AmendmentInput(outcome="changed", candidate=one.proposal.clause.id)
        decide_old_work(work, draft.id, "task", one.id, chosen, 0)
        with pytest.raises(Conflict) as refused:
            decide_old_work(work, draft.id, "task", other.id, chosen, 0)

    assert refused.value.code == "candidate_taken"


def test_figures_measured_otherwise_do_not_go_on(working, cast):
    text = AMENDED.replace(
        "có trên 85% số trường đạt chuẩn quốc gia", "có ít nhất 6 trường đạt chuẩn quốc gia"
    )
    with working(cast.an) as work:
        draft = amending(work, in_force(work), text)
        old = old_work(work, draft, "80%", "indicator")
        assert old.proposal.clause is None
        candidate = next(
            c for c in accepted(work, draft) if c.kind == "indicator" and c.decided["measure"] == "count"
        )
        with pytest.raises(Invalid) as refused:
            chosen = AmendmentInput(outcome="changed", candidate=candidate.id)
            decide_old_work(work, draft.id, "indicator", old.id, chosen, 0)

    assert list(refused.value.errors) == ["candidate"]


def accepted(work, draft):
    from app.services.candidate import list_candidates

    return list_candidates(work, draft.document_id, states=("accepted", "edited"))


def test_the_amended_plan_can_be_chosen_later_and_what_was_decided_goes(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        draft = taken_in(work, AMENDED, name="sua-doi.txt")
        with pytest.raises(Conflict) as refused:
            accept_kept(work, draft.id, "task")
        set_amended_plan(work, draft.id, AmendedInput(plan=plan.id), draft.version)
        assert accept_kept(work, draft.id, "task") == 4
        set_amended_plan(work, draft.id, AmendedInput(), draft.version)
        set_amended_plan(work, draft.id, AmendedInput(plan=plan.id), draft.version)
        left = [old for old in list_old_work(work, draft.id, "task") if old.decision]

    assert refused.value.code == "not_an_amendment"
    assert left == []


# --- issuing


def test_issuing_waits_until_all_old_work_is_decided(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        decide_as_proposed(work, draft, but=("NV-002", "CT-01"))
        with pytest.raises(Conflict) as refused:
            issued(work, draft)

    assert refused.value.code == "undecided_work"
    assert refused.value.details == {"tasks": ["NV-002"], "indicators": ["CT-01"]}
    assert "NV-002, CT-01" in refused.value.message


def test_a_clause_rejected_after_the_decision_is_asked_about_again(working, cast):
    from app.services.candidate import DecisionInput, decide_candidate, get_candidate

    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        decide_as_proposed(work, draft)
        old = old_work(work, draft, "Tham mưu")
        clause = get_candidate(work, old.clause.id)
        decide_candidate(work, clause.id, clause.version, DecisionInput(action="reject"))
        with pytest.raises(Conflict) as refused:
            issued(work, draft)

    assert refused.value.details["tasks"] == [old.code]


def test_open_rows_move_to_the_new_plan_with_their_reports(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        before = task_with(work, plan, "Tham mưu")
        row = rows_of(work, before)[0]
        reported(work, row, "Đã soạn tài liệu")
        return_report(work, row.id, ReasonInput(reason="Nêu rõ số người"))
    with working(cast.an) as work:
        draft = amending(work, work.session.get(Plan, plan.id))
        decide_as_proposed(work, draft)
        made = issued(work, draft)
        after = task_with(work, draft, "Tham mưu")
        moved = rows_of(work, after)

        assert [one.id for one in moved] == [row.id]
        assert (moved[0].state, moved[0].plan_id, moved[0].state_reason) == (
            "returned", draft.id, "Nêu rõ số người",
        )  # fmt: skip
        assert after.previous_id == before.id
        assert rows_of(work, before) == []
        assert work.session.get(Plan, plan.id).state == "superseded"
        assert made.moved > 0
        assert reported(work, row, "42 người").number == 2


def test_confirmed_rows_stay_and_are_not_asked_for_again(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        before = task_with(work, plan, "Giám sát")
        row = rows_of(work, before)[0]
        reported(work, row, "Đã giám sát")
        confirm_assignment(work, row.id)
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        issued(work, draft)
        after = task_with(work, draft, "Giám sát")

        assert [one.state for one in rows_of(work, before)] == ["confirmed"]
        assert rows_of(work, after) == []
        open_period(work, PeriodInput(label="2026-Q4", locality=cast.commune.id))
        assert rows_of(work, after) == []
        open_period(work, PeriodInput(label="2027-Q1", locality=cast.commune.id))
        assert len(rows_of(work, after)) == 1
        assert len(rows_of(work, before)) == 1


def test_rows_of_ended_tasks_are_cancelled_with_the_reason(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        before = task_with(work, plan, "Nắm tư tưởng")
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        made = issued(work, draft)

        assert [(one.state, one.state_reason) for one in rows_of(work, before)] == [
            ("cancelled", GONE.reason)
        ]
        assert made.cancelled == 1


def test_a_report_of_an_ended_task_waits_for_the_office(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        before = task_with(work, plan, "Nắm tư tưởng")
        row = rows_of(work, before)[0]
        reported(work, row, "Đã nắm")
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        issued(work, draft)

        assert rows_of(work, before)[0].state == "reported"
        assert confirm_assignment(work, row.id).state == "confirmed"


def test_a_new_date_is_told_beside_the_old_one(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        before = task_with(work, plan, "Rà soát quy hoạch")
        give_responsibility(work, before.id, ResponsibilityInput(unit=cast.school_cell.id))
        row = rows_of(work, before)[0]
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        issued(work, draft)
        told = work.session.scalars(
            select(events).where(events.subject_id == row.id, events.kind == "assignment_moved")
        ).one()

        assert str(work.session.get(Assignment, row.id).due_on) == "2027-12-31"
        assert told.data["due_on_before"] == "2027-06-30"
        assert told.data["said"] == ", hạn từ 30/06/2027 thành 31/12/2027"


def test_what_the_office_arranged_is_carried_over(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        before = task_with(work, plan, "Đưa chỉ tiêu")
        give_responsibility(work, before.id, ResponsibilityInput(unit=cast.school_cell.id))
        give_responsibility(work, before.id, ResponsibilityInput(unit=cast.village_cell.id, role="cooperate"))
        change = TaskChange(kind="dated", due_on="2027-03-31", expected_product="Nghị quyết HĐND")
        change_task(work, before.id, change, before.version)
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        made = issued(work, draft)
        after = task_with(work, draft, "Đưa chỉ tiêu")
        carried = work.session.scalars(select(given).where(given.task_id == after.id)).all()

        assert (after.kind, str(after.due_on), after.expected_product) == (
            "dated",
            "2027-03-31",
            "Nghị quyết HĐND",
        )
        assert {one.role for one in carried} == {"lead", "cooperate"}
        assert len(rows_of(work, after)) == 2
        assert after.code not in made.without_lead


def test_a_lead_named_by_the_new_document_wins(working, cast):
    from app.services.candidate import DecisionInput, decide_candidate

    with working(cast.an) as work:
        plan = in_force(work)
        before = task_with(work, plan, "Đưa chỉ tiêu")
        give_responsibility(work, before.id, ResponsibilityInput(unit=cast.school_cell.id))
        draft = amending(work, plan)
        clause = next(
            c for c in accepted(work, draft) if c.kind == "task" and "Đưa chỉ tiêu" in c.reading["text"]
        )
        wanted = DecisionInput(action="edit", task={"lead": {"unit_id": cast.village_cell.id}})
        decide_candidate(work, clause.id, clause.version, wanted)
        decide_as_proposed(work, draft)
        issued(work, draft)
        after = task_with(work, draft, "Đưa chỉ tiêu")

        assert [one.unit_id for one in rows_of(work, after)] == [cast.village_cell.id]
        assert [one.state for one in rows_of(work, before)] == ["cancelled"]


def test_a_group_goes_on_member_by_member(working, cast, stage):
    add_group(stage, cast.commune, "NHOM", "Các chi bộ thôn", [cast.school_cell, cast.village_cell])
    stage.commit()
    with working(cast.an) as work:
        plan = in_force(work)
        before = task_with(work, plan, "Hằng năm vận động")
        done, left = rows_of(work, before)
        reported(work, done, "Đã vận động")
        confirm_assignment(work, done.id)
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        issued(work, draft)
        after = task_with(work, draft, "Hằng năm vận động")

        assert [one.id for one in rows_of(work, after)] == [left.id]
        assert rows_of(work, after)[0].group_id is not None
        assert [one.id for one in rows_of(work, before)] == [done.id]


def test_figures_go_on_and_those_accepted_stay(working, cast):
    def figure(value):
        return SubmissionInput(indicator=before.id, unit=cast.school_cell.id, period="2026-Q4", value=value)

    with working(cast.an) as work:
        plan = in_force(work)
        before = list_indicators(work, plan=plan.id)[0]
        set_owners(work, before.id, [cast.school_cell.id, cast.village_cell.id], before.version)
    with working(cast.binh) as work:
        sent = send_submission(work, figure("70"))
    with working(cast.an) as work:
        accept_submission(work, sent.submission_id)
        draft = amending(work, work.session.get(Plan, plan.id))
        decide_as_proposed(work, draft)
        issued(work, draft)
        after = list_indicators(work, plan=draft.id)[0]
        of = {
            key: [
                (one.unit_id, one.state)
                for one in work.session.scalars(select(figures).where(figures.indicator_id == key))
            ]
            for key in (before.id, after.id)
        }

        assert after.previous_id == before.id
        assert of[before.id] == [(cast.school_cell.id, "accepted")]
        assert of[after.id] == [(cast.village_cell.id, "expected")]


def test_a_figure_that_goes_on_is_read_by_the_first_definition_of_the_new_plan(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        before = list_indicators(work, plan=plan.id)[0]
        set_owners(work, before.id, [cast.school_cell.id], before.version)
    with working(cast.an) as work:
        changed = change_indicator(work, before.id, IndicatorChange(decimals=1), before.version)
    with working(cast.binh) as work:
        given = {"indicator": before.id, "unit": cast.school_cell.id, "period": "2026-Q4"}
        sent = send_submission(work, SubmissionInput(**given, value="70.25"))
        assert sent.definition == changed.definition == 2
    with working(cast.an, NOW + timedelta(days=1)) as work:
        draft = amending(work, work.session.get(Plan, plan.id))
        decide_as_proposed(work, draft)
        issued(work, draft)
        after = list_indicators(work, plan=draft.id)[0]
    with working(cast.an) as work:
        (period,) = build_indicator_page(work, after.id).periods
        assert period.cells[0].shown == "70,3%"
        assert period.how == Defined(list_definitions(work, [after.id])[after.id]).newest
        assert build_submission_page(work, sent.submission_id).versions[0].shown == "70,3%"


def test_the_story_is_told_on_both_plans(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        issued(work, draft)
        kinds = set(
            work.session.scalars(select(events.kind).where(events.subject_id.in_((plan.id, draft.id))))
        )

    assert {"amendment_drafted", "amendment_decided", "plan_superseded", "plan_issued"} <= kinds


def test_an_amendment_can_be_amended(working, cast):
    with working(cast.an) as work:
        first = in_force(work)
        row = rows_of(work, task_with(work, first, "Giám sát"))[0]
        reported(work, row, "Đã giám sát")
        confirm_assignment(work, row.id)
        second = amending(work, first)
        decide_as_proposed(work, second)
        issued(work, second)
        third = amending(work, second, AMENDED.replace("85%", "90%"))
        decide_as_proposed(work, third)
        issued(work, third)
        last = task_with(work, third, "Giám sát")

        assert rows_of(work, last) == []
        assert len(rows_of(work, task_with(work, third, "Tham mưu"))) == 1


# --- who may not, and two at once


def test_only_a_plan_in_force_of_the_same_place_can_be_amended(working, cast, stage):
    elsewhere, draft = (
        add_plan(stage, cast.other_commune),
        add_plan(stage, cast.commune, code="KH-08", state="draft"),
    )
    stage.commit()
    with working(cast.an) as work:
        with pytest.raises(NotFound):
            amending(work, elsewhere)
        with pytest.raises(Conflict):
            amending(work, draft)


def test_only_the_office_decides(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        old = old_work(work, draft, "Nắm tư tưởng")
    for person, refused in (
        (cast.chi, Forbidden),
        (cast.kiem, Forbidden),
        (cast.binh, NotFound),
        (cast.dung, NotFound),
    ):
        with pytest.raises(refused), working(person) as work:
            decide_old_work(work, draft.id, "task", old.id, GONE, 0)
    with pytest.raises(NotFound), working(cast.binh) as work:
        list_old_work(work, draft.id, "task")


def test_the_second_of_two_amendments_is_refused(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        one, other = amending(work, plan), taken_in(work, AMENDED + "\n", amends=plan.id, name="khac.txt")
        decide_as_proposed(work, one)
        decide_as_proposed(work, other)
        issued(work, one)
        with pytest.raises(Conflict) as refused:
            issued(work, other)
        with pytest.raises(IllegalStep):
            issued(work, one)

    assert refused.value.code == "already_superseded"


def test_an_indicator_with_another_target_is_not_kept(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        old = old_work(work, draft, "80%", "indicator")
        chosen = AmendmentInput(outcome="kept", candidate=old.proposal.clause.id)
        with pytest.raises(Invalid) as refused:
            decide_old_work(work, draft.id, "indicator", old.id, chosen, 0)

    assert list(refused.value.errors) == ["outcome"]


def test_the_form_of_a_period_still_shows_the_answer_before(working, cast):
    """A report sent for the plan before it was amended stands beside the new row."""
    from app.services.period_form import build_period_form

    with working(cast.an) as work:
        plan = in_force(work)
        row = rows_of(work, task_with(work, plan, "Giám sát"))[0]
        reported(work, row, "Đã giám sát ba trường")
        confirm_assignment(work, row.id)
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        issued(work, draft)
        period = open_period(work, PeriodInput(label="2027-Q1", locality=cast.commune.id))
        form = build_period_form(work, row.unit_id, period.id)
        shown = next(one for one in form.tasks if "Giám sát" in one.title)

    assert shown.before.result == "Đã giám sát ba trường"


# --- at once, on a database of many writers


def at_once(*calls):
    """Run the calls in threads that start together; what each returned or raised."""
    ready = Barrier(len(calls))

    def run(call):
        ready.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        running = [pool.submit(run, call) for call in calls]
    return [one.exception() or one.result() for one in running]


def test_two_clerks_issue_the_same_amendment_at_once(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        draft = amending(work, plan)
        decide_as_proposed(work, draft)

    def issue():
        with working(cast.an) as work:
            return issued(work, draft)

    results = at_once(issue, issue)

    assert sorted(isinstance(one, IllegalStep | Stale) for one in results) == [False, True]
    with working(cast.an) as work:
        moved = task_with(work, draft, "Giám sát")
        assert len(rows_of(work, moved)) == 1


def test_two_amendments_issued_at_once_leave_one_in_force(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        drafts = [amending(work, plan), taken_in(work, AMENDED + "\n", amends=plan.id, name="khac.txt")]
        for draft in drafts:
            decide_as_proposed(work, draft)

    def issuing(draft):
        def issue():
            with working(cast.an) as work:
                return issued(work, draft)

        return issue

    results = at_once(*map(issuing, drafts))

    refused = [one for one in results if isinstance(one, Exception)]
    assert [one.code for one in refused] == ["already_superseded"]
    with working(cast.an) as work:
        states = set(work.session.scalars(select(plans.state).where(plans.amends_id == plan.id)))
    assert states == {"issued", "draft"}


def test_two_clerks_decide_about_the_same_task_at_once(working, cast):
    with working(cast.an) as work:
        draft = amending(work, in_force(work))
        old = old_work(work, draft, "Nắm tư tưởng")

    def decide():
        with working(cast.an) as work:
            return decide_old_work(work, draft.id, "task", old.id, GONE, 0)

    results = at_once(decide, decide)

    assert sorted(isinstance(one, Stale) for one in results) == [False, True]


def test_a_report_sent_while_the_amendment_is_issued_is_not_lost(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        row = rows_of(work, task_with(work, plan, "Giám sát"))[0]
        draft = amending(work, plan)
        decide_as_proposed(work, draft)

    def issue():
        with working(cast.an) as work:
            return issued(work, draft)

    def report():
        with working(SYSTEM) as work:
            return report_assignment(work, row.id, ReportInput(result="Đã giám sát"))

    results = at_once(issue, report)

    assert [one for one in results if isinstance(one, Exception)] == []
    with working(cast.an) as work:
        moved = rows_of(work, task_with(work, draft, "Giám sát"))
        assert [(one.id, one.state) for one in moved] == [(row.id, "reported")]


def test_links_with_superior_plans_go_on(working, cast, stage):
    from app.models import SuperiorMatch
    from app.services.basis import BasisChange, change_basis, list_implementing, view_bases
    from app.services.superior import MatchInput, decide_match
    from tests.factories import add_indicator

    above = add_plan(stage, cast.commune, code="KH-09")
    asked = add_indicator(stage, above)
    stage.commit()
    with working(cast.an) as work:
        plan = in_force(work)
        basis = view_bases(work, plan)[0].basis
        change_basis(work, plan.id, basis.id, BasisChange(superior_plan=above.id), 1)
        own = list_indicators(work, plan=plan.id)[0]
        decide_match(work, plan.id, asked.id, MatchInput(indicator=own.id), 0)
        draft = amending(work, plan)
        decide_as_proposed(work, draft)
        issued(work, draft)
        kept = work.session.query(SuperiorMatch).filter_by(plan_id=draft.id).one()

        assert view_bases(work, draft)[0].superior.plan.id == above.id
        assert kept.indicator_id == list_indicators(work, plan=draft.id)[0].id
        assert [one.plan.id for one in list_implementing(work, above)] == [draft.id]


def test_a_whole_that_no_longer_can_add_up_does_not_after_the_amendment(working, cast):
    with working(cast.an) as work:
        plan = in_force(work)
        whole = list_indicators(work, plan=plan.id)[0]
        part = {
            "plan": plan.id,
            "statement": "Trong đó trường tiểu học",
            "measure": "percent",
            "part_of": whole.id,
        }
        add_indicator(work, IndicatorInput(**part))
        # As it could be said before sums were checked.
        work.session.get(Indicator, whole.id).adds_up = True
    with working(cast.an) as work:
        draft = amending(work, work.session.get(Plan, plan.id))
        decide_as_proposed(work, draft)
        issued(work, draft)
        after = list_indicators(work, plan=draft.id)[0]
        assert (after.previous_id, after.adds_up) == (whole.id, False)
