"""Reading a plan without a database. Taking one in: importing.py."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli.importing import bytes_of
from app.cli.shell import Refused
from app.documents.decoding import UnreadableDocument
from app.documents.reading import read_bytes, reading_as_json, summarise
from app.documents.recognition import recognise
from app.documents.values import Reading
from app.outside.reader import Progress, read_files

PlanFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="Kế hoạch, rồi các phụ lục: .txt, .docx, .pdf (cả bản quét), .jpg, .png, .xlsx, .doc.",
    ),
]


def add_commands(app: typer.Typer) -> None:
    app.command("read")(read)


def read(
    files: PlanFiles,
    as_json: Annotated[bool, typer.Option("--json", help="In toàn bộ dưới dạng JSON.")] = False,
) -> None:
    """Đọc một kế hoạch và in những gì đọc được; không cần cơ sở dữ liệu."""
    try:
        reading = _reading_of([(file.name, bytes_of(file)) for file in files])
    except UnreadableDocument as error:
        raise Refused(str(error)) from error
    if as_json:
        typer.echo(json.dumps(reading_as_json(reading), ensure_ascii=False, indent=1))
    else:
        typer.echo(summarise(reading))


def _reading_of(named: list[tuple[str, bytes]]) -> Reading:
    """A text needs no process of its own; other formats are opened in one that may die."""
    if len(named) == 1 and recognise(named[0][1]) == "txt":
        return read_bytes(named[0][1], named[0][0])
    return read_files(named, on_progress=_show_progress)[1]


def _show_progress(progress: Progress) -> None:
    if sys.stderr.isatty():
        ends = progress.page == progress.of
        typer.echo(f"\rĐang đọc trang {progress.page}/{progress.of}", err=True, nl=ends)
