"""Lines → rows of cells. Two writings are met: `| a | b |` on one line, and a bar alone between cells of many lines.

A row keeps which lines it is made of, so that each character of the file stays in one passage.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.documents.lines import Line

MOST_CELLS = 80
# Stands in a cell that was merged with the one above it: what that one says holds here too.
MERGED = "″"
_BAR = re.compile(r"(?<!\\)\|")
_ONLY_BARS = re.compile(r"[|\s]+")
_SEPARATOR = re.compile(r":?-{2,}:?|:-:?|-:")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_MOST_LINES_OF_A_ROW = 60


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` are cleaned, lines of a cell parted by a line feed; the row is made of lines [first, last].

    `bars`: lines of the bars before each cell and behind the last, where they stand on lines of their own.
    """

    cells: tuple[str, ...]
    first: int
    last: int
    bars: tuple[int, ...] = ()

    def part(self, begin: int, end: int) -> "Row":
        """The row made of cells [begin, end) alone."""
        end = min(end, len(self.cells))
        if not self.bars:
            return replace(self, cells=self.cells[begin:end])
        bars = self.bars[begin : end + 1]
        return Row(self.cells[begin:end], bars[0], bars[-1], bars)


@dataclass(frozen=True, slots=True)
class Region:
    """Rows that follow each other. `is_open`: written with bars alone, where text around can stick to a row."""

    rows: tuple[Row, ...]
    is_open: bool = False


def find_regions(lines: Sequence[Line]) -> list[Region]:
    regions: list[Region] = []
    place = 0
    while place < len(lines):
        if _opens_row(lines[place].text):
            rows, place = _closed_rows(lines, place)
            regions.append(Region(rows))
        elif _ONLY_BARS.fullmatch(lines[place].text):
            rows, place = _open_rows(lines, place)
            regions.append(Region(rows, is_open=True))
        else:
            place += 1
    return [region for region in regions if region.rows]


def clean_cell(raw: str) -> str:
    """The words of a cell without Markdown marks; NFC is the line's own."""
    text = _BREAK.sub("\n", raw).replace("\\|", "|").replace("**", "").replace("__", "")
    pieces = [" ".join(piece.split()) for piece in text.split("\n")]
    text = "\n".join(piece for piece in pieces if piece)
    if len(text) > 2 and text[0] == text[-1] and text[0] in "*_" and text[1] not in "* ":
        return text[1:-1].strip()
    return text


def _opens_row(text: str) -> bool:
    return text.startswith("|") and not _ONLY_BARS.fullmatch(text) and len(_BAR.findall(text)) >= 2


def _closed_rows(lines: Sequence[Line], place: int) -> tuple[tuple[Row, ...], int]:
    """Rows that follow each other, and where the next line is. Behind a blank line only a row as wide goes on."""
    rows: list[Row] = []
    begin = place
    while place < len(lines):
        text = lines[place].text
        if rows and lines[place].gap and len(_cells(text)) != len(rows[-1].cells):
            break
        if not text.startswith("|") or (text == "|" and len(lines) > place + 1):
            break
        last = _last_line(lines, place)
        cells = _cells(" ".join(line.text for line in lines[place : last + 1]))
        if rows and all(_SEPARATOR.fullmatch(cell) or not cell for cell in cells):
            rows[-1] = Row(rows[-1].cells, rows[-1].first, last)
        elif len(cells) <= MOST_CELLS:
            rows.append(Row(tuple(clean_cell(cell) for cell in cells), place, last))
        place = last + 1
    return tuple(rows), max(place, begin + 1)


def _last_line(lines: Sequence[Line], place: int) -> int:
    """A row may be wrapped: it goes on until a line ends with a bar."""
    if lines[place].text.endswith("|"):
        return place
    for last in range(place + 1, min(place + _MOST_LINES_OF_A_ROW, len(lines))):
        text = lines[last].text
        if text.startswith("|") or lines[last].gap > 1:
            break
        if text.endswith("|") and not text.endswith("\\|"):
            return last
    return place


def _cells(text: str) -> list[str]:
    inner = text.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip() for cell in _BAR.split(inner)]


def _open_rows(lines: Sequence[Line], place: int) -> tuple[tuple[Row, ...], int]:
    """A bar closes the cell before it; two bars with nothing but a line end between them close the row."""
    reader = _OpenReader()
    while place < len(lines) and not _opens_row(lines[place].text):
        text = lines[place].text
        if _ONLY_BARS.fullmatch(text):
            reader.bar(place, text.count("|"))
        else:
            reader.text(text)
        place += 1
    return reader.finish(), place


class _OpenReader:
    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._cells: list[str] = []
        self._words: list[str] = []
        self._bars: list[int] = []

    def text(self, text: str) -> None:
        self._words.append(text)

    def bar(self, place: int, count: int) -> None:
        if self._words:
            self._cells.append("\n".join(self._words))
            self._words = []
        elif self._cells:
            self._close()
            self._bars = []
        else:
            self._bars = []
        self._bars.append(place)
        for _ in range(min(count - 1, MOST_CELLS - len(self._cells))):
            self._cells.append("")
            self._bars.append(place)

    def finish(self) -> tuple[Row, ...]:
        if self._cells:
            self._close()
        return tuple(self._rows)

    def _close(self) -> None:
        cells = tuple(clean_cell(cell) for cell in self._cells[:MOST_CELLS])
        bars = tuple(self._bars[: len(cells) + 1])
        self._rows.append(Row(cells, bars[0], bars[-1], bars))
        self._cells = []
