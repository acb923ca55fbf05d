"""Everything a service may refuse with, in Vietnamese, saying what the person can do next.

    TienDoError
    ├── NotSignedIn            401  nobody is signed in, or the session ended
    ├── Forbidden              403  may know of it, may not do it
    ├── NotFound               404  is not there, or may not be known of
    │   └── LinkGone           404  a secret address that is unknown, has expired or was revoked
    ├── Conflict               409  a rule of the domain stands against it
    │   └── IllegalStep        409  the state machine knows no such step from here
    ├── Stale                  412  somebody changed it since it was read
    ├── TooLarge               413  more than the service takes
    ├── Invalid                422  what was typed or sent cannot be used as it is
    │   └── UnreadableDocument 422  the uploaded document cannot be read (empty, binary, secret …)
    ├── WrongProtocol      412/415  a program does not speak as the protocol of uploads asks
    ├── VersionRequired        428  a change was sent without the version it is based on
    └── TooManyTries           429  signing in, or opening links, is paused

`code` is stable and machine-readable; `errors` maps a field's name to the sentence about it.
A programming mistake (a write nobody was asked permission for, a change without an event) is a
`BrokenPromise`: never shown to people, always a 500.
"""

from collections.abc import Mapping
from typing import Any


class TienDoError(Exception):
    status = 400
    code = "error"
    title = "Không thực hiện được"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        errors: Mapping[str, str] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.errors = dict(errors or {})
        self.details = dict(details or {})


class NotSignedIn(TienDoError):
    status = 401
    code = "not_signed_in"
    title = "Cần đăng nhập"

    def __init__(
        self, message: str = "Bạn chưa đăng nhập hoặc phiên làm việc đã hết. Hãy đăng nhập lại."
    ) -> None:
        super().__init__(message)


class Forbidden(TienDoError):
    status = 403
    code = "forbidden"
    title = "Không được phép"

    def __init__(
        self, message: str = "Vai trò của bạn không được làm việc này. Hãy liên hệ Văn phòng."
    ) -> None:
        super().__init__(message)


class NotFound(TienDoError):
    status = 404
    code = "not_found"
    title = "Không tìm thấy"

    def __init__(self, message: str = "Không tìm thấy nội dung này. Hãy kiểm tra lại đường dẫn.") -> None:
        super().__init__(message)


class LinkGone(NotFound):
    code = "link_gone"
    title = "Liên kết không dùng được"

    def __init__(
        self,
        message: str = "Liên kết đã hết hạn, đã được thay bằng liên kết mới, hoặc chép chưa đủ."
        " Hãy xin Văn phòng của xã, phường liên kết mới, hoặc quét lại mã trên tờ mới nhất.",
    ) -> None:
        super().__init__(message)


class Conflict(TienDoError):
    status = 409
    code = "conflict"
    title = "Chưa thực hiện được"


class IllegalStep(Conflict):
    code = "illegal_step"


class Stale(TienDoError):
    status = 412
    code = "stale"
    title = "Nội dung đã thay đổi"

    def __init__(self, version: int, changed: Mapping[str, Any] | None = None) -> None:
        super().__init__(
            "Nội dung này vừa được người khác sửa. Xem bản mới bên dưới rồi gửi lại phần của bạn.",
            details={"version": version, "changed": dict(changed or {})},
        )


class TooLarge(TienDoError):
    status = 413
    code = "too_large"
    title = "Tệp quá lớn"


class Invalid(TienDoError):
    status = 422
    code = "invalid"
    title = "Nội dung chưa hợp lệ"

    @classmethod
    def field(cls, name: str, message: str) -> "Invalid":
        return cls(message, errors={name: message})


class UnreadableDocument(Invalid):
    code = "unreadable_document"
    title = "Không đọc được văn bản"


class WrongProtocol(TienDoError):
    title = "Không đúng giao thức"

    def __init__(self, message: str, *, code: str, status: int) -> None:
        super().__init__(message, code=code)
        self.status = status


class VersionRequired(TienDoError):
    status = 428
    code = "version_required"
    title = "Thiếu phiên bản"

    def __init__(self) -> None:
        super().__init__("Yêu cầu sửa phải kèm phiên bản đang sửa (tiêu đề If-Match). Hãy đọc lại rồi gửi.")


class TooManyTries(TienDoError):
    status = 429
    code = "too_many_tries"
    title = "Thử quá nhiều lần"

    def __init__(self, minutes: int) -> None:
        super().__init__(f"Đã thử quá nhiều lần. Hãy chờ {minutes} phút rồi thử lại.")


class BrokenPromise(Exception):
    """Our own mistake, caught by construction before it can be committed."""
