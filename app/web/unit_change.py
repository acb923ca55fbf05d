"""/don-vi/thay-doi: units merge, are split, renamed or end; what would happen is shown before, what is left after."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator
from sqlmodel import Field

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.permissions import Permission as P
from app.services._scope import home_locality
from app.services.handing_over import RowDecision, RowDecisionsInput, decide_rows
from app.services.typed import Typed
from app.services.unit import UnitInput, get_unit
from app.services.unit_change import UnitChangeInput, change_units
from app.services.unit_change_page import build_change_list, build_change_page, show_holdings
from app.services.unit_page import possible_members
from app.web.days import day_boxes, read_day
from app.web.forms import Form, FormGiven, checked, shown_again
from app.web.labels import label
from app.web.pages import frame, html, page_text, see_other
from app.web.rendering import Crumb
from app.work import Work

# Not `router`: web/unit.py takes it in before its own /don-vi/{unit_id}.
changes_router = APIRouter(prefix="/thay-doi", route_class=AnsweredRoute)
CRUMBS = (Crumb("Đơn vị", "/don-vi"), Crumb("Thay đổi tổ chức", "/don-vi/thay-doi"))
KINDS = ("merge", "split", "rename", "end")
# What a clerk chooses about a row: a successor's id, or one of these.
LATER, CANCEL = "", "huy"


def _chosen(given: Any) -> Any:
    """A select left blank is sent as an empty text."""
    return [key for key in given if key] if isinstance(given, list) else given


Keys = Annotated[list[UUID], BeforeValidator(_chosen), Query(max_length=30)]


@changes_router.get("")
@policy(P.UNIT_READ)
def list_(request: Request, work: WorkGiven, tu: UUID | None = None) -> Response:
    seen = build_change_list(work)
    chosen = get_unit(work, tu) if tu else None
    page = frame(request, work, "Thay đổi tổ chức", crumbs=CRUMBS[:1])
    kinds = [(kind, label("unit_change", kind)) for kind in KINDS]
    return html(request, work, "unit_change/list.html", page, seen=seen, kinds=kinds, chosen=chosen)


@changes_router.get("/them")
@policy(P.UNIT_MANAGE)
def show_add(
    request: Request,
    work: WorkGiven,
    tu: Keys = [],  # noqa: B006 - FastAPI copies it
    thanh: Keys = [],  # noqa: B006
    loai: Annotated[str, Query(pattern="^(merge|split|rename|end)$")] = "merge",
    ten: Annotated[str, Query(max_length=3_000)] = "",
    xem: bool = False,
) -> Response:
    """Who changes into what; once that is said, what would happen."""
    values = {"kind": [loai], "units": [str(key) for key in tu], "successors": [str(key) for key in thanh]}
    values |= {"new_names": _lines(ten), "ten": [ten]}
    form = Form({name: given for name, given in values.items() if given})
    form.error = _missing(form) if xem else None
    is_clear = xem and form.error is None
    template, page = _page(request, work, form, is_clear=is_clear)
    return html(request, work, template, page, **_context(work, form, is_clear))


@changes_router.post("")
@policy(P.UNIT_MANAGE)
def add(request: Request, work: WorkGiven, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        is_clear = form.value("kind") != "rename"
        template, page = _page(request, work, form, is_clear=is_clear)
        return page_text(template, page, **_context(work, form, is_clear))

    if form.value("kind") not in KINDS:
        raise Invalid.field("kind", "Chọn một loại thay đổi rồi gửi lại.")
    _keys(form, "units"), _keys(form, "successors")  # what is shown again rests on them
    with shown_again(form, again):
        place = home_locality(work)
        change = change_units(work, _read(work, form), place)
    return see_other(f"/don-vi/thay-doi/{change.id}", f"Đã ghi: {label('unit_change', change.kind).lower()}.")


@changes_router.get("/{change_id}")
@policy(P.UNIT_READ)
def show(request: Request, work: WorkGiven, change_id: UUID) -> Response:
    template, page, context = _change_page(request, work, change_id, Form())
    return html(request, work, template, page, **context)


@changes_router.post("/{change_id}/quyet-dinh")
@policy(P.ASSIGNMENT_DECIDE)
def decide(request: Request, work: WorkGiven, change_id: UUID, form: FormGiven) -> Response:
    def again(work: Work, form: Form) -> str:
        template, page, context = _change_page(request, work, change_id, form)
        return page_text(template, page, **context)

    with shown_again(form, again):
        done = decide_rows(work, change_id, _decisions(form))
    left = f"; còn {done.waiting} việc chờ quyết định" if done.waiting else ""
    said = f"Đã chuyển {done.handed_over} việc, hủy {done.cancelled} việc{left}."
    return see_other(f"/don-vi/thay-doi/{change_id}", said)


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _missing(form: Form) -> Invalid | None:
    kind = form.value("kind")
    if not form.all("units"):
        return Invalid.field("tu", "Chọn đơn vị thay đổi.")
    going_on = len([key for key in form.all("successors") if key]) + len(form.all("new_names"))
    if kind == "merge" and going_on != 1:
        return Invalid.field("thanh", "Chọn một đơn vị đã có, hoặc nhập tên một đơn vị mới (không cả hai).")
    if kind == "split" and going_on < 2:
        return Invalid.field("ten", "Nêu ít nhất hai đơn vị kế tiếp: tên mới, đơn vị đã có, hoặc cả hai.")
    return None


def _page(request: Request, work: Work, form: Form, *, is_clear: bool) -> tuple[str, Any]:
    title = label("unit_change", form.value("kind"))
    template = "unit_change/confirm.html" if is_clear else "unit_change/choose.html"
    return template, frame(request, work, title, crumbs=CRUMBS)


def _context(work: Work, form: Form, is_clear: bool) -> dict[str, Any]:
    place = home_locality(work)
    work.require(P.UNIT_MANAGE, place)
    shared = {
        "form": form,
        "kind": form.value("kind"),
        "effective_on": day_boxes(form, "effective_on", work.today),
    }
    if not is_clear:
        return shared | {"units": [(unit.id, unit.name) for unit in possible_members(work, place)]}
    going_on = [get_unit(work, key).name for key in _keys(form, "successors")] + form.all("new_names")
    return shared | {
        "held": show_holdings(work, _keys(form, "units")),
        "going_on": list(enumerate(going_on)),
        "was_posted": form.error is not None,
    }


class _Keys(Typed):
    keys: list[UUID] = Field(max_length=30)


def _keys(form: Form, name: str) -> list[UUID]:
    return checked(_Keys, {"keys": [text for text in form.all(name) if text]}).keys


def _read(work: Work, form: Form) -> UnitChangeInput:
    units = _keys(form, "units")
    kind = get_unit(work, units[0]).kind if units else "division"
    new_units = [checked(UnitInput, {"name": name, "kind": kind}) for name in form.all("new_names")]
    typed = {name: form.value(name) for name in ("name", "short_name", "basis", "note")}
    return checked(
        UnitChangeInput,
        {
            "kind": form.value("kind"),
            "units": units,
            "successors": _keys(form, "successors"),
            "new_units": [one.model_dump(exclude_unset=True) for one in new_units],
            "effective_on": read_day(form, "effective_on"),
            "choices": _choices(form),
            **{name: text for name, text in typed.items() if text.strip()},
        },
    )


def _choices(form: Form) -> dict[str, int | None]:
    """A tick passes a thing to the one successor; where there are several, each thing has a list of its own."""
    passed = set(form.all("pass"))
    chosen: dict[str, int | None] = {key: 0 if key in passed else None for key in form.all("items")}
    for name, values in form.values.items():
        if name.startswith("to-") and values[0] != "all":
            chosen[name.removeprefix("to-")] = int(values[0]) if values[0].isdecimal() else None
    return chosen


def _change_page(
    request: Request, work: Work, change_id: UUID, form: Form
) -> tuple[str, Any, dict[str, Any]]:
    seen = build_change_page(work, change_id)
    change = seen.seen.change
    title = f"{label('unit_change', change.kind)} {', '.join(unit.name for unit in seen.seen.before)}"
    context = {"change": seen, "form": form, "targets": _targets(seen.seen.after)}
    return "unit_change/page.html", frame(request, work, title, crumbs=CRUMBS), context


def _targets(units: Sequence[Any]) -> dict[UUID, str]:
    return {unit.id: unit.name for unit in units}


def _decisions(form: Form) -> RowDecisionsInput:
    """One button does what is proposed; the other what was chosen for each row."""
    if form.value("all"):
        return RowDecisionsInput(as_proposed=True)
    reason = form.value("reason")
    decided = []
    for name, values in form.values.items():
        if name.startswith("row-") and values[0] != LATER:
            row = name.removeprefix("row-")
            if values[0] == CANCEL and not reason:
                raise Invalid.field("reason", "Nêu lý do hủy việc.")
            what = {"cancel": reason} if values[0] == CANCEL else {"hand_to": values[0]}
            decided.append(checked(RowDecision, {"row": row, **what}))
    if not decided:
        raise Invalid.field("rows", "Chưa chọn gì cho việc nào. Chọn đơn vị nhận hoặc hủy ở từng việc.")
    return RowDecisionsInput(decisions=decided)
