"""What an urging says before a clerk changes it: which rows, how late, and by when an answer is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from app.permissions import Permission
from app.services._scope import home_locality
from app.services.owed import OwedRow, pick_owed
from app.text import format_date
from app.work import VIETNAM, Work

DAYS_TO_ANSWER = 2
STEP_UP_AFTER = 3


@dataclass(frozen=True, slots=True)
class UrgingDraft:
    """One unit's notice. `urged_today`: of its rows, those somebody urged today already."""

    unit_id: UUID
    unit_name: str
    rows: tuple[OwedRow, ...]
    text: str
    urged_today: tuple[OwedRow, ...]


def draft_urgings(
    work: Work, assignment_ids: Sequence[UUID], submission_ids: Sequence[UUID]
) -> list[UrgingDraft]:
    """One a unit, over those of the rows that are still owed."""
    locality_id = home_locality(work)
    work.require(Permission.URGING_WRITE, locality_id)
    owed = pick_owed(work, locality_id, assignment_ids, submission_ids)
    return [draft_of(tuple(rows), today=work.today) for _, rows in groupby(owed, key=lambda row: row.unit_id)]


def draft_of(rows: tuple[OwedRow, ...], *, today: date) -> UrgingDraft:
    """The text names no day to answer by: that stands beside it, and may be chosen later."""
    one = rows[0]
    lines = "\n".join(f"- {_line(row, today)}" for row in rows)
    text = (
        f"Văn phòng đề nghị {one.unit_name} báo cáo {len(rows)} nội dung sau:\n{lines}\n"
        "Đề nghị báo cáo trên hệ thống, hoặc trả lời nêu rõ lý do và ngày sẽ báo cáo."
    )
    urged = tuple(row for row in rows if _was_urged_on(row, today))
    return UrgingDraft(one.unit_id, one.unit_name, rows, text, urged)


def _line(row: OwedRow, today: date) -> str:
    said = f"{row.code} {row.title}"
    if row.period_name:
        said += f" ({row.period_name})"
    late = row.days_late(today)
    if row.due_on is None or late is None:
        return said
    standing = f"đã quá hạn {late} ngày" if late > 0 else "chưa báo cáo"
    return f"{said}: hạn {format_date(row.due_on)}, {standing}"


def _was_urged_on(row: OwedRow, today: date) -> bool:
    return row.urged_at is not None and row.urged_at.astimezone(VIETNAM).date() == today
