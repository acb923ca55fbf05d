"""Text → lines with their places, and what kind of line each one is."""

import re
from collections import Counter
from dataclasses import dataclass

from app.documents.markers import bare, opens_clause
from app.text import nfc

# Form feeds and the like end a page, hence a line. A column gap makes two pieces of one line.
_LINE = re.compile(r"[^\r\n\f\v\x1c-\x1e\x85\u2028\u2029]+")
# Text taken out of a page keeps one space between columns: there their well-known words part them.
_GAP = re.compile(
    r"\t+| {4,}|(?<=[^|\s])\s*\|\s*(?=[^|\s])|"
    r"\s(?=CỘNG (?:HÒA|HOÀ) XÃ HỘI|Độc lập [-–] Tự do|ĐẢNG CỘNG SẢN VIỆT NAM)|"
    r"(?<=[:;.,])(?<!KT\.)(?<!TM\.)(?<!TL\.)(?<!TUQ\.)\s"
    r"(?=(?:TM|T/M|KT|TL|TUQ)\.?\s[A-ZĐÀ-Ỹ]{2}|(?:PHÓ )?(?:CHỦ TỊCH|BÍ THƯ|GIÁM ĐỐC)\b)"
)
# Not "\|", which keeps a bar inside its cell, nor a star that would open italics.
_ESCAPED = re.compile(r"\\([-.#()+>!~\[\]]|\*(?=\s))")
_INK = re.compile(r"[^\W_]")
_PAGE_NUMBER = re.compile(r"(?:[-–]\s?)?(?:Trang\s)?\d{1,3}(?:\s?/\s?\d{1,3})?(?:\s?[-–])?", re.IGNORECASE)
# Enough lines to see a file's habits.
_SAMPLE = 3000
_FEWEST_IN, _MOST_IN = 3, 12
_NARROWEST, _WIDEST = 40, 160


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is NFC and stripped; [start, end) are its places in the file's text; `gap` blank lines came before."""

    text: str
    start: int
    end: int
    indent: int
    gap: int

    @property
    def is_ornament(self) -> bool:
        return not _INK.search(self.text)

    @property
    def is_page_number(self) -> bool:
        return is_page_number(self.text)

    @property
    def is_table_row(self) -> bool:
        return self.text.count("|") >= 2 and self.text.startswith("|")


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file separates paragraphs: by blank lines, and wrapped at `width` (None: one line, one paragraph).

    `is_indented`: first lines of paragraphs stand in from the margin.
    """

    has_blank_lines: bool
    width: int | None
    is_indented: bool = False


def split_lines(text: str) -> list[Line]:
    lines: list[Line] = []
    last_row = -1
    for row, start, content in _rows(text):
        stripped = content.strip()
        if not stripped:
            continue
        indent = len(content) - len(content.lstrip())
        begin = start + indent
        gap = row - last_row - 1 if lines else 0
        words = _plain(stripped).replace("\ufeff", "") or stripped
        lines.append(Line(words, begin, begin + len(stripped), indent, gap))
        last_row = row
    return lines


def is_page_number(text: str) -> bool:
    return len(text) < 16 and bool(_PAGE_NUMBER.fullmatch(text))


def split_columns(line: Line, source: str) -> list[Line]:
    """Two columns printed on one line ("Nơi nhận:      T/M BAN THƯỜNG VỤ") → one line each."""
    raw = source[line.start : line.end]
    pieces: list[Line] = []
    place = 0
    for gap in [*_GAP.finditer(raw), None]:
        end = gap.start() if gap else len(raw)
        piece = raw[place:end].strip()
        if piece:
            begin = line.start + place + raw[place:end].index(piece[0])
            gap_before = 0 if pieces else line.gap
            # A bar between two cells is ink too: it belongs to the cell before it.
            last = end + len(gap.group().rstrip()) if gap else end
            ends_at = line.start + len(raw[:last].rstrip())
            pieces.append(Line(_plain(piece), begin, ends_at, line.indent + place, gap_before))
        place = gap.end() if gap else end
    return pieces


def measure_layout(lines: list[Line]) -> Layout:
    lines = lines[:_SAMPLE]
    openers = [line for line in lines[1:] if opens_clause(line.text)]
    after_blank = sum(1 for line in openers if line.gap)
    followed = sum(1 for line in lines[1:] if line.gap)
    has_blank_lines = after_blank * 10 >= len(openers) * 6 if openers else followed * 10 >= len(lines) * 3
    margin = min((line.indent for line in lines), default=0)
    stand_in = sum(1 for line in lines if _FEWEST_IN <= line.indent - margin <= _MOST_IN)
    is_indented = len(lines) <= stand_in * 10 <= len(lines) * 9
    return Layout(has_blank_lines, _wrap_width(lines), is_indented)


def is_heading_like(text: str) -> bool:
    """Short, and not closed by a sentence's punctuation."""
    words = bare(text)
    return len(words) <= 220 and not words.endswith((".", ";", ",", "…"))


def _plain(text: str) -> str:
    """The words as read: composed letters, and signs that a converter to Markdown wrote with a backslash."""
    return _ESCAPED.sub(r"\1", nfc(text)) if "\\" in text else nfc(text)


def _rows(text: str) -> list[tuple[int, int, str]]:
    rows: list[tuple[int, int, str]] = []
    row = last = 0
    for found in _LINE.finditer(text):
        row += _breaks(text[last : found.start()])
        rows.append((row, found.start(), found.group()))
        last = found.end()
    return rows


def _breaks(between: str) -> int:
    return len(between.replace("\r\n", "\n"))


def _wrap_width(lines: list[Line]) -> int | None:
    lengths = sorted(len(line.text) for line in lines)
    if not lengths:
        return None
    widest = lengths[int(len(lengths) * 0.97)]
    if not _NARROWEST <= widest <= _WIDEST:
        return None
    near = Counter(length * 10 >= widest * 8 for length in lengths)
    return widest if near[True] * 5 >= len(lengths) else None
