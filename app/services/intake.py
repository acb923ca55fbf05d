"""What the workbench shows: a document's text beside what was read in it, and what is still to be decided."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.models import Candidate, Document, Passage, Plan, StoredFile
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.candidate import IN_PLAN, actions_on, list_candidates, proposal_of
from app.services.coverage import Coverage, coverage_of
from app.services.document import list_passages, plan_of
from app.services.proposal import rhythm_of
from app.services.unit_matching import Match, UnitNames, names_of_units
from app.work import Work

candidates, documents = columns(Candidate), columns(Document)
plans, stored = columns(Plan), columns(StoredFile)


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document in a list: its draft or plan, and how many candidates wait."""

    document: Document
    plan: Plan
    file: StoredFile
    pending: int
    total: int


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A candidate with all that is needed to decide it. `fields`: what accepting makes, or what was decided;
    `rhythm`: a cycle its words hint at; `matches`: units it may be; `warnings`: doubts about its clause."""

    row: Candidate
    passage: Passage
    fields: dict[str, Any]
    actions: tuple[str, ...]
    matches: tuple[Match, ...] = ()
    rhythm: str | None = None
    warnings: tuple[dict[str, Any], ...] = ()

    @property
    def is_in_plan(self) -> bool:
        return self.row.state in IN_PLAN


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
        return sum(n for (kind, state), n in self.counts.items() if state == "pending" and kind in kinds)


def list_documents_with_plans(
    work: Work, *, locality_id: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[ListedDocument]:
    """Newest first."""
    pending = _count_of(candidates.state == "pending")
    statement = (
        visible(work, Document, documents, plans, stored, pending, _count_of())
        .join(plans, plans.document_id == documents.id)
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


def view_candidate(work: Work, candidate_id: UUID) -> CandidateView:
    row = find(work, Candidate, candidate_id)
    document = find(work, Document, row.document_id)
    passage = find(work, Passage, row.passage_id)
    [view] = view_candidates(work, document, plan_of(work, document.id), [row], [passage])
    return view


def view_candidates(
    work: Work, document: Document, plan: Plan, rows: Sequence[Candidate], passages: Sequence[Passage]
) -> tuple[CandidateView, ...]:
    by_id = {passage.id: passage for passage in passages}
    names = names_of_units(work, document.locality_id)
    parents = _parents_of(work, rows)
    return tuple(
        _view(work, row, by_id[row.passage_id], plan, document, names, parents.get(row.parent_id))
        for row in rows
    )


def _view(
    work: Work,
    row: Candidate,
    passage: Passage,
    plan: Plan,
    document: Document,
    names: UnitNames,
    parent: Candidate | None,
) -> CandidateView:
    is_unit = row.kind == "unit"
    return CandidateView(
        row=row,
        passage=passage,
        fields=proposal_of(row, parent),
        actions=tuple(actions_on(work, row, plan.state)),
        matches=names.like(row.reading["name"]) if is_unit else (),
        rhythm=rhythm_of(row.reading["text"]) if row.kind in ("duty", "task") else None,
        warnings=tuple(w for w in document.warnings if w["passage"] == passage.key and _concerns(row, w)),
    )


def _concerns(row: Candidate, warning: dict[str, Any]) -> bool:
    """Several candidates may come from one clause: a doubt about a few words belongs to those that hold them."""
    said = row.reading.get("statement") or row.reading.get("text") or row.reading.get("name") or ""
    excerpt = warning["excerpt"]
    return not excerpt or excerpt in said or said in excerpt


def _parents_of(work: Work, rows: Sequence[Candidate]) -> dict[UUID | None, Candidate]:
    wanted = {row.parent_id for row in rows if row.parent_id is not None}
    here = {row.id: row for row in rows if row.id in wanted}
    missing = wanted - here.keys()
    others = select(candidates).where(candidates.id.in_(missing))
    found = list(work.session.scalars(others)) if missing else []
    return {**here, **{row.id: row for row in found}}


def _count_of(*conditions: Any) -> Any:
    return (
        select(func.count())
        .select_from(candidates)
        .where(candidates.document_id == documents.id, *conditions)
        .correlate(documents)
        .scalar_subquery()
    )
