"""Which plan a page about indicators is about: `?ke-hoach=`."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from app.models import Plan
from app.services.plan import list_plans
from app.work import Work

ChosenPlan = Annotated[str, Query(alias="ke-hoach", max_length=40)]


def choose_plan(work: Work, asked: str) -> tuple[Sequence[Plan], Plan | None]:
    """The plans that are carried out or over, and of these the one that was asked for, else the newest."""
    plans = list_plans(work, states=("issued", "closed"))
    return plans, next((plan for plan in plans if str(plan.id) == asked), plans[0] if plans else None)
