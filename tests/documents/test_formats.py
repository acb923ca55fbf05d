"""The same plan as text, Word and PDF reads alike: the two samples, and the two plans kept outside the project."""

from pathlib import Path
from typing import Any

import pytest

from app.documents.pdf_file import read_pdf
from app.documents.reading import read_plan, read_source, reading_as_json
from app.documents.sources import Source
from app.documents.values import Reading
from app.documents.word_file import read_docx
from bench.reading_score import SHARED
from tests.documents.papers import as_docx, as_pdf, paper_is_there

SAMPLES = Path(__file__).parents[2] / "samples"
PLANS = [*sorted(SAMPLES.glob("*.txt")), *sorted(SHARED.joinpath("seeds").glob("*.txt"))]


@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)
def test_a_word_file_reads_as_its_text(plan: Path) -> None:
    text = plan.read_text(encoding="utf-8")

    assert said(read_source(read_docx(as_docx(text)))) == said(read_plan(text))


@pytest.mark.skipif(not paper_is_there(), reason="the fonts of package fonts-liberation2 are not installed")
@pytest.mark.parametrize("indent", [False, True], ids=["block", "indented"])
@pytest.mark.parametrize("plan", PLANS, ids=lambda path: path.stem)
def test_a_pdf_reads_as_its_text(plan: Path, indent: bool) -> None:
    text = plan.read_text(encoding="utf-8")

    source = _read(as_pdf(text, indent=indent))

    assert said(read_source(source)) == said(read_plan(text))


@pytest.mark.skipif(not paper_is_there(), reason="the fonts of package fonts-liberation2 are not installed")
def test_every_word_of_a_pdf_has_its_place() -> None:
    text = PLANS[0].read_text(encoding="utf-8")

    source = _read(as_pdf(text))
    reading = read_source(source)

    written = [source.text[word.start : word.end] for word in source.words]
    assert [word for word in written if not word.isdigit()] == [
        word for word in text.replace("**", "").split() if not word.isdigit()
    ]
    assert all(passage.page and passage.box for passage in reading.passages)
    pages = [passage.page for passage in reading.passages if passage.page]
    assert pages == sorted(pages)
    assert max(pages) == source.pages > 1
    for passage in reading.passages:
        assert passage.box is not None
        assert 0 <= passage.box.left < passage.box.right <= 1
        assert 0 <= passage.box.top < passage.box.bottom <= 1
        assert passage.confidence is None


def said(reading: Reading) -> dict[str, Any]:
    """What a reading says, without the numbers of passages and their places."""
    shape = reading_as_json(reading)
    return {
        "document": shape["document"],
        "units": [(unit["name"], unit["is_group"], _texts(unit["duties"])) for unit in shape["units"]],
        "task_groups": [(group["heading"], _texts(group["tasks"])) for group in shape["task_groups"]],
        "indicators": [{k: v for k, v in one.items() if k != "passage"} for one in shape["indicators"]],
        "milestones": [(one["text"], one["year"]) for one in shape["milestones"]],
        "warnings": [(one["code"], one["excerpt"]) for one in shape["warnings"]],
    }


def _texts(items: list[dict[str, Any]]) -> list[str]:
    return [item["text"] for item in items]


def _read(data: bytes) -> Source:
    return read_pdf(data, lambda picture: pytest.fail("a page with words needs no OCR"), lambda text: None)
