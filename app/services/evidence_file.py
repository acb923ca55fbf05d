"""A file that was sent as evidence, looked into before any rule or row is touched: this takes seconds and a process
of its own, so no transaction may be open meanwhile."""

from dataclasses import dataclass
from typing import cast

from app.documents.attachments import MEDIA_TYPES, shown_name
from app.documents.decoding import SecretDocument, TooLargeDocument
from app.documents.decoding import UnreadableDocument as NotReadable
from app.documents.secrecy import refuse_secret
from app.errors import Invalid, TienDoError, TooLarge, UnreadableDocument
from app.outside.reader import look_into
from app.settings import MAX_UPLOAD_BYTES

ADVICE = {
    "damaged_document": "Tệp bị hỏng hoặc chưa tải hết. Hãy mở thử trên máy, lưu lại rồi gửi lần nữa.",
    "reading_failed": "Không mở được tệp này. Hãy mở thử trên máy, lưu lại rồi gửi lần nữa.",
    "secret_document": (
        "Tệp có dấu chỉ mức độ mật nên hệ thống không nhận và không lưu nội dung nào. "
        "Hãy xử lý theo quy định về bảo vệ bí mật nhà nước, ngoài hệ thống."
    ),
}


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file as it may be kept: a photo is its pixels alone."""

    name: str
    media_type: str
    data: bytes
    preview: bytes | None


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """`name` is empty for a file marked secret: of that nothing is repeated."""

    name: str
    error: TienDoError

    @property
    def sentence(self) -> str:
        return f"“{self.name}”: {self.error.message}" if self.name else self.error.message

    @property
    def is_secret(self) -> bool:
        return self.error.code == "secret_document"


def look_into_file(name: str, data: bytes) -> PreparedFile | RefusedFile:
    """Takes a second or two. What is refused is said, not raised: others sent with it may be good."""
    shown = shown_name(name)
    try:
        refuse_secret("", name)
        if len(data) > MAX_UPLOAD_BYTES:
            raise TooLargeDocument("Tệp lớn quá 25 MB. Hãy giảm cỡ ảnh hoặc chia nhỏ tệp rồi gửi lại.")
        found = look_into(data)
    except SecretDocument as error:
        return RefusedFile("", _refusal(error))
    except NotReadable as error:
        return RefusedFile(shown, _refusal(error))
    return PreparedFile(shown_name(name, found.kind), MEDIA_TYPES[found.kind], found.data, found.preview)


def check_announced(name: str, size: int) -> None:
    """What can be said of a file before the first byte of it: its name, its size."""
    if size > MAX_UPLOAD_BYTES:
        raise TooLarge("Tệp lớn quá 25 MB. Hãy giảm cỡ ảnh hoặc chia nhỏ tệp rồi gửi lại.")
    if size < 1:
        raise Invalid.field("file", "Tệp không có nội dung. Hãy chọn lại tệp.")
    try:
        refuse_secret("", name)
    except NotReadable as error:
        raise _refusal(error) from None


def _refusal(error: NotReadable) -> TienDoError:
    said = ADVICE.get(error.code, str(error))
    if isinstance(error, TooLargeDocument):
        return TooLarge(said)
    return cast(TienDoError, UnreadableDocument(said, code=error.code))
