"""The text of a plan beside that of the plan it amends: clause by clause, in the order of the new text."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.documents.differences import Words, compare_clauses
from app.errors import Conflict
from app.models import Passage, Plan
from app.models.base import columns
from app.services._scope import find
from app.services.plan_versions import plan_before
from app.work import Work

passages = columns(Passage)

UNCOMPARED = ("page_number", "header", "closing")
KINDS = ("changed", "added", "removed", "moved", "same")


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """`kind`: same, changed, moved, removed, added. A removed clause has no `new`, an added one no `old`."""

    kind: str
    old: Passage | None
    new: Passage | None
    words: tuple[Words, ...]
    likeness: int


@dataclass(frozen=True, slots=True)
class ClauseDiff:
    plan: Plan
    before: Plan
    changes: tuple[ClauseChange, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many clauses of each kind."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in KINDS}


def build_clause_diff(work: Work, plan_id: UUID) -> ClauseDiff:
    """Whoever may read the plan may read both texts. Conflict for a plan that amends none."""
    plan = find(work, Plan, plan_id)
    before = plan_before(work, plan)
    if before is None:
        raise Conflict(
            "Kế hoạch này không sửa đổi kế hoạch nào nên không có gì để so sánh.", code="not_an_amendment"
        )
    old, new = _clauses(work, before), _clauses(work, plan)
    found = compare_clauses([row.text for row in old], [row.text for row in new])
    return ClauseDiff(
        plan,
        before,
        tuple(
            ClauseChange(
                one.kind,
                None if one.old is None else old[one.old],
                None if one.new is None else new[one.new],
                one.words,
                one.likeness,
            )
            for one in found
        ),
    )


def _clauses(work: Work, plan: Plan) -> list[Passage]:
    statement = (
        select(passages)
        .where(passages.document_id == plan.document_id, passages.kind.not_in(UNCOMPARED))
        .order_by(passages.ordinal)
    )
    return list(work.session.scalars(statement))
