"""In which periods the work of a plan reports (decision 0020): its scheme, its cycle, the work's own cycle.

A plan without a scheme reports in whichever period is opened. A period typed by hand (`ad_hoc`) asks for all standing
work and every indicator, whatever their cycle; one that is about a plan asks that plan alone.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, true

from app.models import Period, PeriodScheme, Plan
from app.models.base import columns
from app.services._scope import visible
from app.work import Work

plans, schemes = columns(Plan), columns(PeriodScheme)


def list_schemes(work: Work, locality_id: UUID) -> list[PeriodScheme]:
    statement = visible(work, PeriodScheme).where(schemes.locality_id == locality_id)
    return list(work.session.scalars(statement.order_by(schemes.name, schemes.id)))


def scheme_of(work: Work, plan: Plan) -> PeriodScheme | None:
    if plan.scheme_id is None:
        return None
    found: PeriodScheme | None = work.session.scalars(
        select(schemes).where(schemes.id == plan.scheme_id)
    ).first()
    return found


def default_cycle(scheme: PeriodScheme) -> str:
    """How often work that names no cycle reports: each quarter, where the scheme has quarters."""
    cycles: dict[str, Any] = scheme.rules["cycles"]
    return "quarter" if "quarter" in cycles else next(iter(cycles))


_PERIODS_OF = {
    "month": "hằng tháng",
    "quarter": "hằng quý",
    "half_year": "6 tháng một lần",
    "nine_months": "9 tháng một lần",
    "year": "hằng năm",
    "school_year": "theo năm học",
}


def is_due_in(plan: Plan, cycle: str | None, period: Period) -> bool:
    """Whether standing work or an indicator of the plan, with this cycle of its own, is asked for in the period."""
    if period.plan_id not in (None, plan.id):
        return False
    if period.cycle == "ad_hoc":
        return True
    return plan.scheme_id in (None, period.scheme_id) and (cycle or plan.cycle) in (None, period.cycle)


def why_not_due_in(plan: Plan, cycle: str | None, period: Period) -> str | None:
    """What follows the name of work that `is_due_in` says is not asked for in the period; None when it is."""
    if is_due_in(plan, cycle, period):
        return None
    if period.plan_id not in (None, plan.id):
        return f"không báo cáo trong {period.name}: kỳ này chỉ hỏi một kế hoạch khác. Hãy chọn kỳ khác."
    if (in_force := cycle or plan.cycle) not in (None, period.cycle):
        often = _PERIODS_OF[in_force]
        return f"báo cáo {often}, không báo cáo trong {period.name}. Hãy gửi vào kỳ báo cáo {often}."
    return f"không báo cáo trong {period.name}: kế hoạch theo chế độ báo cáo khác. Hãy chọn kỳ của chế độ đó."


def due_in(cycle: Any, period: Period) -> Any:
    """`is_due_in` as a condition, over a statement that joins plans; `cycle` is the work's own column."""
    about = plans.id == period.plan_id if period.plan_id is not None else true()
    if period.cycle == "ad_hoc":
        return about
    in_force = func.coalesce(cycle, plans.cycle)
    return and_(
        about,
        or_(plans.scheme_id.is_(None), plans.scheme_id == period.scheme_id),
        or_(in_force.is_(None), in_force == period.cycle),
    )
