"""Nearer to what is wanted, or further from it; and when nothing can be said."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from app.services.definition import Aim, Definition
from app.services.standing import Figure, Standing
from app.services.trend import trend_of


def told(
    value, *, year=2026, units="ab", cycle="quarter", measure="percent", direction="up", goal=None, gap=None
):
    how = Definition(1, measure, direction, None, 2, "to_date", "ratio", "last", (goal,) if goal else ())
    figure = None if value is None else Figure(Decimal(str(value)))
    return SimpleNamespace(
        name=f"Kỳ {value}",
        cycle=cycle,
        ends_on=date(year, 12, 31),
        how=how,
        cells=[SimpleNamespace(unit_id=unit, figure=figure) for unit in units],
        figure=figure,
        standing=Standing("not_yet", None if gap is None else Decimal(gap)),
    )


def kind(new, old, **more):
    trend = trend_of([told(new, **more), told(old, **more)])
    return trend and trend.kind


def test_more_is_better_unless_less_is_wanted():
    assert (kind(90, 80), kind(80, 90), kind(80, 80)) == ("better", "worse", "same")
    assert kind(2, 1, direction="down") == "worse"
    below = Aim("lt", Decimal(1), None, 2030)
    assert kind("0.5", "0.7", direction="keep", goal=below) == "better"


def test_what_is_to_be_kept_is_judged_by_its_distance():
    steady = Aim("maintain", Decimal(50), None, None)
    new = told(60, direction="keep", goal=steady, gap="10")
    old = told(45, direction="keep", goal=steady, gap="5")
    assert trend_of([new, old]).kind == "worse"
    assert kind(60, 45, direction="keep") is None


def test_a_period_without_figure_is_passed_over():
    trend = trend_of([told(None), told(90), told(None), told(80)])
    assert (trend.kind, trend.change, trend.since) == ("better", 10, "Kỳ 80")


@pytest.mark.parametrize(
    "other",
    [{"units": "a"}, {"cycle": "year"}],
)
def test_other_units_or_another_length_say_nothing(other):
    assert trend_of([told(90), told(80, **other)]) is None


def test_an_amount_counted_from_january_is_not_compared_across_the_year():
    assert trend_of([told(5, year=2027, measure="count"), told(80, measure="count")]) is None
    assert trend_of([told(5, year=2027), told(80)]).kind == "worse"


def test_one_figure_is_no_trend():
    assert trend_of([told(90)]) is None
    assert trend_of([]) is None
