"""How a question ends, whatever it asks: answered by the office, or taken back. The caller holds it, has required the
permission, and knows that it is open."""

from app.events import QuestionAnswered, QuestionWithdrawn
from app.models import Question
from app.work import Work


def mark_answered(work: Work, question: Question, answer: str, text: str) -> None:
    question.state, question.answer, question.answer_text = "answered", answer, text or None
    question.answered_at, question.answered_by_id = work.now, work.actor.account_id
    question.version += 1
    work.record(
        QuestionAnswered(
            locality_id=question.locality_id,
            subject_id=question.id,
            unit_id=question.unit_id,
            kind=question.kind,
            answer=answer,
            reason=text,
        )
    )


def mark_withdrawn(work: Work, question: Question, why: str = "") -> None:
    """`why` goes on from "Rút câu hỏi …", "Rút đề nghị …" where nobody did it by hand."""
    question.state, question.version = "withdrawn", question.version + 1
    work.record(
        QuestionWithdrawn(
            locality_id=question.locality_id,
            subject_id=question.id,
            unit_id=question.unit_id,
            kind=question.kind,
            why=why,
        )
    )
