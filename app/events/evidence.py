"""Files and photos beside rows of work and figures. The subject is the row (`subject_kind` assignment or submission,
said by who records it), which itself does not change."""

from dataclasses import dataclass
from uuid import UUID

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceAdded(Event):
    sentence = "Thêm minh chứng “{name}”"
    subject_kind: str  # type: ignore[misc]
    evidence: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRemoved(Event):
    sentence = "Bỏ minh chứng “{name}”: {reason}"
    subject_kind: str  # type: ignore[misc]
    evidence: UUID
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRefused(Event):
    """Of a file marked secret only this is kept: neither its name nor its bytes."""

    sentence = "Từ chối một tệp minh chứng có dấu chỉ mức độ mật"
    subject_kind: str  # type: ignore[misc]
