"""Where a figure stands against its target, and how both are written."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from app.services.standing import (
    Figure,
    Standing,
    goal_of_year,
    percentage,
    show_distance,
    show_figure,
    show_goal,
    standing_of,
)

D = Decimal


@dataclass
class Aim:
    comparator: str
    value: Decimal | None = None
    value_to: Decimal | None = None
    horizon: int | None = 2030


@dataclass
class Written:
    measure: str = "percent"
    unit_label: str | None = "%"
    decimals: int = 2


def value(number):
    return Figure(value=D(number))


@pytest.mark.parametrize(
    ("figure", "aim", "direction", "state", "distance"),
    [
        (value("92.5"), Aim("gt", D(90)), "up", "met", "0"),
        (value("90"), Aim("gt", D(90)), "up", "not_yet", "0"),
        (value("90"), Aim("gte", D(90)), "up", "met", "0"),
        (value("88.2"), Aim("gte", D(90)), "up", "not_yet", "1.8"),
        (value("100"), Aim("reach", D(100)), "up", "met", "0"),
        (value("99.9"), Aim("reach", D(100)), "up", "not_yet", "0.1"),
        (value("0.8"), Aim("lt", D(1)), "down", "met", "0"),
        (value("1"), Aim("lt", D(1)), "down", "not_yet", "0"),
        (value("1.4"), Aim("lt", D(1)), "down", "not_yet", "0.4"),
        (value("1.4"), Aim("lt", D(1)), "keep", "off", "0.4"),
        (value("5"), Aim("lte", D(5)), "down", "met", "0"),
        (value("3"), Aim("reach", D(5)), "down", "met", "0"),
        (value("7"), Aim("reach", D(5)), "down", "not_yet", "2"),
        (value("45"), Aim("between", D(40), D(50)), "up", "met", "0"),
        (value("38"), Aim("between", D(40), D(50)), "up", "not_yet", "2"),
        (value("53"), Aim("between", D(40), D(50)), "up", "not_yet", "3"),
        (value("98"), Aim("maintain", D(100)), "keep", "off", "2"),
        (Figure(level=2), Aim("reach", D(2)), "up", "met", "0"),
        (Figure(level=1), Aim("reach", D(2)), "up", "not_yet", "1"),
        (Figure(flag=True), Aim("achieve"), "up", "met", "0"),
        (Figure(flag=False), Aim("achieve"), "up", "not_yet", "1"),
        (Figure(flag=False), Aim("maintain"), "keep", "off", "1"),
    ],
)
def test_standing_follows_comparator_and_direction(figure, aim, direction, state, distance):
    standing = standing_of(figure, aim, direction=direction, year=2030)
    assert (standing.state, standing.distance) == (state, D(distance))
    # Years before the mark a figure may be there already; that it is not says nothing yet.
    earlier = standing_of(figure, aim, direction=direction, year=2026)
    assert earlier.state == {"not_yet": "no_mark"}.get(state, state)


def test_a_target_missed_when_its_year_is_over_is_off():
    assert standing_of(value("80"), Aim("gte", D(90), horizon=2025), direction="up", year=2026).state == "off"
    assert (
        standing_of(value("80"), Aim("gte", D(90), horizon=None), direction="up", year=2026).state
        == "not_yet"
    )


@pytest.mark.parametrize(
    ("figure", "aim", "state"),
    [
        (None, Aim("gte", D(90)), "no_data"),
        (None, None, "no_data"),
        (Figure(note="Chưa thống kê", no_data=True), None, "no_data"),
        (value("95"), None, "no_goal"),
        (Figure(note="Đang rà soát"), Aim("gte", D(90)), "no_goal"),
        (value("95"), Aim("achieve"), "no_goal"),
    ],
)
def test_without_figure_or_target_nothing_is_said_of_good_or_bad(figure, aim, state):
    assert standing_of(figure, aim, direction="up", year=2026).state == state


def test_the_target_of_a_year_is_the_nearest_still_to_come():
    aims = [Aim("gte", D(v), horizon=h) for v, h in ((90, 2030), (80, 2026), (95, None), (99, 2045))]
    assert goal_of_year(aims, 2026).horizon == 2026
    assert goal_of_year(aims, 2027).horizon == 2030
    assert goal_of_year(aims, 2046).horizon is None
    assert (
        goal_of_year([Aim("gte", D(1), horizon=2020), Aim("gte", D(1), horizon=2025)], 2026).horizon == 2025
    )
    assert goal_of_year([], 2026) is None


def share(numerator, denominator):
    n, d = D(numerator), D(denominator)
    return Figure(value=percentage(n, d), numerator=n, denominator=d)


@pytest.mark.parametrize(
    ("figure", "how", "shown"),
    [
        (share(37, 40), Written(), "92,5% (37/40)"),
        (share(2, 3), Written(), "66,67% (2/3)"),
        (value("26120"), Written("count", "phòng học", 0), "26.120 phòng học"),
        (Figure(level=2), Written("level", None, 0), "Mức độ 2"),
        (Figure(flag=False), Written("yes_no", None, 0), "Chưa đạt"),
        (Figure(note="Đang rà soát"), Written("text", None, 0), "Đang rà soát"),
    ],
)
def test_figures_read_the_vietnamese_way(figure, how, shown):
    assert show_figure(figure, how) == shown


@pytest.mark.parametrize(
    ("aim", "how", "shown"),
    [
        (Aim("gt", D(90)), Written(), "trên 90%"),
        (Aim("lt", D(1)), Written(), "dưới 1%"),
        (Aim("between", D(40), D(50)), Written(), "từ 40% đến 50%"),
        (Aim("reach", D(2)), Written("level", "mức độ", 0), "đạt mức độ 2"),
        (Aim("achieve"), Written("yes_no", None, 0), "đạt yêu cầu"),
        (Aim("maintain"), Written("yes_no", None, 0), "duy trì"),
        (Aim("gte", D("0.95")), Written("ratio", "giáo viên/lớp", 2), "ít nhất 0,95 giáo viên/lớp"),
    ],
)
def test_targets_read_as_the_document_says_them(aim, how, shown):
    assert show_goal(aim, how) == shown


@pytest.mark.parametrize(
    ("standing", "how", "shown"),
    [
        (Standing("not_yet", D("1.8")), Written(), "cách mục tiêu 1,8 điểm %"),
        (Standing("not_yet", D(1)), Written("level", None, 0), "cách mục tiêu 1 mức"),
        (Standing("off", D(120)), Written("count", "phòng học", 0), "cách mục tiêu 120 phòng học"),
        (Standing("not_yet", D(1)), Written("yes_no", None, 0), ""),
        (Standing("met", D(0)), Written(), ""),
    ],
)
def test_a_distance_is_said_in_the_figures_own_unit(standing, how, shown):
    assert show_distance(standing, how) == shown
