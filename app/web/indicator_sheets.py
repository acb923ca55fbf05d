"""Tables of indicators as sheets of a file: in each line n of N and the day it runs to. `notes` stand above."""

from collections.abc import Iterator, Sequence

from app.documents.spreadsheet import Cell, Sheet
from app.models import Indicator
from app.services.comparison import Comparison
from app.services.figures import Cell as UnitCell
from app.services.figures import PeriodFigures
from app.services.indicator_table import IndicatorRow
from app.services.key_indicators import Flagged, KeyPage
from app.services.standing import Goal
from app.web.figure_cells import (
    COUNT,
    FIGURE,
    INDICATOR,
    PERIOD,
    STATE,
    UNIT,
    UNITS,
    Heads,
    counts,
    nothing,
    of_period,
    of_unit,
    of_units,
    state_of,
)
from app.web.labels import label

_GOAL: Heads = (("Mục tiêu", 20), ("Đến năm", 9))
_MEASURED: Heads = (("So với mục tiêu của kỳ ấy", 24),)
_TREND: Heads = (("Diễn biến", 26),)
_NOTED: Heads = (("Cần chú ý", 26), *INDICATOR, *PERIOD, ("Nội dung", 60), *COUNT)
_WHY = {
    "off": "Không đạt",
    "worse": "Xấu đi",
    "overdue": "Quá hạn chưa có số liệu",
    "explained": "Số liệu gửi kèm giải trình",
}


def table_sheet(rows: Sequence[IndicatorRow], notes: tuple[str, ...]) -> Sheet:
    heads = (*INDICATOR, *_GOAL, *PERIOD, *FIGURE, *COUNT, *_MEASURED, *_TREND)
    return Sheet("Chỉ tiêu", "Chỉ tiêu và số liệu mới nhất", notes, heads, [_row(row) for row in rows])


def units_sheet(rows: Sequence[IndicatorRow], notes: tuple[str, ...]) -> Sheet:
    """Each unit's figure of every period of these indicators."""
    heads = (*INDICATOR, *UNIT, *PERIOD, *FIGURE, *STATE)
    told = [
        [row.indicator.code, row.indicator.name, one.unit_name, *of_unit(period, one), *state_of(one)]
        for row in rows
        for period in row.periods
        for one in period.cells
    ]
    return Sheet("Từng đơn vị", "Số liệu của từng đơn vị qua các kỳ", notes, heads, told)


def indicator_sheet(indicator: Indicator, periods: Sequence[PeriodFigures], notes: tuple[str, ...]) -> Sheet:
    """One indicator: each unit in each period, and all of them together."""
    rows = [row for period in periods for row in of_units(period, period.cells)]
    return Sheet("Số liệu", f"{indicator.code} {indicator.name}", notes, UNITS, rows)


def comparison_sheet(
    indicator: Indicator, period: PeriodFigures, seen: Comparison, notes: tuple[str, ...]
) -> Sheet:
    """Those who reported in the order of the page, then those without data, then the silent ones; all together last."""
    cells = (*(bar.cell for bar in seen.bars), *seen.nothing, *seen.silent)
    title = f"{indicator.code} {indicator.name}"
    return Sheet("So sánh", title, notes, UNITS, of_units(period, cells))


def exceptions_sheet(page: KeyPage, notes: tuple[str, ...]) -> Sheet:
    rows = [_noted(kind, one) for kind, one in page.exceptions]
    return Sheet("Cần chú ý", "Chỉ tiêu cần chú ý", notes, _NOTED, rows)


def _row(row: IndicatorRow) -> list[Cell]:
    it, goal, latest = row.indicator, row.goal, row.latest
    told: list[Cell] = [it.code, it.name, row.goal_shown, _year(goal)]
    if latest is None:
        return [*told, *nothing(PERIOD, FIGURE, COUNT, _MEASURED, _TREND)]
    return [*told, *of_period(latest), row.measured_by, _trend(row)]


def _trend(row: IndicatorRow) -> str:
    trend = row.trend
    return f"{label('trend', trend.kind).capitalize()} so với {trend.since}" if trend else ""


def _year(goal: Goal | None) -> str | None:
    """As text: a number would look like an amount, 2.030."""
    return str(goal.horizon) if goal and goal.horizon else None


def _noted(kind: str, flagged: Flagged) -> list[Cell]:
    it, period = flagged.row.indicator, flagged.period
    if flagged.cells:
        told = "; ".join(_of_cells(flagged.cells))
    else:
        why = _trend(flagged.row) if kind == "worse" else period.gap
        told = "; ".join(part for part in (period.shown, why) if part)
    return [_WHY[kind], it.code, it.name, period.name, period.ends_on, told, *counts(period.rolled)]


def _of_cells(cells: Sequence[UnitCell]) -> Iterator[str]:
    for one in cells:
        said = [one.shown, *(label("doubt", code) for code in one.doubts)]
        said += [one.figure.note] if one.figure and one.figure.note else []
        yield f"{one.unit_name}: {', '.join(said)}" if one.shown else one.unit_name
