"""Bytes → text, or a refusal that says what to do. Pure.

UnreadableDocument
├── EmptyDocument
├── BinaryDocument
├── WronglyEncodedDocument
├── TooLargeDocument
├── SecretDocument
├── EncryptedDocument
├── DamagedDocument
├── MacroDocument
├── UnsupportedDocument
├── ProgramMissing
├── ReadingFailed
└── ReadingCancelled
"""

import codecs
import re

LONGEST_TEXT = 2_000_000
# 200 pages have some 9,000 lines; the rest is room for tables with a cell per line.
MOST_LINES = 20_000

_SIGNATURES = (
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "Word, Excel hoặc tệp nén"),
    (b"\xd0\xcf\x11\xe0", "Word hoặc Excel đời cũ"),
    (b"\x89PNG", "ảnh PNG"),
    (b"\xff\xd8\xff", "ảnh JPEG"),
    (b"GIF8", "ảnh GIF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "tệp nén RAR"),
    (b"7z\xbc\xaf", "tệp nén 7z"),
    (b"\x1f\x8b", "tệp nén GZIP"),
)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# UTF-8 bytes that were once read as Windows-1252: "Káº¿ hoáº¡ch", "Ä‘áº£ng".
_TWICE_ENCODED = re.compile("á[º»]|Ä[‘\x90]|Æ[°¡]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class UnreadableDocument(ValueError):
    """The file gives no text to read. `code` is stable; the message is Vietnamese and says what to do."""

    code = "unreadable_document"


class EmptyDocument(UnreadableDocument):
    code = "empty_document"


class BinaryDocument(UnreadableDocument):
    code = "binary_document"


class WronglyEncodedDocument(UnreadableDocument):
    code = "wrongly_encoded_document"


class TooLargeDocument(UnreadableDocument):
    code = "too_large_document"


class SecretDocument(UnreadableDocument):
    """Nothing of such a document may be kept; the message repeats nothing of it."""

    code = "secret_document"


class EncryptedDocument(UnreadableDocument):
    code = "encrypted_document"


class DamagedDocument(UnreadableDocument):
    code = "damaged_document"


class MacroDocument(UnreadableDocument):
    code = "macro_document"


class UnsupportedDocument(UnreadableDocument):
    """A format we do not know, or know and do not read."""

    code = "unsupported_document"


class ProgramMissing(UnreadableDocument):
    """The file is good, but this machine lacks the program that reads it; the message names it."""

    code = "program_missing"


class ReadingFailed(UnreadableDocument):
    """The reader ran out of the memory or the time a file may take, or ended without an answer."""

    code = "reading_failed"


class ReadingCancelled(UnreadableDocument):
    """The person who asked for the reading no longer wants it."""

    code = "reading_cancelled"


def refusal(code: str, message: str) -> UnreadableDocument:
    """The exception that has this code, to raise a refusal again on the other side of a process."""
    kinds = {kind.code: kind for kind in UnreadableDocument.__subclasses__()}
    return kinds.get(code, UnreadableDocument)(message)


def decode(data: bytes) -> str:
    """UTF-8 or UTF-16 bytes → text with the byte order mark removed. Raises UnreadableDocument."""
    if len(data) > 4 * LONGEST_TEXT:
        raise _too_large()
    if not data.strip():
        raise EmptyDocument("Tệp không có nội dung. Hãy chọn lại tệp văn bản của kế hoạch.")
    _refuse_other_formats(data)
    text = _decoded(data)
    check_text(text)
    return text


def check_text(text: str) -> None:
    """Refuse text that is empty, too long, binary or garbled."""
    if len(text) > LONGEST_TEXT:
        raise _too_large()
    if max(text.count("\n"), text.count("\r")) > MOST_LINES:
        raise _too_large()
    if not text.strip("\ufeff \t\r\n\f\v\u00a0\u200b"):
        raise EmptyDocument("Tệp không có chữ nào. Hãy chọn lại tệp văn bản của kế hoạch.")
    if len(_CONTROL.findall(text)) > max(2, len(text) // 500):
        raise _binary("dữ liệu nhị phân")
    strange = text.count("\ufffd") + len(_TWICE_ENCODED.findall(text))
    if strange > max(4, len(text) // 200):
        raise _wrongly_encoded()


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if encoding is None:
        encoding = _utf16_without_mark(data) or "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if b"\x00" in data[:4096]:
            raise _binary("dữ liệu nhị phân") from None
        raise _wrongly_encoded() from None


def _utf16_without_mark(data: bytes) -> str | None:
    """Notepad may save UTF-16 without a mark: then line ends and spaces show NUL on one side only."""
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    pairs = len(sample) // 2
    if len(data) % 2 or max(even, odd) < pairs // 8 or min(even, odd) > pairs // 50:
        return None
    return ("utf-16-be" if even > odd else "utf-16-le") if max(even, odd) else None


def _refuse_other_formats(data: bytes) -> None:
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise _binary(name)


def _binary(what: str) -> BinaryDocument:
    return BinaryDocument(
        f"Tệp là {what}, không phải văn bản thuần. Hãy lưu văn bản thành .txt (mã UTF-8) rồi tải lên lại."
    )


def _wrongly_encoded() -> WronglyEncodedDocument:
    return WronglyEncodedDocument(
        "Tệp không dùng bảng mã Unicode (có thể là TCVN3 hoặc VNI). "
        "Hãy chuyển mã sang Unicode, lưu lại dạng UTF-8 rồi tải lên."
    )


def _too_large() -> TooLargeDocument:
    return TooLargeDocument(
        "Tệp dài quá 2.000.000 ký tự hoặc quá 20.000 dòng. Hãy tách kế hoạch và phụ lục thành các tệp nhỏ hơn."
    )
