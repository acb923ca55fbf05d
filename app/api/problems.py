"""RFC 9457 problem documents for every 4xx and 5xx, in Vietnamese or English by Accept-Language."""

from typing import Any
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from app.entry import Replayed
from app.errors import Conflict, Invalid, NotFound, TienDoError
from app.services.typed import sentence_of

log = structlog.get_logger()

ENGLISH = {
    400: ("Bad request", "The request cannot be understood."),
    401: ("Sign-in needed", "Nobody is signed in, or the session or token has ended."),
    403: ("Not allowed", "Your role may not do this."),
    404: ("Not found", "There is nothing here that you may see."),
    405: ("Method not allowed", "This address does not take this method."),
    409: ("Conflict", "A rule stands against it in the present state."),
    412: ("Changed meanwhile", "Somebody changed it since you read it. Read it again and resend your part."),
    413: ("Too large", "More than this service takes."),
    422: ("Invalid", "Some fields cannot be used as they are; see errors."),
    428: ("Version required", "Send If-Match with the ETag of the version you changed."),
    429: ("Too many tries", "Sign-in is paused for a few minutes."),
    500: ("Internal error", "This is our mistake. Quote request_id when you report it."),
}
# What the framework refuses before a route is asked.
BEFORE_A_ROUTE = {
    400: {
        "code": "unreadable_request",
        "title": "Không đọc được yêu cầu",
        "message": "Không đọc được nội dung gửi đến. Gửi JSON đúng cú pháp, mã hóa UTF-8.",
    },
    405: {
        "code": "method_not_allowed",
        "title": "Không có thao tác này",
        "message": "Địa chỉ này không nhận thao tác đã gửi. Xem đầu mục Allow của câu trả lời.",
    },
}
NOT_JSON = "Gửi nội dung dạng JSON, với đầu mục Content-Type: application/json."
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def problem(request: Request, error: TienDoError, *, body_fields: bool = True) -> Response:
    """The problem document of an error. `errors[].pointer` is a JSON pointer into the body."""
    status = error.status
    title, detail = error.title, error.message
    if _prefers_english(request):
        title, detail = ENGLISH.get(status, (title, detail))
        if status == 409:  # which rule it is stands in the sentence only
            detail = f"{detail} In Vietnamese: {error.message}"
    said: dict[str, Any] = {
        "type": f"urn:tiendo:problem:{error.code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": error.code,
        "instance": request.url.path,
        "request_id": request_id(request),
        "errors": pointers(error),
        **error.details,
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return Response(to_json(said), status, headers, media_type="application/problem+json")


def pointers(error: TienDoError, place: str = "") -> list[dict[str, str]]:
    """Each wrong field of the body, beneath `place` in it."""
    return [
        {"pointer": f"{place}/{name.replace('.', '/')}", "detail": text}
        for name, text in error.errors.items()
    ]


def request_id(request: Request) -> str:
    return getattr(request.state, "request_id", "") or uuid4().hex


def add_problem_handlers(app: FastAPI) -> None:
    @app.exception_handler(TienDoError)
    async def known(request: Request, error: TienDoError) -> Response:
        return problem(request, error)

    @app.exception_handler(Replayed)
    async def replayed(request: Request, error: Replayed) -> Response:
        return error.answer

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        fields = {_field(e["loc"]): sentence_of(e) for e in error.errors()}
        if "body" in fields and not _is_json(request):
            fields["body"] = NOT_JSON
        return problem(request, Invalid("Một số trường chưa hợp lệ. Xem “errors” để sửa.", errors=fields))

    @app.exception_handler(IntegrityError)
    async def refused_by_schema(request: Request, error: IntegrityError) -> Response:
        log.warning("refused_by_schema", request_id=request_id(request), error=str(error.orig))
        return problem(request, Conflict("Dữ liệu vừa được người khác thay đổi. Hãy đọc lại rồi gửi lại."))

    @app.exception_handler(HTTPException)
    async def by_framework(request: Request, error: HTTPException) -> Response:
        answer = problem(request, _from_status(error))
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def unknown(request: Request, error: Exception) -> Response:
        log.error("unhandled", request_id=request_id(request), path=request.url.path, exc_info=error)
        ours = TienDoError("Hệ thống gặp lỗi. Hãy thử lại; nếu vẫn lỗi, báo mã yêu cầu cho người vận hành.")
        ours.status, ours.code, ours.title = 500, "internal_error", "Lỗi hệ thống"
        return problem(request, ours)


def _from_status(error: HTTPException) -> TienDoError:
    if error.status_code == 404:
        return NotFound()
    usual = {
        "code": f"http_{error.status_code}",
        "title": "Không thực hiện được",
        "message": str(error.detail),
    }
    said = BEFORE_A_ROUTE.get(error.status_code, usual)
    known = TienDoError(said["message"], code=said["code"])
    known.status, known.title = error.status_code, said["title"]
    return known


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _field(location: tuple[Any, ...]) -> str:
    """("body", "targets", 0, "value") → "targets.0.value"; query fields keep their name."""
    parts = [str(part) for part in location if part not in {"body", "query", "path", "header"}]
    return ".".join(parts) or "body"


def _prefers_english(request: Request) -> bool:
    return request.headers.get("accept-language", "").strip().lower().startswith("en")
