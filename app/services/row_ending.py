"""What is still asked about a row that nobody acts on any more is taken back in the same step, each thing recorded.

A draft is no fact and no question: it stays with its row, unseen, and is there again when the row is (decision 0021).
"""

from app.events import AssignmentCancelled, SubmissionWaived
from app.models import Assignment, Submission
from app.services.extension import withdraw_open_request
from app.services.states import next_state
from app.services.waive_request import drop_waive_request
from app.work import Work


def take_back_requests(work: Work, row: Assignment | Submission, why: str) -> None:
    """A later date, and being let off, are asked for no more. The caller holds the row and has required the right to
    do what leads here; `why` goes on from "Rút xin gia hạn", "Rút đề nghị không áp dụng"."""
    if isinstance(row, Assignment):
        withdraw_open_request(work, row, why)
    drop_waive_request(work, row, why)


def settle_ended_row(work: Work, row: Assignment | Submission, why: str) -> None:
    """The row is waived, cancelled, not needed, or another unit's to report: nothing about it is left open."""
    if isinstance(row, Assignment):
        row.blocked_reason = None
    take_back_requests(work, row, why)


def cancel_row(
    work: Work, row: Assignment, machine: str, step: str, reason: str, why: str = " vì việc đã hủy"
) -> None:
    """Cancel by that step of that machine. The caller holds the row and has required the right."""
    before, row.state = row.state, next_state(machine, row.state, step)
    row.state_reason, row.version = reason, row.version + 1
    work.record(
        AssignmentCancelled(
            locality_id=row.locality_id,
            subject_id=row.id,
            unit_id=row.unit_id,
            reason=reason,
            state_before=before,
        )
    )
    settle_ended_row(work, row, why)


def waive_row(work: Work, row: Submission, reason: str, why: str) -> None:
    """The figure is no longer asked for. The caller holds the row and has required the right."""
    row.state, row.state_reason = next_state("submission", row.state, "waive"), reason
    row.version += 1
    work.record(
        SubmissionWaived(locality_id=row.locality_id, subject_id=row.id, unit_id=row.unit_id, reason=reason)
    )
    settle_ended_row(work, row, why)
