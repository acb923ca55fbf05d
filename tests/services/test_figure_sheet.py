"""Templates and checks of sheets as the rules see them; uploads and pages are in tests/web/test_figure_sheet.py."""

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.documents.figure_sheet import FilledCell, FilledLine, FilledSheet
from app.documents.figure_sheet_reading import read_figure_sheet
from app.errors import Invalid, NotFound
from app.models import SubmissionVersion
from app.services.figure_sheet import get_unit_sheet, line_of, list_sheet_rows
from app.services.figure_sheet_check import check_sheet
from tests.factories import add_indicator, add_period, add_plan, add_submission

COUNT = {"measure": "count", "unit_label": "hộ", "decimals": 0, "target": None}


@pytest.fixture
def plan(stage, cast):
    return add_plan(stage, cast.commune)


@pytest.fixture
def period(stage, cast):
    return add_period(stage, cast.commune)


@pytest.fixture
def expect(stage, cast, plan):
    """A figure of the school cell, expected in that period."""

    def expected(code, period, **more):
        states = {name: more.pop(name) for name in ("state", "sent_at", "state_reason") if name in more}
        indicator = add_indicator(stage, plan, code, owners=(cast.school_cell,), **{**COUNT, **more})
        row = add_submission(stage, indicator, cast.school_cell, period, **states)
        if states:
            figure = {"value": 7, "note": "Theo sổ"} if more.get("measure") != "text" else {"note": "Đã họp"}
            stage.add(
                SubmissionVersion(
                    locality_id=plan.locality_id,
                    submission_id=row.id,
                    number=1,
                    sent_at=row.sent_at,
                    **figure,
                )
            )
        stage.commit()
        return row

    return expected


def lines_of(unit, *filled):
    """`(code, row, value)` as a sheet that was read."""
    return FilledSheet(
        (),
        tuple(
            FilledLine(number, str(row.id), code, unit.name, {"value": FilledCell("text", value)})
            for number, (code, row, value) in enumerate(filled, start=6)
        ),
        (),
    )


def test_a_hundred_lines_are_checked_in_as_many_statements_as_two(working, cast, period, expect):
    rows = [(f"CT-{n}", expect(f"CT-{n}", period), "5") for n in range(100, 160)]
    counts = []
    for asked in (rows[:2], rows):
        with working(cast.binh) as work:
            said = []
            note = lambda connection, cursor, sql, *more: said.append(sql)  # noqa: B023, E731 - let go below
            event.listen(Engine, "before_cursor_execute", note)
            checked = check_sheet(
                work, cast.school_cell.id, period.id, lines_of(cast.school_cell, *asked), {}
            )
            event.remove(Engine, "before_cursor_execute", note)
            counts.append(len(said))
            assert [line.outcome for line in checked.lines] == ["ready"] * len(asked)
            assert len(checked.left_out) == len(rows) - len(asked)
    assert counts[1] <= counts[0] <= 25


def test_what_was_accepted_or_came_too_late_has_no_cell_to_fill(working, cast, stage, period, expect):
    closed = add_period(stage, cast.commune, "2026-Q3", state="closed")
    sent = {"sent_at": period.opened_at}
    expect("CT-01", period)
    expect("CT-02", period, state="accepted", **sent)
    expect("CT-03", closed)
    expect("CT-04", closed, state="returned", state_reason="Thiếu hộ", **sent)
    with working(cast.binh) as work:
        asked = {row.indicator.code: row.asked for p in (period, closed) for row in list_sheet_rows(work, p)}
    assert {code for code, cells in asked.items() if cells} == {"CT-01", "CT-04"}
    assert asked["CT-01"] == ("value", "no_data", "note")


def test_a_returned_figure_says_why_in_the_template_and_is_not_sent_unchanged(working, cast, period, expect):
    row = expect("CT-01", period, state="returned", state_reason="Thiếu hộ mới", sent_at=period.opened_at)
    with working(cast.binh) as work:
        (line,) = list_sheet_rows(work, period)
        assert "Văn phòng trả lại: Thiếu hộ mới" in line_of(line, {}).shown["how"]
        sheet = lines_of(cast.school_cell, ("CT-01", row, "7"))
        notes = ({6: "Theo sổ"}, {6: "Đã rà lại sổ, vẫn 7"})
        outcomes = [
            check_sheet(work, cast.school_cell.id, period.id, sheet, said).lines[0].outcome for said in notes
        ]
    assert outcomes == ["unchanged", "ready"]


def test_last_period_fills_figures_without_their_notes_and_words_with_them(
    working, cast, stage, plan, period, expect
):
    before = add_period(stage, cast.commune, "2026-Q3", state="closed")
    for code, measure in (("CT-01", "count"), ("CT-02", "text")):
        earlier = expect(code, before, state="sent", sent_at=before.opened_at, measure=measure)
        indicator = earlier.indicator_id
        stage.add(type(earlier)(**_same_place(earlier), indicator_id=indicator, period_id=period.id))
    stage.commit()
    with working(cast.binh) as work:
        blank, filled = (
            read_figure_sheet(get_unit_sheet(work, cast.school_cell.id, period.id, with_last=with_last).data)
            for with_last in (False, True)
        )
    assert [line.cells for line in blank.lines] == [{}, {}]
    assert [[cell.text for cell in line.cells.values()] for line in filled.lines] == [["7"], ["Đã họp"]]


def _same_place(row):
    return {name: getattr(row, name) for name in ("locality_id", "unit_id", "created_at", "due_on")}


def test_more_lines_than_a_batch_takes_are_too_many(working, cast, period, expect):
    row = expect("CT-01", period)
    sheet = lines_of(cast.school_cell, *(("CT-01", row, "1") for _ in range(501)))
    with working(cast.binh) as work, pytest.raises(Invalid, match="tối đa 500 dòng"):
        check_sheet(work, cast.school_cell.id, period.id, sheet, {})


def test_a_unit_of_elsewhere_has_no_sheet(working, cast, period, expect):
    expect("CT-01", period)
    for unit in (cast.village_cell, cast.other_unit):
        with working(cast.binh) as work, pytest.raises(NotFound):
            get_unit_sheet(work, unit.id, period.id)
