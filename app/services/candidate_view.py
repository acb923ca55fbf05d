"""A candidate as it is shown: what accepting makes, whom it may mean, what is doubtful about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.models import Candidate, Document, Passage, Plan
from app.services._scope import find
from app.services.candidate import IN_PLAN, actions_on, list_candidates, proposal_of
from app.services.candidate_fields import FIELDS
from app.services.candidate_parties import PartyNames
from app.services.document import plan_of
from app.services.proposal import rhythm_of
from app.services.roles import reported_through
from app.services.unit_matching import Match, UnitNames, names_of_units
from app.work import Work

NOT_IN_REGISTER = "unit_not_in_register"
WITHOUT_MEMBERS = "group_without_members"


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A candidate with all that is needed to decide it. `fields`: what accepting makes, or what was decided;
    `rhythm`: a cycle its words hint at; `matches`: units it may be; `warnings`: doubts about its clause;
    `unit_name`: the unit it is matched to; `lead` and `others`: names of those who carry out or report;
    `through`: whom its words send reports through."""

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
    through: str | None = None

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
    names = names_of_units(work, document.locality_id)
    return Viewer(work, document, plan, names, list_candidates(work, document.id, kinds=("unit",))).views(
        rows, passages
    )


class Viewer:
    """Shows the candidates of one document. `read`: its organisations."""

    def __init__(
        self, work: Work, document: Document, plan: Plan, names: UnitNames, read: Iterable[Candidate]
    ) -> None:
        self._work, self._state, self._names = work, plan.state, names
        self._read = {row.id: row for row in read}
        self._known = PartyNames(names, self._read.values())
        self._doubts: dict[str, list[dict[str, Any]]] = {}
        for warning in document.warnings:
            self._doubts.setdefault(warning["passage"], []).append(warning)

    def views(self, rows: Sequence[Candidate], passages: Sequence[Passage]) -> tuple[CandidateView, ...]:
        by_id = {passage.id: passage for passage in passages}
        return tuple(self._view(row, by_id[row.passage_id]) for row in rows)

    def _view(self, row: Candidate, passage: Passage) -> CandidateView:
        whole: dict[str, Any] = FIELDS[row.kind]().model_dump(mode="json")
        parent = self._read[row.parent_id] if row.parent_id else None
        fields = whole | proposal_of(row, parent, self._known)
        others = fields.get("cooperate") or fields.get("owners") or ()
        matches = self._names.like(row.reading["name"]) if row.kind == "unit" else ()
        doubts = [doubt for doubt in self._doubts.get(passage.key, ()) if _concerns(row, doubt)]
        return CandidateView(
            row=row,
            passage=passage,
            fields=fields,
            actions=tuple(actions_on(self._work, row, self._state)),
            matches=matches,
            rhythm=rhythm_of(row.reading["text"]) if row.kind in ("duty", "task") else None,
            warnings=(*doubts, *self._today(row, passage, fields, matches)),
            unit_name=self._names.name_of(row.unit_id) if row.unit_id else None,
            lead=self._name_of(fields["lead"]) if fields.get("lead") else None,
            others=tuple(self._name_of(party) for party in others),
            through=reported_through(row.reading["text"]) if row.kind == "duty" else None,
        )

    def _name_of(self, party: dict[str, Any]) -> str:
        if party.get("unit_id"):
            return self._names.name_of(UUID(party["unit_id"]))
        meant = self._read[UUID(party["candidate_id"])]
        name: str = (meant.decided or meant.reading)["name"]
        return name

    def _today(
        self, row: Candidate, passage: Passage, fields: dict[str, Any], matches: Sequence[Match]
    ) -> list[dict[str, Any]]:
        """Doubts that depend on the register of units as it is now; none about what was rejected."""
        if row.state not in ("pending", *IN_PLAN):
            return []
        if row.kind != "unit":
            told = self._known.unknown(row.reading) if row.kind in ("task", "milestone") else []
            return [_not_in_register(passage, name) for name in told]
        unit_id = row.unit_id or (UUID(fields["unit_id"]) if fields.get("unit_id") else None)
        exact = next((match.unit_id for match in matches if match.is_exact), None)
        found = [] if unit_id or exact else [_not_in_register(passage, fields["name"])]
        if self._lacks_members(fields, unit_id or exact):
            found.append(_without_members(passage, fields["name"]))
        return found

    def _lacks_members(self, fields: dict[str, Any], unit_id: UUID | None) -> bool:
        if fields.get("member_names") or fields.get("member_unit_ids"):
            return False
        return self._names.is_empty_group(unit_id) if unit_id else bool(fields["is_group"])


def _not_in_register(passage: Passage, name: str) -> dict[str, Any]:
    message = f"“{name}” chưa có trong danh bạ đơn vị. Chọn đơn vị đã có, hoặc nhận để tạo mới khi ban hành."
    return {"code": NOT_IN_REGISTER, "message": message, "passage": passage.key, "excerpt": name}


def _without_members(passage: Passage, name: str) -> dict[str, Any]:
    message = (
        "Nhóm chưa có thành viên nên việc nằm ở bảng của chính nhóm, chưa chia cho từng đơn vị. "
        "Bấm Sửa để chọn hoặc ghi tên thành viên."
    )
    return {"code": WITHOUT_MEMBERS, "message": message, "passage": passage.key, "excerpt": name}


def _concerns(row: Candidate, warning: dict[str, Any]) -> bool:
    """Several candidates may come from one clause: a doubt about a few words belongs to those that hold them."""
    said = row.reading.get("statement") or row.reading.get("text") or row.reading.get("name") or ""
    excerpt = warning["excerpt"]
    return not excerpt or excerpt in said or said in excerpt
