"""The workbench as a page: the source on one side, candidates by organisation and section on the other.

Five queries whatever the size: the document with its draft, its clauses, its candidates, the locality's units, the
clerk's own last steps.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.errors import NotFound
from app.models import Candidate, DecisionStep, Document, Passage, Plan, StoredFile
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.candidate import IN_ORDER, list_candidates
from app.services.candidate_options import party_options
from app.services.candidate_step import newest_standing, own_steps
from app.services.candidate_view import CandidateView, Viewer, view_candidates
from app.services.coverage import coverage_of
from app.services.document import list_passages, plan_of
from app.services.intake import Intake
from app.services.unit_matching import names_of_units
from app.services.workbench_source import Line, PageView, lines_of, pages_of
from app.work import Work

candidates, documents, passages = columns(Candidate), columns(Document), columns(Passage)
plans, stored = columns(Plan), columns(StoredFile)

_AWAY = ("split", "merged")  # what became of them is shown in their place


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which candidates to show. `state`: pending, warnings, off (not taken, split, merged), or all; `code` of a
    warning, `kind`, `unit` (an organisation of the document, with its duties)."""

    state: str = ""
    code: str = ""
    kind: str = ""
    unit: UUID | None = None

    @property
    def is_on(self) -> bool:
        return bool(self.state or self.code or self.kind or self.unit)

    def takes(self, view: CandidateView) -> bool:
        row = view.row
        if self.unit is not None and self.unit not in (row.id, row.parent_id):
            return False
        if self.kind and row.kind != self.kind:
            return False
        if self.code and all(warning["code"] != self.code for warning in view.warnings):
            return False
        if self.state == "off":
            return row.state == "rejected" or (row.state in _AWAY and row.made_of != [])
        if row.state in _AWAY:
            return False
        if self.state == "pending":
            return row.state == "pending"
        return bool(view.warnings) if self.state == "warnings" else True


@dataclass(frozen=True, slots=True)
class UnitGroupView:
    """An organisation with its duties: one fragment, because they are accepted and rejected together."""

    unit: CandidateView
    duties: tuple[CandidateView, ...]

    @property
    def pending(self) -> int:
        return sum(view.row.state == "pending" for view in (self.unit, *self.duties))


@dataclass(frozen=True, slots=True)
class TaskSection:
    heading: str
    tasks: tuple[CandidateView, ...]

    @property
    def pending(self) -> int:
        return sum(view.row.state == "pending" for view in self.tasks)


@dataclass(frozen=True, slots=True)
class Workbench:
    """`shown` counts the candidates that pass the filter; `codes`: warnings by code with their number; `parties`:
    who can be given work; `last_step`: what "undo" would take back."""

    intake: Intake
    lines: tuple[Line, ...]
    pages: tuple[PageView, ...]
    warnings: tuple[dict[str, Any], ...]
    units: tuple[UnitGroupView, ...]
    sections: tuple[TaskSection, ...]
    indicators: tuple[CandidateView, ...]
    milestones: tuple[CandidateView, ...]
    shown: int
    codes: tuple[tuple[str, int], ...]
    parties: tuple[tuple[str, str], ...]
    last_step: DecisionStep | None


def build_workbench(work: Work, document_id: UUID, wanted: Wanted | None = None) -> Workbench | None:
    """None while the document is not read yet: there is nothing to decide."""
    wanted = wanted or Wanted()
    document, plan, file = _head(work, document_id)
    if plan is None:
        return None
    clauses = list(_of_document(work, Passage, document_id, passages.ordinal))
    rows: list[Candidate] = list(_of_document(work, Candidate, document_id, *IN_ORDER))
    names = names_of_units(work, document.locality_id)
    read = [row for row in rows if row.kind == "unit"]
    views = Viewer(work, document, plan, names, read).views(rows, clauses)
    cover = coverage_of(clauses, rows)
    may_decide = plan.state == "draft" and work.actor.may(Permission.CANDIDATE_DECIDE, plan.locality_id)
    chosen = [view for view in views if wanted.takes(view)]
    groups = unit_groups(views, chosen)
    shown = [group.unit.row for group in groups] + [view.row for view in chosen if view.row.kind != "unit"]
    return Workbench(
        intake=Intake(
            document=document,
            plan=plan,
            file=file,
            passages=tuple(clauses),
            candidates=views,
            coverage=cover,
            counts=Counter((row.kind, row.state) for row in rows),
            may_decide=may_decide,
            may_issue=plan.state == "draft" and work.actor.may(Permission.PLAN_ISSUE, plan.locality_id),
        ),
        lines=lines_of(document, clauses, shown, cover),
        pages=pages_of(document, clauses, shown, cover),
        warnings=tuple(warning for warning in document.warnings if warning["passage"] is None),
        units=groups,
        sections=_sections(chosen),
        indicators=_of_kind(chosen, "indicator"),
        milestones=_of_kind(chosen, "milestone"),
        shown=len(chosen),
        codes=tuple(Counter(w["code"] for view in views for w in view.warnings).most_common()),
        parties=party_options(read, names.all()) if may_decide else (),
        last_step=newest_standing(own_steps(work, document_id), rows, clauses) if may_decide else None,
    )


def build_unit_group(work: Work, unit_id: UUID) -> UnitGroupView:
    """The organisation of a candidate (the unit itself, or the unit of a duty) with its duties."""
    unit = find(work, Candidate, unit_id)
    rows = list_candidates(work, unit.document_id, kinds=("unit", "duty"))
    own = [row for row in rows if unit.id in (row.id, row.parent_id) and row.state not in _AWAY]
    plan, document = plan_of(work, unit.document_id), find(work, Document, unit.document_id)
    views = view_candidates(work, document, plan, own, list_passages(work, unit.document_id))
    return UnitGroupView(views[0], views[1:])


def build_line(work: Work, passage_id: UUID) -> Line:
    """One clause of the source side."""
    passage = find(work, Passage, passage_id)
    rows = list_candidates(work, passage.document_id)
    cover = coverage_of(list_passages(work, passage.document_id), rows)
    return lines_of(find(work, Document, passage.document_id), [passage], rows, cover)[0]


def unit_groups(views: Sequence[CandidateView], chosen: Sequence[CandidateView]) -> tuple[UnitGroupView, ...]:
    """Organisations of which something is chosen; the organisation itself is always shown with it."""
    duties: dict[UUID | None, list[CandidateView]] = {}
    for view in chosen:
        if view.row.kind == "duty":
            duties.setdefault(view.row.parent_id, []).append(view)
    taken = {view.row.id for view in chosen}
    return tuple(
        UnitGroupView(view, tuple(duties.get(view.row.id, ())))
        for view in views
        if view.row.kind == "unit" and (view.row.id in taken or view.row.id in duties)
    )


def _head(work: Work, document_id: UUID) -> tuple[Document, Plan | None, StoredFile]:
    """The draft is shown to those who may read the document."""
    found = work.session.execute(
        visible(work, Document, documents, plans, stored)
        .outerjoin(plans, plans.document_id == documents.id)
        .join(stored, stored.id == documents.stored_file_id)
        .where(documents.id == document_id)
    ).first()
    if found is None:
        raise NotFound
    document, plan, file = found
    return document, plan, file


def _of_document(work: Work, model: type[Any], document_id: UUID, *order: Any) -> Any:
    return work.session.scalars(
        visible(work, model).where(columns(model).document_id == document_id).order_by(*order)
    )


def _sections(views: Sequence[CandidateView]) -> tuple[TaskSection, ...]:
    found: dict[str, list[CandidateView]] = {}
    for view in views:
        if view.row.kind == "task":
            found.setdefault(view.row.reading["section"], []).append(view)
    return tuple(TaskSection(heading, tuple(tasks)) for heading, tasks in found.items())


def _of_kind(views: Sequence[CandidateView], kind: str) -> tuple[CandidateView, ...]:
    return tuple(view for view in views if view.row.kind == kind)
