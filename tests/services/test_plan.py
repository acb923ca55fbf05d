"""From a decided draft to boards: issuing, changing and closing plans; importing a file in one go."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, IllegalStep, NotFound, Stale, VersionRequired
from app.models import (
    Assignment,
    EventRow,
    Indicator,
    IndicatorOwner,
    Passage,
    Period,
    Responsibility,
    Submission,
    Target,
    Task,
    Unit,
    UnitGroupMember,
)
from app.permissions import SYSTEM
from app.services.candidate import AcceptanceInput, accept_all
from app.services.document import plan_of, upload_document
from app.services.issuing import issue_plan
from app.services.plan import (
    PlanChange,
    change_plan,
    close_plan,
    get_plan,
    import_plan,
    list_plans,
    plan_actions,
)
from tests.factories import add_group, add_period
from tests.plans import PLAN, WITHOUT_ORGANISATION
from tests.services.test_candidate import decide, find_candidate

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def draft(working, cast):
    """The plan of tests/plans.py, uploaded by An and accepted as read."""
    with working(cast.an) as work:
        document = upload_document(work, name="ke-hoach.txt", data=PLAN.encode())
        accept_all(work, document.id, AcceptanceInput())
        return plan_of(work, document.id)


def issue(working, actor, plan, **how):
    with working(actor) as work:
        return issue_plan(work, plan.id, plan.version, **({"with_unused": True} | how))


def rows(database, model):
    with database.read_session() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def test_issuing_makes_units_tasks_and_indicators(working, cast, draft, database):
    issued = issue(working, cast.an, draft)

    assert (issued.units, issued.tasks, issued.indicators, issued.left_out) == (3, 7, 1, 0)
    assert (issued.plan.state, issued.plan.issued_at is not None) == ("issued", True)
    made = {unit.name: unit.kind for unit in rows(database, Unit)}
    assert made["Ban Xây dựng Đảng xã"] == "party_agency"
    assert made["Ủy ban Mặt trận Tổ quốc xã"] == "front"
    assert made["Các chi bộ thôn"] == "group"
    tasks = sorted(rows(database, Task), key=lambda task: task.ordinal)
    assert [task.code for task in tasks] == [f"NV-{n:03d}" for n in range(1, 8)]
    assert [task.kind for task in tasks] == ["milestone", "standing", "dated", *["standing"] * 4]
    [indicator] = rows(database, Indicator)
    [target] = rows(database, Target)
    assert (indicator.code, indicator.unit_label) == ("CT-01", "%")
    assert (target.comparator, target.value, target.horizon) == ("gt", 80, 2030)


def test_every_task_leads_back_to_its_sentence(working, cast, draft, database):
    issue(working, cast.an, draft)
    passages = {p.id: p for p in rows(database, Passage)}
    for task in rows(database, Task):
        assert task.text.rstrip(".") in passages[task.passage_id].text
    told = [row for row in rows(database, EventRow) if row.kind == "task_added"]
    assert [row.data["source"] for row in told][:2] == ["I.-2", "II.1.-1"]


def test_the_verb_gives_the_role_and_the_front_is_asked(working, cast, draft, database):
    issue(working, cast.an, draft)
    units = {unit.id: unit.name for unit in rows(database, Unit)}
    given = {(units[r.unit_id], r.role, r.mode) for r in rows(database, Responsibility)}
    assert given == {
        ("Ban Xây dựng Đảng xã", "advise", "assign"),
        ("Ban Xây dựng Đảng xã", "lead", "assign"),
        ("Ủy ban Mặt trận Tổ quốc xã", "inspect", "request"),
        ("Các chi bộ thôn", "lead", "assign"),
    }


def test_no_board_is_empty_on_day_one(working, cast, draft, database):
    issued = issue(working, cast.an, draft)
    [period] = rows(database, Period)
    assert (period.label, period.state) == ("2026-Q4", "open")
    assert {row.period_id for row in rows(database, Assignment)} == {period.id}
    assert issued.rows == 4  # the group has no members yet: its work stands on its own board
    assert issued.empty_groups == ("Các chi bộ thôn",)


def test_standing_work_goes_to_every_open_period(working, cast, draft, database, stage):
    add_period(stage, cast.commune, "2026-Q3")
    add_period(stage, cast.commune, "2026-Q4")
    add_period(stage, cast.commune, "2026-Q2", state="closed")
    stage.commit()
    issued = issue(working, cast.an, draft)
    assert issued.rows == 8
    assert len(rows(database, Period)) == 3


def test_a_group_known_by_name_gives_each_member_its_row(working, cast, draft, database, stage):
    group = add_group(stage, cast.commune, "G", "Các chi bộ thôn", [cast.village_cell])
    stage.commit()
    issued = issue(working, cast.an, draft)
    assert issued.empty_groups == ()
    [row] = [row for row in rows(database, Assignment) if row.group_id == group.id]
    assert row.unit_id == cast.village_cell.id


def test_members_named_while_deciding_are_made_or_found(working, cast, draft, database):
    group = find_candidate(working, cast.an, "unit", "Các chi bộ thôn")
    names = ["Chi bộ thôn Nà Tạng", "Chi bộ thôn Bản Loòng"]
    decide(working, cast.an, group, action="edit", unit={"member_names": names})
    issue(working, cast.an, draft)
    units = {unit.id: unit for unit in rows(database, Unit)}
    members = [units[row.unit_id] for row in rows(database, UnitGroupMember)]
    assert sorted(unit.name for unit in members) == sorted(names)
    assert cast.village_cell.id in {unit.id for unit in members}
    assert {unit.kind for unit in members} == {"party_cell_village"}


def test_dated_work_has_its_row_and_due_date_at_once(working, cast, draft, database):
    task = find_candidate(working, cast.an, "task", "quỹ đất")
    lead = find_candidate(working, cast.an, "unit", "Ban Xây dựng")
    front = find_candidate(working, cast.an, "unit", "Mặt trận")
    who = {"lead": {"candidate_id": str(lead.id)}, "cooperate": [{"candidate_id": str(front.id)}]}
    decide(working, cast.an, task, action="edit", task=who)
    issue(working, cast.an, draft)
    [dated] = [task for task in rows(database, Task) if task.kind == "dated"]
    given = [row for row in rows(database, Assignment) if row.task_id == dated.id]
    assert [(row.period_id, str(row.due_on)) for row in given] == [(None, "2027-06-30")] * 2
    roles = {(r.role, r.mode) for r in rows(database, Responsibility) if r.task_id == dated.id}
    assert roles == {("lead", "assign"), ("cooperate", "request")}


def test_owners_are_expected_to_send_their_figures(working, cast, draft, database):
    figure = find_candidate(working, cast.an, "indicator", "80%")
    owner = find_candidate(working, cast.an, "unit", "Ban Xây dựng")
    decide(working, cast.an, figure, action="edit", indicator={"owners": [{"candidate_id": str(owner.id)}]})
    issue(working, cast.an, draft)
    [owned] = rows(database, IndicatorOwner)
    [expected] = rows(database, Submission)
    assert (expected.unit_id, expected.state) == (owned.unit_id, "expected")


def test_tasks_without_a_lead_are_allowed_and_listed(working, cast, draft):
    assert issue(working, cast.an, draft).without_lead == ("NV-001", "NV-002", "NV-003")


def test_pending_candidates_are_left_out(working, cast, draft, database):
    decide(working, cast.an, find_candidate(working, cast.an, "duty", "Tham mưu"), action="undo")
    issued = issue(working, cast.an, draft)
    assert (issued.tasks, issued.left_out) == (6, 1)
    assert not any("Tham mưu" in task.text for task in rows(database, Task))


def test_unused_clauses_must_be_confirmed(working, cast, draft):
    with pytest.raises(Conflict) as refusal:
        issue(working, cast.an, draft, with_unused=False)
    assert (refusal.value.code, refusal.value.details["unused"]) == ("unused_clauses", 1)


def test_a_plan_without_units_is_not_issued(working, cast):
    with working(cast.an) as work:
        document = upload_document(work, name="a.txt", data=WITHOUT_ORGANISATION.encode())
        accept_all(work, document.id, AcceptanceInput())
        plan = plan_of(work, document.id)
    with pytest.raises(Conflict) as refusal:
        issue(working, cast.an, plan)
    assert refusal.value.code == "no_units"


def test_a_plan_is_issued_once(working, cast, draft):
    issue(working, cast.an, draft)
    with pytest.raises(IllegalStep):
        issue(working, cast.an, draft)


def test_issuing_what_somebody_changed_is_refused(working, cast, draft):
    with working(cast.an) as work:
        change_plan(work, draft.id, PlanChange(title="Kế hoạch phát triển giáo dục"), draft.version)
    with pytest.raises(Stale):
        issue(working, cast.an, draft)


def test_a_draft_is_seen_by_those_who_read_documents(working, cast, draft):
    with working(cast.chi) as work:
        assert [plan.id for plan in list_plans(work)] == [draft.id]
        assert plan_actions(work, draft) == []
    with working(cast.binh) as work:
        assert list_plans(work) == []
        with pytest.raises(NotFound):
            get_plan(work, draft.id)
    issue(working, cast.an, draft)
    with working(cast.binh) as work:
        assert get_plan(work, draft.id).state == "issued"
    with working(cast.dung) as work, pytest.raises(NotFound):
        get_plan(work, draft.id)


def test_only_the_office_issues_changes_and_closes(working, cast, draft):
    for actor, refusal in ((cast.chi, Forbidden), (cast.binh, NotFound), (cast.dung, NotFound)):
        with pytest.raises(refusal):
            issue(working, actor, draft)
        with pytest.raises(refusal), working(actor) as work:
            change_plan(work, draft.id, PlanChange(title="Khác"), draft.version)
        with pytest.raises(refusal), working(actor) as work:
            close_plan(work, draft.id, draft.version)


def test_facts_of_a_draft_can_be_put_right(working, cast, draft):
    with working(cast.an) as work:
        changed = change_plan(work, draft.id, PlanChange(number="12-KH/ĐU"), draft.version)
        assert (changed.number, changed.title, changed.version) == ("12-KH/ĐU", draft.title, 2)
        assert plan_actions(work, changed) == ["change", "set_reporting", "issue"]
    with pytest.raises(VersionRequired), working(cast.an) as work:
        change_plan(work, draft.id, PlanChange(number=None), None)


def test_an_issued_plan_is_closed_and_not_changed(working, cast, draft):
    issued = issue(working, cast.an, draft).plan
    with pytest.raises(Conflict), working(cast.an) as work:
        change_plan(work, issued.id, PlanChange(title="Khác"), issued.version)
    with working(cast.an) as work:
        assert close_plan(work, issued.id, issued.version).state == "closed"


@pytest.mark.parametrize(("sample", "counts"), [("tan-quang.txt", (6, 54)), ("phu-lien.txt", (4, 45))])
def test_a_sample_plan_is_imported_in_one_go(working, cast, database, sample, counts):
    data = (SAMPLES / sample).read_bytes()
    with working(SYSTEM) as work:
        made = import_plan(work, name=sample, data=data, locality_id=cast.commune.id, accept=True, issue=True)
    assert (made.units, made.tasks) == counts
    assert len(rows(database, Indicator)) == made.indicators > 10
    with_work = {row.unit_id for row in rows(database, Responsibility)}
    assert len(with_work) == made.units


def test_importing_without_issuing_leaves_a_draft(working, cast):
    with working(SYSTEM) as work:
        made = import_plan(
            work, name="a.txt", data=PLAN.encode(), locality_id=cast.commune.id, accept=False, issue=False
        )
        assert (made.units, made.tasks, made.indicators) == (3, 6, 1)
        assert get_plan(work, made.plan).state == "draft"


@pytest.mark.parametrize("seed", ["000_b033392631c88dae", "004_a8364dfd8ae56023"])
def test_real_plans_are_imported_when_they_are_at_hand(working, cast, seed):
    file = Path(__file__).parents[3] / "shared" / "seeds" / f"{seed}.txt"
    if not file.exists():
        pytest.skip("the real plans are not on this machine")
    with working(SYSTEM) as work:
        made = import_plan(
            work, name=file.name, data=file.read_bytes(), locality_id=cast.commune.id, accept=True, issue=True
        )
    assert made.units >= 4
    assert made.tasks >= 40
