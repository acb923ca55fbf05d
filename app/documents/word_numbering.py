"""The labels Word draws before list paragraphs ("I.", "2.1.", "a)", "-"): they stand in numbering.xml, not in the text.

After ECMA-376 part 1, 17.9: a paragraph names a list and a level; the list counts, deeper levels start again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

# Letters of the fonts Symbol and Wingdings, which stand in a private area, as signs of ordinary fonts.
SYMBOLS = {
    0xB7: "•", 0xA7: "▪", 0xA8: "■", 0xD8: "➢", 0xFC: "✓", 0x76: "❖", 0x6E: "■", 0x71: "■", 0x2D: "-",
    0x6F: "○", 0x6C: "●", 0xE0: "→", 0x2B: "+", 0x2A: "*", 0xF0: "→", 0xFE: "✓", 0x2022: "•",
}  # fmt: skip
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    format: str = "decimal"
    text: str = ""
    style: str | None = None
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class _List:
    """One w:num: where its levels come from, and which counters it sets anew when first used."""

    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)


class Numbering:
    """Counts through a document's lists in the order its paragraphs come."""

    def __init__(self, numbering: Element | None, list_of_style: dict[str, str]) -> None:
        """`list_of_style`: numbering style → the list (numId) it stands for."""
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        if numbering is not None:
            self._load(numbering, list_of_style)

    def level_of_style(self, number: str, style: str) -> int:
        """The level of a list that a paragraph style is tied to; the first where none is."""
        levels = self._levels_of(number)
        return next((depth for depth, level in levels.items() if level.style == style), 0)

    def label(self, number: str, depth: int) -> str:
        """The label of the next paragraph of list `number` (numId) at `depth` (from 0); "" where it has none."""
        levels = self._levels_of(number)
        level = levels.get(depth)
        if level is None:
            return ""
        counters = self._count(number, depth, level)
        if level.format == "bullet":
            return "".join(shown_symbol(letter) for letter in level.text).strip()
        if level.format == "none":
            return ""
        label = level.text
        for above in range(depth + 1):
            mark = f"%{above + 1}"
            if mark in label:
                other = levels.get(above, _Level())
                style = "decimal" if level.legal else other.format
                label = label.replace(mark, _written(counters.get(above, other.start), style))
        return label.strip()

    def _count(self, number: str, depth: int, level: _Level) -> dict[int, int]:
        list_ = self._lists[number]
        counters = self._counters.setdefault(list_.abstract, {})
        if depth in list_.starts and (number, depth) not in self._begun:
            counters[depth] = list_.starts[depth]
        else:
            counters[depth] = counters[depth] + 1 if depth in counters else level.start
        self._begun.add((number, depth))
        for deeper, other in self._levels_of(number).items():
            if deeper > depth and other.restart != 0 and (other.restart is None or depth < other.restart):
                counters.pop(deeper, None)
        return counters

    def _levels_of(self, number: str) -> dict[int, _Level]:
        list_ = self._lists.get(number)
        return self._levels.get(list_.abstract, {}) | list_.levels if list_ else {}

    def _load(self, numbering: Element, list_of_style: dict[str, str]) -> None:
        linked: dict[str, str] = {}
        for abstract in numbering.iterchildren(qn("w:abstractNum")):
            name = abstract.get(qn("w:abstractNumId"), "")
            self._levels[name] = dict(_levels(abstract))
            if style := value(abstract, "w:numStyleLink"):
                linked[name] = list_of_style.get(style, "")
        for num in numbering.iterchildren(qn("w:num")):
            self._lists[num.get(qn("w:numId"), "")] = _list(num)
        for name, number in linked.items():
            if number in self._lists and not self._levels[name]:
                self._levels[name] = self._levels.get(self._lists[number].abstract, {})


def value(parent: Element, tag: str) -> str | None:
    """w:val of a child element; None where either is missing."""
    child = parent.find(qn(tag))
    return None if child is None else child.get(qn("w:val"))


def shown_symbol(letter: str) -> str:
    """A letter of a symbol font as an ordinary sign; other letters as they are."""
    code = ord(letter)
    if 0xF000 <= code <= 0xF0FF:
        return SYMBOLS.get(code - 0xF000, "•")
    return {"o": "○", "§": "▪", "Ø": "➢", "ü": "✓", "·": "•"}.get(letter, letter)


def _levels(parent: Element) -> Iterator[tuple[int, _Level]]:
    for element in parent.iterchildren(qn("w:lvl")):
        depth = whole(element.get(qn("w:ilvl")))
        if 0 <= depth < _LEVELS:
            restart = value(element, "w:lvlRestart")
            yield (
                depth,
                _Level(
                    start=whole(value(element, "w:start"), 1),
                    format=value(element, "w:numFmt") or "decimal",
                    text=(value(element, "w:lvlText") or "")[:40],
                    style=value(element, "w:pStyle"),
                    restart=None if restart is None else whole(restart),
                    legal=element.find(qn("w:isLgl")) is not None,
                ),
            )


def _list(num: Element) -> _List:
    list_ = _List(value(num, "w:abstractNumId") or "")
    for override in num.iterchildren(qn("w:lvlOverride")):
        depth = whole(override.get(qn("w:ilvl")))
        if (start := value(override, "w:startOverride")) is not None:
            list_.starts[depth] = whole(start, 1)
        list_.levels |= dict(_levels(override))
    return list_


def whole(text: str | None, default: int = 0) -> int:
    """A count from an attribute; what is no small number counts as the default."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else default


def _written(number: int, style: str) -> str:
    if style in ("upperRoman", "lowerRoman"):
        return _roman(number) if style == "upperRoman" else _roman(number).lower()
    if style in ("upperLetter", "lowerLetter"):
        letter = (
            chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 500 else str(number)
        )
        return letter.upper() if style == "upperLetter" else letter
    return f"{number:02}" if style == "decimalZero" else str(number)


def _roman(number: int) -> str:
    if not 0 < number < 400:
        return str(number)
    written = ""
    for worth, letters in _ROMAN:
        written += letters * (number // worth)
        number %= worth
    return written
