"""Beneath /documents and /candidates: splitting, merging, deciding several at once, taking one's own steps back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.candidate import CandidateOut, candidate_out
from app.api.replies import IfMatch, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Candidate, DecisionStep
from app.permissions import Permission as P
from app.services.candidate import get_candidate
from app.services.candidate_bulk import Bulk, BulkInput, decide_several
from app.services.candidate_pieces import (
    MergeInput,
    SplitInput,
    merge_candidates,
    pieces_of,
    split_candidate,
)
from app.services.candidate_step import StepUndoInput, list_own_steps, undo_step
from app.services.candidate_view import view_candidates
from app.services.document import get_document, list_passages, plan_of
from app.work import Work

router = APIRouter(tags=["candidates"], route_class=AnsweredRoute)


class PiecesOut(BaseModel):
    """Texts: the candidate's own, cut at sentences and semicolons."""

    pieces: list[str]


class CandidatesOut(BaseModel):
    items: list[CandidateOut]


class ItemOut(BaseModel):
    """What became of one candidate: `status` 200, or why it was left as it is."""

    candidate: UUID
    status: int
    state: str
    version: int
    code: str | None
    message: str | None


class BulkOut(BaseModel):
    """One item for each candidate asked for."""

    done: int
    items: list[ItemOut]


class StepOut(BaseModel):
    """One's own act: `count` candidates or clauses were changed."""

    id: UUID
    action: str
    count: int
    taken_at: datetime


class StepList(BaseModel):
    """Newest first; at most the 30 newest that still stand."""

    items: list[StepOut]


class UndoneOut(BaseModel):
    """`changed`: things that are again what they were; `left`: those somebody changed since, kept as they are."""

    step: UUID
    action: str
    changed: int
    left: int


@router.get(
    "/candidates/{candidate_id}/pieces",
    operation_id="propose_pieces",
    summary="Where a candidate could be cut",
    response_model=PiecesOut,
)
@policy(P.DOCUMENT_READ)
def pieces(request: Request, work: WorkGiven, candidate_id: UUID) -> Response:
    return reply(request, {"pieces": pieces_of(work, candidate_id)})


@router.post(
    "/candidates/{candidate_id}/splits",
    operation_id="split_candidate",
    summary="Split into several, each to be decided",
    status_code=201,
    response_model=CandidatesOut,
)
@policy(P.CANDIDATE_DECIDE)
def split(
    request: Request, work: WorkGiven, candidate_id: UUID, given: SplitInput, version: IfMatch
) -> Response:
    known = version if version is not None else get_candidate(work, candidate_id).version
    made = split_candidate(work, candidate_id, known, given)
    return reply(request, {"items": _outs(work, made)}, status=201)


@router.post(
    "/documents/{document_id}/merges",
    operation_id="merge_candidates",
    summary="Merge several candidates into one",
    status_code=201,
    response_model=CandidateOut,
)
@policy(P.CANDIDATE_DECIDE)
def merge(request: Request, work: WorkGiven, document_id: UUID, given: MergeInput) -> Response:
    made = merge_candidates(work, document_id, given)
    [out] = _outs(work, [made])
    return reply(request, out, status=201, version=made.version, location=f"/api/v1/candidates/{made.id}")


@router.post(
    "/documents/{document_id}/decisions",
    operation_id="decide_candidates",
    summary="Accept, reject or fill in several at once",
    status_code=207,
    response_model=BulkOut,
)
@policy(P.CANDIDATE_DECIDE)
def decide_many(request: Request, work: WorkGiven, document_id: UUID, given: BulkInput) -> Response:
    return reply(request, _bulk(decide_several(work, document_id, given)), status=207)


@router.get(
    "/documents/{document_id}/steps",
    operation_id="list_steps",
    summary="One's own steps of deciding that can be taken back",
    response_model=StepList,
)
@policy(P.DOCUMENT_READ)
def steps(request: Request, work: WorkGiven, document_id: UUID) -> Response:
    return reply(request, {"items": [_step(step) for step in list_own_steps(work, document_id)]})


@router.post(
    "/documents/{document_id}/step-undos",
    operation_id="undo_step",
    summary="Take back one's own last step, or a named one",
    status_code=201,
    response_model=UndoneOut,
)
@policy(P.CANDIDATE_DECIDE)
def undo(
    request: Request, work: WorkGiven, document_id: UUID, given: StepUndoInput | None = None
) -> Response:
    undone = undo_step(work, document_id, given or StepUndoInput())
    out = {name: getattr(undone, name) for name in UndoneOut.model_fields}
    return reply(request, out, status=201)


def _outs(work: Work, rows: list[Candidate]) -> list[dict[str, Any]]:
    document_id = rows[0].document_id
    document, plan = get_document(work, document_id), plan_of(work, document_id)
    views = view_candidates(work, document, plan, rows, list_passages(work, document_id))
    return [candidate_out(view) for view in views]


def _bulk(made: Bulk) -> dict[str, Any]:
    done = [_item(row, 200, None, None) for row in made.done]
    left = [_item(one.candidate, one.error.status, one.error.code, one.error.message) for one in made.left]
    return {"done": len(done), "items": done + left}


def _item(row: Candidate, status: int, code: str | None, message: str | None) -> dict[str, Any]:
    return {
        "candidate": row.id,
        "status": status,
        "state": row.state,
        "version": row.version,
        "code": code,
        "message": message,
    }


def _step(step: DecisionStep) -> dict[str, Any]:
    return {name: getattr(step, name) for name in StepOut.model_fields}
