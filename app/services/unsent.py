"""What of one row is not sent yet: the draft of those who report for its unit, and the request not to have to."""

from dataclasses import dataclass
from typing import Any

from app.models import Assignment
from app.services.draft import NO_DRAFT, DraftSeen, Subject, get_draft
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.states import MISSING_SUBMISSIONS
from app.services.waive_request import WaiveRequestSeen, last_requests
from app.work import Work


@dataclass(frozen=True, slots=True)
class Unsent:
    """`is_due`: this reader may write a draft of it, or ask not to have to; `request` is the newest one."""

    is_due: bool
    draft: DraftSeen
    request: WaiveRequestSeen | None

    @property
    def is_asked(self) -> bool:
        return self.request is not None and self.request.state == "open"


def build_unsent(work: Work, subject: Subject, row: Any, *, may_send: bool) -> Unsent:
    """The caller has made sure that the actor may see the row, and whether they may send it now."""
    is_due = may_send and row.state in (MISSING_ASSIGNMENTS if subject is Assignment else MISSING_SUBMISSIONS)
    return Unsent(
        is_due,
        get_draft(work, subject, row.id) if is_due else NO_DRAFT,
        last_requests(work, subject, [row.id]).get(row.id),
    )
