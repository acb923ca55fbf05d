"""Things that can happen, past tense: one frozen dataclass each.

`subject_kind`/`subject_id` say what it happened to, `unit_id` whose board it belongs to (units read only
their own), `facts()` what is kept beside it. `SENTENCES` is what a person reads in a timeline.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    subject_kind: ClassVar[str]
    sentence: ClassVar[str]

    locality_id: UUID
    subject_id: UUID
    unit_id: UUID | None = None

    @property
    def kind(self) -> str:
        """AssignmentReported → assignment_reported."""
        name = type(self).__name__
        return "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")

    def facts(self) -> dict[str, Any]:
        kept = asdict(self)
        for shared in ("locality_id", "subject_id", "unit_id"):
            kept.pop(shared)
        return {name: _plain(value) for name, value in kept.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


# Places, people, units


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalityAdded(Event):
    subject_kind = "locality"
    sentence = "Thêm địa phương {name}"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDataLoaded(Event):
    """The mark that the demo was loaded to its end."""

    subject_kind = "locality"
    sentence = "Nạp xong dữ liệu mẫu"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitAdded(Event):
    subject_kind = "unit"
    sentence = "Thêm đơn vị {name}"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChanged(Event):
    subject_kind = "unit"
    sentence = "Sửa đơn vị {name}"
    name: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMembersSet(Event):
    subject_kind = "unit"
    sentence = "Cập nhật thành viên của nhóm: {added} thêm, {ended} thôi"
    added: int
    ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(Event):
    subject_kind = "account"
    sentence = "Thêm người dùng {name}"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Event):
    subject_kind = "account"
    sentence = "Sửa người dùng {name}"
    name: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    subject_kind = "account"
    sentence = "Giao vai trò {role}"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(Event):
    subject_kind = "account"
    sentence = "Thôi vai trò {role}"
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    subject_kind = "account"
    sentence = "Đăng nhập"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Event):
    subject_kind = "account"
    sentence = "Đăng xuất"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAdded(Event):
    subject_kind = "account"
    sentence = "Tạo mã truy cập {name}"
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Event):
    subject_kind = "account"
    sentence = "Thu hồi mã truy cập {name}"
    name: str


# From document to plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUploaded(Event):
    subject_kind = "document"
    sentence = "Tiếp nhận văn bản {name}"
    name: str


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


# Work


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
class PeriodOpened(Event):
    subject_kind = "period"
    sentence = "Mở kỳ báo cáo {label}: {assignments} việc, {submissions} số liệu"
    label: str
    assignments: int
    submissions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodClosed(Event):
    subject_kind = "period"
    sentence = "Đóng kỳ báo cáo {label}, còn thiếu {missing}"
    label: str
    missing: int


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
class AssignmentCancelled(Event):
    subject_kind = "assignment"
    sentence = "Hủy việc: {reason}"
    reason: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRemarked(Event):
    subject_kind = "assignment"
    sentence = "Ghi ý kiến: {text}"
    text: str


# Indicators


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorAdded(Event):
    subject_kind = "indicator"
    sentence = "Thêm chỉ tiêu {code}"
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorChanged(Event):
    subject_kind = "indicator"
    sentence = "Sửa chỉ tiêu {code}"
    code: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorOwnersSet(Event):
    subject_kind = "indicator"
    sentence = "Giao đơn vị báo cáo chỉ tiêu: {names}"
    names: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSet(Event):
    subject_kind = "indicator"
    sentence = "Đặt mục tiêu {comparator} {value} đến {horizon}"
    comparator: str
    value: Decimal | None = None
    value_to: Decimal | None = None
    horizon: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetEnded(Event):
    subject_kind = "indicator"
    sentence = "Bỏ mục tiêu đến {horizon}"
    horizon: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionSent(Event):
    subject_kind = "submission"
    sentence = "Đơn vị gửi số liệu lần {number}: {shown}"
    number: int
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionAccepted(Event):
    subject_kind = "submission"
    sentence = "Văn phòng chấp nhận số liệu lần {number}"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionReturned(Event):
    subject_kind = "submission"
    sentence = "Văn phòng trả lại số liệu lần {number}: {reason}"
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionReopened(Event):
    subject_kind = "submission"
    sentence = "Mở lại số liệu: {reason}"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionWaived(Event):
    subject_kind = "submission"
    sentence = "Không phải báo cáo số liệu: {reason}"
    reason: str


def _kinds(base: type[Event]) -> dict[str, type[Event]]:
    return {
        "".join("_" + c.lower() if c.isupper() else c for c in kind.__name__).lstrip("_"): kind
        for kind in base.__subclasses__()
    }


EVENT_KINDS = _kinds(Event)


def sentence_of(kind: str, data: dict[str, Any]) -> str:
    """The Vietnamese sentence of a stored event; a fact that was not kept shows as "…"."""

    class _Missing(dict[str, Any]):
        def __missing__(self, key: str) -> str:
            return "…"

    return EVENT_KINDS[kind].sentence.format_map(_Missing(data))
