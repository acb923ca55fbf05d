"""/de-xuat/{id}: one candidate of the workbench, decided without leaving the page."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid, Stale
from app.models import Account
from app.permissions import Permission as P
from app.services.candidate import decide_candidate, get_candidate, take_back_making
from app.services.candidate_options import build_edit_options
from app.services.candidate_pieces import SplitInput, pieces_of, split_candidate
from app.services.candidate_view import CandidateView, view_candidate
from app.services.workbench import build_unit_group
from app.web.candidate_form import CHOICES, due_parts, party_value, party_values, read_decision
from app.web.forms import Form, FormGiven, checked, new_form_key, shown_again
from app.web.pages import fragment, frame, html, is_htmx, page_text, see_other
from app.web.rendering import Crumb, Page, render
from app.web.versions import version_in
from app.web.workbench import CHANGED, back_to
from app.work import Work

router = APIRouter(prefix="/de-xuat/{candidate_id}", route_class=AnsweredRoute)


@router.get("")
@policy(P.DOCUMENT_READ)
def show(request: Request, work: WorkGiven, candidate_id: UUID) -> Response:
    row = get_candidate(work, candidate_id)
    if is_htmx(request):
        return HTMLResponse(_card(work, candidate_id, Form()))
    return see_other(f"/van-ban/{row.document_id}#de-xuat-{row.id}")


@router.get("/sua")
@policy(P.DOCUMENT_READ)
def edit(request: Request, work: WorkGiven, candidate_id: UUID) -> Response:
    context = _edit_context(work, candidate_id, Form())
    if is_htmx(request):
        return fragment("document/_edit.html", **context)
    return html(request, work, "document/edit.html", _edit_frame(request, work, candidate_id), **context)


@router.post("")
@policy(P.CANDIDATE_DECIDE)
def decide(request: Request, work: WorkGiven, candidate_id: UUID, form: FormGiven) -> Response:
    row = get_candidate(work, candidate_id)
    with shown_again(form, _again(request, candidate_id)):
        decide_candidate(work, candidate_id, version_in(form), read_decision(form, row.kind))
    if not is_htmx(request):
        return see_other(back_to(request, row.document_id, f"de-xuat-{row.id}"), "Đã ghi quyết định.")
    return HTMLResponse(_card(work, candidate_id, Form(), form.value("action")), headers=CHANGED)


@router.get("/tach")
@policy(P.DOCUMENT_READ)
def before_split(request: Request, work: WorkGiven, candidate_id: UUID) -> Response:
    context = _split_context(work, candidate_id, Form())
    if is_htmx(request):
        return fragment("document/_split.html", **context)
    page = _edit_frame(request, work, candidate_id, "Tách đề xuất")
    return html(request, work, "document/split.html", page, **context)


@router.post("/tach")
@policy(P.CANDIDATE_DECIDE)
def split(request: Request, work: WorkGiven, candidate_id: UUID, form: FormGiven) -> Response:
    pieces = [line.strip() for line in form.value("pieces").splitlines() if line.strip()]
    with shown_again(form, _split_again(request, candidate_id)):
        if len(pieces) < 2:
            raise Invalid.field("pieces", "Tách thành ít nhất hai phần, mỗi phần một dòng.")
        given = checked(SplitInput, {"pieces": pieces})
        made = split_candidate(work, candidate_id, version_in(form), given)
    address = back_to(request, made[0].document_id, f"de-xuat-{made[0].id}")
    return see_other(address, f"Đã tách thành {len(made)} đề xuất. Xem và nhận từng phần.")


@router.post("/nhap-lai")
@policy(P.CANDIDATE_DECIDE)
def stand_again(request: Request, work: WorkGiven, candidate_id: UUID, form: FormGiven) -> Response:
    """Take back the split or the merge that made this one."""
    with shown_again(form, _split_again(request, candidate_id)):
        origin = take_back_making(work, candidate_id)
    address = back_to(request, origin.document_id, f"de-xuat-{origin.id}")
    return see_other(address, "Đã trở lại như trước khi tách, gộp.")


def _split_context(work: Work, candidate_id: UUID, form: Form) -> dict[str, object]:
    view = view_candidate(work, candidate_id)
    return {
        "view": view,
        "pieces": form.value("pieces", "\n".join(pieces_of(work, candidate_id))),
        "form": form,
        "keeper": str(work.actor.account_id),
    }


def _split_again(request: Request, candidate_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        context = _split_context(work, candidate_id, form)
        page = _edit_frame(request, work, candidate_id, "Tách đề xuất")
        return page_text("document/split.html", page, **context)

    return show_filled_in


def _card(work: Work, candidate_id: UUID, form: Form, action: str = "") -> str:
    """The candidate alone; a unit that goes takes its duties along, so they come with it."""
    view, keeper = view_candidate(work, candidate_id), str(work.actor.account_id)
    context = {"card_form": form, "chosen": (), "keeper": keeper, "form_key": new_form_key()}
    if view.row.kind == "unit" and action in ("reject", "undo"):
        return render("document/_unit.html", group=build_unit_group(work, candidate_id), **context)
    return render("document/_candidate.html", view=view, **context)


def _again(request: Request, candidate_id: UUID) -> Callable[[Work, Form], str]:
    def show_filled_in(work: Work, form: Form) -> str:
        if is_htmx(request) and form.value("action") != "edit":
            return _card(work, candidate_id, Form(error=form.error), form.value("action"))
        context = _edit_context(work, candidate_id, form)
        if is_htmx(request):
            return render("document/_edit.html", form_key=new_form_key(), **context)
        return page_text("document/edit.html", _edit_frame(request, work, candidate_id), **context)

    return show_filled_in


def _edit_context(work: Work, candidate_id: UUID, form: Form) -> dict[str, object]:
    view = view_candidate(work, candidate_id)
    typed = form if form.value("action") == "edit" else Form(error=form.error)
    return {
        "view": view,
        "options": build_edit_options(work, view),
        "form": typed,
        "theirs": _theirs(work, view) if isinstance(form.error, Stale) else None,
        "keeper": str(work.actor.account_id),
        **_chosen(view, typed),
        **CHOICES,
    }


def _theirs(work: Work, view: CandidateView) -> dict[str, object]:
    """What somebody else saved meanwhile, to be shown beside what was typed."""
    row = view.row
    person = work.session.get(Account, row.decided_by_id) if row.decided_by_id else None
    return {
        "name": person.name if person else "",
        "at": row.decided_at,
        "state": row.state,
        "fields": view.fields,
    }


def _chosen(view: CandidateView, form: Form) -> dict[str, object]:
    """What the boxes of several choices and of three parts show: what was typed, else what is decided."""
    fields = view.fields
    several = {
        "cooperate": party_values(fields.get("cooperate", [])),
        "owners": party_values(fields.get("owners", [])),
        "member_unit_ids": [str(key) for key in fields.get("member_unit_ids", [])],
    }
    if form.was_sent:
        several = {name: form.all(name) for name in several}
        parts = tuple(form.value(f"due_on_{part}") for part in ("day", "month", "year"))
        return several | {"due": parts, "lead": form.value("lead")}
    return several | {"due": due_parts(fields.get("due_on")), "lead": party_value(fields.get("lead"))}


def _edit_frame(request: Request, work: Work, candidate_id: UUID, title: str = "Sửa đề xuất") -> Page:
    row = get_candidate(work, candidate_id)
    crumbs = (
        Crumb("Tiếp nhận văn bản", "/van-ban"),
        Crumb("Rà soát", f"/van-ban/{row.document_id}#de-xuat-{row.id}"),
    )
    return frame(request, work, title, crumbs=crumbs)
