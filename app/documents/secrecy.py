"""Recognising a document marked as a state secret. The words "bí mật nhà nước" in running text are no mark."""

import re

from app.documents.decoding import SecretDocument
from app.documents.markers import bare
from app.text import nfc

_MARKS = {"MẬT", "TỐI MẬT", "TUYỆT MẬT"}
_LEVEL = re.compile(r"(?:Độ|Mức độ|Chỉ mức độ) mật\s*:\s*(?:Tối |Tuyệt )?Mật", re.IGNORECASE)
_SYMBOL = re.compile(r"\d{1,5}\s?[-/]\s?[A-ZĐ][\wĐđ/-]{0,30}\s?\((?:M|TM|TUM|TuM|Tu\.M)\)")
_CELLS = re.compile(r"\s*[|\n\t]\s*|\s{3,}")


def refuse_secret(header: str, file_name: str) -> None:
    """Raise SecretDocument where the header or the file's name bears a secrecy mark."""
    cells = [bare(cell).strip(" .[]()*_") for cell in _CELLS.split(nfc(header))]
    if (
        any(cell.upper() in _MARKS for cell in cells)
        or _LEVEL.search(nfc(header))
        or _SYMBOL.search(nfc(header))
        or _SYMBOL.search(nfc(file_name))
    ):
        raise SecretDocument(
            "Văn bản có dấu chỉ mức độ mật nên hệ thống không nhận và không lưu nội dung nào. "
            "Hãy xử lý văn bản này theo quy định về bảo vệ bí mật nhà nước, ngoài hệ thống."
        )
