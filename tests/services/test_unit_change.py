"""Units merge, are split, renamed, end: what passes on, what waits for a decision, who may record it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import (
    AccessLink,
    Assignment,
    CalendarLink,
    EventRow,
    IndicatorOwner,
    Membership,
    Question,
    Responsibility,
    RowMove,
    Submission,
    Unit,
)
from app.permissions import Grant, Role
from app.services.assignment import ReportInput, confirm_assignment, report_assignment
from app.services.calendar_link import CalendarLinkInput, make_calendar_link
from app.services.fan_out import fan_out
from app.services.group_changes import ask_due_change, list_due_changes
from app.services.handing_over import RowDecision, RowDecisionsInput, decide_rows
from app.services.handing_proposal import list_ended_with_rows, list_waiting
from app.services.office_lists import OfficeFilter, build_office_list, count_office_lists
from app.services.question import AnswerInput, answer_question
from app.services.search import search
from app.services.unit import UnitInput
from app.services.unit_change import UnitChangeInput, change_units
from app.services.unit_change_page import show_holdings
from app.services.unit_group import members_on
from app.services.unit_lineage import get_lineage
from app.services.unit_matching import names_of_units
from app.services.unit_name import names_on
from tests.factories import (
    LONG_AGO,
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
from tests.people import NOW, add_person

TODAY = date(2026, 11, 23)
DONE = ReportInput(result="Đã làm xong")


@pytest.fixture
def cells(stage, cast):
    """Two village cells with everything that can hang on a unit, and the school cell; keyed by word."""
    place = cast.commune
    second = add_unit(stage, place, "CB-T2", "Chi bộ thôn Khuổi Trang", kind="party_cell_village")
    add_person(stage, place, "lan", "Mai Thị Lan", Role.UNIT, second)
    group = add_group(stage, place, "NHOM", "Các chi bộ thôn", [cast.village_cell, second])
    below = add_unit(stage, place, "TDP", "Tổ liên gia", reports_to_id=second.id)
    plan, period = add_plan(stage, place), add_period(stage, place)
    shared = add_task(stage, plan, "NV-001")
    each = add_responsibility(stage, shared, group)
    first_row, second_row = (
        add_assignment(stage, shared, unit, period=period, responsibility=each, group_id=group.id)
        for unit in (cast.village_cell, second)
    )
    own = add_task(stage, plan, "NV-002", ordinal=2)
    lead = add_responsibility(stage, own, second)
    own_row = add_assignment(stage, own, second, period=period, responsibility=lead)
    indicator = add_indicator(stage, plan, owners=(second,))
    figure = put(
        stage,
        Submission(
            locality_id=place.id, indicator_id=indicator.id, unit_id=second.id, period_id=period.id, created_at=LONG_AGO
        ),
    )  # fmt: skip
    put(
        stage,
        AccessLink(
            locality_id=place.id, unit_id=second.id, period_id=period.id, secret_hash="1" * 64,
            created_at=LONG_AGO, expires_at=NOW + timedelta(days=9),
        ),
    )  # fmt: skip
    stage.commit()
    return {
        "first": cast.village_cell, "second": second, "group": group, "below": below, "period": period,
        "first_row": first_row, "second_row": second_row, "own_row": own_row, "lead": lead, "own": own,
        "each": each, "figure": figure, "indicator": indicator,
    }  # fmt: skip


def merge(cells, **more):
    given = {"kind": "merge", "units": [cells["second"].id], "successors": [cells["first"].id]} | more
    return UnitChangeInput.model_validate(given)


def of(work, model, *conditions):
    return list(work.session.scalars(select(model).where(*conditions)))


def kinds_of(work):
    return [row.kind for row in work.session.scalars(select(EventRow).order_by(EventRow.number))]


# Merging


def test_a_merge_ends_the_unit_and_passes_on_what_hung_on_it(working, cast, cells):
    first, second = cells["first"].id, cells["second"].id
    with working(cast.an) as work:
        change_units(work, merge(cells, basis="41-QĐ/ĐU"), cast.commune.id)
    with working(cast.an) as work:
        assert work.session.get(Unit, second).valid_to == TODAY - timedelta(days=1)
        assert [unit.id for unit in members_on(work, [cells["group"].id], TODAY)[cells["group"].id]] == [
            first
        ]
        duties = {
            one.unit_id: one for one in of(work, Responsibility, Responsibility.task_id == cells["own"].id)
        }
        before, after = duties[second], duties[first]
        assert (before.ended_on, after.unit_id, after.role, after.previous_id) == (
            TODAY,
            first,
            "lead",
            before.id,
        )
        assert work.session.get(Unit, cells["below"].id).reports_to_id == first
        assert [owner.unit_id for owner in of(work, IndicatorOwner)] == [first]
        assert all(link.revoked_at == NOW for link in of(work, AccessLink))
        held = of(work, Membership, Membership.unit_id == first, Membership.valid_to.is_(None))
        assert len(held) == 2
        ended = of(work, Membership, Membership.unit_id == second)
        assert [row.valid_to for row in ended] == [TODAY - timedelta(days=1)]
        happened = kinds_of(work)
    for kind in (
        "units_merged", "unit_ended", "group_member_succeeded", "responsibility_ended", "responsibility_given",
        "reporting_line_moved", "indicator_owners_set", "unit_links_revoked", "role_ended", "role_granted",
    ):  # fmt: skip
        assert kind in happened, kind


def test_what_is_not_ticked_does_not_pass_on(working, cast, cells):
    with working(cast.an) as work:
        held = show_holdings(work, [cells["second"].id])[0]
        things = [*held.groups, *held.roles, *held.duties, *held.below, *held.indicators]
        choices = {thing.id: None for thing in things}
        change_units(work, merge(cells, choices=choices), cast.commune.id)
    with working(cast.an) as work:
        assert len(of(work, Responsibility, Responsibility.task_id == cells["own"].id)) == 1
        assert of(work, IndicatorOwner) == []
        assert work.session.get(Unit, cells["below"].id).reports_to_id is None
        assert len(of(work, Membership, Membership.unit_id == cells["first"].id)) == 1


def test_open_rows_wait_until_somebody_decides(working, cast, cells):
    with working(cast.an) as work:
        change_units(work, merge(cells), cast.commune.id)
    with working(cast.an) as work:
        assert work.session.get(Assignment, cells["own_row"].id).unit_id == cells["second"].id
        (ended,) = list_ended_with_rows(work, cast.commune.id)
        assert (ended.name, ended.rows) == ("Chi bộ thôn Khuổi Trang", 3)


def test_the_queue_the_home_page_and_the_change_count_the_same_rows(working, stage, cast, cells):
    closed = add_period(stage, cast.commune, "2026-Q3", state="closed")
    add_assignment(stage, cells["own"], cells["second"], period=closed, responsibility=cells["lead"])
    stage.commit()
    with working(cast.an) as work:
        change = change_units(work, merge(cells), cast.commune.id)
    with working(cast.an) as work:
        counts = count_office_lists(work, OfficeFilter())
        assert (counts["don-vi-ket-thuc"], counts["so-lieu-ket-thuc"]) == (2, 1)
        assert len(list_waiting(work, change)) == 3
        (ended,) = list_ended_with_rows(work, cast.commune.id)
        assert ended.rows == 3
        for key in ("don-vi-ket-thuc", "so-lieu-ket-thuc"):
            lines = build_office_list(work, key, OfficeFilter(), count=counts[key]).lines
            assert {line.href for line in lines} == {f"/don-vi/thay-doi/{change.id}"}
    with working(cast.an) as work:
        decide_rows(work, change.id, RowDecisionsInput(as_proposed=True))
    with working(cast.an) as work:
        assert count_office_lists(work, OfficeFilter())["don-vi-ket-thuc"] == 0


def test_what_is_proposed_is_done_at_once_and_recorded(working, cast, cells):
    with working(cast.an) as work:
        change = change_units(work, merge(cells), cast.commune.id)
        proposals = {row.id: row.proposal for row in list_waiting(work, change)}
        doubled = next(row for row in list_waiting(work, change) if row.id == cells["second_row"].id)
        assert doubled.there_href == f"/viec/{cells['first_row'].id}"
    assert proposals == {
        cells["own_row"].id: "hand_over",
        cells["figure"].id: "hand_over",
        cells["second_row"].id: "cancel",
    }
    with working(cast.an) as work:
        done = decide_rows(work, change.id, RowDecisionsInput(as_proposed=True))
        assert (done.handed_over, done.cancelled, done.waiting) == (2, 1, 0)
    with working(cast.an) as work:
        own = work.session.get(Assignment, cells["own_row"].id)
        assert own.unit_id == cells["first"].id
        assert work.session.get(Responsibility, own.responsibility_id).unit_id == cells["first"].id
        assert work.session.get(Submission, cells["figure"].id).unit_id == cells["first"].id
        doubled = work.session.get(Assignment, cells["second_row"].id)
        assert doubled.state == "cancelled"
        assert doubled.state_reason == f"Đã gộp vào việc NV-001 của {cells['first'].name}, Quý IV/2026"
        assert {(move.from_unit_id, move.to_unit_id) for move in of(work, RowMove)} == {
            (cells["second"].id, cells["first"].id)
        }
        assert list_ended_with_rows(work, cast.commune.id) == []


def test_a_report_that_waits_is_decided_before_its_row_ends(working, cast, cells):
    lan = grant_of(cast, cells["second"])
    with working(lan) as work:
        report_assignment(work, cells["second_row"].id, DONE)
    with working(cast.an) as work:
        change = change_units(work, merge(cells), cast.commune.id)
        waiting = {row.id: row for row in list_waiting(work, change)}
        assert waiting[cells["second_row"].id].proposal == "decide"
    decision = RowDecision(row=cells["second_row"].id, cancel="Trùng")
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        decide_rows(work, change.id, RowDecisionsInput(decisions=[decision]))
    assert refused.value.code == "report_waits"
    with working(cast.an) as work:
        confirm_assignment(work, cells["second_row"].id)


def grant_of(cast, unit):
    from app.permissions import Actor

    return Actor(None, "Lan", (Grant(Role.UNIT, cast.commune.id, unit.id),))


def test_a_row_is_not_handed_to_who_has_it_already(working, cast, cells):
    with working(cast.an) as work:
        change = change_units(work, merge(cells), cast.commune.id)
    decision = RowDecision(row=cells["second_row"].id, hand_to=cells["first"].id)
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        decide_rows(work, change.id, RowDecisionsInput(decisions=[decision]))
    assert refused.value.code == "row_taken"


def test_of_two_merged_units_the_row_furthest_on_goes_on(working, cast, cells):
    with working(grant_of(cast, cells["second"])) as work:
        report_assignment(work, cells["second_row"].id, DONE)
    given = UnitChangeInput(
        kind="merge",
        units=[cells["first"].id, cells["second"].id],
        new_units=[UnitInput(name="Chi bộ thôn Nà Khuổi", kind="party_cell_village")],
    )
    with working(cast.an) as work:
        change = change_units(work, given, cast.commune.id)
        proposals = {row.id: row.proposal for row in list_waiting(work, change)}
    assert proposals[cells["second_row"].id] == "hand_over"
    assert proposals[cells["first_row"].id] == "cancel"
    with working(cast.an) as work:
        decide_rows(work, change.id, RowDecisionsInput(as_proposed=True))
    with working(cast.an) as work:
        row = work.session.get(Assignment, cells["second_row"].id)
        assert (row.state, work.session.get(Unit, row.unit_id).name) == ("reported", "Chi bộ thôn Nà Khuổi")


def test_what_the_unit_before_finished_is_not_asked_for_again(working, cast, cells):
    with working(grant_of(cast, cells["second"])) as work:
        report_assignment(work, cells["own_row"].id, DONE)
    with working(cast.an) as work:
        confirm_assignment(work, cells["own_row"].id)
    with working(cast.an) as work:
        change_units(work, merge(cells), cast.commune.id)
    with working(cast.an) as work:
        after = of(work, Responsibility, Responsibility.previous_id == cells["lead"].id)
        assert fan_out(work, after, cells["period"]) == 0
        row = work.session.get(Assignment, cells["own_row"].id)
        assert (row.state, row.unit_id) == ("confirmed", cells["second"].id)


# Splitting, ending, renaming


def test_of_a_split_unit_each_thing_goes_where_the_clerk_says(working, cast, cells):
    with working(cast.an) as work:
        held = show_holdings(work, [cells["second"].id])[0]
        given = UnitChangeInput(
            kind="split",
            units=[cells["second"].id],
            new_units=[
                UnitInput(name="Chi bộ thôn Khuổi Trên", kind="party_cell_village"),
                UnitInput(name="Chi bộ thôn Khuổi Dưới", kind="party_cell_village"),
            ],
            choices={held.duties[0].id: 1},
        )
        change = change_units(work, given, cast.commune.id)
        lower = next(unit for unit in of(work, Unit) if unit.name == "Chi bộ thôn Khuổi Dưới")
        upper = next(unit for unit in of(work, Unit) if unit.name == "Chi bộ thôn Khuổi Trên")
        waiting = {row.id: row for row in list_waiting(work, change)}
        assert list(waiting[cells["own_row"].id].targets) == [lower.id]
        assert set(waiting[cells["second_row"].id].targets) == {upper.id, lower.id}
        members = members_on(work, [cells["group"].id], TODAY)[cells["group"].id]
        assert {unit.id for unit in members} == {cells["first"].id, upper.id, lower.id}
    wrong = RowDecision(row=cells["own_row"].id, hand_to=upper.id)
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        decide_rows(work, change.id, RowDecisionsInput(decisions=[wrong]))
    assert refused.value.code == "duty_elsewhere"
    right = RowDecision(row=cells["second_row"].id, hand_to=lower.id)
    with working(cast.an) as work:
        assert decide_rows(work, change.id, RowDecisionsInput(decisions=[right])).waiting == 2


@pytest.fixture
def split(working, cast, cells):
    """The second cell in two parts, its own duty to the lower one; (change, upper, lower)."""
    with working(cast.an) as work:
        held = show_holdings(work, [cells["second"].id])[0]
        names = ("Chi bộ thôn Khuổi Trên", "Chi bộ thôn Khuổi Dưới")
        given = UnitChangeInput(
            kind="split",
            units=[cells["second"].id],
            new_units=[UnitInput(name=name, kind="party_cell_village") for name in names],
            choices={held.duties[0].id: 1},
        )
        change = change_units(work, given, cast.commune.id)
        upper, lower = (next(unit for unit in of(work, Unit) if unit.name == name) for name in names)
    return change, upper, lower


def test_after_a_split_a_person_chooses_where_several_may_take_a_row(working, cast, cells, split):
    change, _, lower = split
    with working(cast.an) as work:
        proposals = {row.id: (row.proposal, row.to and row.to.id) for row in list_waiting(work, change)}
    assert proposals == {
        cells["own_row"].id: ("hand_over", lower.id),
        cells["second_row"].id: ("choose", None),
        cells["figure"].id: ("choose", None),
    }
    with working(cast.an) as work:
        done = decide_rows(work, change.id, RowDecisionsInput(as_proposed=True))
        assert (done.handed_over, done.cancelled, done.waiting) == (1, 0, 2)


def test_after_a_split_the_office_is_asked_about_each_successor_until_it_has_the_rows(
    working, cast, cells, split
):
    change, upper, lower = split
    with working(cast.an) as work:
        asked = of(work, Question, Question.state == "open")
        assert {(one.kind, one.unit_id) for one in asked} == {
            ("late_joiner", upper.id),
            ("late_joiner", lower.id),
        }
        assert all("khi “Chi bộ thôn Khuổi Trang” chia tách" in one.text for one in asked)
        # The chore asks neither a second time nor about the unit that ended.
        assert [ask_due_change(work, one) for one in list_due_changes(work)] in ([], [None])
    taking = RowDecision(row=cells["second_row"].id, hand_to=lower.id)
    with working(cast.an) as work:
        decide_rows(work, change.id, RowDecisionsInput(decisions=[taking]))
    with working(cast.an) as work:
        assert {one.unit_id: one.state for one in of(work, Question)} == {
            upper.id: "open",
            lower.id: "withdrawn",
        }
    with working(cast.an) as work:
        (question,) = of(work, Question, Question.state == "open")
        assert answer_question(work, question.id, AnswerInput(answer="added")).rows == 1


def test_the_history_of_each_link_says_that_it_was_revoked(working, cast, cells):
    with working(cast.an) as work:
        make_calendar_link(work, CalendarLinkInput(unit=cells["second"].id))
        change_units(work, merge(cells), cast.commune.id)
    with working(cast.an) as work:
        links = [of(work, AccessLink)[0], of(work, CalendarLink)[0]]
        told = {(row.kind, row.subject_id, row.unit_id) for row in of(work, EventRow)}
        assert [link.revoked_at for link in links] == [NOW, NOW]
        assert ("access_link_revoked", links[0].id, cells["second"].id) in told
        assert ("calendar_link_revoked", links[1].id, cells["second"].id) in told


def test_a_unit_nobody_goes_on_from_leaves_rows_to_cancel(working, cast, cells):
    with working(cast.an) as work:
        change = change_units(work, UnitChangeInput(kind="end", units=[cells["second"].id]), cast.commune.id)
        assert {row.proposal for row in list_waiting(work, change)} == {"cancel"}
    with working(cast.an) as work:
        decide_rows(work, change.id, RowDecisionsInput(as_proposed=True))
    with working(cast.an) as work:
        assert work.session.get(Submission, cells["figure"].id).state == "waived"
        lineage = get_lineage(work, cells["second"].id)
        assert [one.unit for one in lineage.successors] == [None]


def test_a_renamed_unit_keeps_its_id_and_the_past_its_name(working, cast, cells):
    given = UnitChangeInput(
        kind="rename", units=[cells["second"].id], name="Chi bộ thôn Bản Mới", effective_on=date(2026, 10, 1)
    )
    with working(cast.an) as work:
        change_units(work, given, cast.commune.id)
    with working(cast.an) as work:
        key = cells["second"].id
        assert work.session.get(Unit, key).name == "Chi bộ thôn Bản Mới"
        assert names_on(work, [key], date(2026, 9, 30)) == {key: "Chi bộ thôn Khuổi Trang"}
        assert names_on(work, [key], date(2026, 10, 1)) == {}
        assert [hit.id for hit in search(work, "khuoi trang") if hit.kind == "unit"] == [key]
        assert names_of_units(work, cast.commune.id).named("Chi bộ thôn Khuổi Trang").id == key
        assert work.session.get(Assignment, cells["own_row"].id).unit_id == key


def test_a_unit_renamed_twice_has_a_name_for_every_day(working, cast, cells):
    key = cells["second"].id
    for name, day in (("Chi bộ thôn Hai", date(2026, 3, 1)), ("Chi bộ thôn Ba", date(2026, 6, 1))):
        with working(cast.an) as work:
            given = UnitChangeInput(kind="rename", units=[key], name=name, effective_on=day)
            change_units(work, given, cast.commune.id)
    with working(cast.an) as work:
        told = [names_on(work, [key], date(2026, month, 15)).get(key) for month in (2, 4, 7)]
    assert told == ["Chi bộ thôn Khuổi Trang", "Chi bộ thôn Hai", None]


def test_the_name_of_a_unit_that_ended_finds_who_goes_on(working, cast, cells):
    with working(cast.an) as work:
        change_units(work, merge(cells), cast.commune.id)
    with working(cast.an) as work:
        assert names_of_units(work, cast.commune.id).named("Chi bộ thôn Khuổi Trang").id == cells["first"].id
        lineage = get_lineage(work, cells["first"].id)
        assert [one.unit.id for one in lineage.predecessors] == [cells["second"].id]


# Who may, and what is refused


def test_only_who_manages_units_records_a_change(working, cast, cells):
    with pytest.raises(Forbidden), working(cast.hoa) as work:
        change_units(work, merge(cells), cast.commune.id)
    with pytest.raises(NotFound), working(cast.dung) as work:
        change_units(work, merge(cells), cast.commune.id)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"effective_on": date(2026, 11, 24)}, "effective_on"),
        ({"effective_on": date(2025, 1, 1)}, "effective_on"),
        ({"successors": []}, "successors"),
        ({"kind": "split"}, "successors"),
        ({"kind": "rename"}, "name"),
        ({"kind": "end", "new_units": [{"name": "Mới", "kind": "division"}]}, "successors"),
    ],
)
def test_what_makes_no_change_is_refused_at_its_field(working, cast, cells, wrong, field):
    with pytest.raises(Invalid) as refused, working(cast.an) as work:
        change_units(work, merge(cells, **wrong), cast.commune.id)
    assert field in refused.value.errors


def test_a_unit_does_not_succeed_itself(working, cast, cells):
    with pytest.raises(Invalid), working(cast.an) as work:
        change_units(work, merge(cells, successors=[cells["second"].id]), cast.commune.id)


def test_groups_are_not_merged(working, cast, cells):
    with pytest.raises(Invalid, match="nhóm"), working(cast.an) as work:
        change_units(work, merge(cells, units=[cells["group"].id]), cast.commune.id)


def test_a_unit_ends_once(working, cast, cells):
    with working(cast.an) as work:
        change_units(work, merge(cells), cast.commune.id)
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        change_units(work, merge(cells), cast.commune.id)
    assert refused.value.code == "unit_ended"


def test_the_name_of_a_unit_that_is_there_is_not_taken(working, cast, cells):
    given = UnitChangeInput(kind="rename", units=[cells["second"].id], name=cells["first"].name)
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        change_units(work, given, cast.commune.id)
    assert refused.value.code == "name_taken"
