"""Questions to the office: raised by a unit or by the system, answered once or taken back."""

from dataclasses import dataclass

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRaised(Event):
    """`kind`: question.kind; `text`: what is asked, as the office reads it."""

    subject_kind = "question"
    sentence = "Gửi Văn phòng {kind}: {text}"
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    """`answer`: question.answer; `reason` is empty where none was given."""

    subject_kind = "question"
    sentence = "Văn phòng trả lời {kind}: {answer}. {reason}"
    kind: str
    answer: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionWithdrawn(Event):
    """`why`: what took the question back when nobody did it by hand."""

    subject_kind = "question"
    sentence = "Rút {kind}{why}"
    kind: str
    why: str = ""
