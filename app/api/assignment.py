"""/assignments: the rows of boards; reports, confirmations and returns are created beneath them."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.api.timeline import timeline_out
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Stale
from app.models.task import ASSIGNMENT_STATES
from app.permissions import Permission as P
from app.services import assignment as service
from app.services import remark as remarks
from app.services.any_of_group import lock_with_others
from app.services.assignment_list import (
    AssignmentFilter,
    AssignmentRow,
    action_finder,
    allowed_actions,
    count_assignments,
    get_assignment,
    get_assignment_row,
    list_assignments,
    list_reports,
    refused_actions,
)
from app.services.deadlines import is_overdue
from app.services.states import refusals_in
from app.services.typed import Nothing, states_given
from app.services.version_differences import differences_of, report_sent
from app.work import Work

router = APIRouter(prefix="/assignments", tags=["assignments"], route_class=AnsweredRoute)


class TaskBrief(BaseModel):
    id: UUID
    code: str
    title: str
    text: str


class UnitBrief(BaseModel):
    id: UUID
    name: str


class AssignmentOut(BaseModel):
    """One row of a board. `overdue` is computed for today in Vietnam; `period` is a label or null. `due_on` is the
    date in force, `first_due_on` the first one where that was moved, `extension` a request that waits. With
    `needs_evidence` no report of it is confirmed without a file."""

    id: UUID
    version: int
    plan: UUID
    task: TaskBrief
    unit: UnitBrief
    group: UUID | None
    role: str
    mode: str
    period: str | None
    state: str
    state_reason: str | None
    blocked_reason: str | None
    progress: int | None
    due_on: date | None
    first_due_on: date | None
    extended: int
    extension: UUID | None
    reported_on: date | None
    done_on: date | None
    overdue: bool
    needs_evidence: bool
    allowed_actions: list[str]
    refused_actions: dict[str, str]


class WordsOut(BaseModel):
    """A run of words: `same`, `removed` or `added`."""

    mark: str
    text: str


class FieldDifferenceOut(BaseModel):
    name: str
    words: list[WordsOut]


class DifferenceOut(BaseModel):
    """What this version changed against version number `against`, on which the office decided `decision`. No
    `fields`: word for word the same."""

    against: int
    decision: str
    fields: list[FieldDifferenceOut]


class ReportOut(BaseModel):
    """`differences`: against the last version confirmed before it, and the last one returned after that."""

    id: UUID
    number: int
    result: str
    difficulty: str | None
    proposal: str | None
    progress: int | None
    sent_at: str
    sent_by: str | None
    decision: str | None
    reason: str | None
    decided_at: str | None
    carried_from: UUID | None
    differences: list[DifferenceOut]


class TimelineEntryOut(BaseModel):
    at: str
    kind: str
    actor: str
    text: str
    unit: UUID | None = None


class AssignmentDetailOut(AssignmentOut):
    reports: list[ReportOut]
    timeline: list[TimelineEntryOut]


class AssignmentPage(BaseModel):
    items: list[AssignmentOut]
    next: str | None
    count: int | None = None


@router.get("", operation_id="list_assignments", summary="List rows of boards", response_model=AssignmentPage)
@policy(P.ASSIGNMENT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    plan: UUID | None = None,
    task: UUID | None = None,
    unit: UUID | None = None,
    period: Annotated[str | None, Query(max_length=40)] = None,
    state: Annotated[str | None, Query(description="Comma-separated states.", max_length=200)] = None,
    overdue: bool | None = None,
    band: Annotated[
        Literal["week", "month", "quarter", "longer"] | None,
        Query(description="Overdue by 1–7, 8–30, 31–90, over 90 days."),
    ] = None,
    group: UUID | None = None,
    blocked: bool | None = None,
    current: Annotated[bool, Query(description="Only dated rows and those of open periods.")] = False,
    q: Annotated[str, Query(max_length=200)] = "",
    count: bool = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    wanted = AssignmentFilter(
        plan=plan, task=task, unit=unit, period=period, overdue=overdue, band=band, group=group, blocked=blocked,
        current=current, q=q,
        states=states_given(state, ASSIGNMENT_STATES),
    )  # fmt: skip
    after: Any = from_cursor(cursor, date.fromisoformat, UUID)
    rows = list_assignments(work, wanted, after=after, limit=limit + 1)
    total = count_assignments(work, wanted) if count else None
    actions = action_finder(work)
    outs = [_out(work, row, actions(row)) for row in rows]
    return reply(request, page_of(outs, limit, lambda o: (o["due_on"], o["id"]), count=total))


@router.get(
    "/{assignment_id}",
    operation_id="get_assignment",
    summary="One row with its reports and timeline",
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_READ)
def get(request: Request, work: WorkGiven, assignment_id: UUID) -> Response:
    return _detail(request, work, assignment_id)


@router.post(
    "/{assignment_id}/acknowledgements",
    operation_id="acknowledge_assignment",
    summary="The unit has seen it",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_REPORT)
def acknowledge(request: Request, work: WorkGiven, assignment_id: UUID, version: IfMatch) -> Response:
    _check(work, assignment_id, version)
    service.acknowledge_assignment(work, assignment_id)
    return _detail(request, work, assignment_id, status=201)


@router.post(
    "/{assignment_id}/reports",
    operation_id="report_assignment",
    summary="Send a report",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_REPORT)
def report(
    request: Request, work: WorkGiven, assignment_id: UUID, sent: service.ReportInput, version: IfMatch
) -> Response:
    _check(work, assignment_id, version)
    service.report_assignment(work, assignment_id, sent)
    return _detail(request, work, assignment_id, status=201)


@router.post(
    "/{assignment_id}/confirmations",
    operation_id="confirm_assignment",
    summary="Confirm the last report",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_DECIDE)
def confirm(
    request: Request, work: WorkGiven, assignment_id: UUID, version: IfMatch, body: Nothing | None = None
) -> Response:
    _check(work, assignment_id, version)
    service.confirm_assignment(work, assignment_id)
    return _detail(request, work, assignment_id, status=201)


@router.post(
    "/{assignment_id}/returns",
    operation_id="return_assignment",
    summary="Return the last report with a reason",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_DECIDE)
def return_(
    request: Request, work: WorkGiven, assignment_id: UUID, why: service.ReasonInput, version: IfMatch
) -> Response:
    _check(work, assignment_id, version)
    service.return_assignment(work, assignment_id, why)
    return _detail(request, work, assignment_id, status=201)


@router.post(
    "/{assignment_id}/starts",
    operation_id="start_assignment",
    summary="The unit has begun",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_REPORT)
def start(request: Request, work: WorkGiven, assignment_id: UUID, version: IfMatch) -> Response:
    _check(work, assignment_id, version)
    service.start_assignment(work, assignment_id)
    return _detail(request, work, assignment_id, status=201)


@router.post(
    "/{assignment_id}/blocks",
    operation_id="block_assignment",
    summary="Report an obstacle with its reason",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_REPORT)
def block(
    request: Request, work: WorkGiven, assignment_id: UUID, why: service.ReasonInput, version: IfMatch
) -> Response:
    _check(work, assignment_id, version)
    service.block_assignment(work, assignment_id, why)
    return _detail(request, work, assignment_id, status=201)


@router.post(
    "/{assignment_id}/unblocks",
    operation_id="unblock_assignment",
    summary="The obstacle is gone",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_REPORT)
def unblock(request: Request, work: WorkGiven, assignment_id: UUID, version: IfMatch) -> Response:
    _check(work, assignment_id, version)
    service.unblock_assignment(work, assignment_id)
    return _detail(request, work, assignment_id, status=201)


@router.post(
    "/{assignment_id}/waivers",
    operation_id="waive_assignment",
    summary="Does not apply to this unit, with a reason",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_DECIDE)
def waive(
    request: Request, work: WorkGiven, assignment_id: UUID, why: service.ReasonInput, version: IfMatch
) -> Response:
    _check(work, assignment_id, version)
    service.waive_assignment(work, assignment_id, why)
    return _detail(request, work, assignment_id, status=201)


@router.post(
    "/{assignment_id}/reopenings",
    operation_id="reopen_assignment",
    summary="Open again, with a reason",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.ASSIGNMENT_DECIDE)
def reopen(
    request: Request, work: WorkGiven, assignment_id: UUID, why: service.ReasonInput, version: IfMatch
) -> Response:
    _check(work, assignment_id, version)
    service.reopen_assignment(work, assignment_id, why)
    return _detail(request, work, assignment_id, status=201)


@router.post(
    "/{assignment_id}/remarks",
    operation_id="remark_on_assignment",
    summary="Write a remark; the row itself does not change",
    status_code=201,
    response_model=AssignmentDetailOut,
)
@policy(P.REMARK_WRITE)
def remark(request: Request, work: WorkGiven, assignment_id: UUID, said: remarks.RemarkInput) -> Response:
    remarks.remark_on_assignment(work, assignment_id, said)
    return _detail(request, work, assignment_id, status=201)


def _check(work: Work, assignment_id: UUID, version: int | None) -> None:
    """If-Match is optional on steps: the state machine already refuses what came too late."""
    if version is None:
        return
    lock_with_others(work, [assignment_id])
    if (row := get_assignment(work, assignment_id)).version != version:
        raise Stale(row.version, {"state": row.state})


def _detail(request: Request, work: Work, assignment_id: UUID, *, status: int = 200) -> Response:
    row, reports = get_assignment_row(work, assignment_id), list_reports(work, assignment_id)
    changed = differences_of([report_sent(one) for one in reports])
    out = _out(work, row, allowed_actions(work, row)) | {
        "reports": [one._asdict() | {"differences": changed.get(one.number, ())} for one in reports],
        "timeline": timeline_out(work, [assignment_id]),
    }
    return reply(request, out, status=status, version=row.version)


def _out(work: Work, row: AssignmentRow, actions: list[str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "plan": row.plan_id,
        "task": {"id": row.task_id, "code": row.code, "title": row.title, "text": row.text},
        "unit": {"id": row.unit_id, "name": row.unit_name},
        "group": row.group_id,
        "role": row.role,
        "mode": row.mode,
        "period": row.period,
        "state": row.state,
        "state_reason": row.state_reason,
        "blocked_reason": row.blocked_reason,
        "progress": row.progress,
        "due_on": row.due_on,
        "first_due_on": row.first_due_on,
        "extended": row.extended,
        "extension": row.extension_id,
        "reported_on": row.reported_on,
        "done_on": row.done_on,
        "overdue": is_overdue(row.state, row.due_on, row.reported_on, work.today),
        "needs_evidence": row.needs_evidence,
        "allowed_actions": actions,
        "refused_actions": refusals_in(row.state)
        | {one.action: one.reason for one in refused_actions(work, row)},
    }
