"""From a reading to rows: the clauses, candidates and draft plan of a document that was just read."""

from dataclasses import astuple
from uuid import UUID

from sqlalchemy import select

from app.documents.sources import Part, Source
from app.documents.values import Passage as ReadPassage
from app.documents.values import Reading
from app.events import DocumentUploaded, PlanDrafted
from app.models import Document, DocumentFile, Passage, Plan, StoredFile
from app.models.base import columns, new_id
from app.services.amended_plan import record_amending
from app.services.basis import keep_bases_read
from app.services.reading_as_candidates import candidates_of, is_in_scope, warnings_of
from app.text import fold
from app.work import Work

NOT_A_PLAN = (
    "Không thấy mục tiêu, nhiệm vụ hay phần tổ chức thực hiện nào nên chưa nhận ra đây là kế hoạch. "
    "Kiểm tra xem có chọn nhầm tệp hoặc thiếu trang không, rồi tải lên lại."
)
STRANGE_LETTERS = "Tệp có ký tự lạ (NUL). Hãy lưu lại thành .txt (UTF-8)."

files, plans = columns(DocumentFile), columns(Plan)


def fill_document(work: Work, document: Document, source: Source, reading: Reading) -> Plan:
    """The document is read: what it says becomes rows, and a draft plan. Its locality is locked by the caller:
    plan codes follow each other."""
    name = work.get(StoredFile, document.stored_file_id).name
    _say_facts(document, source, reading, name)
    work.add(document)
    _place_files(work, document, source)
    rows = [
        _passage(document, ordinal, passage, source)
        for ordinal, passage in enumerate(reading.passages, start=1)
    ]
    work.add(*rows)
    ids = {row.key: row.id for row in rows}
    work.add(*candidates_of(reading, document.id, document.locality_id, ids))
    plan = _draft_plan(work, document, name)
    work.record(DocumentUploaded(locality_id=document.locality_id, subject_id=document.id, name=name))
    work.record(PlanDrafted(locality_id=document.locality_id, subject_id=plan.id))
    record_amending(work, plan)
    keep_bases_read(work, plan, document, reading.document.implements)
    return plan


def _say_facts(document: Document, source: Source, reading: Reading, name: str) -> None:
    facts = reading.document
    document.state = "read"
    document.text = source.text
    document.pages = source.pages or None
    document.title = facts.title
    document.kind = facts.kind
    document.issuer = facts.issuer
    document.number = facts.number[:60] if facts.number else None
    document.issued_on = facts.date
    document.references = list(facts.references)
    document.signed_as = facts.signed_as
    document.signed_by = facts.signed_by
    document.distribution = list(facts.distribution)
    document.warnings = warnings_of(reading)
    document.folded = fold(" ".join(filter(None, (facts.title, facts.number, facts.issuer, name))))


def _place_files(work: Work, document: Document, source: Source) -> None:
    rows = work.session.scalars(
        select(files).where(files.document_id == document.id).order_by(files.ordinal)
    ).all()
    for part in source.parts:
        row = rows[part.file]
        row.format = part.format
        row.start_at, row.end_at = part.start, part.end
        if part.pages:
            row.first_page, row.last_page = part.first_page, part.first_page + part.pages - 1


def _passage(document: Document, ordinal: int, read: ReadPassage, source: Source) -> Passage:
    return Passage(
        id=new_id(),
        locality_id=document.locality_id,
        document_id=document.id,
        ordinal=ordinal,
        key=read.id,
        path=read.path[:60],
        kind=read.kind,
        raw=source.text[read.start : read.end],
        text=read.text,
        start_at=read.start,
        end_at=read.end,
        in_scope=is_in_scope(read),
        file_ordinal=_file_at(source.parts, read.start),
        page=read.page,
        box=list(astuple(read.box)) if read.box else None,
        confidence=read.confidence,
    )


def _file_at(parts: tuple[Part, ...], start: int) -> int:
    """The ordinal of the file the character belongs to; blank lines between two files belong to the first."""
    return max(((part.start, part.file + 1) for part in parts if part.start <= start), default=(0, 1))[1]


def _draft_plan(work: Work, document: Document, file_name: str) -> Plan:
    title = document.title or file_name.rsplit(".", 1)[0]
    plan = Plan(
        locality_id=document.locality_id,
        document_id=document.id,
        amends_id=document.amends_id,
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
