"""A Word file (.docx) → the text it shows, labels of lists included. Pure; run it in a process that may die.

Deleted and hidden words are left out, as Word leaves them out; letterheads in tables without lines become plain lines,
other tables Markdown rows. Footnotes follow at the end, so that no clause is cut by one.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as LINK
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml.etree import LxmlError
from lxml.etree import _Element as Element

from app.documents.decoding import EmptyDocument, UnreadableDocument, WronglyEncodedDocument
from app.documents.recognition import damaged
from app.documents.secrecy import refuse_secret
from app.documents.sources import Source
from app.documents.word_numbering import Numbering, value, whole
from app.documents.word_styles import Styles
from app.documents.word_tables import is_laid_out, markdown_rows
from app.documents.word_words import Words, read_words
from app.documents.zones import FOOTNOTES
from app.text import nfc

# Elements that only wrap paragraphs and tables: content controls, tracked insertions, custom tags.
_WRAPPERS = frozenset(
    qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
_BROKEN = (
    OpcError,
    LxmlError,
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    AttributeError,
    IndexError,
)


def read_docx(data: bytes) -> Source:
    """Raises UnreadableDocument: damaged, secret, without text, or in a font from before Unicode."""
    try:
        document = docx.Document(io.BytesIO(data))
        _refuse_secret_margins(document)
        return Source("docx", _Walk(document).text())
    except UnreadableDocument:
        raise
    except _BROKEN as error:
        raise damaged() from error


def _refuse_secret_margins(document: Document) -> None:
    """A mark may be printed in the margin of each page, which is no part of the text."""
    for kind in (LINK.HEADER, LINK.FOOTER):
        for part in _parts(document, kind):
            paragraphs = [_plain(paragraph) for paragraph in part.iter(qn("w:p"))]
            refuse_secret("\n".join(paragraphs), "")


def _parts(document: Document, kind: str) -> list[Element]:
    links = document.part.rels.values()
    return [
        parse_xml(link.target_part.blob) for link in links if link.reltype == kind and not link.is_external
    ]


def _plain(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


class _Walk:
    """Goes through a document once, in order: lists count on the way."""

    def __init__(self, document: Document) -> None:
        self._body: Element = document.element.body
        self._styles = Styles(next(iter(_parts(document, LINK.STYLES)), None))
        numbering = next(iter(_parts(document, LINK.NUMBERING)), None)
        self._numbering = Numbering(numbering, self._styles.lists())
        self._notes = {
            "footnote": _notes_by_id(_parts(document, LINK.FOOTNOTES), "w:footnote"),
            "endnote": _notes_by_id(_parts(document, LINK.ENDNOTES), "w:endnote"),
        }
        self._met: list[tuple[str, str]] = []
        self._old_letters = self._pictures = 0

    def text(self) -> str:
        paragraphs = [*self._paragraphs(self._body)]
        notes = [*self._footnotes()]
        if notes:
            paragraphs += [FOOTNOTES, *notes]
        text = nfc("\n\n".join(paragraphs)).replace("\x00", "")
        self._check(text)
        return text

    def _paragraphs(self, parent: Element) -> Iterator[str]:
        for element in parent:
            if element.tag == qn("w:p"):
                yield from self._paragraph(element)
            elif element.tag == qn("w:tbl"):
                yield from self._table(element)
            elif element.tag in _WRAPPERS and not _is_contents(element):
                yield from self._paragraphs(element)

    def _paragraph(self, paragraph: Element) -> Iterator[str]:
        properties = paragraph.find(qn("w:pPr"))
        style = value(properties, "w:pStyle") if properties is not None else None
        if self._styles.names(style).startswith("toc "):
            return
        words = read_words(paragraph, self._styles)
        self._note(words)
        for box in words.boxes:
            yield from self._paragraphs(box)
        if any(text.strip() for text, _ in words.runs):
            yield words.marked(self._label(properties, style))

    def _note(self, words: Words) -> None:
        self._met += words.notes
        self._old_letters += words.old_letters
        self._pictures += words.pictures

    def _label(self, properties: Element | None, style: str | None) -> str:
        own = properties.find(qn("w:numPr")) if properties is not None else None
        number = value(own, "w:numId") if own is not None else None
        level = value(own, "w:ilvl") if own is not None else None
        depth = whole(level) if level is not None else None
        inherited = self._styles.numbering(style)
        if number is None and inherited is not None:
            number, depth = inherited[0], depth if depth is not None else inherited[1]
        if number is None or number == "0":
            return ""
        if depth is None:
            depth = self._numbering.level_of_style(number, style or "")
        return self._numbering.label(number, depth)

    def _table(self, table: Element) -> Iterator[str]:
        if is_laid_out(table, self._styles, _plain(table)):
            for cell in table.iter(qn("w:tc")):
                own = next(cell.iterancestors(qn("w:tbl"))) is table
                if own and (text := "\n".join(self._paragraphs(cell))):
                    yield text
        else:
            yield "\n".join(markdown_rows(table, lambda cell: "\n".join(self._paragraphs(cell))))

    def _footnotes(self) -> Iterator[str]:
        for number, (kind, name) in enumerate(self._met, start=1):
            note = self._notes[kind].get(name)
            if note is not None:
                yield f"({number}) {' '.join(' '.join(self._paragraphs(note)).split())}"

    def _check(self, text: str) -> None:
        if not text.strip() and self._pictures:
            raise EmptyDocument(
                "Tệp Word chỉ có hình ảnh, không có chữ. Hãy lưu lại thành .pdf, "
                "hoặc tải lên chính các ảnh chụp, để hệ thống nhận dạng chữ."
            )
        if self._old_letters * 2 > len(text):
            raise WronglyEncodedDocument(
                "Tệp dùng phông chữ cũ (TCVN3 hoặc VNI) nên không đọc được. "
                "Hãy chuyển mã sang Unicode bằng UniKey, lưu lại rồi tải lên."
            )


def _notes_by_id(parts: list[Element], tag: str) -> dict[str, Element]:
    """Word's own separators have a type, notes have none."""
    return {
        note.get(qn("w:id"), ""): note
        for part in parts
        for note in part.iter(qn(tag))
        if note.get(qn("w:type")) in (None, "normal")
    }


def _is_contents(element: Element) -> bool:
    """A generated table of contents: its lines stand as headings again below."""
    gallery = element.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"
