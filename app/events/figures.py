"""Indicators, targets and the figures sent for them."""

from dataclasses import dataclass
from decimal import Decimal

from app.events.base import Event


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
