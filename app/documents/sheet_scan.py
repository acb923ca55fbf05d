"""What the parts of an XLSX package say beside values: how far its sheets reach, what is hidden, how cells are shown.

Read as a stream before any reader makes a grid of it: one cell at XFD1048576 would make a grid of 17 billion.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from app.documents.decoding import DamagedDocument, TooLargeDocument

MOST_ROWS = 20_000
MOST_CELLS = 400_000
_MOST_GRID = 3_000_000
_MOST_ELEMENTS = 8_000_000
_LARGEST_PART = 64 * 1024 * 1024
_CHUNK = 1 << 16
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
# Formats every workbook has: 9 and 10 are percentages, 17 shows month and year.
_PERCENTS, _MONTHS = frozenset({9, 10}), frozenset({17})


@dataclass(slots=True)
class SheetFacts:
    """Places count from 0. `percents` and `months`: cells shown as "95%" and as "6/2025"; `formulas`: those that are
    worked out."""

    name: str
    is_hidden: bool
    rows: int = 0
    cells: int = 0
    last_row: int = -1
    last_column: int = -1
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    percents: set[tuple[int, int]] = field(default_factory=set)
    months: set[tuple[int, int]] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)

    @property
    def corner(self) -> str:
        return f"{column_name(self.last_column)}{self.last_row + 1}"


def scan_sheets(package: zipfile.ZipFile) -> list[SheetFacts]:
    """Facts of each worksheet in the workbook's order. DamagedDocument, TooLargeDocument."""
    formats = _cell_formats(package)
    found: list[SheetFacts] = []
    for name, state, part in _worksheets(package):
        facts = SheetFacts(name, state in ("hidden", "veryHidden"))
        _SheetScan(facts, formats).run(package, part)
        found.append(facts)
        _check_size(facts, sum(sheet.rows for sheet in found), sum(sheet.cells for sheet in found))
    return found


def column_name(column: int) -> str:
    name = ""
    column += 1
    while column > 0:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _check_size(facts: SheetFacts, rows: int, cells: int) -> None:
    if rows > MOST_ROWS:
        raise TooLargeDocument(
            "Bảng tính có hơn 20.000 dòng. Hãy chỉ giữ phụ lục cần giao việc rồi tải lên lại."
        )
    if cells > MOST_CELLS:
        raise TooLargeDocument("Bảng tính có quá nhiều ô. Hãy chỉ giữ phụ lục cần giao việc rồi tải lên lại.")
    if (facts.last_row + 1) * (facts.last_column + 1) > _MOST_GRID:
        raise TooLargeDocument(
            f"Trang “{facts.name}” có ô {facts.corner} nằm quá xa bảng. "
            "Hãy xóa các hàng, cột ở ngoài bảng, lưu lại rồi tải lên."
        )


def _worksheets(package: zipfile.ZipFile) -> Iterator[tuple[str, str, str]]:
    """(name, state, part) of the worksheets; charts and dialogs have no cells."""
    targets = {
        attributes["Id"]: attributes.get("Target", "")
        for tag, attributes in _elements(package, "xl/_rels/workbook.xml.rels")
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet") and "Id" in attributes
    }
    for tag, attributes in _elements(package, "xl/workbook.xml"):
        link = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
        if tag == "sheet" and link in targets:
            target = targets[link]
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            yield attributes.get("name", ""), attributes.get("state", ""), part


def _cell_formats(package: zipfile.ZipFile) -> tuple[frozenset[int], frozenset[int]]:
    """Indexes of cell styles that show percentages, and month with year."""
    if "xl/styles.xml" not in package.namelist():
        return frozenset(), frozenset()
    percents, months = set(_PERCENTS), set(_MONTHS)
    shown: list[int] = []
    inside = False
    for tag, attributes in _elements(package, "xl/styles.xml"):
        if tag == "numFmt":
            code = _QUOTED.sub("", attributes.get("formatCode", "")).lower()
            number = _whole(attributes.get("numFmtId"))
            if "%" in code:
                percents.add(number)
            elif "m" in code and "y" in code and "d" not in code and "h" not in code:
                months.add(number)
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            shown.append(_whole(attributes.get("numFmtId")))
    return (
        frozenset(style for style, number in enumerate(shown) if number in percents),
        frozenset(style for style, number in enumerate(shown) if number in months),
    )


class _SheetScan:
    """Counts cells with content; a row or cell without a reference follows the one before it."""

    def __init__(self, facts: SheetFacts, formats: tuple[frozenset[int], frozenset[int]]) -> None:
        self._facts = facts
        self._percents, self._months = formats
        self._row = self._column = -1
        self._row_hidden = self._row_filled = False
        self._style = 0
        self._elements = 0

    def run(self, package: zipfile.ZipFile, part: str) -> None:
        _parse(package, part, self._start)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise TooLargeDocument(
                "Bảng tính có quá nhiều hàng, ô. Hãy chép phụ lục sang tệp mới rồi tải lên."
            )
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag in ("v", "is"):
            self._content()
        elif tag == "f":
            self._facts.formulas.add((self._row, self._column))
        elif tag == "row":
            self._row = _whole(attributes.get("r"), self._row + 2) - 1
            self._column = -1
            self._row_hidden = attributes.get("hidden") in ("1", "true")
            self._row_filled = False
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = _whole(attributes.get("min"), 1), _whole(attributes.get("max"), 1)
            self._facts.hidden_columns += range(first - 1, min(last, first + 99))

    def _cell(self, attributes: dict[str, str]) -> None:
        found = _REFERENCE.fullmatch(attributes.get("r", ""))
        if found:
            self._column = _column_number(found[1])
            self._row = int(found[2]) - 1
        else:
            self._column += 1
        self._style = _whole(attributes.get("s"))

    def _content(self) -> None:
        facts, place = self._facts, (self._row, self._column)
        facts.cells += 1
        facts.last_row = max(facts.last_row, self._row)
        facts.last_column = max(facts.last_column, self._column)
        if not self._row_filled:
            self._row_filled = True
            facts.rows += 1
            if self._row_hidden and len(facts.hidden_rows) < MOST_ROWS:
                facts.hidden_rows.append(self._row)
        if facts.cells > MOST_CELLS or facts.rows > MOST_ROWS:
            _check_size(facts, facts.rows, facts.cells)
        if self._style in self._percents:
            facts.percents.add(place)
        elif self._style in self._months:
            facts.months.add(place)


def _elements(package: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    _parse(package, part, lambda name, attributes: found.append((name.rpartition(":")[2], attributes)))
    return found


def _parse(package: zipfile.ZipFile, part: str, start: Any) -> None:
    if part not in package.namelist() or package.getinfo(part).file_size > _LARGEST_PART:
        raise DamagedDocument(
            "Tệp bảng tính bị hỏng hoặc thiếu trang. Hãy mở bằng Excel, lưu lại rồi tải lên."
        )
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = _refuse_entity
    with package.open(part) as stream:
        read = 0
        while chunk := stream.read(_CHUNK):
            read += len(chunk)
            if read > _LARGEST_PART:
                raise TooLargeDocument(
                    "Bảng tính khi mở ra quá lớn. Hãy chép phụ lục sang tệp mới rồi tải lên."
                )
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _refuse_entity(*_: object) -> None:
    raise DamagedDocument("Tệp bảng tính có khai báo lạ. Hãy mở bằng Excel, lưu lại rồi tải lên.")


def _whole(written: str | None, otherwise: int = 0) -> int:
    return (
        int(written)
        if written and written.isascii() and written.isdigit() and len(written) < 9
        else otherwise
    )


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
