"""Where a list on a page goes on: the order's key and the id of the last line shown, as one query value."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from app.errors import Invalid

T = TypeVar("T")


def to_cursor(key: Any, row_id: UUID) -> str:
    """`key`: a day, or an aware moment."""
    return f"{key.isoformat()}_{row_id}"


def from_cursor(given: str, read: Callable[[str], T]) -> tuple[T, UUID] | None:
    """None for no cursor; Invalid when it was tampered with."""
    if not given:
        return None
    key, _, row_id = given.partition("_")
    try:
        return read(key), UUID(row_id)
    except ValueError as error:
        raise Invalid.field("tiep", "Địa chỉ trang tiếp không đúng. Bắt đầu lại từ trang đầu.") from error
