"""/submissions: a unit's figure for an indicator in a period; sent, accepted, returned."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.assignment import DifferenceOut, TimelineEntryOut, UnitBrief
from app.api.replies import Cursor, IfMatch, Limit, from_cursor, page_of, reply
from app.api.timeline import timeline_out
from app.entry import AnsweredRoute, WorkGiven, policy
from app.models.submission import SUBMISSION_STATES
from app.permissions import Permission as P
from app.services import submission as service
from app.services.assignment import ReasonInput
from app.services.deadlines import was_late, was_sent_late
from app.services.states import LEFT_OUT, MISSING_SUBMISSIONS
from app.services.submission_list import (
    SubmissionFilter,
    VersionSeen,
    count_submissions,
    figure_of_row,
    get_submission_row,
    list_submissions,
    list_versions,
)
from app.services.typed import Nothing, states_given
from app.services.version_differences import differences_of, figure_sent
from app.work import Work

router = APIRouter(prefix="/submissions", tags=["submissions"], route_class=AnsweredRoute)


class IndicatorBrief(BaseModel):
    id: UUID
    code: str
    name: str
    measure: str
    unit_label: str | None


class FigureParts(BaseModel):
    """Decimals are strings with a point. A percentage sent as two parts carries its derived value too. `no_data`: the
    unit has no figure, for the reason in `note`."""

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    level: int | None
    flag: bool | None
    note: str | None
    no_data: bool


class SubmissionOut(BaseModel):
    """`figure` is the last version sent, `number` which one. `late`: sent (or still missing) after the due day."""

    id: UUID
    version: int
    plan: UUID
    indicator: IndicatorBrief
    unit: UnitBrief
    period: str
    period_id: UUID
    state: str
    state_reason: str | None
    due_on: date | None
    sent_at: datetime | None
    late: bool
    number: int | None
    figure: FigureParts | None
    allowed_actions: list[str]


class VersionOut(BaseModel):
    """`definition`: number of the indicator's definition it was sent under. `doubts`: what was asked about when it was
    sent (jump, falls, parts), which its note answers."""

    number: int
    figure: FigureParts
    sent_at: datetime
    sent_by: str | None
    decision: str | None
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None
    carried_from: UUID | None
    definition: int
    doubts: list[str]
    differences: list[DifferenceOut]


class SubmissionDetailOut(SubmissionOut):
    versions: list[VersionOut]
    timeline: list[TimelineEntryOut]


class SubmissionPage(BaseModel):
    items: list[SubmissionOut]
    next: str | None
    count: int | None = None


@router.get("", operation_id="list_submissions", summary="List figures", response_model=SubmissionPage)
@policy(P.SUBMISSION_READ)
def list_(
    request: Request,
    work: WorkGiven,
    plan: UUID | None = None,
    indicator: UUID | None = None,
    unit: UUID | None = None,
    period: Annotated[str | None, Query(pattern=r"^[0-9A-Za-z-]{1,40}$", description="Label or id.")] = None,
    state: Annotated[str | None, Query(description="Comma-separated states.", max_length=200)] = None,
    count: bool = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    states = states_given(state, SUBMISSION_STATES)
    wanted = SubmissionFilter(plan=plan, indicator=indicator, unit=unit, period=period, states=states)
    key = from_cursor(cursor, UUID)
    rows = list_submissions(work, wanted, after=key[0] if key else None, limit=limit + 1)
    total = count_submissions(work, wanted) if count else None
    outs = [_out(work, row) for row in rows]
    return reply(request, page_of(outs, limit, lambda out: (out["id"],), count=total))


@router.post(
    "",
    operation_id="send_submission",
    summary="Send a unit's figure for an indicator in a period",
    status_code=201,
    response_model=SubmissionDetailOut,
)
@policy(P.SUBMISSION_SEND)
def send(request: Request, work: WorkGiven, sent: service.SubmissionInput) -> Response:
    version = service.send_submission(work, sent)
    return _detail(request, work, version.submission_id, status=201)


@router.get(
    "/{submission_id}",
    operation_id="get_submission",
    summary="One figure with its versions, decisions and timeline",
    response_model=SubmissionDetailOut,
)
@policy(P.SUBMISSION_READ)
def get(request: Request, work: WorkGiven, submission_id: UUID) -> Response:
    return _detail(request, work, submission_id)


@router.post(
    "/{submission_id}/acceptances",
    operation_id="accept_submission",
    summary="Accept the last version",
    status_code=201,
    response_model=SubmissionDetailOut,
)
@policy(P.SUBMISSION_DECIDE)
def accept(
    request: Request, work: WorkGiven, submission_id: UUID, version: IfMatch, body: Nothing | None = None
) -> Response:
    service.accept_submission(work, submission_id, version)
    return _detail(request, work, submission_id, status=201)


@router.post(
    "/{submission_id}/returns",
    operation_id="return_submission",
    summary="Return the last version with a reason",
    status_code=201,
    response_model=SubmissionDetailOut,
)
@policy(P.SUBMISSION_DECIDE)
def return_(
    request: Request, work: WorkGiven, submission_id: UUID, why: ReasonInput, version: IfMatch
) -> Response:
    service.return_submission(work, submission_id, why, version)
    return _detail(request, work, submission_id, status=201)


@router.post(
    "/{submission_id}/reopenings",
    operation_id="reopen_submission",
    summary="Ask for an accepted or waived figure again, with a reason",
    status_code=201,
    response_model=SubmissionDetailOut,
)
@policy(P.SUBMISSION_DECIDE)
def reopen(
    request: Request, work: WorkGiven, submission_id: UUID, why: ReasonInput, version: IfMatch
) -> Response:
    service.reopen_submission(work, submission_id, why, version)
    return _detail(request, work, submission_id, status=201)


@router.post(
    "/{submission_id}/waivers",
    operation_id="waive_submission",
    summary="This unit need not report this figure, with a reason",
    status_code=201,
    response_model=SubmissionDetailOut,
)
@policy(P.SUBMISSION_DECIDE)
def waive(
    request: Request, work: WorkGiven, submission_id: UUID, why: ReasonInput, version: IfMatch
) -> Response:
    service.waive_submission(work, submission_id, why, version)
    return _detail(request, work, submission_id, status=201)


def _detail(request: Request, work: Work, submission_id: UUID, *, status: int = 200) -> Response:
    row = get_submission_row(work, submission_id)
    seen = list_versions(work, submission_id)
    shown = [figure_sent(v.number, v.decision, v.figure, row) for v in seen]
    changed = differences_of(shown)
    out = _out(work, row) | {
        "versions": [_version_out(v) | {"differences": changed.get(v.number, ())} for v in seen],
        "timeline": timeline_out(work, [submission_id]),
    }
    location = f"/api/v1/submissions/{submission_id}"
    return reply(request, out, status=status, version=row.version, location=location)


def _out(work: Work, row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "plan": row.plan_id,
        "indicator": {
            "id": row.indicator_id,
            "code": row.code,
            "name": row.name,
            "measure": row.measure,
            "unit_label": row.unit_label,
        },
        "unit": {"id": row.unit_id, "name": row.unit_name},
        "period": row.period,
        "period_id": row.period_id,
        "state": row.state,
        "state_reason": row.state_reason,
        "due_on": row.due_on,
        "sent_at": row.sent_at,
        "late": _is_late(work, row),
        "number": row.number,
        "figure": figure_of_row(row),
        "allowed_actions": service.allowed_actions(work, row, period_open=row.period_state == "open"),
    }


def _is_late(work: Work, row: Any) -> bool:
    if row.state in LEFT_OUT:
        return False
    if row.state in MISSING_SUBMISSIONS:
        return was_late(row.due_on, work.today)
    return was_sent_late(row.due_on, row.sent_at)


def _version_out(seen: VersionSeen) -> dict[str, Any]:
    return {
        "number": seen.number,
        "figure": seen.figure,
        "sent_at": seen.sent_at,
        "sent_by": seen.sent_by,
        "decision": seen.decision,
        "reason": seen.reason,
        "decided_at": seen.decided_at,
        "decided_by": seen.decided_by,
        "carried_from": seen.carried_from,
        "definition": seen.definition,
        "doubts": seen.doubts or [],
    }
