"""The words of one Word paragraph as a reader of the page sees them, bold ones between **.

Text boxes and footnotes met on the way are handed back, to be put where they cut no sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from app.documents.word_numbering import shown_symbol, value
from app.documents.word_styles import Look, Styles, changed

_ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_LEFT_OUT = frozenset(qn(f"w:{name}") for name in ("del", "moveFrom", "pPr", "rPr"))
_SIGNS = {
    qn("w:tab"): "\t",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:ptab"): "\t",
}
_NOTES = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}
# Fonts of the encodings before Unicode (TCVN3, VNI): their letters are not what their codes say.
_BEFORE_UNICODE = re.compile(r"\.Vn|VNI[-_ ]", re.IGNORECASE)


@dataclass(slots=True)
class Words:
    """`runs`: (text, is bold) in order. `boxes`: contents of text boxes. `notes`: (kind, id) of footnotes."""

    runs: list[tuple[str, bool]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    old_letters: int = 0
    pictures: int = 0

    def marked(self, label: str = "") -> str:
        """The paragraph's text; line breaks stay."""
        runs = [(label + " ", self._begins_bold()), *self.runs] if label else self.runs
        return "\n".join(_marked_line(line) for line in _lines(runs)).strip()

    def _begins_bold(self) -> bool:
        return next((bold for text, bold in self.runs if text.strip()), False)


def read_words(paragraph: Element, styles: Styles) -> Words:
    words = Words()
    properties = paragraph.find(qn("w:pPr"))
    style = value(properties, "w:pStyle") if properties is not None else None
    _read_inline(paragraph, styles.look(style), styles, words)
    return words


def _read_inline(parent: Element, look: Look, styles: Styles, words: Words) -> None:
    for element in parent:
        if element.tag == qn("w:r"):
            _read_run(element, look, styles, words)
        elif element.tag == _MATH:
            words.runs.append(("".join(part.text or "" for part in element.iter(_MATH_TEXT)), look.bold))
        elif isinstance(element.tag, str) and element.tag not in _LEFT_OUT:
            _read_inline(element, look, styles, words)


def _read_run(run: Element, look: Look, styles: Styles, words: Words) -> None:
    properties = run.find(qn("w:rPr"))
    if properties is not None:
        look = changed(styles.change(look, value(properties, "w:rStyle")), properties)
    if look.hidden:
        return
    for element in run:
        if element.tag in _NOTES:
            words.notes.append((_NOTES[element.tag], element.get(qn("w:id"), "")))
            continue
        words.boxes += _boxes(element)
        words.pictures += element.tag in (qn("w:drawing"), qn("w:pict"))
        text = _text_of(element)
        if text:
            words.runs.append((text.upper() if look.capitals else text, look.bold))
            words.old_letters += len(text) if _BEFORE_UNICODE.match(look.font) else 0


def _text_of(element: Element) -> str:
    if element.tag == qn("w:t"):
        return element.text or ""
    if element.tag == qn("w:br"):
        return "\n" if element.get(qn("w:type"), "textWrapping") == "textWrapping" else " "
    if element.tag == qn("w:sym"):
        code = element.get(qn("w:char"), "")
        return shown_symbol(chr(int(code, 16))) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else ""
    return _SIGNS.get(element.tag, "")


def _boxes(element: Element) -> list[Element]:
    """Text boxes in a run. Newer Word writes each twice, the second time for older programs."""
    if element.tag == _ALTERNATE:
        versions = [list(version.iter(qn("w:txbxContent"))) for version in element]
        return next((boxes[:1] + _after(boxes) for boxes in versions if boxes), [])
    if element.tag in (qn("w:drawing"), qn("w:pict"), qn("w:object")):
        boxes = list(element.iter(qn("w:txbxContent")))
        return boxes[:1] + _after(boxes)
    return []


def _after(boxes: list[Element]) -> list[Element]:
    """Boxes of a group after the first, without those that lie in another: their text comes with its own."""
    return [box for box in boxes[1:] if next(box.iterancestors(qn("w:txbxContent")), None) is None]


def _lines(runs: list[tuple[str, bool]]) -> Iterator[list[tuple[str, bool]]]:
    line: list[tuple[str, bool]] = []
    for text, bold in runs:
        first, *others = text.split("\n")
        line.append((first, bold))
        for other in others:
            yield line
            line = [(other, bold)]
    yield line


def _marked_line(runs: list[tuple[str, bool]]) -> str:
    """Bold is marked per line and word-tight: "**Công an xã:** xử lý", whatever runs the file cuts it into."""
    pieces: list[tuple[str, bool]] = []
    for text, bold in runs:
        bold = bold if text.strip() else bool(pieces) and pieces[-1][1]
        if pieces and pieces[-1][1] == bold:
            pieces[-1] = (pieces[-1][0] + text, bold)
        elif text:
            pieces.append((text, bold))
    return "".join(_bold(text) if bold else text for text, bold in pieces).strip()


def _bold(text: str) -> str:
    inner = text.strip()
    if not any(letter.isalnum() for letter in inner):
        return text
    begin = text.index(inner)
    return f"{text[:begin]}**{inner}**{text[begin + len(inner) :]}"
