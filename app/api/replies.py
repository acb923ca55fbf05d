"""JSON answers: ready-made bytes, strong ETags, cursors, and what a request says of versions."""

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel
from pydantic_core import to_json

from app.documents.attachments import MEDIA_TYPES
from app.errors import Invalid
from app.text import plain_decimal

JSON, XLSX = "application/json", MEDIA_TYPES["xlsx"]
_AS_THEY_ARE = frozenset((str, int, bool, NoneType, UUID, date, datetime))
A_SPREADSHEET: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `errors[].pointer` points into the body that was sent."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    request_id: str
    errors: list[dict[str, str]]


def reply(
    request: Request,
    value: Any,
    *,
    status: int = 200,
    version: int | None = None,
    location: str | None = None,
) -> Response:
    """`value` as JSON (dates ISO, decimals as strings). The ETag is the row's version, else the body's hash;
    If-None-Match is answered with 304."""
    body = to_json(_plain(value))
    etag = f'"{version}"' if version is not None else f'"{_hash(body)}"'
    return _answer(request, body, etag, status, location)


def reply_with_spreadsheet(data: bytes, name: str) -> Response:
    """An .xlsx of that name."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.xlsx"',
        "Cache-Control": "private, no-cache",
        "Vary": "Authorization, Cookie",
    }
    return Response(data, headers=headers, media_type=XLSX)


def reply_with_parts(
    request: Request, value: Any, *, version: int, status: int = 200, location: str | None = None
) -> Response:
    """`reply` for a row shown with things that change without its version: the ETag is both, "3-1f0c…", and
    If-Match reads the version out of it."""
    body = to_json(_plain(value))
    return _answer(request, body, f'"{version}-{_hash(body)}"', status, location)


def _plain(value: Any) -> Any:
    """Decimals as every answer writes them, wherever they stand. Most of a long list is looked at, not gone into."""
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, dict):
        return {name: one if type(one) in _AS_THEY_ARE else _plain(one) for name, one in value.items()}
    if type(value) in (list, tuple):
        return [_plain(one) for one in value]
    return value


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:20]


def _answer(request: Request, body: bytes, etag: str, status: int, location: str | None) -> Response:
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    if location:
        headers["Location"] = location
    if request.method == "GET" and etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, media_type=JSON)


def if_match(request: Request) -> int | None:
    """The version a write is based on, from If-Match: "3" or "3-1f0c…"; None when the header is absent."""
    given = request.headers.get("if-match")
    if given is None:
        return None
    bare = given.strip().strip('"').partition("-")[0]
    if not bare.isdigit() or len(bare) > 9:
        raise Invalid.field("If-Match", 'If-Match phải là ETag đã nhận khi đọc, ví dụ "3".')
    return int(bare)


IfMatch = Annotated[int | None, Depends(if_match)]
AsOf = Annotated[
    date | None,
    Query(description="How it stood when this day ended in Vietnam; today when left out. Never ahead."),
]
Limit = Annotated[int, Query(ge=1, le=500, description="How many items at most.")]
Cursor = Annotated[str | None, Query(max_length=300, description="`next` of the page before.")]


def to_cursor(*key: Any) -> str:
    return base64.urlsafe_b64encode(to_json(list(key))).decode().rstrip("=")


def from_cursor(cursor: str | None, *readers: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The key a cursor holds, each part read by its reader; Invalid when it was tampered with."""
    if cursor is None:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return tuple(None if part is None else read(part) for part, read in zip(parts, readers, strict=True))
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid.field("cursor", "Con trỏ trang không đúng. Bắt đầu lại từ trang đầu.") from error


def page_of(
    items: Sequence[Any], limit: int, key: Callable[[Any], tuple[Any, ...]], *, count: int | None = None
) -> dict[str, Any]:
    """{items, next, count?} of limit + 1 rows read: the extra one only tells that there is more."""
    shown = list(items[:limit])
    following = to_cursor(*key(shown[-1])) if len(items) > limit else None
    page: dict[str, Any] = {"items": shown, "next": following}
    return page if count is None else page | {"count": count}
