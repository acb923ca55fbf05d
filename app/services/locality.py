"""Localities: the communes and the provinces above them."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field, SQLModel

from app.errors import Conflict, Invalid
from app.events import LocalityAdded
from app.models import Locality, PeriodScheme
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.period_rules import SHIPPED_SCHEMES
from app.text import fold, nfc
from app.work import Work

localities = columns(Locality)


class LocalityInput(SQLModel):
    """A locality to add. `parent` is the code of the province above."""

    code: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=2, max_length=200)
    parent: str | None = None


def get_locality(work: Work, locality_id: UUID) -> Locality:
    return find(work, Locality, locality_id)


def list_localities(work: Work) -> list[Locality]:
    return list(work.session.scalars(visible(work, Locality).order_by(localities.code)))


def get_locality_by_code(work: Work, code: str) -> Locality:
    """For the operator's shell, where people name localities by code."""
    found = select(localities).where(localities.code == code)
    locality: Locality | None = work.session.scalars(found).first()
    if locality is None:
        raise Invalid.field(
            "locality", f"Chưa có địa phương mã {code}. Thêm bằng lệnh `tiendo locality add`."
        )
    return locality


def add_locality(work: Work, given: LocalityInput) -> Locality:
    """A province when it has no parent and somebody names it as parent later; kind follows from `parent`."""
    if work.session.scalars(select(localities).where(localities.code == given.code)).first():
        raise Conflict(f"Đã có địa phương mã {given.code}. Hãy dùng mã khác.", code="code_taken")
    parent = get_locality_by_code(work, given.parent) if given.parent else None
    if parent is not None and parent.kind != "province":
        raise Invalid.field("parent", f"{parent.name} không phải cấp tỉnh. Chọn tỉnh, thành phố ở trên.")
    name = nfc(given.name).strip()
    locality = Locality(
        code=given.code,
        name=name,
        folded=fold(name),
        kind="province" if parent is None and _names_a_province(name) else "commune",
        parent_id=parent.id if parent else None,
        created_at=work.now,
    )
    work.require(Permission.LOCALITY_MANAGE, parent.id if parent else locality.id)

    work.add(locality)
    work.add(
        *(
            PeriodScheme(locality_id=locality.id, code=code, name=name, rules=rules)
            for code, (name, rules) in SHIPPED_SCHEMES.items()
        )
    )
    work.record(LocalityAdded(locality_id=locality.id, subject_id=locality.id, name=locality.name))
    return locality


def _names_a_province(name: str) -> bool:
    """“Tỉnh …”, “Thành phố …”: a place without a parent is a commune unless its name says otherwise."""
    return fold(name).startswith(("tinh ", "thanh pho "))
