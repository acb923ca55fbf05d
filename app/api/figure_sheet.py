"""/figure-sheets: a unit's figures of a period as a spreadsheet to fill in; reading and sending a filled one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from app.api.replies import A_SPREADSHEET, reply, reply_with_spreadsheet
from app.entry import AnsweredRoute, WorkGiven, policy
from app.errors import TienDoError
from app.permissions import Permission as P
from app.receiving import FigureSheetSent
from app.services import figure_sheet_sending as service
from app.services.figure_sheet import get_period_sheet, get_unit_sheet
from app.services.figure_sheet_check import CheckedLine, SheetCheck, require_sheet_sender

router = APIRouter(tags=["submissions"], route_class=AnsweredRoute)
HERE = "/figure-sheets/{unit_id}/{period_id}"
SHEET_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
WithLast = Annotated[
    bool, Query(description="Fill cells nothing was sent for yet with the figure of the period before.")
]


class CheckedLineOut(BaseModel):
    """One filled line, by its number in the sheet. `outcome`: ready, unchanged or refused; `read`: the figure in words,
    beside what was `sent` in this period and what there was `before`. `doubts`: what the note explains, or has to.
    `item`: what is sent to /submissions/batches; null where it cannot be read."""

    line: int
    submission: UUID | None
    indicator: str
    outcome: str
    read: str
    sent: str
    before: str
    as_before: bool
    note: str
    errors: list[str]
    doubts: list[str]
    item: dict[str, Any] | None


class OtherUnitOut(BaseModel):
    unit_name: str
    lines: int


class ReadingOut(BaseModel):
    """A filled sheet that was read; nothing of it is sent. It is kept for a day. `others`: filled lines of other units,
    passed over; `blank`: lines nobody filled in; `left_out`: figures of the unit that the sheet does not hold;
    `remarks`: what else is in the file. `mark` is another one once a figure of the sheet was sent by somebody else."""

    id: UUID
    mark: str
    items: list[CheckedLineOut]
    others: list[OtherUnitOut]
    blank: int
    left_out: int
    remarks: list[str]


class SentOut(BaseModel):
    sent: int


@router.get(
    HERE,
    operation_id="get_figure_sheet",
    summary="A unit's expected figures of a period to fill in (.xlsx)",
    response_class=Response,
    responses=A_SPREADSHEET,
)
@policy(P.SUBMISSION_READ)
def get(work: WorkGiven, unit_id: UUID, period_id: UUID, with_last: WithLast = False) -> Response:
    sheet = get_unit_sheet(work, unit_id, period_id, with_last=with_last)
    return reply_with_spreadsheet(sheet.data, "figures")


@router.get(
    "/periods/{period_id}/figure-sheet",
    operation_id="get_figure_sheet_of_period",
    summary="The expected figures of every unit, for whoever reads the whole locality (.xlsx)",
    response_class=Response,
    responses=A_SPREADSHEET,
)
@policy(P.SUBMISSION_READ)
def get_of_period(work: WorkGiven, period_id: UUID, with_last: WithLast = False) -> Response:
    sheet = get_period_sheet(work, period_id, with_last=with_last)
    return reply_with_spreadsheet(sheet.data, "figures")


@router.post(
    f"{HERE}/readings",
    operation_id="read_figure_sheet",
    summary="Read a filled sheet and say what of it can be sent; nothing is sent",
    status_code=201,
    response_model=ReadingOut,
    openapi_extra=SHEET_FORM,
)
@policy(P.SUBMISSION_SEND)
def read(
    request: Request,
    unit_id: UUID,
    period_id: UUID,
    sent: FigureSheetSent,
    work: WorkGiven,
) -> Response:
    require_sheet_sender(work, unit_id, period_id)
    if isinstance(sent, TienDoError):
        raise sent
    key, checked = service.keep_sheet(work, unit_id, period_id, sent)
    location = f"/api/v1{HERE.format(unit_id=unit_id, period_id=period_id)}/readings/{key}"
    return reply(request, _out(key, checked), status=201, location=location)


@router.get(
    f"{HERE}/readings/{{sheet_id}}",
    operation_id="get_figure_sheet_reading",
    summary="A filled sheet of one's own, checked anew",
    response_model=ReadingOut,
)
@policy(P.SUBMISSION_SEND)
def get_reading(
    request: Request, work: WorkGiven, unit_id: UUID, period_id: UUID, sheet_id: UUID
) -> Response:
    return reply(request, _out(sheet_id, service.check_kept_sheet(work, unit_id, period_id, sheet_id)))


@router.get(
    f"{HERE}/readings/{{sheet_id}}/refused",
    operation_id="get_refused_figure_sheet",
    summary="The lines that cannot be sent, as they were filled in, with the reasons (.xlsx)",
    response_class=Response,
    responses=A_SPREADSHEET,
)
@policy(P.SUBMISSION_SEND)
def get_refused(work: WorkGiven, unit_id: UUID, period_id: UUID, sheet_id: UUID) -> Response:
    sheet = service.get_refused_sheet(work, unit_id, period_id, sheet_id)
    return reply_with_spreadsheet(sheet.data, "refused-figures")


@router.post(
    f"{HERE}/readings/{{sheet_id}}/sendings",
    operation_id="send_figure_sheet",
    summary="Send the figures of a sheet that was read: all that changed, or none",
    status_code=201,
    response_model=SentOut,
)
@policy(P.SUBMISSION_SEND)
def send(
    request: Request,
    work: WorkGiven,
    unit_id: UUID,
    period_id: UUID,
    sheet_id: UUID,
    given: service.SheetSending,
) -> Response:
    return reply(request, {"sent": service.send_sheet(work, unit_id, period_id, sheet_id, given)}, status=201)


def _out(key: UUID, checked: SheetCheck) -> dict[str, Any]:
    return {
        "id": key,
        "mark": checked.mark,
        "items": [_line_out(line) for line in checked.lines],
        "others": [{"unit_name": name, "lines": count} for name, count in checked.others.items()],
        "blank": len(checked.blank),
        "left_out": len(checked.left_out),
        "remarks": checked.remarks,
    }


def _line_out(line: CheckedLine) -> dict[str, Any]:
    row = line.row
    return {
        "line": line.number,
        "submission": row.id if row else None,
        "indicator": row.indicator.code if row else line.line.code,
        "outcome": line.outcome,
        "read": line.read,
        "sent": line.sent,
        "before": row.before if row else "",
        "as_before": line.is_as_before,
        "note": line.note,
        "errors": line.errors,
        "doubts": line.doubts,
        "item": line.item.model_dump(mode="json", exclude_none=True) if line.item else None,
    }
