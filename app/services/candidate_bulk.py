"""Deciding several candidates at once: accept, reject, or fill in the same lead, deadline and so on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Field

from app.errors import Conflict, Invalid, NotFound, Stale, TienDoError
from app.events import CandidatesAccepted, CandidatesFilled, CandidatesRejected, Event
from app.models import Candidate
from app.models.base import columns
from app.services.candidate import (
    DECIDABLE,
    IN_PLAN,
    followers,
    place_of,
    require_unit_in_plan,
    to_decide,
    whole_decision,
)
from app.services.candidate_fields import FIELDS, Completion, Cycle, Mode, Party, Role, TaskKind
from app.services.candidate_pieces import Chosen
from app.services.candidate_step import Step
from app.services.typed import Day, Typed
from app.services.unit_matching import UnitNames, names_of_units
from app.work import Work

candidates = columns(Candidate)

MOST_AT_ONCE = 500
_NOTHING_TO_FILL = "Chưa chọn nội dung nào để điền. Chọn ít nhất một ô."


class Filling(Typed):
    """What to fill in: only what is sent; null clears it. A deadline makes standing work dated, a cycle makes dated
    work standing. `owners` report figures."""

    lead: Party | None = None
    cooperate: list[Party] = Field(default_factory=list, max_length=50)
    owners: list[Party] = Field(default_factory=list, max_length=50)
    kind: TaskKind = "standing"
    due_on: Day | None = None
    cycle: Cycle | None = None
    expected_product: str | None = Field(default=None, max_length=1000)
    role: Role = "lead"
    mode: Mode = "assign"
    completion: Completion = "each"


class BulkInput(Typed):
    """`set` fills in `fields`: what is pending stays pending, with it; what was taken is `edited`."""

    action: Literal["accept", "reject", "set"]
    candidates: list[Chosen] = Field(min_length=1, max_length=MOST_AT_ONCE)
    fields: Filling | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A candidate that was not changed, and why."""

    candidate: Candidate
    error: TienDoError


@dataclass(frozen=True, slots=True)
class Bulk:
    done: tuple[Candidate, ...]
    left: tuple[Left, ...]


def decide_several(work: Work, document_id: UUID, given: BulkInput) -> Bulk:
    """Each candidate by itself, in one step: one that somebody changed meanwhile, or that cannot take it, is left as
    it is and named. NotFound when one is not of this document."""
    plan = to_decide(work, document_id)
    filled = _filled(given)
    names = names_of_units(work, plan.locality_id)
    versions = {one.id: one.version for one in given.candidates}
    step = Step(work, document_id, given.action)
    done, left = [], []
    for row in _chosen(work, document_id, versions):
        try:
            _change_one(work, step, row, versions[row.id], given.action, filled, names)
            done.append(row)
        except TienDoError as error:
            left.append(Left(row, error))
    if done:
        step.keep()
        work.record(_event(plan.locality_id, document_id, given.action, len(done), tuple(filled)))
    return Bulk(tuple(done), tuple(left))


def _filled(given: BulkInput) -> dict[str, Any]:
    sent = given.fields.model_dump(mode="json", exclude_unset=True) if given.fields else {}
    if given.action == "set" and not sent:
        raise Invalid.field("fields", _NOTHING_TO_FILL)
    if given.action != "set" and sent:
        raise Invalid.field("fields", "Chỉ gửi nội dung cần điền khi điền (set).")
    if sent.get("due_on") and sent.get("cycle"):
        raise Invalid.field("cycle", "Chỉ chọn một: hạn hoàn thành, hoặc chu kỳ báo cáo.")
    if sent.get("due_on") and "kind" not in sent:
        sent |= {"kind": "dated", "cycle": None}
    if sent.get("cycle"):
        sent |= {"kind": "standing", "due_on": None}
    return sent


def _chosen(work: Work, document_id: UUID, versions: dict[UUID, int]) -> list[Candidate]:
    """Units first, so that their duties may follow in the same step."""
    statement = select(candidates).where(candidates.document_id == document_id, candidates.id.in_(versions))
    rows = list(work.session.scalars(statement.with_for_update()))
    if len(rows) < len(versions):
        raise NotFound
    return sorted(rows, key=lambda row: (row.kind != "unit", place_of(row)))


def _change_one(
    work: Work,
    step: Step,
    row: Candidate,
    version: int,
    action: str,
    filled: dict[str, Any],
    names: UnitNames,
) -> None:
    if row.version != version:
        raise Stale(row.version, {"state": row.state, "decided": row.decided})
    if row.state not in DECIDABLE:
        raise Conflict("Đề xuất này đã bỏ, đã tách hoặc đã gộp.", code="split_or_merged")
    change = {"accept": _accept, "reject": _reject, "set": _fill}[action]
    state, decided = change(work, row, filled, names)
    work.check_version(row, version, state=state, decided=decided)
    step.put(row, state, decided)
    for follower in followers(work, row, "rejected") if action == "reject" else []:
        follower.version += 1
        step.put(follower, "rejected", None)


Changed = tuple[str, dict[str, Any] | None]
_Change = Callable[[Work, Candidate, dict[str, Any], UnitNames], Changed]


def _accept(work: Work, row: Candidate, filled: dict[str, Any], names: UnitNames) -> Changed:
    require_unit_in_plan(work, row)
    kept = row.state if row.state in IN_PLAN else "edited" if row.decided else "accepted"
    return kept, whole_decision(work, row, {}, names)


def _reject(work: Work, row: Candidate, filled: dict[str, Any], names: UnitNames) -> Changed:
    return "rejected", None


def _fill(work: Work, row: Candidate, filled: dict[str, Any], names: UnitNames) -> Changed:
    """Fields of other kinds do not apply: filling a lead leaves duties alone."""
    fields = _as_kind(row.kind, filled)
    if row.state in IN_PLAN:
        return "edited", whole_decision(work, row, fields, names)
    whole_decision(work, row, fields, names)
    return "pending", (row.decided or {}) | fields


def _as_kind(kind: str, filled: dict[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in filled.items() if name in FIELDS[kind].model_fields}
    if kind == "unit" or not known:
        raise Conflict("Loại đề xuất này không có nội dung vừa điền.", code="not_applicable")
    try:
        FIELDS[kind].model_validate(known)
    except ValidationError:
        raise Conflict("Loại đề xuất này không nhận nội dung vừa điền.", code="not_applicable") from None
    return known


def _event(locality_id: UUID, document_id: UUID, action: str, count: int, fields: tuple[str, ...]) -> Event:
    if action == "set":
        return CandidatesFilled(locality_id=locality_id, subject_id=document_id, count=count, fields=fields)
    kind = CandidatesAccepted if action == "accept" else CandidatesRejected
    return kind(locality_id=locality_id, subject_id=document_id, count=count)
