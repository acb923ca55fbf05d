"""Units × indicators of a period: who sent what, and how many of each."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.errors import NotFound
from app.models import SubmissionVersion
from app.services.completeness import build_completeness
from tests.factories import add_indicator, add_period, add_plan, add_submission, add_unit, put
from tests.services.test_indicator_table import counted

DUE = date(2026, 10, 12)
IN_TIME, TOO_LATE = datetime(2026, 10, 12, 16, 59, tzinfo=UTC), datetime(2026, 10, 12, 17, 1, tzinfo=UTC)


@pytest.fixture
def plan(stage, cast):
    return add_plan(stage, cast.commune)


@pytest.fixture
def period(stage, cast):
    return add_period(stage, cast.commune, "2026-Q3")


@pytest.fixture
def ask(stage, period):
    """A row of that state; with `sent_at` a version is there."""

    def asked(indicator, unit, state="expected", *, sent_at=None, due_on=DUE, no_data=False):
        reason = "Lý do" if state in ("returned", "waived", "reopened") else None
        row = add_submission(
            stage, indicator, unit, period, state=state, sent_at=sent_at, due_on=due_on, state_reason=reason
        )
        if sent_at:
            said = {"note": "Không có học sinh", "no_data": True} if no_data else {"value": Decimal(1)}
            version = SubmissionVersion(
                locality_id=row.locality_id, submission_id=row.id, number=1, sent_at=sent_at, **said
            )
            put(stage, version)
        return row

    return asked


@pytest.fixture
def seven(stage, cast, plan, ask):
    """One indicator a state, all of the school's; the village was asked for the first alone."""
    made = [add_indicator(stage, plan, f"CT-0{n}", ordinal=n) for n in range(1, 8)]
    ask(made[0], cast.school_cell, "accepted", sent_at=IN_TIME)
    ask(made[1], cast.school_cell, "sent", sent_at=TOO_LATE)
    ask(made[2], cast.school_cell, "sent", sent_at=IN_TIME, no_data=True)
    ask(made[3], cast.school_cell, "returned", sent_at=IN_TIME)
    ask(made[4], cast.school_cell)
    ask(made[5], cast.school_cell, due_on=date(2027, 1, 11))
    ask(made[6], cast.school_cell, "waived")
    ask(made[0], cast.village_cell)
    stage.commit()
    return made


def test_every_row_is_of_one_kind_and_counted_so(working, cast, plan, seven):
    with working(cast.chi) as work:
        seen = build_completeness(work, plan.id)
    school, village = seen.units
    assert [school.cells[one.id].kind for one in seven] == [
        "on_time",
        "late",
        "no_data",
        "returned",
        "silent",
        "silent",
        "waived",
    ]
    assert list(village.cells) == [seven[0].id]
    told = school.tally
    assert (told.asked, told.sent, told.on_time, told.late, told.no_data) == (6, 3, 1, 1, 1)
    assert (told.returned, told.silent, told.overdue, told.waived) == (1, 2, 2, 1)


def test_totals_of_indicators_and_of_all(working, cast, plan, seven):
    with working(cast.chi) as work:
        seen = build_completeness(work, plan.id, "2026-Q3")
    assert (seen.indicators[0].tally.sent, seen.indicators[0].tally.asked) == (1, 2)
    assert (seen.tally.sent, seen.tally.asked, seen.tally.waived) == (3, 7, 1)


def test_the_newest_period_is_told_unless_another_is_asked_for(working, stage, cast, plan, seven):
    newer = add_period(stage, cast.commune, "2026-Q4")
    add_submission(stage, seven[0], cast.school_cell, newer)
    stage.commit()
    with working(cast.chi) as work:
        assert build_completeness(work, plan.id).period.label == "2026-Q4"
        assert build_completeness(work, plan.id, "2026-Q3").period.label == "2026-Q3"
        assert build_completeness(work, plan.id, str(newer.id)).tally.asked == 1


def test_a_period_that_asked_for_nothing_is_not_found(working, stage, cast, plan, seven):
    add_period(stage, cast.commune, "2026-Q2")
    stage.commit()
    with working(cast.chi) as work, pytest.raises(NotFound):
        build_completeness(work, plan.id, "2026-Q2")


def test_before_any_period_there_is_nothing_to_tell(working, stage, cast, plan):
    add_indicator(stage, plan)
    stage.commit()
    with working(cast.chi) as work:
        seen = build_completeness(work, plan.id)
        assert (seen.period, seen.units, seen.tally.asked) == (None, (), 0)


def test_a_unit_sees_its_own_line_alone_and_another_commune_nothing(working, cast, plan, seven):
    with working(cast.hoa) as work:
        assert [line.name for line in build_completeness(work, plan.id).units] == [cast.village_cell.name]
    with working(cast.dung) as work, pytest.raises(NotFound):
        build_completeness(work, plan.id)


def test_the_number_of_statements_does_not_grow(database, working, stage, cast, plan, seven, ask):
    for number in range(6):
        unit = add_unit(stage, cast.commune, f"U{number}", f"Chi bộ số {number}")
        for indicator in seven:
            ask(indicator, unit, "sent", sent_at=IN_TIME)
    stage.commit()
    with counted(database) as asked, working(cast.chi) as work:
        assert build_completeness(work, plan.id).tally.asked == 49
    assert len(asked) == 4
