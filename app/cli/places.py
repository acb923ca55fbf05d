"""Localities, units, people, tokens, periods."""

from datetime import datetime
from typing import Annotated

import typer

from app.cli.shell import given, read_password, system_work
from app.errors import Invalid
from app.models import Unit
from app.models.base import columns
from app.services.locality import LocalityInput, add_locality, get_locality_by_code, list_localities
from app.services.period import PeriodInput, close_period, find_period, open_period
from app.services.person import PersonInput, add_person, get_person_by_login
from app.services.token import TokenInput, add_token
from app.services.unit import UnitInput, add_group, add_unit, list_units
from app.work import Work

units = columns(Unit)

LocalityCode = Annotated[str, typer.Option("--locality", help="Mã địa phương.")]
Name = Annotated[str, typer.Option("--name", help="Tên.")]
Login = Annotated[str, typer.Option("--login", help="Tên đăng nhập.")]
Label = Annotated[str, typer.Option("--label", help="Nhãn kỳ, ví dụ 2026-Q4.")]
Scheme = Annotated[str, typer.Option("--scheme", help="Cách chia kỳ: calendar, administrative, school_year.")]

locality_app = typer.Typer(help="Địa phương: thêm, liệt kê.")
unit_app = typer.Typer(help="Đơn vị và nhóm đơn vị: thêm, liệt kê.")
person_app = typer.Typer(help="Người dùng: thêm.")
token_app = typer.Typer(help="Mã truy cập API: tạo.")
period_app = typer.Typer(help="Kỳ báo cáo: mở, đóng.")


def add_commands(app: typer.Typer) -> None:
    app.add_typer(locality_app, name="locality")
    app.add_typer(unit_app, name="unit")
    app.add_typer(person_app, name="person")
    app.add_typer(token_app, name="token")
    app.add_typer(period_app, name="period")


@locality_app.command("add")
def locality_add(
    code: Annotated[str, typer.Option("--code", help="Mã đơn vị hành chính.")],
    name: Name,
    parent: Annotated[str | None, typer.Option("--parent", help="Mã tỉnh, thành phố ở trên.")] = None,
) -> None:
    """Thêm một xã, phường, hoặc tỉnh, thành phố."""
    with system_work() as work:
        add_locality(work, given(LocalityInput, code=code, name=name, parent=parent))


@locality_app.command("list")
def locality_list() -> None:
    """Liệt kê địa phương: mã, loại, tên."""
    with system_work() as work:
        for locality in list_localities(work):
            typer.echo(f"{locality.code}\t{locality.kind}\t{locality.name}")


@unit_app.command("add")
def unit_add(
    locality: LocalityCode,
    name: Name,
    kind: Annotated[str, typer.Option("--kind", help="Loại, ví dụ division; nhóm đơn vị là group.")],
    code: Annotated[str | None, typer.Option("--code", help="Mã; không nêu thì lấy từ tên.")] = None,
    short_name: Annotated[str | None, typer.Option("--short-name", help="Tên gọn.")] = None,
    alias: Annotated[
        list[str] | None, typer.Option("--alias", help="Tên gọi khác; nêu nhiều lần được.")
    ] = None,
    member: Annotated[list[str] | None, typer.Option("--member", help="Mã thành viên, chỉ cho nhóm.")] = None,
) -> None:
    """Thêm một đơn vị, hoặc một nhóm cùng thành viên; in ra mã."""
    with system_work() as work:
        place = get_locality_by_code(work, locality).id
        unit = given(UnitInput, name=name, kind=kind, code=code, short_name=short_name, aliases=alias or None)
        members = [_unit_by_code(work, place, wanted, "member").id for wanted in member or []]
        if kind == "group":
            added = add_group(work, unit, place, members)
        elif members:
            raise Invalid.field("member", "Chỉ nhóm đơn vị (--kind group) có thành viên.")
        else:
            added = add_unit(work, unit, place)
    typer.echo(added.code)


@unit_app.command("list")
def unit_list(
    locality: LocalityCode,
    kind: Annotated[str | None, typer.Option("--kind", help="Chỉ loại này.")] = None,
) -> None:
    """Liệt kê đơn vị của một địa phương: mã, loại, tên."""
    with system_work() as work:
        place = get_locality_by_code(work, locality).id
        for unit in list_units(work, locality_id=place, kind=kind, valid_on=work.today, limit=100_000):
            typer.echo(f"{unit.code}\t{unit.kind}\t{unit.name}")


@person_app.command("add")
def person_add(
    locality: LocalityCode,
    role: Annotated[
        str, typer.Option("--role", help="admin, office, unit, leader, inspector hoặc province.")
    ],
    login: Login,
    name: Name,
    unit: Annotated[str | None, typer.Option("--unit", help="Mã đơn vị, chỉ cho vai trò unit.")] = None,
    post: Annotated[str | None, typer.Option("--post", help="Chức vụ.")] = None,
    email: Annotated[str | None, typer.Option("--email", help="Thư công vụ.")] = None,
) -> None:
    """Thêm một người cùng vai trò; mật khẩu đọc từ đầu vào chuẩn."""
    password = read_password()
    with system_work() as work:
        place = get_locality_by_code(work, locality).id
        of_unit = _unit_by_code(work, place, unit, "unit").id if unit else None
        person = given(
            PersonInput,
            login=login,
            name=name,
            role=role,
            unit=of_unit,
            post=post,
            email=email,
            password=password,
        )
        add_person(work, person, place)


@token_app.command("add")
def token_add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="Dùng cho việc gì.")],
    expires: Annotated[
        datetime | None, typer.Option("--expires", formats=["%Y-%m-%d"], help="Ngày cuối dùng được.")
    ] = None,
) -> None:
    """Tạo mã truy cập cho một người; chỉ in mã, một lần."""
    day = expires.date() if expires else None
    with system_work() as work:
        token = given(TokenInput, name=name, expires_on=day)
        secret = add_token(work, token.name, get_person_by_login(work, login), token.expires_on)
    typer.echo(secret)


@period_app.command("open")
def period_open(locality: LocalityCode, label: Label, scheme: Scheme = "calendar") -> None:
    """Mở một kỳ báo cáo và tạo các việc, số liệu phải báo cáo."""
    with system_work() as work:
        place = get_locality_by_code(work, locality).id
        open_period(work, given(PeriodInput, scheme=scheme, label=label, locality=place))


@period_app.command("close")
def period_close(locality: LocalityCode, label: Label) -> None:
    """Đóng một kỳ báo cáo."""
    with system_work() as work:
        period = find_period(work, get_locality_by_code(work, locality).id, label)
        close_period(work, period.id, period.version)


def _unit_by_code(work: Work, locality_id: object, code: str, field: str) -> Unit:
    found = [unit for unit in list_units(work, q=code, limit=100_000) if _is(unit, locality_id, code)]
    if not found:
        raise Invalid.field(field, f"Chưa có đơn vị mã {code}. Xem `tiendo unit list`.")
    return found[0]


def _is(unit: Unit, locality_id: object, code: str) -> bool:
    return unit.locality_id == locality_id and unit.code == code
