"""/nguoi-dung: people and their roles, for the administrator; /tai-khoan: one's own account."""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Account
from app.permissions import Permission as P
from app.permissions import Role
from app.services import person as service
from app.services._scope import home_locality
from app.services.locality import get_locality
from app.services.role import RoleInput, end_role, grant_role, roles_of
from app.services.unit_page import possible_members
from app.web.forms import Form, FormGiven, shown_again
from app.web.labels import label
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb
from app.web.unit import version_of
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)
PEOPLE = Crumb("Người dùng", "/nguoi-dung")
AT_A_TIME = 100
Show = Callable[[Work, Form], str]


@router.get("/nguoi-dung")
@policy(P.PERSON_READ)
def list_(
    request: Request,
    work: WorkGiven,
    q: Annotated[str, Query(max_length=200)] = "",
    vai_tro: Annotated[Role | None, Query(alias="vai-tro")] = None,
    sau: UUID | None = None,
) -> Response:
    rows = service.list_people(work, q=q, role=vai_tro, after=sau, limit=AT_A_TIME + 1)
    shown = rows[:AT_A_TIME]
    following = request.url.include_query_params(sau=shown[-1].id) if len(rows) > AT_A_TIME else None
    context = {
        "people": shown,
        "roles": roles_of(work, [row.id for row in shown]),
        "wanted": {"q": q, "vai_tro": vai_tro or ""},
        "role_choices": [(role.value, label("role", role.value)) for role in Role],
        "next_href": f"/nguoi-dung?{following.query}" if following else "",
        "may_add": _may_manage(work),
    }
    return html(request, work, "person/list.html", frame(request, work, "Người dùng"), **context)


@router.get("/nguoi-dung/them")
@policy(P.PERSON_MANAGE)
def show_add(request: Request, work: WorkGiven) -> Response:
    page = frame(request, work, "Thêm người dùng", crumbs=(PEOPLE,))
    return html(request, work, "person/add.html", page, form=Form(), **_to_add(work))


@router.post("/nguoi-dung")
@policy(P.PERSON_MANAGE)
def add(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        page = frame(request, work, "Thêm người dùng", crumbs=(PEOPLE,))
        return page_text("person/add.html", page, form=form, **_to_add(work))

    with shown_again(form, again):
        fields = "login", "name", "post", "email", "role", "unit"
        given = form.read(service.PersonInput, *fields, password=form.value("password"))
        account = service.add_person(work, given, home_locality(work))
    return see_other(f"/nguoi-dung/{account.id}", f"Đã thêm {account.name}.")


@router.get("/nguoi-dung/{person_id}")
@policy(P.PERSON_READ)
def show(request: Request, work: WorkGiven, person_id: UUID) -> Response:
    account = service.get_person(work, person_id)
    page = frame(request, work, account.name, crumbs=(PEOPLE,))
    return html(request, work, "person/page.html", page, form=Form(), **_one(work, account))


@router.post("/nguoi-dung/{person_id}")
@policy(P.PERSON_MANAGE)
def change(request: Request, work: WorkGiven, person_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, person_id)):
        typed = {name: form.value(name) for name in ("name", "post", "email") if name in form.values}
        given = form.read(service.PersonChange, **typed)
        account = service.change_person(work, person_id, given, version_of(form))
    return see_other(f"/nguoi-dung/{person_id}", f"Đã lưu {account.name}.")


@router.post("/nguoi-dung/{person_id}/mat-khau")
@policy(P.PERSON_MANAGE)
def set_password(request: Request, work: WorkGiven, person_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, person_id)):
        given = form.read(service.PasswordInput, password=form.value("password"))
        account = service.set_password(work, person_id, given)
    return see_other(f"/nguoi-dung/{person_id}", f"Đã đặt mật khẩu mới; {account.name} phải đăng nhập lại.")


@router.post("/nguoi-dung/{person_id}/vai-tro")
@policy(P.PERSON_MANAGE)
def grant(request: Request, work: WorkGiven, person_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, person_id)):
        held = grant_role(work, person_id, form.read(RoleInput))
    return see_other(f"/nguoi-dung/{person_id}", f"Đã giao vai trò {label('role', held.role).lower()}.")


@router.post("/nguoi-dung/{person_id}/vai-tro/{role_id}/thoi")
@policy(P.PERSON_MANAGE)
def end(request: Request, work: WorkGiven, person_id: UUID, role_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, person_id)):
        end_role(work, person_id, role_id)
    return see_other(f"/nguoi-dung/{person_id}", "Đã thôi vai trò.")


@router.post("/nguoi-dung/{person_id}/khoa")
@policy(P.PERSON_MANAGE)
def disable(request: Request, work: WorkGiven, person_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, person_id)):
        account = service.disable_person(work, person_id, version_of(form))
    return see_other(f"/nguoi-dung/{person_id}", f"Đã khóa tài khoản của {account.name}.")


@router.post("/nguoi-dung/{person_id}/mo-khoa")
@policy(P.PERSON_MANAGE)
def enable(request: Request, work: WorkGiven, person_id: UUID, form: FormGiven) -> Response:
    with shown_again(form, _again(request, person_id)):
        account = service.enable_person(work, person_id, version_of(form))
    return see_other(f"/nguoi-dung/{person_id}", f"Đã mở khóa tài khoản của {account.name}.")


@router.get("/tai-khoan")
@policy()
def show_own(request: Request, work: WorkGiven) -> Response:
    page = frame(request, work, "Tài khoản của tôi")
    return html(request, work, "person/own.html", page, form=Form(), **_own(work))


@router.post("/tai-khoan/mat-khau")
@policy(P.SESSION_OPEN)
def change_own_password(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        page = frame(request, work, "Tài khoản của tôi")
        return page_text("person/own.html", page, form=form, **_own(work))

    with shown_again(form, again):
        typed = {name: form.value(name) for name in ("current_password", "password")}
        service.change_own_password(work, form.read(service.OwnPasswordInput, **typed))
    return see_other("/tai-khoan", "Đã đổi mật khẩu. Những nơi khác đang đăng nhập phải đăng nhập lại.")


def _again(request: Request, person_id: UUID) -> Show:
    def show_filled_in(work: Work, form: Form) -> str:
        account = service.get_person(work, person_id)
        page = frame(request, work, account.name, crumbs=(PEOPLE,))
        return page_text("person/page.html", page, form=form, **_one(work, account))

    return show_filled_in


def _may_manage(work: Work) -> bool:
    return work.actor.home is not None and work.actor.may(P.PERSON_MANAGE, work.actor.home)


def _to_add(work: Work) -> dict[str, Any]:
    place = home_locality(work)
    work.require(P.PERSON_MANAGE, place)
    return _choices(work, place)


def _one(work: Work, account: Account) -> dict[str, Any]:
    actions = service.person_actions(work, account)
    return {
        "account": account,
        "roles": roles_of(work, [account.id])[account.id],
        "actions": actions,
        **(_choices(work, account.locality_id) if actions else {"role_choices": [], "units": []}),
    }


def _choices(work: Work, locality_id: UUID) -> dict[str, Any]:
    """Roles that exist in such a place, and the units one may act for."""
    is_province = get_locality(work, locality_id).kind == "province"
    here = [role for role in Role if is_province or role is not Role.PROVINCE]
    return {
        "role_choices": [(role.value, label("role", role.value)) for role in here],
        "units": [(unit.id, unit.name) for unit in possible_members(work, locality_id)],
    }


def _own(work: Work) -> dict[str, Any]:
    account = service.get_own_account(work)
    return {"account": account, "roles": roles_of(work, [account.id])[account.id]}
