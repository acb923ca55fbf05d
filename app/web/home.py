"""/: what each of a person's roles has to do or to know today."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.home import build_home
from app.web.pages import form_of, frame, html, see_other

router = APIRouter(route_class=AnsweredRoute)

# Queue key → title, what is counted, and where its whole list is when it has a page of its own.
QUEUE_WORDS: dict[str, tuple[str, str, str]] = {
    "van-ban": ("Văn bản chờ rà soát", "văn bản", ""),
    "bao-cao": ("Báo cáo chờ xác nhận", "báo cáo", "/can-xu-ly?muc=bao-cao"),
    "so-lieu": ("Số liệu chờ chấp nhận", "số liệu", "/can-xu-ly?muc=so-lieu"),
    "gia-han": ("Xin gia hạn", "đề nghị", "/can-xu-ly?muc=gia-han"),
    "cau-hoi": ("Câu hỏi", "câu hỏi", "/can-xu-ly?muc=cau-hoi"),
    "vuong-mac": ("Có vướng mắc", "việc", "/can-xu-ly?muc=vuong-mac"),
    "don-vi-ket-thuc": ("Đơn vị đã kết thúc, còn việc mở", "đơn vị", "/don-vi/thay-doi"),
    "qua-han": ("Quá hạn báo cáo", "đơn vị", ""),
    "tra-lai": ("Đã trả lại, chưa gửi lại", "báo cáo", "/can-xu-ly?muc=tra-lai"),
    "so-lieu-tra-lai": ("Số liệu trả lại, chưa gửi lại", "số liệu", "/can-xu-ly?muc=so-lieu-tra-lai"),
    "chua-chu-tri": ("Nhiệm vụ chưa có chủ trì", "nhiệm vụ", "/nhiem-vu?thieu=chu-tri"),
    "chua-han": ("Nhiệm vụ chưa có hạn", "nhiệm vụ", "/nhiem-vu?thieu=han"),
    "chua-san-pham": ("Nhiệm vụ chưa nêu sản phẩm", "nhiệm vụ", "/nhiem-vu?thieu=san-pham"),
}


@router.get("/")
@policy(P.LOCALITY_READ, by_link=True)
def show(request: Request, work: WorkGiven, muc: Annotated[str, Query(max_length=20)] = "") -> Response:
    if (link := work.actor.link) is not None:
        work.require(P.LOCALITY_READ, link.locality_id)
        return see_other(form_of(link))
    home = build_home(work, whole=muc)
    page = frame(request, work, "Trang chủ")
    return html(
        request, work, "home/page.html", page, home=home, words=QUEUE_WORDS, whole=muc, today=work.today
    )
