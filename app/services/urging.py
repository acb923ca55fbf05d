"""Urging units about rows they owe, and their answers. Reading: urging_list.py; the chore: urging_step_up.py."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from pydantic import ValidationInfo, field_validator
from sqlalchemy import select
from sqlmodel import Field

from app.errors import Conflict, Invalid
from app.events import UrgingAnswered, UrgingSent
from app.models import Assignment, Submission, Urging, UrgingRow
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, home_locality
from app.services.owed import OwedRow
from app.services.period_rules import working_day
from app.services.typed import Day, Typed
from app.services.urging_draft import DAYS_TO_ANSWER, STEP_UP_AFTER, UrgingDraft, draft_urgings
from app.services.working_days import working_days_after
from app.work import Work

assignments, submissions = columns(Assignment), columns(Submission)

MOST_ROWS = 500
LONGEST_WAIT = timedelta(days=60)


class UrgingInput(Typed):
    """Rows to urge about, of any number of units: each unit gets one notice. `text` is one for all, `texts` by unit
    id; a unit with neither gets the drafted one. `answer_by`: two working days from today when left out, moved to a
    working day. `step_up_after`: working days after it until the superior is told; null: never. `repeat`: also rows
    that were urged today already."""

    assignments: list[UUID] = Field(default_factory=list, max_length=MOST_ROWS)
    submissions: list[UUID] = Field(default_factory=list, max_length=MOST_ROWS)
    channel: Literal["app", "phone", "paper", "meeting"] = "app"
    answer_by: Day | None = None
    step_up_after: int | None = Field(default=STEP_UP_AFTER, ge=1, le=30)
    text: str | None = Field(default=None, max_length=10_000)
    texts: dict[UUID, str] = Field(default_factory=dict, max_length=MOST_ROWS)
    repeat: bool = False

    @field_validator("texts")
    @classmethod
    def keep_short(cls, texts: dict[UUID, str], info: ValidationInfo) -> dict[UUID, str]:
        if any(len(text) > 10_000 for text in texts.values()):
            raise ValueError("Quá dài (tối đa 10000 ký tự).")
        return {unit: text.strip() for unit, text in texts.items() if text.strip()}


class UrgingAnswerInput(Typed):
    text: str = Field(min_length=1, max_length=5_000)


def send_urgings(work: Work, wanted: UrgingInput) -> list[Urging]:
    """One urging a unit. Conflict `nothing_owed` names rows that were reported meanwhile; `urged_today` rows somebody
    urged today, unless `repeat`."""
    locality_id = home_locality(work)
    work.require(Permission.URGING_WRITE, locality_id)
    answer_by = _answer_by(work, wanted.answer_by)
    _hold(work, wanted)
    drafts = draft_urgings(work, wanted.assignments, wanted.submissions)
    _check_owed(work, wanted, drafts)
    _check_addressed(wanted, drafts)
    if not wanted.repeat:
        _check_not_urged_today(drafts)

    return [_send(work, locality_id, wanted, draft, answer_by) for draft in drafts]


def answer_urging(work: Work, urging_id: UUID, said: UrgingAnswerInput) -> Urging:
    """The unit's word on it, once; reporting the rows answers it too."""
    urging = find(work, Urging, urging_id)
    work.require(Permission.URGING_ANSWER, urging.locality_id, urging.unit_id)
    if urging.answer is not None:
        raise Conflict(
            "Đôn đốc này đã được trả lời. Báo cáo việc, hoặc gọi Văn phòng nếu có thay đổi.",
            code="already_answered",
        )

    urging.answer, urging.answered_at = said.text, work.now
    urging.answered_by_id, urging.version = work.actor.account_id, urging.version + 1
    work.record(
        UrgingAnswered(
            locality_id=urging.locality_id, subject_id=urging.id, unit_id=urging.unit_id, text=said.text
        )
    )
    return urging


def _send(work: Work, locality_id: UUID, wanted: UrgingInput, draft: UrgingDraft, answer_by: date) -> Urging:
    urging = Urging(
        locality_id=locality_id,
        channel=wanted.channel,
        unit_id=draft.unit_id,
        about_unit_id=draft.unit_id,
        text=wanted.texts.get(draft.unit_id) or wanted.text or draft.text,
        answer_by=answer_by,
        step_up_after=wanted.step_up_after,
        sent_at=work.now,
        sent_by_id=work.actor.account_id,
    )
    work.add(urging)
    work.add(*(_row_of(urging, row) for row in draft.rows))
    work.record(
        UrgingSent(
            locality_id=locality_id,
            subject_id=urging.id,
            unit_id=draft.unit_id,
            unit_name=draft.unit_name,
            rows=len(draft.rows),
            channel=wanted.channel,
            answer_by=answer_by,
        )
    )
    return urging


def _check_addressed(wanted: UrgingInput, drafts: Sequence[UrgingDraft]) -> None:
    """A text nobody would get is a mistake about the unit, and what is sent cannot be taken back."""
    strangers = wanted.texts.keys() - {draft.unit_id for draft in drafts}
    if strangers:
        sentence = "Không có mục nào của đơn vị này trong lần đôn đốc. Xem lại mã đơn vị, hoặc bỏ lời này."
        raise Invalid(sentence, errors={f"texts.{unit_id}": sentence for unit_id in sorted(strangers)})


def _row_of(urging: Urging, row: OwedRow) -> UrgingRow:
    is_work = row.kind == "assignment"
    return UrgingRow(
        locality_id=urging.locality_id,
        urging_id=urging.id,
        assignment_id=row.id if is_work else None,
        submission_id=None if is_work else row.id,
    )


def _answer_by(work: Work, day: date | None) -> date:
    if day is None:
        return working_days_after(work.today, DAYS_TO_ANSWER)
    if day < work.today:
        raise Invalid.field("answer_by", "Hạn trả lời đã qua. Chọn từ hôm nay trở đi.")
    if day > work.today + LONGEST_WAIT:
        raise Invalid.field("answer_by", "Hạn trả lời quá xa. Chọn trong vòng 60 ngày.")
    return working_day(day)


def _hold(work: Work, wanted: UrgingInput) -> None:
    """Lock the rows: of two clerks who urge about one at once, the second learns of the first."""
    if not (wanted.assignments or wanted.submissions):
        raise Invalid.field("assignments", "Chưa chọn nội dung nào. Đánh dấu ít nhất một việc hoặc số liệu.")
    for row, keys in ((assignments, wanted.assignments), (submissions, wanted.submissions)):
        if keys:
            held = select(row.id).where(row.id.in_(keys)).order_by(row.id).with_for_update()
            work.session.execute(held).all()


def _check_owed(work: Work, wanted: UrgingInput, drafts: Sequence[UrgingDraft]) -> None:
    """Every row asked for is seen (404) and still owed."""
    owed = {row.id for draft in drafts for row in draft.rows}
    for model, keys in ((Assignment, wanted.assignments), (Submission, wanted.submissions)):
        for key in keys:
            if key not in owed:
                find(work, model, key)
    gone = len({*wanted.assignments, *wanted.submissions} - owed)
    if gone:
        raise Conflict(
            f"{gone} nội dung vừa được báo cáo, hoặc không còn phải báo cáo, nên không đôn đốc nữa. "
            "Danh sách bên dưới đã bỏ các nội dung ấy; xem lại rồi gửi.",
            code="nothing_owed",
        )


def _check_not_urged_today(drafts: Sequence[UrgingDraft]) -> None:
    again = [row for draft in drafts for row in draft.urged_today]
    if again:
        named = ", ".join(f"{row.code} ({row.unit_name})" for row in again[:5])
        more = f" và {len(again) - 5} nội dung khác" if len(again) > 5 else ""
        raise Conflict(
            f"Hôm nay đã đôn đốc {named}{more}. Bỏ chọn các nội dung ấy, hoặc đánh dấu “Vẫn đôn đốc lại”.",
            code="urged_today",
            details={"rows": [str(row.id) for row in again]},
        )
