"""What was filled into a spreadsheet of figures. Pure; run it in a process that may die.

A cell may hold text as people type it, or a real number. A spreadsheet keeps fifteen digits of a number: those are
taken as they are, the dust of binary fractions behind them is not. A formula, a date or a merged cell is no figure,
and is said to be what it is.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook

from app.documents.decoding import TooLargeDocument, UnreadableDocument, UnsupportedDocument
from app.documents.figure_sheet import CODE, KEY, SHOWN, TO_FILL, UNIT, FilledCell, FilledLine, FilledSheet
from app.documents.recognition import damaged, recognise
from app.documents.sheet import BROKEN
from app.documents.sheet_scan import SheetFacts, column_name, scan_sheets

MOST_LINES = 5_000
_MOST_TEXT = 2_000_000
# One more than a note may have, so that a longer one is still seen to be too long.
_LONGEST_TEXT = 4_001
_HEADER_WITHIN = 30
_EXACT_DIGITS = 15
_NAMES = {KEY: "key", CODE: "code", UNIT: "unit", **{header: name for name, header in TO_FILL.items()}}
_START_ANEW = "Hãy tải mẫu Excel của kỳ rồi điền vào mẫu đó."

Columns = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Found:
    """The sheet of the workbook that is ours."""

    page: CalamineSheet
    facts: SheetFacts
    rows: Sequence[Sequence[Any]]
    header: int
    columns: Columns


def read_figure_sheet(data: bytes) -> FilledSheet:
    """UnreadableDocument: damaged, encrypted, with macros, too large, not a spreadsheet, or not one of our templates
    any more."""
    try:
        if recognise(data) != "xlsx":
            raise UnsupportedDocument(f"Tệp không phải bảng tính Excel (.xlsx). {_START_ANEW}")
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            every = scan_sheets(package)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            found = _find_table(workbook, every)
            _refuse_merged(found)
            lines = tuple(_lines(found))
    except TooLargeDocument as error:
        raise _too_large() from error
    except UnreadableDocument:
        raise
    except BROKEN as error:
        raise damaged() from error
    text = sum(len(cell.text) for line in lines for cell in line.cells.values())
    if len(lines) > MOST_LINES or text > _MOST_TEXT:
        raise _too_large()
    return FilledSheet(_template(found), lines, tuple(_remarks(found, every, lines)))


def _find_table(workbook: CalamineWorkbook, every: Sequence[SheetFacts]) -> _Found:
    found = []
    for facts in every:
        page = workbook.get_sheet_by_name(facts.name)
        rows = page.to_python(skip_empty_area=False, nrows=facts.last_row + 1)
        if (header := _header_of(rows)) is not None:
            found.append(_Found(page, facts, rows, header, _columns(rows[header])))
    if not found:
        raise UnsupportedDocument(f"Không thấy bảng số liệu trong tệp. {_START_ANEW}")
    if len(found) > 1:
        names = ", ".join(f"“{one.facts.name}”" for one in found)
        raise UnsupportedDocument(
            f"Tệp có {len(found)} trang tính là mẫu số liệu ({names}). Hãy chỉ giữ một trang rồi tải lên lại."
        )
    return found[0]


def _header_of(rows: Sequence[Sequence[Any]]) -> int | None:
    """The header's row: the first that holds most of our names."""
    for number, row in enumerate(rows[:_HEADER_WITHIN]):
        if len(_NAMES.keys() & {_name(cell) for cell in row}) > len(_NAMES) // 2:
            return number
    return None


def _columns(header: Sequence[Any]) -> Columns:
    """The column of each name; UnsupportedDocument where one is gone, renamed or there twice."""
    places: dict[str, list[int]] = {name: [] for name in _NAMES}
    for place, cell in enumerate(header):
        if (name := _name(cell)) in places:
            places[name].append(place)
    missing = [f"“{name}”" for name, found in places.items() if not found]
    if missing:
        raise UnsupportedDocument(f"Bảng thiếu cột {', '.join(missing)} (đã xóa hoặc đổi tên). {_START_ANEW}")
    if twice := next((name for name, found in places.items() if len(found) > 1), None):
        raise UnsupportedDocument(f"Bảng có hai cột “{twice}”. Hãy xóa một cột rồi tải lên lại.")
    return {_NAMES[name]: found[0] for name, found in places.items()}


def _refuse_merged(found: _Found) -> None:
    ours = set(found.columns.values())
    for first, last in found.page.merged_cell_ranges or ():
        if last[0] > found.header and ours & set(range(first[1], last[1] + 1)):
            corners = f"{column_name(first[1])}{first[0] + 1}:{column_name(last[1])}{last[0] + 1}"
            raise UnsupportedDocument(
                f"Các ô {corners} đang gộp làm một nên không rõ số của dòng nào. "
                "Hãy bỏ gộp ô (Unmerge Cells), điền từng dòng rồi tải lên lại."
            )


def _lines(found: _Found) -> Iterator[FilledLine]:
    for number, row in enumerate(found.rows[found.header + 1 :], start=found.header + 1):
        cells = {
            name: _cell(row[place], (number, place), found.facts) for name, place in found.columns.items()
        }
        key, code, unit_name = (cells.pop(name).text for name in ("key", "code", "unit"))
        filled = {name: cell for name, cell in cells.items() if cell.text}
        if key or filled:
            yield FilledLine(number + 1, key[:100], code[:100], unit_name[:300], filled)


def _cell(value: Any, place: tuple[int, int], facts: SheetFacts) -> FilledCell:
    if place in facts.formulas:
        return FilledCell("formula", str(value)[:100] or "=")
    if isinstance(value, bool):
        return FilledCell("text", "x" if value else "")
    if isinstance(value, int | float):
        return _number(value, is_percent=place in facts.percents)
    if isinstance(value, datetime | date | time | timedelta):
        return FilledCell("date", str(value))
    return FilledCell("text", str(value).strip()[:_LONGEST_TEXT])


def _number(value: float, *, is_percent: bool) -> FilledCell:
    if abs(value) >= 10**_EXACT_DIGITS:
        return FilledCell("long_number", format(Decimal(value), "f")[:_LONGEST_TEXT])
    exact = Decimal(f"{value:.{_EXACT_DIGITS}g}") * (100 if is_percent else 1)
    written = format(exact, "f")
    return FilledCell(
        "percent" if is_percent else "number", written.rstrip("0").rstrip(".") if "." in written else written
    )


def _template(found: _Found) -> tuple[str, ...]:
    place = found.columns["key"]
    words = (str(row[place]).split() for row in found.rows[: found.header] if row[place] != "")
    return tuple(word[:100] for word in next(words, [])[:2])


def _remarks(found: _Found, every: Sequence[SheetFacts], lines: Sequence[FilledLine]) -> Iterator[str]:
    facts, known = found.facts, set(found.columns.values())
    if facts.is_hidden:
        yield f"Trang tính “{facts.name}” đang ẩn, vẫn được đọc."
    if rows := {row + 1 for row in facts.hidden_rows} & {line.number for line in lines if line.cells}:
        yield f"Trong tệp có {len(rows)} dòng đã điền đang ẩn, vẫn được đọc: {_listed(sorted(rows))}."
    hidden = [name for name, place in _hidden_columns(found) if place in known and name != KEY]
    if hidden:
        yield f"Cột {_quoted(hidden)} đang ẩn, vẫn được đọc."
    added = [
        _name(cell)
        for place, cell in enumerate(found.rows[found.header])
        if place not in known and _name(cell) and _name(cell) not in SHOWN
    ]
    if added:
        yield f"Cột {_quoted(added)} không có trong mẫu nên không đọc."
    if others := [one.name for one in every if one.name != facts.name and one.cells]:
        yield f"Trang tính {_quoted(others)} không phải mẫu số liệu nên không đọc."


def _hidden_columns(found: _Found) -> list[tuple[str, int]]:
    header = found.rows[found.header]
    return [(_name(header[place]), place) for place in found.facts.hidden_columns if place < len(header)]


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"“{name[:60]}”" for name in names[:5]) + (", …" if len(names) > 5 else "")


def _listed(numbers: Sequence[int]) -> str:
    return "dòng " + ", ".join(map(str, numbers[:10])) + (", …" if len(numbers) > 10 else "")


def _name(cell: Any) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _too_large() -> TooLargeDocument:
    return TooLargeDocument(f"Bảng lớn hơn mẫu rất nhiều nên không đọc. {_START_ANEW}")
