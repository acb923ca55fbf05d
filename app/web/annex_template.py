"""/van-ban/mau: spreadsheets to fill in, as downloads."""

from fastapi import APIRouter, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.annex_template import get_annex_template

router = APIRouter(route_class=AnsweredRoute)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"nhiem-vu": "tasks", "chi-tieu": "indicators"}


@router.get("/van-ban/mau/{loai}")
@policy(P.DOCUMENT_UPLOAD)
def download(work: WorkGiven, loai: str) -> Response:
    data = get_annex_template(work, KINDS.get(loai, loai))
    headers = {
        "Content-Disposition": f'attachment; filename="phu-luc-{loai}.xlsx"',
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
    }
    return Response(data, headers=headers, media_type=XLSX)
