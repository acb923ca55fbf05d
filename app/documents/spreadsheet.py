"""Tables as files people open in a spreadsheet: .xlsx, and .csv for those who have nothing else. Pure.

Cells are inert. In .xlsx text is stored as text and marked so; in .csv, which knows no types, text that a spreadsheet
would take for a formula gets an apostrophe in front, also behind a comma, a semicolon or a line's end: set to another
language a spreadsheet begins a cell there. Numbers are exact: a spreadsheet counts in fifteen digits, so a longer one
is written as text. A .csv is what Excel in Vietnamese opens with a double click: UTF-8 with BOM, semicolons
between cells, a comma before decimals.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from textwrap import wrap
from typing import Any

import xlsxwriter

from app.text import format_date

_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
_LINE_HEIGHT, _TALLEST_ROW = 15.75, 409
_LETTERS = 1.15  # of our font in the width of one of the spreadsheet's own
_EXACT_DIGITS = 15
# Signs in full width too: spreadsheets of some languages take them for the same.
_STARTS_A_FORMULA = re.compile(r"^(?=[\t\r\n])|(?:^|(?<=[,;\t\r\n]))(?=[^\S\r\n]*[=+\-@＝＋－＠])")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that is shown with that many decimals and kept as exact as it is."""

    value: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class Field:
    """A cell to fill in, which holds `text`: `choices` are offered, `advice` is told beside it under `name`."""

    text: str
    name: str
    advice: str
    choices: tuple[str, ...] = ()


Cell = str | int | Amount | date | Field | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`heads`: (header, width in letters). `notes` stand above the table of an .xlsx; a .csv is the table alone. With
    `template` it is one to fill in: its first column is hidden, `template` above it, and only its Fields are open."""

    name: str
    title: str
    notes: tuple[str, ...]
    heads: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[Cell]]
    template: str = ""


def to_xlsx(sheets: Sequence[Sheet]) -> bytes:
    data = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, options) as workbook:
        looks = _Looks(workbook)
        for sheet in sheets:
            _write(workbook.add_worksheet(sheet.name), sheet, looks)
    return data.getvalue()


def to_csv(sheet: Sheet) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_inert(head) for head, _ in sheet.heads])
    writer.writerows([_as_text(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


class _Looks:
    """Formats of a workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        bordered = {**_FONT, "border": 1}
        self._workbook, self._bordered = workbook, bordered
        self.title = workbook.add_format({**_FONT, "bold": True, "font_size": 14})
        self.note = workbook.add_format({**_FONT, "italic": True})
        self.head = workbook.add_format({**bordered, "bold": True, "text_wrap": True, "align": "center"})
        self.text = workbook.add_format(
            {**bordered, "text_wrap": True, "num_format": "@", "quote_prefix": True}
        )
        self.locked = workbook.add_format(
            {**bordered, "text_wrap": True, "num_format": "@", "quote_prefix": True, "bg_color": "#E7E6E6"}
        )
        self.open = workbook.add_format({**bordered, "text_wrap": True, "num_format": "@", "locked": False})
        self.day = workbook.add_format({**bordered, "num_format": "dd/mm/yyyy"})
        self._numbers: dict[int, Any] = {}

    def number(self, decimals: int) -> Any:
        if decimals not in self._numbers:
            shown = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._numbers[decimals] = self._workbook.add_format({**self._bordered, "num_format": shown})
        return self._numbers[decimals]


def _write(page: Any, sheet: Sheet, looks: _Looks) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    left, text = (1, looks.locked) if sheet.template else (0, looks.text)
    page.write_string(0, left, sheet.title, looks.title)
    for number, note in enumerate(sheet.notes, start=1):
        page.write_string(number, left, note, looks.note)
    top = len(sheet.notes) + 2
    page.repeat_rows(top)
    page.freeze_panes(top + 1, 3 if sheet.template else 1)
    for place, (head, width) in enumerate(sheet.heads):
        page.set_column(place, place, width)
        page.write_string(top, place, head, looks.head)
    widths = [width for _, width in sheet.heads]
    page.set_row(top, _height([head for head, _ in sheet.heads], widths))
    for number, row in enumerate(sheet.rows, start=top + 1):
        page.set_row(number, _height(row, widths))
        for place, cell in enumerate(row):
            if isinstance(cell, Field):
                _write_field(page, number, place, cell, looks)
            else:
                _write_cell(page, number, place, cell, looks, text)
    if sheet.template:
        _close(page, sheet, top)


def _height(row: Sequence[Cell], widths: Sequence[int]) -> float:
    """Points for its longest cell. Excel finds that itself, other programs would write one line over the next."""
    lines = max((_lines(cell, width) for cell, width in zip(row, widths, strict=True)), default=1)
    return min(lines * _LINE_HEIGHT, _TALLEST_ROW)


def _lines(cell: Cell, width: int) -> int:
    text = cell.text if isinstance(cell, Field) else cell
    if not isinstance(text, str) or not width:
        return 1
    return sum(max(1, len(wrap(line, int(width * _LETTERS)))) for line in text.split("\n"))


def _close(page: Any, sheet: Sheet, top: int) -> None:
    """Only its fields can be written to. There is no password: it keeps from slips, what comes back is checked."""
    page.set_column(0, 0, None, None, {"hidden": True})
    page.write_string(0, 0, sheet.template)
    page.ignore_errors({"number_stored_as_text": f"A1:Z{top + len(sheet.rows) + 1}"})
    page.protect("", {"format_columns": True, "format_rows": True})


def _write_field(page: Any, row: int, place: int, field: Field, looks: _Looks) -> None:
    if field.text:
        page.write_string(row, place, field.text, looks.open)
    else:
        page.write_blank(row, place, None, looks.open)
    rule: dict[str, Any] = {"validate": "any"}
    if field.choices:
        rule = {"validate": "list", "source": list(field.choices), "error_type": "information"}
    page.data_validation(
        row, place, row, place, rule | {"input_title": field.name, "input_message": field.advice}
    )


def _write_cell(
    page: Any, row: int, place: int, cell: str | int | Amount | date | None, looks: _Looks, text: Any
) -> None:
    if cell is None or cell == "":
        page.write_blank(row, place, None, text)
    elif isinstance(cell, str):
        page.write_string(row, place, cell, text)
    elif isinstance(cell, date):
        page.write_datetime(row, place, cell, looks.day)
    elif isinstance(cell, int):
        page.write_number(row, place, cell, looks.number(0))
    elif _is_exact(cell.value):
        page.write_number(row, place, cell.value, looks.number(cell.decimals))
    else:
        page.write_string(row, place, _plain(cell.value), text)


def _is_exact(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) <= _EXACT_DIGITS


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _inert(cell)
    if isinstance(cell, Field):
        return _inert(cell.text)
    if isinstance(cell, date):
        return format_date(cell)
    return str(cell) if isinstance(cell, int) else _plain(cell.value)


def _plain(value: Decimal) -> str:
    """All digits, without points between thousands: 1234.50 → "1234,5"."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _inert(text: str) -> str:
    return _STARTS_A_FORMULA.sub("'", text)
