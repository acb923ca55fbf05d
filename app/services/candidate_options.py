"""What the forms of the workbench offer: organisations of the document, units that are there, likely members."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.models import Candidate, Unit
from app.models.base import columns
from app.services._scope import visible
from app.services.candidate import list_candidates
from app.services.candidate_view import CandidateView
from app.services.unit_group import members_on
from app.services.unit_kinds import guess_unit_kind
from app.work import Work

units = columns(Unit)

# Kinds of members of a group whose name speaks of the first kind.
_ALSO_MEMBERS = {
    "front": ("front", "mass_organisation"),
    "party_cell_other": ("party_cell_other", "party_cell_village", "party_cell_school"),
}


@dataclass(frozen=True, slots=True)
class EditOptions:
    """What the edit form of a candidate offers: organisations of the document, units that are there, and for a
    group the units that look like its members and those that are members today."""

    parties: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    likely_members: tuple[tuple[str, str], ...]
    members: tuple[str, ...]


def build_edit_options(work: Work, view: CandidateView) -> EditOptions:
    row = view.row
    there = list(
        work.session.scalars(
            visible(work, Unit)
            .where(units.locality_id == row.locality_id, units.valid_to.is_(None))
            .order_by(units.name, units.id)
        )
    )
    return EditOptions(
        parties=party_options(list_candidates(work, row.document_id, kinds=("unit",)), there),
        units=tuple((str(unit.id), unit.name) for unit in there),
        likely_members=_likely_members(view, there),
        members=_members_today(work, row),
    )


def party_options(read: Iterable[Candidate], there: Iterable[Unit]) -> tuple[tuple[str, str], ...]:
    """ "c:…" an organisation of the document, "u:…" a unit that none of them is matched to; with their names."""
    known = [row for row in read if row.state != "rejected"]
    meant = {row.unit_id for row in known if row.unit_id is not None}
    said = [(f"c:{row.id}", str((row.decided or row.reading)["name"])) for row in known]
    return (*said, *((f"u:{unit.id}", unit.name) for unit in there if unit.id not in meant))


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
