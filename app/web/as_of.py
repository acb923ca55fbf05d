"""Pages as of a day: `?ngay=2026-11-09`, what a browser's field for days sends, or as people write it, 09/11/2026."""

from datetime import date
from typing import Annotated

from fastapi import Query

from app.errors import Invalid
from app.text import NotADate, parse_date

Ngay = Annotated[str, Query(max_length=20)]


def read_day(typed: str) -> date | None:
    """None where nothing was typed: the page as it is now."""
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        pass
    try:
        return parse_date(typed)
    except NotADate as error:
        raise Invalid.field(
            "ngay", f"Không đọc được ngày “{typed}”. Nhập như 09/11/2026, hoặc bỏ trống để xem hôm nay."
        ) from error


def held(day: date | None) -> str:
    """The rest of an address that stays on that day."""
    return f"&ngay={day.isoformat()}" if day else ""
