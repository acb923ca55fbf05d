"""Taking a plan in from the shell: read, kept, and if wanted accepted and issued, in one go."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.cli.shell import Refused, system_work
from app.documents.decoding import UnreadableDocument
from app.documents.sources import Source
from app.documents.values import Reading
from app.outside.reader import read_files
from app.services.document import SentFile, is_plain_text, refuse_document
from app.services.locality import get_locality_by_code
from app.services.plan import import_plan
from app.settings import MAX_UPLOAD_BYTES

PlanFiles = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Tệp của kế hoạch; các phụ lục, nếu có, nêu sau.")
]


def add_commands(app: typer.Typer) -> None:
    app.command("import")(import_files)


def import_files(
    files: PlanFiles,
    locality: Annotated[str, typer.Option("--locality", help="Mã địa phương.")],
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Nhận mọi điều đọc được.")] = False,
    issue: Annotated[bool, typer.Option("--issue", help="Ban hành ngay, giao việc cho các đơn vị.")] = False,
) -> None:
    """Tiếp nhận một kế hoạch; in JSON: mã kế hoạch và số lượng từng loại."""
    if issue and not accept_all:
        raise Refused("--issue cần đi cùng --accept-all: chỉ ban hành những gì đã nhận.")
    sent = [SentFile(file.name, bytes_of(file)) for file in files]
    with system_work() as work:
        place = get_locality_by_code(work, locality).id
    read = _read(sent, place)
    with system_work() as work:
        done = import_plan(
            work,
            name=sent[0].name,
            data=sent[0].data,
            annexes=sent[1:],
            locality_id=place,
            accept=accept_all,
            issue=issue,
            read=read,
        )
    typer.echo(json.dumps(asdict(done) | {"plan": str(done.plan)}))


def bytes_of(file: Path) -> bytes:
    with file.open("rb") as source:
        data = source.read(MAX_UPLOAD_BYTES + 1)
    if len(data) > MAX_UPLOAD_BYTES:
        raise Refused(f"{file} quá lớn, tối đa {MAX_UPLOAD_BYTES // 1024 // 1024} MB.")
    return data


def _read(sent: list[SentFile], place: UUID) -> tuple[Source, Reading] | None:
    """What is not plain text is read before the transaction: reading a scan takes minutes, and others work."""
    if is_plain_text(sent):
        return None
    try:
        return read_files([(file.name, file.data) for file in sent])
    except UnreadableDocument as error:
        with system_work() as work:
            refuse_document(work, place, error)
