"""Tables of a plan's text: found by their header's words, their rows told apart.

Only tables of tasks and of indicators are taken out of the text; letterheads, signatures, staff lists and whatever
else is drawn with bars stay what they were. What stands above the header stays text as well: it is the title.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.documents.columns import DITTO, TASKS, Header, is_numbering, read_header
from app.documents.lines import Line
from app.documents.rows import Region, Row, find_regions
from app.documents.table_titles import SHEET, read_title
from app.documents.zones import is_recipients, is_signature
from app.text import fold

HEAD, GROUP, PARENT, DATA, DETAIL, MORE, NOTE = "head", "group", "parent", "data", "detail", "more", "note"

_DEEPEST_HEADER = 25
_ROMAN = re.compile(r"[IVXLC]+|[A-HĐ]")
_NUMBER = re.compile(r"\d{1,3}")
_DOTTED = re.compile(r"\d{1,3}(?:[.,]\d{1,3}){1,4}")
_BULLET = re.compile(r"[-–—+•*]")
_EMBEDDED = re.compile(
    r"(?:([IVXLC]{1,5}|[A-H]|\d{1,3}(?:\.\d{1,3}){0,3})\s?[.)\-–:/]|([a-zđ])\s?\)|([-–+•]))\s+(?=\S)"
)
_NOTE = re.compile(r"\(?[*(\d)\s]*(?:ghi chu|luu y|chu thich|giai thich)\b|\(\*+\)|\*+\s?(?:\)|[a-z])")
_OPENS_DETAILS = re.compile(r"(?:trong do|gom|bao gom)\s*:?")
_TOTAL = re.compile(r"(?:tong cong|cong|tong so|tong)\s*:?$")
_ENDING = re.compile(
    r"(?:nguoi lap|thu truong|xac nhan|ky, ghi|\(ky|noi nhan|ngay .{1,12} thang .{1,8} nam)\b"
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """`cells` by column of the header; the row is lines [first, last] of the text, characters [start, end)."""

    kind: str
    cells: tuple[str, ...]
    first: int
    last: int
    start: int
    end: int
    ordinal: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`header_rows` are counted from the first line of the title, blank lines included; `title_start` is where
    that line begins in the text (None without a title); `unit` is one said above the table for all rows."""

    header: Header
    rows: tuple[TableRow, ...]
    title: str | None
    title_start: int | None
    header_rows: tuple[int, ...]
    unit: str | None = None

    @property
    def kind(self) -> str:
        return self.header.kind


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows of a table in the making; `first` is the first of the region's rows."""

    header: Header
    rows: list[Row]


def find_tables(lines: Sequence[Line]) -> tuple[Table, ...]:
    """`lines`: all of the text's."""
    if not any(line.text.startswith("|") for line in lines):
        return ()
    found: list[_Found] = []
    for region in find_regions(lines):
        _read_region(region, found, lines)
    taken = {number for one in found for row in one.rows for number in range(row.first, row.last + 1)}
    numbers = _row_numbers(lines)
    return tuple(_table(one, lines, taken, numbers) for one in found)


def is_blank(cell: str) -> bool:
    """Nothing, or a mark that says there is nothing."""
    return not cell.strip(" -–—_.…/")


def level_of(ordinal: str) -> int | None:
    """How deep a row stands: 0 for I or A, 1 for 1, 2 for 1.1, 5 for a), 9 for a dash; None without an ordinal."""
    label = ordinal.strip(" .)(:")
    if not ordinal.strip():
        return None
    if _BULLET.fullmatch(ordinal.strip()):
        return 10 if ordinal.strip() == "+" else 9
    if _ROMAN.fullmatch(label):
        return 0
    if _DOTTED.fullmatch(label):
        return 1 + len(re.findall(r"[.,]", label))
    if _NUMBER.fullmatch(label):
        return 1
    return 5 if re.fullmatch(r"[a-zđ]", label) else None


def _read_region(region: Region, found: list[_Found], lines: Sequence[Line]) -> None:
    rows = list(region.rows)
    place = 0
    continued = _continues(rows, found, lines)
    if continued:
        found[-1].rows.extend(rows[: _end_of(rows, found[-1].header)])
    while place < len(rows) and not continued:
        header, rows[place] = _header_at(rows, place, region)
        if header is None:
            place += 1
            if place > _DEEPEST_HEADER and not region.is_open:
                return
            continue
        end = place + header.depth + _next_table(rows[place + header.depth :], header, region)
        table = [*rows[place : place + header.depth]]
        table += [row.part(0, len(header.columns)) for row in rows[place + header.depth : end]]
        found.append(_Found(header, table))
        place = end


def _continues(rows: list[Row], found: list[_Found], lines: Sequence[Line]) -> bool:
    """The rest of a table behind a page break: nothing but a page number between, and as many columns."""
    if not found or not rows:
        return False
    last = found[-1].rows[-1].last
    between = lines[last + 1 : rows[0].first]
    if rows[0].first <= last or any(not (line.is_page_number or line.is_ornament) for line in between):
        return False
    if len(rows[0].cells) != len(found[-1].header.columns):
        return False
    again = read_header([row.cells for row in rows[:4]])
    return again is None or again.columns == found[-1].header.columns


def _header_at(rows: list[Row], place: int, region: Region) -> tuple[Header | None, Row]:
    row = rows[place]
    starts = range(len(row.cells) - 1) if region.is_open and place < len(rows) else (0,)
    for start in starts:
        if start and not row.cells[start]:
            continue
        # In text with bars alone, what stood before the table sticks to its first row.
        cut = row.part(start, len(row.cells))
        header = read_header([cut.cells, *(after.cells for after in rows[place + 1 : place + 4])])
        if header is not None:
            return header, cut
    return None, row


def _next_table(rows: list[Row], header: Header, region: Region) -> int:
    """How many rows belong to the header before them."""
    for place, row in enumerate(rows):
        if region.is_open and len(row.cells) > len(header.columns):
            return place + 1
        if _ends_table(row.cells) or (region.is_open and len(row.cells) == 1 and len(row.cells[0]) > 600):
            return place
        if row.cells and level_of(row.cells[0]) is not None:
            continue
        again = read_header([after.cells for after in rows[place : place + 4]])
        if again is not None and again.columns != header.columns:
            return place
    return len(rows)


def _end_of(rows: list[Row], header: Header) -> int:
    return next((place for place, row in enumerate(rows) if _ends_table(row.cells)), len(rows))


def _ends_table(cells: tuple[str, ...]) -> bool:
    """Signatures are often set in the table's last row."""
    filled = [cell for cell in cells if cell]
    if not filled or level_of(filled[0]) is not None:
        return False
    return any(
        is_recipients(cell) or is_signature(cell.split("\n")[0]) or _ENDING.match(fold(cell[:60]))
        for cell in filled
    )


def _table(found: _Found, lines: Sequence[Line], taken: set[int], numbers: list[int]) -> Table:
    title = read_title(lines, found.rows[0].first, taken)
    begin = numbers[title.first] if title.first is not None else numbers[found.rows[0].first]
    if title.first is not None and lines[title.first].text.startswith(SHEET):
        begin += 2  # the name of a sheet, with its blank line, is no row of it
    header_rows = tuple(numbers[row.first] - begin + 1 for row in found.rows[: found.header.depth])
    return Table(
        header=found.header,
        rows=tuple(_told_apart(found, lines)),
        title=title.text,
        title_start=lines[title.first].start if title.first is not None else None,
        header_rows=header_rows,
        unit=title.unit,
    )


def _row_numbers(lines: Sequence[Line]) -> list[int]:
    numbers: list[int] = []
    last = 0
    for line in lines:
        last += 1 + (line.gap if numbers else 0)
        numbers.append(last)
    return numbers


def _told_apart(found: _Found, lines: Sequence[Line]) -> list[TableRow]:
    header, rows = found.header, found.rows
    told: list[TableRow] = []
    last_line = -1
    width = len(header.columns)
    heads = [_padded(row.cells, width) for row in rows[: header.depth]]
    for place, row in enumerate(rows):
        cells = _padded(row.cells, width)
        first = max(row.first, last_line + 1)
        last_line = row.last
        if first > row.last:
            continue
        is_head = place < header.depth or cells in heads or is_numbering(cells)
        kind, ordinal, cells = (HEAD, "", cells) if is_head else _kind_of(cells, header, told)
        if kind == "" and told:
            told[-1] = replace(told[-1], last=row.last, end=lines[row.last].end)
            continue
        told.append(
            TableRow(kind or NOTE, cells, first, row.last, lines[first].start, lines[row.last].end, ordinal)
        )
    return _with_parents(told, header)


def _kind_of(
    cells: tuple[str, ...], header: Header, before: list[TableRow]
) -> tuple[str, str, tuple[str, ...]]:
    """(kind, ordinal, cells) of one row; kind "" for a row without a word."""
    if not any(cell.strip("| ") for cell in cells):
        return "", "", cells
    cells = _said_once(cells)
    what = header.what
    ordinal = "" if header.ordinal is None else cells[header.ordinal]
    merged = _is_merged(cells, header)
    if merged:
        text = next(cell for cell in cells if cell)
        if _NOTE.match(fold(text)):
            return NOTE, "", cells
        ordinal, text = _embedded(text)
        kind = GROUP if level_of(ordinal) != 9 else DETAIL
        return kind, ordinal, tuple(text if place == what else "" for place in range(len(cells)))
    ordinal = "" if DITTO.fullmatch(ordinal) else ordinal
    text = "" if DITTO.fullmatch(cells[what]) else cells[what]
    if not ordinal and text:
        ordinal, text = _embedded(text)
    cells = tuple(text if place == what else cell for place, cell in enumerate(cells))
    if _NOTE.match(fold(text)) or (not ordinal and _TOTAL.fullmatch(fold(text))):
        return NOTE, ordinal, cells
    if not ordinal and _goes_on(text) and _last_kind(before) in (DATA, DETAIL, PARENT, MORE):
        return MORE, "", cells
    return _by_content(cells, ordinal, text, header), ordinal, cells


def _said_once(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Some writers repeat a merged cell's words in each cell it covers."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 3 or len(set(filled)) > 1 or len(filled[0]) < 5:
        return cells
    return (filled[0], *[""] * (len(cells) - 1))


def _is_merged(cells: tuple[str, ...], header: Header) -> bool:
    """One cell with words in the whole row, and not where the row's words usually stand."""
    filled = [place for place, cell in enumerate(cells) if cell]
    if len(filled) != 1:
        return False
    place = filled[0]
    if place > header.what:
        return False
    return place != header.what or (header.ordinal is not None and _EMBEDDED.match(cells[place]) is not None)


def _last_kind(before: list[TableRow]) -> str:
    return next((row.kind for row in reversed(before) if row.kind != HEAD), HEAD)


def _goes_on(text: str) -> bool:
    return not text or text[0].islower()


def _by_content(cells: tuple[str, ...], ordinal: str, text: str, header: Header) -> str:
    level = level_of(ordinal)
    has_more = any(cells[place] and not is_blank(cells[place]) for place in _told_by(header))
    if has_more:
        return DATA
    if _OPENS_DETAILS.fullmatch(fold(text)):
        return PARENT
    if level == 0 or (level is None and header.ordinal is not None) or text.isupper():
        return GROUP
    if header.kind != TASKS:
        marked = any(cells[place] for place in _told_by(header))
        return DATA if marked and header.places("unit") and cells[header.places("unit")[0]] else PARENT
    return DETAIL if level is not None and level >= 5 else DATA


def _told_by(header: Header) -> list[int]:
    """Columns that make a row more than a heading."""
    if header.kind == TASKS:
        told = ("lead", "cooperating", "carriers", "deadline_text", "deadline_start", "product", "targets")
        return header.places(*told)
    return header.places("targets", "baseline")


def _embedded(text: str) -> tuple[str, str]:
    """ "I. Chỉ đạo, điều hành" in one cell → ordinal and words."""
    found = _EMBEDDED.match(text)
    if not found:
        return "", text
    return next(part for part in found.groups() if part), text[found.end() :]


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells, *([""] * (width - len(cells))))[:width]


def _with_parents(rows: list[TableRow], header: Header) -> list[TableRow]:
    """A numbered task without anything told about it, over rows that are told about, only gathers them."""
    if header.kind != TASKS:
        return rows
    told = list(rows)
    for place, row in enumerate(told):
        level = level_of(row.ordinal)
        bare_row = not any(not is_blank(row.cells[i]) for i in _told_by(header))
        if row.kind == DATA and bare_row and level is not None and _has_children(told, place, level):
            told[place] = replace(row, kind=GROUP)
    return _adopted(told)


def _has_children(rows: list[TableRow], place: int, level: int) -> bool:
    for row in (rows[i] for i in range(place + 1, len(rows))):
        if row.kind in (HEAD, MORE, NOTE):
            continue
        below = level_of(row.ordinal)
        if row.kind == GROUP or below is None or below <= level:
            return False
        if row.kind == DATA:
            return True
    return False


def _adopted(rows: list[TableRow]) -> list[TableRow]:
    """Details need a task over them; without one they are tasks themselves."""
    told: list[TableRow] = []
    owner = False
    for row in rows:
        owner = owner if row.kind not in (DATA, GROUP) else row.kind == DATA
        told.append(replace(row, kind=DATA) if row.kind == DETAIL and not owner else row)
    return told
