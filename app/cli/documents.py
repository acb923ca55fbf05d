"""Reading a plan's text, and taking it in."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.cli.shell import Refused, system_work
from app.documents.decoding import UnreadableDocument
from app.documents.reading import read_bytes, reading_as_json, summarise
from app.services.locality import get_locality_by_code
from app.services.plan import import_plan
from app.settings import MAX_UPLOAD_BYTES

PlanFile = Annotated[Path, typer.Argument(metavar="FILE", help="Tệp văn bản của kế hoạch (.txt).")]


def add_commands(app: typer.Typer) -> None:
    app.command("read")(read)
    app.command("import")(import_file)


def read(
    file: PlanFile,
    as_json: Annotated[bool, typer.Option("--json", help="In toàn bộ dưới dạng JSON.")] = False,
) -> None:
    """Đọc một kế hoạch và in những gì đọc được; không cần cơ sở dữ liệu."""
    try:
        reading = read_bytes(_bytes_of(file), file.name)
    except UnreadableDocument as error:
        raise Refused(str(error)) from error
    if as_json:
        typer.echo(json.dumps(reading_as_json(reading), ensure_ascii=False, indent=1))
    else:
        typer.echo(summarise(reading))


def import_file(
    file: PlanFile,
    locality: Annotated[str, typer.Option("--locality", help="Mã địa phương.")],
    accept_all: Annotated[bool, typer.Option("--accept-all", help="Nhận mọi điều đọc được.")] = False,
    issue: Annotated[bool, typer.Option("--issue", help="Ban hành ngay, giao việc cho các đơn vị.")] = False,
) -> None:
    """Tiếp nhận một kế hoạch; in JSON: mã kế hoạch và số lượng từng loại."""
    if issue and not accept_all:
        raise Refused("--issue cần đi cùng --accept-all: chỉ ban hành những gì đã nhận.")
    data = _bytes_of(file)
    with system_work() as work:
        place = get_locality_by_code(work, locality).id
        done = import_plan(work, name=file.name, data=data, locality_id=place, accept=accept_all, issue=issue)
    typer.echo(json.dumps(asdict(done) | {"plan": str(done.plan)}))


def _bytes_of(file: Path) -> bytes:
    with file.open("rb") as source:
        data = source.read(MAX_UPLOAD_BYTES + 1)
    if len(data) > MAX_UPLOAD_BYTES:
        raise Refused(f"{file} quá lớn, tối đa {MAX_UPLOAD_BYTES // 1024 // 1024} MB.")
    return data
