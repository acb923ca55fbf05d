"""Numbers of documents as plans write them: "71-NQ/TW", "163/2024/QH15", "132- KL/TW"."""

import re
from dataclasses import dataclass

from app.documents.values import Passage

_PART = r"(?:[A-ZĐ][A-Za-zĐđ]{0,11}\d{0,3}|[A-ZĐ]{1,6})"
REFERENCE = re.compile(
    rf"(?<![\w/-])\d{{1,5}}(?:\s?/\s?\d{{4}})?\s?[-/]\s?{_PART}(?:\s?[-/]\s?{_PART})*(?![\w])"
)
_LONGEST = 20_000
_MENTIONING = ("header", "title", "heading", "paragraph", "item", "table")


@dataclass(frozen=True, slots=True)
class Reference:
    """`raw` as written, `symbol` without stray spaces."""

    raw: str
    symbol: str


def find_references(passages: tuple[Passage, ...]) -> list[Reference]:
    """Every mention of a numbered document in title, body and annexes, in order; the document's own line is none."""
    found = []
    for passage in passages:
        names_itself = passage.kind == "header" and passage.text.lstrip(" *|_").startswith(("Số", "SỐ"))
        if passage.kind not in _MENTIONING or names_itself:
            continue
        for mention in REFERENCE.finditer(passage.text[:_LONGEST]):
            symbol = symbol_of(mention.group())
            if is_document_number(symbol):
                found.append(Reference(mention.group(), symbol))
    return found


def symbol_of(raw: str) -> str:
    return re.sub(r"\s*([-/])\s*", r"\1", raw)


def is_document_number(symbol: str) -> bool:
    """ "71-NQ/TW" is one, "5-10/Trường" is not."""
    return bool(re.search(r"[-/][A-ZĐ]{2}|QH\d|[A-Z]r/|[-/][A-ZĐ][a-zđ]?[A-ZĐ]", symbol))
