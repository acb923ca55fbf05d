"""Localities, units, people and how they come in."""

from dataclasses import dataclass

from app.events.base import Event


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
