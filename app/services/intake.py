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
from app.services.candidate_fields import FIELDS
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
    `rhythm`: a cycle its words hint at; `matches`: units it may be; `warnings`: doubts about its clause;
    `unit_name`: the unit it is matched to; `lead` and `others`: names of those who carry out or report."""

    row: Candidate
    passage: Passage
    fields: dict[str, Any]
    actions: tuple[str, ...]
    matches: tuple[Match, ...] = ()
    rhythm: str | None = None
    warnings: tuple[dict[str, Any], ...] = ()
    unit_name: str | None = None
    lead: str | None = None
    others: tuple[str, ...] = ()

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
    read = {row.id: row for row in list_candidates(work, document.id, kinds=("unit",))}
    return tuple(_view(work, row, by_id[row.passage_id], plan, document, names, read) for row in rows)


def _view(
    work: Work,
    row: Candidate,
    passage: Passage,
    plan: Plan,
    document: Document,
    names: UnitNames,
    read: dict[UUID, Candidate],
) -> CandidateView:
    """`read`: the organisations of the document."""
    is_unit = row.kind == "unit"
    whole: dict[str, Any] = FIELDS[row.kind]().model_dump(mode="json")
    fields = whole | proposal_of(row, read[row.parent_id] if row.parent_id else None)
    others = fields.get("cooperate") or fields.get("owners") or ()
    return CandidateView(
        row=row,
        passage=passage,
        fields=fields,
        actions=tuple(actions_on(work, row, plan.state)),
        matches=names.like(row.reading["name"]) if is_unit else (),
        rhythm=rhythm_of(row.reading["text"]) if row.kind in ("duty", "task") else None,
        warnings=tuple(w for w in document.warnings if w["passage"] == passage.key and _concerns(row, w)),
        unit_name=names.name_of(row.unit_id) if row.unit_id else None,
        lead=_name_of(fields["lead"], names, read) if fields.get("lead") else None,
        others=tuple(_name_of(party, names, read) for party in others),
    )


def _name_of(party: dict[str, Any], names: UnitNames, read: dict[UUID, Candidate]) -> str:
    if party.get("unit_id"):
        return names.name_of(UUID(party["unit_id"]))
    meant = read[UUID(party["candidate_id"])]
    name: str = (meant.decided or meant.reading)["name"]
    return name


def _concerns(row: Candidate, warning: dict[str, Any]) -> bool:
    """Several candidates may come from one clause: a doubt about a few words belongs to those that hold them."""
    said = row.reading.get("statement") or row.reading.get("text") or row.reading.get("name") or ""
    excerpt = warning["excerpt"]
    return not excerpt or excerpt in said or said in excerpt


def _count_of(*conditions: Any) -> Any:
    return (
        select(func.count())
        .select_from(candidates)
        .where(candidates.document_id == documents.id, *conditions)
        .correlate(documents)
        .scalar_subquery()
    )
