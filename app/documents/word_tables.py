"""Tables of a Word file: those that lay out a letterhead or signatures, and those that hold rows."""

import re
from collections.abc import Callable, Iterator

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from app.documents.rows import MERGED
from app.documents.word_numbering import value, whole
from app.documents.word_styles import Styles, draws_lines
from app.text import fold

_LETTERHEAD = re.compile(r"cong hoa xa hoi chu nghia viet nam|dang cong san viet nam|noi nhan\s*:")
_FEW_ROWS, _FEW_COLUMNS = 4, 3
_WIDEST = 60


def is_laid_out(table: Element, styles: Styles, text: str) -> bool:
    """Whether a table only puts words beside each other: no lines, or the words of a letterhead or signature."""
    lines = list(table.iterchildren(qn("w:tr")))
    columns = max((sum(1 for _ in cells(row)) for row in lines), default=0)
    if columns <= 1:
        return True
    if columns > _FEW_COLUMNS or len(lines) > _FEW_ROWS:
        return False
    return not _has_lines(table, styles) or bool(_LETTERHEAD.search(fold(text)))


def markdown_rows(table: Element, text_of: Callable[[Element], str]) -> Iterator[str]:
    """One "| a | b |" a row; merged cells have their words at their first place, and a mark below it."""
    for row in table.iterchildren(qn("w:tr")):
        written = [""] * min(_skipped(row, "w:gridBefore"), _WIDEST)
        for cell in cells(row):
            properties = cell.find(qn("w:tcPr"))
            written.append(MERGED if _goes_on(properties) else cell_text(text_of(cell)))
            written += [""] * (_span(properties) - 1)
        written += [""] * min(_skipped(row, "w:gridAfter"), _WIDEST)
        yield f"| {' | '.join(written)} |"


def cell_text(text: str) -> str:
    """A cell's lines on one line of text."""
    lines = [" ".join(line.split()) for line in text.replace("**", "").split("\n")]
    return "<br>".join(line for line in lines if line).replace("|", "\\|")


def cells(row: Element) -> Iterator[Element]:
    """Cells of a row, those in content controls too."""
    for element in row:
        if element.tag == qn("w:tc"):
            yield element
        elif element.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml")):
            yield from cells(element)


def _has_lines(table: Element, styles: Styles) -> bool:
    properties = table.find(qn("w:tblPr"))
    own = properties.find(qn("w:tblBorders")) if properties is not None else None
    if own is not None:
        return draws_lines(own)
    if any(draws_lines(borders) for borders in table.iter(qn("w:tcBorders"))):
        return True
    return styles.has_lines(value(properties, "w:tblStyle") if properties is not None else None)


def _goes_on(properties: Element | None) -> bool:
    """Whether a cell only continues the one above it."""
    merged = properties.find(qn("w:vMerge")) if properties is not None else None
    return merged is not None and merged.get(qn("w:val"), "continue") == "continue"


def _span(properties: Element | None) -> int:
    span = value(properties, "w:gridSpan") if properties is not None else None
    return max(1, min(whole(span, 1), _WIDEST))


def _skipped(row: Element, tag: str) -> int:
    properties = row.find(qn("w:trPr"))
    return whole(value(properties, tag)) if properties is not None else 0
