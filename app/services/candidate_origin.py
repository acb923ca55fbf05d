"""Where candidates come from: those that splitting and merging made, and what they were made of."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.errors import Conflict
from app.models import Candidate
from app.models.base import columns
from app.services.candidate_step import Step
from app.work import Work

candidates = columns(Candidate)

MOST_PARTS = 900
_DIGITS = 3


def made_from(work: Work, candidate: Candidate) -> list[Candidate]:
    """What splitting or merging made of a candidate and still stands, locked."""
    rows = _made_in(work, candidate.document_id)
    return [row for row in rows if str(candidate.id) in (row.made_of or ())]


def next_parts(work: Work, first: Candidate, count: int) -> list[dict[str, Any]]:
    """Ordinal, place and part for `count` new candidates that stand right behind `first`."""
    stands_at = first.stands_at or first.ordinal
    depth = len(first.part) + _DIGITS
    others = [row for row in _made_in(work, first.document_id) if row.stands_at == stands_at]
    taken = [row.part[len(first.part) :] for row in others if row.part.startswith(first.part)]
    begin = max((int(part[:_DIGITS]) for part in taken if len(part) >= _DIGITS), default=0) + 1
    if begin + count > MOST_PARTS or depth > 30:
        raise Conflict(
            "Chỗ này đã được tách, gộp quá nhiều lần. Hãy sửa nội dung từng đề xuất.", code="too_many_parts"
        )
    ordinals = select(candidates.ordinal).where(candidates.document_id == first.document_id)
    newest = max(work.session.scalars(ordinals))
    return [
        {
            "ordinal": newest + 1 + place,
            "stands_at": stands_at,
            "part": f"{first.part}{begin + place:0{_DIGITS}d}",
        }
        for place in range(count)
    ]


def stand_again(work: Work, step: Step, candidate: Candidate) -> None:
    """Take back the split or merge that `candidate` went into: it is pending again, with what was merged beside
    it; what was made of it is put away. Conflict while any of that is decided."""
    made = made_from(work, candidate)
    if any(row.state not in ("pending", "rejected") for row in made):
        raise Conflict(
            "Phần đã tách hoặc gộp ra đang được dùng. Hãy hoàn tác các phần đó trước.", code="parts_in_use"
        )
    was_split = candidate.state == "split"
    keys = {UUID(key) for row in made for key in row.made_of or ()} | {candidate.id}
    origins = work.session.scalars(select(candidates).where(candidates.id.in_(keys)).with_for_update())
    for row in origins:
        row.version += row.id != candidate.id
        step.put(row, "pending", None)
    for row in made:
        row.version += 1
        step.put_away(row, "merged" if was_split else "split")


def _made_in(work: Work, document_id: UUID) -> list[Candidate]:
    """Every candidate that splitting or merging ever made in a document."""
    statement = select(candidates).where(
        candidates.document_id == document_id, candidates.stands_at.is_not(None)
    )
    return list(work.session.scalars(statement.order_by(candidates.id).with_for_update()))
