"""What a file is that somebody lays beside a row of work, and how it is called. Pure.

By content alone, as for documents; other formats are taken than those, since nobody reads a plan out of them.
"""

import re

from app.documents.decoding import (
    EmptyDocument,
    TooLargeDocument,
    UnreadableDocument,
    UnsupportedDocument,
    decode,
)
from app.documents.recognition import recognise
from app.documents.secrecy import refuse_secret
from app.text import nfc

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
}
PHOTOS = ("jpg", "png", "webp")
ENDINGS = {"jpg": ("jpg", "jpeg", "jpe", "jfif")}
_HEIC = re.compile(rb"....ftyp(?:heic|heix|hevc|hevx|heim|heis|mif1|msf1|avif|avis)", re.DOTALL)
# The head of a text, where a mark of secrecy would stand.
_HEAD = 2_000


def recognise_attachment(data: bytes) -> str:
    """A key of MEDIA_TYPES; UnreadableDocument where it is none of them or not safe to open."""
    if not data:
        raise EmptyDocument("Tệp không có nội dung. Hãy chọn lại tệp.")
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if _HEIC.match(data):
        raise UnsupportedDocument(
            "Ảnh dạng HEIC của điện thoại chưa nhận được. Hãy vào Cài đặt › Camera › Định dạng, chọn “Tương thích "
            "nhất” rồi chụp lại, hoặc lưu ảnh thành .jpg."
        )
    kind = recognise(data)
    if kind not in MEDIA_TYPES:
        raise _unsupported()
    if kind == "txt":
        _check_text(data)
    return kind


def _check_text(data: bytes) -> None:
    try:
        text = decode(data)
    except (EmptyDocument, TooLargeDocument):
        raise
    except UnreadableDocument:
        raise _unsupported() from None
    refuse_secret(text[:_HEAD], "")


def shown_name(name: str, kind: str = "") -> str:
    """What the sender called the file, for people to read: never a path, and with the ending that its content has."""
    last = nfc(name).replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    bare = re.sub(r'[<>:"|?*]', "_", printable) or "minh-chung"
    stem, _, ending = bare.rpartition(".")
    if not kind or (stem and ending.lower() in ENDINGS.get(kind, (kind,))):
        return bare[-200:]
    if stem and ending.lower() in (*MEDIA_TYPES, *ENDINGS["jpg"], "heic"):
        bare = stem
    return f"{bare[-200:]}.{kind}"


def _unsupported() -> UnsupportedDocument:
    return UnsupportedDocument(
        "Không nhận loại tệp này. Hãy gửi ảnh (.jpg, .png, .webp), .pdf, Word .docx, Excel .xlsx hoặc .txt."
    )
