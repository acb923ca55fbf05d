"""A candidate as it is shown: what accepting makes, whom it may mean, what is doubtful about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.models import Candidate, Document, Passage, Plan
from app.services._scope import find
from app.services.candidate import IN_PLAN, actions_on, list_candidates, proposal_of
from app.services.candidate_fields import FIELDS
from app.services.document import plan_of
from app.services.proposal import rhythm_of
from app.services.unit_matching import Match, UnitNames, names_of_units
from app.work import Work


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
