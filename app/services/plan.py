"""Plans: the drafts intake makes, and what becomes of them. Issuing one: issuing.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field

from app.documents.sources import Source
from app.documents.values import Reading
from app.errors import Conflict, Invalid
from app.events import PlanChanged, PlanClosed
from app.models import Candidate, Document, PeriodScheme, Plan
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.basis import carrying_out
from app.services.candidate import AcceptanceInput, accept_all
from app.services.document import SentFile, plan_of, upload_files
from app.services.group_changes import withdraw_groundless
from app.services.issuing import issue_plan
from app.services.plan_reporting import list_schemes
from app.services.states import ACTION_PERMISSION, actions_from, next_state
from app.services.typed import PastDay, Typed
from app.text import fold
from app.work import Work

candidates, plans = columns(Candidate), columns(Plan)

Cycle = Literal["month", "quarter", "half_year", "nine_months", "year", "school_year"]
REPORTING = {"scheme", "cycle"}


class PlanChange(Typed):
    """Facts of a draft to put right; a field left out stays. In which periods it reports may be changed later too:
    `scheme` (its code) opens them by the clock, `cycle` is that of standing work which names none."""

    title: str = Field(default="", min_length=2, max_length=1_000)
    kind: str | None = Field(default=None, max_length=60)
    issuer: str | None = Field(default=None, max_length=300)
    number: str | None = Field(default=None, max_length=60)
    issued_on: PastDay | None = None
    scheme: str | None = Field(default=None, max_length=30)
    cycle: Cycle | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """`tasks`: duties of organisations and tasks of the tasks section; `units`: organisations of the document."""

    plan: UUID
    units: int
    tasks: int
    indicators: int
    warnings: int


def list_plans(
    work: Work,
    *,
    locality_id: UUID | None = None,
    states: tuple[str, ...] = (),
    q: str = "",
    implements: str = "",
    after: UUID | None = None,
    limit: int = 100,
) -> list[Plan]:
    """Newest first. `implements`: those that carry out the superior document of this symbol (“71-NQ/TW”). NotFound
    for a locality whose plans the actor may not know of."""
    statement = visible(work, Plan)
    if implements.strip():
        statement = statement.where(carrying_out(implements))
    if locality_id is not None:
        work.require(Permission.PLAN_READ, locality_id)
        statement = statement.where(plans.locality_id == locality_id)
    if states:
        statement = statement.where(plans.state.in_(states))
    for word in fold(q).split():
        statement = statement.where(plans.folded.contains(word, autoescape=True))
    if after is not None:
        statement = statement.where(plans.id < after)
    return list(work.session.scalars(statement.order_by(plans.id.desc()).limit(limit)))


def get_plan(work: Work, plan_id: UUID) -> Plan:
    return find(work, Plan, plan_id)


def plan_actions(work: Work, plan: Plan) -> list[str]:
    allowed = [
        action
        for action in actions_from("plan", plan.state)
        if work.actor.may(ACTION_PERMISSION["plan"][action], plan.locality_id)
    ]
    may_change = plan.state == "draft" and work.actor.may(Permission.CANDIDATE_DECIDE, plan.locality_id)
    may_amend = plan.state == "issued" and work.actor.may(Permission.DOCUMENT_UPLOAD, plan.locality_id)
    may_set = plan.state in ("draft", "issued") and work.actor.may(
        Permission.CANDIDATE_DECIDE, plan.locality_id
    )
    return ["change"] * may_change + ["set_reporting"] * may_set + ["amend"] * may_amend + allowed


def change_plan(work: Work, plan_id: UUID, change: PlanChange, version: int | None) -> Plan:
    """Put the facts of a draft right; those of the document stay as they were read. In which periods a plan reports
    can be changed while it runs: it holds from the next period on, rows that exist stay."""
    plan = find(work, Plan, plan_id)
    work.require(Permission.CANDIDATE_DECIDE, plan.locality_id)
    typed = change.model_dump(exclude_unset=True)
    if plan.state != "draft" and (plan.state != "issued" or typed.keys() - REPORTING):
        raise Conflict("Kế hoạch đã ban hành nên không sửa thông tin được nữa.", code="plan_issued")
    if REPORTING & typed.keys():
        typed |= _reporting(work, plan, typed)
    typed.pop("scheme", None)
    work.check_version(plan, version, **typed)

    changed = tuple(sorted(name for name, value in typed.items() if getattr(plan, name) != value))
    for name in changed:
        setattr(plan, name, typed[name])
    plan.folded = fold(f"{plan.title} {plan.number or ''}")
    work.record(PlanChanged(locality_id=plan.locality_id, subject_id=plan.id, changed=changed))
    return plan


def _reporting(work: Work, plan: Plan, typed: dict[str, Any]) -> dict[str, Any]:
    """`scheme_id` and `cycle` out of what was typed; Invalid when the scheme has no such periods."""
    of_code = {one.code: one for one in list_schemes(work, plan.locality_id)}
    kept = next((one for one in of_code.values() if one.id == plan.scheme_id), None)
    code = typed.get("scheme", kept.code if kept else None)
    scheme: PeriodScheme | None = of_code.get(code) if code else None
    if code and scheme is None:
        raise Invalid.field("scheme", f"Không có chế độ báo cáo “{code}”. Chỉ nhận: {', '.join(of_code)}.")
    cycle = typed.get("cycle", plan.cycle)
    if cycle and scheme is not None and cycle not in scheme.rules["cycles"]:
        raise Invalid.field("cycle", f"“{scheme.name}” không có loại kỳ này. Chọn loại kỳ khác.")
    return {"scheme_id": scheme.id if scheme else None, "cycle": cycle}


def close_plan(work: Work, plan_id: UUID, version: int | None) -> Plan:
    """The plan has run its course; its rows stay as they are, new periods no longer count it."""
    plan = find(work, Plan, plan_id)
    work.require(Permission.PLAN_ISSUE, plan.locality_id)
    state = next_state("plan", plan.state, "close")
    work.check_version(plan, version, state=state)

    plan.state = state
    withdraw_groundless(work, plan.locality_id, f" vì {plan.code} đã kết thúc, không còn mục nào liên quan")
    work.record(PlanClosed(locality_id=plan.locality_id, subject_id=plan.id))
    return plan


def import_plan(
    work: Work,
    *,
    name: str,
    data: bytes,
    locality_id: UUID,
    accept: bool,
    issue: bool,
    annexes: Sequence[SentFile] = (),
    read: tuple[Source, Reading] | None = None,
) -> Imported:
    """From files to a plan in one transaction, for the operator's shell: upload, then accept everything as read,
    then issue with whatever clauses are left over. `read`: what was read of files that are not plain text."""
    sent = [SentFile(name, data), *annexes]
    document = upload_files(work, sent, locality_id=locality_id, read=read)
    if accept:
        accept_all(work, document.id, AcceptanceInput())
    plan = plan_of(work, document.id)
    if issue:
        issue_plan(work, plan.id, plan.version, with_unused=True)
    return _counts(work, document, plan)


def _counts(work: Work, document: Document, plan: Plan) -> Imported:
    """Of an issued plan what was made of each kind, of a draft what was read."""
    statement = select(candidates.kind).where(candidates.document_id == document.id)
    if plan.state != "draft":
        statement = statement.where(candidates.state.in_(("accepted", "edited")))
    kinds = list(work.session.scalars(statement))
    return Imported(
        plan=plan.id,
        units=kinds.count("unit"),
        tasks=kinds.count("duty") + kinds.count("task"),
        indicators=kinds.count("indicator"),
        warnings=len(document.warnings),
    )
