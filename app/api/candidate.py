"""/candidates: what was read in a document and waits for a person's decision."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models.document import CANDIDATE_KINDS, CANDIDATE_STATES
from app.permissions import Permission as P
from app.services import candidate as service
from app.services.candidate_view import CandidateView, view_candidate, view_candidates
from app.services.document import get_document, list_passages, plan_of
from app.services.typed import states_given

router = APIRouter(tags=["candidates"], route_class=AnsweredRoute)


class PassageBrief(BaseModel):
    id: UUID
    key: str
    path: str


class MatchOut(BaseModel):
    """A unit that may be meant; only an exact name is matched without being asked."""

    unit: UUID
    name: str
    score: int
    is_exact: bool
    is_group: bool


class CandidateOut(BaseModel):
    """`reading` is what was read and never changes; `fields` what accepting makes, or what was decided. `made_of`:
    the candidates it was split off or merged from; `through`: whom its words send reports through."""

    id: UUID
    version: int
    document: UUID
    passage: PassageBrief
    parent: UUID | None
    kind: str
    state: str
    reading: dict[str, Any]
    fields: dict[str, Any]
    unit: UUID | None
    matches: list[MatchOut]
    warnings: list[dict[str, Any]]
    through: str | None
    made_of: list[UUID]
    decided_at: datetime | None
    allowed_actions: list[str]


class CandidatePage(BaseModel):
    items: list[CandidateOut]
    next: str | None


class AcceptanceOut(BaseModel):
    """How many were accepted, and how many still wait in the whole document."""

    accepted: int
    pending: int


@router.get(
    "/documents/{document_id}/candidates",
    operation_id="list_candidates",
    summary="What was read in a document",
    response_model=CandidatePage,
)
@policy(P.DOCUMENT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    document_id: UUID,
    kind: Annotated[str | None, Query(description="Comma-separated kinds.", max_length=100)] = None,
    state: Annotated[str | None, Query(description="Comma-separated states.", max_length=100)] = None,
    unit: Annotated[
        UUID | None, Query(description="An organisation of the document, with its duties.")
    ] = None,
    warning: Annotated[str | None, Query(description="Code of a warning.", max_length=60)] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    rows = service.list_candidates(
        work,
        document_id,
        kinds=states_given(kind, CANDIDATE_KINDS),
        states=states_given(state, CANDIDATE_STATES),
        unit_id=unit,
        after=_after(cursor),
        limit=None if warning else limit + 1,  # some warnings are known only once a candidate is seen
    )
    document, plan = get_document(work, document_id), plan_of(work, document_id)
    views = view_candidates(work, document, plan, rows, list_passages(work, document_id))
    if warning:
        views = tuple(view for view in views if any(w["code"] == warning for w in view.warnings))
    page = page_of(views, limit, lambda view: service.place_of(view.row))
    return reply(request, page | {"items": [candidate_out(view) for view in page["items"]]})


def _after(cursor: str | None) -> tuple[int, str, int] | None:
    read = from_cursor(cursor, int, str, int)
    return None if read is None else (read[0], read[1], read[2])


@router.get(
    "/candidates/{candidate_id}",
    operation_id="get_candidate",
    summary="One candidate",
    response_model=CandidateOut,
)
@policy(P.DOCUMENT_READ)
def get(request: Request, work: WorkGiven, candidate_id: UUID) -> Response:
    view = view_candidate(work, candidate_id)
    return reply(request, candidate_out(view))


@router.post(
    "/candidates/{candidate_id}/decisions",
    operation_id="decide_candidate",
    summary="Accept, edit, reject or undo",
    status_code=201,
    response_model=CandidateOut,
)
@policy(P.CANDIDATE_DECIDE)
def decide(
    request: Request,
    work: WorkGiven,
    candidate_id: UUID,
    given: service.DecisionInput,
    version: IfMatch,
) -> Response:
    known = version if version is not None else service.get_candidate(work, candidate_id).version
    row = service.decide_candidate(work, candidate_id, known, given)
    return reply(request, candidate_out(view_candidate(work, candidate_id)), status=201, version=row.version)


@router.post(
    "/documents/{document_id}/acceptances",
    operation_id="accept_candidates",
    summary="Accept what is pending as it was read",
    status_code=201,
    response_model=AcceptanceOut,
)
@policy(P.CANDIDATE_DECIDE)
def accept(
    request: Request,
    work: WorkGiven,
    document_id: UUID,
    wanted: service.AcceptanceInput | None = None,
) -> Response:
    accepted = service.accept_all(work, document_id, wanted or service.AcceptanceInput())
    pending = len(service.list_candidates(work, document_id, states=("pending",)))
    return reply(request, {"accepted": accepted, "pending": pending}, status=201)


def candidate_out(view: CandidateView) -> dict[str, Any]:
    row = view.row
    return {
        "id": row.id,
        "version": row.version,
        "document": row.document_id,
        "passage": {"id": view.passage.id, "key": view.passage.key, "path": view.passage.path},
        "parent": row.parent_id,
        "kind": row.kind,
        "state": row.state,
        "reading": row.reading,
        "fields": view.fields,
        "unit": row.unit_id,
        "matches": [
            {
                "unit": m.unit_id,
                "name": m.name,
                "score": m.score,
                "is_exact": m.is_exact,
                "is_group": m.is_group,
            }
            for m in view.matches
        ],
        "warnings": view.warnings,
        "through": view.through,
        "made_of": row.made_of or [],
        "decided_at": row.decided_at,
        "allowed_actions": view.actions,
    }
