"""/cau-hoi: what only the office can answer; units see their own questions and what was answered."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.question import (
    AnswerInput,
    answer_question,
    answers_allowed,
    count_open_questions,
    get_question,
    list_questions,
    list_rows,
    rank_of,
)
from app.services.timeline import timeline_of
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.labels import label
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.web.versions import version_in
from app.work import Work

router = APIRouter(prefix="/cau-hoi", route_class=AnsweredRoute)
LISTED = 50
CRUMB = Crumb("Câu hỏi", "/cau-hoi")
_DONE = {
    "added": "Đã giao thêm {rows} việc.",
    "left_out": "Đã ghi: không giao trong kỳ này.",
    "kept": "Đã ghi: đơn vị làm tiếp các việc đang có.",
    "cancelled": "Đã hủy {rows} việc còn lại.",
    "waived": "Đã đồng ý: mục này không áp dụng với đơn vị.",
    "refused": "Đã trả lời: không đồng ý.",
}


@router.get("")
@policy(P.ASSIGNMENT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    sau: UUID | None = None,
    muc: Annotated[int, Query(ge=0, le=1)] = 0,
) -> Response:
    after = (muc, sau) if sau is not None else None
    rows = list_questions(work, after=after, limit=LISTED + 1)
    last = rows[LISTED - 1].row if len(rows) > LISTED else None
    return html(
        request,
        work,
        "question/list.html",
        frame(request, work, "Câu hỏi cho Văn phòng"),
        rows=rows[:LISTED],
        waiting=count_open_questions(work),
        next=f"/cau-hoi?muc={rank_of(last)}&sau={last.id}" if last else "",
    )


@router.get("/{question_id}")
@policy(P.ASSIGNMENT_READ)
def show(request: Request, work: WorkGiven, question_id: UUID) -> Response:
    return html(
        request,
        work,
        "question/page.html",
        _frame(request, work),
        form=Form(),
        **_context(work, question_id),
    )


@router.post("/{question_id}/tra-loi")
@policy(P.QUESTION_ANSWER)
def answer(request: Request, work: WorkGiven, question_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, question_id)):
        typed = {"answer": form.value("answer"), "text": form.value("reason").strip() or None}
        done = answer_question(work, question_id, checked(AnswerInput, typed), version_in(form))
    said = _DONE[done.question.answer or ""].format(rows=done.rows)
    return see_other(f"/cau-hoi/{question_id}", said)


def _again(request: Request, question_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        return page_text(
            "question/page.html", _frame(request, work), form=form, **_context(work, question_id)
        )

    return show_filled_in


def _context(work: Work, question_id: UUID) -> dict[str, Any]:
    seen = get_question(work, question_id)
    return {
        "seen": seen,
        "lines": list_rows(work, seen.row),
        "choices": [(code, label("question_answer", code)) for code in answers_allowed(work, seen.row)],
        "timeline_entries": timeline_of(work, [question_id]),
    }


def _frame(request: Request, work: Work) -> Page:
    return frame(request, work, "Câu hỏi", crumbs=(CRUMB,))
