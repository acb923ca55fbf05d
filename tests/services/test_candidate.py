"""Deciding what was read: nothing becomes work without a person."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from app.models import Candidate, EventRow, Passage, Unit
from app.services.candidate import AcceptanceInput, DecisionInput, accept_all, actions_on, decide_candidate
from app.services.coverage import get_coverage, set_aside_passage
from app.services.document import list_passages, upload_document
from app.services.issuing import issue_plan
from app.services.plan import list_plans
from tests.factories import add_unit
from tests.plans import PLAN


@pytest.fixture
def intake(working, cast):
    """The plan of tests/plans.py, uploaded by An."""
    with working(cast.an) as work:
        return upload_document(work, name="ke-hoach.txt", data=PLAN.encode())


def find_candidate(working, actor, kind, text):
    with working(actor) as work:
        rows = work.session.scalars(
            select(Candidate).where(Candidate.kind == kind).order_by(Candidate.ordinal)
        )
        return next(
            row
            for row in rows
            if text in (row.reading.get("name") or row.reading.get("text") or row.reading.get("statement"))
        )


def decide(working, actor, candidate, **given):
    with working(actor) as work:
        return decide_candidate(work, candidate.id, candidate.version, DecisionInput.model_validate(given))


def accept_everything(working, actor, document, **wanted):
    with working(actor) as work:
        return accept_all(work, document.id, AcceptanceInput(**wanted))


def test_accepting_keeps_what_was_read(working, cast, intake):
    unit = decide(working, cast.an, find_candidate(working, cast.an, "unit", "Ban Xây dựng"), action="accept")
    assert (unit.state, unit.unit_id, unit.version) == ("accepted", None, 2)
    assert unit.decided["name"] == "Ban Xây dựng Đảng xã"
    assert unit.decided["kind"] == "party_agency"
    assert (unit.decided_by_id, unit.decided_at is not None) == (cast.an.account_id, True)


def test_a_unit_of_the_same_name_or_alias_is_matched(working, cast, intake, stage):
    there = add_unit(stage, cast.commune, "BXD", "Ban Xây dựng Đảng", aliases=["ban xây dựng  đảng XÃ"])
    stage.commit()
    unit = decide(working, cast.an, find_candidate(working, cast.an, "unit", "Ban Xây dựng"), action="accept")
    assert unit.unit_id == there.id


def test_a_similar_name_alone_matches_nothing(working, cast, intake, stage):
    add_unit(stage, cast.commune, "BXD", "Ban Xây dựng Đảng")
    stage.commit()
    unit = decide(working, cast.an, find_candidate(working, cast.an, "unit", "Ban Xây dựng"), action="accept")
    assert unit.unit_id is None


def test_the_front_is_asked_and_others_are_given(working, cast, intake):
    accept_everything(working, cast.an, intake)
    front = find_candidate(working, cast.an, "duty", "Giám sát")
    party = find_candidate(working, cast.an, "duty", "Tham mưu")
    assert (front.decided["mode"], party.decided["mode"]) == ("request", "assign")


def test_a_deadline_in_the_words_makes_a_task_dated(working, cast, intake):
    accept_everything(working, cast.an, intake)
    dated = find_candidate(working, cast.an, "task", "quỹ đất").decided
    standing = find_candidate(working, cast.an, "task", "Đưa chỉ tiêu").decided
    assert (dated["kind"], dated["due_on"]) == ("dated", "2027-06-30")
    assert (standing["kind"], standing["cycle"], standing["due_on"]) == ("standing", None, None)


def test_editing_keeps_only_what_differs_beside_what_was_read(working, cast, intake):
    task = find_candidate(working, cast.an, "task", "Đưa chỉ tiêu")
    lead = find_candidate(working, cast.an, "unit", "Ban Xây dựng")
    edited = decide(
        working, cast.an, task, action="edit",
        task={"title": "Lồng ghép chỉ tiêu", "cycle": "year", "lead": {"candidate_id": str(lead.id)}},
    )  # fmt: skip
    assert edited.state == "edited"
    assert edited.decided["title"] == "Lồng ghép chỉ tiêu"
    assert edited.decided["text"] == task.reading["text"]
    assert edited.reading == task.reading
    again = decide(working, cast.an, edited, action="edit", task={"cycle": None})
    assert (again.decided["title"], again.decided["cycle"]) == ("Lồng ghép chỉ tiêu", None)


def test_accepting_all_takes_units_first_and_says_how_many(working, cast, intake):
    assert accept_everything(working, cast.an, intake, kinds=["duty"]) == 0
    assert accept_everything(working, cast.an, intake, kinds=["unit", "duty"]) == 7
    assert accept_everything(working, cast.an, intake) == 4
    assert accept_everything(working, cast.an, intake) == 0


def test_one_unit_can_be_accepted_with_its_duties(working, cast, intake):
    unit = find_candidate(working, cast.an, "unit", "Ban Xây dựng")
    assert accept_everything(working, cast.an, intake, unit=unit.id) == 3
    assert find_candidate(working, cast.an, "duty", "Giám sát").state == "pending"


def test_rejecting_a_unit_rejects_its_duties_and_undoing_brings_the_unit_back(working, cast, intake):
    accept_everything(working, cast.an, intake)
    unit = decide(working, cast.an, find_candidate(working, cast.an, "unit", "Mặt trận"), action="reject")
    duty = find_candidate(working, cast.an, "duty", "Giám sát")
    assert (unit.state, duty.state, duty.decided) == ("rejected", "rejected", None)
    assert decide(working, cast.an, unit, action="undo").state == "pending"


def test_a_duty_waits_for_its_unit(working, cast, intake):
    with pytest.raises(Conflict, match="Ban Xây dựng Đảng xã"):
        decide(working, cast.an, find_candidate(working, cast.an, "duty", "Tham mưu"), action="accept")


def test_every_decision_is_in_the_history(working, cast, intake, database):
    unit = decide(working, cast.an, find_candidate(working, cast.an, "unit", "Mặt trận"), action="accept")
    decide(working, cast.an, unit, action="reject")
    with database.read_session() as session:
        told = list(
            session.scalars(
                select(EventRow).where(EventRow.kind == "candidate_decided").order_by(EventRow.number)
            )
        )
    assert [row.data["state"] for row in told] == ["accepted", "rejected", "rejected"]


def test_coverage_names_every_clause_once(working, cast, intake):
    accept_everything(working, cast.an, intake, kinds=["unit", "duty"])
    with working(cast.chi) as work:
        coverage = get_coverage(work, intake.id)
    assert (len(coverage.used), len(coverage.waiting), len(coverage.unused)) == (4, 2, 1)
    assert coverage.unused[0].text.startswith("Ban Thường vụ Đảng ủy yêu cầu")
    assert coverage.total == 7


def test_a_clause_can_be_set_aside_and_taken_back(working, cast, intake):
    with working(cast.an) as work:
        clause = get_coverage(work, intake.id).unused[0]
        set_aside_passage(work, clause.id, clause.version, set_aside=True)
    with working(cast.an) as work:
        assert get_coverage(work, intake.id).unused == ()
        set_aside_passage(work, clause.id, 2, set_aside=False)
    with working(cast.an) as work:
        assert len(get_coverage(work, intake.id).unused) == 1


def test_a_rejected_clause_is_unused_until_set_aside(working, cast, intake):
    accept_everything(working, cast.an, intake)
    decide(working, cast.an, find_candidate(working, cast.an, "duty", "Tham mưu"), action="reject")
    with working(cast.an) as work:
        assert len(get_coverage(work, intake.id).unused) == 2


def test_who_reads_may_not_decide(working, cast, intake):
    unit = find_candidate(working, cast.an, "unit", "Mặt trận")
    for actor, refusal in (
        (cast.chi, Forbidden),
        (cast.kiem, Forbidden),
        (cast.binh, NotFound),
        (cast.dung, NotFound),
    ):
        with pytest.raises(refusal):
            decide(working, actor, unit, action="accept")
        with pytest.raises(refusal):
            accept_everything(working, actor, intake)


def test_actions_are_named_for_those_who_may(working, cast, intake):
    unit = find_candidate(working, cast.an, "unit", "Mặt trận")
    with working(cast.an) as work:
        assert actions_on(work, unit, "draft") == ["accept", "edit", "reject"]
        assert actions_on(work, unit, "issued") == []
    with working(cast.chi) as work:
        assert actions_on(work, unit, "draft") == []


@pytest.mark.parametrize(
    ("kind", "text", "fields", "wrong"),
    [
        ("unit", "Mặt trận", {"name": " "}, "name"),
        ("unit", "Mặt trận", {"unit_id": str(UUID(int=7))}, "unit_id"),
        ("unit", "Mặt trận", {"member_names": ["Hội Nông dân xã"]}, "is_group"),
        ("task", "quỹ đất", {"kind": "standing"}, "due_on"),
        ("task", "Đưa chỉ tiêu", {"kind": "dated", "cycle": "year"}, "cycle"),
        ("task", "Đưa chỉ tiêu", {"lead": {"candidate_id": str(UUID(int=7))}}, "candidate_id"),
        ("indicator", "80%", {"comparator": "between"}, "value_to"),
        ("indicator", "80%", {"value": None}, "value"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(working, cast, intake, kind, text, fields, wrong):
    with pytest.raises(Invalid) as refusal:
        decide(
            working, cast.an, find_candidate(working, cast.an, kind, text), action="edit", **{kind: fields}
        )
    assert wrong in refusal.value.errors


def test_fields_of_another_kind_are_refused(working, cast, intake):
    unit = find_candidate(working, cast.an, "unit", "Mặt trận")
    with pytest.raises(Invalid):
        decide(working, cast.an, unit, action="edit", task={"title": "Khác"})
    with pytest.raises(Invalid):
        decide(working, cast.an, unit, action="accept", unit={"name": "Khác"})


def test_units_of_another_commune_cannot_be_meant(working, cast, intake):
    unit = find_candidate(working, cast.an, "unit", "Mặt trận")
    with pytest.raises(Invalid) as refusal:
        decide(working, cast.an, unit, action="edit", unit={"unit_id": str(cast.other_unit.id)})
    assert "unit_id" in refusal.value.errors


def test_a_stale_or_versionless_decision_is_refused(working, cast, intake):
    unit = find_candidate(working, cast.an, "unit", "Mặt trận")
    decide(working, cast.an, unit, action="accept")
    with pytest.raises(Stale) as refusal:
        decide(working, cast.an, unit, action="reject")
    assert refusal.value.details["changed"]["state"] == "accepted"
    with pytest.raises(VersionRequired), working(cast.an) as work:
        decide_candidate(work, unit.id, None, DecisionInput(action="reject"))


def test_nothing_is_decided_once_the_plan_is_issued(working, cast, intake):
    accept_everything(working, cast.an, intake)
    with working(cast.an) as work:
        [plan] = list_plans(work)
        issue_plan(work, plan.id, plan.version, with_unused=True)
    with pytest.raises(Conflict) as refusal:
        decide(working, cast.an, find_candidate(working, cast.an, "unit", "Mặt trận"), action="reject")
    assert refusal.value.code == "plan_issued"
    with working(cast.an) as work:
        clause = next(p for p in list_passages(work, intake.id) if p.in_scope)
    with pytest.raises(Conflict), working(cast.an) as work:
        set_aside_passage(work, clause.id, clause.version, set_aside=True)


def test_a_heading_needs_no_setting_aside(working, cast, intake, database):
    with database.read_session() as session:
        heading = session.scalars(select(Passage).where(Passage.kind == "heading")).first()
    with pytest.raises(Conflict), working(cast.an) as work:
        set_aside_passage(work, heading.id, heading.version, set_aside=True)


def test_the_same_units_are_not_made_by_deciding(working, cast, intake, database):
    accept_everything(working, cast.an, intake)
    with database.read_session() as session:
        assert len(list(session.scalars(select(Unit).where(Unit.locality_id == cast.commune.id)))) == 2
