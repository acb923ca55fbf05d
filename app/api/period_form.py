"""/period-forms: everything a unit still has to report in a period, sent at once; and what it has sent."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from app.api.assignment import UnitBrief
from app.api.draft import DraftOut, draft_out
from app.api.replies import reply
from app.api.submission import FigureParts, IndicatorBrief
from app.api.waive_request import WaiveRequestOut, waive_request_out
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import Invalid
from app.permissions import Permission as P
from app.services.earlier_answers import Answer
from app.services.period_form import (
    PeriodAnswers,
    PeriodForm,
    acknowledge_period,
    build_period_form,
    send_period_form,
)
from app.services.period_form_rows import FigureRow, JointRow, TaskRow
from app.services.period_receipt import Sending, build_period_receipt
from app.services.typed import Nothing
from app.work import Work

router = APIRouter(
    prefix="/period-forms/{unit_id}/{period_id}", tags=["period forms"], route_class=AnsweredRoute
)


class PeriodBrief(BaseModel):
    id: UUID
    label: str
    name: str
    state: str
    due_on: date


class AnswerOut(BaseModel):
    """A report sent before; `period` is the period's name."""

    id: UUID
    period: str
    result: str
    difficulty: str | None
    proposal: str | None
    progress: int | None
    sent_at: datetime


class DueTaskOut(BaseModel):
    """`own`: what was sent in this period and came back, `number` which report that was (0: none). `before`: the last
    answer of an earlier period. `draft`: null for those who do not report for the unit."""

    assignment: UUID
    code: str
    title: str
    text: str
    role: str
    state: str
    state_reason: str | None
    blocked_reason: str | None
    due_on: date | None
    overdue: bool
    takes_report: bool
    number: int
    own: AnswerOut | None
    before: AnswerOut | None
    draft: DraftOut | None
    waive_request: WaiveRequestOut | None


class DueFigureOut(BaseModel):
    """`own` and `before` as of a task; `goal` is this year's target in words."""

    submission: UUID
    indicator: IndicatorBrief
    goal: str
    state: str
    state_reason: str | None
    due_on: date | None
    overdue: bool
    takes_report: bool
    number: int
    own: FigureParts | None
    before: FigureParts | None
    before_period: str | None
    draft: DraftOut | None
    waive_request: WaiveRequestOut | None


class JointRowOut(BaseModel):
    """Work the unit's group does together: any member reports it, as an assignment."""

    assignment: UUID
    code: str
    title: str
    group: UnitBrief
    state: str
    due_on: date | None


class PeriodFormOut(BaseModel):
    """`sent` of `expected` rows are with the office; the others are due, what came back first, then what is late.
    `joint` rows are counted on their group."""

    unit: UnitBrief
    period: PeriodBrief
    expected: int
    sent: int
    tasks: list[DueTaskOut]
    figures: list[DueFigureOut]
    joint: list[JointRowOut]


class SentRowOut(BaseModel):
    """`kind`: assignment or submission. `number`: which report or version it was. `carried_from`: the report or
    version of an earlier period that says the same."""

    kind: str
    id: UUID
    code: str
    title: str
    number: int
    shown: str
    carried_from: UUID | None
    state: str


class SendingOut(BaseModel):
    number: int
    at: datetime
    by: str
    rows: list[SentRowOut]


class SendingList(BaseModel):
    items: list[SendingOut]
    next: str | None


class AcknowledgedOut(BaseModel):
    acknowledged: int


@router.get(
    "",
    operation_id="get_period_form",
    summary="Everything a unit still has to report in a period",
    response_model=PeriodFormOut,
)
@policy(P.ASSIGNMENT_READ, P.SUBMISSION_READ)
def get(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID) -> Response:
    return reply(request, _out(work, build_period_form(work, unit_id, period_id)))


@router.post(
    "/acknowledgements",
    operation_id="acknowledge_period_form",
    summary="Acknowledge every row of the form that nobody had looked at",
    status_code=201,
    response_model=AcknowledgedOut,
)
@policy(P.ASSIGNMENT_REPORT)
def acknowledge(
    request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID, body: Nothing | None = None
) -> Response:
    return reply(request, {"acknowledged": acknowledge_period(work, unit_id, period_id)}, status=201)


@router.post(
    "/sendings",
    operation_id="send_period_form",
    summary="Send several reports and figures in one transaction, or none of them",
    status_code=201,
    response_model=SendingOut,
)
@policy(P.ASSIGNMENT_REPORT, P.SUBMISSION_SEND)
def send(
    request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID, answers: PeriodAnswers
) -> Response:
    try:
        send_period_form(work, unit_id, period_id, answers)
    except Invalid as error:
        raise Invalid(error.message, errors=_pointing(error.errors, answers)) from error
    return reply(
        request, _sending_out(build_period_receipt(work, unit_id, period_id).sendings[0]), status=201
    )


@router.get(
    "/sendings",
    operation_id="list_period_sendings",
    summary="What the unit has sent in the period: who, when, which rows and versions",
    response_model=SendingList,
)
@policy(P.ASSIGNMENT_READ, P.SUBMISSION_READ)
def list_sendings(request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID) -> Response:
    seen = build_period_receipt(work, unit_id, period_id)
    return reply(request, {"items": [_sending_out(one) for one in seen.sendings], "next": None})


def _pointing(errors: Mapping[str, str], answers: PeriodAnswers) -> dict[str, str]:
    """`<row id>.<field>` with the place of that row in the body before it."""
    reported = {str(key) for key in answers.reports}
    return {
        f"{'reports' if name.partition('.')[0] in reported else 'figures'}.{name}": text
        for name, text in errors.items()
    }


def _out(work: Work, seen: PeriodForm) -> dict[str, Any]:
    unit, period = seen.unit, seen.period
    reports = work.actor.may(P.ASSIGNMENT_REPORT, unit.locality_id, unit.id)
    return {
        "unit": {"id": unit.id, "name": unit.name},
        "period": {
            "id": period.id,
            "label": period.label,
            "name": period.name,
            "state": period.state,
            "due_on": seen.due_on,
        },
        "expected": seen.expected,
        "sent": len(seen.sent),
        "tasks": [_task_out(row, reports=reports) for row in seen.tasks],
        "figures": [_figure_out(row, reports=reports) for row in seen.figures],
        "joint": [_joint_out(row) for row in seen.joint],
    }


def _task_out(row: TaskRow, *, reports: bool) -> dict[str, Any]:
    return {
        "assignment": row.id,
        "code": row.code,
        "title": row.title,
        "text": row.text,
        "role": row.role,
        "blocked_reason": row.blocked_reason,
        "own": _answer_out(row.own),
        "before": _answer_out(row.before),
        **_due_out(row, reports=reports),
    }


def _figure_out(row: FigureRow, *, reports: bool) -> dict[str, Any]:
    of = row.indicator
    brief = {name: getattr(of, name) for name in ("id", "code", "name", "measure", "unit_label")}
    return {
        "submission": row.id,
        "indicator": brief,
        "goal": row.goal,
        "own": row.own,
        "before": row.before,
        "before_period": row.before_period or None,
        **_due_out(row, reports=reports),
    }


def _joint_out(row: JointRow) -> dict[str, Any]:
    group = {"id": row.group_id, "name": row.group}
    return {"assignment": row.id, "group": group} | {
        name: getattr(row, name) for name in ("code", "title", "state", "due_on")
    }


def _due_out(row: TaskRow | FigureRow, *, reports: bool) -> dict[str, Any]:
    return {
        "state": row.state,
        "state_reason": row.state_reason,
        "due_on": row.due_on,
        "overdue": row.overdue,
        "takes_report": row.takes_report,
        "number": row.number,
        "draft": draft_out(row.draft) if reports else None,
        "waive_request": waive_request_out(row.request) if row.request else None,
    }


def _answer_out(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    parts = ("id", "result", "difficulty", "proposal", "progress", "sent_at")
    return {"period": answer.period_name} | {name: getattr(answer, name) for name in parts}


def _sending_out(sending: Sending) -> dict[str, Any]:
    parts = ("kind", "id", "code", "title", "number", "shown", "state")
    rows = [
        {name: getattr(line, name) for name in parts} | {"carried_from": line.carried_from_id}
        for line in sending.lines
    ]
    return {"number": sending.number, "at": sending.at, "by": sending.by, "rows": rows}
