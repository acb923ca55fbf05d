"""Units beside each other: a silent one is listed as silent, never as zero."""

from decimal import Decimal

import pytest

from app.errors import NotFound
from app.models import SubmissionVersion
from app.services.comparison import build_comparison
from app.services.roll_up import build_roll_up
from tests.factories import (
    LONG_AGO,
    add_group,
    add_indicator,
    add_period,
    add_plan,
    add_submission,
    add_unit,
    put,
)
from tests.services.test_indicator_table import counted, send


@pytest.fixture
def units(stage, cast):
    return [add_unit(stage, cast.commune, f"U{n}", f"Chi bộ {name}") for n, name in enumerate("ABCD")]


@pytest.fixture
def indicator(stage, cast, units):
    """A and B sent 40 and 90, C said there is nothing, D is silent; in a quarter before only A was asked."""
    made = add_indicator(stage, add_plan(stage, cast.commune))
    earlier, period = add_period(stage, cast.commune, "2026-Q3"), add_period(stage, cast.commune)
    send(stage, made, units[0], earlier, 30)
    for unit, value in ((units[0], 40), (units[1], 90), (units[3], None)):
        send(stage, made, unit, period, value)
    row = add_submission(stage, made, units[2], period, state="sent", sent_at=LONG_AGO)
    nothing = {"number": 1, "no_data": True, "note": "Không có lớp", "sent_at": LONG_AGO}
    put(stage, SubmissionVersion(locality_id=row.locality_id, submission_id=row.id, **nothing))
    add_group(stage, cast.commune, "G", "Nhóm A và D", [units[0], units[3]])
    stage.commit()
    return made


def names(cells):
    return [getattr(one, "cell", one).unit_name for one in cells]


def test_who_is_silent_or_has_nothing_stands_apart(working, cast, indicator):
    with working(cast.chi) as work:
        seen = build_comparison(work, indicator.id).seen
    assert names(seen.bars) == ["Chi bộ A", "Chi bộ B"]
    assert (names(seen.nothing), names(seen.silent)) == (["Chi bộ C"], ["Chi bộ D"])
    assert [bar.share for bar in seen.bars] == [40, 90]
    assert seen.marks == (Decimal(100),)


def test_by_value_the_best_stands_first(working, cast, indicator):
    with working(cast.chi) as work:
        assert names(build_comparison(work, indicator.id, order="value").seen.bars) == [
            "Chi bộ B",
            "Chi bộ A",
        ]


def test_where_less_is_better_the_smallest_stands_first(working, stage, cast, units):
    less = {"comparator": "lt", "value": 50, "horizon": 2030}
    made = add_indicator(stage, add_plan(stage, cast.commune), direction="down", target=less)
    period = add_period(stage, cast.commune)
    for unit, value in zip(units, (40, 20), strict=False):
        send(stage, made, unit, period, value)
    stage.commit()
    with working(cast.chi) as work:
        seen = build_comparison(work, made.id, order="value").seen
    assert (names(seen.bars), seen.least_first) == (["Chi bộ B", "Chi bộ A"], True)


def test_a_group_is_compared_and_counted_by_itself(working, cast, indicator):
    with working(cast.chi) as work:
        (group,) = build_comparison(work, indicator.id).groups
        page = build_comparison(work, indicator.id, group=str(group.id))
    assert (names(page.seen.bars), names(page.seen.silent)) == (["Chi bộ A"], ["Chi bộ D"])
    assert (page.period.rolled.reported, page.period.rolled.expected) == (1, 2)


def test_another_period_can_be_chosen(working, cast, indicator):
    with working(cast.chi) as work:
        earlier = build_comparison(work, indicator.id).periods[-1]
        page = build_comparison(work, indicator.id, period=str(earlier.period_id))
    assert [bar.cell.shown for bar in page.seen.bars] == ["30% (30/100)"]


def test_a_unit_sees_itself_alone_and_another_commune_nothing(working, stage, cast, indicator):
    with working(cast.binh) as work:
        assert build_comparison(work, indicator.id).period is None
    with working(cast.dung) as work, pytest.raises(NotFound):
        build_comparison(work, indicator.id)


def test_three_statements_however_many_units(database, working, cast, indicator):
    with counted(database) as asked, working(cast.chi) as work:
        build_comparison(work, indicator.id, order="value")
    assert len(asked) == 3


def test_other_systems_read_the_same_units_from_the_roll_up(working, cast, indicator):
    with working(cast.chi) as work:
        page = build_comparison(work, indicator.id)
        (group,) = page.groups
        of_group = build_comparison(work, indicator.id, group=str(group.id))
        assert page.period is not None
        assert build_roll_up(work, indicator.id, "2026-Q4").units == page.period
        assert build_roll_up(work, indicator.id, "2026-Q4", group=group.id).units == of_group.period
