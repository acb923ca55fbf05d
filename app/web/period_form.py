"""/bao-cao-ky/{unit}/{period}: everything a unit still has to report in a period, sent at once."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.permissions import Permission as P
from app.services.assignment import ReportInput
from app.services.period_form import (
    Answer,
    PeriodAnswers,
    PeriodForm,
    Receipt,
    TaskRow,
    build_period_form,
    send_period_form,
)
from app.services.submission import FigureInput
from app.text import format_datetime
from app.web.figure_fields import is_unchanged, read_figure, typed_parts
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.work import Work

router = APIRouter(prefix="/bao-cao-ky/{unit_id}/{period_id}", route_class=AnsweredRoute)
PARTS = ("result", "difficulty", "proposal", "progress")


@router.get("")
@policy(P.ASSIGNMENT_READ, P.SUBMISSION_READ, by_link=True)
def show(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID) -> Response:
    seen = build_period_form(work, unit_id, period_id)
    page = _frame(request, work, seen)
    return html(request, work, "period_form/page.html", page, form=Form(), **_context(work, seen))


@router.post("")
@policy(P.ASSIGNMENT_REPORT, P.SUBMISSION_SEND, by_link=True)
def send(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        seen = build_period_form(work, unit_id, period_id)
        page = _frame(request, work, seen)
        return page_text("period_form/page.html", page, form=form, **_context(work, seen))

    with shown_again(form, again):
        receipt = _send(work, unit_id, period_id, form)
    return see_other(f"/bao-cao-ky/{unit_id}/{period_id}", _said(receipt))


def _send(work: Work, unit_id: UUID, period_id: UUID, form: Form) -> Receipt:
    """Every mistake of the whole form at once: those of reading what was typed and those of the rules."""
    answers, errors = _read(form, build_period_form(work, unit_id, period_id))
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
    return PeriodAnswers(reports=reports, figures=figures), errors


def _report(form: Form, task: TaskRow) -> ReportInput | None:
    typed = {part: form.value(f"{task.id}.{part}").strip().replace("\r\n", "\n") for part in PARTS}
    typed["progress"] = typed["progress"].removesuffix("%").strip()
    given = {part: text for part, text in typed.items() if text}
    if not given or (task.own is not None and given == _parts(task.own)):
        return None
    try:
        return checked(ReportInput, given)
    except Invalid as error:
        raise Invalid(
            error.message, errors={f"{task.id}.{name}": text for name, text in error.errors.items()}
        ) from error


def _parts(answer: Answer | None) -> dict[str, str]:
    """A sent report the way it would be typed, to fill its fields in."""
    if answer is None:
        return {}
    kept = {part: getattr(answer, part) for part in PARTS}
    return {part: str(value) for part, value in kept.items() if value not in (None, "")}


def _context(work: Work, seen: PeriodForm) -> dict[str, Any]:
    unit = seen.unit
    may_send = work.actor.may(P.ASSIGNMENT_REPORT, unit.locality_id, unit.id) and seen.period.state == "open"
    return {
        "seen": seen,
        "may_send": may_send,
        "today": work.today,
        "owns": {row.id: _parts(row.own) for row in seen.tasks}
        | {row.id: typed_parts(row.own) for row in seen.figures},
    }


def _said(receipt: Receipt) -> str:
    parts = [
        f"{count} {what}"
        for count, what in ((receipt.reports, "báo cáo"), (receipt.figures, "số liệu"))
        if count
    ]
    return f"Đã gửi {' và '.join(parts)} lúc {format_datetime(receipt.at)}."


def _frame(request: Request, work: Work, seen: PeriodForm) -> Page:
    crumbs = (Crumb(seen.unit.name, f"/bang/{seen.unit.id}"),)
    return frame(request, work, f"Phiếu báo cáo {seen.period.name}", crumbs=crumbs)
