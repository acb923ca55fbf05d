"""Units that work together: who leads and who supports, what one says to another."""

from dataclasses import dataclass
from uuid import UUID

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentMadeSupporting(Event):
    subject_kind = "assignment"
    sentence = "Chuyển thành việc phối hợp: {lead} chủ trì và báo cáo"
    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentMadeOwn(Event):
    subject_kind = "assignment"
    sentence = "Đơn vị tự báo cáo: nhiệm vụ không còn đơn vị chủ trì"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRecalled(Event):
    """One member's report had been enough; it was opened again, so the others may be asked again."""

    subject_kind = "assignment"
    sentence = "Việc cần làm trở lại: báo cáo của {unit_name} được mở lại"
    unit_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRemarked(Event):
    """`mentioned`: units named in it; their people are told."""

    subject_kind = "assignment"
    sentence = "Ghi ý kiến: {text}"
    text: str
    mentioned: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRemarked(Event):
    subject_kind = "submission"
    sentence = "Ghi ý kiến về số liệu: {text}"
    text: str
    mentioned: tuple[UUID, ...] = ()
