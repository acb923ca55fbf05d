"""Figures as one: over units, over the periods of a year, over the communes of a province."""

from decimal import Decimal

import pytest
from sqlalchemy import delete, event

from app.errors import NotFound
from app.models import SubmissionVersion, SuperiorMatch
from app.services.assignment import ReasonInput
from app.services.indicator import IndicatorChange, change_indicator
from app.services.period import PeriodInput, open_period
from app.services.roll_up import build_roll_up
from app.services.submission import SubmissionInput, return_submission, send_submission
from tests.factories import LONG_AGO, add_group, add_indicator, add_period, add_plan, add_submission

D = Decimal


@pytest.fixture
def cells(stage, cast):
    made = add_group(stage, cast.commune, "G", "Các chi bộ", [cast.school_cell, cast.village_cell])
    stage.commit()
    return made


@pytest.fixture
def share(stage, cast, cells):
    made = add_indicator(stage, add_plan(stage, cast.commune), owners=(cells,), value_basis="in_period")
    stage.commit()
    return made


@pytest.fixture
def send(working, cast):
    def sent(actor, indicator, unit, period, numerator, denominator):
        with working(cast.an) as work:
            open_period(work, PeriodInput(label=period))
        with working(actor) as work:
            parts = {"numerator": numerator, "denominator": denominator}
            given = SubmissionInput(indicator=indicator.id, unit=unit.id, period=period, **parts)
            return send_submission(work, given).submission_id

    return sent


def test_units_roll_up_and_each_number_opens_down_to_its_submissions(send, working, cast, share, cells):
    first = send(cast.binh, share, cast.school_cell, "2026-Q4", 9, 10)
    second = send(cast.hoa, share, cast.village_cell, "2026-Q4", 30, 90)
    with working(cast.chi) as work:
        units = build_roll_up(work, share.id, "2026-Q4").units
        assert (units.shown, units.rolled.reported, units.rolled.expected) == ("39% (39/100)", 2, 2)
        assert {cell.submission_id for cell in units.cells} == {first, second}
    with working(cast.an) as work:
        return_submission(work, second, ReasonInput(reason="Thiếu lớp lẻ"))
    with working(cast.chi) as work:
        units = build_roll_up(work, share.id, "2026-Q4", group=cells.id).units
        assert (units.shown, units.rolled.reported, units.rolled.expected) == ("90% (9/10)", 1, 2)


def test_a_group_narrows_what_is_rolled_up(send, working, stage, cast, share):
    send(cast.binh, share, cast.school_cell, "2026-Q4", 9, 10)
    alone = add_group(stage, cast.commune, "G2", "Chi bộ trường", [cast.school_cell])
    stage.commit()
    with working(cast.chi) as work:
        assert build_roll_up(work, share.id, "2026-Q4", group=alone.id).units.rolled.expected == 1


def test_periods_of_a_year_roll_up_by_their_rule(send, working, cast, share):
    send(cast.binh, share, cast.school_cell, "2025-Q4", 1, 1)
    send(cast.binh, share, cast.school_cell, "2026-Q2", 1, 10)
    send(cast.binh, share, cast.school_cell, "2026-Q3", 8, 10)
    send(cast.binh, share, cast.school_cell, "2026-Q4", 9, 10)
    with working(cast.chi) as work:
        year = build_roll_up(work, share.id, "2026-Q3").year
        assert (year.rolled.rule, year.rolled.shown) == ("ratio", "45% (9/20)")
        assert [one.label for one in year.periods] == ["2026-Q3", "2026-Q2"]


def test_to_date_figures_of_a_year_are_the_newest_one(send, working, stage, cast):
    made = add_indicator(stage, add_plan(stage, cast.commune), owners=(cast.school_cell,))
    stage.commit()
    send(cast.binh, made, cast.school_cell, "2026-Q3", 1, 10)
    send(cast.binh, made, cast.school_cell, "2026-Q4", 3, 10)
    with working(cast.chi) as work:
        year = build_roll_up(work, made.id, "2026-Q4").year
        assert (year.rolled.rule, year.rolled.shown) == ("last", "30% (3/10)")


@pytest.fixture
def province(stage, cast):
    """A province's indicator that both communes say they answer; each has figures of the same quarter."""
    above = add_indicator(stage, add_plan(stage, cast.province), statement="Tỷ lệ của tỉnh")
    made = []
    for commune, unit in ((cast.commune, cast.school_cell), (cast.other_commune, cast.other_unit)):
        plan = add_plan(stage, commune)
        own = add_indicator(stage, plan, owners=(unit,))
        stage.add(
            SuperiorMatch(
                locality_id=commune.id,
                plan_id=plan.id,
                superior_indicator_id=above.id,
                indicator_id=own.id,
                decided_at=LONG_AGO,
            )
        )
        made.append((own, unit, add_period(stage, commune, "2026-Q4")))
    add_period(stage, cast.province, "2026-Q4")
    stage.commit()
    return above, made


def report(stage, row, numerator, denominator):
    indicator, unit, period = row
    sent = add_submission(stage, indicator, unit, period, state="sent", sent_at=LONG_AGO)
    n, d = D(numerator), D(denominator)
    stage.add(
        SubmissionVersion(
            locality_id=sent.locality_id,
            submission_id=sent.id,
            number=1,
            value=n * 100 / d,
            numerator=n,
            denominator=d,
            sent_at=LONG_AGO,
        )
    )
    stage.commit()


def test_a_province_sees_its_communes_as_one_and_who_is_silent(working, stage, cast, province):
    above, (first, second) = province
    report(stage, first, 45, 50)
    with working(cast.giang) as work:
        communes = build_roll_up(work, above.id, "2026-Q4").communes
        assert (communes.rolled.shown, communes.rolled.counts.reported) == ("90% (45/50)", 1)
        assert communes.rolled.counts.expected == 2
    report(stage, second, 5, 50)
    with working(cast.giang) as work:
        communes = build_roll_up(work, above.id, "2026-Q4").communes
        assert (communes.rolled.shown, communes.unlinked) == ("50% (50/100)", ())
        assert [one.name for one in communes.communes] == ["Phường Phù Liễn", "Xã Tân Quang"]
        assert all(one.figures.cells[0].submission_id for one in communes.communes)


def test_five_statements_tell_of_all_communes(database, working, cast, province):
    above, _ = province
    seen = []

    def tally(connection, cursor, statement, *rest):
        seen.append(statement)

    with working(cast.giang) as work:
        engine = work.session.get_bind()
        event.listen(engine, "before_cursor_execute", tally)
        build_roll_up(work, above.id, "2026-Q4")
        event.remove(engine, "before_cursor_execute", tally)
    assert len([one for one in seen if one.startswith("SELECT")]) <= 5


def test_a_commune_that_measures_otherwise_is_shown_and_does_not_count(working, stage, cast, province):
    above, (first, second) = province
    report(stage, first, 45, 50)
    report(stage, second, 5, 50)
    with working(cast.dung) as work:
        change_indicator(work, second[0].id, IndicatorChange(value_basis="point_in_time"), 1)
    with working(cast.giang) as work:
        communes = build_roll_up(work, above.id, "2026-Q4").communes
        assert (communes.rolled.shown, communes.rolled.counts.reported) == ("90% (45/50)", 1)
        assert {one.name: one.is_alike for one in communes.communes} == {
            cast.commune.name: True,
            cast.other_commune.name: False,
        }


def test_a_commune_that_said_nothing_is_named(working, stage, cast, province):
    above, _ = province
    stage.execute(delete(SuperiorMatch).where(SuperiorMatch.locality_id == cast.other_commune.id))
    stage.commit()
    with working(cast.giang) as work:
        communes = build_roll_up(work, above.id, "2026-Q4").communes
        assert (communes.unlinked, communes.rolled.counts.expected) == ((cast.other_commune.name,), 1)


def test_who_may_not_see_the_indicator_sees_no_roll_up(working, cast, province):
    above, _ = province
    with pytest.raises(NotFound), working(cast.dung) as work:
        build_roll_up(work, above.id, "2026-Q4")
