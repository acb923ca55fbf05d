"""Deciding what becomes of the open rows of units that ended: handed over as they stand, or ended with a reason."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import func, select, update
from sqlmodel import Field

from app.errors import Conflict, Invalid
from app.events import AssignmentHandedOver, SubmissionHandedOver
from app.models import Assignment, Evidence, Extension, Question, RowMove, Submission, Unit
from app.models import UnitChange as Change
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find
from app.services.group_changes import hold_open_questions, withdraw_groundless
from app.services.handing_proposal import Waiting, list_waiting, lock_waiting
from app.services.row_ending import cancel_row, waive_row
from app.services.states import next_state
from app.services.typed import Typed
from app.work import Work

assignments, submissions = columns(Assignment), columns(Submission)

MOST_DECISIONS = 5_000
ENDED = " vì đơn vị đã kết thúc"


class RowDecision(Typed):
    """About one open row, a task's or a figure's, by its id: who takes it over, or why it ends."""

    row: UUID
    hand_to: UUID | None = None
    cancel: str | None = Field(default=None, min_length=1, max_length=2_000)

    @model_validator(mode="after")
    def one_of_both(self) -> "RowDecision":
        if (self.hand_to is None) == (self.cancel is None):
            raise ValueError("Nêu đơn vị nhận việc (hand_to) hoặc lý do hủy (cancel), một trong hai.")
        return self


class RowDecisionsInput(Typed):
    """`as_proposed`: of every row not named in `decisions`, do what is proposed for it."""

    decisions: list[RowDecision] = Field(default_factory=list, max_length=MOST_DECISIONS)
    as_proposed: bool = False


@dataclass(frozen=True, slots=True)
class RowsDecided:
    """What was done, and how many rows still wait for a decision."""

    handed_over: int
    cancelled: int
    waiting: int


def count_moved(work: Work, change: Change) -> int:
    """How many rows went to another unit. The caller has made sure the actor may see the change."""
    moved = select(func.count()).select_from(RowMove).where(columns(RowMove).change_id == change.id)
    return work.session.scalar(moved) or 0


def decide_rows(work: Work, change_id: UUID, wanted: RowDecisionsInput) -> RowsDecided:
    """All or none. Invalid names a row that is none of the change's; Conflict `row_taken` where who shall take it over
    has such a row, `duty_elsewhere` where the task was not passed to it, `report_waits` for an undecided report."""
    change = find(work, Change, change_id)
    work.require(Permission.ASSIGNMENT_DECIDE, change.locality_id)
    lock_waiting(work, change)
    hold_open_questions(work, change.locality_id)
    waiting = {row.id: row for row in list_waiting(work, change)}
    decided = {one.row: one for one in wanted.decisions}
    if unknown := decided.keys() - waiting.keys():
        raise Invalid.field(
            "decisions", f"Việc {next(iter(unknown))} không chờ quyết định ở đây. Tải lại trang."
        )
    if wanted.as_proposed:
        decided = {row.id: one for row in waiting.values() if (one := _proposed(row))} | decided

    handed = 0
    for row in waiting.values():  # in the order they were proposed in: the furthest on first
        if (one := decided.get(row.id)) is None:
            continue
        if one.hand_to is not None:
            _hand_over(work, change, row, one.hand_to)
            handed += 1
        else:
            _end(work, row, one.cancel or "")
    withdraw_groundless(work, change.locality_id, " vì việc còn mở đã được chuyển hoặc hủy")
    return RowsDecided(handed, len(decided) - handed, len(waiting) - len(decided))


def _proposed(row: Waiting) -> RowDecision | None:
    if row.proposal == "hand_over" and row.to is not None:
        return RowDecision(row=row.id, hand_to=row.to.id)
    return RowDecision(row=row.id, cancel=row.reason) if row.proposal == "cancel" else None


def _hand_over(work: Work, change: Change, row: Waiting, to_id: UUID) -> None:
    if to_id not in row.targets:
        raise Conflict(
            f"“{row.title}” không chuyển được cho đơn vị này vì nhiệm vụ không được giao cho đơn vị đó. "
            "Chọn đơn vị được giao nhiệm vụ, hoặc phân công lại trước.",
            code="duty_elsewhere",
            details={"row": str(row.id)},
        )
    to = work.get(Unit, to_id)
    _check_free(work, row, to)
    move = RowMove(
        locality_id=change.locality_id,
        change_id=change.id,
        from_unit_id=row.from_unit.id,
        to_unit_id=to.id,
        moved_at=work.now,
        moved_by_id=work.actor.account_id,
    )
    happened = _change_hands(work, row, to, move)
    work.add(move)
    _take_along(work, row, to)
    work.record(
        happened(
            locality_id=change.locality_id,
            subject_id=row.id,
            unit_id=to.id,
            before=row.from_unit.name,
            after=to.name,
            from_unit=row.from_unit.id,
            to_unit=to.id,
            change=change.id,
        )
    )


def _change_hands(
    work: Work, row: Waiting, to: Unit, move: RowMove
) -> type[AssignmentHandedOver] | type[SubmissionHandedOver]:
    """The row is its new unit's; the move says which row. Returns what happened."""
    if row.kind == "assignment":
        assignment = work.get(Assignment, row.id)
        assignment.state = next_state("handing", assignment.state, "hand_over")
        assignment.unit_id, assignment.version = to.id, assignment.version + 1
        assignment.responsibility_id = row.targets[to.id] or assignment.responsibility_id
        move.assignment_id = row.id
        return AssignmentHandedOver
    submission = work.get(Submission, row.id)
    submission.unit_id, submission.version = to.id, submission.version + 1
    move.submission_id = row.id
    return SubmissionHandedOver


def _check_free(work: Work, row: Waiting, to: Unit) -> None:
    if row.kind == "assignment":
        mine = work.get(Assignment, row.id)
        same = select(assignments.id).where(
            assignments.responsibility_id == row.targets[to.id],
            assignments.unit_id == to.id,
            assignments.period_id.is_not_distinct_from(mine.period_id),
        )
    else:
        figure = work.get(Submission, row.id)
        same = select(submissions.id).where(
            submissions.indicator_id == figure.indicator_id,
            submissions.unit_id == to.id,
            submissions.period_id == figure.period_id,
        )
    there = work.session.scalars(same.limit(1)).first()
    if there is not None:
        raise Conflict(
            f"{to.name} đã có việc “{row.title}” trong kỳ này nên không nhận thêm. Hủy việc trùng, kèm lý do.",
            code="row_taken",
            details={"row": str(row.id), "there": str(there)},
        )


def _take_along(work: Work, row: Waiting, to: Unit) -> None:
    """Its files, and what is still asked about it, are read by who has the row."""
    for model, state in ((Evidence, None), (Extension, "requested"), (Question, "open")):
        about = columns(model)
        if not hasattr(about, f"{row.kind}_id"):
            continue
        moved = update(model).where(getattr(about, f"{row.kind}_id") == row.id)
        if state is not None:
            moved = moved.where(about.state == state)
        work.session.execute(moved.values(unit_id=to.id))


def _end(work: Work, row: Waiting, reason: str) -> None:
    if row.state in ("reported", "sent"):
        raise Conflict(
            f"“{row.title}” có báo cáo đang chờ. Xác nhận hoặc trả lại báo cáo trước, rồi quyết định.",
            code="report_waits",
            details={"row": str(row.id)},
        )
    if row.kind == "assignment":
        cancel_row(work, work.get(Assignment, row.id), "handing", "end", reason, ENDED)
    else:
        waive_row(work, work.get(Submission, row.id), reason, ENDED)
