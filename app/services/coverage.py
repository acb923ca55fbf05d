"""Coverage: every clause of the tasks and organisation sections is used, or set aside by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.errors import Conflict
from app.events import PassageSetAside
from app.models import Candidate, Passage
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find
from app.services.candidate import IN_PLAN
from app.services.candidate_step import Step
from app.services.document import list_passages, plan_of
from app.work import Work

candidates = columns(Candidate)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Clauses in scope, each in exactly one list: used by a decided candidate, waiting for a decision, set aside
    by a person, or unused."""

    used: tuple[Passage, ...]
    waiting: tuple[Passage, ...]
    set_aside: tuple[Passage, ...]
    unused: tuple[Passage, ...]

    @property
    def total(self) -> int:
        return len(self.used) + len(self.waiting) + len(self.set_aside) + len(self.unused)

    @property
    def open(self) -> tuple[Passage, ...]:
        """What would be missing from the plan if it were issued now."""
        return tuple(sorted((*self.waiting, *self.unused), key=lambda passage: passage.ordinal))


def get_coverage(work: Work, document_id: UUID) -> Coverage:
    rows = work.session.scalars(
        select(candidates).where(candidates.document_id == plan_of(work, document_id).document_id)
    )
    return coverage_of(list_passages(work, document_id), list(rows))


def coverage_of(passages: Sequence[Passage], rows: Sequence[Candidate]) -> Coverage:
    keys = {passage.id: passage.key for passage in passages}
    in_plan = {row.id for row in rows if row.state in IN_PLAN}
    used, waiting = set[str](), set[str]()
    for row in rows:
        meant = {keys[row.passage_id], *row.reading.get("details", ())}
        if row.id in in_plan and (row.parent_id is None or row.parent_id in in_plan):
            used |= meant
        elif row.state == "pending":
            waiting |= meant
    in_scope = [passage for passage in passages if passage.in_scope]
    open_ones = [p for p in in_scope if p.key not in used and not p.set_aside]
    return Coverage(
        used=tuple(p for p in in_scope if p.key in used),
        waiting=tuple(p for p in open_ones if p.key in waiting),
        set_aside=tuple(p for p in in_scope if p.key not in used and p.set_aside),
        unused=tuple(p for p in open_ones if p.key not in waiting),
    )


def set_aside_passage(work: Work, passage_id: UUID, version: int | None, *, set_aside: bool) -> Passage:
    """“Không phải nhiệm vụ”, or back. Conflict when the plan is issued, or the clause needs no decision."""
    passage = find(work, Passage, passage_id)
    work.require(Permission.CANDIDATE_DECIDE, passage.locality_id)
    if plan_of(work, passage.document_id).state != "draft":
        raise Conflict("Kế hoạch đã ban hành nên không đổi được nữa.", code="plan_issued")
    if not passage.in_scope:
        raise Conflict("Câu này không thuộc phần nhiệm vụ hay tổ chức thực hiện nên không cần đánh dấu.")
    work.check_version(passage, version, set_aside=set_aside)

    step = Step(work, passage.document_id, "set_aside" if set_aside else "take_back")
    step.set_aside(passage, set_aside=set_aside)
    step.keep()
    work.record(PassageSetAside(locality_id=passage.locality_id, subject_id=passage.id, set_aside=set_aside))
    return passage
