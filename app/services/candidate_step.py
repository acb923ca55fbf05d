"""Steps of deciding: what one act of one clerk changed in a document, kept so that it can be taken back whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.errors import Conflict, NotFound
from app.events import DecisionStepUndone
from app.models import Candidate, DecisionStep, Document, Passage
from app.models.base import columns, new_id
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.document import plan_of
from app.services.typed import Typed
from app.work import Work

candidates, passages, steps = columns(Candidate), columns(Passage), columns(DecisionStep)

# So many of the newest steps are looked at for the one that "undo" would take back.
MOST_STEPS = 30
# Taken back whole or not at all: half a split would leave a duty twice in the plan, or not at all.
_WHOLE = ("split", "merge")


class StepUndoInput(Typed):
    """Which of one's own steps to take back; left out: the newest that still stands."""

    step: UUID | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """`changed`: things that are again what they were; `left`: those somebody changed since, kept as they are."""

    step: UUID
    action: str
    changed: int
    left: int


class Step:
    """One act under way: change candidates through it, then `keep` it."""

    def __init__(self, work: Work, document_id: UUID, action: str) -> None:
        self.id = new_id()
        self._work, self._document_id, self._action = work, document_id, action
        self._before: list[dict[str, Any]] = []
        self._made: list[str] = []
        self._place: UUID | None = None

    def put(self, row: Candidate, state: str, decided: dict[str, Any] | None) -> None:
        """Set state and decision of a candidate; who decided and when follow. The version is the caller's."""
        self._before.append(_candidate_before(row))
        self._place, is_decided = row.locality_id, state != "pending"
        row.state, row.decided, row.last_step_id = state, decided, self.id
        row.unit_id = UUID(decided["unit_id"]) if decided and decided.get("unit_id") else None
        row.decided_at = self._work.now if is_decided else None
        row.decided_by_id = self._work.actor.account_id if is_decided else None

    def set_aside(self, passage: Passage, *, set_aside: bool) -> None:
        self._before.append(_passage_before(passage))
        self._place = passage.locality_id
        passage.set_aside, passage.last_step_id = set_aside, self.id

    def put_away(self, row: Candidate, state: str) -> None:
        """A candidate that splitting or merging made, when what it was made of stands again."""
        self._before.append(_candidate_before(row))
        put_away(self._work, row, state)
        row.last_step_id = self.id

    def made(self, rows: Iterable[Candidate]) -> None:
        for row in rows:
            row.last_step_id = self.id
            self._made.append(str(row.id))

    def keep(self) -> None:
        """Nothing is kept of an act that changed nothing."""
        if self._place is None:
            return
        self._work.add(
            DecisionStep(
                id=self.id,
                locality_id=self._place,
                document_id=self._document_id,
                account_id=self._work.actor.account_id,
                action=self._action,
                count=len(self._before),
                before=self._before,
                made=self._made,
                taken_at=self._work.now,
            )
        )


def own_steps(work: Work, document_id: UUID) -> list[DecisionStep]:
    """The actor's own steps that still stand, newest first."""
    statement = (
        select(steps)
        .where(steps.document_id == document_id, steps.account_id == work.actor.account_id)
        .where(steps.undone_at.is_(None))
        .order_by(steps.id.desc())
        .limit(MOST_STEPS)
    )
    return list(work.session.scalars(statement))


def list_own_steps(work: Work, document_id: UUID) -> list[DecisionStep]:
    """For those who may read the document."""
    find(work, Document, document_id)
    return own_steps(work, document_id)


def newest_standing(
    own: Sequence[DecisionStep], rows: Sequence[Candidate], clauses: Sequence[Passage]
) -> DecisionStep | None:
    """The newest step of which something is still as the step left it."""
    last = {("candidate", str(row.id)): row.last_step_id for row in rows}
    last |= {("passage", str(clause.id)): clause.last_step_id for clause in clauses}
    return next((step for step in own if _stands(step, last)), None)


def _stands(step: DecisionStep, last: dict[tuple[str, str], UUID | None]) -> bool:
    return any(last.get((entry["kind"], entry["id"])) == step.id for entry in step.before)


def undo_step(work: Work, document_id: UUID, wanted: StepUndoInput) -> Undone:
    """Take back one of the actor's own steps. What somebody changed since stays as it is; Conflict when that is
    all of it, or part of a split or a merge. A step taken back before answers with nothing changed."""
    plan = plan_of(work, document_id)
    work.require(Permission.CANDIDATE_DECIDE, plan.locality_id)
    if plan.state != "draft":
        raise Conflict("Kế hoạch đã ban hành nên không hoàn tác được nữa.", code="plan_issued")
    step = _own_step(work, document_id, wanted.step)
    if step.undone_at is not None:
        return Undone(step.id, step.action, 0, 0)
    rows, clauses = _things_of(work, step)
    entries = [(entry, (rows | clauses)[UUID(entry["id"])]) for entry in step.before]
    mine = [(entry, row) for entry, row in entries if row.last_step_id == step.id]
    made = [rows[UUID(key)] for key in step.made]
    overtaken = len(mine) < len(entries) or any(row.last_step_id != step.id for row in made)
    if not mine or (overtaken and step.action in _WHOLE):
        raise Conflict(
            "Chỗ này đã được sửa tiếp sau bước đó nên không hoàn tác được nữa. Hãy sửa từng đề xuất.",
            code="step_overtaken",
        )

    for entry, row in mine:
        _put_back(row, entry)
    for row in made:
        row.version += 1
        put_away(work, row, "merged" if step.action == "split" else "split")
    step.undone_at = work.now
    event = DecisionStepUndone(
        locality_id=step.locality_id,
        subject_id=document_id,
        step=step.id,
        action=step.action,
        count=len(mine),
    )
    work.record(event)
    return Undone(step.id, step.action, len(mine), len(entries) - len(mine))


def _own_step(work: Work, document_id: UUID, step_id: UUID | None) -> DecisionStep:
    if step_id is not None:
        found = work.get(DecisionStep, step_id)
        if (found.document_id, found.account_id) != (document_id, work.actor.account_id):
            raise NotFound
        return found
    rows = work.session.scalars(visible(work, Candidate).where(candidates.document_id == document_id))
    clauses = work.session.scalars(visible(work, Passage).where(passages.document_id == document_id))
    newest = newest_standing(own_steps(work, document_id), list(rows), list(clauses))
    if newest is None:
        raise Conflict("Bạn chưa có bước nào ở văn bản này để hoàn tác.", code="nothing_to_undo")
    return newest


def _things_of(work: Work, step: DecisionStep) -> tuple[dict[UUID, Any], dict[UUID, Any]]:
    """Candidates and passages of a step by key, locked."""
    keys = {
        kind: {UUID(e["id"]) for e in step.before if e["kind"] == kind} for kind in ("candidate", "passage")
    }
    keys["candidate"] |= {UUID(key) for key in step.made}
    rows = work.session.scalars(
        select(candidates)
        .where(candidates.id.in_(keys["candidate"]))
        .order_by(candidates.id)
        .with_for_update()
    )
    clauses = work.session.scalars(
        select(passages).where(passages.id.in_(keys["passage"])).order_by(passages.id).with_for_update()
    )
    return {row.id: row for row in rows}, {clause.id: clause for clause in clauses}


def _candidate_before(row: Candidate) -> dict[str, Any]:
    return {
        "kind": "candidate",
        "id": str(row.id),
        "state": row.state,
        "decided": row.decided,
        "made_of": row.made_of,
        "by": str(row.decided_by_id) if row.decided_by_id else None,
        "at": row.decided_at.isoformat() if row.decided_at else None,
        "step": str(row.last_step_id) if row.last_step_id else None,
    }


def _passage_before(passage: Passage) -> dict[str, Any]:
    step = str(passage.last_step_id) if passage.last_step_id else None
    return {"kind": "passage", "id": str(passage.id), "set_aside": passage.set_aside, "step": step}


def _put_back(row: Any, entry: dict[str, Any]) -> None:
    row.version += 1
    row.last_step_id = UUID(entry["step"]) if entry["step"] else None
    if entry["kind"] == "passage":
        row.set_aside = entry["set_aside"]
        return
    decided = entry["decided"]
    row.state, row.decided, row.made_of = entry["state"], decided, entry["made_of"]
    row.unit_id = UUID(decided["unit_id"]) if decided and decided.get("unit_id") else None
    row.decided_by_id = UUID(entry["by"]) if entry["by"] else None
    row.decided_at = datetime.fromisoformat(entry["at"]) if entry["at"] else None


def put_away(work: Work, row: Candidate, state: str) -> None:
    """What a split or merge made is not deleted when that is taken back: it has become part of the original
    again, or the originals; it is then made of nothing."""
    row.state, row.decided, row.made_of, row.last_step_id = state, None, [], None
    row.decided_at, row.decided_by_id = work.now, work.actor.account_id
