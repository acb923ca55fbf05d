"""/de-xuat/{id}: one candidate of the workbench, decided without leaving the page."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.candidate import decide_candidate, get_candidate
from app.services.candidate_view import CandidateView, view_candidate
from app.services.workbench import build_edit_options, build_unit_group
from app.web.candidate_form import due_parts, party_value, party_values, read_decision
from app.web.forms import Form, FormGiven, new_form_key, shown_again
from app.web.labels import LABELS
from app.web.pages import fragment, frame, html, is_htmx, page_text, see_other
from app.web.rendering import Crumb, Page, render
from app.web.versions import version_in
from app.web.workbench import CHANGED
from app.work import Work

router = APIRouter(prefix="/de-xuat/{candidate_id}", route_class=AnsweredRoute)
CHOICES = {
    "unit_kinds": tuple(kind for kind in LABELS["unit_kind"].items() if kind[0] != "group"),
    "task_kinds": tuple(LABELS["task_kind"].items()),
    "cycles": tuple(LABELS["cycle"].items()),
    "roles": tuple(LABELS["responsibility"].items()),
    "modes": tuple(LABELS["mode"].items()),
    "completions": tuple(LABELS["completion"].items()),
    "measures": tuple(LABELS["measure"].items()),
    "comparators": tuple(LABELS["comparator"].items()),
    "directions": tuple(LABELS["direction"].items()),
}


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
        return see_other(f"/van-ban/{row.document_id}#de-xuat-{row.id}", "Đã ghi quyết định.")
    return HTMLResponse(_card(work, candidate_id, Form(), form.value("action")), headers=CHANGED)


def _card(work: Work, candidate_id: UUID, form: Form, action: str = "") -> str:
    """The candidate alone; a unit that goes takes its duties along, so they come with it."""
    view, keeper = view_candidate(work, candidate_id), str(work.actor.account_id)
    context = {"form": form, "keeper": keeper, "form_key": new_form_key()}
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
        "keeper": str(work.actor.account_id),
        **_chosen(view, typed),
        **CHOICES,
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


def _edit_frame(request: Request, work: Work, candidate_id: UUID) -> Page:
    row = get_candidate(work, candidate_id)
    crumbs = (
        Crumb("Tiếp nhận văn bản", "/van-ban"),
        Crumb("Rà soát", f"/van-ban/{row.document_id}#de-xuat-{row.id}"),
    )
    return frame(request, work, "Sửa đề xuất", crumbs=crumbs)
