"""What is typed and not sent yet: saved while somebody types, read by the people of the unit alone, gone when it is
sent. A draft is no fact about the work, so it has no history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import field_validator
from sqlalchemy import delete, select

from app.errors import Conflict, Invalid, Stale, VersionRequired
from app.models import Assignment, Draft, Submission, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.states import MISSING_SUBMISSIONS
from app.services.typed import UNKEEPABLE, Typed
from app.text import is_keepable, nfc
from app.work import Work

drafts = columns(Draft)

Subject = type[Assignment] | type[Submission]
PARTS: dict[Subject, tuple[str, ...]] = {
    Assignment: ("result", "difficulty", "proposal", "progress"),
    Submission: ("value", "numerator", "denominator", "level", "flag", "note", "no_data"),
}
_SENDING = {Assignment: Permission.ASSIGNMENT_REPORT, Submission: Permission.SUBMISSION_SEND}
_STILL_DUE = {Assignment: MISSING_ASSIGNMENTS, Submission: MISSING_SUBMISSIONS}
_KEY = {Assignment: drafts.assignment_id, Submission: drafts.submission_id}
NOT_DUE = "Mục này đã gửi hoặc không còn phải báo cáo nên không lưu nháp nữa. Tải lại trang để xem."
MOST_TEXT = 20_000
# A draft begun after another one was sent shares no version with it: a page left open since then is noticed.
SAVINGS_BETWEEN_STEPS = 1000


class DraftInput(Typed):
    """Fields of a row as they were typed, by name; nothing in them is checked before it is sent."""

    fields: dict[str, str]

    @field_validator("fields")
    @classmethod
    def compose_fields(cls, fields: dict[str, str]) -> dict[str, str]:
        if not all(is_keepable(text) for pair in fields.items() for text in pair):
            raise ValueError(UNKEEPABLE)
        if sum(map(len, fields.values())) > MOST_TEXT:
            raise ValueError(f"Quá dài (tối đa {MOST_TEXT} ký tự). Gửi bớt rồi viết tiếp.")
        return {name: nfc(text).replace("\r\n", "\n") for name, text in fields.items() if text.strip()}


@dataclass(frozen=True, slots=True)
class DraftSeen:
    """`version` 0: nobody has saved anything."""

    version: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)
    saved_at: datetime | None = None
    saved_by: str = ""


NO_DRAFT = DraftSeen()


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of saving one row. `outcome`: saved; overtaken, somebody else saved meanwhile and `draft` is
    theirs; not_due, the row was sent or needs no report any more."""

    draft: DraftSeen
    outcome: str = "saved"


def get_draft(work: Work, subject: Subject, row_id: UUID) -> DraftSeen:
    """404 unless the actor may see the row, 403 unless they report for its unit."""
    row: Any = find(work, subject, row_id)
    work.require(_SENDING[subject], row.locality_id, row.unit_id)
    return _seen(_draft_of(work, subject, row_id))


def list_drafts(work: Work, unit: Unit, subject: Subject, row_ids: Sequence[UUID]) -> dict[UUID, DraftSeen]:
    """By row of the unit; empty for those who do not report for it."""
    if not work.actor.may(_SENDING[subject], unit.locality_id, unit.id):
        return {}
    key = _KEY[subject]
    found = work.session.scalars(select(drafts).where(key.in_(row_ids)).order_by(drafts.id))
    return {row.assignment_id or row.submission_id: _seen(row) for row in found}


def save_draft(
    work: Work, subject: Subject, row_id: UUID, typed: DraftInput, version: int | None
) -> DraftSeen:
    """Stale with what stands there when somebody else saved since `version` was read; 0 where nobody had."""
    if version is None:
        raise VersionRequired
    saved = try_to_save(work, subject, row_id, typed, version)
    if saved.outcome == "not_due":
        raise Conflict(NOT_DUE, code="not_due")
    if saved.outcome == "overtaken":
        theirs = saved.draft
        changed = {"fields": dict(theirs.fields), "saved_at": theirs.saved_at, "saved_by": theirs.saved_by}
        raise Stale(theirs.version, changed)
    return saved.draft


def try_to_save(work: Work, subject: Subject, row_id: UUID, typed: DraftInput, version: int) -> Saved:
    """`save_draft` for a page of many rows: what was overtaken is answered, not raised, so that the rest is saved."""
    row: Any = find(work, subject, row_id)  # locked: two who save at once come one after the other
    work.require(_SENDING[subject], row.locality_id, row.unit_id)
    _check_names(subject, typed)
    if row.state not in _STILL_DUE[subject]:
        return Saved(NO_DRAFT, "not_due")
    draft = _draft_of(work, subject, row_id)
    if typed.fields == (draft.fields if draft else {}):
        return Saved(_seen(draft))
    if version != (draft.version if draft else 0):
        return Saved(_seen(draft), "overtaken")

    if draft is None:
        draft = Draft(
            locality_id=row.locality_id, version=row.version * SAVINGS_BETWEEN_STEPS, saved_at=work.now
        )
        setattr(draft, "assignment_id" if subject is Assignment else "submission_id", row_id)
    draft.fields, draft.saved_at, draft.saved_by = dict(typed.fields), work.now, work.actor.name
    draft.version += 1
    work.add(draft)
    return Saved(_seen(draft))


def discard_draft(work: Work, subject: Subject, row_id: UUID) -> None:
    """What was typed has been sent. The caller has made sure that the actor may."""
    discard_drafts(work, subject, [row_id])


def discard_drafts(work: Work, subject: Subject, row_ids: Sequence[UUID]) -> None:
    work.session.execute(delete(drafts).where(_KEY[subject].in_(row_ids)))


def _draft_of(work: Work, subject: Subject, row_id: UUID) -> Draft | None:
    found: Draft | None = work.session.scalars(select(drafts).where(_KEY[subject] == row_id)).first()
    return found


def _seen(draft: Draft | None) -> DraftSeen:
    if draft is None:
        return NO_DRAFT
    return DraftSeen(draft.version, draft.fields, draft.saved_at, draft.saved_by)


def _check_names(subject: Subject, typed: DraftInput) -> None:
    if unknown := sorted(set(typed.fields) - set(PARTS[subject])):
        raise Invalid.field("fields", f"Không có ô “{unknown[0]}”. Chỉ nhận: {', '.join(PARTS[subject])}.")
