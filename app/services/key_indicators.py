"""What leaders look at first: the key indicators of a plan, and every indicator something is wrong with. Pure: over the
rows of an indicator table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.services.figure_sending import ASKED_AGAIN
from app.services.figures import Cell, PeriodFigures
from app.services.indicator_table import IndicatorRow, RowFilter, narrow


@dataclass(frozen=True, slots=True)
class Flagged:
    """An indicator that somebody should look at, in one period; `cells`: of which units, where it is not all of them
    together."""

    row: IndicatorRow
    period: PeriodFigures
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class KeyPage:
    """`off`: not kept, or missed by its year; `worse`: further from what is wanted than before; `overdue`: past their
    day, and still to be sent; `explained`: asked about when they were sent. These four are of all indicators, key ones
    first."""

    key: tuple[IndicatorRow, ...]
    off: tuple[Flagged, ...]
    worse: tuple[Flagged, ...]
    overdue: tuple[Flagged, ...]
    explained: tuple[Flagged, ...]

    @property
    def exceptions(self) -> tuple[tuple[str, Flagged], ...]:
        """All four, each with its kind."""
        return tuple(
            (kind, one) for kind in ("off", "worse", "overdue", "explained") for one in getattr(self, kind)
        )


def build_key_page(rows: Sequence[IndicatorRow]) -> KeyPage:
    key_first = sorted(rows, key=lambda row: not row.indicator.is_key)
    told = [(row, row.latest) for row in key_first]
    newest = [(row, latest) for row, latest in told if latest is not None]
    return KeyPage(
        key=narrow(rows, RowFilter(key=True)),
        off=tuple(found for row, latest in newest for found in _off(row, latest)),
        worse=tuple(
            Flagged(row, latest, ())
            for row, latest in newest
            if row.trend is not None and row.trend.kind == "worse"
        ),
        overdue=tuple(
            found for row in key_first for period in row.periods for found in _overdue(row, period)
        ),
        explained=tuple(found for row, latest in newest for found in _explained(row, latest)),
    )


def _off(row: IndicatorRow, latest: PeriodFigures) -> Iterator[Flagged]:
    """Also where the units' figures are not made one, and some of them are off."""
    cells = () if latest.figure else tuple(cell for cell in latest.cells if cell.standing.state == "off")
    if cells or latest.standing.state == "off":
        yield Flagged(row, latest, cells)


def _overdue(row: IndicatorRow, period: PeriodFigures) -> Iterator[Flagged]:
    """What can still be sent: in a closed period that is only what the office asked for again."""
    cells = tuple(
        cell
        for cell in period.cells
        if cell.overdue and (period.state == "open" or cell.state in ASKED_AGAIN)
    )
    if cells:
        yield Flagged(row, period, cells)


def _explained(row: IndicatorRow, latest: PeriodFigures) -> Iterator[Flagged]:
    if cells := tuple(cell for cell in latest.cells if cell.doubts):
        yield Flagged(row, latest, cells)
