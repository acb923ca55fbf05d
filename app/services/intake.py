"""What the workbench shows: a document's text beside what was read in it, and what is still to be decided."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.models import Candidate, Document, Passage, Plan, StoredFile
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.candidate import list_candidates
from app.services.candidate_view import CandidateView, view_candidates
from app.services.coverage import Coverage, coverage_of
from app.services.document import list_passages, plan_of
from app.work import Work

candidates, documents = columns(Candidate), columns(Document)
plans, stored = columns(Plan), columns(StoredFile)


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document in a list: its draft or plan (none until it is read), and how many candidates wait."""

    document: Document
    plan: Plan | None
    file: StoredFile
    pending: int
    total: int


@dataclass(frozen=True, slots=True)
class Intake:
    """`counts`: candidates by kind and state."""

    document: Document
    plan: Plan
    file: StoredFile
    passages: tuple[Passage, ...]
    candidates: tuple[CandidateView, ...]
    coverage: Coverage
    counts: Counter[tuple[str, str]]
    may_decide: bool
    may_issue: bool

    def pending(self, *kinds: str) -> int:
        """Candidates still to be decided, of these kinds or of all."""
        return sum(
            number
            for (kind, state), number in self.counts.items()
            if state == "pending" and (not kinds or kind in kinds)
        )


def list_documents_with_plans(
    work: Work, *, locality_id: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[ListedDocument]:
    """Newest first."""
    pending = _count_of(candidates.state == "pending")
    statement = (
        visible(work, Document, documents, plans, stored, pending, _count_of())
        .outerjoin(plans, plans.document_id == documents.id)
        .join(stored, stored.id == documents.stored_file_id)
        .order_by(documents.id.desc())
        .limit(limit)
    )
    if locality_id is not None:
        statement = statement.where(documents.locality_id == locality_id)
    if after is not None:
        statement = statement.where(documents.id < after)
    return [ListedDocument(*row) for row in work.session.execute(statement)]


def build_intake(work: Work, document_id: UUID) -> Intake:
    plan = plan_of(work, document_id)
    document = find(work, Document, document_id)
    passages = list_passages(work, document_id)
    rows = list_candidates(work, document_id)
    return Intake(
        document=document,
        plan=plan,
        file=work.get(StoredFile, document.stored_file_id),
        passages=tuple(passages),
        candidates=view_candidates(work, document, plan, rows, passages),
        coverage=coverage_of(passages, rows),
        counts=Counter((row.kind, row.state) for row in rows),
        may_decide=plan.state == "draft" and work.actor.may(Permission.CANDIDATE_DECIDE, plan.locality_id),
        may_issue=plan.state == "draft" and work.actor.may(Permission.PLAN_ISSUE, plan.locality_id),
    )


def _count_of(*conditions: Any) -> Any:
    return (
        select(func.count())
        .select_from(candidates)
        .where(candidates.document_id == documents.id, *conditions)
        .correlate(documents)
        .scalar_subquery()
    )
