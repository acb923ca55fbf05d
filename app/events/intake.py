"""From an uploaded document to an issued plan."""

from dataclasses import dataclass
from uuid import UUID

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUploaded(Event):
    subject_kind = "document"
    sentence = "Tiếp nhận văn bản {name}"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReceived(Event):
    """Waits to be read. Its name is not said yet: it may turn out to be secret, and history cannot be cut."""

    subject_kind = "document"
    sentence = "Nhận {files} tệp, chờ đọc"
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReadingBegun(Event):
    subject_kind = "document"
    sentence = "Bắt đầu đọc văn bản"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReadingFailed(Event):
    subject_kind = "document"
    sentence = "Không đọc được văn bản"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReadingCancelled(Event):
    subject_kind = "document"
    sentence = "Dừng đọc văn bản"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReadingRetried(Event):
    subject_kind = "document"
    sentence = "Yêu cầu đọc lại văn bản"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRefused(Event):
    """Only that a refusal happened: nothing of a secret document is kept."""

    subject_kind = "locality"
    sentence = "Từ chối một văn bản có dấu độ mật"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDrafted(Event):
    subject_kind = "plan"
    sentence = "Lập bản nháp kế hoạch"


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateDecided(Event):
    subject_kind = "candidate"
    sentence = "Quyết định đề xuất trích xuất: {state}"
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesAccepted(Event):
    subject_kind = "document"
    sentence = "Chấp nhận {count} đề xuất trích xuất"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesRejected(Event):
    subject_kind = "document"
    sentence = "Bỏ {count} đề xuất trích xuất"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesFilled(Event):
    """Several candidates were given the same lead, deadline and so on; `fields` names what was set."""

    subject_kind = "document"
    sentence = "Điền thông tin cho {count} đề xuất trích xuất"
    count: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateSplit(Event):
    subject_kind = "candidate"
    sentence = "Tách đề xuất trích xuất thành {count} phần"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesMerged(Event):
    """The subject is the candidate that came of it."""

    subject_kind = "candidate"
    sentence = "Gộp {count} đề xuất trích xuất thành một"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionStepUndone(Event):
    """A clerk took back the own step `step`: `count` things are again what they were before it."""

    subject_kind = "document"
    sentence = "Hoàn tác một bước rà soát ({count} chỗ)"
    step: UUID
    action: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageSetAside(Event):
    subject_kind = "passage"
    sentence = "Đánh dấu “không phải nhiệm vụ”: {set_aside}"
    set_aside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanged(Event):
    subject_kind = "plan"
    sentence = "Sửa thông tin kế hoạch"
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanIssued(Event):
    subject_kind = "plan"
    sentence = "Ban hành kế hoạch: {tasks} nhiệm vụ, {units} đơn vị, {indicators} chỉ tiêu"
    tasks: int
    units: int
    indicators: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanClosed(Event):
    subject_kind = "plan"
    sentence = "Kết thúc kế hoạch"
