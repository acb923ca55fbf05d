"""The workbench as a page: clauses with their marks on one side, candidates by section on the other."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.models import Candidate, Document, Passage, Unit
from app.models.base import columns
from app.services._scope import find, visible
from app.services.candidate import list_candidates
from app.services.candidate_view import CandidateView, view_candidates
from app.services.document import list_passages, plan_of
from app.services.intake import Intake, build_intake
from app.services.unit_group import members_on
from app.services.unit_kinds import guess_unit_kind
from app.work import Work

candidates, units = columns(Candidate), columns(Unit)

# Kinds of members of a group whose name speaks of the first kind.
_ALSO_MEMBERS = {
    "front": ("front", "mass_organisation"),
    "party_cell_other": ("party_cell_other", "party_cell_village", "party_cell_school"),
}
_UNSHOWN = ("page_number",)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


@dataclass(frozen=True, slots=True)
class Line:
    """A clause as shown. `mark`: used, open (still to be decided or set aside), aside, or nothing.
    `pieces`: more than one where the text was joined across a page break."""

    passage: Passage
    mark: str
    pieces: tuple[str, ...]
    warnings: tuple[dict[str, Any], ...]


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


@dataclass(frozen=True, slots=True)
class Workbench:
    """`shown` counts the candidates that pass the filter."""

    intake: Intake
    lines: tuple[Line, ...]
    warnings: tuple[dict[str, Any], ...]
    units: tuple[UnitGroupView, ...]
    sections: tuple[TaskSection, ...]
    indicators: tuple[CandidateView, ...]
    milestones: tuple[CandidateView, ...]
    shown: int


@dataclass(frozen=True, slots=True)
class EditOptions:
    """What the edit form of a candidate offers: organisations of the document, units that are there, and for a
    group the units that look like its members and those that are members today."""

    parties: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    likely_members: tuple[tuple[str, str], ...]
    members: tuple[str, ...]


def build_workbench(work: Work, document_id: UUID, *, only: str = "") -> Workbench:
    """`only`: "pending", "warnings", or everything."""
    intake = build_intake(work, document_id)
    wanted = _FILTERS.get(only, _everything)
    groups = unit_groups(intake.candidates, wanted)
    chosen = [view for view in intake.candidates if wanted(view)]
    return Workbench(
        intake=intake,
        lines=_lines(intake),
        warnings=tuple(w for w in intake.document.warnings if w["passage"] is None),
        units=groups,
        sections=_sections(chosen),
        indicators=_of_kind(chosen, "indicator"),
        milestones=_of_kind(chosen, "milestone"),
        shown=len(chosen),
    )


def build_unit_group(work: Work, unit_id: UUID) -> UnitGroupView:
    """The organisation of a candidate (the unit itself, or the unit of a duty) with its duties."""
    unit = find(work, Candidate, unit_id)
    rows = list_candidates(work, unit.document_id, kinds=("unit", "duty"))
    own = [row for row in rows if unit.id in (row.id, row.parent_id)]
    plan, document = plan_of(work, unit.document_id), find(work, Document, unit.document_id)
    views = view_candidates(work, document, plan, own, list_passages(work, unit.document_id))
    return UnitGroupView(views[0], views[1:])


def build_edit_options(work: Work, view: CandidateView) -> EditOptions:
    row = view.row
    read = list_candidates(work, row.document_id, kinds=("unit",))
    there = list(
        work.session.scalars(
            visible(work, Unit)
            .where(units.locality_id == row.locality_id, units.valid_to.is_(None))
            .order_by(units.name, units.id)
        )
    )
    meant = {other.unit_id for other in read if other.unit_id is not None}
    parties = [
        (f"c:{other.id}", (other.decided or other.reading)["name"])
        for other in read
        if other.state != "rejected"
    ]
    parties += [(f"u:{unit.id}", unit.name) for unit in there if unit.id not in meant]
    return EditOptions(
        parties=tuple(parties),
        units=tuple((str(unit.id), unit.name) for unit in there),
        likely_members=_likely_members(view, there),
        members=_members_today(work, row),
    )


def _likely_members(view: CandidateView, there: Sequence[Unit]) -> tuple[tuple[str, str], ...]:
    """Units of the kind that the group's name speaks of."""
    if view.row.kind != "unit" or not view.fields["is_group"]:
        return ()
    kind = guess_unit_kind(view.fields["name"])
    wanted = _ALSO_MEMBERS.get(kind, (kind,))
    return tuple((str(unit.id), unit.name) for unit in there if unit.kind in wanted)


def _members_today(work: Work, row: Candidate) -> tuple[str, ...]:
    if row.unit_id is None:
        return ()
    return tuple(unit.name for unit in members_on(work, [row.unit_id], work.today)[row.unit_id])


def unit_groups(
    views: Sequence[CandidateView], wanted: Callable[[CandidateView], bool]
) -> tuple[UnitGroupView, ...]:
    """Organisations of which something passes the filter; the organisation itself is always shown with it."""
    duties: dict[UUID | None, list[CandidateView]] = {}
    for view in views:
        if view.row.kind == "duty" and wanted(view):
            duties.setdefault(view.row.parent_id, []).append(view)
    return tuple(
        UnitGroupView(view, tuple(duties.get(view.row.id, ())))
        for view in views
        if view.row.kind == "unit" and (wanted(view) or view.row.id in duties)
    )


def _everything(view: CandidateView) -> bool:
    return True


_FILTERS: dict[str, Callable[[CandidateView], bool]] = {
    "pending": lambda view: view.row.state == "pending",
    "warnings": lambda view: bool(view.warnings),
}


def _sections(views: Sequence[CandidateView]) -> tuple[TaskSection, ...]:
    found: dict[str, list[CandidateView]] = {}
    for view in views:
        if view.row.kind == "task":
            found.setdefault(view.row.reading["section"], []).append(view)
    return tuple(TaskSection(heading, tuple(tasks)) for heading, tasks in found.items())


def _of_kind(views: Sequence[CandidateView], kind: str) -> tuple[CandidateView, ...]:
    return tuple(view for view in views if view.row.kind == kind)


def _lines(intake: Intake) -> tuple[Line, ...]:
    cover = intake.coverage
    marks = {passage.id: "used" for passage in cover.used}
    marks |= {passage.id: "open" for passage in cover.open}
    marks |= {passage.id: "aside" for passage in cover.set_aside}
    doubts: dict[str, list[dict[str, Any]]] = {}
    for warning in intake.document.warnings:
        if warning["passage"] is not None:
            doubts.setdefault(warning["passage"], []).append(warning)
    return tuple(
        Line(passage, marks.get(passage.id, ""), pieces_of(passage), tuple(doubts.get(passage.key, ())))
        for passage in intake.passages
        if passage.kind not in _UNSHOWN
    )


def pieces_of(passage: Passage) -> tuple[str, ...]:
    """The clause, in its pieces where the file cuts it by an empty line."""
    if passage.kind not in ("item", "paragraph", "heading"):
        return (passage.text,)
    pieces = [" ".join(piece.split()) for piece in _BLANK_LINE.split(passage.raw) if piece.strip()]
    return tuple(pieces) if len(pieces) > 1 else (passage.text,)
