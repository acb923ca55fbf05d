"""What leaders look at first: the key indicators of a plan, and every indicator something is wrong with. Pure: over the
rows of an indicator table."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.services.figures import Cell, PeriodFigures
from app.services.indicator_table import IndicatorRow, RowFilter, narrow


@dataclass(frozen=True, slots=True)
class Flagged:
    """Cells of one period that somebody should look at."""

    row: IndicatorRow
    period: PeriodFigures
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class KeyPage:
    """`off`: not kept, or missed by its year; `falling`: further from what is wanted than before; `missing`: past their
    day; `doubted`: asked about when they were sent. These four are of all indicators, key ones first."""

    key: tuple[IndicatorRow, ...]
    off: tuple[IndicatorRow, ...]
    falling: tuple[IndicatorRow, ...]
    missing: tuple[Flagged, ...]
    doubted: tuple[Flagged, ...]

    @property
    def exceptions(self) -> int:
        return len(self.off) + len(self.falling) + len(self.missing) + len(self.doubted)


def build_key_page(rows: Sequence[IndicatorRow]) -> KeyPage:
    key_first = sorted(rows, key=lambda row: not row.indicator.is_key)
    return KeyPage(
        key=narrow(rows, RowFilter(key=True)),
        off=tuple(row for row in key_first if _is_off(row)),
        falling=tuple(row for row in key_first if row.trend is not None and row.trend.kind == "worse"),
        missing=tuple(
            found for row in key_first for period in row.periods if (found := _missing(row, period))
        ),
        doubted=tuple(found for row in key_first if (found := _doubted(row))),
    )


def _is_off(row: IndicatorRow) -> bool:
    """Also where the units' figures are not made one, and one of them is off."""
    latest = row.latest
    if latest is None:
        return False
    return "off" in (
        latest.standing.state,
        *(cell.standing.state for cell in latest.cells if not latest.figure),
    )


def _missing(row: IndicatorRow, period: PeriodFigures) -> Flagged | None:
    """Of open periods: what a closed one lacks can no longer be sent."""
    late = tuple(cell for cell in period.cells if cell.overdue and period.state == "open")
    return Flagged(row, period, late) if late else None


def _doubted(row: IndicatorRow) -> Flagged | None:
    latest = row.latest
    odd = tuple(cell for cell in latest.cells if cell.doubts) if latest else ()
    return Flagged(row, latest, odd) if latest and odd else None
