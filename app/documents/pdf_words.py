"""The words a PDF page says it shows, with their places. Raw calls of PDFium: it tells of single letters only."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from app.documents.paper import PaperWord
from app.text import nfc

# Device units per page side when asking where a point of the page is shown (rotation and crop included).
_FINE = 20_000
_HYPHENS = {0x02: "-", 0xFFFE: "-", 0xAD: "-", 0xA0: " "}
_BOLD_WEIGHT = 600
_FORCED_BOLD = 1 << 18
_MOST_LETTERS = 100_000
# Fonts of the encodings before Unicode (TCVN3, VNI): their letters are not what their codes say.
_BEFORE_UNICODE = re.compile(r"(?:^|\+)(?:\.Vn|VNI-)", re.IGNORECASE)
STRANGE = "\ufffd"


@dataclass(frozen=True, slots=True)
class _Font:
    is_bold: bool
    is_old: bool


@dataclass(slots=True)
class _Letter:
    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    size: float
    bold: bool


def read_words(page: pdfium.PdfPage) -> list[PaperWord]:
    """In the order of the file; invisible and off-page letters are left out."""
    words: list[PaperWord] = []
    current: list[_Letter] = []
    for letter in _letters(page):
        if letter is None or (current and _is_apart(current[-1], letter)):
            words += _word(current)
            current = []
        if letter is not None:
            current.append(letter)
    return words + _word(current)


def _is_apart(before: _Letter, letter: _Letter) -> bool:
    size = max(before.size, letter.size, 1.0)
    moved = abs(letter.base - before.base) > 0.5 * size
    return moved or not -size < letter.left - before.right < 0.25 * size


def _word(letters: list[_Letter]) -> list[PaperWord]:
    text = nfc("".join(letter.text for letter in letters)).strip()
    if not text:
        return []
    bold = sum(letter.bold for letter in letters) * 2 > len(letters)
    return [
        PaperWord(
            text,
            min(letter.left for letter in letters),
            min(letter.top for letter in letters),
            max(letter.right for letter in letters),
            max(letter.bottom for letter in letters),
            letters[0].base,
            max(letter.size for letter in letters),
            bold,
        )
    ]


def _letters(page: pdfium.PdfPage) -> Iterator[_Letter | None]:
    """None stands for a space."""
    width, height = page.get_size()
    shown = Shown(page, width, height)
    text_page = page.get_textpage()
    fonts: dict[tuple[str, int], _Font] = {}
    for index in range(min(raw.FPDFText_CountChars(text_page), _MOST_LETTERS)):
        code = raw.FPDFText_GetUnicode(text_page, index)
        letter = _HYPHENS.get(code) or (chr(code) if 0 < code < 0x110000 else "")
        if (not letter.strip() or code < 32) and letter != "-":
            yield None
            continue
        box, origin = _place(text_page, index)
        left, top, right, bottom = shown.box(*box)
        if right < 0 or bottom < 0 or left > width or top > height:
            continue
        font = _font(text_page, index, fonts)
        yield _Letter(
            *(STRANGE if font.is_old else letter, left, top, right, bottom),
            base=shown.point(*origin)[1],
            size=raw.FPDFText_GetFontSize(text_page, index) * shown.scale or 1.0,
            bold=font.is_bold or raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT,
        )


def _place(
    text_page: pdfium.PdfTextPage, index: int
) -> tuple[tuple[float, float, float, float], tuple[float, float]]:
    """(left, bottom, right, top) and the origin of a letter, in the page's own coordinates."""
    rect = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text_page, index, rect)
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, index, x, y)
    return (rect.left, rect.bottom, rect.right, rect.top), (x.value, y.value)


def _font(text_page: pdfium.PdfTextPage, index: int, known: dict[tuple[str, int], _Font]) -> _Font:
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, 128, flags)
    key = (name.value.decode("utf-8", "replace"), flags.value)
    if key not in known:
        bold = "bold" in key[0].lower() or bool(key[1] & _FORCED_BOLD)
        known[key] = _Font(bold, bool(_BEFORE_UNICODE.search(key[0])))
    return known[key]


class Shown:
    """From the page's own coordinates to points from the top left corner of the page as it is shown."""

    def __init__(self, page: pdfium.PdfPage, width: float, height: float) -> None:
        origin, across, up = (self._ask(page, x, y) for x, y in ((0, 0), (1000, 0), (0, 1000)))
        wide, high = width / _FINE, height / _FINE
        self._x = (origin[0] * wide, (across[0] - origin[0]) * wide / 1000, (up[0] - origin[0]) * wide / 1000)
        self._y = (origin[1] * high, (across[1] - origin[1]) * high / 1000, (up[1] - origin[1]) * high / 1000)
        self.scale = max(abs(self._x[1]), abs(self._x[2]))

    def point(self, x: float, y: float) -> tuple[float, float]:
        return (
            self._x[0] + self._x[1] * x + self._x[2] * y,
            self._y[0] + self._y[1] * x + self._y[2] * y,
        )

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) as shown."""
        one, two = self.point(left, bottom), self.point(right, top)
        return min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])

    @staticmethod
    def _ask(page: pdfium.PdfPage, x: float, y: float) -> tuple[int, int]:
        shown_x, shown_y = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, _FINE, _FINE, 0, x, y, shown_x, shown_y)
        return shown_x.value, shown_y.value
