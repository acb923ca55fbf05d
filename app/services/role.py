"""Roles people hold, over a unit or a whole locality, from one day to another."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.errors import Conflict, Invalid
from app.events import RoleEnded, RoleGranted
from app.models import Account, Locality, Membership, Unit
from app.models.base import columns
from app.permissions import Permission, Role
from app.services._scope import find
from app.services.typed import Typed
from app.work import Work

memberships, units = columns(Membership), columns(Unit)


class RoleInput(Typed):
    """A role to give. `unit` goes with role `unit` and with no other."""

    role: Role
    unit: UUID | None = None


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """One role of one person; `valid_to` is its last day, None while it lasts."""

    id: UUID
    account_id: UUID
    role: str
    unit_id: UUID | None
    unit_name: str | None
    valid_from: date
    valid_to: date | None


# Reads


def roles_of(work: Work, account_ids: list[UUID]) -> dict[UUID, list[RoleHeld]]:
    """Roles held today or later by account. The caller has made sure the actor may see the accounts."""
    found: dict[UUID, list[RoleHeld]] = {account_id: [] for account_id in account_ids}
    statement = (
        select(
            memberships.id,
            memberships.account_id,
            memberships.role,
            memberships.unit_id,
            units.name,
            memberships.valid_from,
            memberships.valid_to,
        )
        .outerjoin(units, units.id == memberships.unit_id)
        .where(memberships.account_id.in_(account_ids), _lasting(work.today))
        .order_by(memberships.valid_from, memberships.id)
    )
    for row in work.session.execute(statement):
        found[row.account_id].append(RoleHeld(*row))
    return found


def people_with_role(work: Work, role: Role) -> Any:
    """The ids of accounts that hold the role today, as a subquery."""
    held = and_(memberships.valid_from <= work.today, _lasting(work.today))
    return select(memberships.account_id).where(memberships.role == role.value, held)


# Writes


def grant_role(work: Work, account_id: UUID, given: RoleInput) -> RoleHeld:
    """From today on. Conflict when the person holds it already."""
    account = find(work, Account, account_id)
    work.require(Permission.PERSON_MANAGE, account.locality_id)
    return give_role(work, account, given)


def give_role(work: Work, account: Account, given: RoleInput) -> RoleHeld:
    """`grant_role` for whom the caller has required the permission."""
    unit = _unit_of_role(work, given, account.locality_id)
    if given.role is Role.PROVINCE:
        _check_is_province(work, account.locality_id)
    _check_not_held(work, account, given)

    row = Membership(
        locality_id=account.locality_id,
        account_id=account.id,
        unit_id=given.unit,
        role=given.role.value,
        valid_from=work.today,
    )
    work.add(row)
    work.record(
        RoleGranted(
            locality_id=account.locality_id,
            subject_id=account.id,
            unit_id=given.unit,
            role=given.role.value,
        )
    )
    name = unit.name if unit else None
    return RoleHeld(row.id, account.id, row.role, row.unit_id, name, row.valid_from, None)


def end_role(work: Work, account_id: UUID, role_id: UUID) -> None:
    """From today on the person no longer holds it; who was what before today stays."""
    account = find(work, Account, account_id)
    work.require(Permission.PERSON_MANAGE, account.locality_id)
    row = next((r for r in _rows(work, account.id) if r.id == role_id), None)
    if row is None:
        raise Conflict("Người này không còn giữ vai trò đó. Tải lại trang để xem vai trò hiện tại.")
    if account.id == work.actor.account_id and row.role == Role.ADMIN:
        raise Conflict("Không tự thôi vai trò quản trị của mình được. Hãy nhờ một quản trị khác.")

    if row.valid_from < work.today:
        row.valid_to = work.today - timedelta(days=1)
    else:
        work.session.delete(row)
    work.record(
        RoleEnded(locality_id=account.locality_id, subject_id=account.id, unit_id=row.unit_id, role=row.role)
    )


def _lasting(day: date) -> Any:
    return or_(memberships.valid_to.is_(None), memberships.valid_to >= day)


def _rows(work: Work, account_id: UUID) -> list[Membership]:
    statement = select(memberships).where(memberships.account_id == account_id, _lasting(work.today))
    return list(work.session.scalars(statement.order_by(memberships.id)))


def _unit_of_role(work: Work, given: RoleInput, locality_id: UUID) -> Unit | None:
    if given.role is not Role.UNIT:
        if given.unit is not None:
            raise Invalid.field("unit", "Chỉ vai trò cán bộ đơn vị mới gắn với một đơn vị. Bỏ đơn vị đi.")
        return None
    if given.unit is None:
        raise Invalid.field("unit", "Vai trò cán bộ đơn vị cần nêu đơn vị.")
    unit = work.session.get(Unit, given.unit)
    if unit is None or unit.locality_id != locality_id or unit.is_group:
        raise Invalid.field(
            "unit", "Không có đơn vị này trong địa phương. Chọn một đơn vị (không phải nhóm)."
        )
    return unit


def _check_is_province(work: Work, locality_id: UUID) -> None:
    locality = work.session.get(Locality, locality_id)
    if locality is None or locality.kind != "province":
        raise Invalid.field("role", "Vai trò cấp trên chỉ dành cho người của tỉnh, thành phố.")


def _check_not_held(work: Work, account: Account, given: RoleInput) -> None:
    if any(r.role == given.role and r.unit_id == given.unit for r in _rows(work, account.id)):
        raise Conflict(
            "Người này đang giữ vai trò đó rồi.", code="role_held", errors={"role": "Đang giữ vai trò này."}
        )
