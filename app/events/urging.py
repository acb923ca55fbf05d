"""Urging: a unit was told what it owes, it answered, or its superior was told that it stays silent."""

from dataclasses import dataclass
from datetime import date

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgingSent(Event):
    """`rows`: how many rows it is about."""

    subject_kind = "urging"
    sentence = "Văn phòng đôn đốc {unit_name}: {rows} nội dung, trả lời chậm nhất {answer_by}"
    unit_name: str
    rows: int
    channel: str
    answer_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgingAnswered(Event):
    subject_kind = "urging"
    sentence = "Đơn vị trả lời đôn đốc: {text}"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgingSteppedUp(Event):
    """`unit_id` is the superior that was told (none: the office), `about` the unit that stays silent."""

    subject_kind = "urging"
    sentence = "{about} chưa trả lời đôn đốc, đã báo {to}"
    about: str
    to: str
    rows: int
