"""A later date asked for by a unit, and the office's answer. They happen to the row."""

from dataclasses import dataclass
from datetime import date

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequested(Event):
    subject_kind = "assignment"
    sentence = "Đơn vị xin gia hạn đến {asked_due_on}: {reason}"
    asked_due_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionGranted(Event):
    """`due_on_before`: the date in force until then."""

    subject_kind = "assignment"
    sentence = "Văn phòng gia hạn đến {due_on}"
    due_on: date
    due_on_before: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRefused(Event):
    subject_kind = "assignment"
    sentence = "Văn phòng không gia hạn: {reason}"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionWithdrawn(Event):
    """`why`: what took the request back when the unit did not do it itself."""

    subject_kind = "assignment"
    sentence = "Rút xin gia hạn{why}"
    why: str = ""
