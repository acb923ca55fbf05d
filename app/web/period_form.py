"""/bao-cao-ky/{unit}/{period}: everything a unit still has to report in a period, sent at once; the receipts of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.models import Assignment
from app.permissions import Permission as P
from app.services.assignment import ReportInput
from app.services.draft import PARTS
from app.services.period_form import (
    PeriodAnswers,
    PeriodForm,
    Receipt,
    acknowledge_period,
    build_period_form,
    send_period_form,
)
from app.services.period_form_rows import SentRow, TaskRow
from app.services.period_receipt import build_period_receipt
from app.services.submission import FigureInput
from app.text import format_datetime
from app.web.draft_fields import (
    number_seen,
    overtaken,
    parts_of_answer,
    says_same,
    sent_since,
    typed_row,
    typed_rows,
)
from app.web.figure_fields import is_unchanged, read_figure
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.pages import fragment, frame, html, is_htmx, page_text, see_other
from app.web.rendering import Crumb, Page
from app.work import Work

router = APIRouter(prefix="/bao-cao-ky/{unit_id}/{period_id}", route_class=AnsweredRoute)


@router.get("")
@policy(P.ASSIGNMENT_READ, P.SUBMISSION_READ, by_link=True)
def show(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID) -> Response:
    seen = build_period_form(work, unit_id, period_id)
    page = _frame(request, work, seen)
    return html(request, work, "period_form/page.html", page, **_context(work, seen, Form()))


@router.post("")
@policy(P.ASSIGNMENT_REPORT, P.SUBMISSION_SEND, by_link=True)
def send(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, form_again(request, unit_id, period_id)):
        receipt = _send(work, unit_id, period_id, form)
    left = sum(name.endswith(".file") and bool(form.value(name)) for name in form.values)
    said, kind = _said(receipt), "success"
    if left:
        said, kind = f"{said} {_files_left(left)}", "warning"
    return see_other(f"/bao-cao-ky/{unit_id}/{period_id}/bien-nhan", said, kind=kind)


@router.post("/tiep-nhan")
@policy(P.ASSIGNMENT_REPORT, by_link=True)
def acknowledge(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID) -> Response:
    count = acknowledge_period(work, unit_id, period_id)
    if is_htmx(request):
        return fragment("period_form/acknowledged_fragment.html", count=count)
    return see_other(f"/bao-cao-ky/{unit_id}/{period_id}", f"Đã tiếp nhận {count} việc mới.")


@router.get("/bien-nhan")
@policy(P.ASSIGNMENT_READ, P.SUBMISSION_READ, by_link=True)
def show_receipt(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID) -> Response:
    seen = build_period_receipt(work, unit_id, period_id)
    form = build_period_form(work, unit_id, period_id)
    left = len(form.due) if _may_send(work, form) else 0
    crumbs = (
        Crumb(seen.unit.name, f"/bang/{seen.unit.id}"),
        Crumb(f"Phiếu báo cáo {seen.period.name}", f"/bao-cao-ky/{unit_id}/{period_id}"),
    )
    page = frame(request, work, "Biên nhận", crumbs=crumbs)
    return html(request, work, "period_form/receipt.html", page, seen=seen, left=left)


def form_again(request: Request, unit_id: UUID, period_id: UUID) -> Callable[[Work, Form], str]:
    """The form as it was typed, for an answer that refuses it."""

    def again(work: Work, form: Form) -> str:
        seen = build_period_form(work, unit_id, period_id)
        page = _frame(request, work, seen)
        return page_text("period_form/page.html", page, **_context(work, seen, form))

    return again


def _send(work: Work, unit_id: UUID, period_id: UUID, form: Form) -> Receipt:
    """Every mistake of the whole form at once: those of reading what was typed and those of the rules."""
    seen = build_period_form(work, unit_id, period_id)
    answers, errors = _read(form, seen)
    errors |= {str(row.id): f"{row.code} đã được gửi rồi." for row in sent_meanwhile(form, seen)}
    if not errors:
        return send_period_form(work, unit_id, period_id, answers)
    try:
        if answers.reports or answers.figures:
            send_period_form(work, unit_id, period_id, answers)
    except Invalid as error:
        errors |= error.errors
    raise Invalid("Chưa gửi mục nào: có chỗ cần sửa, xem các ô báo lỗi bên dưới.", errors=errors)


def _read(form: Form, seen: PeriodForm) -> tuple[PeriodAnswers, dict[str, str]]:
    """What was typed, row by row; blank rows and returned rows nobody touched are left out."""
    reports: dict[UUID, ReportInput] = {}
    figures: dict[UUID, FigureInput] = {}
    errors: dict[str, str] = {}
    for task in seen.tasks:
        try:
            if (report := _report(form, task)) is not None:
                reports[task.id] = report
        except Invalid as error:
            errors |= error.errors
    for row in seen.figures:
        try:
            figure = read_figure(form, row.indicator, f"{row.id}.")
        except Invalid as error:
            errors |= error.errors
            continue
        if figure is not None and not is_unchanged(figure, row.own):
            figures[row.id] = figure
    drafts = {row.id: row.draft for row in seen.due if row.id in {**reports, **figures}}
    over = {
        key: typed.version
        for key, draft in drafts.items()
        if not says_same(typed := typed_row(form, f"{key}."), draft.fields)
    }
    last_seen = {key: number_seen(form, f"{key}.") for key in drafts}
    return PeriodAnswers(reports=reports, figures=figures, drafts=over, over=last_seen), errors


def _report(form: Form, task: TaskRow) -> ReportInput | None:
    parts = PARTS[Assignment]
    typed = {part: form.value(f"{task.id}.{part}").strip().replace("\r\n", "\n") for part in parts}
    typed["progress"] = typed["progress"].removesuffix("%").strip()
    given = {part: text for part, text in typed.items() if text}
    if not given or (task.own is not None and given == parts_of_answer(task.own)):
        return None
    try:
        return checked(ReportInput, given)
    except Invalid as error:
        raise Invalid(
            error.message, errors={f"{task.id}.{name}": text for name, text in error.errors.items()}
        ) from error


def sent_meanwhile(form: Form, seen: PeriodForm) -> list[SentRow]:
    """Rows typed on this form that somebody has sent since, with other words than these."""
    typed = typed_rows(form)
    return [
        row
        for row in seen.sent
        if row.id in typed
        and typed[row.id].typed.fields
        and not says_same(typed[row.id], parts_of_answer(row.answer))
    ]


def _newer(form: Form, seen: PeriodForm) -> dict[UUID, dict[str, str]]:
    """By row that came back: what was sent since this form was shown, where other words are typed here."""
    typed = typed_rows(form)
    newer = {
        row.id: parts_of_answer(row.own) for row in seen.due if sent_since(form, row.number, f"{row.id}.")
    }
    return {
        key: parts
        for key, parts in newer.items()
        if key in typed and typed[key].typed.fields and not says_same(typed[key], parts)
    }


def _context(work: Work, seen: PeriodForm, form: Form) -> dict[str, Any]:
    due = seen.due
    filled = {row.id: row.draft.fields if row.draft.version else parts_of_answer(row.own) for row in due}
    return {
        "seen": seen,
        "form": form,
        "may_send": _may_send(work, seen),
        "today": work.today,
        "filled": filled,
        "before": {row.id: parts_of_answer(row.before) for row in due if row.before and not row.own},
        "stale": {row.id for row in due if overtaken(form, row.draft, f"{row.id}.")},
        "newer": _newer(form, seen),
        "too_late": [
            (row, typed) for row in seen.shut if (typed := typed_row(form, f"{row.id}.").typed.fields)
        ],
        "lost": [(row, typed_row(form, f"{row.id}.").typed.fields) for row in sent_meanwhile(form, seen)],
        "new": sum(row.state == "assigned" for row in seen.tasks) if seen.period.state == "open" else 0,
        "begun": sum(bool(fields) for fields in filled.values()),
    }


def _may_send(work: Work, seen: PeriodForm) -> bool:
    unit = seen.unit
    return bool(seen.due) and work.actor.may(P.ASSIGNMENT_REPORT, unit.locality_id, unit.id)


def _said(receipt: Receipt) -> str:
    parts = [
        f"{count} {what}"
        for count, what in ((receipt.reports, "báo cáo"), (receipt.figures, "số liệu"))
        if count
    ]
    return f"Đã gửi {' và '.join(parts)} lúc {format_datetime(receipt.at)}."


def _files_left(rows: int) -> str:
    """Files are sent by a button of their own; a browser without script tells their names with the form alone."""
    return f"Chưa gửi tệp đã chọn ở {rows} ô: mở mục ấy bên dưới, chọn lại tệp rồi bấm “Gửi tệp”."


def _frame(request: Request, work: Work, seen: PeriodForm) -> Page:
    crumbs = (Crumb(seen.unit.name, f"/bang/{seen.unit.id}"),)
    return frame(request, work, f"Phiếu báo cáo {seen.period.name}", crumbs=crumbs)
