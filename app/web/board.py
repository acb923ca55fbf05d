"""/bang/{unit}: the board of one organisation."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.entry import AnsweredRoute, WorkGiven, policy
from app.permissions import Permission as P
from app.services.as_of_board import build_board_as_of
from app.services.board import Board, build_board, get_board_head
from app.web.as_of import Ngay, held, read_day
from app.web.kept import kept_page
from app.web.pages import frame, page_text
from app.web.rendering import Crumb, Page
from app.work import Work

router = APIRouter(route_class=AnsweredRoute)


@router.get("/bang/{unit_id}")
@policy(P.ASSIGNMENT_READ)
def show(
    request: Request,
    work: WorkGiven,
    unit_id: UUID,
    ke_hoach: Annotated[UUID | None, Query(alias="ke-hoach")] = None,
    ky: Annotated[str | None, Query(max_length=20)] = None,
    loc: Annotated[str, Query(max_length=20)] = "",
    ngay: Ngay = "",
) -> Response:
    head, day = get_board_head(work, unit_id), read_day(ngay)

    def build(key: str) -> str:
        wanted: dict[str, Any] = {"plan_id": ke_hoach, "period": ky or None, "shown": loc}
        board = build_board_as_of(work, head, day, **wanted) if day else build_board(work, head, **wanted)
        page, context = _frame(request, work, board), _context(board, key, ky, loc)
        return page_text("board/page.html", page, **context, **_on_day(work, board, ky, day))

    return kept_page(request, work, head.unit.locality_id, head.number, build)


def _frame(request: Request, work: Work, board: Board) -> Page:
    return frame(request, work, board.unit.name, crumbs=(Crumb("Đơn vị", "/don-vi"),))


def _on_day(work: Work, board: Board, period: str | None, day: date | None) -> dict[str, object]:
    """What the page offers and leads to: on an earlier day nothing can be done, and links stay on that day."""
    unit, is_now = board.unit, day is None
    may = {
        "may_report": work.actor.may(P.ASSIGNMENT_REPORT, unit.locality_id, unit.id),
        "may_urge": work.actor.may(P.URGING_WRITE, unit.locality_id),
        "may_follow": work.actor.may(P.CALENDAR_LINK_MANAGE, unit.locality_id, unit.id) and not unit.is_group,
    }
    return {name: allowed and is_now for name, allowed in may.items()} | {
        "as_of": day,
        "held": held(day),
        "strip": _strip(board, period, day),
        "today": work.today,
    }


def _context(board: Board, key: str, period: str | None, shown: str) -> dict[str, object]:
    return {
        "board": board,
        "period": period or "",
        "period_options": [(p.label, p.name) for p in board.periods],
        "shown": shown,
        "column_counts": _column_counts(board),
        "key": key,
    }


def _column_counts(board: Board) -> Mapping[str, int]:
    """What stands above each column. A group's rows are folded into one card per task, so its cards are counted."""
    return Counter(card.state for card in board.cards) if board.unit.is_group else board.counts


def _strip(board: Board, period: str | None, day: date | None) -> list[dict[str, object]]:
    """The numbers above the board; each is a filter."""
    total = sum(board.counts.values())
    numbers = (
        ("Tất cả", total, "", ""),
        ("Quá hạn", board.overdue, "qua-han", "late"),
        ("Sắp đến hạn", board.due_soon, "sap-den-han", "soon"),
        ("Bị trả lại", board.counts.get("returned", 0), "returned", ""),
        ("Chờ xác nhận", board.counts.get("reported", 0), "reported", ""),
        ("Đã xác nhận", board.counts.get("confirmed", 0), "confirmed", "done"),
    )
    rest = (f"&ky={period}" if period else "") + held(day)
    return [
        {
            "number": n,
            "label": label,
            "href": f"/bang/{board.unit.id}?loc={code}{rest}",
            "tone": tone if n else "",
        }
        for label, n, code, tone in numbers
    ]
