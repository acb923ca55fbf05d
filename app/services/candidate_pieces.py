"""Splitting one candidate into several, and merging several into one. What was read stays; it is set aside."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field

from app.documents.reading import read_plan
from app.documents.sentences import split_sentences
from app.errors import Conflict, Invalid, NotFound
from app.events import CandidatesMerged, CandidateSplit
from app.models import Candidate, Passage
from app.models.base import columns, new_id
from app.services._scope import find
from app.services.candidate import DECIDABLE, document_of, place_of, to_decide
from app.services.candidate_fields import LONGEST_TEXT
from app.services.candidate_origin import next_parts
from app.services.candidate_step import Step
from app.services.reading_as_candidates import read_indicator
from app.services.typed import Typed
from app.work import Work

candidates, passages = columns(Candidate), columns(Passage)

MOST_PIECES = 30
_SHORTEST = 12  # letters: "v.v." and the like are no piece of their own
_SEMICOLON = re.compile(r"(?<=;)\s+")
# What a person had filled in goes on to the pieces; their words do not.
_CARRIED = (
    "kind",
    "cycle",
    "due_on",
    "expected_product",
    "role",
    "mode",
    "completion",
    "lead",
    "cooperate",
    "owners",
)


class SplitInput(Typed):
    """The texts of the pieces, in order."""

    pieces: list[str] = Field(min_length=2, max_length=MOST_PIECES)


class Chosen(Typed):
    """A candidate and the version of it that was looked at."""

    id: UUID
    version: int


class MergeInput(Typed):
    """Candidates of one kind, duties of one organisation; `text` is theirs joined when left out."""

    candidates: list[Chosen] = Field(min_length=2, max_length=MOST_PIECES)
    text: str | None = Field(default=None, max_length=LONGEST_TEXT)


def propose_pieces(text: str) -> list[str]:
    """A text cut at the ends of its sentences and at semicolons."""
    pieces: list[str] = []
    for sentence in split_sentences(" ".join(text.split())):
        for piece in _SEMICOLON.split(sentence):
            if pieces and len(piece) < _SHORTEST:
                pieces[-1] += f" {piece}"
            else:
                pieces.append(piece)
    return pieces


def pieces_of(work: Work, candidate_id: UUID) -> list[str]:
    """Where a candidate could be cut."""
    return propose_pieces(text_of(find(work, Candidate, candidate_id)))


def text_of(candidate: Candidate) -> str:
    """Its words as they stand: what a person made of them, else as read."""
    words: dict[str, Any] = candidate.reading | (candidate.decided or {})
    return str(
        words["statement"] if candidate.kind == "indicator" else words.get("text") or words.get("name")
    )


def split_candidate(
    work: Work, candidate_id: UUID, version: int | None, given: SplitInput
) -> list[Candidate]:
    """The pieces, pending, in the place of the candidate, which is then `split`. Conflict for a unit."""
    document_id = document_of(work, candidate_id)
    plan = to_decide(work, document_id)
    candidate = find(work, Candidate, candidate_id)
    _check_may_change(candidate)
    texts = _texts(given)
    work.check_version(candidate, version, state="split")

    places = next_parts(work, candidate, len(texts))
    made = [_piece(candidate, text, place) for text, place in zip(texts, places, strict=True)]
    step = Step(work, document_id, "split")
    step.put(candidate, "split", candidate.decided)
    step.made(made)
    work.add(*made)
    step.keep()
    work.record(CandidateSplit(locality_id=plan.locality_id, subject_id=candidate.id, count=len(made)))
    return made


def merge_candidates(work: Work, document_id: UUID, given: MergeInput) -> Candidate:
    """One pending candidate in the place of the first; those it was made of are then `merged`."""
    plan = to_decide(work, document_id)
    rows = _chosen(work, document_id, given.candidates)
    versions = {one.id: one.version for one in given.candidates}
    for row in rows:
        work.check_version(row, versions[row.id], state="merged")

    [place] = next_parts(work, rows[0], 1)
    text = given.text or join_texts([text_of(row) for row in rows])
    made = _like(rows[0], _merged_reading(work, rows, text), place)
    made.made_of, made.decided = [str(row.id) for row in rows], _carried(rows)
    step = Step(work, document_id, "merge")
    for row in rows:
        step.put(row, "merged", row.decided)
    step.made([made])
    work.add(made)
    step.keep()
    work.record(CandidatesMerged(locality_id=plan.locality_id, subject_id=made.id, count=len(rows)))
    return made


def join_texts(texts: Sequence[str]) -> str:
    """In one paragraph; a text that ends without a mark is followed by a semicolon."""
    ended = [text if text.endswith((".", ";", ":", "!", "?")) else f"{text};" for text in texts[:-1]]
    return " ".join([*ended, texts[-1]])


def _texts(given: SplitInput) -> list[str]:
    texts = [" ".join(piece.split()) for piece in given.pieces]
    texts = [text for text in texts if text]
    if len(texts) < 2:
        raise Invalid.field("pieces", "Tách thành ít nhất hai phần, mỗi phần một dòng.")
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise Invalid.field("pieces", f"Mỗi phần tối đa {LONGEST_TEXT} ký tự.")
    return texts


def _check_may_change(candidate: Candidate) -> None:
    if candidate.kind == "unit":
        raise Conflict("Đơn vị không tách, gộp được. Hãy tách, gộp việc của đơn vị.", code="unit_stays_whole")
    if candidate.state not in DECIDABLE:
        raise Conflict(
            "Đề xuất này đã bỏ, đã tách hoặc đã gộp. Hoàn tác trước rồi làm lại.", code="split_or_merged"
        )


def _chosen(work: Work, document_id: UUID, wanted: Sequence[Chosen]) -> list[Candidate]:
    keys = {one.id for one in wanted}
    statement = select(candidates).where(candidates.document_id == document_id, candidates.id.in_(keys))
    rows = sorted(work.session.scalars(statement.with_for_update()), key=place_of)
    if len(rows) < len(keys):
        raise NotFound
    if len(rows) < 2:
        raise Invalid.field("candidates", "Chọn ít nhất hai đề xuất để gộp.")
    for row in rows:
        _check_may_change(row)
    if len({(row.kind, row.parent_id) for row in rows}) > 1:
        raise Conflict(
            "Chỉ gộp được các đề xuất cùng loại, việc thì của cùng một đơn vị. Hãy chọn lại.",
            code="not_alike",
        )
    return rows


def _piece(candidate: Candidate, text: str, place: dict[str, Any]) -> Candidate:
    reading = candidate.reading | {"text": text}
    if candidate.kind == "indicator":
        reading = candidate.reading | _figure_of(text)
        reading.pop("text", None)
    made = _like(candidate, reading, place)
    made.made_of, made.decided = [str(candidate.id)], _carried([candidate])
    return made


def _like(candidate: Candidate, reading: dict[str, Any], place: dict[str, Any]) -> Candidate:
    return Candidate(
        id=new_id(),
        locality_id=candidate.locality_id,
        document_id=candidate.document_id,
        passage_id=candidate.passage_id,
        parent_id=candidate.parent_id,
        kind=candidate.kind,
        reading=reading,
        **place,
    )


def _carried(rows: Sequence[Candidate]) -> dict[str, Any] | None:
    """What was filled in on the first of them on which something was."""
    filled = next((row.decided for row in rows if row.decided), None) or {}
    return {name: value for name, value in filled.items() if name in _CARRIED} or None


def _figure_of(statement: str) -> dict[str, Any]:
    """The figure in a piece of a statement, read as a plan's own target; without one, nothing but the words."""
    found = read_plan(f"I. MỤC TIÊU\n\n1. {statement}\n").indicators
    if len(found) != 1:
        return _NO_FIGURE | {"statement": statement}
    return read_indicator(found[0]) | {"statement": statement}


_NO_FIGURE: dict[str, Any] = {
    "measure": "text",
    "comparator": "achieve",
    "value": None,
    "value_to": None,
    "unit": None,
    "coverage": None,
}


def _merged_reading(work: Work, rows: Sequence[Candidate], text: str) -> dict[str, Any]:
    """The first one's, with the words of all; the clauses of the others count as its details."""
    first = rows[0]
    used = select(passages.id, passages.key).where(passages.id.in_({row.passage_id for row in rows}))
    keys = {row.id: row.key for row in work.session.execute(used)}
    details = [keys[row.passage_id] for row in rows if row.passage_id != first.passage_id]
    details += [detail for row in rows for detail in row.reading.get("details", ())]
    words = "statement" if first.kind == "indicator" else "text"
    return first.reading | {words: text, "details": list(dict.fromkeys(details))}
