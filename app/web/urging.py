"""/don-doc: what units owe, urging them about it, and what became of it."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import NotFound
from app.permissions import Permission as P
from app.services import urging as service
from app.services._scope import home_locality
from app.services.locality import list_localities
from app.services.owed import AGES, OwedFilter, OwedRow, list_owed
from app.services.period import open_periods
from app.services.plan import list_plans
from app.services.timeline import timeline_of
from app.services.unit import list_units
from app.services.urging_draft import DAYS_TO_ANSWER, draft_urgings
from app.services.urging_list import (
    STANDINGS,
    UrgingFilter,
    count_standings,
    get_urging,
    list_urgings,
    rows_of_urging,
    urging_actions,
)
from app.services.working_days import working_days_after
from app.web.days import day_boxes, read_day
from app.web.forms import Form, FormGiven, shown_again
from app.web.labels import LABELS
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb, Page
from app.work import Work

router = APIRouter(prefix="/don-doc", route_class=AnsweredRoute)
LISTED = 100
HERE = Crumb("Đôn đốc", "/don-doc")
# What the address says → a key of AGES, and its words.
AGE_WORDS = {
    "": ("late", "Đã quá hạn"),
    "tuan": ("week", "Quá hạn từ 7 ngày"),
    "thang": ("month", "Quá hạn từ 30 ngày"),
    "tat-ca": ("all", "Mọi nội dung chưa báo cáo"),
}
KINDS = {"viec": ("assignment", "Việc"), "so-lieu": ("submission", "Số liệu")}
COMMON_TEXT = (
    "Văn phòng đề nghị đơn vị báo cáo các nội dung nêu dưới đây, "
    "hoặc trả lời nêu rõ lý do và ngày sẽ báo cáo."
)


@router.get("")
@policy(P.OVERVIEW_READ)
def owed(
    request: Request,
    work: WorkGiven,
    dia_phuong: Annotated[UUID | None, Query(alias="dia-phuong")] = None,
    ke_hoach: Annotated[UUID | None, Query(alias="ke-hoach")] = None,
    don_vi: Annotated[UUID | None, Query(alias="don-vi")] = None,
    ky: UUID | None = None,
    loai: Annotated[str, Query(max_length=20)] = "",
    qua: Annotated[str, Query(max_length=20)] = "",
    sau: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    place = _place(work, dia_phuong)
    wanted = OwedFilter(
        plan=ke_hoach,
        unit=don_vi,
        period=ky,
        kind=KINDS[loai][0] if loai in KINDS else None,
        age=AGE_WORDS.get(qua, AGE_WORDS[""])[0],
    )
    assert wanted.age in AGES
    rows = list_owed(work, place, wanted, after=_after(sau), limit=LISTED + 1)
    shown = rows[:LISTED]
    following = request.url.include_query_params(sau=_cursor(shown[-1])) if len(rows) > LISTED else None
    context = {
        "rows": shown,
        "localities": _localities(work),
        "chosen": {
            "locality": dia_phuong or "",
            "plan": ke_hoach or "",
            "unit": don_vi or "",
            "period": ky or "",
            "kind": loai,
            "age": qua,
        },
        "is_narrowed": bool(dia_phuong or ke_hoach or don_vi or ky or loai or qua),
        "choices": _choices(work, place),
        "next_href": f"/don-doc?{following.query}" if following else "",
        "may_urge": place is not None and work.actor.may(P.URGING_WRITE, place),
        "standings": count_standings(work, place),
        "today": work.today,
    }
    return html(request, work, "urging/owed.html", frame(request, work, "Đôn đốc"), **context)


@router.get("/moi")
@policy(P.URGING_WRITE)
def before_send(
    request: Request,
    work: WorkGiven,
    viec: Annotated[list[UUID] | None, Query(max_length=service.MOST_ROWS)] = None,
    so_lieu: Annotated[list[UUID] | None, Query(alias="so-lieu", max_length=service.MOST_ROWS)] = None,
) -> Response:
    context = _new(work, viec or [], so_lieu or [], Form())
    return html(request, work, "urging/new.html", _new_frame(request, work), **context)


@router.post("/moi")
@policy(P.URGING_WRITE)
def send(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        context = _new(work, _keys(form, "viec"), _keys(form, "so-lieu"), form)
        return page_text("urging/new.html", _new_frame(request, work), **context)

    with shown_again(form, again):
        sent = service.send_urgings(work, _wanted(form))
    return see_other("/don-doc/theo-doi", f"Đã ghi nhận đôn đốc {len(sent)} đơn vị.")


@router.get("/theo-doi")
@policy(P.URGING_READ)
def follow(
    request: Request,
    work: WorkGiven,
    dia_phuong: Annotated[UUID | None, Query(alias="dia-phuong")] = None,
    tinh_trang: Annotated[str, Query(alias="tinh-trang", max_length=20)] = "",
    don_vi: Annotated[UUID | None, Query(alias="don-vi")] = None,
    loai: Annotated[str, Query(max_length=20)] = "",
    sau: UUID | None = None,
) -> Response:
    place = _place(work, dia_phuong)
    standing = tinh_trang if tinh_trang in STANDINGS else None
    kind = loai if loai in LABELS["urging"] else None
    wanted = UrgingFilter(locality=place, unit=don_vi, kind=kind, standing=standing)
    last = get_urging(work, sau) if sau else None
    after = (last.sent_at, last.id) if last else None
    rows = list_urgings(work, wanted, after=after, limit=LISTED + 1)
    shown = rows[:LISTED]
    following = request.url.include_query_params(sau=shown[-1].id) if len(rows) > LISTED else None
    context = {
        "rows": shown,
        "localities": _localities(work),
        "chosen": {
            "locality": dia_phuong or "",
            "standing": standing or "",
            "unit": don_vi or "",
            "kind": kind or "",
        },
        "standings": count_standings(work, place),
        "units": _units(work, place),
        "next_href": f"/don-doc/theo-doi?{following.query}" if following else "",
        "may_list": work.actor.may(P.OVERVIEW_READ, place or home_locality(work)),
    }
    page = frame(request, work, "Theo dõi đôn đốc", crumbs=(HERE,) if context["may_list"] else ())
    return html(request, work, "urging/follow.html", page, **context)


@router.get("/{urging_id}")
@policy(P.URGING_READ)
def show(request: Request, work: WorkGiven, urging_id: UUID) -> Response:
    page, context = _one(request, work, urging_id, Form())
    return html(request, work, "urging/page.html", page, **context)


@router.get("/{urging_id}/ban-in")
@policy(P.URGING_READ)
def show_print(request: Request, work: WorkGiven, urging_id: UUID) -> Response:
    page, context = _one(request, work, urging_id, Form())
    return html(request, work, "urging/print.html", page, **context)


@router.post("/{urging_id}/tra-loi")
@policy(P.URGING_ANSWER)
def answer(request: Request, work: WorkGiven, urging_id: UUID, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        page, context = _one(request, work, urging_id, form)
        return page_text("urging/page.html", page, **context)

    with shown_again(form, again):
        said = form.read(service.UrgingAnswerInput, text=form.value("answer"))
        service.answer_urging(work, urging_id, said)
    return see_other(f"/don-doc/{urging_id}", "Đã gửi trả lời tới Văn phòng.")


def _wanted(form: Form) -> service.UrgingInput:
    is_common = form.value("mode") == "chung"
    prefix = "text."
    texts = {
        name.removeprefix(prefix): form.value(name).replace("\r\n", "\n")
        for name in form.values
        if name.startswith(prefix)
    }
    after = form.value("step_up_after").strip()
    return form.read(
        service.UrgingInput,
        assignments=form.all("viec"),
        submissions=form.all("so-lieu"),
        channel=form.value("channel") or "app",
        answer_by=read_day(form, "answer_by"),
        step_up_after=after or None,
        text=form.value("common").replace("\r\n", "\n") if is_common else None,
        texts={} if is_common else texts,
        repeat=bool(form.value("repeat")),
    )


def _new(work: Work, of_work: list[UUID], figures: list[UUID], form: Form) -> dict[str, Any]:
    answer_by = working_days_after(work.today, DAYS_TO_ANSWER)
    drafts = draft_urgings(work, of_work, figures)
    return {
        "drafts": drafts,
        "asked": len({*of_work, *figures}),
        "common": COMMON_TEXT,
        "channels": tuple(LABELS["urging_channel"].items()),
        "boxes": day_boxes(form, "answer_by", answer_by),
        "is_repeated": any(draft.urged_today for draft in drafts),
        "today": work.today,
        "form": form,
    }


def _one(request: Request, work: Work, urging_id: UUID, form: Form) -> tuple[Page, dict[str, Any]]:
    seen = get_urging(work, urging_id)
    about = [(row, _may_open(work, seen.locality_id, row)) for row in rows_of_urging(work, urging_id)]
    back = (HERE, Crumb("Theo dõi đôn đốc", "/don-doc/theo-doi"))
    may_list = work.actor.may(P.OVERVIEW_READ, seen.locality_id)
    page = frame(request, work, f"Đôn đốc {seen.about}", crumbs=back if may_list else back[1:])
    context = {
        "seen": seen,
        "about": about,
        "actions": urging_actions(work, seen),
        "timeline": timeline_of(work, [urging_id]),
        "today": work.today,
        "form": form,
    }
    return page, context


def _may_open(work: Work, locality_id: UUID, row: Any) -> bool:
    permission = P.ASSIGNMENT_READ if row.kind == "assignment" else P.SUBMISSION_READ
    return work.actor.may(permission, locality_id, row.unit_id)


def _new_frame(request: Request, work: Work) -> Page:
    return frame(request, work, "Soạn đôn đốc", crumbs=(HERE,))


def _place(work: Work, asked: UUID | None) -> UUID | None:
    """The locality asked for, else the actor's own; None, which is all of them, for who reads several."""
    read = work.actor.localities_with(P.URGING_READ)
    if asked is not None and asked not in read:
        raise NotFound
    home = home_locality(work)
    is_one = len(read) < 2 or work.actor.may(P.URGING_WRITE, home)
    return asked or (home if is_one else None)


def _localities(work: Work) -> dict[UUID, str]:
    """What may be chosen from; empty where there is one only."""
    read = work.actor.localities_with(P.URGING_READ)
    return {row.id: row.name for row in list_localities(work) if row.id in read} if len(read) > 1 else {}


def _choices(work: Work, locality_id: UUID | None) -> dict[str, Any]:
    ages = [(code, words) for code, (_, words) in AGE_WORDS.items()]
    kinds = [(code, words) for code, (_, words) in KINDS.items()]
    if locality_id is None:
        return {"plans": [], "units": [], "periods": [], "kinds": kinds, "ages": ages}
    running = list_plans(work, locality_id=locality_id, states=("issued",))
    return {
        "plans": [(plan.id, f"{plan.code} {plan.title}") for plan in running],
        "units": _units(work, locality_id),
        "periods": [(period.id, period.name) for period in open_periods(work, locality_id)],
        "kinds": kinds,
        "ages": ages,
    }


def _units(work: Work, locality_id: UUID | None) -> list[tuple[UUID, str]]:
    """None where several localities are shown: one is chosen first."""
    if locality_id is None:
        return []
    found = list_units(work, locality_id=locality_id, is_group=False, limit=500)
    return sorted(((unit.id, unit.name) for unit in found), key=lambda unit: unit[1])


def _keys(form: Form, name: str) -> list[UUID]:
    """The keys among what was sent; the service has already said what it thinks of others."""
    read: Callable[[str], UUID | None] = _key_or_none
    return [key for value in form.all(name) if (key := read(value)) is not None]


def _key_or_none(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _cursor(row: OwedRow) -> str:
    return f"{row.due_on or ''}_{row.id}"


def _after(cursor: str) -> tuple[date | None, UUID] | None:
    """From an address that may have been tampered with: whatever is no cursor begins at the first page."""
    day, _, key = cursor.partition("_")
    try:
        return (date.fromisoformat(day) if day else None, UUID(key)) if key else None
    except ValueError:
        return None
