"""Where a plan comes from and where it leads, as its page shows it: as far as the reader may see the other ends."""

from dataclasses import dataclass

from app.models import Plan
from app.permissions import Permission
from app.services.amendment_proposal import review_old_work
from app.services.basis import BasisSeen, LinkedPlan, list_implementing, view_bases
from app.services.plan_versions import drafts_amending, plan_after, plan_before
from app.work import Work


@dataclass(frozen=True, slots=True)
class PlanLineage:
    """`before` is amended by the plan, `after` took its place, `drafts` would. `unsettled`: of a draft that amends, how
    many old tasks and indicators keep it from being issued; None for those who do not decide that."""

    bases: tuple[BasisSeen, ...]
    implementing: tuple[LinkedPlan, ...]
    before: Plan | None
    after: Plan | None
    drafts: tuple[Plan, ...]
    unsettled: int | None
    may_change: bool

    @property
    def has_superior(self) -> bool:
        return any(one.superior for one in self.bases)


def build_plan_lineage(work: Work, plan: Plan) -> PlanLineage:
    """The caller has made sure that the reader may see the plan."""
    return PlanLineage(
        bases=view_bases(work, plan),
        implementing=list_implementing(work, plan),
        before=plan_before(work, plan),
        after=plan_after(work, plan.id),
        drafts=tuple(drafts_amending(work, plan.id)),
        unsettled=count_unsettled(work, plan),
        may_change=work.actor.may(Permission.CANDIDATE_DECIDE, plan.locality_id),
    )


def count_unsettled(work: Work, plan: Plan) -> int | None:
    reads = work.actor.may(Permission.DOCUMENT_READ, plan.locality_id)
    if plan.state != "draft" or plan.amends_id is None or not reads:
        return None
    return sum(
        not old.is_settled for kind in ("task", "indicator") for old in review_old_work(work, plan, kind)
    )
