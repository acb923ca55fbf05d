"""The annexes to fill in are read back as they were filled in."""

import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.documents.deadlines import read_deadline
from app.documents.reading import read_source
from app.documents.sheet import read_sheet
from app.documents.template import annex_template
from app.documents.values import Reading
from app.text import format_number
from tests.documents.annex_tables import tasks

UNITS = (
    "Phòng Kinh tế, Hạ tầng và Đô thị",
    "Văn phòng HĐND và UBND xã",
    "Công an xã",
    "Sở Giáo dục và Đào tạo",
    "các thôn, tổ dân phố",
)
DEADLINES = ("30/6/2026", "6/2026", "Quý IV/2025- Quý II/2026", "Thường xuyên", "Hằng năm", "2026 - 2030", "")
WORDS = st.sampled_from(
    ["rà soát", "danh mục", "|", "hộ nghèo", "5G, IoT", "và", "“mới”", "(đợt 1)", "<b>", "2026"]
)
SENTENCES = st.builds(
    lambda verb, words: " ".join([verb, *words]),
    st.sampled_from(["Lập", "Tổ chức", "Xây dựng", "Báo cáo"]),
    st.lists(WORDS, max_size=8),
)
CARRIERS = st.lists(st.sampled_from(UNITS), max_size=3, unique=True)
TASKS = st.lists(
    st.tuples(SENTENCES, CARRIERS, CARRIERS, st.sampled_from(DEADLINES), SENTENCES), min_size=1, max_size=8
)
VALUES = st.decimals(min_value=0, max_value=10**9, places=2)


def reading_of(kind: str, rows: list[list[str]]) -> Reading:
    return read_source(read_sheet(annex_template(kind, 2026, rows)))


@settings(max_examples=40, deadline=None)
@given(TASKS)
def test_filled_in_tasks_are_read_back(filled: list[Any]) -> None:
    rows = [
        [str(number), text, "; ".join(lead), "; ".join(others), deadline, product]
        for number, (text, lead, others, deadline, product) in enumerate(filled, start=1)
    ]

    found = tasks(reading_of("tasks", rows))

    assert [task.text for task in found] == [one[0] for one in filled]
    assert [list(task.lead) for task in found] == [one[1] for one in filled]
    assert [list(task.cooperating) for task in found] == [
        [name for name in one[2] if name not in one[1]] for one in filled
    ]
    assert [task.deadline for task in found] == [read_deadline(one[3]) if one[3] else None for one in filled]
    assert [task.product for task in found] == [one[4] for one in filled]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(SENTENCES, st.lists(VALUES, min_size=6, max_size=6)), min_size=1, max_size=6))
def test_filled_in_indicators_are_read_back(filled: list[tuple[str, list[Decimal]]]) -> None:
    rows = [
        [str(number), name, "%", *(format_number(value) for value in values), "Công an xã"]
        for number, (name, values) in enumerate(filled, start=1)
    ]

    found = reading_of("indicators", rows).indicators

    assert [(one.statement, one.horizon, one.value) for one in found] == [
        (name, 2026 + place, value) for name, values in filled for place, value in enumerate(values[1:])
    ]
    assert [one.baseline for one in found[::5]] == [values[0] for _, values in filled]
    assert {one.lead for one in found} == {("Công an xã",)}


@pytest.mark.parametrize("kind", ["tasks", "indicators"])
def test_an_empty_template_holds_nothing_to_decide(kind: str) -> None:
    reading = reading_of(kind, [])

    assert (tasks(reading), reading.indicators) == ([], ())
    assert [annex.kind for annex in reading.annexes] == [kind]


def test_a_formula_typed_into_a_cell_stays_words() -> None:
    data = annex_template(
        "tasks", 2026, [["1", "=1+1", "Công an xã"], ["2", "https://127.0.0.1/", "Công an xã"]]
    )

    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[-2:]] == ["=1+1", "https://127.0.0.1/"]
