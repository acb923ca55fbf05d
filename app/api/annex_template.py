"""/annex-templates: spreadsheets to fill in, whose headers the reader knows."""

from typing import Literal

from fastapi import APIRouter, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.annex_template import get_annex_template

router = APIRouter(tags=["documents"], route_class=AnsweredRoute)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(
    "/annex-templates/{kind}",
    operation_id="get_annex_template",
    summary="An empty annex of tasks or indicators to fill in (.xlsx)",
    response_class=Response,
    responses={200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}},
)
@policy(P.DOCUMENT_UPLOAD)
def get(work: WorkGiven, kind: Literal["tasks", "indicators"]) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="annex-{kind}.xlsx"',
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Cookie",
    }
    return Response(get_annex_template(work, kind), headers=headers, media_type=XLSX)
