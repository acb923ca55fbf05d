"""Indicators, their owners and their targets."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from app.models import EventRow, Submission
from app.services.expectation import expect_submissions, open_periods
from app.services.indicator import (
    IndicatorChange,
    IndicatorInput,
    add_indicator,
    change_indicator,
    list_indicators,
    list_owners,
    set_owners,
)
from app.services.submission import SubmissionInput, send_submission
from app.services.target import TargetInput, change_target, end_target, list_targets, set_target
from tests import factories
from tests.factories import add_group, add_locality, add_period, add_plan, add_unit

STATEMENT = "Tỷ lệ phòng học kiên cố đạt trên 90% vào năm 2030"


@pytest.fixture
def plan(stage, cast):
    plan = add_plan(stage, cast.commune)
    stage.commit()
    return plan


@pytest.fixture
def indicator(stage, cast, plan):
    indicator = factories.add_indicator(stage, plan, "CT-09", owners=(cast.school_cell,))
    stage.commit()
    return indicator


def wanted(plan, **more):
    return IndicatorInput(plan=plan.id, statement=STATEMENT, measure="percent", unit_label="%", **more)


def test_an_indicator_is_added_with_targets_and_owners(working, cast, plan):
    with working(cast.an) as work:
        goals = [TargetInput(comparator="gt", value="90", horizon=2030), TargetInput(comparator="achieve")]
        made = add_indicator(work, wanted(plan, targets=goals, owners=[cast.school_cell.id]))
        assert (made.code, made.name, made.decimals) == ("CT-01", STATEMENT, 2)
        assert [t.value for t in list_targets(work, [made.id])[made.id]] == [Decimal(90), None]
        assert [u.id for u in list_owners(work, [made.id])[made.id]] == [cast.school_cell.id]
    with working(cast.an) as work:
        assert add_indicator(work, wanted(plan)).code == "CT-02"


def test_a_name_taken_out_of_a_sentence_begins_with_a_capital_and_the_sentence_stays(working, cast, plan):
    sentence = "- phấn đấu số lượng đảng viên mới đạt 12 người"
    with working(cast.an) as work:
        asked = {"statement": sentence, "name": "số lượng đảng viên mới", "measure": "count"}
        made = add_indicator(work, IndicatorInput(plan=plan.id, **asked))
        assert (made.name, made.statement) == ("Số lượng đảng viên mới", sentence)
        assert made.folded.count("so luong") == 1


def test_open_periods_expect_a_new_indicator_at_once(working, cast, plan, stage):
    period = add_period(stage, cast.commune)
    add_period(stage, cast.commune, "2026-Q3", state="closed")
    stage.commit()
    with working(cast.an) as work:
        add_indicator(work, wanted(plan, owners=[cast.school_cell.id]))
        rows = work.session.scalars(select(Submission)).all()
        assert [(row.period_id, row.state) for row in rows] == [(period.id, "expected")]


def test_counts_have_no_decimals_unless_said(working, cast, plan):
    with working(cast.an) as work:
        made = add_indicator(work, IndicatorInput(plan=plan.id, statement="Xây 3 phòng", measure="count"))
        assert made.decimals == 0


def test_indicators_are_found_without_marks_by_unit_and_by_page(working, cast, plan, stage):
    cells = add_group(stage, cast.commune, "G", "Các chi bộ", [cast.village_cell])
    first = factories.add_indicator(stage, plan, "CT-01", statement=STATEMENT, owners=(cells,))
    second = factories.add_indicator(stage, plan, "CT-02", owners=(cast.school_cell,))
    stage.commit()
    with working(cast.chi) as work:
        assert [i.id for i in list_indicators(work, plan=plan.id)] == [first.id, second.id]
        assert [i.id for i in list_indicators(work, q="phong hoc KIEN co")] == [first.id]
        assert [i.id for i in list_indicators(work, unit=cast.village_cell.id)] == [first.id]
        assert [i.id for i in list_indicators(work, unit=cells.id)] == [first.id]
        assert [i.id for i in list_indicators(work, after=first.id, limit=1)] == [second.id]


def test_a_definition_is_changed_with_history_and_the_statement_stays(working, cast, indicator):
    with working(cast.an) as work:
        changed = change_indicator(
            work, indicator.id, IndicatorChange(name="Phòng máy tính", decimals=1), indicator.version
        )
        assert (changed.name, changed.decimals, changed.version) == ("Phòng máy tính", 1, 2)
        said = work.session.scalars(select(EventRow)).one()
        assert said.data["changed"] == ["decimals", "name"]
        assert [i.id for i in list_indicators(work, q="phong may tinh truong")] == [indicator.id]
    with pytest.raises(ValidationError):
        IndicatorChange(statement="Khác")


def test_owners_change_and_open_periods_follow(working, cast, indicator, stage):
    add_period(stage, cast.commune)
    stage.commit()
    with working(cast.an) as work:
        set_owners(work, indicator.id, [cast.school_cell.id, cast.village_cell.id], 1)
        # The same again says nothing new.
        set_owners(work, indicator.id, [cast.village_cell.id, cast.school_cell.id], 2)
        expect_submissions(work, [indicator], open_periods(work, cast.commune.id)[0])
    with working(cast.an) as work:
        set_owners(work, indicator.id, [cast.village_cell.id], 2)
        rows = {r.unit_id: r.state for r in work.session.scalars(select(Submission))}
        assert rows == {cast.school_cell.id: "waived", cast.village_cell.id: "expected"}
        kinds = [e.kind for e in work.session.scalars(select(EventRow).order_by(EventRow.number))]
        assert kinds == ["indicator_owners_set", "submission_waived", "indicator_owners_set"]


def test_a_unit_that_has_ended_is_not_newly_asked_to_report_or_to_verify(
    working, cast, stage, plan, indicator
):
    gone = add_unit(stage, cast.commune, "CB-T9", "Chi bộ thôn Bản Xoan", valid_to=date(2026, 11, 19))
    stage.commit()
    units = [cast.school_cell.id, gone.id]
    with pytest.raises(Invalid, match="Bản Xoan đã thôi hoạt động"), working(cast.an) as work:
        set_owners(work, indicator.id, units, 1)
    with pytest.raises(Invalid, match="Bản Xoan đã thôi hoạt động"), working(cast.an) as work:
        add_indicator(work, wanted(plan, owners=[gone.id]))
    with pytest.raises(Invalid, match="thẩm định đã thôi") as refused, working(cast.an) as work:
        change_indicator(work, indicator.id, IndicatorChange(verifier=gone.id), 1)
    assert list(refused.value.errors) == ["verifier"]


def test_an_owner_that_ended_since_does_not_stop_other_changes(working, cast, stage, indicator):
    school = stage.merge(cast.school_cell)
    school.valid_to = date(2026, 11, 19)
    stage.commit()
    with working(cast.an) as work:
        set_owners(work, indicator.id, [school.id, cast.village_cell.id], 1)
        assert len(list_owners(work, [indicator.id])[indicator.id]) == 2


def test_targets_are_set_changed_and_ended(working, cast, indicator):
    with working(cast.an) as work:
        target = set_target(work, indicator.id, TargetInput(comparator="gte", value="80", horizon=2026))
    with working(cast.an) as work:
        changed = change_target(
            work, target.id, TargetInput(comparator="between", value="80", value_to="90", horizon=2027), 1
        )
        assert (changed.value_to, changed.horizon, changed.version) == (Decimal(90), 2027, 2)
    with working(cast.an) as work:
        end_target(work, target.id)
    with working(cast.an) as work:
        assert [t.horizon for t in list_targets(work, [indicator.id])[indicator.id]] == [2030]
        kinds = [e.kind for e in work.session.scalars(select(EventRow).order_by(EventRow.number))]
        assert kinds == ["target_set", "target_set", "target_ended"]


@pytest.mark.parametrize("name", ["binh", "chi", "kiem", "quan", "giang"])
def test_only_the_office_manages_indicators(working, cast, plan, indicator, name):
    actor = cast.everybody[name]
    with pytest.raises(Forbidden), working(actor) as work:
        add_indicator(work, wanted(plan))
    with pytest.raises(Forbidden), working(actor) as work:
        change_indicator(work, indicator.id, IndicatorChange(name="Khác"), 1)
    with pytest.raises(Forbidden), working(actor) as work:
        set_owners(work, indicator.id, [], 1)
    with pytest.raises(Forbidden), working(actor) as work:
        set_target(work, indicator.id, TargetInput(comparator="gte", value="80", horizon=2026))


def test_another_commune_gets_404_and_lists_nothing(working, cast, plan, indicator):
    with pytest.raises(NotFound), working(cast.dung) as work:
        add_indicator(work, wanted(plan))
    with pytest.raises(NotFound), working(cast.dung) as work:
        change_indicator(work, indicator.id, IndicatorChange(name="Khác"), 1)
    with working(cast.dung) as work:
        assert list_indicators(work) == []


def test_units_of_another_commune_cannot_own(working, cast, plan, stage):
    with pytest.raises(NotFound), working(cast.an) as work:
        add_indicator(work, wanted(plan, owners=[cast.other_unit.id]))
    below = add_unit(stage, add_locality(stage, "099", "Xã Khác"), "X", "Đơn vị lạ")
    stage.commit()
    with pytest.raises(NotFound), working(cast.an) as work:
        add_indicator(work, wanted(plan, owners=[below.id]))


@pytest.mark.parametrize(
    "given",
    [
        {"comparator": "gte"},
        {"comparator": "gte", "value": 1, "value_to": 2},
        {"comparator": "between", "value": 5},
        {"comparator": "between", "value": 5, "value_to": 5},
    ],
)
def test_a_target_that_says_nothing_is_refused(working, cast, indicator, given):
    with pytest.raises(Invalid), working(cast.an) as work:
        set_target(work, indicator.id, TargetInput(horizon=2027, **given))


def test_one_target_for_a_horizon(working, cast, plan, indicator):
    twice = [TargetInput(comparator="gt", value=90), TargetInput(comparator="gt", value=95)]
    with pytest.raises(Conflict), working(cast.an) as work:
        set_target(work, indicator.id, TargetInput(comparator="gte", value=80, horizon=2030))
    with pytest.raises(Invalid), working(cast.an) as work:
        add_indicator(work, wanted(plan, targets=twice))


def test_the_source_sentence_is_of_the_plans_own_document(working, cast, plan, stage):
    with pytest.raises(Invalid), working(cast.an) as work:
        add_indicator(work, wanted(plan, passage=plan.id))


def test_the_measure_stays_once_figures_were_sent(working, cast, indicator, stage):
    add_period(stage, cast.commune)
    stage.commit()
    with working(cast.binh) as work:
        send_submission(
            work,
            SubmissionInput(
                indicator=indicator.id, unit=cast.school_cell.id, period="2026-Q4", value=Decimal(50)
            ),
        )
    with pytest.raises(Conflict), working(cast.an) as work:
        change_indicator(work, indicator.id, IndicatorChange(measure="count"), 1)


def test_changing_needs_the_version_that_was_read(working, cast, indicator):
    with pytest.raises(VersionRequired), working(cast.an) as work:
        change_indicator(work, indicator.id, IndicatorChange(name="Khác"), None)
    with pytest.raises(Stale) as refused, working(cast.an) as work:
        change_indicator(work, indicator.id, IndicatorChange(name="Khác"), 5)
    assert refused.value.details == {"version": 1, "changed": {"name": indicator.name}}
