"""Files on their way from the network to the rules: taken and looked into before a transaction begins, since a phone in
a village may take minutes over one, and looking into a photo takes a process of its own.

The pieces of an upload follow tus 1.0 (https://tus.io/protocols/resumable-upload, core, creation, expiration,
termination).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

from app.documents.figure_sheet import FilledSheet
from app.entry import house_of, new_work
from app.errors import Conflict, Invalid, TienDoError, WrongProtocol
from app.outside import upload_store
from app.services.evidence import MOST_FILES, Subject, check_may_add
from app.services.evidence_file import PreparedFile, RefusedFile, look_into_file
from app.services.figure_sheet_check import read_sent_sheet, require_sheet_sender
from app.services.upload import Incoming, get_upload
from app.work import Work

TUS = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
WRITTEN_AT_ONCE = 128 * 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """How much of the file is here now; once all of it is, what was found in it."""

    offset: int
    file: PreparedFile | RefusedFile | None


async def take_files(request: Request, about: Subject) -> list[PreparedFile | RefusedFile]:
    """The files in the field `file` of a multipart form, looked into. Whoever may not add them is told first."""
    return await take_files_of_form(request, "file", lambda work: check_may_add(work, about))


async def take_files_of_form(
    request: Request, field: str, check: Callable[[Work], None]
) -> list[PreparedFile | RefusedFile]:
    """The same of another field, once `check` raises nothing. The form's `_key` is kept for `give_work`."""
    await ask_first(request, check)
    async with request.form() as form:
        sent = [part for part in form.getlist(field) if isinstance(part, UploadFile) and part.filename]
        if len(sent) > MOST_FILES:
            raise Invalid.field(
                field, f"Một lần chỉ nhận tối đa {MOST_FILES} tệp. Hãy chia làm nhiều lần gửi."
            )
        files = [(part.filename or "", await part.read()) for part in sent]
        typed = form.get("_key")
        request.state.form_key = _key_with_files(typed, files) if isinstance(typed, str) and typed else None
        return [await _look_into(request, name, data) for name, data in files]


async def take_figure_sheet(request: Request, unit_id: UUID, period_id: UUID) -> FilledSheet | TienDoError:
    """The spreadsheet in the field `file` of a form, read, once its sender may send these figures. The form's `_key` is
    kept."""
    await ask_first(request, lambda work: require_sheet_sender(work, unit_id, period_id))
    async with request.form() as form:
        sent, typed = form.get("file"), form.get("_key")
        data = await sent.read() if isinstance(sent, UploadFile) else b""
        if isinstance(typed, str) and typed:
            request.state.form_key = _key_with_files(typed, [("", data)])
    return await house_of(request).look(lambda: read_sent_sheet(data))


FigureSheetSent = Annotated[FilledSheet | TienDoError, Depends(take_figure_sheet)]


async def take_piece(request: Request, upload_id: UUID) -> Piece:
    """Write down what comes of a file as it comes, so that a cut connection loses nothing; looks into it once it is
    whole. Conflict `upload_offset` where the sender and we disagree on how much is here."""
    check_tus(request)
    if request.headers.get("content-type") != PIECE_TYPE:
        raise WrongProtocol(f"Content-Type phải là {PIECE_TYPE}.", code="wrong_content_type", status=415)
    said = request.headers.get("upload-offset", "")
    if not said.isdecimal() or len(said) > 12:
        raise Invalid.field("Upload-Offset", "Thiếu Upload-Offset: số byte đã gửi.")
    incoming = await ask_first(request, lambda work: get_upload(work, upload_id))
    if int(said) != incoming.offset:
        raise _other_offset(incoming.offset)
    if incoming.is_done:
        return Piece(incoming.offset, None)
    offset = await _write_down(request, incoming)
    if offset < incoming.row.size:
        return Piece(offset, None)
    data_dir, house = house_of(request).settings.data_dir, house_of(request)
    data = await house.in_thread(lambda: upload_store.read(data_dir, upload_id))
    return Piece(offset, await _look_into(request, incoming.row.name, data))


def check_tus(request: Request) -> None:
    if request.headers.get("tus-resumable") != TUS:
        raise WrongProtocol(f"Tus-Resumable phải là {TUS}.", code="wrong_tus_version", status=412)


async def ask_first(request: Request, question: Callable[[Work], T]) -> T:
    """Ask on a connection of its own that is given back at once: nothing is held while the network is slow."""

    def ask() -> T:
        work = new_work(request, is_write=False)
        try:
            return question(work)
        finally:
            work.session.close()

    return await house_of(request).in_thread(ask)


async def _look_into(request: Request, name: str, data: bytes) -> PreparedFile | RefusedFile:
    return await house_of(request).look(lambda: look_into_file(name, data))


def _key_with_files(typed: str, files: Sequence[tuple[str, bytes]]) -> str:
    """Other files from a page that was left open are another sending, not a repeated one."""
    sent = hashlib.sha256()
    for name, data in files:
        sent.update(f"{name}\n{len(data)}\n".encode() + data)
    return f"{typed[:60]}.{sent.hexdigest()[:32]}"


async def _write_down(request: Request, incoming: Incoming) -> int:
    """The offset reached. When the connection breaks, what had come is kept and nobody hears the answer."""
    offset, waiting = incoming.offset, bytearray()
    house, size, key = house_of(request), incoming.row.size, incoming.row.id

    async def write() -> None:
        nonlocal offset
        piece, at = bytes(waiting), offset
        waiting.clear()
        if at + len(piece) > size:
            raise Invalid.field("Upload-Length", "Gửi nhiều hơn dung lượng đã báo. Hãy gửi lại từ đầu.")
        if piece and not await house.in_thread(
            lambda: upload_store.append(house.settings.data_dir, key, at, piece)
        ):
            raise _other_offset(upload_store.received(house.settings.data_dir, key))
        offset += len(piece)

    try:
        async for chunk in request.stream():
            waiting += chunk
            if len(waiting) >= WRITTEN_AT_ONCE:
                await write()
    except ClientDisconnect:
        await write()
    else:
        await write()
    return offset


def _other_offset(offset: int) -> Conflict:
    return Conflict(
        "Phần gửi không nối tiếp phần đã nhận. Hãy hỏi lại đã nhận đến đâu (HEAD) rồi gửi tiếp.",
        code="upload_offset",
        details={"offset": offset},
    )
