"""Issued documents: taking one in, and reading what it holds."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.documents.decoding import SecretDocument, TooLargeDocument, decode
from app.documents.decoding import UnreadableDocument as NotReadable
from app.documents.reading import read_bytes
from app.documents.values import Passage as ReadPassage
from app.documents.values import Reading
from app.errors import Conflict, NotFound, TooLarge, UnreadableDocument
from app.events import DocumentRefused, DocumentUploaded, PlanDrafted
from app.models import Document, Locality, Passage, Plan, StoredFile
from app.models.base import columns, new_id
from app.outside import file_store
from app.permissions import Permission
from app.services._scope import find, home_locality, visible
from app.services.reading_as_candidates import candidates_of, is_a_plan, is_in_scope, warnings_of
from app.settings import MAX_UPLOAD_BYTES
from app.text import fold, nfc
from app.work import Work

stored, documents = columns(StoredFile), columns(Document)
passages, plans = columns(Passage), columns(Plan)


@dataclass(frozen=True, slots=True)
class _Read:
    """An uploaded text with what was read in it."""

    name: str
    data: bytes
    text: str
    reading: Reading


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
    writes) comes before those of candidates: everybody takes them in that order."""
    readable = visible(work, Document, documents.id).where(documents.id == document_id)
    if work.session.scalars(readable).first() is None:
        raise NotFound
    return find(
        work, Plan, work.session.scalars(select(plans.id).where(plans.document_id == document_id)).one()
    )


def upload_document(work: Work, *, name: str, data: bytes, locality_id: UUID | None = None) -> Document:
    """Take in the bytes of an issued plan's text: clauses, candidates and a draft plan.

    TooLarge; UnreadableDocument (secret ones included: of those only the refusal is kept); Conflict when the
    same bytes are already here, naming that document.
    """
    place = home_locality(work, locality_id)
    work.require(Permission.DOCUMENT_UPLOAD, place)
    work.get(Locality, place)  # locked: plan codes follow each other, and a double click waits here
    name = _shown_name(name)
    read = _read(work, place, name, data)
    _check_new(work, place, data)

    document = _keep(work, place, read)
    plan = _draft_plan(work, document, name)
    work.record(DocumentUploaded(locality_id=place, subject_id=document.id, name=name))
    work.record(PlanDrafted(locality_id=place, subject_id=plan.id))
    return document


def _shown_name(name: str) -> str:
    """What the sender called the file, for people to read: never a path."""
    last = nfc(name).replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(letter for letter in last if letter.isprintable()).strip()
    return printable[-255:] or "van-ban.txt"


def _read(work: Work, place: UUID, name: str, data: bytes) -> _Read:
    if len(data) > MAX_UPLOAD_BYTES:
        raise TooLarge("Tệp lớn quá 25 MB. Hãy tách kế hoạch và phụ lục thành các tệp nhỏ hơn.")
    try:
        reading = read_bytes(data, name)
    except SecretDocument as error:
        work.record_if_refused(DocumentRefused(locality_id=place, subject_id=place))
        raise UnreadableDocument(str(error), code=error.code) from None
    except TooLargeDocument as error:
        raise TooLarge(str(error)) from None
    except NotReadable as error:
        raise UnreadableDocument(str(error), code=error.code) from None
    if not is_a_plan(reading):
        raise UnreadableDocument(
            "Không thấy mục tiêu, nhiệm vụ hay phần tổ chức thực hiện nào nên chưa nhận ra đây là kế hoạch. "
            "Kiểm tra xem có chọn nhầm tệp hoặc thiếu trang không, rồi tải lên lại.",
            code="not_a_plan",
        )
    text = decode(data)
    if "\x00" in text:  # PostgreSQL cannot hold it
        raise UnreadableDocument(
            "Tệp có ký tự lạ (NUL). Hãy lưu lại thành .txt (UTF-8).", code="binary_document"
        )
    return _Read(name, data, text, reading)


def _check_new(work: Work, place: UUID, data: bytes) -> None:
    same = (
        select(documents.id)
        .join(stored, stored.id == documents.stored_file_id)
        .where(stored.locality_id == place, stored.sha256 == file_store.name_of(data))
    )
    found = work.session.scalars(same).first()
    if found is not None:
        raise Conflict(
            "Văn bản này đã được tải lên trước đó. Hãy mở văn bản đã có để làm tiếp.",
            code="already_uploaded",
            details={"document": str(found), "href": f"/van-ban/{found}"},
        )


def _keep(work: Work, place: UUID, read: _Read) -> Document:
    kept = StoredFile(
        locality_id=place,
        sha256=file_store.put(work.settings.data_dir, read.data),
        size=len(read.data),
        name=read.name,
        media_type="text/plain",
        stored_at=work.now,
    )
    document = _document(work, kept, read)
    work.add(kept)
    work.add(document)
    rows = [
        _passage(document, ordinal, passage, read.text)
        for ordinal, passage in enumerate(read.reading.passages, start=1)
    ]
    work.add(*rows)
    ids = {row.key: row.id for row in rows}
    work.add(*candidates_of(read.reading, document.id, place, ids))
    return document


def _document(work: Work, kept: StoredFile, read: _Read) -> Document:
    facts = read.reading.document
    return Document(
        id=new_id(),
        locality_id=kept.locality_id,
        stored_file_id=kept.id,
        text=read.text,
        title=facts.title,
        kind=facts.kind,
        issuer=facts.issuer,
        number=facts.number[:60] if facts.number else None,
        issued_on=facts.date,
        references=list(facts.references),
        signed_as=facts.signed_as,
        signed_by=facts.signed_by,
        distribution=list(facts.distribution),
        warnings=warnings_of(read.reading),
        folded=fold(" ".join(filter(None, (facts.title, facts.number, facts.issuer, read.name)))),
        uploaded_by_id=work.actor.account_id,
        created_at=work.now,
    )


def _passage(document: Document, ordinal: int, read: ReadPassage, text: str) -> Passage:
    return Passage(
        id=new_id(),
        locality_id=document.locality_id,
        document_id=document.id,
        ordinal=ordinal,
        key=read.id,
        path=read.path[:60],
        kind=read.kind,
        raw=text[read.start : read.end],
        text=read.text,
        start_at=read.start,
        end_at=read.end,
        in_scope=is_in_scope(read),
    )


def _draft_plan(work: Work, document: Document, file_name: str) -> Plan:
    title = document.title or file_name.rsplit(".", 1)[0]
    plan = Plan(
        locality_id=document.locality_id,
        document_id=document.id,
        code=_next_code(work, document.locality_id),
        title=title,
        kind=document.kind,
        issuer=document.issuer,
        number=document.number,
        issued_on=document.issued_on,
        folded=fold(f"{title} {document.number or ''}"),
        created_at=work.now,
    )
    work.add(plan)
    return plan


def _next_code(work: Work, place: UUID) -> str:
    codes = work.session.scalars(select(plans.code).where(plans.locality_id == place))
    numbers = [int(code[3:]) for code in codes if code.startswith("KH-") and code[3:].isdigit()]
    return f"KH-{max(numbers, default=0) + 1:02d}"
