"""Units, groups and who belonged when."""

from datetime import date
from threading import Thread

import pytest
from pydantic import ValidationError

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from app.models import EventRow
from app.services.unit import (
    MembersInput,
    UnitChange,
    UnitInput,
    add_group,
    add_unit,
    change_group_members,
    change_unit,
    find_unit_by_name,
    get_unit,
    groups_of,
    list_memberships,
    list_units,
    members_on,
    set_group_members,
    unit_actions,
)

TODAY = date(2026, 11, 23)


def division(name="Phòng Văn hóa - Xã hội", **more):
    return UnitInput(name=name, kind=more.pop("kind", "division"), **more)


def test_unit_gets_a_code_from_its_name(working, cast):
    with working(cast.an) as work:
        unit = add_unit(work, division(), cast.commune.id)
        assert (unit.code, unit.valid_from, unit.version) == ("PVHXH", TODAY, 1)
        other = add_unit(work, division("Phòng Vận hành Xe hơi"), cast.commune.id)
        assert other.code == "PVHXH-2"


def test_unit_is_found_by_other_spellings_short_name_and_alias(working, cast):
    with working(cast.an) as work:
        add_unit(work, division(short_name="Phòng VH-XH", aliases=["Phòng VHXH xã", ""]), cast.commune.id)
    with working(cast.an) as work:
        for name in ("phòng văn hoá-xã hội", "PHÒNG VH - XH", "Phòng VHXH xã"):
            found = find_unit_by_name(work, cast.commune.id, name)
            assert found is not None
            assert found.code == "PVHXH"
        assert find_unit_by_name(work, cast.commune.id, "Phòng Kinh tế") is None
        assert find_unit_by_name(work, cast.other_commune.id, "Phòng VHXH xã") is None


def test_list_is_searched_without_marks_and_pages_by_id(working, cast):
    with working(cast.an) as work:
        assert [u.code for u in list_units(work, q="truong MAM non")] == ["CB-MN"]
        first = list_units(work, limit=1)
        rest = list_units(work, after=first[0].id)
        assert [u.code for u in (*first, *rest)] == ["CB-MN", "CB-T1"]
        assert list_units(work, kind="party_cell_village")[0].code == "CB-T1"
        assert list_units(work, is_group=True) == []


def test_change_keeps_what_is_left_out_and_records_what_changed(working, cast, database):
    with working(cast.an) as work:
        change = UnitChange(name="Chi bộ Trường Mầm non Ban Mai", identifier="H60.12")
        change_unit(work, cast.school_cell.id, change, version=1)
    with working(cast.an) as work:
        unit = get_unit(work, cast.school_cell.id)
        assert (unit.name, unit.kind, unit.version) == (
            "Chi bộ Trường Mầm non Ban Mai",
            "party_cell_school",
            2,
        )
        assert list_units(work, q="ban mai") == [unit]
    with database.read_session() as session:
        assert session.query(EventRow).one().data["changed"] == ["identifier", "name"]


def test_members_are_dated_and_the_past_stays(working, cast):
    with working(cast.an) as work:
        given = UnitInput(name="Các chi bộ", kind="group", valid_from=date(2026, 1, 1))
        group = add_group(work, given, cast.commune.id, [cast.school_cell.id, cast.village_cell.id])
    with working(cast.an) as work:
        set_group_members(work, group.id, [cast.village_cell.id], date(2026, 7, 1))
    with working(cast.an) as work:
        names = lambda day: [u.code for u in members_on(work, [group.id], day)[group.id]]  # noqa: E731
        assert names(date(2025, 12, 31)) == []
        assert names(date(2026, 6, 30)) == ["CB-MN", "CB-T1"]
        assert names(date(2026, 7, 1)) == ["CB-T1"]
        ends = {unit.code: row.valid_to for row, unit in list_memberships(work, group.id)}
        assert ends == {"CB-T1": None, "CB-MN": date(2026, 6, 30)}
        assert groups_of(work, cast.village_cell.id, TODAY) == [get_unit(work, group.id)]


def test_member_that_came_and_went_on_one_day_leaves_no_row(working, cast):
    with working(cast.an) as work:
        group = add_group(work, UnitInput(name="Nhóm", kind="group"), cast.commune.id, [cast.school_cell.id])
        set_group_members(work, group.id, [])
        assert list_memberships(work, group.id) == []
        set_group_members(work, group.id, [cast.school_cell.id])
        set_group_members(work, group.id, [cast.school_cell.id], date(2026, 1, 1))
        assert [row.valid_from for row, _ in list_memberships(work, group.id)] == [date(2026, 1, 1)]


def test_unit_that_ends_leaves_its_groups_that_day(working, cast):
    with working(cast.an) as work:
        group = add_group(work, UnitInput(name="Nhóm", kind="group"), cast.commune.id, [cast.school_cell.id])
        change_unit(work, cast.school_cell.id, UnitChange(valid_to=date(2026, 12, 31)), version=1)
        assert len(members_on(work, [group.id], date(2026, 12, 31))[group.id]) == 1
        assert members_on(work, [group.id], date(2027, 1, 1))[group.id] == []


def test_name_of_an_ended_unit_may_be_taken_again(working, cast):
    with working(cast.an) as work:
        change_unit(work, cast.school_cell.id, UnitChange(valid_to=date(2026, 10, 1)), version=1)
        add_unit(work, division(cast.school_cell.name, kind="party_cell_school"), cast.commune.id)


@pytest.mark.parametrize("who", ["an", "quan"])
def test_office_and_admin_may_add(working, cast, who):
    with working(getattr(cast, who)) as work:
        assert unit_actions(work, add_unit(work, division(), cast.commune.id)) == ["change"]


@pytest.mark.parametrize("who", ["binh", "chi", "kiem", "giang"])
def test_readers_may_not_add(working, cast, who):
    refusal = Forbidden
    with pytest.raises(refusal), working(getattr(cast, who)) as work:
        add_unit(work, division(), cast.commune.id)
    with working(getattr(cast, who)) as work:
        assert unit_actions(work, get_unit(work, cast.school_cell.id)) == []


def test_units_of_another_commune_cannot_be_known_of(working, cast):
    with working(cast.dung) as work:
        assert [u.code for u in list_units(work)] == ["CB-1"]
        for call in (
            lambda: get_unit(work, cast.school_cell.id),
            lambda: list_memberships(work, cast.school_cell.id),
            lambda: add_unit(work, division(), cast.commune.id),
            lambda: set_group_members(work, cast.school_cell.id, []),
            lambda: change_unit(work, cast.school_cell.id, UnitChange(name="Khác"), 1),
        ):
            with pytest.raises(NotFound):
                call()


@pytest.mark.parametrize("name", ["Chi bộ Trường Mầm non Hoa Sen", "chi bộ trường  mầm non hoa sen"])
def test_second_unit_of_one_name_is_refused(working, cast, name):
    with pytest.raises(Conflict, match="CB-MN"), working(cast.an) as work:
        add_unit(work, division(name), cast.commune.id)


def test_second_unit_of_one_code_is_refused(working, cast):
    with pytest.raises(Conflict, match="CB-MN"), working(cast.an) as work:
        add_unit(work, division(code="CB-MN"), cast.commune.id)


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "A", "kind": "division"},
        {"name": "Phòng", "kind": "committee"},
        {"name": "Phòng", "kind": "division", "code": "CÓ DẤU"},
        {"name": "Phòng", "kind": "division", "identifier": "h60"},
        {"name": "Phòng", "kind": "division", "colour": "red"},
        {"name": "P" * 301, "kind": "division"},
        {"name": "Phòng", "kind": "division", "aliases": ["a" * 301]},
    ],
)
def test_what_cannot_be_a_unit_is_refused(typed):
    with pytest.raises(ValidationError):
        UnitInput.model_validate(typed)


def test_members_must_be_units_of_the_same_commune(working, cast):
    with working(cast.an) as work:
        group = add_group(work, UnitInput(name="Nhóm", kind="group"), cast.commune.id, [])
        for wrong in (cast.other_unit.id, group.id):
            with pytest.raises(Invalid, match="cùng địa phương"):
                set_group_members(work, group.id, [wrong])
        with pytest.raises(NotFound, match="nhóm"):
            set_group_members(work, cast.school_cell.id, [])


def test_reporting_lines_do_not_run_in_circles(working, cast):
    with working(cast.an) as work:
        up = UnitChange(reports_to=cast.village_cell.id)
        change_unit(work, cast.school_cell.id, up, 1)
        with pytest.raises(Invalid, match="vòng tròn"):
            change_unit(work, cast.village_cell.id, UnitChange(reports_to=cast.school_cell.id), 1)
        with pytest.raises(Invalid, match="cùng địa phương"):
            change_unit(work, cast.village_cell.id, UnitChange(reports_to=cast.other_unit.id), 1)


def test_group_does_not_become_a_unit(working, cast):
    with pytest.raises(Invalid), working(cast.an) as work:
        change_unit(work, cast.school_cell.id, UnitChange(kind="group"), 1)
    with pytest.raises(Invalid), working(cast.an) as work:
        add_unit(work, division(kind="group"), cast.commune.id)
    with pytest.raises(Invalid), working(cast.an) as work:
        add_group(work, division(), cast.commune.id, [])


def test_end_before_the_beginning_is_refused(working, cast):
    with pytest.raises(Invalid, match="sau ngày bắt đầu"), working(cast.an) as work:
        change_unit(work, cast.school_cell.id, UnitChange(valid_to=date(2024, 1, 1)), 1)


def test_stale_change_is_refused_with_the_current_values(working, cast):
    with pytest.raises(VersionRequired), working(cast.an) as work:
        change_unit(work, cast.school_cell.id, UnitChange(name="Khác"), None)
    with pytest.raises(Stale) as refusal, working(cast.an) as work:
        change_unit(work, cast.school_cell.id, UnitChange(name="Khác"), 7)
    assert refusal.value.details == {"version": 1, "changed": {"name": cast.school_cell.name}}
    with working(cast.an) as work:
        group = add_group(work, UnitInput(name="Nhóm", kind="group"), cast.commune.id, [])
        with pytest.raises(Stale):
            change_group_members(work, group.id, MembersInput(units=[]), 9)


def test_two_units_of_one_name_at_once_give_one(working, cast):
    with working(cast.an) as work:
        add_unit(
            work, division("Trạm Y tế", kind="service"), cast.commune.id
        )  # the commune has a history now
    outcomes = []

    def add():
        try:
            with working(cast.an) as work:
                add_unit(work, division("Phòng Kinh tế"), cast.commune.id)
            outcomes.append("added")
        except Conflict:
            outcomes.append("refused")

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", "refused", "refused", "refused"]
