"""/van-ban/mau: spreadsheets to fill in, as downloads."""

from fastapi import APIRouter, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.annex_template import get_annex_template
from app.web.downloads import as_attachment

router = APIRouter(route_class=AnsweredRoute)
KINDS = {"nhiem-vu": "tasks", "chi-tieu": "indicators"}


@router.get("/van-ban/mau/{loai}")
@policy(P.DOCUMENT_UPLOAD)
def download(work: WorkGiven, loai: str) -> Response:
    data = get_annex_template(work, KINDS.get(loai, loai))
    return as_attachment(data, "xlsx", f'filename="phu-luc-{loai}.xlsx"')
