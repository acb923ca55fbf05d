"""One plan through its amendments: what was before a thing, and what came after it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import SQLModel

from app.models import Plan
from app.models.base import columns
from app.services._scope import visible
from app.work import Work

plans = columns(Plan)


def plan_before(work: Work, plan: Plan) -> Plan | None:
    """The plan this one amends, issued or still as a draft."""
    return work.session.get(Plan, plan.amends_id) if plan.amends_id else None


def plan_after(work: Work, plan_id: UUID) -> Plan | None:
    """The plan that took the place of this one."""
    return successors_of(work, [plan_id]).get(plan_id)


def successors_of(work: Work, plan_ids: Sequence[UUID]) -> dict[UUID, Plan]:
    """By plan, the one that took its place; drafts take no place yet."""
    rows = work.session.scalars(
        select(plans).where(plans.amends_id.in_(plan_ids), plans.state != "draft").order_by(plans.id)
    )
    return {row.amends_id: row for row in rows if row.amends_id}


def drafts_amending(work: Work, plan_id: UUID) -> list[Plan]:
    """Drafts the reader may see that would take the place of this plan."""
    statement = visible(work, Plan).where(plans.amends_id == plan_id, plans.state == "draft")
    return list(work.session.scalars(statement.order_by(plans.id)))


def plans_before(work: Work, plan: Plan) -> list[Plan]:
    """Every earlier version, the newest first."""
    found: list[Plan] = []
    last = plan_before(work, plan)
    while last is not None and last.id not in {row.id for row in found}:
        found.append(last)
        last = plan_before(work, last)
    return found


def chains_of(work: Work, model: type[SQLModel], keys: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """For tasks, responsibilities or indicators: ids of what each goes on from, the newest first. One query for each
    amendment there was, none where no row has a predecessor."""
    rows: Any = columns(model)
    chains: dict[UUID, list[UUID]] = {key: [] for key in keys}
    ends = {key: key for key in chains}  # where each chain has got to
    while ends:
        asked = select(rows.id, rows.previous_id).where(
            rows.id.in_(set(ends.values())), rows.previous_id.is_not(None)
        )
        before = {row.id: row.previous_id for row in work.session.execute(asked)}
        ends = {key: before[end] for key, end in ends.items() if end in before}
        for key, end in ends.items():
            chains[key].append(end)
    return chains


def present_of(work: Work, model: type[SQLModel], keys: Sequence[UUID]) -> dict[UUID, UUID]:
    """By id, of these and of all they go on from: which of these it is now."""
    found = {key: key for key in keys}
    for key, before in chains_of(work, model, keys).items():
        found |= dict.fromkeys(before, key)
    return found


def continued_by(work: Work, model: type[SQLModel], key: UUID) -> Any:
    """The task or indicator that goes on from this one, if any."""
    rows: Any = columns(model)
    return work.session.scalars(select(rows).where(rows.previous_id == key).order_by(rows.id)).first()
