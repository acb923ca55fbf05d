"""Charts: gaps stay gaps, targets are marks, and everything drawn is also said."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest

from app.services.definition import Aim, Definition
from app.services.figures import Cell, PeriodFigures
from app.services.rolling_up import roll_up
from app.services.standing import Figure
from app.web.chart import chart_of, short_period, spark_of
from app.web.scale import scale_of

SCHOOL, VILLAGE = uuid4(), uuid4()


def definition(measure="percent", goals=(Aim("gte", Decimal(95), None, 2030),), direction="up"):
    return Definition(1, measure, direction, "%", 2, "to_date", "ratio", "last", tuple(goals))


def period(label, value, how, asked=1, cycle="quarter"):
    """All units together reported `value`, or nobody did; `asked` units were to."""
    figure = None
    if value is not None:
        figure = Figure(level=value) if how.measure == "level" else Figure(Decimal(str(value)))
    figures = [figure, *[None] * (asked - 1)]
    cells = tuple(
        Cell(uuid4(), unit, "", "sent", None, None, one, how, 2026)
        for unit, one in zip((SCHOOL, VILLAGE), figures, strict=False)
    )
    return PeriodFigures(
        uuid4(),
        label,
        label,
        "open",
        cycle,
        date(2026, 12, 31),
        how,
        cells,
        roll_up("ratio", how.measure, figures),
        figure,
    )


def page(periods, how, baseline=None):
    it = SimpleNamespace(
        measure=how.measure,
        direction=how.direction,
        decimals=2,
        unit_label="%",
        baseline=baseline,
        baseline_label="năm 2025",
    )
    around = SimpleNamespace(baseline="" if baseline is None else f"{baseline}% (năm 2025)")
    return SimpleNamespace(indicator=it, periods=tuple(periods), goals=(), around=around)


def quarters(how, *values, **more):
    """From Q1 on, handed over the newest first."""
    told = [period(f"2026-Q{n}", value, how, **more) for n, value in enumerate(values, 1)]
    return told[::-1]


def test_a_period_nobody_reported_in_is_a_gap_no_line_crosses():
    how = definition()
    chart = chart_of(page(quarters(how, 80, None, 90, 92), how))
    assert [point.y is None for point in chart.points] == [False, True, False, False]
    assert len(chart.strokes) == 1
    assert chart.strokes[0].x1 == chart.points[2].x
    assert "chưa có đơn vị nào báo cáo" in chart.words[1]


def test_a_target_is_a_mark_at_its_level_and_no_line_leads_there():
    how = definition()
    chart = chart_of(page(quarters(how, 80, 90), how))
    (mark,) = chart.goals
    assert (mark.label, mark.year, mark.pull) == ("≥ 95%", "năm 2030", "up")
    assert mark.y < chart.points[-1].y
    assert max(stroke.x2 for stroke in chart.strokes) == chart.points[-1].x


def test_where_less_is_better_the_mark_points_down_and_lies_below():
    how = definition(goals=(Aim("lt", Decimal(1), None, 2030),), direction="down")
    chart = chart_of(page(quarters(how, "1.5", "1.2"), how))
    (mark,) = chart.goals
    assert (mark.label, mark.pull) == ("< 1%", "down")
    assert mark.y > chart.points[-1].y


def test_levels_rise_in_steps_on_whole_ticks():
    how = definition("level", (Aim("reach", Decimal(3), None, 2030),))
    chart = chart_of(page(quarters(how, 1, 2), how))
    flat, upright = chart.strokes
    assert flat.y1 == flat.y2
    assert upright.x1 == upright.x2
    assert all("," not in text for _, text in chart.ticks)


@pytest.mark.parametrize("measure", ["yes_no", "text"])
def test_yes_or_no_and_words_have_no_chart(measure):
    how = definition(measure)
    assert chart_of(page(quarters(how, 1, 1), how)) is None
    assert spark_of(quarters(how, 1, 1), measure) is None


def test_a_period_with_part_of_its_units_is_drawn_hollow_and_says_how_many():
    how = definition()
    (point,) = chart_of(page(quarters(how, 80, asked=2), how)).points
    assert (point.whole, point.count) == (False, "1/2")


def test_a_year_is_not_put_on_the_line_of_quarters():
    how = definition()
    periods = [period("2026", 99, how, cycle="year"), *quarters(how, 80, 90)]
    assert [point.label for point in chart_of(page(periods, how)).points] == ["Q1/26", "Q2/26"]


def test_the_baseline_stands_before_the_periods_and_is_joined_to_none():
    how = definition()
    chart = chart_of(page(quarters(how, 80, 90), how, baseline=Decimal("72.5")))
    assert (chart.baseline.label, chart.baseline.year) == ("72,5%", "năm 2025")
    assert chart.baseline_x < min(stroke.x1 for stroke in chart.strokes)


def test_a_sparkline_says_in_words_what_it_draws():
    how = definition()
    spark = spark_of(quarters(how, 80, None, 90), "percent")
    assert (len(spark.points), len(spark.strokes)) == (2, 0)
    assert all(whole for _, _, whole in spark.points)
    assert "2026-Q1: 80%, 1/1 đơn vị" in spark.words


@pytest.mark.parametrize(
    ("values", "measure", "ticks"),
    [
        (["99.2", "100"], "percent", "99 99.25 99.5 99.75 100.00"),
        (["0"], "count", "0 0.5 1.0"),
        (["1", "3"], "level", "0 1 2 3 4"),
        (["70", "70"], "percent", "60 65 70 75 80"),
    ],
)
def test_ticks_are_round_and_hold_every_value(values, measure, ticks):
    scale = scale_of([Decimal(value) for value in values], measure, 0, 100)
    assert [Decimal(tick) for tick in ticks.split()] == list(scale.ticks)
    assert all(0 <= scale.at(Decimal(value)) <= 100 for value in values)


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("2026-Q3", "Q3/26"),
        ("2026-03", "T3/26"),
        ("2026-H1", "6T/26"),
        ("2026-9M", "9T/26"),
        ("2026", "2026"),
        ("SY2026", "2026-27"),
        ("Đợt giữa năm", "Đợt giữ"),
    ],
)
def test_periods_have_short_names(label, short):
    assert short_period(label) == short
