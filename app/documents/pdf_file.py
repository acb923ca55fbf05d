"""A PDF, or a picture of one page, → one text with the places of its words. Pure: who sees (OCR) is handed in.

Each page for itself: one that says its words is read, one that is only a picture, or whose letters make no sense, is
drawn and seen.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from app.documents import pdf_rules, pictures, scan_rules
from app.documents.decoding import TooLargeDocument, UnsupportedDocument
from app.documents.page_margins import drop_running_lines, take_page_numbers
from app.documents.page_rows import order_lines, pieces
from app.documents.paper import PaperLine, PaperPage, PaperTable, PaperWord
from app.documents.paragraphs import TextOfPages
from app.documents.pdf_objects import objects_of, refuse_overloaded
from app.documents.pdf_words import STRANGE, read_words
from app.documents.recognition import damaged, encrypted
from app.documents.ruled_tables import Rules, of_tables, tables_in, without
from app.documents.scan_words import SeenWord, words_on_paper
from app.documents.secrecy import refuse_secret
from app.documents.sources import Source

MOST_PAGES = 200
See = Callable[[Image.Image], list[SeenWord]]
Told = Callable[[str], None]
# A page with fewer letters than this says nothing: a page number over a scan.
_FEWEST_LETTERS = 20
_STRANGEST = 0.1
_LOOKED_AT = 200
# Share of the first page where a secrecy mark is looked for.
_TOP = 0.4
# Points per pixel of a picture at 300 dots per inch.
_POINT = 0.24


def read_pdf(data: bytes, see: See, tell: Told) -> Source:
    """`tell` gets the words of each page when it is done. Raises UnreadableDocument, ProgramMissing from `see`."""
    with opened(data) as document:
        scanned = 0
        pages: list[PaperPage] = []
        for number, page in enumerate(document, start=1):
            read, was_scanned = _read_page(page, number, see)
            pages.append(read)
            scanned += was_scanned
            tell("\n".join(line.text for line in read.lines()))
            page.close()
    return _source("scan" if scanned * 2 > len(pages) else "pdf", pages)


def read_picture(data: bytes, see: See, tell: Told) -> Source:
    """A photographed or scanned page."""
    picture = pictures.sized_for_reading(pictures.open_picture(data))
    page = _see_page(picture, 1, see, picture.width * _POINT, picture.height * _POINT)
    tell("\n".join(line.text for line in page.lines()))
    return _source("image", [page])


def count_pages(data: bytes) -> int:
    with opened(data) as document:
        return len(document)


def show(data: bytes, page: int, width: int) -> bytes:
    """Page `page` (from 1) as JPEG. Raises UnreadableDocument where there is no such page."""
    with opened(data) as document:
        if not 1 <= page <= len(document):
            raise UnsupportedDocument("Tệp không có trang này.")
        shown = document[page - 1]
        refuse_overloaded(shown)
        return pictures.show_page(shown, width)


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise encrypted() from error
        raise damaged() from error
    try:
        if len(document) > MOST_PAGES:
            raise TooLargeDocument(
                "Tệp dài quá 200 trang. Hãy tách kế hoạch và phụ lục thành các tệp nhỏ hơn."
            )
        if not len(document):
            raise damaged()
        yield document
    except pdfium.PdfiumError as error:
        raise damaged() from error
    finally:
        document.close()


def _source(format_: str, pages: list[PaperPage]) -> Source:
    _refuse_secret(pages[0])
    drop_running_lines(pages)
    numbers = take_page_numbers(pages)
    put = TextOfPages(pages, numbers)
    return Source(format_, put.text, len(pages), tuple(put.words))


def _refuse_secret(first: PaperPage) -> None:
    """A mark stands on a line of its own, or apart from what is beside it, however the lines are put together."""
    words = [word for line in first.lines() for word in line.words if word.bottom < first.height * _TOP]
    capitals = [piece for piece in pieces(words) if piece.isupper()]
    refuse_secret("\n".join(capitals), "")


def _read_page(page: pdfium.PdfPage, number: int, see: See) -> tuple[PaperPage, bool]:
    """The page and whether it had to be seen."""
    refuse_overloaded(page)
    width, height = page.get_size()
    words = read_words(page)
    if (_is_nonsense(words) or _is_hidden(page)) and _is_drawn(page):
        return _see_page(pictures.draw_for_reading(page), number, see, width, height), True
    content = _content(words, pdf_rules.find_rules(page))
    return PaperPage(number, width, height, content), False


def _see_page(picture: Image.Image, number: int, see: See, width: float, height: float) -> PaperPage:
    slant = pictures.find_slant(picture)
    straight = pictures.turned(picture, slant)
    rules = of_tables(scan_rules.find_rules(straight, width))
    clear = pictures.sharpened(scan_rules.erased(straight, rules, width))
    words = words_on_paper(see(clear), width / picture.width)
    content = _content(words, rules)
    return PaperPage(number, width, height, content, slant)


def _content(words: list[PaperWord], rules: Rules) -> list[PaperLine | PaperTable]:
    tables = tables_in(rules, words)
    return _with_tables(order_lines(without(words, tables)), tables)


def _with_tables(lines: list[PaperLine], tables: list[PaperTable]) -> list[PaperLine | PaperTable]:
    """Each table before the first line that stands below its top."""
    parts: list[PaperLine | PaperTable] = list(lines)
    for table in reversed(tables):
        place = next((i for i, line in enumerate(lines) if line.top >= table.top), len(lines))
        parts.insert(place, table)
    return parts


def _is_nonsense(words: list[PaperWord]) -> bool:
    """Hardly any letters, or many that no font says how to read."""
    letters = "".join(word.text for word in words)
    strange = sum(letter == STRANGE or "\ue000" <= letter <= "\uf8ff" for letter in letters)
    return len(letters) < _FEWEST_LETTERS or strange > _STRANGEST * len(letters)


def _is_hidden(page: pdfium.PdfPage) -> bool:
    """A scanner's own guess lies invisibly behind the picture; ours knows how sure it is."""
    modes = [
        raw.FPDFTextObj_GetTextRenderMode(text)
        for text in islice(objects_of(page, raw.FPDF_PAGEOBJ_TEXT), _LOOKED_AT)
    ]
    return bool(modes) and sum(mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE for mode in modes) * 2 > len(modes)


def _is_drawn(page: pdfium.PdfPage) -> bool:
    """Whether there is anything to see: a picture, or letters drawn as shapes."""
    kinds = raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING
    return next(objects_of(page, *kinds), None) is not None
