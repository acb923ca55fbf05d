"""Deciding about old work, as its pages show it: the old sentence beside the new one, its changed words marked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from app.documents.differences import Words, mark_words
from app.errors import Conflict, NotFound
from app.models import Plan
from app.permissions import Permission
from app.services._scope import find
from app.services.amendment import Kind
from app.services.amendment_proposal import (
    NewClause,
    OldWork,
    clauses_like,
    new_clauses,
    review_old_work,
)
from app.services.plan_versions import plan_before
from app.services.standing import show_goal
from app.text import format_date
from app.work import Work


@dataclass(frozen=True, slots=True)
class OldSeen:
    """`clause`: the decided one, else the proposed one. `facts_before`, `facts_after`: the date or the target, where
    they differ."""

    work: OldWork
    clause: NewClause | None
    words: tuple[Words, ...]
    facts_before: str
    facts_after: str

    @property
    def code(self) -> str:
        return self.work.code

    @property
    def slug(self) -> str:
        return "nhiem-vu" if self.work.kind == "task" else "chi-tieu"


@dataclass(frozen=True, slots=True)
class AmendmentPage:
    """`waiting` first need a person, `settled` have a decision that stands; `new`: clauses that go on from nothing."""

    plan: Plan
    before: Plan
    waiting: tuple[OldSeen, ...]
    settled: tuple[OldSeen, ...]
    new: tuple[NewClause, ...]
    may_decide: bool

    @property
    def unchanged(self) -> tuple[OldSeen, ...]:
        """Those that wait and whose words are the same: taken all at once."""
        return tuple(old for old in self.waiting if _is_unchanged(old.work))

    @property
    def differing(self) -> tuple[OldSeen, ...]:
        return tuple(old for old in self.waiting if not _is_unchanged(old.work))

    @property
    def total(self) -> int:
        return len(self.waiting) + len(self.settled)


@dataclass(frozen=True, slots=True)
class OldWorkPage:
    """One old task or indicator, with every clause it might go on in and how alike each is."""

    plan: Plan
    old: OldSeen
    choices: tuple[tuple[NewClause, int], ...]
    may_decide: bool


def build_amendment_page(work: Work, plan_id: UUID) -> AmendmentPage:
    plan = _readable(work, plan_id)
    before = plan_before(work, plan)
    if before is None:
        raise Conflict(
            "Dự thảo này chưa ghi là sửa đổi, thay thế kế hoạch nào. Hãy chọn kế hoạch ấy trước.",
            code="not_an_amendment",
        )
    olds = [*review_old_work(work, plan, "task"), *review_old_work(work, plan, "indicator")]
    waiting = [old for old in olds if not old.is_settled]
    taken = {clause.id for old in olds if (clause := old.clause or _proposed(old))}
    clauses = [*new_clauses(work, plan, "task"), *new_clauses(work, plan, "indicator")]
    return AmendmentPage(
        plan=plan,
        before=before,
        waiting=tuple(_seen(old) for old in waiting),
        settled=tuple(_seen(old) for old in olds if old.is_settled),
        new=tuple(clause for clause in clauses if clause.id not in taken),
        may_decide=_may_decide(work, plan),
    )


def build_old_work(work: Work, plan_id: UUID, kind: Kind, key: UUID) -> OldWorkPage:
    plan = _readable(work, plan_id)
    old = next((old for old in review_old_work(work, plan, kind) if old.id == key), None)
    if old is None:
        raise NotFound
    clauses = new_clauses(work, plan, kind)
    return OldWorkPage(plan, _seen(old), tuple(clauses_like(old, clauses)), _may_decide(work, plan))


def _readable(work: Work, plan_id: UUID) -> Plan:
    plan = find(work, Plan, plan_id)
    work.require(Permission.DOCUMENT_READ, plan.locality_id)
    return plan


def _may_decide(work: Work, plan: Plan) -> bool:
    return plan.state == "draft" and work.actor.may(Permission.CANDIDATE_DECIDE, plan.locality_id)


def _is_unchanged(old: OldWork) -> bool:
    return old.decision is None and old.proposal.outcome == "kept"


def _proposed(old: OldWork) -> NewClause | None:
    return old.proposal.clause if old.decision is None else None


def _seen(old: OldWork) -> OldSeen:
    clause = old.clause or _proposed(old)
    words = mark_words(old.text, clause.text) if clause else (Words("same", old.text),)
    facts = (_target_facts if old.kind == "indicator" else _due_facts)(old, clause)
    same = facts[0] == facts[1]
    return OldSeen(old, clause, words, "" if same else facts[0], "" if same else facts[1])


def _due_facts(old: OldWork, clause: NewClause | None) -> tuple[str, str]:
    """A clause that names no day leaves the office's own date as it is."""
    due = clause.fields.get("due_on") if clause else None
    if due is None:
        return "", ""
    before = f"hạn {format_date(old.due_on)}" if old.due_on else "chưa có hạn"
    return before, f"hạn {format_date(date.fromisoformat(str(due)))}"


def _target_facts(old: OldWork, clause: NewClause | None) -> tuple[str, str]:
    if clause is None:
        return "", ""
    fields = clause.fields
    goals = [goal for goal in old.goals if goal.horizon == fields.get("horizon")] or list(old.goals)
    before = "; ".join(_goal(show_goal(goal, old.row), goal.horizon) for goal in goals)
    return before or "chưa đặt mục tiêu", _goal(_new_goal(fields), fields.get("horizon"))


def _new_goal(fields: dict[str, Any]) -> str:
    goal = SimpleNamespace(
        comparator=fields["comparator"],
        value=_decimal(fields.get("value")),
        value_to=_decimal(fields.get("value_to")),
        horizon=fields.get("horizon"),
    )
    how = SimpleNamespace(measure=fields["measure"], unit_label=fields.get("unit"), decimals=2)
    if goal.value is None and goal.comparator not in ("achieve", "maintain"):
        return "chưa có con số"
    return show_goal(goal, how)


def _goal(shown: str, horizon: int | None) -> str:
    return f"{shown} đến năm {horizon}" if horizon else shown


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
