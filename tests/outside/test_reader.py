import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from app.documents.decoding import (
    ProgramMissing,
    ReadingCancelled,
    ReadingFailed,
    SecretDocument,
    TooLargeDocument,
    UnsupportedDocument,
)
from app.documents.reading import read_plan
from app.documents.sources import part_of_page
from app.outside import reader
from app.outside.reader import Progress, page_image, read_files
from tests.documents.papers import as_docx, as_pdf, as_scan, paper_is_there

PLAN = "KẾ HOẠCH\n\nI. TỔ CHỨC THỰC HIỆN\n\n1. Trạm Y tế\n\n- Khám bệnh.\n"
ANNEX = "PHỤ LỤC\n\n| TT | Nhiệm vụ |\n| 1 | Khám sức khỏe |\n"
needs_paper = pytest.mark.skipif(not paper_is_there(), reason="fonts-liberation2 is not installed")


def test_a_text_reads_in_the_child_as_it_does_here() -> None:
    source, reading = read_files([("ke-hoach.txt", PLAN.encode())])

    assert (source.format, source.text, reading) == ("txt", PLAN, read_plan(PLAN))


def test_a_name_does_not_make_the_format() -> None:
    source, reading = read_files([("ke-hoach.pdf", as_docx(PLAN))])

    assert source.format == "docx"
    assert [unit.name for unit in reading.units] == ["Trạm Y tế"]


@needs_paper
def test_several_files_are_one_document() -> None:
    progress: list[Progress] = []
    files = [("pl.txt", as_pdf("PHỤ LỤC")), ("ke-hoach.docx", as_docx(PLAN)), ("2.pdf", as_pdf("PHỤ LỤC 2"))]
    source, reading = read_files(files, on_progress=progress.append)

    assert [(part.file, part.format, part.pages) for part in source.parts] == [
        (0, "pdf", 1),
        (1, "docx", 0),
        (2, "pdf", 1),
    ]
    assert [part_of_page(source, page) for page in (1, 2, 3)] == [(0, 1), (2, 1), None]
    assert [(step.page, step.of, step.file) for step in progress] == [
        (1, 3, "pl.txt"),
        (2, 3, "ke-hoach.docx"),
        (3, 3, "2.pdf"),
    ]
    assert reading.passages[-1].page == 2


def test_a_secret_annex_stops_the_whole_intake() -> None:
    with pytest.raises(SecretDocument):
        read_files([("ke-hoach.txt", PLAN.encode()), ("phu-luc.docx", as_docx("TỐI MẬT\n\n" + ANNEX))])


def test_a_secret_symbol_in_a_name_is_seen_before_the_file() -> None:
    with pytest.raises(SecretDocument):
        read_files([("12-KH/ĐU(M).pdf", b"%PDF-")])


def test_a_reading_can_be_cancelled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    begun = time.monotonic()
    with pytest.raises(ReadingCancelled):
        read_files([("a.txt", PLAN.encode())], is_cancelled=lambda: True)

    assert time.monotonic() - begun < 10
    assert _ends(tmp_path)


def test_a_child_that_hangs_is_ended_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _be_child(
        monkeypatch, tmp_path, "import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
    )
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(reader, "LONGEST_SILENCE", 1.5)

    with pytest.raises(ReadingFailed, match="quá lâu"):
        read_files([("a.txt", PLAN.encode())])

    assert _ends(tmp_path)


def test_a_child_that_talks_without_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _be_child(monkeypatch, tmp_path, "while True: print('x' * 10_000)")
    monkeypatch.setattr(reader, "LONGEST_READING", 1.5)

    with pytest.raises(ReadingFailed):
        read_files([("a.txt", PLAN.encode())])


@pytest.mark.parametrize(
    "code",
    [
        "raise SystemExit(3)",
        "import os; os.abort()",
        "open('outcome.json', 'w').write('{\"source\": 1}')",
        "open('refusal.json', 'w').write('{}')",
        "pass",
    ],
)
def test_a_child_that_answers_nonsense_fails_clearly(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _be_child(monkeypatch, tmp_path, code)

    with pytest.raises(ReadingFailed, match="Hãy"):
        read_files([("a.txt", PLAN.encode())])


def test_the_child_gets_no_settings_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIENDO_DATABASE_URL", "postgresql://nguoi:mat-khau@may/co-so")
    seen = tmp_path / "seen"
    _be_child(monkeypatch, tmp_path, f"import os; open({str(seen)!r}, 'w').write(' '.join(os.environ))")

    with pytest.raises(ReadingFailed):
        read_files([("a.txt", PLAN.encode())])

    assert not [name for name in seen.read_text().split() if name.startswith("TIENDO")]


@needs_paper
def test_a_scan_without_ocr_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    scan = as_scan(as_pdf("KẾ HOẠCH"), dots_per_inch=60)

    with pytest.raises(ProgramMissing, match="tesseract"):
        read_files([("a.pdf", scan)])


def test_an_old_word_file_without_libreoffice_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(ProgramMissing, match="LibreOffice"):
        read_files([("a.doc", old_word())])


def test_an_old_word_file_is_read_through_libreoffice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _be_office(monkeypatch, tmp_path, as_docx(PLAN))

    source, reading = read_files([("a.doc", old_word())])

    assert (source.format, [unit.name for unit in reading.units]) == ("doc", ["Trạm Y tế"])


def test_what_libreoffice_makes_is_no_more_trusted_than_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _be_office(monkeypatch, tmp_path, b"%PDF-1.7")

    with pytest.raises(UnsupportedDocument):
        read_files([("a.doc", old_word())])


@needs_paper
def test_the_picture_of_a_page_is_drawn_in_the_child() -> None:
    assert page_image(as_pdf("KẾ HOẠCH"), 1, 300).startswith(b"\xff\xd8")
    with pytest.raises(UnsupportedDocument):
        page_image(as_docx(PLAN), 1, 300)


def test_a_file_over_25_megabytes_is_refused() -> None:
    with pytest.raises(TooLargeDocument, match="25 MB"):
        read_files([("a.txt", b"a" * (25 * 1024 * 1024 + 1))])


def old_word() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600)


def _be_child(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> None:
    """A program in the child's place."""
    program = folder / "child"
    program.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(reader, "COMMAND", [str(program)])


def _be_office(monkeypatch: pytest.MonkeyPatch, folder: Path, made: bytes) -> None:
    """A program that takes LibreOffice's orders and leaves these bytes."""
    (folder / "made").write_bytes(made)
    program = folder / "soffice"
    program.write_text(
        f'#!/bin/sh\nwhile [ $# -gt 0 ]; do [ "$1" = --outdir ] && cp {folder}/made "$2/van-ban.docx"; shift; done\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def _ends(folder: Path) -> bool:
    """A killed process is gone a moment later."""
    for _ in range(50):
        if not _children(folder):
            return True
        time.sleep(0.1)
    return False


def _children(folder: Path) -> set[str]:
    """Processes that run in a folder below this one."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "cwd").startswith(str(folder)):
                found.add(process.name)
        except OSError:
            continue
    return found
