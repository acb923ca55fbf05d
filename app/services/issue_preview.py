"""What issuing a draft now would make, and what it would leave to do: shown before the button is pressed."""

from dataclasses import dataclass
from uuid import UUID

from app.models import Passage, Plan
from app.services._scope import find
from app.services.candidate_view import CandidateView
from app.services.intake import build_intake
from app.services.plan_lineage import count_unsettled
from app.services.unit_group import members_on
from app.work import Work


@dataclass(frozen=True, slots=True)
class IssuePreview:
    """`open`: clauses that would be missing from the plan; `pending`: candidates left out;
    `without_lead`: tasks nobody leads; `empty_groups`: groups nobody belongs to; `unsettled`: of an
    amendment, old tasks and indicators nobody has decided on."""

    plan: Plan
    units: int
    duties: int
    tasks: int
    indicators: int
    pending: int
    open: tuple[Passage, ...]
    without_lead: int
    without_owner: int
    empty_groups: tuple[str, ...]
    unsettled: int
    may_issue: bool


def preview_issue(work: Work, plan_id: UUID) -> IssuePreview:
    plan = find(work, Plan, plan_id)
    intake = build_intake(work, plan.document_id)
    chosen = [view for view in intake.candidates if view.is_in_plan]
    by_kind = {kind: [v for v in chosen if v.row.kind == kind] for kind in ("unit", "duty", "indicator")}
    led = [view for view in chosen if view.row.kind in ("task", "milestone")]
    return IssuePreview(
        plan=plan,
        units=len(by_kind["unit"]),
        duties=len(by_kind["duty"]),
        tasks=len(led),
        indicators=len(by_kind["indicator"]),
        pending=sum(view.row.state == "pending" for view in intake.candidates),
        open=intake.coverage.open,
        without_lead=sum(view.lead is None for view in led),
        without_owner=sum(not view.others for view in by_kind["indicator"]),
        empty_groups=tuple(v.fields["name"] for v in by_kind["unit"] if _is_empty_group(work, v)),
        unsettled=count_unsettled(work, plan) or 0,
        may_issue=intake.may_issue,
    )


def _is_empty_group(work: Work, view: CandidateView) -> bool:
    fields = view.fields
    if fields.get("member_names") or fields.get("member_unit_ids"):
        return False
    if view.row.unit_id is None:
        return bool(fields["is_group"])
    is_group = any(match.is_group for match in view.matches if match.unit_id == view.row.unit_id)
    return is_group and not members_on(work, [view.row.unit_id], work.today)[view.row.unit_id]
