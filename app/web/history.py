"""/lich-su: everything that happened in a locality, newest first."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.event import EventFilter
from app.services.history_page import build_history_page
from app.text import NotADate, parse_date
from app.web.pages import frame, html
from app.work import Work

router = APIRouter(prefix="/lich-su", route_class=AnsweredRoute)

# What events happen to: the word in the filter, and the page of the thing.
SUBJECTS = {
    "plan": ("Kế hoạch", "/ke-hoach/"),
    "document": ("Văn bản", "/van-ban/"),
    "task": ("Nhiệm vụ", "/nhiem-vu/"),
    "assignment": ("Việc của đơn vị", "/viec/"),
    "indicator": ("Chỉ tiêu", "/chi-tieu/"),
    "submission": ("Số liệu", "/so-lieu/"),
    "period": ("Kỳ báo cáo", "/ky/"),
    "unit": ("Đơn vị", "/don-vi/"),
    "account": ("Người dùng", "/nguoi-dung/"),
}


@router.get("")
@policy(P.EVENT_READ)
def list_(
    request: Request,
    work: WorkGiven,
    ve: Annotated[str, Query(max_length=40)] = "",
    don_vi: Annotated[str, Query(alias="don-vi", max_length=40)] = "",
    tu: Annotated[str, Query(max_length=20)] = "",
    den: Annotated[str, Query(max_length=20)] = "",
    dia_phuong: Annotated[UUID | None, Query(alias="dia-phuong")] = None,
    truoc: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
) -> Response:
    wanted, error = _filter(ve, don_vi, tu, den, dia_phuong)
    seen = build_history_page(work, wanted, before=truoc)
    following = request.url.include_query_params(truoc=seen.entries[-1].number) if seen.has_more else None
    context: dict[str, Any] = {
        "seen": seen,
        "error": error,
        "wanted": {"ve": ve, "don_vi": don_vi, "tu": tu, "den": den},
        "is_filtered": bool(ve or don_vi or tu or den or dia_phuong),
        "subjects": _linked(work, seen.locality_id),
        "unit_choices": [(unit.id, unit.name) for unit in seen.units],
        "localities": [(place.id, place.name) for place in seen.localities],
        "subject_choices": [(kind, word) for kind, (word, _) in SUBJECTS.items()],
        "next_href": f"/lich-su?{following.query}" if following else "",
    }
    return html(request, work, "history/page.html", frame(request, work, "Lịch sử"), **context)


def _linked(work: Work, locality_id: UUID) -> dict[str, tuple[str, str]]:
    """The things whose pages this person may open."""
    may_see_people = work.actor.may(P.PERSON_READ, locality_id)
    return {kind: page for kind, page in SUBJECTS.items() if kind != "account" or may_see_people}


def _filter(
    subject: str, unit: str, first: str, last: str, locality_id: UUID | None
) -> tuple[EventFilter, str]:
    """The filter, and what is wrong with it: a day or unit that cannot be read is left out and said."""
    try:
        wanted = EventFilter(
            locality=locality_id,
            subject_kind=subject if subject in SUBJECTS else None,
            unit=UUID(unit) if unit else None,
            from_day=parse_date(first) if first.strip() else None,
            to_day=parse_date(last) if last.strip() else None,
        )
    except NotADate as error:
        return EventFilter(locality=locality_id), str(error)
    except ValueError:
        return EventFilter(locality=locality_id), "Chọn đơn vị trong danh sách."
    return wanted, ""
