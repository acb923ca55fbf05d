"""Secret addresses: to report without an account, and for calendar programs."""

from dataclasses import dataclass
from datetime import date

from app.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLinkMade(Event):
    """`expires_on` is the last day it may be used."""

    subject_kind = "access_link"
    sentence = "Tạo liên kết báo cáo {period}, dùng đến hết {expires_on}"
    period: str
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLinkRevoked(Event):
    subject_kind = "access_link"
    sentence = "Thu hồi liên kết báo cáo {period}"
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLinkOpened(Event):
    subject_kind = "access_link"
    sentence = "Mở liên kết báo cáo {period}"
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLinkMade(Event):
    subject_kind = "calendar_link"
    sentence = "Tạo liên kết lịch"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLinkRevoked(Event):
    subject_kind = "calendar_link"
    sentence = "Thu hồi liên kết lịch"
