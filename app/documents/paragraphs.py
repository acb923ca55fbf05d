"""Lines of pages → one text with a blank line between paragraphs, and the places of its words.

On paper a paragraph ends where the next line's first word would still have fitted, where the next line is indented or
set apart, or where a new clause begins. Wrapped lines are put together, over the ends of pages too.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from app.documents.markers import find_marker
from app.documents.paper import PaperLine, PaperPage, PaperTable, PaperWord
from app.documents.rows import MERGED
from app.documents.sources import Box, Word
from app.text import nfc

_CLOSED = (".", ":", ";", "!", "?", "…", "./.")
# In multiples of the letters' size.
_INDENT = 0.8
_SLACK = 0.6
_CENTRED = 0.03
# Of the usual distance between lines: more parts paragraphs. OCR does not see so exactly where a line runs.
_APART, _APART_SEEN = 1.15, 1.28
_FEWEST_FULL = 3
# "57-" / "NQ/TW": lines may be broken behind a hyphen; between words it has spaces round it.
_CUT_AT_HYPHEN = re.compile(r"\w[-/]$")
# "71-NQ/TW", "Tiểu dự án" / "4: Nâng cao …"
_NUMBER_IN_A_SENTENCE = re.compile(r"\d{1,3}\s?(?:[-–/]\s?[A-ZĐ]|:)")


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a document is set: the margins of its text and the usual distance from line to line in letter sizes.

    `indents`: its paragraphs' first lines stand in, the others at the margin.
    """

    left: float
    right: float
    pitch: float
    indents: bool = False


@dataclass(slots=True)
class _Paragraph:
    lines: list[tuple[PaperLine, PaperPage]]

    @property
    def last(self) -> PaperLine:
        return self.lines[-1][0]


class TextOfPages:
    """Puts pages together to `text` and `words`."""

    def __init__(self, pages: list[PaperPage], numbers: dict[int, list[PaperLine]]) -> None:
        """`numbers`: the page numbers printed on each page."""
        self._measure = _measure(pages)
        self._numbers = numbers
        self._pieces: list[str] = []
        self._length = 0
        self.words: list[Word] = []
        self._paragraph: _Paragraph | None = None
        self._waiting: list[tuple[PaperLine, PaperPage]] = []
        for page in pages:
            self._add_page(page)
        self._close()

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def _add_page(self, page: PaperPage) -> None:
        self._waiting += [(line, page) for line in self._numbers.get(page.number, [])]
        if self._paragraph is None:
            self._write_numbers()
        for part in page.content:
            if isinstance(part, PaperTable):
                self._add_table(part, page)
            else:
                self._add_line(part, page)

    def _add_line(self, line: PaperLine, page: PaperPage) -> None:
        paragraph = self._paragraph
        if paragraph is not None and self._goes_on(paragraph, line, page):
            paragraph.lines.append((line, page))
            return
        self._close()
        self._paragraph = _Paragraph([(line, page)])

    def _goes_on(self, paragraph: _Paragraph, line: PaperLine, page: PaperPage) -> bool:
        last, last_page = paragraph.lines[-1]
        if line.stands_alone or last.stands_alone:
            return line.stands_alone and last.stands_alone and last_page is page
        same_page = last_page is page
        if same_page and self._is_set_apart(last, line):
            return False
        if self._is_centred(last, last_page) and self._is_centred(line, page):
            return same_page
        if self._would_have_fitted(last, line) or _is_heading_over(paragraph, line):
            return False
        return _continues(paragraph, line, self._measure)

    def _is_set_apart(self, above: PaperLine, line: PaperLine) -> bool:
        pitch = self._measure.pitch * max(above.size, line.size)
        most = _APART_SEEN if line.words[0].confidence is not None else _APART
        return line.base - above.base > most * pitch or line.base <= above.base

    def _is_centred(self, line: PaperLine, page: PaperPage) -> bool:
        middle = (self._measure.left + self._measure.right) / 2
        off = abs((line.left + line.right) / 2 - middle)
        inside = (
            line.left > self._measure.left + 2 * line.size and line.right < self._measure.right - line.size
        )
        return off < _CENTRED * page.width and inside

    def _would_have_fitted(self, above: PaperLine, line: PaperLine) -> bool:
        first = line.words[0]
        space = 0.2 * line.size
        return above.right + space + (first.right - first.left) < self._measure.right - _SLACK * line.size

    def _close(self) -> None:
        if self._paragraph is not None:
            self._write_paragraph(self._paragraph)
            self._paragraph = None
        self._write_numbers()

    def _write_numbers(self) -> None:
        for line, page in self._waiting:
            self._write_paragraph(_Paragraph([(line, page)]))
        self._waiting = []

    def _write_paragraph(self, paragraph: _Paragraph) -> None:
        self._write("\n\n" if self._length else "")
        words: list[tuple[PaperWord, PaperPage, str]] = []
        before: PaperLine | None = None
        for line, page in paragraph.lines:
            between = "" if before is None else self._between(before, line, page)
            for number, word in enumerate(line.words):
                words.append((word, page, between if number == 0 else " "))
            before = line
        self._write_words(words)

    def _between(self, above: PaperLine, line: PaperLine, page: PaperPage) -> str:
        if self._keeps_line_end(above, line, page):
            return "\n"
        return "" if _CUT_AT_HYPHEN.search(above.words[-1].text) else " "

    def _keeps_line_end(self, above: PaperLine, line: PaperLine, page: PaperPage) -> bool:
        return line.stands_alone or (self._is_centred(above, page) and self._is_centred(line, page))

    def _write_words(self, words: list[tuple[PaperWord, PaperPage, str]]) -> None:
        """Bold words go between **, which close at the end of a line."""
        bold = False
        for word, page, between in words:
            if bold and (not word.bold or "\n" in between):
                self._write("**")
                bold = False
            self._write(between)
            if word.bold and not bold and any(letter.isalnum() for letter in word.text):
                self._write("**")
                bold = True
            self._write_word(word, page.box(word), page.number)
        self._write("**" if bold else "")

    def _add_table(self, table: PaperTable, page: PaperPage) -> None:
        self._close()
        self._write("\n\n" if self._length else "")
        for number, row in enumerate(table.rows):
            self._write("\n| " if number else "| ")
            for place, cell in enumerate(row):
                self._write(" | " if place else "")
                if cell is None:
                    self._write(MERGED)
                else:
                    self._write_cell(cell, page)
            self._write(" |")

    def _write_cell(self, cell: list[PaperLine], page: PaperPage) -> None:
        right = max((line.right for line in cell), default=0.0)
        for number, line in enumerate(cell):
            if number:
                above = cell[number - 1]
                first = line.words[0]
                fitted = above.right + 0.2 * line.size + first.right - first.left < right - _SLACK * line.size
                self._write("<br>" if fitted or find_marker(line.text) else " ")
            for place, word in enumerate(line.words):
                self._write(" " if place else "")
                self._write_word(word, page.box(word), page.number, in_table=True)

    def _write_word(self, word: PaperWord, box: Box, page: int, *, in_table: bool = False) -> None:
        text = nfc(word.text).replace("|", "\\|") if in_table else nfc(word.text)
        start = self._length
        self._write(text)
        self.words.append(Word(start, self._length, page, box, word.confidence))

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)


def _continues(paragraph: _Paragraph, line: PaperLine, measure: _Measure) -> bool:
    """Whether a line behind a full one belongs to the same paragraph, by where it begins and what with."""
    above = paragraph.last
    indent = line.left - above.left
    far = _INDENT * line.size
    if len(paragraph.lines) > 1:
        return abs(indent) <= far and not _opens_clause(above, line)
    if indent > far:
        return find_marker(above.text) is not None and not _opens_clause(above, line)
    if indent < -far:
        # The first line was indented, this one is not; a list's second item may be, too.
        return line.left <= measure.left + far or not _opens_clause(above, line)
    return not _opens_clause(above, line) and not _may_end(above, line, measure)


def _may_end(above: PaperLine, line: PaperLine, measure: _Measure) -> bool:
    """Where paragraphs are indented, two first lines follow each other when the upper one is all of its paragraph."""
    indented = above.left > measure.left + _INDENT * above.size
    return indented and (measure.indents or (above.text.endswith(_CLOSED) and line.text[:1].isupper()))


def _is_heading_over(paragraph: _Paragraph, line: PaperLine) -> bool:
    """All in capitals or all bold, and what follows is neither."""
    if not line.text[:1].isupper():
        return False
    above = [line for line, _ in paragraph.lines]
    in_capitals = all(one.text.isupper() for one in above) and not line.text.isupper()
    in_bold = all(word.bold for one in above for word in one.words)
    return in_capitals or (in_bold and not any(word.bold for word in line.words))


def _opens_clause(above: PaperLine, line: PaperLine) -> bool:
    marker = find_marker(line.text)
    if marker is None:
        return False
    if above.text.endswith((*_CLOSED, ",")):
        return True
    # "kinh tế" / "- xã hội", "2025" / "- 2035", "Nghị quyết số" / "71-NQ/TW": carried over by the wrap.
    rest = line.text[marker.length :].strip()
    return (rest[:1].isupper() or rest[:1] in "“(") and not _NUMBER_IN_A_SENTENCE.match(line.text)


def _measure(pages: list[PaperPage]) -> _Measure:
    lines = [line for page in pages for line in page.lines() if not line.stands_alone]
    if not lines:
        return _Measure(0, 1, 1.2)
    left = _left_margin(lines)
    right = _right_margin(lines, pages[0].width - left)
    return _Measure(left, right, _pitch(lines), _has_indents(lines, left, right))


def _has_indents(lines: list[PaperLine], left: float, right: float) -> bool:
    """What follows a full line that stands in: lines at the margin, or lines that stand in as well."""
    at_margin = standing_in = 0
    for one, two in pairwise(lines):
        if one.left > left + _INDENT * one.size and right - one.right < one.size and two.base > one.base:
            at_margin += abs(two.left - left) < two.size / 2
            standing_in += abs(two.left - one.left) < two.size / 2
    return at_margin > 3 * standing_in


def _left_margin(lines: list[PaperLine]) -> float:
    lefts = Counter(round(line.left / 3) for line in lines if len(line.words) > 3)
    if not lefts:
        return min(line.left for line in lines)
    common = lefts.most_common(1)[0][0]
    return min(line.left for line in lines if abs(line.left / 3 - common) <= 1)


def _right_margin(lines: list[PaperLine], even: float) -> float:
    """Where full lines end; where too few end together to be full, the margin is taken to be `even` with the left."""
    rights = sorted(line.right for line in lines)
    reached = rights[int(len(rights) * 0.98) if len(rights) > 50 else -1]
    full = sum(abs(line.right - reached) < line.size for line in lines)
    return reached if full >= _FEWEST_FULL else max(reached, even)


def _pitch(lines: list[PaperLine]) -> float:
    """The usual distance from a line to the next in sizes of its letters."""
    steps = [(two.base - one.base) / max(two.size, 1.0) for one, two in pairwise(lines)]
    usual = Counter(round(step * 20) for step in steps if 0.8 < step < 3)
    return usual.most_common(1)[0][0] / 20 if usual else 1.2
