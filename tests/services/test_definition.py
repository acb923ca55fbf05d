"""Definitions of indicators: kept one by one, and each figure read by its own."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from app.errors import Invalid, Stale
from app.models import EventRow, SubmissionVersion
from app.services.definition import list_definitions
from app.services.earlier_answers import list_earlier_figures
from app.services.figures import build_indicator_page
from app.services.indicator import (
    IndicatorChange,
    IndicatorInput,
    add_indicator,
    change_indicator,
    get_indicator,
)
from app.services.period import PeriodInput, find_period, open_period
from app.services.roll_up import build_roll_up
from app.services.submission import SubmissionInput, send_submission
from app.services.target import TargetInput, change_target, list_targets, set_target
from app.services.trend import trend_of
from app.web.chart import chart_of
from tests import factories
from tests.factories import add_plan

SENTENCE = "Tỷ lệ phòng học kiên cố đạt trên 90% vào năm 2030"


@pytest.fixture
def plan(stage, cast):
    made = add_plan(stage, cast.commune)
    stage.commit()
    return made


@pytest.fixture
def indicator(stage, cast, plan, working):
    made = factories.add_indicator(stage, plan, "CT-09", owners=(cast.school_cell,))
    stage.commit()
    with working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
    return made


def change(work, indicator, **said):
    return change_indicator(work, indicator.id, IndicatorChange(**said), None or indicator.version)


def test_each_change_of_definition_or_target_is_kept_under_a_number(working, cast, plan):
    with working(cast.an) as work:
        given = IndicatorInput(plan=plan.id, statement=SENTENCE, measure="percent", baseline="81.5")
        made = add_indicator(work, given)
        change(work, made, data_source="Cơ sở dữ liệu ngành", verifier=cast.school_cell.id)
        set_target(work, made.id, TargetInput(comparator="gt", value="90", horizon=2030))
    with working(cast.chi) as work:
        newest, second, first = list_definitions(work, [made.id])[made.id]
        assert [row.number for row in (newest, second, first)] == [3, 2, 1]
        assert (first.content["baseline"], first.content["data_source"]) == ("81.5", None)
        assert second.content["verifier"] == str(cast.school_cell.id)
        assert [goal["value"] for goal in newest.content["targets"]] == ["90"]
        around = build_indicator_page(work, made.id).around
        assert [one.changed for one in around.definitions] == [("targets",), ("data_source", "verifier"), ()]
        assert (around.verifier, around.baseline) == (cast.school_cell.name, "81,5%")


def test_a_definition_cannot_be_rewritten(database, indicator):
    with pytest.raises(Exception, match="append-only"), database.write_session() as session:
        session.execute(text("UPDATE indicator_definition SET number = 9"))


def test_a_figure_is_read_by_the_definition_it_was_sent_under(working, cast, indicator):
    with working(cast.binh) as work:
        given = SubmissionInput(
            indicator=indicator.id, unit=cast.school_cell.id, period="2026-Q4", value=Decimal("91.26")
        )
        sent = send_submission(work, given)
        assert sent.definition == 1
    with working(cast.an) as work:
        change(work, indicator, decimals=0)
        aim = list_targets(work, [indicator.id])[indicator.id][0]
        work.session.delete(aim)
        set_target(work, indicator.id, TargetInput(comparator="gte", value="90", horizon=2026))
    with working(cast.an) as work:
        (period,) = build_indicator_page(work, indicator.id).periods
        assert (period.shown, period.standing.state) == ("91,26%", "no_mark")
    with working(cast.binh) as work:
        again = SubmissionInput(**given.model_dump() | {"value": Decimal("91.3")})
        assert send_submission(work, again).definition == 3
    with working(cast.an) as work:
        (period,) = build_indicator_page(work, indicator.id).periods
        assert (period.shown, period.standing.state) == ("91%", "met")
        numbers = [row.definition for row in work.session.query(SubmissionVersion)]
        assert sorted(numbers) == [1, 3]


def test_rules_of_rolling_up_follow_the_measure_until_they_are_chosen(working, cast, plan):
    with working(cast.an) as work:
        made = add_indicator(work, IndicatorInput(plan=plan.id, statement=SENTENCE, measure="count"))
        assert (made.over_units, made.over_periods) == ("sum", "last")
        change(work, made, value_basis="in_period", over_periods=None)
        assert made.over_periods == "sum"
        change(work, made, over_units="none")
        change(work, made, measure="yes_no")
        assert (made.over_units, made.over_periods) == ("none", "last")
        change(work, made, over_units=None)
        assert made.over_units == "met"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"over_units": "sum"}, "over_units"),
        ({"over_periods": "ratio"}, "over_periods"),
        ({"range_from": "5", "range_to": "4"}, "range_to"),
        ({"baseline_label": "năm 2025"}, "baseline"),
    ],
)
def test_what_does_not_fit_names_its_field(working, cast, indicator, said, field):
    with pytest.raises(Invalid) as refused, working(cast.an) as work:
        change(work, indicator, **said)
    assert list(refused.value.errors) == [field]


def test_parts_belong_to_one_whole_of_their_own_plan(working, cast, plan, stage):
    whole, part, other = (factories.add_indicator(stage, plan, f"CT-{n}") for n in (11, 12, 13))
    elsewhere = factories.add_indicator(stage, add_plan(stage, cast.commune, code="KH-09"))
    stage.commit()
    with working(cast.an) as work:
        change(work, part, part_of=whole.id)
        around = build_indicator_page(work, whole.id).around
        assert [one.id for one in around.parts] == [part.id]
        assert build_indicator_page(work, part.id).around.whole.id == whole.id
    for child, parent in ((other, part), (whole, other), (other, other), (other, elsewhere)):
        with pytest.raises(Invalid) as refused, working(cast.an) as work:
            change(work, child, part_of=parent.id)
        assert "part_of" in refused.value.errors


def test_who_vouches_is_of_the_same_commune(working, cast, indicator, stage):
    far = factories.add_unit(stage, cast.other_commune, "XA-KHAC", "Trường khác")
    stage.commit()
    with pytest.raises(Invalid) as refused, working(cast.an) as work:
        change(work, indicator, verifier=far.id)
    assert "verifier" in refused.value.errors


COUNT = {"measure": "count", "unit_label": "hộ", "target": None}


@pytest.fixture
def adding_up(stage, plan):
    """A whole that adds up, and two parts."""
    whole = factories.add_indicator(stage, plan, "CT-30", adds_up=True, **COUNT)
    parts = [factories.add_indicator(stage, plan, f"CT-3{n}", part_of_id=whole.id, **COUNT) for n in (1, 2)]
    stage.commit()
    return whole, *parts


@pytest.mark.parametrize(
    "said", [{"measure": "money"}, {"unit_label": "người"}, {"value_basis": "in_period"}]
)
def test_what_breaks_a_sum_is_refused_where_it_is_changed(working, cast, adding_up, said):
    for indicator in adding_up:
        sentence = "bỏ “Cộng lại phải bằng chỉ tiêu này” ở CT-30"
        with pytest.raises(Invalid, match=sentence) as refused, working(cast.an) as work:
            change(work, indicator, **said)
        assert list(refused.value.errors) == list(said)


def test_only_alike_amounts_add_up(working, cast, plan, stage, adding_up):
    share = factories.add_indicator(stage, plan, "CT-40")
    people = factories.add_indicator(stage, plan, "CT-41", **COUNT | {"unit_label": "người"})
    factories.add_indicator(stage, plan, "CT-42", part_of_id=people.id, **COUNT)
    stage.commit()
    for indicator, said in (
        (share, {"adds_up": True}),
        (people, {"adds_up": True}),
        (people, {"part_of": adding_up[0].id}),
        (share, {"part_of": adding_up[0].id}),
    ):
        with pytest.raises(Invalid) as refused, working(cast.an) as work:
            change(work, indicator, **said)
        assert list(refused.value.errors) == list(said)
    with pytest.raises(Invalid), working(cast.an) as work:
        wanted = {"plan": plan.id, "statement": SENTENCE, "measure": "percent", "adds_up": True}
        add_indicator(work, IndicatorInput(**wanted))
    with working(cast.an) as work:
        change(work, adding_up[1], unit_label="Hộ")
        change(work, adding_up[0], adds_up=False, measure="money", unit_label="đồng")


def test_saying_the_same_again_changes_nothing(working, cast, indicator):
    with working(cast.an) as work:
        change(work, indicator, data_source="Sổ theo dõi", baseline="81.50", over_units=None)
        aim = set_target(work, indicator.id, TargetInput(comparator="gte", value="90", horizon=2027))
    with working(cast.an) as work:
        before = len(list_definitions(work, [indicator.id])[indicator.id])
        events = work.session.query(EventRow).count()
        now = get_indicator(work, indicator.id)
        again = change(work, now, data_source="Sổ theo dõi", baseline="81.5", over_units=None)
        same = TargetInput(comparator="gte", value="90.0", horizon=2027)
        assert change_target(work, aim.id, same, 1).version == 1
        assert (again.version, again.definition) == (now.version, before)
        assert len(list_definitions(work, [indicator.id])[indicator.id]) == before
    with working(cast.an) as work:
        assert work.session.query(EventRow).count() == events
        with pytest.raises(Stale):
            change_indicator(work, indicator.id, IndicatorChange(decimals=2), 1)


def test_figures_of_two_units_are_never_added_compared_or_drawn_together(working, cast, stage, plan):
    """Somebody turns millions into billions midway: what was sent stays what it was."""
    cells = factories.add_group(stage, cast.commune, "G", "Các chi bộ", [cast.school_cell, cast.village_cell])
    money = factories.add_indicator(
        stage, plan, "CT-50", owners=(cells,), measure="money", unit_label="triệu đồng", target=None,
        value_basis="in_period", jump_limit=Decimal(10), decimals=1,
    )  # fmt: skip
    stage.commit()

    def send(actor, unit, period, value):
        with working(cast.an) as work:
            open_period(work, PeriodInput(label=period))
        with working(actor) as work:
            where = {"indicator": money.id, "unit": unit.id, "period": period}
            send_submission(work, SubmissionInput(**where, value=value))

    send(cast.binh, cast.school_cell, "2026-Q3", "1200")
    send(cast.hoa, cast.village_cell, "2026-Q3", "300")
    send(cast.hoa, cast.village_cell, "2026-Q4", "300")
    with working(cast.an) as work:
        change_indicator(work, money.id, IndicatorChange(unit_label="tỷ đồng"), 1)
    # A thousandth of the quarter before is no jump: it is another unit.
    send(cast.binh, cast.school_cell, "2026-Q4", "1.3")
    with working(cast.an) as work:
        page = build_indicator_page(work, money.id)
        fourth, third = page.periods
        assert (third.shown, fourth.shown, fourth.rolled.reported) == ("1.500 triệu đồng", "", 2)
        assert [cell.shown for cell in fourth.cells] == ["1,3 tỷ đồng", "300 triệu đồng"]
        assert trend_of(page.periods) is None
        assert chart_of(page).unit == "triệu đồng"
        year = build_roll_up(work, money.id, "2026-Q4").year
        assert (year.is_mixed, year.rolled.figure) == (True, None)
        period = find_period(work, cast.commune.id, "2026-Q4")
        assert list_earlier_figures(work, cast.village_cell.id, period, [money.id]) == {}
