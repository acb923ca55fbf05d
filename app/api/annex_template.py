"""/annex-templates: spreadsheets to fill in, whose headers the reader knows."""

from typing import Literal

from fastapi import APIRouter, Response

from app.api.replies import A_SPREADSHEET, reply_with_spreadsheet
from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.annex_template import get_annex_template

router = APIRouter(tags=["documents"], route_class=AnsweredRoute)


@router.get(
    "/annex-templates/{kind}",
    operation_id="get_annex_template",
    summary="An empty annex of tasks or indicators to fill in (.xlsx)",
    response_class=Response,
    responses=A_SPREADSHEET,
)
@policy(P.DOCUMENT_UPLOAD)
def get(work: WorkGiven, kind: Literal["tasks", "indicators"]) -> Response:
    return reply_with_spreadsheet(get_annex_template(work, kind), f"annex-{kind}")
