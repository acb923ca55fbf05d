"""A spreadsheet (.xlsx) → text with Markdown rows. Pure; run it in a process that may die.

A line of text is a row of the sheet, blank rows included, so that row numbers can be told. Numbers are written as a
Vietnamese reader writes them, without grouping: 26120; 99,9; 95%. Formulas give the values the file keeps.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from xml.parsers.expat import ExpatError

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from app.documents.decoding import EmptyDocument, UnreadableDocument, UnsupportedDocument
from app.documents.recognition import damaged, recognise
from app.documents.rows import MERGED
from app.documents.sheet_scan import SheetFacts, column_name, scan_sheets
from app.documents.sources import Note, Source
from app.documents.table_titles import SHEET

_WIDEST = 200
_LONGEST_CELL = 32_767
_MOST_BLANK_ROWS = 50
_BETWEEN_SHEETS = "\n\n"
_MOST_NAMED = 12
_UNNAMED = re.compile(r"(?:Sheet|Trang[ _]?tính) ?\d*", re.IGNORECASE)
BROKEN = (
    CalamineError,
    ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    OverflowError,
    NotImplementedError,
    EOFError,
    OSError,
)

Cell = int | float | str | bool | date | datetime | time | timedelta


def read_sheet(data: bytes) -> Source:
    """Raises UnreadableDocument: encrypted, damaged, too large, not a spreadsheet, or without a filled cell."""
    if recognise(data) != "xlsx":
        raise UnsupportedDocument("Tệp không phải bảng tính .xlsx. Hãy mở bằng Excel, lưu lại dạng .xlsx.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            every = scan_sheets(package)
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            filled = [facts for facts in every if facts.cells]
            texts = [_text(workbook.get_sheet_by_name(facts.name), facts) for facts in filled]
    except UnreadableDocument:
        raise
    except BROKEN as error:
        raise damaged() from error
    if not any(texts):
        raise EmptyDocument("Bảng tính không có ô nào có chữ. Hãy chọn lại tệp phụ lục.")
    is_one = len(filled) == 1
    named = [
        text
        if is_one and (_has_title(text) or _UNNAMED.fullmatch(facts.name))
        else f"{SHEET}{facts.name}\n\n{text}"
        for facts, text in zip(filled, texts, strict=True)
    ]
    return Source("xlsx", _BETWEEN_SHEETS.join(named), notes=tuple(_notes(filled)))


def number_text(value: int | float, *, is_percent: bool = False) -> str:
    """26120.0 → "26120", 99.9 → "99,9", 0.955 shown as a percentage → "95,5%"."""
    exact = Decimal(repr(value) if isinstance(value, float) else value)
    exact = exact * 100 if is_percent else exact
    # Fifteen digits are what a spreadsheet keeps; more is the dust of binary fractions.
    written = format(Decimal(f"{exact:.15g}"), "f")
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return ("0" if written == "-0" else written).replace(".", ",") + ("%" if is_percent else "")


def _has_title(text: str) -> bool:
    return not text.lstrip("\n").startswith("|")


def _text(sheet: CalamineSheet, facts: SheetFacts) -> str:
    merged = _merged_below(sheet)
    rows = [
        [_written(value, (number, place), facts, merged) for place, value in enumerate(row[:_WIDEST])]
        for number, row in enumerate(sheet.to_python(skip_empty_area=False, nrows=facts.last_row + 1))
    ]
    filled = [sum(map(bool, row)) for row in rows]
    # A letterhead has two cells beside each other; a header has three, unless the table is that small.
    first = next((number for number, count in enumerate(filled) if count > 2), 0)
    wide = [number for number, count in enumerate(filled) if count > 1 and number >= first]
    width = max((_width(rows[number]) for number in wide), default=0)
    lines = [_line(row, width, wide, number) for number, row in enumerate(rows)]
    return "\n".join(_without_long_gaps(lines))


def _line(row: Sequence[str], width: int, wide: Sequence[int], number: int) -> str:
    """A row of the grid; what stands alone above and below the grid is a plain line."""
    filled = [cell for cell in row if cell]
    if not filled or filled == [MERGED] * len(filled):
        return ""
    if len(filled) == 1 and not (wide and wide[0] <= number <= wide[-1]):
        return filled[0].replace("<br>", " ").replace("\\|", "|")
    cells = [*row, *[""] * (width - len(row))][:width]
    return f"| {' | '.join(cells)} |"


def _width(row: Sequence[str]) -> int:
    return max(place for place, cell in enumerate(row, start=1) if cell)


def _without_long_gaps(lines: Sequence[str]) -> Iterator[str]:
    blank = 0
    for line in lines:
        blank = 0 if line else blank + 1
        if blank <= _MOST_BLANK_ROWS:
            yield line


def _merged_below(sheet: CalamineSheet) -> set[tuple[int, int]]:
    """Cells that only continue one above them, in merged ranges one column wide: there the value holds for each row."""
    return {
        (row, first[1])
        for first, last in sheet.merged_cell_ranges or ()
        if first[1] == last[1] and last[0] - first[0] < 1000
        for row in range(first[0] + 1, last[0] + 1)
    }


def _written(value: Cell, place: tuple[int, int], facts: SheetFacts, merged: set[tuple[int, int]]) -> str:
    if value == "" and place in merged:
        return MERGED
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, int | float):
        return number_text(value, is_percent=place in facts.percents)
    if isinstance(value, datetime | date):
        if place in facts.months:
            return f"{value.month}/{value.year}"
        return f"{value.day}/{value.month}/{value.year}"
    if isinstance(value, time | timedelta):
        return str(value)
    lines = [" ".join(line.split()) for line in value[:_LONGEST_CELL].splitlines()]
    return "<br>".join(line for line in lines if line).replace("|", "\\|")


def _notes(sheets: Sequence[SheetFacts]) -> Iterator[Note]:
    """What a person does not see in the spreadsheet is read all the same, and said."""
    for facts in sheets:
        if facts.is_hidden:
            yield Note("hidden_sheet", f"Trang tính “{facts.name}” đang ẩn; vẫn đã được đọc. Hãy xem lại.")
        if facts.hidden_rows:
            rows = _listed([str(row + 1) for row in facts.hidden_rows])
            yield Note("hidden_rows", f"Trang “{facts.name}” có hàng ẩn ({rows}); vẫn đã được đọc.")
        columns = [column for column in facts.hidden_columns if column <= facts.last_column]
        if columns:
            named = _listed([column_name(column) for column in columns])
            yield Note("hidden_columns", f"Trang “{facts.name}” có cột ẩn ({named}); vẫn đã được đọc.")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")
