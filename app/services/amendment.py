"""Amending a plan: which plan a draft takes the place of, and what becomes of each old task and indicator.

What is proposed: amendment_proposal.py. What issuing makes of the decisions: supersession.py (decision 0018).
"""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Field

from app.errors import Conflict, Invalid, NotFound
from app.events import AmendmentDecided, AmendmentKept, AmendmentSet
from app.models import AmendmentDecision, Indicator, Plan, Task
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find
from app.services.amended_plan import check_amendable, record_amending
from app.services.amendment_proposal import (
    NewClause,
    OldWork,
    has_target_of,
    new_clause_of,
    review_old_work,
)
from app.services.target import list_targets
from app.services.typed import Typed
from app.work import Work

decisions, tasks, indicators = columns(AmendmentDecision), columns(Task), columns(Indicator)

Kind = Literal["task", "indicator"]
Outcome = Literal["kept", "changed", "ended"]
_WORDS = {"kept": "giữ nguyên", "changed": "sửa đổi", "ended": "kết thúc"}


class AmendmentInput(Typed):
    """What becomes of an old task or indicator: kept and changed name the candidate that goes on from it, ended says
    why."""

    outcome: Outcome
    candidate: UUID | None = None
    reason: str | None = Field(default=None, max_length=2_000)


class AmendedInput(Typed):
    """The plan a draft takes the place of; null: none."""

    plan: UUID | None = None


# Which plan is amended


def set_amended_plan(work: Work, plan_id: UUID, given: AmendedInput, version: int | None) -> Plan:
    """Say which plan a draft amends, or that it amends none. What was decided about another plan's work is dropped."""
    draft = find(work, Plan, plan_id)
    work.require(Permission.CANDIDATE_DECIDE, draft.locality_id)
    _check_draft(draft)
    before = check_amendable(work, given.plan, draft.locality_id) if given.plan else None
    work.check_version(draft, version, amends=draft.amends_id)

    if draft.amends_id != given.plan:
        work.session.execute(delete(decisions).where(decisions.plan_id == draft.id))
        draft.amends_id = given.plan
    said = f"sửa đổi, thay thế {before.code}" if before else "không sửa đổi kế hoạch nào"
    work.record(AmendmentSet(locality_id=draft.locality_id, subject_id=draft.id, said=said))
    record_amending(work, draft)
    return draft


# What becomes of its work


def list_old_work(work: Work, plan_id: UUID, kind: Kind) -> list[OldWork]:
    """Every old task (or indicator) with its decision or what is proposed, in the old plan's order."""
    draft = find(work, Plan, plan_id)
    work.require(Permission.DOCUMENT_READ, draft.locality_id)
    return review_old_work(work, draft, kind)


def decide_old_work(
    work: Work, plan_id: UUID, kind: Kind, key: UUID, given: AmendmentInput, version: int | None
) -> AmendmentDecision:
    """Decide about one old task or indicator; version 0 while nobody has. Conflict `candidate_taken` when another
    already goes on in that clause."""
    draft = _to_decide(work, plan_id)
    old = _old_work(work, draft, kind, key)
    _check_given(given)
    clause = _clause(work, draft, kind, old, given)
    row = _decision(work, draft, kind, old.id)
    work.check_version(row, version, outcome=given.outcome, candidate_id=given.candidate, reason=given.reason)

    _put(work, row, given.outcome, given.candidate, given.reason or None)
    said = _WORDS[given.outcome] + (f", {given.reason}" if given.reason else f" ({clause})" if clause else "")
    work.record(
        AmendmentDecided(
            locality_id=draft.locality_id,
            subject_id=draft.id,
            code=old.code,
            outcome=given.outcome,
            said=said,
        )
    )
    return row


def accept_kept(work: Work, plan_id: UUID, kind: Kind) -> int:
    """Take every proposal that something goes on unchanged; the number taken. Others wait for a person each."""
    draft = _to_decide(work, plan_id)
    taken = 0
    for one in review_old_work(work, draft, kind):
        if one.decision is None and one.proposal.outcome == "kept" and one.proposal.clause is not None:
            row = _new(draft, kind, one.id, version=1)
            _put(work, row, "kept", one.proposal.clause.id, None)
            taken += 1
    if taken:
        work.record(AmendmentKept(locality_id=draft.locality_id, subject_id=draft.id, count=taken))
    return taken


def _to_decide(work: Work, plan_id: UUID) -> Plan:
    """The draft, locked: two people decide one after the other."""
    draft = find(work, Plan, plan_id)
    work.require(Permission.CANDIDATE_DECIDE, draft.locality_id)
    _check_draft(draft)
    if draft.amends_id is None:
        raise Conflict(
            "Dự thảo này chưa ghi là sửa đổi, thay thế kế hoạch nào. Hãy chọn kế hoạch ấy trước.",
            code="not_an_amendment",
        )
    return draft


def _check_draft(plan: Plan) -> None:
    if plan.state != "draft":
        raise Conflict(
            f"Kế hoạch {plan.code} đã ban hành nên việc đối chiếu không đổi được nữa.", code="plan_issued"
        )


def _old_work(work: Work, draft: Plan, kind: Kind, key: UUID) -> Any:
    rows = tasks if kind == "task" else indicators
    old = work.session.scalars(select(rows).where(rows.id == key, rows.plan_id == draft.amends_id)).first()
    if old is None:
        raise NotFound("Kế hoạch được sửa đổi không có mục này.")
    return old


def _check_given(given: AmendmentInput) -> None:
    if given.outcome == "ended":
        if given.candidate is not None:
            raise Invalid.field("candidate", "Kết thúc thì không nối tiếp ở câu nào. Bỏ trống mục này.")
        if not given.reason:
            raise Invalid.field("reason", "Nêu lý do kết thúc, các đơn vị đang làm sẽ đọc lý do này.")
    elif given.candidate is None:
        raise Invalid.field("candidate", "Chọn câu của văn bản mới nối tiếp việc này.")


def _clause(work: Work, draft: Plan, kind: Kind, old: Any, given: AmendmentInput) -> str:
    """Where the new clause stands ("III.2.a"), checked to be one that may go on from the old work."""
    if given.candidate is None:
        return ""
    clause = new_clause_of(work, draft, kind, given.candidate)
    if clause is None:
        raise Invalid.field("candidate", "Không có câu này trong văn bản mới, hoặc đã bị bỏ. Chọn câu khác.")
    if kind == "indicator" and clause.measure != old.measure:
        raise Invalid.field(
            "candidate",
            "Hai chỉ tiêu có cách đo khác nhau nên số liệu không nối tiếp được. "
            "Hãy kết thúc chỉ tiêu cũ; chỉ tiêu mới bắt đầu lại từ đầu.",
        )
    _check_target_kept(work, kind, old, clause, given)
    mine = decisions.task_id if kind == "task" else decisions.indicator_id
    taken = select(mine).where(decisions.plan_id == draft.id, decisions.candidate_id == given.candidate)
    other = work.session.scalars(taken).first()
    if other is not None and other != old.id:
        raise Conflict(
            f"Câu này đã nối tiếp {_old_work(work, draft, kind, other).code}. Mỗi câu mới chỉ nối tiếp một việc cũ: "
            "kết thúc một trong hai việc, nêu lý do là đã gộp.",
            code="candidate_taken",
        )
    return clause.path


def _check_target_kept(work: Work, kind: Kind, old: Any, clause: NewClause, given: AmendmentInput) -> None:
    if kind == "task" or given.outcome != "kept":
        return
    if not has_target_of(list_targets(work, [old.id])[old.id], clause.fields):
        raise Invalid.field("outcome", "Mục tiêu trong văn bản mới đã khác. Hãy chọn “Sửa đổi”.")


def _decision(work: Work, draft: Plan, kind: Kind, key: UUID) -> AmendmentDecision:
    mine = decisions.task_id if kind == "task" else decisions.indicator_id
    there: AmendmentDecision | None = work.session.scalars(
        select(decisions).where(decisions.plan_id == draft.id, mine == key).with_for_update()
    ).first()
    return there or _new(draft, kind, key, version=0)


def _new(draft: Plan, kind: Kind, key: UUID, *, version: int) -> AmendmentDecision:
    """Not kept yet; what it says comes next."""
    row = AmendmentDecision(locality_id=draft.locality_id, plan_id=draft.id, outcome="", version=version)
    row.task_id, row.indicator_id = (key, None) if kind == "task" else (None, key)
    return row


def _put(
    work: Work, row: AmendmentDecision, outcome: str, candidate_id: UUID | None, reason: str | None
) -> None:
    row.outcome, row.candidate_id, row.reason = outcome, candidate_id, reason
    row.decided_at, row.decided_by_id = work.now, work.actor.account_id
    work.add(row)
