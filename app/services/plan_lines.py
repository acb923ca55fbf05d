"""Plans and communes as one line each: both streams of counts and who is silent. For home pages and plan lists."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.models import Assignment, Locality, Period, Plan
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import visible
from app.services.counting import FourWay, PeriodShare, four_way, period_share
from app.services.lanes import is_current
from app.services.states import LEFT_OUT
from app.work import Work

assignments, periods = columns(Assignment), columns(Period)
plans, localities = columns(Plan), columns(Locality)


@dataclass(frozen=True, slots=True)
class Progress:
    """Current rows: dated ones, and those of open periods. `silent` of `units` have sent nothing in open periods."""

    dated: FourWay = field(default_factory=FourWay)
    standing: PeriodShare = field(default_factory=PeriodShare)
    silent: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True)
class PlanLine:
    plan: Plan
    progress: Progress


@dataclass(frozen=True, slots=True)
class CommuneLine:
    locality: Locality
    plans: int
    progress: Progress


def list_plan_lines(work: Work, locality_id: UUID) -> tuple[PlanLine, ...]:
    """Issued plans of a locality, the newest first. Three queries. Whoever reads the overview of the locality."""
    work.require(Permission.OVERVIEW_READ, locality_id)
    running = list(
        work.session.scalars(
            select(plans)
            .where(plans.locality_id == locality_id, plans.state == "issued")
            .order_by(plans.issued_at.desc(), plans.id)
        )
    )
    progress = _progress_by(work, assignments.plan_id, [locality_id])
    return tuple(PlanLine(plan, progress.get(plan.id, Progress())) for plan in running)


def list_commune_lines(work: Work, province_id: UUID) -> tuple[CommuneLine, ...]:
    """Communes below a province that the actor reads, by code. Four queries."""
    work.require(Permission.OVERVIEW_READ, province_id)
    below = list(
        work.session.scalars(
            visible(work, Locality)
            .where(localities.parent_id == province_id)
            .order_by(localities.code, localities.id)
        )
    )
    keys = [locality.id for locality in below]
    counted = (
        select(plans.locality_id, func.count())
        .where(plans.locality_id.in_(keys), plans.state == "issued")
        .group_by(plans.locality_id)
    )
    of_locality: dict[UUID, int] = {row[0]: row[1] for row in work.session.execute(counted)}
    progress = _progress_by(work, assignments.locality_id, keys)
    return tuple(
        CommuneLine(one, of_locality.get(one.id, 0), progress.get(one.id, Progress())) for one in below
    )


def _progress_by(work: Work, key: Any, locality_ids: Iterable[UUID]) -> dict[UUID, Progress]:
    """Progress of the running plans of these localities, by plan or by locality."""
    reach = (assignments.locality_id.in_(list(locality_ids)), is_current(None), plans.state == "issued")
    rows: dict[UUID, list[Any]] = defaultdict(list)
    for row in work.session.execute(_counted(key, reach)):
        rows[row.key].append(row)
    units: dict[UUID, list[bool]] = defaultdict(list)
    for key_of, _, reported in work.session.execute(_reporters(key, reach)):
        units[key_of].append(reported > 0)
    return {
        key_of: Progress(
            dated=four_way((r for r in found if r.is_dated), work.today),
            standing=period_share(r for r in found if not r.is_dated),
            silent=units[key_of].count(False),
            units=len(units[key_of]),
        )
        for key_of, found in rows.items()
    }


def _counted(key: Any, reach: tuple[Any, ...]) -> Any:
    parts = (assignments.state, assignments.due_on, assignments.reported_on, assignments.done_on)
    is_dated = assignments.period_id.is_(None)
    return (
        select(key.label("key"), is_dated.label("is_dated"), *parts, func.count().label("n"))
        .select_from(assignments)
        .join(plans, plans.id == assignments.plan_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(*reach)
        .group_by(key, is_dated, *parts)
    )


def _reporters(key: Any, reach: tuple[Any, ...]) -> Any:
    """Per unit with rows in open periods: how many of them it has reported."""
    reported = func.count().filter(or_(assignments.state == "reported", assignments.state == "confirmed"))
    return (
        select(key, assignments.unit_id, reported)
        .select_from(assignments)
        .join(plans, plans.id == assignments.plan_id)
        .join(periods, periods.id == assignments.period_id)
        .where(*reach, assignments.state.not_in(LEFT_OUT))
        .group_by(key, assignments.unit_id)
    )
