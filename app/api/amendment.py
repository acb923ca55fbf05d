"""Beneath /plans: a draft that takes the place of a plan. Its text beside the old one, and what becomes of old work."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.replies import IfMatch, reply
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models import Passage
from app.permissions import Permission as P
from app.services import amendment as service
from app.services.amendment_proposal import NewClause, OldWork
from app.services.clause_diff import ClauseChange, build_clause_diff
from app.services.typed import Nothing
from app.work import Work

router = APIRouter(prefix="/plans", tags=["amendments"], route_class=AnsweredRoute)


class WordsOut(BaseModel):
    """`mark`: same, removed (only in the old text) or added (only in the new)."""

    mark: str
    text: str


class ClauseRef(BaseModel):
    """A clause; `key` names it on its plan's page."""

    passage: UUID
    path: str
    key: str
    text: str


class ClauseChangeOut(BaseModel):
    """`kind`: same, changed, moved, removed (no `new`) or added (no `old`); `likeness` 0 to 100."""

    kind: str
    old: ClauseRef | None
    new: ClauseRef | None
    words: list[WordsOut]
    likeness: int


class ClauseDiffOut(BaseModel):
    """In the order of the new text; removed clauses where they stood."""

    plan: UUID
    amends: UUID
    counts: dict[str, int]
    items: list[ClauseChangeOut]


class NewClauseOut(BaseModel):
    """A candidate of the new document; `is_in_plan` once it is accepted."""

    candidate: UUID
    text: str
    organisation: str | None
    path: str
    is_in_plan: bool


class ProposalOut(BaseModel):
    """`score` 0 to 100: how alike the two sentences are."""

    outcome: str
    clause: NewClauseOut | None
    score: int


class MappingOut(BaseModel):
    """One old task or indicator (`id`). `running` rows would move, `waiting` of them have a report the office has not
    decided on, `done` stay. `outcome` is null and `version` 0 until a person decided; send the version as If-Match."""

    id: UUID
    version: int
    code: str
    title: str
    text: str
    organisation: str | None
    due_on: date | None
    running: int
    waiting: int
    done: int
    outcome: str | None
    clause: NewClauseOut | None
    reason: str | None
    is_settled: bool
    proposal: ProposalOut


class MappingPage(BaseModel):
    """`unsettled`: how many still keep the draft from being issued."""

    items: list[MappingOut]
    unsettled: int
    next: str | None


class AcceptedOut(BaseModel):
    accepted: int
    unsettled: int


class AmendedOut(BaseModel):
    plan: UUID
    version: int
    amends: UUID | None


@router.get(
    "/{plan_id}/clause-diff",
    operation_id="get_clause_diff",
    summary="A plan's text beside that of the plan it amends",
    response_model=ClauseDiffOut,
)
@policy(P.PLAN_READ)
def clause_diff(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    seen = build_clause_diff(work, plan_id)
    out = {
        "plan": seen.plan.id,
        "amends": seen.before.id,
        "counts": seen.counts,
        "items": [_change(one) for one in seen.changes],
    }
    return reply(request, out)


@router.put(
    "/{plan_id}/amended-plan",
    operation_id="set_amended_plan",
    summary="Say which plan a draft takes the place of, or that it takes none's",
    response_model=AmendedOut,
)
@policy(P.CANDIDATE_DECIDE)
def amended_plan(
    request: Request, work: WorkGiven, plan_id: UUID, given: service.AmendedInput, version: IfMatch
) -> Response:
    draft = service.set_amended_plan(work, plan_id, given, version)
    out = {"plan": draft.id, "version": draft.version, "amends": draft.amends_id}
    return reply(request, out, version=draft.version)


@router.get(
    "/{plan_id}/task-mappings",
    operation_id="list_task_mappings",
    summary="What becomes of each old task: decided, or proposed",
    response_model=MappingPage,
)
@policy(P.DOCUMENT_READ)
def tasks(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    return reply(request, _page(work, plan_id, "task"))


@router.patch(
    "/{plan_id}/task-mappings/{task_id}",
    operation_id="decide_task_mapping",
    summary="Decide what becomes of an old task",
    response_model=MappingOut,
)
@policy(P.CANDIDATE_DECIDE)
def decide_task(
    request: Request,
    work: WorkGiven,
    plan_id: UUID,
    task_id: UUID,
    given: service.AmendmentInput,
    version: IfMatch,
) -> Response:
    row = service.decide_old_work(work, plan_id, "task", task_id, given, version)
    return reply(request, _one(work, plan_id, "task", task_id), version=row.version)


@router.post(
    "/{plan_id}/task-mappings/acceptances",
    operation_id="accept_kept_tasks",
    summary="Take every proposal that a task goes on unchanged",
    status_code=201,
    response_model=AcceptedOut,
)
@policy(P.CANDIDATE_DECIDE)
def accept_tasks(request: Request, work: WorkGiven, plan_id: UUID, body: Nothing | None = None) -> Response:
    return reply(request, _accepted(work, plan_id, "task"), status=201)


@router.get(
    "/{plan_id}/indicator-mappings",
    operation_id="list_indicator_mappings",
    summary="What becomes of each old indicator: decided, or proposed",
    response_model=MappingPage,
)
@policy(P.DOCUMENT_READ)
def indicators(request: Request, work: WorkGiven, plan_id: UUID) -> Response:
    return reply(request, _page(work, plan_id, "indicator"))


@router.patch(
    "/{plan_id}/indicator-mappings/{indicator_id}",
    operation_id="decide_indicator_mapping",
    summary="Decide what becomes of an old indicator",
    response_model=MappingOut,
)
@policy(P.CANDIDATE_DECIDE)
def decide_indicator(
    request: Request,
    work: WorkGiven,
    plan_id: UUID,
    indicator_id: UUID,
    given: service.AmendmentInput,
    version: IfMatch,
) -> Response:
    row = service.decide_old_work(work, plan_id, "indicator", indicator_id, given, version)
    return reply(request, _one(work, plan_id, "indicator", indicator_id), version=row.version)


@router.post(
    "/{plan_id}/indicator-mappings/acceptances",
    operation_id="accept_kept_indicators",
    summary="Take every proposal that an indicator goes on unchanged",
    status_code=201,
    response_model=AcceptedOut,
)
@policy(P.CANDIDATE_DECIDE)
def accept_indicators(
    request: Request, work: WorkGiven, plan_id: UUID, body: Nothing | None = None
) -> Response:
    return reply(request, _accepted(work, plan_id, "indicator"), status=201)


def _page(work: Work, plan_id: UUID, kind: service.Kind) -> dict[str, Any]:
    rows = service.list_old_work(work, plan_id, kind)
    return {"items": [_old(row) for row in rows], "unsettled": _unsettled(rows), "next": None}


def _one(work: Work, plan_id: UUID, kind: service.Kind, key: UUID) -> dict[str, Any]:
    return next(_old(row) for row in service.list_old_work(work, plan_id, kind) if row.id == key)


def _accepted(work: Work, plan_id: UUID, kind: service.Kind) -> dict[str, Any]:
    accepted = service.accept_kept(work, plan_id, kind)
    return {"accepted": accepted, "unsettled": _unsettled(service.list_old_work(work, plan_id, kind))}


def _unsettled(rows: list[OldWork]) -> int:
    return sum(not row.is_settled for row in rows)


def _old(row: OldWork) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "code": row.code,
        "title": row.title,
        "text": row.text,
        "organisation": row.organisation,
        "due_on": row.due_on,
        "running": row.running,
        "waiting": row.waiting,
        "done": row.done,
        "outcome": row.outcome or None,
        "clause": _clause(row.clause),
        "reason": row.reason or None,
        "is_settled": row.is_settled,
        "proposal": {
            "outcome": row.proposal.outcome,
            "clause": _clause(row.proposal.clause),
            "score": row.proposal.score,
        },
    }


def _clause(clause: NewClause | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    return {
        "candidate": clause.id,
        "text": clause.text,
        "organisation": clause.organisation,
        "path": clause.path,
        "is_in_plan": clause.is_in_plan,
    }


def _change(one: ClauseChange) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "old": _passage(one.old),
        "new": _passage(one.new),
        "words": list(one.words),
        "likeness": one.likeness,
    }


def _passage(row: Passage | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"passage": row.id, "path": row.path, "key": row.key, "text": row.text}
