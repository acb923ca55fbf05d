"""Errors as pages: what happened, what to do, the way home. A refused form comes back filled in."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from app.entry import Replayed, find_actor_of_route, house_of, new_work
from app.errors import Conflict, Invalid, LinkGone, NotFound, NotSignedIn, TienDoError
from app.logs import loggable
from app.web.forms import Form, FormRefused, read_form
from app.web.pages import frame, page_text
from app.web.rendering import Page, render

log = structlog.get_logger()


def add_page_handlers(app: FastAPI) -> None:
    @app.exception_handler(Replayed)
    async def replayed(request: Request, error: Replayed) -> Response:
        return error.answer

    @app.exception_handler(FormRefused)
    async def refused(request: Request, error: FormRefused) -> Response:
        try:
            text = await house_of(request).in_thread(lambda: _show(request, error))
        except TienDoError as hidden:  # what was typed is wrong, and the page is not theirs to see
            return await _answer(request, hidden)
        return HTMLResponse(text, error.error.status, headers={"Cache-Control": "no-store"})

    @app.exception_handler(TienDoError)
    async def known(request: Request, error: TienDoError) -> Response:
        return await _answer(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        in_path = any(e["loc"][0] == "path" for e in error.errors())
        return await _error_page(
            request, NotFound() if in_path else Invalid("Địa chỉ này có phần không đúng.")
        )

    @app.exception_handler(IntegrityError)
    async def refused_by_schema(request: Request, error: IntegrityError) -> Response:
        log.warning("refused_by_schema", path=loggable(request.url.path), error=str(error.orig))
        return await _error_page(
            request, Conflict("Nội dung vừa được người khác thay đổi. Tải lại trang rồi gửi lại.")
        )

    @app.exception_handler(HTTPException)
    async def by_framework(request: Request, error: HTTPException) -> Response:
        return await _error_page(request, _from_status(error.status_code))

    @app.exception_handler(Exception)
    async def unknown(request: Request, error: Exception) -> Response:
        ours = _from_status(500)
        ours.details["request_id"] = getattr(request.state, "request_id", uuid4().hex)
        path = loggable(request.url.path)
        log.error("unhandled", request_id=ours.details["request_id"], path=path, exc_info=error)
        return HTMLResponse(_bare_page(ours), 500)


def _show(request: Request, refused: FormRefused) -> str:
    """The page the form came from, read anew, with what was typed and what is wrong with it."""
    work = new_work(request, is_write=False, actor=find_actor_of_route(request))
    try:
        return refused.show(work, refused.form)
    finally:
        work.session.close()


async def _answer(request: Request, error: TienDoError) -> Response:
    if not isinstance(error, NotSignedIn):
        return await _error_page(request, error)
    if request.method == "GET":
        return RedirectResponse(f"/dang-nhap?tiep={quote(_here(request))}", status_code=303)
    try:
        return HTMLResponse(_sign_in_again(request, await read_form(request), error), 401)
    finally:
        await request.close()  # the form's files, where the route never came to read them


async def _error_page(request: Request, error: TienDoError) -> Response:
    def build() -> str:
        work = new_work(request, is_write=False)
        try:
            page = frame(request, work, error.title)
            return page_text("errors/page.html", page, **_said(error))
        finally:
            work.session.close()

    return HTMLResponse(await house_of(request).in_thread(build), error.status)


def _bare_page(error: TienDoError) -> str:
    """Without the database: it may be what is broken."""
    return render("errors/page.html", page=Page(title=error.title), form_key="", **_said(error))


def _said(error: TienDoError) -> dict[str, Any]:
    return {
        "status": error.status,
        "title": error.title,
        "message": error.message,
        "way_back": None,
        "advise": not isinstance(error, LinkGone),  # it says itself what to do
        "request_id": error.details.get("request_id", ""),
    }


def _sign_in_again(request: Request, form: Form, error: NotSignedIn) -> str:
    """The session ended while a form was being typed: sign in, then send the same form, still filled in."""
    return render(
        "sign_in/page.html",
        page=Page(title="Đăng nhập lại", demo=house_of(request).settings.demo),
        form=Form(error=error),
        next_address="",
        demo_people=(),
        demo_links=(),
        kept_action=_here(request),
        kept_fields=[(n, v) for n, vs in form.values.items() for v in vs if not n.endswith("password")],
        kept_files=sorted(form.files),
        form_key="",
    )


def _here(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


_FROM_STATUS = {
    404: ("Không tìm thấy trang", "Không có trang này. Kiểm tra lại đường dẫn hoặc về trang chủ."),
    405: ("Không thực hiện được", "Trang này không nhận thao tác đó. Quay lại và dùng nút trên trang."),
    413: ("Quá lớn", "Nội dung gửi lên quá lớn (tối đa 25 MB). Chia nhỏ tệp rồi gửi lại."),
    500: (
        "Hệ thống gặp lỗi",
        "Lỗi này là của hệ thống. Thử lại sau ít phút; nếu vẫn lỗi, báo cho người vận hành.",
    ),
}


def _from_status(status: int) -> TienDoError:
    title, message = _FROM_STATUS.get(
        status, ("Không thực hiện được", "Yêu cầu không đúng. Quay lại và thử lại.")
    )
    error = TienDoError(message, code=f"http_{status}")
    error.status, error.title = status, title
    return error
