"""The source side of the workbench: clauses as text, and where they stand on the pictures of their pages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.models import Candidate, Document, Passage
from app.services.coverage import Coverage

_UNSHOWN = ("page_number",)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
# Doubts about a few words of the clause: those words are marked in the text.
_OF_WORDS = ("misread_word", "unsure_word", "impossible_figure", "doubled_word")
_UNSURE_BELOW = 60  # per cent: what OCR says of its least certain word

Piece = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A clause as shown. `mark`: used, open (still to be decided or set aside), aside, or nothing. `pieces`: more
    than one where the text was joined across a page break; each is (words, doubtful) in turn. `candidate`: the
    first one read out of it. `confidence`: per cent, where OCR was unsure of a word."""

    passage: Passage
    mark: str
    pieces: tuple[Piece, ...]
    warnings: tuple[dict[str, Any], ...]
    candidate: UUID | None
    confidence: int | None


@dataclass(frozen=True, slots=True)
class Box:
    """Where a clause stands on its page, in thousandths from the top left."""

    key: str
    path: str
    mark: str
    left: int
    top: int
    width: int
    height: int
    candidate: UUID | None


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of which there is a picture, with the clauses on it."""

    number: int
    boxes: tuple[Box, ...]


def lines_of(
    document: Document, passages: Iterable[Passage], rows: Iterable[Candidate], cover: Coverage
) -> tuple[Line, ...]:
    marks, first = marks_of(cover), first_candidates(rows)
    doubts: dict[str, list[dict[str, Any]]] = {}
    for warning in document.warnings:
        if warning["passage"] is not None:
            doubts.setdefault(warning["passage"], []).append(warning)
    return tuple(
        _line(passage, marks.get(passage.id, ""), doubts.get(passage.key, ()), first.get(passage.id))
        for passage in passages
        if passage.kind not in _UNSHOWN
    )


def pages_of(
    document: Document, passages: Sequence[Passage], rows: Iterable[Candidate], cover: Coverage
) -> tuple[PageView, ...]:
    """Empty where no clause has a place on a page."""
    marks, first = marks_of(cover), first_candidates(rows)
    boxes: dict[int, list[Box]] = {}
    for passage in passages:
        if passage.page is not None and passage.box:
            box = _box(passage, marks.get(passage.id, ""), first.get(passage.id))
            boxes.setdefault(passage.page, []).append(box)
    last = max(document.pages or 0, *boxes) if boxes else 0
    return tuple(PageView(number, tuple(boxes.get(number, ()))) for number in range(1, last + 1))


def pieces_of(passage: Passage) -> tuple[str, ...]:
    """The clause, in its pieces where the file cuts it by an empty line."""
    if passage.kind not in ("item", "paragraph", "heading"):
        return (passage.text,)
    pieces = [" ".join(piece.split()) for piece in _BLANK_LINE.split(passage.raw) if piece.strip()]
    return tuple(pieces) if len(pieces) > 1 else (passage.text,)


def marks_of(cover: Coverage) -> dict[UUID, str]:
    marks = {passage.id: "used" for passage in cover.used}
    marks |= {passage.id: "open" for passage in cover.open}
    return marks | {passage.id: "aside" for passage in cover.set_aside}


def first_candidates(rows: Iterable[Candidate]) -> dict[UUID, UUID]:
    """The first candidate still shown, by clause."""
    found: dict[UUID, UUID] = {}
    for row in rows:
        if row.state not in ("split", "merged"):
            found.setdefault(row.passage_id, row.id)
    return found


def mark_words(text: str, doubtful: Sequence[str]) -> Piece:
    """The text in turn of words that are beyond doubt and words that are not."""
    found = [words for words in doubtful if words and words in text]
    if not found:
        return ((text, False),)
    cut = re.split(
        "(" + "|".join(re.escape(words) for words in sorted(found, key=len, reverse=True)) + ")", text
    )
    return tuple((part, part in found) for part in cut if part)


def _line(passage: Passage, mark: str, doubts: Sequence[dict[str, Any]], candidate: UUID | None) -> Line:
    doubtful = [doubt["excerpt"].strip("… ") for doubt in doubts if doubt["code"] in _OF_WORDS]
    unsure = passage.confidence is not None and passage.confidence < _UNSURE_BELOW
    return Line(
        passage=passage,
        mark=mark,
        pieces=tuple(mark_words(piece, doubtful) for piece in pieces_of(passage)),
        warnings=tuple(doubts),
        candidate=candidate,
        confidence=round(passage.confidence or 0) if unsure else None,
    )


def _box(passage: Passage, mark: str, candidate: UUID | None) -> Box:
    left, top, right, bottom = (round(1000 * part) for part in passage.box or (0, 0, 0, 0))
    return Box(passage.key, passage.path, mark, left, top, right - left, bottom - top, candidate)
