"""/bao-cao-ky/{unit}/{period}/nhap: saving what is typed on the period form, and what else its buttons do with a row.

The script saves the rows touched last and gets a line for each; every button without a script sends the whole form, so
each of them saves it first: nothing typed is lost by asking for something else.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Conflict, Invalid
from app.permissions import Permission as P
from app.services.assignment import ReasonInput, block_assignment, unblock_assignment
from app.services.draft import DraftInput
from app.services.period_draft import TypedRow, find_subjects, save_period_drafts
from app.services.period_form import PeriodForm, build_period_form
from app.services.period_form_rows import FigureRow, TaskRow
from app.services.waive_request import WaiveRequestInput, raise_waive_request, withdraw_waive_request
from app.text import format_datetime
from app.web.draft_fields import (
    CHOSEN,
    overtaken_by,
    parts_of_answer,
    saved_lines,
    says_same,
    typed_row,
    typed_rows,
)
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.pages import is_htmx, see_other
from app.web.period_form import form_again, sent_meanwhile
from app.work import Work

router = APIRouter(prefix="/bao-cao-ky/{unit_id}/{period_id}", route_class=AnsweredRoute)


@dataclass(frozen=True, slots=True)
class Asked:
    """A button of one row: "carry:<row id>"; the row is None for buttons of the whole form."""

    verb: str
    row: UUID | None


@router.post("/nhap")
@policy(P.ASSIGNMENT_REPORT, P.SUBMISSION_SEND, by_link=True)
def save(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID, form: FormGiven) -> Response:
    if is_htmx(request):
        return _autosave(work, unit_id, period_id, form)
    with shown_again(form, form_again(request, unit_id, period_id)):
        seen = build_period_form(work, unit_id, period_id)
        asked = _asked(form, seen)
        save_whole(work, seen, form, asked)
        said = _act(work, seen, form, asked)
    place = f"#{asked.row}" if asked.row else ""
    return see_other(f"/bao-cao-ky/{unit_id}/{period_id}{place}", said)


def _autosave(work: Work, unit_id: UUID, period_id: UUID, form: Form) -> Response:
    rows = typed_rows(form)
    saved = save_period_drafts(work, unit_id, period_id, rows)
    return saved_lines(saved, rows, f"/bao-cao-ky/{unit_id}/{period_id}", work.now)


def _asked(form: Form, seen: PeriodForm) -> Asked:
    verb, _, key = form.value("act").partition(":")
    due = {str(row.id): row.id for row in seen.due}
    if key and key not in due:
        raise Conflict("Mục này đã gửi hoặc không còn phải báo cáo. Tải lại phiếu để xem.")
    return Asked(verb, due.get(key))


def save_whole(work: Work, seen: PeriodForm, form: Form, asked: Asked) -> None:
    """Conflict, naming the rows, when somebody else saved one of them meanwhile or has sent it."""
    errors = {str(row.id): f"{row.code} đã được gửi rồi." for row in sent_meanwhile(form, seen)}
    saved = save_period_drafts(work, seen.unit.id, seen.period.id, _changed(seen, form, asked))
    errors |= {str(key): overtaken_by(one.draft) for key, one in saved.items() if one.outcome == "overtaken"}
    if errors:
        raise Conflict("Chưa lưu: có mục người khác vừa ghi hoặc vừa gửi.", errors=errors)


def _changed(seen: PeriodForm, form: Form, asked: Asked) -> dict[UUID, TypedRow]:
    """Rows that say something else than what was shown, those the button fills in included."""
    found: dict[UUID, TypedRow] = {}
    given = typed_rows(form)
    for row in seen.due:
        if row.id not in given and not _is_carried(asked, row):
            continue
        key = f"{row.id}."
        typed = typed_row(form, key, over="theirs" if asked == Asked("keep", row.id) else "draft")
        if asked == Asked("take", row.id):
            continue
        if _is_carried(asked, row) and not typed.typed.fields:
            typed = replace(typed, typed=checked(DraftInput, {"fields": parts_of_answer(row.before)}))
        shown = row.draft.fields if row.draft.version else parts_of_answer(row.own)
        if not says_same(typed, shown):
            found[row.id] = typed
    return found


def _is_carried(asked: Asked, row: TaskRow | FigureRow) -> bool:
    """The button of the whole form carries answers in words on; figures are carried on one by one."""
    if row.before is None or row.own is not None:
        return False
    return asked == Asked("carry", row.id) or (asked.verb == "carry-all" and isinstance(row, TaskRow))


def _act(work: Work, seen: PeriodForm, form: Form, asked: Asked) -> str:
    """What the button stands for beside saving; what to say of it."""
    if asked.verb in ("carry", "carry-all"):
        return "Đã điền câu trả lời kỳ trước vào chỗ còn trống. Đọc lại rồi bấm Gửi phiếu."
    if asked.row is None or asked.verb not in _DEEDS:
        return f"Đã lưu nháp lúc {format_datetime(work.now)}. Chưa gửi cho Văn phòng."
    deed, said = _DEEDS[asked.verb]
    try:
        deed(work, seen, asked.row, form.value(f"{asked.row}.reason"))
    except Invalid as error:
        errors = {f"{asked.row}.{name}": text for name, text in error.errors.items()}
        raise Invalid("Hãy nêu lý do để Văn phòng xem xét.", errors=errors) from error
    return said


def _block(work: Work, seen: PeriodForm, row: UUID, reason: str) -> None:
    block_assignment(work, row, checked(ReasonInput, {"reason": reason}))


def _unblock(work: Work, seen: PeriodForm, row: UUID, reason: str) -> None:
    unblock_assignment(work, row)


def _ask(work: Work, seen: PeriodForm, row: UUID, reason: str) -> None:
    subject = find_subjects(work, seen.unit.id, seen.period.id, [row])[row]
    raise_waive_request(work, subject, row, checked(WaiveRequestInput, {"reason": reason}))


def _withdraw(work: Work, seen: PeriodForm, row: UUID, reason: str) -> None:
    withdraw_waive_request(work, find_subjects(work, seen.unit.id, seen.period.id, [row])[row], row)


_DEEDS: dict[str, tuple[Callable[[Work, PeriodForm, UUID, str], None], str]] = {
    "keep": (lambda work, seen, row, reason: None, CHOSEN["keep"]),
    "take": (lambda work, seen, row, reason: None, CHOSEN["take"]),
    "block": (_block, "Đã báo vướng mắc cho Văn phòng."),
    "unblock": (_unblock, "Đã bỏ đánh dấu vướng mắc."),
    "ask": (_ask, "Đã gửi đề nghị không áp dụng. Văn phòng sẽ trả lời."),
    "withdraw": (_withdraw, "Đã rút đề nghị không áp dụng."),
}
