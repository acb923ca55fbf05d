"""Between the check of a filled sheet and its sending, and the sending (decision 0033).

What was read is kept on the server beside uploads on their way, for as long, for its sender alone: the browser brings
back a key and the notes typed on the page, no figure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlmodel import Field

from app.documents.figure_sheet import FilledSheet, LineToFill
from app.errors import Conflict, Invalid, NotFound, NotSignedIn
from app.models.base import new_id
from app.outside import upload_store
from app.services.figure_sheet import NamedSheet, line_of, write_refused_sheet
from app.services.figure_sheet_check import (
    READY,
    REFUSED,
    CheckedLine,
    SheetCheck,
    check_sheet,
    require_sheet_sender,
    sentences_of,
)
from app.services.figure_sheet_lines import typed_cells
from app.services.submission_batch import BatchInput, send_submissions
from app.services.typed import Typed
from app.work import Work

_GONE = "Không còn giữ bảng này (mỗi bảng giữ một ngày). Hãy tải tệp Excel lên lần nữa."


class SheetSending(Typed):
    """`notes` by the number of the line, over those in the sheet. With `only_right` the lines nothing stands against
    are sent and the others are not; without, one refused line keeps all of them back. `mark`: of the check this goes
    on from; refused where a figure of the sheet was sent by somebody else since."""

    notes: dict[int, str] = Field(default_factory=dict)
    only_right: bool = False
    mark: str | None = Field(default=None, max_length=40)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stands on the disk between check and sending, and whose it is. `notes`: those that were typed beside it when
    a part of it was sent, by line."""

    sender: UUID
    unit_id: UUID
    period_id: UUID
    sheet: FilledSheet
    notes: dict[int, str] = field(default_factory=dict)


_KEPT = TypeAdapter(_Kept)


def keep_sheet(work: Work, unit_id: UUID, period_id: UUID, sheet: FilledSheet) -> tuple[UUID, SheetCheck]:
    """The key under which its sender finds it again for a day, and what is to be said of it now."""
    checked = check_sheet(work, unit_id, period_id, sheet, {})
    if (sender := work.actor.sender) is None:
        raise NotSignedIn

    key = new_id()
    _keep(work, key, _Kept(sender, unit_id, period_id, sheet))
    return key, checked


def check_kept_sheet(
    work: Work, unit_id: UUID, period_id: UUID, key: UUID, notes: Mapping[int, str] | None = None
) -> SheetCheck:
    """404 unless the sheet is this sender's own, of this unit and period, and still there."""
    kept = _find(work, unit_id, period_id, key)
    return check_sheet(work, unit_id, period_id, kept.sheet, {**kept.notes, **(notes or {})})


def send_sheet(work: Work, unit_id: UUID, period_id: UUID, key: UUID, given: SheetSending) -> int:
    """How many figures were sent. Invalid names the lines that keep the others back, as `notes.<line>`."""
    checked = check_kept_sheet(work, unit_id, period_id, key, given.notes)
    if given.mark is not None and given.mark != checked.mark:
        raise Conflict(
            "Trong lúc kiểm tra, có số liệu trong bảng vừa được gửi từ nơi khác. Hãy xem lại các dòng rồi gửi.",
            code="sent_meanwhile",
        )
    refused, ready = checked.with_outcome(REFUSED), checked.with_outcome(READY)
    if refused and not given.only_right:
        raise Invalid(
            "Chưa gửi dòng nào: có dòng chưa gửi được. Sửa các dòng ấy, hoặc chọn chỉ gửi các dòng đúng.",
            errors={f"notes.{line.number}": _named(line, line.errors) for line in refused},
        )
    items = [line.item for line in ready if line.item is not None]
    if not items:
        raise Conflict(
            "Không có dòng nào để gửi: bảng trống, mọi dòng đã gửi rồi, hoặc chưa dòng nào đúng.",
            code="nothing_to_send",
        )

    outcomes = send_submissions(work, BatchInput(items=items, all_or_nothing=True))
    wrong = {
        f"notes.{line.number}": _named(line, sentences_of(one.error))
        for line, one in zip(ready, outcomes, strict=True)
        if one.error is not None and one.error.code != "held_back"
    }
    if wrong:
        raise Invalid("Chưa gửi dòng nào: các dòng còn lại chưa khớp với nhau.", errors=wrong)
    # What is left is judged by the same notes: a line that one of them answered has been sent.
    kept = _find(work, unit_id, period_id, key)
    _keep(work, key, replace(kept, notes={**kept.notes, **given.notes}))
    return len(items)


def get_refused_sheet(work: Work, unit_id: UUID, period_id: UUID, key: UUID) -> NamedSheet:
    """The lines that cannot be sent, as they were filled in, with the reasons."""
    checked = check_kept_sheet(work, unit_id, period_id, key)
    lines = [_with_reasons(line) for line in checked.with_outcome(REFUSED)]
    return write_refused_sheet(work, checked.unit, checked.period, lines)


def _with_reasons(checked: CheckedLine) -> LineToFill:
    why = " ".join(checked.errors)
    if checked.row is not None:
        return line_of(checked.row, typed_cells(checked.line), why)
    # No line of ours: it is told, and would be left alone if it came back.
    shown = {"code": checked.line.code, "unit_name": checked.line.unit_name}
    return LineToFill("", shown, {}, (), reason=f"{why} Đã điền: {checked.typed}")


def _keep(work: Work, key: UUID, kept: _Kept) -> None:
    upload_store.put(work.settings.data_dir, key, _KEPT.dump_json(kept))


def _find(work: Work, unit_id: UUID, period_id: UUID, key: UUID) -> _Kept:
    require_sheet_sender(work, unit_id, period_id)
    try:
        kept = _KEPT.validate_json(upload_store.read(work.settings.data_dir, key))
    except (FileNotFoundError, ValidationError):
        raise NotFound(_GONE) from None
    if (kept.sender, kept.unit_id, kept.period_id) != (work.actor.sender, unit_id, period_id):
        raise NotFound(_GONE)
    return kept


def _named(line: CheckedLine, sentences: tuple[str, ...]) -> str:
    return f"Dòng {line.number}: {' '.join(sentences)}"
