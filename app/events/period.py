"""What happens to reporting periods: opened, reminded of, excepted from, closed, opened again."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.events.base import Event


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
class PeriodReopened(Event):
    subject_kind = "period"
    sentence = "Mở lại kỳ báo cáo {label}, nhận báo cáo đến hết {locks_on}: {reason}"
    label: str
    locks_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReminded(Event):
    """`which`: before the due day, or after it; `units`: those that still miss rows."""

    subject_kind = "period"
    sentence = "Nhắc {count} đơn vị còn thiếu trong kỳ {label} ({which}, hạn {due_on})"
    label: str
    which: str
    due_on: date
    count: int
    units: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodExcepted(Event):
    """`rows`: how many open rows of the unit took the date."""

    subject_kind = "period"
    sentence = "Hạn riêng của {unit_name} trong kỳ {label}: {due_on} ({rows} mục). {reason}"
    label: str
    unit_name: str
    due_on: date
    rows: int
    reason: str
