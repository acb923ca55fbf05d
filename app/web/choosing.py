"""Which plan a page about indicators is about, `?ke-hoach=`, and the way back from there."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.models import Indicator, Plan
from app.services.plan import list_plans
from app.web.rendering import Crumb
from app.work import Work

ChosenPlan = Annotated[str, Query(alias="ke-hoach", max_length=40)]


def choose_plan(work: Work, asked: str) -> tuple[Sequence[Plan], Plan | None]:
    """The plans that are carried out or over, and of these the one that was asked for, else the newest."""
    plans = list_plans(work, states=("issued", "closed"))
    return plans, next((plan for plan in plans if str(plan.id) == asked), plans[0] if plans else None)


def crumbs_of_plan(plan: Plan | None) -> tuple[Crumb, ...]:
    return (_to_table(plan.id),) if plan else ()


def crumbs_of_indicator(indicator: Indicator) -> tuple[Crumb, ...]:
    name = f"{indicator.code} {indicator.name}"
    return _to_table(indicator.plan_id), Crumb(name, f"/chi-tieu/{indicator.id}")


def _to_table(plan_id: UUID) -> Crumb:
    return Crumb("Chỉ tiêu", f"/chi-tieu?ke-hoach={plan_id}")
