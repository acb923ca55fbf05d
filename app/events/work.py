"""Tasks, who carries them out, periods, and the rows of boards."""

from dataclasses import dataclass
from datetime import date

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAdded(Event):
    """`source`: path of the clause it comes from."""

    subject_kind = "task"
    sentence = "Thêm nhiệm vụ {code}"
    code: str
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChanged(Event):
    """`said`: the changes in words, as a person reads them; both due dates are kept beside it."""

    subject_kind = "task"
    sentence = "Sửa nhiệm vụ {code}: {said}"
    code: str
    said: str
    changed: tuple[str, ...] = ()
    due_on: date | None = None
    due_on_before: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibilityGiven(Event):
    subject_kind = "task"
    sentence = "Phân công {unit_name}"
    unit_name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibilityEnded(Event):
    subject_kind = "task"
    sentence = "Thôi phân công {unit_name}"
    unit_name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentAcknowledged(Event):
    subject_kind = "assignment"
    sentence = "Đơn vị tiếp nhận"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentStarted(Event):
    subject_kind = "assignment"
    sentence = "Đơn vị bắt đầu thực hiện"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReported(Event):
    subject_kind = "assignment"
    sentence = "Đơn vị gửi báo cáo lần {number}"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentConfirmed(Event):
    subject_kind = "assignment"
    sentence = "Văn phòng xác nhận báo cáo lần {number}"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReturned(Event):
    subject_kind = "assignment"
    sentence = "Văn phòng trả lại báo cáo lần {number}: {reason}"
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentWaived(Event):
    subject_kind = "assignment"
    sentence = "Không áp dụng: {reason}"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReleased(Event):
    subject_kind = "assignment"
    sentence = "Không cần nữa: một đơn vị trong nhóm đã hoàn thành"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentCancelled(Event):
    """`state_before`: a row that only supported was never counted, so earlier days need to know."""

    subject_kind = "assignment"
    sentence = "Hủy việc: {reason}"
    reason: str
    state_before: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRestored(Event):
    subject_kind = "assignment"
    sentence = "Giao lại việc đã hủy"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReopened(Event):
    subject_kind = "assignment"
    sentence = "Mở lại: {reason}"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentBlocked(Event):
    subject_kind = "assignment"
    sentence = "Báo vướng mắc: {reason}"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentUnblocked(Event):
    subject_kind = "assignment"
    sentence = "Hết vướng mắc"
