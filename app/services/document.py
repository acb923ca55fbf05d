"""Issued documents: reading what is kept of them, and taking new ones in.

A plain text is read while its sender waits; any other format waits for a job (document_reading.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn
from uuid import UUID

from sqlalchemy import func, select

from app.documents.decoding import SecretDocument, TooLargeDocument, decode
from app.documents.decoding import UnreadableDocument as NotReadable
from app.documents.reading import read_bytes
from app.documents.recognition import damaged, recognise
from app.documents.secrecy import refuse_secret
from app.documents.sources import Part, Source
from app.documents.values import Reading
from app.errors import Conflict, Invalid, NotFound, TooLarge, UnreadableDocument
from app.events import DocumentReceived, DocumentRefused
from app.models import Document, DocumentFile, Locality, Passage, Plan, StoredFile
from app.models.base import columns, new_id
from app.outside import file_store
from app.permissions import Permission
from app.services._scope import find, home_locality, visible
from app.services.amended_plan import check_amendable
from app.services.document_filling import NOT_A_PLAN, STRANGE_LETTERS, fill_document
from app.services.reading_as_candidates import is_a_plan
from app.settings import MAX_UPLOAD_BYTES
from app.text import fold, nfc
from app.work import Work

MOST_FILES = 20
TOO_LARGE = "Tệp lớn quá 25 MB. Hãy tách kế hoạch và phụ lục thành các tệp nhỏ hơn."
# What ZIP files hold is only looked at in the process that reads them: even opening one can be costly.
_PACKAGE = (b"PK\x03\x04", b"PK\x05\x06")

stored, documents = columns(StoredFile), columns(Document)
files, passages, plans = columns(DocumentFile), columns(Passage), columns(Plan)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent; its name is for people to read, never a path."""

    name: str
    data: bytes


def get_document(work: Work, document_id: UUID) -> Document:
    return find(work, Document, document_id)


def list_passages(
    work: Work, document_id: UUID, *, after: int | None = None, limit: int | None = None
) -> list[Passage]:
    """In the order of the text; `after` is the ordinal of the last one read."""
    document = find(work, Document, document_id)
    statement = visible(work, Passage).where(passages.document_id == document.id)
    if after is not None:
        statement = statement.where(passages.ordinal > after)
    return list(work.session.scalars(statement.order_by(passages.ordinal).limit(limit)))


def get_passage(work: Work, passage_id: UUID) -> Passage:
    return find(work, Passage, passage_id)


def plan_of(work: Work, document_id: UUID) -> Plan:
    """The plan a document was taken in for, for those who may read the document. Its lock (when this work
    writes) comes before those of candidates: everybody takes them in that order. Conflict until it is read."""
    readable = visible(work, Document, documents.id).where(documents.id == document_id)
    if work.session.scalars(readable).first() is None:
        raise NotFound
    plan = work.session.scalars(select(plans.id).where(plans.document_id == document_id)).first()
    if plan is None:
        raise Conflict("Văn bản này chưa đọc xong nên chưa có kế hoạch.", code="document_not_read")
    return find(work, Plan, plan)


def upload_document(work: Work, *, name: str, data: bytes, locality_id: UUID | None = None) -> Document:
    """`upload_files` of one file."""
    return upload_files(work, [SentFile(name, data)], locality_id=locality_id)


def upload_files(
    work: Work,
    sent: Sequence[SentFile],
    *,
    locality_id: UUID | None = None,
    read: tuple[Source, Reading] | None = None,
    amends: UUID | None = None,
) -> Document:
    """Take in an issued plan, its annexes after it. One plain text becomes clauses, candidates and a draft plan at
    once, and so does what the caller has `read` already; anything else waits to be read.

    Invalid for no file, too many, or one twice; TooLarge; UnreadableDocument (secret ones included: of those only the
    refusal is kept); Conflict when the same bytes are already here, naming that document, and when the plan it `amends`
    is not in force.
    """
    place = home_locality(work, locality_id)
    work.require(Permission.DOCUMENT_UPLOAD, place)
    work.get(Locality, place)  # locked: plan codes follow each other, and a double click waits here
    sent = [SentFile(_shown_name(file.name), file.data) for file in sent]
    _check_sent(sent)
    formats = [_look_at(work, place, file) for file in sent]
    if read is not None:
        _check_read(*read)
    elif formats == ["txt"]:
        read = _read_at_once(work, place, sent[0])
    _check_new(work, place, sent)
    if amends is not None:
        check_amendable(work, amends, place)

    document = _keep(work, place, sent, formats)
    document.amends_id = amends
    if read is None:
        work.record(DocumentReceived(locality_id=place, subject_id=document.id, files=len(sent)))
    else:
        fill_document(work, document, *read)
    return document


def is_plain_text(sent: Sequence[SentFile]) -> bool:
    """Whether `upload_files` reads it, or refuses it, at once."""
    if len(sent) > 1 or sent[0].data.startswith(_PACKAGE):
        return False
    try:
        return recognise(sent[0].data) == "txt"
    except NotReadable:
        return True


def refuse_document(work: Work, place: UUID, error: NotReadable) -> NoReturn:
    """Raise what the sender is told. Of a secret document the refusal is kept, even though this work fails."""
    if isinstance(error, SecretDocument):
        work.record_if_refused(DocumentRefused(locality_id=place, subject_id=place))
    if isinstance(error, TooLargeDocument):
        raise TooLarge(str(error)) from None
    raise UnreadableDocument(str(error), code=error.code) from None


def _shown_name(name: str) -> str:
    """What the sender called the file, for people to read: never a path."""
    last = nfc(name).replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip()
    return printable[-255:] or "van-ban.txt"


def _check_sent(sent: Sequence[SentFile]) -> None:
    if not sent:
        raise Invalid.field("file", "Chưa chọn tệp. Hãy chọn tệp của kế hoạch đã ban hành.")
    if len(sent) > MOST_FILES:
        raise Invalid.field("file", f"Một lần chỉ nhận tối đa {MOST_FILES} tệp. Hãy bỏ bớt hoặc gộp lại.")
    if sum(len(file.data) for file in sent) > MAX_UPLOAD_BYTES:
        raise TooLarge(TOO_LARGE if len(sent) == 1 else "Các tệp gộp lại lớn quá 25 MB. Hãy giảm dung lượng.")
    seen: dict[bytes, str] = {}
    for file in sent:
        if not file.data.strip() and len(sent) > 1:
            raise Invalid.field("file", f"Tệp “{file.name}” không có nội dung. Hãy bỏ ra hoặc chọn lại.")
        if file.data in seen:
            same = seen[file.data]
            raise Invalid.field("file", f"Tệp “{file.name}” giống hệt “{same}”. Hãy chỉ chọn một lần.")
        seen[file.data] = file.name


def _look_at(work: Work, place: UUID, file: SentFile) -> str | None:
    """The format by content, None where only reading tells. A mark of secrecy may stand in the name."""
    try:
        refuse_secret("", file.name)
        format_ = None if file.data.startswith(_PACKAGE) else recognise(file.data)
        if format_ == "pdf" and b"endobj" not in file.data:
            raise damaged()  # nobody needs to wait to hear that
        return format_
    except NotReadable as error:
        refuse_document(work, place, error)


def _read_at_once(work: Work, place: UUID, file: SentFile) -> tuple[Source, Reading]:
    try:
        reading = read_bytes(file.data, file.name)
    except NotReadable as error:
        refuse_document(work, place, error)
    text = decode(file.data)
    source = Source("txt", text, parts=(Part(0, file.name, "txt", 0, len(text)),))
    _check_read(source, reading)
    return source, reading


def _check_read(source: Source, reading: Reading) -> None:
    if not is_a_plan(reading):
        raise UnreadableDocument(NOT_A_PLAN, code="not_a_plan")
    if "\x00" in source.text:  # PostgreSQL cannot hold it
        raise UnreadableDocument(STRANGE_LETTERS, code="binary_document")


def _check_new(work: Work, place: UUID, sent: Sequence[SentFile]) -> None:
    """An annex may belong to several plans; but all of these files together in one document are that document."""
    hashes = [file_store.name_of(file.data) for file in sent]
    same = (
        select(files.document_id)
        .join(stored, stored.id == files.stored_file_id)
        .where(files.locality_id == place, stored.sha256.in_(hashes))
        .group_by(files.document_id)
        .having(func.count(stored.sha256.distinct()) == len(hashes))
        .order_by(files.document_id)
    )
    found = work.session.scalars(same).first()
    if found is not None:
        raise Conflict(
            "Văn bản này đã được tải lên trước đó. Hãy mở văn bản đã có để làm tiếp.",
            code="already_uploaded",
            details={"document": str(found), "href": f"/van-ban/{found}"},
        )


def _keep(work: Work, place: UUID, sent: Sequence[SentFile], formats: Sequence[str | None]) -> Document:
    """The files, and a document that waits to be read."""
    kept = [
        StoredFile(
            id=new_id(),
            locality_id=place,
            sha256=file_store.put(work.settings.data_dir, file.data),
            size=len(file.data),
            name=file.name,
            media_type="text/plain" if format_ == "txt" else "application/octet-stream",
            stored_at=work.now,
        )
        for file, format_ in zip(sent, formats, strict=True)
    ]
    document = Document(
        id=new_id(),
        locality_id=place,
        stored_file_id=kept[0].id,
        state="waiting",
        text="",
        folded=fold(" ".join(file.name for file in sent)),
        uploaded_by_id=work.actor.account_id,
        created_at=work.now,
    )
    work.add(*kept)
    work.add(document)
    work.add(*_files_of(document, kept, formats))
    return document


def _files_of(
    document: Document, kept: Sequence[StoredFile], formats: Sequence[str | None]
) -> list[DocumentFile]:
    return [
        DocumentFile(
            locality_id=document.locality_id,
            document_id=document.id,
            ordinal=ordinal,
            stored_file_id=file.id,
            format=format_,
        )
        for ordinal, (file, format_) in enumerate(zip(kept, formats, strict=True), start=1)
    ]
