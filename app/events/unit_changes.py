"""Units merged, split, renamed, ended, and everything that hung on them. `change`: the id of the unit_change."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsMerged(Event):
    """The subject is the unit that goes on."""

    subject_kind = "unit"
    sentence = "Sáp nhập {before} thành {name} từ {effective_on}"
    before: str
    name: str
    effective_on: date
    change: UUID
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSplit(Event):
    """The subject is the unit that was split, and ended."""

    subject_kind = "unit"
    sentence = "Chia tách {name} thành {after} từ {effective_on}"
    name: str
    after: str
    effective_on: date
    change: UUID
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRenamed(Event):
    subject_kind = "unit"
    sentence = "Đổi tên {before} thành {name} từ {effective_on}"
    before: str
    name: str
    effective_on: date
    change: UUID
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEnded(Event):
    """`said`: who takes its place, or that nobody does."""

    subject_kind = "unit"
    sentence = "{name} kết thúc hoạt động từ {effective_on}; {said}"
    name: str
    effective_on: date
    said: str
    change: UUID
    basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMemberSucceeded(Event):
    """The subject is the group; `said`: who joins, or that nobody does."""

    subject_kind = "unit"
    sentence = "{name} thôi là thành viên; {said}"
    name: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingLineMoved(Event):
    """The subject is the unit below."""

    subject_kind = "unit"
    sentence = "Trước báo cáo qua {before}, nay {said}"
    before: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLinksRevoked(Event):
    subject_kind = "unit"
    sentence = "Thu hồi {count} đường dẫn báo cáo và lịch"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentHandedOver(Event):
    """An open row with its reports goes on at another unit; `before` and `after` name both."""

    subject_kind = "assignment"
    sentence = "Chuyển việc từ {before} sang {after}"
    before: str
    after: str
    from_unit: UUID
    to_unit: UUID
    change: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionHandedOver(Event):
    subject_kind = "submission"
    sentence = "Chuyển số liệu từ {before} sang {after}"
    before: str
    after: str
    from_unit: UUID
    to_unit: UUID
    change: UUID
