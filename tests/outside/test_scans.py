"""A plan that was printed, scanned a little crooked at 200 dpi and dirtied reads nearly as its text does.

Slow (some seconds a page), so each plan is scanned and read once: the two kept outside the project where they are
there, else one sample.
"""

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from app.documents.reading import read_plan
from app.documents.sources import Source
from app.documents.values import IndicatorRead, Reading
from app.outside.reader import Progress, page_image, read_files
from app.text import fold
from bench.reading_score import SHARED
from tests.documents.papers import Paper, as_pdf, as_scan, paper_is_there

SEEDS = sorted(SHARED.joinpath("seeds").glob("*.txt"))
PLANS = SEEDS or [Path(__file__).parents[2] / "samples" / "tan-quang.txt"]
pytestmark = [
    pytest.mark.skipif(not paper_is_there(), reason="fonts-liberation2 is not installed"),
    pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract-ocr is not installed"),
]


@dataclass(frozen=True)
class Scanned:
    expected: Reading
    source: Source
    reading: Reading
    progress: list[Progress]


@pytest.fixture(
    scope="session",
    params=[
        pytest.param(path, marks=pytest.mark.xdist_group(f"scan-{path.stem}"), id=path.stem) for path in PLANS
    ],
)
def scanned(request: pytest.FixtureRequest) -> Scanned:
    text = request.param.read_text(encoding="utf-8")
    progress: list[Progress] = []
    files = [("ke-hoach.pdf", as_scan(as_pdf(text)))]
    source, reading = read_files(files, on_progress=progress.append)
    return Scanned(read_plan(text), source, reading, progress)


def test_all_organisations_are_read_from_a_scan(scanned: Scanned) -> None:
    assert [fold(unit.name) for unit in scanned.reading.units] == [
        fold(unit.name) for unit in scanned.expected.units
    ]


def test_tasks_are_read_from_a_scan(scanned: Scanned) -> None:
    expected, found = tasks(scanned.expected), tasks(scanned.reading)

    right = [task for task in expected if any(fuzz.ratio(task, other) >= 90 for other in found)]

    assert len(right) >= 0.95 * len(expected)


def test_numeric_indicators_are_read_from_a_scan(scanned: Scanned) -> None:
    expected, found = figures(scanned.expected), figures(scanned.reading)

    assert (expected & found).total() >= 0.9 * expected.total()


def test_a_scan_tells_how_sure_it_is_and_where_on_which_page(scanned: Scanned) -> None:
    passages = scanned.reading.passages

    assert scanned.source.format == "scan"
    assert {passage.page for passage in passages} == set(range(1, scanned.source.pages + 1))
    assert all(passage.box is not None for passage in passages)
    assert all(passage.confidence is not None and 0 <= passage.confidence <= 100 for passage in passages)
    steps = [(step.page, step.of) for step in scanned.progress]
    assert steps == [(page, scanned.source.pages) for page in range(1, scanned.source.pages + 1)]
    assert all(step.text for step in scanned.progress)


def test_a_table_on_a_scan_keeps_its_rows_and_cells() -> None:
    rows = [
        ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời gian"),
        ("1", "Rà soát, xây dựng kế hoạch đầu tư hạ tầng viễn thông", "Phòng Kinh tế", "Quý II/2026"),
        ("2", "Tập huấn kỹ năng số cho 100% cán bộ", "Văn phòng Đảng ủy", "Thường xuyên"),
    ]
    paper = Paper(page_numbers=False)
    paper.put("PHỤ LỤC", centred=True)
    with paper.table(col_widths=(8, 60, 35, 25), first_row_as_headings=False) as table:
        for row in rows:
            table.row(row)
    source, reading = read_files([("phu-luc.pdf", as_scan(bytes(paper.output())))])

    lines = [line for line in source.text.splitlines() if line.startswith("|")]
    read = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [len(row) for row in read] == [4, 4, 4]
    assert fuzz.ratio(str(read), str([list(row) for row in rows])) >= 95
    assert reading.annexes[0].rows == 2


def test_a_photographed_page_is_read() -> None:
    page = page_image(as_pdf("KẾ HOẠCH\n\nI. TỔ CHỨC THỰC HIỆN\n\n1. Trạm Y tế\n\n- Khám bệnh."), 1, 1650)
    source, reading = read_files([("anh.png", page)])

    assert (source.format, source.pages) == ("image", 1)
    assert [fold(unit.name) for unit in reading.units] == ["tram y te"]


def tasks(reading: Reading) -> list[str]:
    duties = [duty.text for unit in reading.units for duty in unit.duties]
    return duties + [task.text for group in reading.task_groups for task in group.tasks]


def figures(reading: Reading) -> Counter[tuple[object, ...]]:
    return Counter(_figure(indicator) for indicator in reading.indicators if indicator.value is not None)


def _figure(one: IndicatorRead) -> tuple[object, ...]:
    return one.measure, one.comparator, one.value, one.value_to, fold(one.unit or ""), one.horizon
