"""Each file that means harm or is broken gets a clear refusal in bounded time; this process is unharmed."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from app.documents.decoding import UnreadableDocument
from app.outside.reader import page_image, read_files
from tests.documents.papers import as_docx, as_pdf, as_scan, paper_is_there
from tests.outside import hostile

pytestmark = pytest.mark.skipif(not paper_is_there(), reason="fonts-liberation2 is not installed")

ROOT = Path(__file__).parents[2]
REFUSED: list[tuple[Callable[[], bytes], str]] = [
    (hostile.zip_bomb, "too_large_document"),
    (hostile.zip_of_many_parts, "too_large_document"),
    (hostile.zip_that_lies_about_size, "damaged_document"),
    (hostile.growing_entities, "damaged_document"),
    (hostile.foreign_entity, "damaged_document"),
    (hostile.deep_nesting, "damaged_document"),
    (hostile.nested_tables, "empty_document"),
    (hostile.endless_text, "too_large_document"),
    (hostile.macros, "macro_document"),
    (hostile.word_with_password, "encrypted_document"),
    (hostile.zip_with_password, "encrypted_document"),
    (hostile.plain_zip, "unsupported_document"),
    (hostile.pages_in_a_circle, "damaged_document"),
    (hostile.picture_bomb, "too_large_document"),
    (hostile.stream_bomb, "too_large_document"),
    (hostile.half_a_picture, "damaged_document"),
]
# Harmless once read, or refused: what matters is that they end.
ENDED = [
    hostile.table_of_huge_spans,
    hostile.far_cell,
    hostile.huge_page,
    hostile.picture_full_of_text,
]
# Far above what they take, below the time-out that ends a hanging child.
MOST_SECONDS = 120
MUTANTS = int(os.environ.get("TIENDO_MUTANTS", "200"))


@pytest.fixture(autouse=True)
def _unharmed() -> object:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


@pytest.mark.parametrize(("make", "code"), REFUSED, ids=lambda value: getattr(value, "__name__", None))
def test_a_hostile_file_is_refused_with_advice(make: Callable[[], bytes], code: str) -> None:
    data, begun = make(), time.monotonic()

    with pytest.raises(UnreadableDocument, match="Hãy") as refusal:
        read_files([("ke-hoach.docx", data)])

    assert refusal.value.code == code
    assert time.monotonic() - begun < MOST_SECONDS


@pytest.mark.parametrize("make", ENDED, ids=lambda make: make.__name__)
def test_a_hostile_file_is_read_or_refused_but_ends(make: Callable[[], bytes]) -> None:
    data, begun = make(), time.monotonic()

    with suppress(UnreadableDocument):
        read_files([("a.docx", data)])

    assert time.monotonic() - begun < MOST_SECONDS


def test_a_huge_page_is_drawn_small_or_refused() -> None:
    with suppress(UnreadableDocument):
        assert len(page_image(hostile.huge_page(), 1, 900)) < 10_000_000


@pytest.mark.parametrize("name", ["pdf-then-zip", "zip-then-pdf", "text-then-pdf"])
def test_a_file_that_is_two_things_is_read_as_one_of_them(name: str) -> None:
    source, reading = read_files([("a.txt", hostile.polyglots()[name])])

    assert source.format in ("pdf", "docx")
    assert [unit.name for unit in reading.units] == ["Trạm Y tế"]


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
def test_a_marked_document_is_refused_in_every_format(mark: str) -> None:
    text = f"{mark}\n\n{hostile.PLAN}"
    for data in (text.encode(), as_docx(text), as_pdf(text)):
        with pytest.raises(UnreadableDocument) as refusal:
            read_files([("ke-hoach.pdf", data)])
        assert refusal.value.code == "secret_document"
        assert "Trạm Y tế" not in str(refusal.value)


def test_a_marked_scan_is_refused() -> None:
    pytest.importorskip("pytesseract")
    with pytest.raises(UnreadableDocument) as refusal:
        read_files([("ke-hoach.pdf", as_scan(as_pdf("TỐI MẬT\n\n" + hostile.PLAN)))])

    assert refusal.value.code in ("secret_document", "program_missing")


def test_after_a_hostile_file_the_next_good_one_is_read() -> None:
    with pytest.raises(UnreadableDocument):
        read_files([("a.docx", hostile.growing_entities())])

    _, reading = read_files([("b.docx", as_docx(hostile.PLAN))])

    assert [unit.name for unit in reading.units] == ["Trạm Y tế"]


def test_mutants_are_read_or_refused_and_none_hangs() -> None:
    """Hundreds every day; TIENDO_MUTANTS=10000 for the long run."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.outside.mutants", "20261122", str(MUTANTS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60 + MUTANTS,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
