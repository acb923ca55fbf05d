"""What a plan carries out: superior documents by their symbol, read from the plan's text and put right by the office,
linked to a plan in the system where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, true
from sqlmodel import Field

from app.documents.values import ImplementedRead
from app.errors import Conflict, Invalid, NotFound
from app.events import PlanBasisEnded, PlanBasisLinked, PlanBasisSet
from app.models import Document, Indicator, Locality, Plan, PlanBasis
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.plan_versions import plans_before
from app.services.typed import PastDay, Typed
from app.text import compare_key, fold
from app.work import Work

bases, plans, localities = columns(PlanBasis), columns(Plan), columns(Locality)
indicators = columns(Indicator)

MOST_BASES = 40
LONGEST_KEY = 60


class BasisInput(Typed):
    """A superior document: its symbol as it is written (“71-NQ/TW”)."""

    symbol: str = Field(min_length=3, max_length=60)
    kind: str | None = Field(default=None, max_length=60)
    issuer: str | None = Field(default=None, max_length=300)
    issued_on: PastDay | None = None


class BasisChange(Typed):
    """Fields to put right; those left out stay. `superior_plan` confirms which plan of the system it is; null: none."""

    symbol: str = Field(default="", min_length=3, max_length=60)
    kind: str | None = Field(default=None, max_length=60)
    issuer: str | None = Field(default=None, max_length=300)
    issued_on: PastDay | None = None
    superior_plan: UUID | None = None


@dataclass(frozen=True, slots=True)
class LinkedPlan:
    """The other end of a link, where the reader may know of it; `place`: whose plan it is. `is_readable`: whether they
    may open it too."""

    plan: Plan
    place: str
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class BasisSeen:
    """`superior`: the linked plan. `proposed`: plans of the same symbol to choose from
    while none is linked."""

    basis: PlanBasis
    superior: LinkedPlan | None
    proposed: tuple[LinkedPlan, ...]


def symbol_key(symbol: str) -> str:
    """ "Nghị quyết số 132- KL/TW" is no symbol; "132- KL/TW", "132-kl/tw" and "132 – KL / TW" are one."""
    key = fold(compare_key(symbol)).replace(" ", "").removeprefix("so:").removeprefix("so")
    return key[:LONGEST_KEY]  # some letters fold into several


# Reads


def list_bases(work: Work, plan_id: UUID) -> list[PlanBasis]:
    """In the order they were read or added."""
    plan = find(work, Plan, plan_id)
    return _of_plan(work, plan.id)


def view_bases(work: Work, plan: Plan) -> tuple[BasisSeen, ...]:
    """The caller has made sure that the reader may see the plan."""
    rows = _of_plan(work, plan.id)
    keys = [row.superior_plan_id for row in rows if row.superior_plan_id]
    known = _known_plans(work, plan, plans.id.in_(keys)) if keys else []
    linked = {one.plan.id: one for one in known}
    same = _plans_by_symbol(work, plan) if any(row.superior_plan_id is None for row in rows) else {}
    return tuple(
        BasisSeen(
            row,
            linked.get(row.superior_plan_id) if row.superior_plan_id else None,
            () if row.superior_plan_id else tuple(same.get(row.symbol_key, ())),
        )
        for row in rows
    )


def list_implementing(work: Work, plan: Plan) -> tuple[LinkedPlan, ...]:
    """Plans that carry out this one, or a version of it before, of this locality and below, those the reader may see;
    drafts leave no trace."""
    versions = [plan.id, *(one.id for one in plans_before(work, plan))]
    named = select(bases.plan_id).where(bases.superior_plan_id.in_(versions))
    statement = (
        visible(work, Plan, plans, localities.name)
        .join(localities, localities.id == plans.locality_id)
        .where(plans.id.in_(named), plans.state.in_(("issued", "closed")))
        .order_by(localities.name, plans.code, plans.id)
    )
    return tuple(LinkedPlan(row, name) for row, name in work.session.execute(statement))


def list_superior_choices(work: Work, plan: Plan) -> list[LinkedPlan]:
    """Plans a basis of this plan may be linked to: in force or past, of its locality or one above. What a locality
    above has issued is for those below to carry out, so who may see the plan may know of these (decision 0032)."""
    return _known_plans(work, plan, plans.id != plan.id)


def superior_indicators(work: Work, linked: Sequence[LinkedPlan]) -> list[Indicator]:
    """Indicators of plans out of `list_superior_choices` or `view_bases`, in their plans' order."""
    statement = select(indicators).where(indicators.plan_id.in_([one.plan.id for one in linked]))
    return list(
        work.session.scalars(statement.order_by(indicators.plan_id, indicators.ordinal, indicators.id))
    )


def symbols_mentioned(work: Work, plan: Plan) -> list[str]:
    """Symbols the document mentions that are not among the plan's bases: offered where one is added."""
    document = work.session.get(Document, plan.document_id)
    there = {row.symbol_key for row in _of_plan(work, plan.id)} | {symbol_key(plan.number or "")}
    return [symbol for symbol in (document.references if document else []) if symbol_key(symbol) not in there]


# Writes


def keep_bases_read(
    work: Work, plan: Plan, document: Document, implemented: Sequence[ImplementedRead]
) -> None:
    """What the reader found the plan to carry out; where it says nothing, the symbols in the plan's title. Links that
    were confirmed for the plan it amends hold for the same symbols."""
    before = _of_plan(work, plan.amends_id) if plan.amends_id else []
    linked = {row.symbol_key: row.superior_plan_id for row in before}
    found = implemented or [
        ImplementedRead(symbol)
        for symbol in document.references
        if symbol_key(symbol) in symbol_key(document.title or "")
    ]
    rows = {
        symbol_key(one.number): PlanBasis(
            locality_id=plan.locality_id,
            plan_id=plan.id,
            symbol=one.number[:60],
            symbol_key=symbol_key(one.number),
            kind=one.kind[:60] if one.kind else None,
            issuer=one.issuer[:300] if one.issuer else None,
            issued_on=one.date,
            superior_plan_id=linked.get(symbol_key(one.number)),
            created_at=work.now,
        )
        for one in found[:MOST_BASES]
    }
    work.add(*rows.values())


def add_basis(work: Work, plan_id: UUID, given: BasisInput) -> PlanBasis:
    plan = _to_change(work, plan_id)
    key = _checked_key(work, plan, given.symbol, None)
    if len(_of_plan(work, plan.id)) >= MOST_BASES:
        raise Conflict(f"Mỗi kế hoạch ghi tối đa {MOST_BASES} văn bản được thực hiện.", code="too_many_bases")

    row = PlanBasis(
        locality_id=plan.locality_id,
        plan_id=plan.id,
        symbol_key=key,
        created_at=work.now,
        **given.model_dump(),
    )
    work.add(row)
    work.record(PlanBasisSet(locality_id=plan.locality_id, subject_id=plan.id, symbol=row.symbol))
    return row


def change_basis(
    work: Work, plan_id: UUID, basis_id: UUID, change: BasisChange, version: int | None
) -> PlanBasis:
    """Put a basis right, or confirm the plan it is. Another symbol takes the link away."""
    plan = _to_change(work, plan_id)
    row = _basis(work, plan, basis_id)
    typed = change.model_dump(exclude_unset=True)
    key = _checked_key(work, plan, typed["symbol"], row.id) if "symbol" in typed else row.symbol_key
    if typed.get("superior_plan"):
        _check_superior(work, plan, typed["superior_plan"])
    work.check_version(row, version, **typed)

    before = row.superior_plan_id
    after = typed.pop("superior_plan", before if key == row.symbol_key else None)
    changed = [name for name, value in typed.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, typed[name])
    row.symbol_key, row.superior_plan_id = key, after
    if changed:
        work.record(PlanBasisSet(locality_id=plan.locality_id, subject_id=plan.id, symbol=row.symbol))
    if before != after or not changed:
        _record_link(work, plan, row)
    return row


def end_basis(work: Work, plan_id: UUID, basis_id: UUID) -> None:
    """The plan does not carry it out after all; that it was named stays in the history."""
    plan = _to_change(work, plan_id)
    row = _basis(work, plan, basis_id)

    work.session.delete(row)
    work.record(PlanBasisEnded(locality_id=plan.locality_id, subject_id=plan.id, symbol=row.symbol))


def _to_change(work: Work, plan_id: UUID) -> Plan:
    plan = find(work, Plan, plan_id)
    work.require(Permission.CANDIDATE_DECIDE, plan.locality_id)
    return plan


def _of_plan(work: Work, plan_id: UUID) -> list[PlanBasis]:
    return list(work.session.scalars(select(bases).where(bases.plan_id == plan_id).order_by(bases.id)))


def _basis(work: Work, plan: Plan, basis_id: UUID) -> PlanBasis:
    row: PlanBasis | None = work.session.scalars(
        select(bases).where(bases.id == basis_id, bases.plan_id == plan.id).with_for_update()
    ).first()
    if row is None:
        raise NotFound
    return row


def _checked_key(work: Work, plan: Plan, symbol: str, but: UUID | None) -> str:
    key = symbol_key(symbol)
    if not any(letter.isdigit() for letter in key):
        raise Invalid.field("symbol", "Số, ký hiệu phải có chữ số, ví dụ 71-NQ/TW.")
    same = select(bases.id).where(bases.plan_id == plan.id, bases.symbol_key == key)
    there = work.session.scalars(same).first()
    if there is not None and there != but:
        raise Conflict(f"Kế hoạch đã ghi văn bản {symbol}. Hãy sửa dòng đã có.", code="basis_taken")
    return key


def _check_superior(work: Work, plan: Plan, superior_id: UUID) -> None:
    if superior_id not in {one.plan.id for one in list_superior_choices(work, plan)}:
        raise Invalid.field(
            "superior_plan",
            "Chỉ nối được với kế hoạch đã ban hành của địa phương này hoặc của cấp trên.",
        )


def _record_link(work: Work, plan: Plan, row: PlanBasis) -> None:
    superior = work.session.get(Plan, row.superior_plan_id) if row.superior_plan_id else None
    said = f"nối với kế hoạch {superior.code} {superior.number or ''}".rstrip() if superior else "bỏ liên kết"
    work.record(
        PlanBasisLinked(locality_id=plan.locality_id, subject_id=plan.id, symbol=row.symbol, said=said)
    )


def _known_plans(work: Work, plan: Plan, *conditions: Any) -> list[LinkedPlan]:
    """Plans of the plan's locality and of those above, without drafts. The caller has made sure that the reader may
    see the plan."""
    statement = (
        select(plans, localities.name)
        .join(localities, localities.id == plans.locality_id)
        .where(plans.locality_id.in_(_localities_above(work, plan.locality_id)))
        .where(plans.state != "draft", *conditions)
        .order_by(localities.kind.desc(), plans.code, plans.id)
    )
    rows = work.session.execute(statement).all()
    readable = set(
        work.session.scalars(visible(work, Plan, plans.id).where(plans.id.in_([row.id for row, _ in rows])))
    )
    return [LinkedPlan(row, name, row.id in readable) for row, name in rows]


def _plans_by_symbol(work: Work, plan: Plan) -> dict[str, list[LinkedPlan]]:
    found: dict[str, list[LinkedPlan]] = {}
    for one in list_superior_choices(work, plan):
        if one.plan.number:
            found.setdefault(symbol_key(one.plan.number), []).append(one)
    return found


def _localities_above(work: Work, locality_id: UUID) -> list[UUID]:
    """The locality itself and those above it, the nearest first."""
    found: list[UUID] = []
    key: UUID | None = locality_id
    while key is not None and key not in found:
        found.append(key)
        key = work.session.scalar(select(localities.parent_id).where(localities.id == key))
    return found


def carrying_out(symbol: str) -> Any:
    """The condition on plans that carry out a document of this symbol, or of one that begins so."""
    key = symbol_key(symbol)
    named = bases.symbol_key.startswith(key, autoescape=True)
    return plans.id.in_(select(bases.plan_id).where(named)) if key else true()
