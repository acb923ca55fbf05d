"""A plan's text → what it says: the one door to this package. Pure: no database, clock or network.

bytes ─ decoding ─► text ─ blocks ─► paragraphs ─ outline ─► clauses ─ drafting ─► Reading
                    └─ tables ─► rows of annexes ────────────────────────┘
"""

from dataclasses import replace

from app.documents.blocks import Block, read_blocks
from app.documents.decoding import (
    BinaryDocument,
    EmptyDocument,
    SecretDocument,
    TooLargeDocument,
    UnreadableDocument,
    WronglyEncodedDocument,
    check_text,
    decode,
)
from app.documents.drafting import draft
from app.documents.lines import split_lines
from app.documents.outline import build_outline
from app.documents.placing import place_reading
from app.documents.printing import reading_as_json, summarise
from app.documents.secrecy import refuse_secret
from app.documents.sources import Source
from app.documents.tables import find_tables
from app.documents.values import Reading, WarningRead

__all__ = [
    "BinaryDocument",
    "EmptyDocument",
    "Reading",
    "SecretDocument",
    "TooLargeDocument",
    "UnreadableDocument",
    "WronglyEncodedDocument",
    "read_bytes",
    "read_plan",
    "read_source",
    "reading_as_json",
    "summarise",
]

# Where no title is recognised, a mark is still looked for at the top of the first page.
_FIRST_LINES, _FIRST_LETTERS = 12, 4000


def read_bytes(data: bytes, file_name: str = "") -> Reading:
    """Read the bytes of a text file. Raises UnreadableDocument, SecretDocument included.

    The secrecy mark in a symbol may also stand in the file's name ("12-KH(M).txt").
    """
    refuse_secret("", file_name)
    return read_plan(decode(data))


def read_source(source: Source) -> Reading:
    """Read what came of files of any format; passages know their places on the pages. Raises UnreadableDocument."""
    for part in source.parts:
        refuse_secret("\n".join(_first_lines(source.text[part.start : part.end])), part.name)
    reading = place_reading(read_plan(source.text), source)
    notes = (WarningRead(note.code, note.message, None, "") for note in source.notes)
    return replace(reading, warnings=(*notes, *reading.warnings))


def read_plan(text: str) -> Reading:
    """Read decoded text; offsets in the answer count its characters. Raises UnreadableDocument."""
    check_text(text)
    tables = find_tables(split_lines(text)) if "|" in text else ()
    blocks = read_blocks(text, tables)
    refuse_secret("\n".join([*_header(blocks), *_first_lines(text)]), "")
    return draft(build_outline(blocks), tables)


def _header(blocks: list[Block]) -> list[str]:
    return [block.raw[:_FIRST_LETTERS] for block in blocks if block.zone in ("header", "title")]


def _first_lines(text: str) -> list[str]:
    return text[:_FIRST_LETTERS].splitlines()[:_FIRST_LINES]
