"""The cookie that holds a session's secret, and the address its sender is counted by."""

from typing import Any

from fastapi import Request, Response

from app.entry import COOKIE, DEVICE_COOKIE, cookie_name

YEAR = 365 * 24 * 3600


def keep_session(request: Request, answer: Response, secret: str, seconds: int) -> None:
    answer.set_cookie(cookie_name(request, COOKIE), secret, max_age=seconds, **_common(request))


def keep_device(request: Request, answer: Response, device: str) -> None:
    answer.set_cookie(cookie_name(request, DEVICE_COOKIE), device, max_age=YEAR, **_common(request))


def forget_session(request: Request, answer: Response) -> None:
    answer.delete_cookie(cookie_name(request, COOKIE), secure=request.url.scheme == "https", httponly=True)


def sender_address(request: Request) -> str:
    return request.client.host if request.client else "?"


def _common(request: Request) -> dict[str, Any]:
    secure = request.url.scheme == "https"
    return {"httponly": True, "samesite": "lax", "secure": secure, "path": "/"}
