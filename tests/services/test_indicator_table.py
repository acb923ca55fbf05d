"""The table of a plan's indicators: what stands where, narrowed, in a constant number of statements."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import event, insert

from app.models import Submission, SubmissionVersion
from app.services.indicator_table import (
    IndicatorRow,
    RowFilter,
    arrange,
    build_indicator_table,
    list_reporters,
    narrow,
)
from app.services.submission import SubmissionInput, send_submission
from app.services.target import TargetInput, set_target
from tests.factories import LONG_AGO, add_indicator, add_period, add_plan, add_submission, add_unit, put
from tests.people import NOW

OVER_90 = {"comparator": "gt", "value": 90, "horizon": 2030}


@pytest.fixture
def plan(stage, cast):
    return add_plan(stage, cast.commune)


def send(stage, indicator, unit, period, value=None, *, doubts=None):
    """A figure out of a hundred; without a value the row waits."""
    if value is None:
        return add_submission(stage, indicator, unit, period)
    row = add_submission(stage, indicator, unit, period, state="sent", sent_at=LONG_AGO)
    put(
        stage,
        SubmissionVersion(
            locality_id=row.locality_id,
            submission_id=row.id,
            number=1,
            value=Decimal(value),
            numerator=Decimal(value),
            denominator=Decimal(100),
            doubts=doubts,
            sent_at=LONG_AGO,
        ),
    )
    return row


def line(code, ordinal, passage=None, part_of=None, **more):
    indicator = SimpleNamespace(
        id=code, ordinal=ordinal, passage_id=passage, part_of_id=part_of, folded=code, is_key=False, **more
    )
    return IndicatorRow(indicator, None, (), ())


def order(rows):
    return [(row.indicator.id, row.is_part, row.goes_on) for row in rows]


def test_parts_stand_beneath_their_whole_and_those_of_a_clause_together():
    rows = [
        line("a", 1, "clause 1"),
        line("b", 2, "clause 2"),
        line("c", 3, "clause 1"),
        line("d", 4, "clause 3", part_of="b"),
        line("e", 5),
        line("f", 6),
    ]
    assert order(arrange(rows)) == [
        ("a", False, False),
        ("c", False, True),
        ("b", False, False),
        ("d", True, False),
        ("e", False, False),
        ("f", False, False),
    ]


def test_a_part_without_its_whole_stands_for_itself():
    rows = arrange([line("b", 2), line("d", 4, part_of="b")])
    assert order(narrow(rows, RowFilter(words="d"))) == [("d", False, False)]


def test_a_plan_is_told_with_target_newest_figure_and_every_period(stage, cast, working, plan):
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,), is_key=True)
    for label, value in (("2026-Q2", 80), ("2026-Q3", 90), ("2026-Q4", None)):
        send(stage, indicator, cast.school_cell, add_period(stage, cast.commune, label), value)
    stage.commit()
    with working(cast.chi) as work:
        (row,) = build_indicator_table(work, plan.id)
        assert (row.goal_shown, row.latest.label, row.latest.shown) == ("đạt 100%", "2026-Q3", "90% (90/100)")
        assert [period.rolled.reported for period in row.periods] == [0, 1, 1]
        assert (row.standing, row.trend.kind) == ("no_mark", "better")
        for wanted, found in (
            (RowFilter(standing="no_mark"), 1),
            (RowFilter(standing="met"), 0),
            (RowFilter(key=True, words="phong may tinh"), 1),
            (RowFilter(words="hoc ba so"), 0),
        ):
            assert len(narrow([row], wanted)) == found


def test_a_figure_says_which_target_it_stands_against_where_that_is_another_one(stage, cast, working, plan):
    indicator = add_indicator(stage, plan, owners=(cast.school_cell,), target=OVER_90)
    quarter = add_period(stage, cast.commune, "2026-Q3")
    stage.commit()
    with working(cast.binh) as work:
        send_submission(work, SubmissionInput(
            indicator=indicator.id, unit=cast.school_cell.id, period=quarter.label, numerator="93", denominator="100",
        ))  # fmt: skip
    with working(cast.chi) as work:
        assert build_indicator_table(work, plan.id)[0].measured_by == ""
    with working(cast.an, NOW + timedelta(hours=1)) as work:
        set_target(work, indicator.id, TargetInput(comparator="gte", value="95", horizon=2026))
    with working(cast.chi) as work:
        (row,) = build_indicator_table(work, plan.id)
        assert (row.goal_shown, row.standing, row.measured_by) == ("ít nhất 95%", "met", "trên 90% đến 2030")
        assert row.in_period("2026-Q4").measured_by == ""


def test_with_a_unit_the_table_tells_that_units_figures_alone(stage, cast, working, plan):
    shared = add_indicator(stage, plan)
    add_indicator(stage, plan, "CT-02", ordinal=2)
    period = add_period(stage, cast.commune)
    send(stage, shared, cast.school_cell, period, 80)
    send(stage, shared, cast.village_cell, period, 40)
    stage.commit()
    with working(cast.chi) as work:
        (row,) = build_indicator_table(work, plan.id, unit=cast.village_cell.id)
        assert (row.indicator.id, row.latest.shown) == (shared.id, "40% (40/100)")
        assert [name for _, name in list_reporters(work, plan.id)] == [
            cast.school_cell.name,
            cast.village_cell.name,
        ]
    with working(cast.hoa) as work:
        assert [name for _, name in list_reporters(work, plan.id)] == [cast.village_cell.name]


def test_forty_indicators_of_24_units_over_12_periods_take_three_statements(
    database, stage, cast, working, plan
):
    units = [add_unit(stage, cast.commune, f"U{n}", f"Chi bộ số {n}") for n in range(24)]
    quarters = [f"{year}-Q{part}" for year in (2024, 2025, 2026) for part in (1, 2, 3, 4)]
    periods = [add_period(stage, cast.commune, label) for label in quarters]
    indicators = [add_indicator(stage, plan, f"CT-{n}", ordinal=n) for n in range(1, 41)]
    fill(stage, indicators, units, periods)
    stage.commit()
    with counted(database) as asked, working(cast.chi) as work:
        rows = build_indicator_table(work, plan.id)
    assert (len(rows), len(rows[0].periods), len(rows[0].latest.cells)) == (40, 12, 24)
    assert len(asked) <= 3


def fill(stage, indicators, units, periods):
    """Every figure of every unit and period, in two statements: one by one would take a minute."""
    keys = [(uuid4(), i, u, p) for i in indicators for u in units for p in periods]
    place = indicators[0].locality_id
    stage.execute(
        insert(Submission),
        [
            {
                "id": key,
                "locality_id": place,
                "indicator_id": i.id,
                "unit_id": u.id,
                "period_id": p.id,
                "state": "accepted",
                "created_at": LONG_AGO,
                "sent_at": LONG_AGO,
            }
            for key, i, u, p in keys
        ],
    )
    stage.execute(
        insert(SubmissionVersion),
        [
            {
                "id": uuid4(),
                "locality_id": place,
                "submission_id": key,
                "number": 1,
                "value": Decimal(50),
                "numerator": Decimal(1),
                "denominator": Decimal(2),
                "sent_at": LONG_AGO,
            }
            for key, *_ in keys
        ],
    )


@contextmanager
def counted(database):
    """What is read from the database meanwhile."""
    asked = []
    engines = {database.writer, database.reader}

    def note(connection, cursor, statement, *more):
        if statement.startswith("SELECT"):
            asked.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
