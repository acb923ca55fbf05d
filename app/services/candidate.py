"""Candidates: what was read, waiting for a person's decision. Nothing becomes a unit, task or indicator without."""

from collections.abc import Sequence
from typing import Any, Literal, get_args
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, select, tuple_
from sqlmodel import Field

from app.errors import Conflict, Invalid, NotFound
from app.events import CandidateDecided, CandidatesAccepted
from app.models import Candidate, Plan, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.candidate_fields import (
    FIELDS,
    DutyFields,
    IndicatorFields,
    MilestoneFields,
    Party,
    TaskFields,
    UnitFields,
)
from app.services.candidate_origin import stand_again
from app.services.candidate_parties import PartyNames
from app.services.candidate_step import Step
from app.services.document import plan_of
from app.services.proposal import propose
from app.services.roles import role_of
from app.services.typed import Typed, sentence_of
from app.services.unit_matching import UnitNames, names_of_units
from app.work import Work

candidates, units = columns(Candidate), columns(Unit)

IN_PLAN = ("accepted", "edited")
DECIDABLE = ("pending", *IN_PLAN)
# Pieces stand where what they were cut from stood.
STANDS_AT = func.coalesce(candidates.stands_at, candidates.ordinal)
IN_ORDER = (STANDS_AT, candidates.part, candidates.ordinal)
_STATE_AFTER = {"accept": "accepted", "edit": "edited", "reject": "rejected", "undo": "pending"}
Action = Literal["accept", "edit", "reject", "undo"]
Kind = Literal["unit", "duty", "task", "indicator", "milestone"]


class DecisionInput(Typed):
    """A person's decision. With `edit`, the fields of the candidate's own kind, as many as differ from what was
    read; `undo` puts it back to pending."""

    action: Action
    unit: UnitFields | None = None
    duty: DutyFields | None = None
    task: TaskFields | None = None
    milestone: MilestoneFields | None = None
    indicator: IndicatorFields | None = None


class AcceptanceInput(Typed):
    """Which pending candidates to accept as they stand: of these kinds, one unit with its duties, the tasks under
    one heading; nothing set: all."""

    kinds: list[Kind] | None = Field(default=None, max_length=5)
    unit: UUID | None = None
    section: str | None = Field(default=None, max_length=2_000)


def list_candidates(
    work: Work,
    document_id: UUID,
    *,
    kinds: Sequence[str] = (),
    states: Sequence[str] = (),
    unit_id: UUID | None = None,
    after: tuple[int, str, int] | None = None,
    limit: int | None = None,
) -> list[Candidate]:
    """In the order of the text, a unit before its duties; `after` is the `place_of` the last one read, `unit_id` an
    organisation of the document: itself and its duties."""
    plan_of(work, document_id)
    statement = visible(work, Candidate).where(candidates.document_id == document_id)
    if kinds:
        statement = statement.where(candidates.kind.in_(kinds))
    if states:
        statement = statement.where(candidates.state.in_(states))
    if unit_id is not None:
        statement = statement.where((candidates.id == unit_id) | (candidates.parent_id == unit_id))
    if after is not None:
        statement = statement.where(tuple_(*IN_ORDER) > tuple_(*after))
    return list(work.session.scalars(statement.order_by(*IN_ORDER).limit(limit)))


def place_of(candidate: Candidate) -> tuple[int, str, int]:
    """Where it stands among the others of its document."""
    return candidate.stands_at or candidate.ordinal, candidate.part, candidate.ordinal


def get_candidate(work: Work, candidate_id: UUID) -> Candidate:
    return find(work, Candidate, candidate_id)


def proposal_of(
    candidate: Candidate, parent: Candidate | None, known: PartyNames | None = None
) -> dict[str, Any]:
    """What accepting the candidate would make: fields of its kind, as JSON. What was decided already wins.
    `known`: who may be meant by the names it gives; without it those stay open."""
    unit_name = None
    if parent is not None:
        unit_name = (parent.decided or {}).get("name") or parent.reading["name"]
    proposed = propose(candidate.kind, candidate.reading, unit_name)
    if candidate.kind == "duty":
        proposed["role"] = role_of(candidate.reading["text"])
    if known is not None and candidate.kind in ("task", "milestone"):
        proposed |= known.proposed(candidate.reading)
    if known is not None and candidate.kind == "indicator":
        proposed |= known.owners(candidate.reading)
    return proposed | (candidate.decided or {})


def actions_on(work: Work, candidate: Candidate, plan_state: str) -> list[str]:
    if plan_state != "draft" or not work.actor.may(Permission.CANDIDATE_DECIDE, candidate.locality_id):
        return []
    if candidate.state in ("split", "merged"):
        return [] if candidate.made_of == [] else ["undo"]
    split = ["split"] if candidate.kind != "unit" else []
    if candidate.state == "pending":
        return ["accept", "edit", *split, "reject"]
    return ["edit", *split, "reject", "undo"] if candidate.state in IN_PLAN else ["edit", "undo"]


def decide_candidate(work: Work, candidate_id: UUID, version: int | None, given: DecisionInput) -> Candidate:
    """Accept as it stands, edit, reject, or undo, while the plan is a draft. Rejecting a unit, or undoing it, does
    the same to its duties; a duty is accepted only under an accepted unit. Undoing a split or a merge brings back
    what was split or merged."""
    document_id = document_of(work, candidate_id)
    to_decide(work, document_id)
    candidate = find(work, Candidate, candidate_id)
    fields = _fields_given(candidate, given)
    _check_step(work, candidate, given.action)
    state = _STATE_AFTER[given.action]
    decided = None
    if state in IN_PLAN:
        require_unit_in_plan(work, candidate)
        state = "edited" if candidate.state == "pending" and candidate.decided else state
        decided = whole_decision(work, candidate, fields, names_of_units(work, candidate.locality_id))
    work.check_version(candidate, version, state=state, decided=decided)

    step = Step(work, document_id, given.action)
    if candidate.state in ("split", "merged"):
        stand_again(work, step, candidate)
    else:
        step.put(candidate, state, decided)
    _record(work, candidate)
    for row in [] if state in IN_PLAN else followers(work, candidate, state):
        row.version += 1
        step.put(row, state, None)
        _record(work, row)
    step.keep()
    return candidate


def take_back_making(work: Work, candidate_id: UUID) -> Candidate:
    """Take back the split or merge that made a candidate; the first of what it was made of."""
    to_decide(work, document_of(work, candidate_id))
    made = find(work, Candidate, candidate_id)
    if not made.made_of:
        raise Conflict("Việc tách, gộp này đã được hoàn tác.", code="split_or_merged")
    origin = find(work, Candidate, UUID(made.made_of[0]))
    return decide_candidate(work, origin.id, origin.version, DecisionInput(action="undo"))


def accept_all(work: Work, document_id: UUID, wanted: AcceptanceInput) -> int:
    """Accept what is pending as it stands, units first; the number accepted. What cannot be taken as it is
    (a figure without a value, a duty of a unit not accepted) stays pending."""
    plan = to_decide(work, document_id)
    names = names_of_units(work, plan.locality_id)
    step = Step(work, document_id, "accept")
    accepted = 0
    for candidate in _pending(work, document_id, wanted):
        parent = work.get(Candidate, candidate.parent_id) if candidate.parent_id else None
        if parent is not None and parent.state not in IN_PLAN:
            continue
        try:
            decided = whole_decision(work, candidate, {}, names)
        except Invalid:
            continue
        candidate.version += 1
        step.put(candidate, "edited" if candidate.decided else "accepted", decided)
        accepted += 1
    if accepted:
        step.keep()
        work.record(CandidatesAccepted(locality_id=plan.locality_id, subject_id=document_id, count=accepted))
    return accepted


def document_of(work: Work, candidate_id: UUID) -> UUID:
    """Read without a lock: the plan's comes first."""
    named = visible(work, Candidate, candidates.document_id).where(candidates.id == candidate_id)
    document_id: UUID | None = work.session.scalars(named).first()
    if document_id is None:
        raise NotFound
    return document_id


def to_decide(work: Work, document_id: UUID) -> Plan:
    """The draft plan of a document, locked: deciding waits for it. Conflict once it is issued."""
    plan = plan_of(work, document_id)
    work.require(Permission.CANDIDATE_DECIDE, plan.locality_id)
    if plan.state != "draft":
        raise Conflict(
            f"Kế hoạch {plan.code} đã ban hành nên đề xuất không đổi được nữa. Hãy sửa ở nhiệm vụ hoặc chỉ tiêu.",
            code="plan_issued",
        )
    return plan


def _fields_given(candidate: Candidate, given: DecisionInput) -> dict[str, Any]:
    """The fields sent, as JSON; Invalid when they are another kind's, or come with no edit."""
    sent = {kind: getattr(given, kind) for kind in FIELDS if getattr(given, kind) is not None}
    allowed = {candidate.kind} if given.action == "edit" else set()
    for kind in sent.keys() - allowed:
        raise Invalid.field(kind, f"Đề xuất này là “{candidate.kind}”; chỉ gửi trường đó, khi sửa (edit).")
    if not sent:
        return {}
    chosen: dict[str, Any] = sent[candidate.kind].model_dump(mode="json", exclude_unset=True)
    return chosen


def whole_decision(
    work: Work, candidate: Candidate, fields: dict[str, Any], names: UnitNames
) -> dict[str, Any]:
    """What was read, then decided before, then sent now: checked as a whole, as JSON to be kept."""
    parent = work.get(Candidate, candidate.parent_id) if candidate.parent_id else None
    known = PartyNames(names, _units_read(work, candidate))
    merged = proposal_of(candidate, parent, known) | fields
    if candidate.kind == "unit" and "unit_id" not in merged:
        named = names.named(str(merged["name"]))
        merged["unit_id"] = str(named.id) if named else None
    try:
        whole = FIELDS[candidate.kind].model_validate(merged)
    except ValidationError as error:
        wrong = {".".join(map(str, e["loc"])): sentence_of(e) for e in error.errors()}
        raise Invalid("Một số trường chưa hợp lệ. Sửa các chỗ được đánh dấu.", errors=wrong) from None
    if found := whole.problems():
        raise Invalid(next(iter(found.values())), errors=found)
    _check_parties(work, candidate, whole)
    kept: dict[str, Any] = whole.model_dump(mode="json")
    return kept


def _units_read(work: Work, candidate: Candidate) -> list[Candidate]:
    """The organisations of its document, looked up only for a candidate that names some."""
    if not (candidate.reading.get("lead") or candidate.reading.get("cooperating")):
        return []
    statement = select(candidates).where(
        candidates.document_id == candidate.document_id, candidates.kind == "unit"
    )
    return list(work.session.scalars(statement.order_by(candidates.ordinal)))


def _check_parties(work: Work, candidate: Candidate, whole: Any) -> None:
    """Every unit meant is one of this locality, every candidate meant a unit of this document."""
    if isinstance(whole, UnitFields):
        meant = [Party(unit_id=key) for key in whole.member_unit_ids]
        meant += [Party(unit_id=whole.unit_id)] if whole.unit_id else []
    else:
        meant = whole.parties() if hasattr(whole, "parties") else []
    unit_ids = {party.unit_id for party in meant if party.unit_id}
    candidate_ids = {party.candidate_id for party in meant if party.candidate_id}
    known_units = visible(work, Unit, units.id).where(
        units.locality_id == candidate.locality_id, units.id.in_(unit_ids)
    )
    known_candidates = select(candidates.id).where(
        candidates.document_id == candidate.document_id,
        candidates.kind == "unit",
        candidates.id.in_(candidate_ids),
    )
    if unit_ids - set(work.session.scalars(known_units)):
        raise Invalid.field("unit_id", "Không có đơn vị này ở địa phương. Chọn lại trong danh sách.")
    if candidate_ids - set(work.session.scalars(known_candidates)):
        raise Invalid.field("candidate_id", "Văn bản này không có đơn vị đó. Chọn lại trong danh sách.")


def require_unit_in_plan(work: Work, candidate: Candidate) -> None:
    parent = work.get(Candidate, candidate.parent_id) if candidate.parent_id else None
    if parent is not None and parent.state not in IN_PLAN:
        raise Conflict(
            f"Hãy nhận đơn vị “{parent.reading['name']}” trước, rồi nhận việc của đơn vị đó.",
            code="unit_not_accepted",
        )


def followers(work: Work, candidate: Candidate, state: str) -> list[Candidate]:
    """Duties that go the way of their unit."""
    going = ("pending", *IN_PLAN) if state == "rejected" else IN_PLAN
    statement = select(candidates).where(candidates.parent_id == candidate.id, candidates.state.in_(going))
    return list(work.session.scalars(statement.order_by(candidates.ordinal).with_for_update()))


def _pending(work: Work, document_id: UUID, wanted: AcceptanceInput) -> list[Candidate]:
    statement = select(candidates).where(candidates.document_id == document_id, candidates.state == "pending")
    if wanted.kinds is not None:
        statement = statement.where(candidates.kind.in_(wanted.kinds))
    if wanted.unit is not None:
        of_unit = (candidates.id == wanted.unit) | (candidates.parent_id == wanted.unit)
        statement = statement.where(of_unit)
    rows = list(work.session.scalars(statement.order_by(*IN_ORDER).with_for_update()))
    if wanted.section is not None:
        rows = [row for row in rows if row.reading.get("section") == wanted.section]
    return sorted(rows, key=lambda row: (row.kind != "unit", place_of(row)))


def _check_step(work: Work, candidate: Candidate, action: str) -> None:
    if candidate.state in ("split", "merged") and action not in actions_on(work, candidate, "draft"):
        raise Conflict(
            "Đề xuất này đã được tách hoặc gộp. Hãy quyết định ở các đề xuất mới, hoặc hoàn tác việc tách, gộp.",
            code="split_or_merged",
        )


def _record(work: Work, candidate: Candidate) -> None:
    work.record(
        CandidateDecided(locality_id=candidate.locality_id, subject_id=candidate.id, state=candidate.state)
    )


assert set(get_args(Kind)) == set(FIELDS)
