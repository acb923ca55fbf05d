"""The plan a document being taken in changes: said when it is uploaded, checked before anything is kept."""

from uuid import UUID

from app.errors import Conflict, NotFound
from app.events import AmendmentDrafted
from app.models import Plan
from app.models.base import columns
from app.services._scope import visible
from app.work import Work

plans = columns(Plan)


def check_amendable(work: Work, plan_id: UUID, locality_id: UUID) -> Plan:
    """The plan, for an upload that names it. NotFound outside the locality, Conflict unless it is in force."""
    plan: Plan | None = work.session.scalars(
        visible(work, Plan).where(plans.id == plan_id, plans.locality_id == locality_id)
    ).first()
    if plan is None:
        raise NotFound("Không tìm thấy kế hoạch cần sửa đổi ở địa phương này.")
    if plan.state != "issued":
        raise Conflict(
            f"{plan.code} không còn hiệu lực hoặc chưa ban hành nên không sửa đổi, thay thế được. "
            "Hãy chọn kế hoạch đang thực hiện.",
            code="plan_not_running",
        )
    return plan


def record_amending(work: Work, draft: Plan) -> None:
    """A document that amends a plan has become a draft."""
    if draft.amends_id is not None:
        named = f"{draft.code} {draft.number or ''}".strip()
        work.record(AmendmentDrafted(locality_id=draft.locality_id, subject_id=draft.amends_id, plan=named))
