"""What an indicator's roll-up shows as sheets of a file, by the table's place on the page (`?bang=`)."""

from app.documents.spreadsheet import Cell, Sheet
from app.services.roll_up import CommuneFigures, RollUpPage
from app.web.figure_cells import (
    COUNT,
    FIGURE,
    PERIOD,
    UNITS,
    nothing,
    of_period,
    of_rolled,
    of_units,
)


def roll_up_sheets(seen: RollUpPage, notes: tuple[str, ...]) -> dict[str, Sheet]:
    found = {
        "don-vi": _units(seen, notes),
        "ca-nam": _year(seen, notes),
        "cap-xa": _communes(seen, notes),
    }
    return {place: sheet for place, sheet in found.items() if sheet}


def _units(seen: RollUpPage, notes: tuple[str, ...]) -> Sheet | None:
    period = seen.units
    if period is None:
        return None
    return Sheet("Đơn vị", _title(seen), notes, UNITS, of_units(period, period.cells))


def _year(seen: RollUpPage, notes: tuple[str, ...]) -> Sheet | None:
    """Beside a period the units that sent, beside the year its periods."""
    year = seen.year
    if year is None:
        return None
    rows = [of_period(one) for one in year.periods]
    if not year.is_mixed:
        rows.append(["Tính chung", seen.period.ends_on, *of_rolled(year.rolled, "kỳ")])
    return Sheet("Các kỳ", _title(seen), notes, (*PERIOD, *FIGURE, *COUNT), rows)


def _communes(seen: RollUpPage, notes: tuple[str, ...]) -> Sheet | None:
    """Beside a commune the units that sent, beside all of them the communes; those that answer with nothing last."""
    communes = seen.communes
    if communes is None:
        return None
    heads = (("Xã, phường", 40), ("Mã", 10), *PERIOD, *FIGURE, *COUNT, ("Ghi chú", 40))
    rows: list[list[Cell]] = [[one.name, one.code, *_figures(one), _said(one)] for one in communes.communes]
    whole = of_rolled(communes.rolled, "xã, phường")
    rows.append(["Tính chung", seen.indicator.code, seen.period.name, seen.period.ends_on, *whole, None])
    rows += [[name, *nothing(heads[1:-1]), "Chưa nối với chỉ tiêu này"] for name in communes.unlinked]
    return Sheet("Xã, phường", _title(seen), notes, heads, rows)


def _figures(one: CommuneFigures) -> list[Cell]:
    return of_period(one.figures) if one.figures else list(nothing(PERIOD, FIGURE, COUNT))


def _said(one: CommuneFigures) -> str:
    said = [] if one.is_alike else ["Đo cách khác, không tính vào tổng"]
    said += [] if one.figures else ["Không có kỳ này"]
    return "; ".join(said)


def _title(seen: RollUpPage) -> str:
    return f"{seen.indicator.code} {seen.indicator.name}"
