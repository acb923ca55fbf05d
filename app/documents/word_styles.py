"""What a Word file's styles say of the paragraphs, words and tables that use them."""

from dataclasses import dataclass, replace

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from app.documents.word_numbering import value, whole

_OFF = ("0", "false", "off", "none")
_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Look:
    """How words show: `font` as named in the file."""

    bold: bool = False
    capitals: bool = False
    hidden: bool = False
    font: str = ""


class Styles:
    def __init__(self, styles: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default_look = Look()
        self._default_paragraph = ""
        if styles is not None:
            self._load(styles)

    def look(self, style: str | None) -> Look:
        """Of the words of a paragraph in this style; None means the default style."""
        look = self._default_look
        for element in reversed(self._chain(style or self._default_paragraph)):
            look = changed(look, element.find(qn("w:rPr")))
        return look

    def change(self, look: Look, style: str | None) -> Look:
        """A character style laid over a look."""
        for element in reversed(self._chain(style or "")):
            look = changed(look, element.find(qn("w:rPr")))
        return look

    def numbering(self, style: str | None) -> tuple[str, int | None] | None:
        """(list, level) a paragraph style brings; the level is None where the list has to say."""
        number: str | None = None
        depth: int | None = None
        for element in self._chain(style or ""):
            properties = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if properties is not None:
                level = value(properties, "w:ilvl")
                depth = whole(level) if depth is None and level is not None else depth
                number = number or value(properties, "w:numId")
        return (number, depth) if number else None

    def lists(self) -> dict[str, str]:
        """Numbering style → the list (numId) it stands for."""
        numbered = {name: self.numbering(name) for name in self._styles}
        return {name: found[0] for name, found in numbered.items() if found}

    def names(self, style: str | None) -> str:
        """The style's own name in lower case ("toc 1"), "" where it is unknown."""
        element = self._styles.get(style or "")
        return (value(element, "w:name") or "").casefold() if element is not None else ""

    def has_lines(self, table_style: str | None) -> bool:
        """Whether tables of this style are drawn with lines."""
        for element in self._chain(table_style or ""):
            borders = element.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}")
            if borders is not None:
                return draws_lines(borders)
        return False

    def _chain(self, style: str) -> list[Element]:
        """The style and those it is based on, nearest first; a circle ends."""
        chain: list[Element] = []
        while style in self._styles and len(chain) < _DEEPEST:
            chain.append(self._styles[style])
            style = value(chain[-1], "w:basedOn") or ""
        return chain

    def _load(self, styles: Element) -> None:
        defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        self._default_look = changed(Look(), defaults)
        for element in styles.iterchildren(qn("w:style")):
            name = element.get(qn("w:styleId"), "")
            self._styles[name] = element
            if element.get(qn("w:type")) == "paragraph" and element.get(qn("w:default")) in ("1", "true"):
                self._default_paragraph = name


def changed(look: Look, properties: Element | None) -> Look:
    """A look after direct formatting (w:rPr) is laid over it."""
    if properties is None:
        return look
    fonts = properties.find(qn("w:rFonts"))
    named = fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi")) if fonts is not None else None
    return replace(
        look,
        bold=_switched(properties, "w:b", look.bold),
        capitals=_switched(properties, "w:caps", look.capitals),
        hidden=_switched(properties, "w:vanish", look.hidden),
        font=named or look.font,
    )


def draws_lines(borders: Element) -> bool:
    return any(edge.get(qn("w:val"), "nil") not in ("nil", "none") for edge in borders)


def _switched(properties: Element, tag: str, before: bool) -> bool:
    element = properties.find(qn(tag))
    return before if element is None else element.get(qn("w:val"), "1") not in _OFF
