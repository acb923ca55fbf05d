"""Rows of an indicator annex → indicators, one for each year with a target."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from app.documents.amounts import Amount, read_amount
from app.documents.carriers import split_units
from app.documents.columns import Column
from app.documents.tables import DATA, GROUP, MORE, PARENT, Table, TableRow, is_blank, level_of
from app.documents.values import IndicatorRead, WarningRead
from app.text import fold

_WITHOUT_ORDINAL = 9
_MONEY = re.compile(r"\b(?:dong|vnd|usd|do la)\b")
_ONLY_DETAILS = re.compile(r"^(?:trong đó|gồm|bao gồm)\s*[:,]?\s*", re.IGNORECASE)
_FALLS = re.compile(
    r"\bgiam\b|\bho ngheo\b|\bngheo da chieu\b|tu vong|that nghiep|tai nan|suy dinh duong|\bsinh con thu"
)


@dataclass(frozen=True, slots=True)
class _Measured:
    """A row that has figures: its full name, its unit, and its cells with what follows on the next page."""

    row: TableRow
    name: str
    unit: str | None
    cells: tuple[str, ...]


def read_annex_indicators(table: Table, ids: dict[int, str]) -> list[IndicatorRead]:
    found: list[IndicatorRead] = []
    for measured in _measured(table):
        found += _indicators(measured, table, ids[measured.row.start])
    return found


def indicator_warnings(table: Table, ids: dict[int, str]) -> Iterator[WarningRead]:
    rows = list(_measured(table))
    units: dict[str, Counter[str]] = {}
    for one in rows:
        units.setdefault(_own_name(one, table), Counter()).update([one.unit] if one.unit else [])
    for one in rows:
        usual, count = (units[_own_name(one, table)].most_common(1) or [("", 0)])[0]
        if one.unit and one.unit != usual and count >= 3:
            yield WarningRead(
                "unit_differs",
                f"Đơn vị tính là “{one.unit}”, các dòng cùng tên ghi “{usual}”. Hãy đối chiếu bản gốc.",
                ids[one.row.start],
                one.name,
            )
        for place in table.header.places("targets", "baseline"):
            amount = read_amount(one.cells[place])
            if amount is not None and amount.is_doubtful:
                yield WarningRead(
                    "doubtful_number",
                    f"“{one.cells[place]}” dùng dấu chấm ở chỗ của dấu phẩy; đã đọc là số thập phân. "
                    "Hãy đối chiếu bản gốc.",
                    ids[one.row.start],
                    one.name,
                )


def _own_name(one: _Measured, table: Table) -> str:
    return fold(one.row.cells[table.header.what])


def _measured(table: Table) -> Iterator[_Measured]:
    """Rows with figures. A child's name is said with its parents': "Cà phê / Diện tích"."""
    above: list[tuple[int, str, bool]] = []
    rows = [row for row in table.rows if row.kind in (DATA, PARENT, GROUP, MORE)]
    for place, row in enumerate(rows):
        if row.kind == MORE:
            continue
        following = _following(rows[place + 1 :])
        name = _named(row, following, table)
        level = _level(row, " ".join(row.cells[table.header.what].split()), above)
        while above and above[-1][0] >= level:
            above.pop()
        if row.kind == DATA:
            full = " / ".join([*_prefix(above, level), name])
            yield _Measured(row, full, _unit(row, table), row.cells)
        above.append((level, name, row.kind == GROUP))


def _following(rows: list[TableRow]) -> list[TableRow]:
    end = next((place for place, row in enumerate(rows) if row.kind != MORE), len(rows))
    return rows[:end]


def _named(row: TableRow, following: list[TableRow], table: Table) -> str:
    words = " ".join(one.cells[table.header.what] for one in [row, *following])
    return _ONLY_DETAILS.sub("", " ".join(words.split())).strip(" :;") or " ".join(words.split())


def _level(row: TableRow, name: str, above: list[tuple[int, str, bool]]) -> int:
    """A row without an ordinal stands where the last one stood; "Trong đó" one deeper."""
    level = level_of(row.ordinal)
    if level is not None:
        return level
    if _ONLY_DETAILS.match(name):
        return _WITHOUT_ORDINAL
    if row.kind == GROUP:
        return 0
    if not above:
        return 1
    last, _, is_group = above[-1]
    return 1 if is_group else last


def _prefix(above: list[tuple[int, str, bool]], level: int) -> list[str]:
    """Roman headings only gather, unless a dash stands right under one: "BÒ SỮA / Tổng đàn"."""
    parents = [name for _, name, is_group in above if not is_group]
    if not parents and level >= 5 and above:
        return [above[-1][1]]
    return parents if level > 1 else []


def _unit(row: TableRow, table: Table) -> str | None:
    places = table.header.places("unit")
    written = " ".join(row.cells[places[0]].split()) if places else ""
    return written if written and not is_blank(written) else table.unit


def _indicators(measured: _Measured, table: Table, passage: str) -> list[IndicatorRead]:
    header = table.header
    bases = [(header.columns[i], read_amount(measured.cells[i])) for i in header.places("baseline")]
    base = next(
        ((column, one.value) for column, one in reversed(bases) if one and one.value is not None), None
    )
    targets = [(header.columns[i], read_amount(measured.cells[i])) for i in header.places("targets")]
    said = [(column, amount) for column, amount in targets if amount is not None]
    lead = tuple(name for i in header.places("lead", "carriers") for name in split_units(measured.cells[i]))
    direction = _direction(measured.name, base[1] if base else None, [amount for _, amount in said])
    return [
        replace(
            _indicator(measured, column, amount, passage, direction),
            horizon=column.year or _title_year(table),
            baseline=base[1] if base else None,
            baseline_year=base[0].year if base else None,
            lead=lead,
        )
        for column, amount in said
    ]


def _indicator(
    measured: _Measured, column: Column, amount: Amount, passage: str, direction: str
) -> IndicatorRead:
    unit = measured.unit or amount.unit
    if amount.unit in ("%", "mức độ"):
        unit = amount.unit
    is_said = amount.value is None
    return IndicatorRead(
        statement=f"{measured.name}: {amount.words}" if is_said else measured.name,
        measure="yes_no" if is_said else _measure(unit),
        comparator=amount.comparator,
        value=amount.value,
        value_to=amount.value_to,
        unit=None if is_said else unit,
        horizon=column.year,
        direction="down" if amount.comparator in ("lt", "lte") else direction,
        coverage=None,
        passage=passage,
        is_change=amount.is_change,
        annual=amount.annual,
    )


def _measure(unit: str | None) -> str:
    words = fold(unit or "")
    if "%" in words or words == "phan tram":
        return "percent"
    if words == "muc do":
        return "level"
    if _MONEY.search(words):
        return "money"
    return "ratio" if "/" in words else "count"


def _direction(name: str, base: Decimal | None, targets: list[Amount]) -> str:
    """Where the figures go tells more than words; where they stand still, the aim is to keep them."""
    values = [value for value in (base, *(one.value for one in targets)) if value is not None]
    if any(one.falls for one in targets):
        return "down"
    if len(values) > 1 and not any(one.is_change for one in targets) and values[0] != values[-1]:
        return "up" if values[-1] > values[0] else "down"
    if len(values) > 1 and base is not None and values[0] == values[-1]:
        return "keep"
    return "down" if _FALLS.search(fold(name)) else "up"


def _title_year(table: Table) -> int | None:
    years = re.findall(r"\b20\d\d\b", table.title or "")
    return int(years[-1]) if years else None
