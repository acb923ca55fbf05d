"""/don-vi: units and groups of a locality; the office adds, edits and says who belongs to a group."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.models.unit import UNIT_KINDS
from app.permissions import Permission as P
from app.services import unit as service
from app.services._scope import home_locality
from app.services.unit_page import UnitPage, build_unit_list, build_unit_page, possible_members
from app.web.days import day_boxes, read_day
from app.web.forms import Form, FormGiven, shown_again
from app.web.labels import label
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.web.unit_change import changes_router
from app.work import Work

router = APIRouter(prefix="/don-vi", route_class=AnsweredRoute)
UNITS = Crumb("Đơn vị", "/don-vi")
KINDS = [(kind, label("unit_kind", kind)) for kind in UNIT_KINDS if kind != "group"]


@router.get("")
@policy(P.UNIT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    q: Annotated[str, Query(max_length=200)] = "",
    loai: Annotated[str, Query(max_length=40)] = "",
    thoi: bool = False,
    dia_phuong: Annotated[UUID | None, Query(alias="dia-phuong")] = None,
) -> Response:
    seen = build_unit_list(work, locality_id=dia_phuong, q=q, kind=loai or None, with_ended=thoi)
    page = frame(request, work, "Đơn vị")
    context = {
        "wanted": {"q": q, "loai": loai, "thoi": thoi, "dia_phuong": seen.locality_id},
        "kinds": [*KINDS, ("group", label("unit_kind", "group"))],
        "localities": [(place.id, place.name) for place in seen.localities],
        "is_filtered": bool(q or loai or thoi or dia_phuong),
    }
    return html(request, work, "unit/list.html", page, seen=seen, **context)


@router.get("/them")
@policy(P.UNIT_MANAGE)
def show_add(request: Request, work: WorkGiven, nhom: bool = False) -> Response:
    page = frame(request, work, "Thêm nhóm đơn vị" if nhom else "Thêm đơn vị", crumbs=(UNITS,))
    return html(request, work, "unit/add.html", page, form=Form(), **_to_add(work, Form(), is_group=nhom))


@router.post("")
@policy(P.UNIT_MANAGE)
def add(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    is_group = form.value("kind") == "group"

    def again(work: Work, form: Form) -> str:
        page = frame(request, work, "Thêm nhóm đơn vị" if is_group else "Thêm đơn vị", crumbs=(UNITS,))
        return page_text("unit/add.html", page, form=form, **_to_add(work, form, is_group=is_group))

    with shown_again(form, again):
        place = home_locality(work)
        given = form.read(
            service.UnitInput,
            *("code", "name", "kind", "short_name", "identifier", "reports_to"),
            aliases=form.value("aliases").splitlines(),
            valid_from=read_day(form, "valid_from"),
        )
        members = form.read(service.MembersInput, units=form.all("units")).units
        added = (
            service.add_group(work, given, place, members)
            if is_group
            else service.add_unit(work, given, place)
        )
    return see_other(f"/don-vi/{added.id}", f"Đã thêm {added.name}.")


router.include_router(changes_router)


@router.get("/{unit_id}")
@policy(P.UNIT_READ)
def show(request: Request, work: WorkGiven, unit_id: UUID) -> Response:
    seen = build_unit_page(work, unit_id)
    page, unit = frame(request, work, seen.unit.name, crumbs=(UNITS,)), seen.unit
    may_follow = work.actor.may(P.CALENDAR_LINK_MANAGE, unit.locality_id, unit.id) and not unit.is_group
    return html(request, work, "unit/page.html", page, seen=seen, may_follow=may_follow)


@router.get("/{unit_id}/sua")
@policy(P.UNIT_MANAGE)
def show_edit(request: Request, work: WorkGiven, unit_id: UUID) -> Response:
    seen = _to_change(work, unit_id)
    page = _page_of(request, work, seen, "Sửa")
    return html(request, work, "unit/edit.html", page, form=Form(), **_to_edit(work, seen, Form()))


@router.post("/{unit_id}/sua")
@policy(P.UNIT_MANAGE)
def edit(request: Request, work: WorkGiven, unit_id: UUID, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        seen = build_unit_page(work, unit_id)
        page = _page_of(request, work, seen, "Sửa")
        return page_text("unit/edit.html", page, form=form, **_to_edit(work, seen, form))

    with shown_again(form, again):
        blank = {
            name: form.value(name) or None
            for name in ("short_name", "identifier", "reports_to")
            if name in form.values
        }
        change = form.read(
            service.UnitChange,
            "kind",
            name=form.value("name"),
            aliases=form.value("aliases").splitlines(),
            valid_to=read_day(form, "valid_to"),
            **blank,
        )
        unit = service.change_unit(work, unit_id, change, version_of(form))
    return see_other(f"/don-vi/{unit_id}", f"Đã lưu {unit.name}.")


@router.get("/{unit_id}/thanh-vien")
@policy(P.UNIT_MANAGE)
def show_members(request: Request, work: WorkGiven, unit_id: UUID) -> Response:
    seen = _to_change(work, unit_id)
    page = _page_of(request, work, seen, "Thành viên")
    return html(request, work, "unit/members.html", page, form=Form(), **_to_choose(work, seen, Form()))


@router.post("/{unit_id}/thanh-vien")
@policy(P.UNIT_MANAGE)
def set_members(request: Request, work: WorkGiven, unit_id: UUID, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        seen = build_unit_page(work, unit_id)
        page = _page_of(request, work, seen, "Thành viên")
        return page_text("unit/members.html", page, form=form, **_to_choose(work, seen, form))

    with shown_again(form, again):
        given = form.read(service.MembersInput, units=form.all("units"), on=read_day(form, "on"))
        group = service.change_group_members(work, unit_id, given, version_of(form))
    return see_other(f"/don-vi/{unit_id}", f"Đã lưu {len(given.units)} thành viên của {group.name}.")


def version_of(form: Form) -> int | None:
    typed = form.value("version")
    return int(typed) if typed.isdecimal() else None


def _to_change(work: Work, unit_id: UUID) -> UnitPage:
    seen = build_unit_page(work, unit_id)
    work.require(P.UNIT_MANAGE, seen.unit.locality_id)
    return seen


def _page_of(request: Request, work: Work, seen: UnitPage, title: str) -> Page:
    crumbs = (UNITS, Crumb(seen.unit.name, f"/don-vi/{seen.unit.id}"))
    return frame(request, work, title, crumbs=crumbs)


def _to_add(work: Work, form: Form, *, is_group: bool) -> dict[str, Any]:
    place = home_locality(work)
    work.require(P.UNIT_MANAGE, place)
    others = [(unit.id, unit.name) for unit in possible_members(work, place)]
    return {
        "is_group": is_group,
        "kinds": KINDS,
        "others": others,
        "valid_from": day_boxes(form, "valid_from"),
    }


def _to_edit(work: Work, seen: UnitPage, form: Form) -> dict[str, Any]:
    others = possible_members(work, seen.unit.locality_id)
    return {
        "unit": seen.unit,
        "kinds": KINDS,
        "others": [(unit.id, unit.name) for unit in others if unit.id != seen.unit.id],
        "valid_to": day_boxes(form, "valid_to", seen.unit.valid_to),
    }


def _to_choose(work: Work, seen: UnitPage, form: Form) -> dict[str, Any]:
    others = [(unit.id, unit.name) for unit in possible_members(work, seen.unit.locality_id)]
    current = [str(member.unit.id) for member in seen.members if member.is_current]
    chosen = form.all("units") if form.was_sent else current
    return {"unit": seen.unit, "others": others, "chosen": chosen, "on": day_boxes(form, "on", work.today)}
