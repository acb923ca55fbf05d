"""The files of a document: what they are, their bytes, pictures of their pages; how far their reading is."""

import threading
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from app.documents.decoding import UnreadableDocument as NotReadable
from app.errors import NotFound, UnreadableDocument
from app.models import Document, DocumentFile, ReadingProgress, StoredFile
from app.models.base import columns
from app.outside import file_store, page_store
from app.outside.reader import page_image
from app.services._scope import find, visible
from app.services.document_reading import OPEN, document_actions, get_progress
from app.work import Work

# What a page is drawn at: few widths, so that few pictures are kept.
WIDTHS = (480, 960, 1600)
DRAWN = ("pdf", "scan", "image")
MEDIA_TYPES = {
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "pdf": "application/pdf",
    "scan": "application/pdf",
}
ERASED = (
    "Không có văn bản này. Văn bản vừa tải lên mà có dấu Mật, Tối mật, Tuyệt mật thì đã bị từ chối và xóa hết, "
    "không lưu lại gì."
)
# Drawing runs in a process of its own, which takes a core for a moment.
_drawing = threading.BoundedSemaphore(2)

documents, files, stored = columns(Document), columns(DocumentFile), columns(StoredFile)


@dataclass(frozen=True, slots=True)
class FileOf:
    """A file of a document, with what is stored of it."""

    row: DocumentFile
    stored: StoredFile

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES.get(self.row.format or "", "application/octet-stream")


@dataclass(frozen=True, slots=True)
class DocumentStatus:
    """`progress` is there while it is read; `before` counts documents of the service that are read first."""

    document: Document
    files: tuple[FileOf, ...]
    progress: ReadingProgress | None
    before: int
    actions: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.document.state in OPEN


@dataclass(frozen=True, slots=True)
class PageImage:
    """A JPEG; `key` changes whenever the picture would."""

    key: str
    picture: bytes


def list_files(work: Work, document_id: UUID) -> list[FileOf]:
    """In their order: the plan, then its annexes."""
    find(work, Document, document_id)
    asked = (
        visible(work, DocumentFile, files, stored)
        .join(stored, stored.id == files.stored_file_id)
        .where(files.document_id == document_id)
        .order_by(files.ordinal)
    )
    return [FileOf(*row) for row in work.session.execute(asked)]


def get_file(work: Work, document_id: UUID, ordinal: int) -> FileOf:
    for file in list_files(work, document_id):
        if file.row.ordinal == ordinal:
            return file
    raise NotFound


def read_file(work: Work, file: FileOf) -> bytes:
    try:
        return file_store.get(work.settings.data_dir, file.stored.sha256)
    except FileNotFoundError:
        raise NotFound("Tệp này không còn trong kho lưu. Hãy báo người quản trị.") from None


def build_status(work: Work, document_id: UUID) -> DocumentStatus:
    """NotFound tells whoever just uploaded it what may have happened, without saying that it did."""
    try:
        document = find(work, Document, document_id)
    except NotFound:
        raise NotFound(ERASED) from None
    return DocumentStatus(
        document=document,
        files=tuple(list_files(work, document_id)),
        progress=get_progress(work, document),
        before=_count_before(work, document) if document.state == "waiting" else 0,
        actions=tuple(document_actions(work, document)),
    )


def draw_page(work: Work, document_id: UUID, page: int, width: int) -> PageImage:
    """A page of a PDF or a picture, counted through all files; `width` pixels, or the next width we draw."""
    file = _file_of_page(work, document_id, page)
    sha256, within = file.stored.sha256, page - (file.row.first_page or 1) + 1
    drawn = next((one for one in WIDTHS if one >= width), WIDTHS[-1])
    key = f"{sha256[:20]}-{within}-{drawn}"
    kept = page_store.get(work.settings.data_dir, sha256, within, drawn)
    if kept is not None:
        return PageImage(key, kept)
    data = read_file(work, file)
    try:
        with _drawing:
            picture = page_image(data, within, drawn)
    except NotReadable as error:
        raise UnreadableDocument(str(error), code=error.code) from error
    page_store.put(work.settings.data_dir, sha256, within, drawn, picture)
    return PageImage(key, picture)


def _file_of_page(work: Work, document_id: UUID, page: int) -> FileOf:
    for file in list_files(work, document_id):
        first, last = file.row.first_page, file.row.last_page
        if first is not None and last is not None and first <= page <= last and file.row.format in DRAWN:
            return file
    raise NotFound


def _count_before(work: Work, document: Document) -> int:
    """Of all localities: one queue serves them. A number, nothing else, is said of the others."""
    asked = select(func.count()).where(documents.state.in_(OPEN), documents.id < document.id)
    return work.session.scalars(asked).one()
