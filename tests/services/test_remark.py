"""Remarks: who may write them, whom they name, and what being named opens."""

import pytest

from app.errors import Forbidden, Invalid, NotFound
from app.models import EventRow, RemarkMention, Submission
from app.services.assignment_list import AssignmentFilter, get_assignment_row, list_assignments
from app.services.cooperation_page import helpers_beside, leads_beside
from app.services.remark import (
    RemarkInput,
    list_assignment_remarks,
    list_mentions,
    list_submission_remarks,
    remark_on_assignment,
    remark_on_submission,
)
from app.services.responsibility import ResponsibilityInput, give_responsibility
from tests.factories import (
    LONG_AGO,
    add_assignment,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_task,
    put,
)


@pytest.fixture
def row(stage, cast):
    made = add_assignment(stage, add_task(stage, add_plan(stage, cast.commune)), cast.school_cell)
    stage.commit()
    return made


@pytest.fixture
def figure(stage, cast):
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    made = put(
        stage,
        Submission(
            locality_id=cast.commune.id,
            indicator_id=add_indicator(stage, plan).id,
            unit_id=cast.school_cell.id,
            period_id=period.id,
            created_at=LONG_AGO,
        ),
    )
    stage.commit()
    return made


def said(text="Cần làm sớm", *units):
    return RemarkInput(text=text, mentions=[unit.id for unit in units])


@pytest.mark.parametrize("who", ["an", "binh", "chi", "kiem"])
def test_office_unit_leader_and_inspector_may_remark(working, cast, row, who):
    with working(getattr(cast, who)) as work:
        remark_on_assignment(work, row.id, said())
        (seen,) = list_assignment_remarks(work, row.id)
        assert (seen.text, seen.by) == ("Cần làm sớm", getattr(cast, who).name)


@pytest.mark.parametrize("who", ["hoa", "dung"])
def test_who_may_not_see_the_row_may_not_remark(working, cast, row, who):
    with pytest.raises(NotFound), working(getattr(cast, who)) as work:
        remark_on_assignment(work, row.id, said())


def test_the_province_reads_and_writes_nothing(working, cast, row):
    with pytest.raises(Forbidden), working(cast.giang) as work:
        remark_on_assignment(work, row.id, said())


def test_units_named_in_the_text_or_chosen_are_told_once(working, cast, row):
    with working(cast.chi) as work:
        text = "Nhờ @Chi bộ thôn Nà Tạng giúp; @CB-T1 xem lại"
        remark = remark_on_assignment(work, row.id, said(text, cast.village_cell))
        named = work.session.query(RemarkMention).filter_by(remark_id=remark.id).all()
        event = work.session.query(EventRow).filter_by(kind="assignment_remarked").one()
        assert [one.unit_id for one in named] == [cast.village_cell.id]
        assert event.data["mentioned"] == [str(cast.village_cell.id)]


def test_a_group_named_stands_for_its_members(working, cast, stage, row):
    group = add_group(stage, cast.commune, "NHOM", "Các chi bộ", [cast.school_cell, cast.village_cell])
    stage.commit()
    with working(cast.an) as work:
        remark_on_assignment(work, row.id, said("Nhắc chung", group))
        (seen,) = list_assignment_remarks(work, row.id)
        assert {unit.id for unit in seen.mentioned} == {cast.school_cell.id, cast.village_cell.id}


def test_a_unit_of_another_commune_cannot_be_named(working, cast, row):
    with pytest.raises(Invalid) as refused, working(cast.an) as work:
        remark_on_assignment(work, row.id, said("Nhắc", cast.other_unit))
    assert "mentions" in refused.value.errors


def test_who_is_named_reads_the_remark_but_not_the_row(working, cast, row):
    with working(cast.chi) as work:
        remark_on_assignment(work, row.id, said("Nhờ phối hợp", cast.village_cell))
    with working(cast.hoa) as work:
        (mention,) = list_mentions(work)
        assert (mention.remark.text, mention.about, mention.href) == ("Nhờ phối hợp", mention.about, "")
        assert mention.of == cast.school_cell.name
        with pytest.raises(NotFound):
            list_assignment_remarks(work, row.id)
    with working(cast.an) as work:
        assert list_mentions(work)[0].href == f"/viec/{row.id}"
    with working(cast.dung) as work:
        assert list_mentions(work) == []


def test_figures_take_remarks_too(working, cast, figure):
    with working(cast.kiem) as work:
        remark_on_submission(work, figure.id, said("Số này lấy ở đâu?", cast.village_cell))
        assert [one.text for one in list_submission_remarks(work, figure.id)] == ["Số này lấy ở đâu?"]
        event = work.session.query(EventRow).filter_by(kind="submission_remarked").one()
        assert event.unit_id == cast.school_cell.id
    with pytest.raises(NotFound), working(cast.hoa) as work:
        remark_on_submission(work, figure.id, said())


def test_what_a_supporting_unit_says_goes_to_the_lead(working, cast, stage):
    task = add_task(stage, add_plan(stage, cast.commune), kind="dated")
    stage.commit()
    with working(cast.an) as work:
        for unit, role in ((cast.school_cell, "lead"), (cast.village_cell, "cooperate")):
            give_responsibility(work, task.id, ResponsibilityInput(unit=unit.id, role=role))
        rows = {one.unit_id: one.id for one in list_assignments(work, AssignmentFilter(task=task.id))}
    lead, helping = rows[cast.school_cell.id], rows[cast.village_cell.id]
    with working(cast.hoa) as work:
        remark_on_assignment(work, helping, said("Đã cử 03 người"))
        (leading,) = leads_beside(work, get_assignment_row(work, helping))
        assert (leading.name, leading.state, leading.remarks) == (cast.school_cell.name, "assigned", ())
    with working(cast.binh) as work:
        (helper,) = helpers_beside(work, get_assignment_row(work, lead))
        assert (helper.name, helper.remarks[0].text) == (cast.village_cell.name, "Đã cử 03 người")
        assert [one.remark.text for one in list_mentions(work)] == ["Đã cử 03 người"]
