"""What kind of file some bytes are, by what is in them. The name is never asked: names lie. Pure."""

import io
import re
import zipfile
import zlib

from app.documents.decoding import (
    DamagedDocument,
    EncryptedDocument,
    MacroDocument,
    TooLargeDocument,
    UnreadableDocument,
    UnsupportedDocument,
)

LARGEST_FILE = 25 * 1024 * 1024
# A Word file of 200 pages unpacks to some 20 MB; pictures are packed already.
_LARGEST_UNPACKED = 200 * 1024 * 1024
_LARGEST_PART = 64 * 1024 * 1024
_MOST_ENTRIES = 4000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Readers take a PDF whose first line stands within the first kilobyte.
_PDF_WITHIN = 1024
_CONTENT_TYPES = "[Content_Types].xml"
_OTHERS = (
    (b"{\\rtf", "RTF"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"\x1f\x8b", "tệp nén GZIP"),
    (b"GIF8", "ảnh GIF"),
    (b"II*\x00", "ảnh TIFF"),
    (b"MM\x00*", "ảnh TIFF"),
    (b"BM", "ảnh BMP"),
    (b"RIFF", "ảnh WebP hoặc tệp âm thanh"),
    (b"\x7fELF", "chương trình máy tính"),
    (b"MZ", "chương trình máy tính"),
)
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def recognise(data: bytes) -> str:
    """txt, docx, xlsx, doc, pdf or image; UnreadableDocument where it is none of them or is not safe to open."""
    if len(data) > LARGEST_FILE:
        raise TooLargeDocument("Tệp lớn quá 25 MB. Hãy tách kế hoạch và phụ lục thành các tệp nhỏ hơn.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _recognise_package(data)
    if data.startswith(_OLE):
        return _recognise_compound(data)
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return "image"
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    if name := next((name for mark, name in _OTHERS if data.startswith(mark) and _is_binary(data)), None):
        raise UnsupportedDocument(
            f"Tệp là {name}, hệ thống chưa đọc được. Hãy lưu lại thành .docx, .pdf, .xlsx hoặc ảnh .jpg, .png."
        )
    return "txt"


def _is_binary(data: bytes) -> bool:
    return data.startswith(b"{\\rtf") or any(byte < 9 or 13 < byte < 32 for byte in data[:2048])


def _recognise_package(data: bytes) -> str:
    """A ZIP file: Word and Excel keep their parts in one. Nothing is unpacked before its size is known."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _refuse_bomb(entries)
            kind = _kind_of_package(package, {entry.filename for entry in entries})
            _refuse_doctypes(package, entries)
    except UnreadableDocument:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise damaged() from error
    except RuntimeError as error:  # zipfile says so of a part that needs a password
        raise encrypted() from error
    return kind


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    sizes = [entry.file_size for entry in entries]
    if (
        len(entries) > _MOST_ENTRIES
        or sum(sizes) > _LARGEST_UNPACKED
        or max(sizes, default=0) > _LARGEST_PART
    ):
        raise TooLargeDocument(
            "Tệp khi mở ra quá lớn so với một văn bản. Hãy mở bằng Word hoặc Excel, bỏ bớt hình ảnh, "
            "lưu lại rồi tải lên."
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted()


def _kind_of_package(package: zipfile.ZipFile, names: set[str]) -> str:
    if _CONTENT_TYPES not in names:
        raise UnsupportedDocument(
            "Tệp là tệp nén hoặc định dạng chưa hỗ trợ. Hãy giải nén, hoặc lưu lại thành .docx, .xlsx hoặc .pdf."
        )
    types = package.read(_CONTENT_TYPES)
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise MacroDocument(
            "Tệp có macro (chương trình nhúng) nên hệ thống không mở. "
            "Hãy lưu lại dạng .docx hoặc .xlsx không macro rồi tải lên."
        )
    if b"wordprocessingml.document.main" in types:
        return "docx"
    if b"spreadsheetml.sheet.main" in types:
        return "xlsx"
    raise UnsupportedDocument(
        "Tệp không phải Word (.docx) hay Excel (.xlsx). Hãy lưu lại thành một trong hai dạng đó hoặc .pdf."
    )


def _refuse_doctypes(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Office never writes a DTD; who does wants entities that grow or that read other files."""
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            part = package.read(entry)
            if _DOCTYPE.search(part) or _DOCTYPE.search(part.replace(b"\x00", b"")):
                raise damaged()


def _recognise_compound(data: bytes) -> str:
    """The old Office container, which also wraps new files that have a password. Stream names are UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted()
    if "WordDocument".encode("utf-16-le") in data:
        return "doc"
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        raise UnsupportedDocument(
            "Tệp là Excel đời cũ (.xls). Hãy mở bằng Excel, lưu lại dạng .xlsx rồi tải lên."
        )
    raise UnsupportedDocument("Không nhận ra tệp này. Hãy lưu lại thành .docx, .pdf hoặc .xlsx rồi tải lên.")


def damaged() -> DamagedDocument:
    return DamagedDocument(
        "Tệp bị hỏng hoặc chưa tải hết nên không mở được. Hãy mở thử trên máy, lưu lại rồi tải lên lần nữa."
    )


def encrypted() -> EncryptedDocument:
    return EncryptedDocument(
        "Tệp có mật khẩu nên không mở được. Hãy bỏ mật khẩu (lưu lại không mã hóa) rồi tải lên."
    )
