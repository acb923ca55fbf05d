"""Spreadsheets: their text, the two real annexes, and files meant to hurt."""

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.documents.decoding import (
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    TooLargeDocument,
    UnreadableDocument,
    UnsupportedDocument,
)
from app.documents.reading import read_plan, read_source, reading_as_json
from app.documents.sheet import number_text, read_sheet
from bench.reading_score import SHARED
from tests.documents.annex_tables import facts

ANNEXES = sorted(SHARED.joinpath("corpus").glob("*.xlsx"))
TASK_ROWS = [
    ["TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời gian"],
    [1, "Lập danh mục", "Phòng Kinh tế", "6/2026"],
]


def book(*sheets: list[list[Any]], build: Callable[[Any, list[Any]], None] | None = None) -> bytes:
    """A workbook of these sheets; `build` may do more to it."""
    data = io.BytesIO()
    workbook = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False})
    made = []
    for rows in sheets:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        made.append(sheet)
    if build:
        build(workbook, made)
    workbook.close()
    return data.getvalue()


def changed(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The package with each part passed through `change`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


@pytest.mark.skipif(not ANNEXES, reason="the real annexes are not beside the project")
@pytest.mark.parametrize("path", ANNEXES, ids=lambda path: path.stem)
def test_a_real_annex_reads_as_its_answer_says(path: Path) -> None:
    expected = json.loads(_answer(path).read_text(encoding="utf-8"))

    shape = reading_as_json(read_source(read_sheet(path.read_bytes())))

    [annex] = shape["annexes"]
    assert annex["kind"] == expected["kind"]
    assert annex["header_rows"] == expected["header_rows"]
    assert annex["columns"] == expected["column_map"]
    assert annex["rows"] == expected["data_rows"]
    assert annex["groups"] == expected.get("roman_groups", [])
    assert annex["parent_rows"] == expected.get("parent_rows", expected.get("group_rows"))
    tasks = [task for group in shape["task_groups"] for task in group["tasks"]]
    assert [task["deadline"]["raw"] for task in tasks] == expected.get("deadlines", [])
    assert [", ".join(task["lead"]) for task in tasks] == expected.get("leads", [])
    if "sample" in expected:
        _check_sample(shape["indicators"], expected["sample"])


def _answer(path: Path) -> Path:
    name = path.stem.removesuffix("-number").removesuffix("-text")
    return path.with_name(f"{name}.expected.json")


def _check_sample(indicators: list[dict[str, Any]], sample: dict[str, Any]) -> None:
    named = [i for i in indicators if i["statement"] == f"{sample['parent']} / {sample['name']}"]
    assert {str(one["horizon"]): one["value"] for one in named} == sample["targets"]
    assert {(one["unit"], one["baseline"], one["baseline_year"]) for one in named} == {
        (sample["unit"], sample["baseline_2025"], 2025)
    }


@pytest.mark.skipif(not ANNEXES, reason="the real annexes are not beside the project")
@pytest.mark.parametrize("path", ANNEXES, ids=lambda path: path.stem)
def test_the_same_annex_as_markdown_in_a_text_file_reads_alike(path: Path) -> None:
    text = read_sheet(path.read_bytes()).text
    grouped = re.sub(r"(?<=\| )(\d{1,3})(\d{3})(?= \|)", r"\1.\2", text)
    head = next(line for line in grouped.split("\n") if line.startswith("|"))
    ruled = grouped.replace(head, f"{head}\n|{'---|' * head.count('|')}"[: -len("---|")])

    assert facts(read_plan(ruled)) == facts(read_plan(text))


def test_numbers_are_written_as_a_vietnamese_reader_writes_them() -> None:
    assert [number_text(value) for value in (26120, 26120.0, 99.9, 0.1 + 0.2, -0.5, 1e15)] == [
        *("26120", "26120", "99,9", "0,3", "-0,5", "1000000000000000"),
    ]
    assert number_text(0.955, is_percent=True) == "95,5%"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_number_loses_nothing_a_spreadsheet_keeps(value: float) -> None:
    assert float(number_text(value).replace(",", ".")) == pytest.approx(value, rel=1e-14, abs=1e-300)


def test_percentages_and_months_are_read_as_they_are_shown() -> None:
    def build(workbook: Any, sheets: list[Any]) -> None:
        sheets[0].write(1, 2, 0.95, workbook.add_format({"num_format": "0%"}))
        month = workbook.add_format({"num_format": "mm/yyyy"})
        sheets[0].write_datetime(1, 3, date(2026, 6, 1), month)
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheets[0].write_datetime(1, 4, date(2026, 6, 30), day)

    text = read_sheet(book([["a", "b", "c", "d", "e"], ["x", "y"]], build=build)).text

    assert text.split("\n")[1] == "| x | y | 95% | 6/2026 | 30/6/2026 |"


def test_formulas_give_the_values_the_file_keeps() -> None:
    def build(workbook: Any, sheets: list[Any]) -> None:
        sheets[0].write_formula(1, 1, "=1+1", None, 2)
        sheets[0].write_formula(1, 2, '=HYPERLINK("http://127.0.0.1/")', None, "xem")

    assert "| x | 2 | xem |" in read_sheet(book([["a", "b", "c"], ["x"]], build=build)).text


def test_a_line_of_text_is_a_row_of_the_sheet() -> None:
    text = read_sheet(book([["PHỤ LỤC"], [], *TASK_ROWS, [], ["Ghi chú: hết"]])).text

    assert text.split("\n") == [
        "PHỤ LỤC",
        "",
        "| TT | Nhiệm vụ | Đơn vị chủ trì | Thời gian |",
        "| 1 | Lập danh mục | Phòng Kinh tế | 6/2026 |",
        "",
        "Ghi chú: hết",
    ]


def test_a_cell_merged_over_rows_holds_for_each_of_them() -> None:
    def build(workbook: Any, sheets: list[Any]) -> None:
        sheets[0].merge_range(1, 2, 2, 2, "Phòng Kinh tế")

    rows = [TASK_ROWS[0], [1, "Làm a", "", "6/2026"], [2, "Làm b", "", "7/2026"]]
    reading = read_source(read_sheet(book(rows, build=build)))

    assert [task.lead for group in reading.task_groups for task in group.tasks] == [("Phòng Kinh tế",)] * 2


def test_hidden_sheets_and_rows_are_read_and_told() -> None:
    def build(workbook: Any, sheets: list[Any]) -> None:
        sheets[1].hide()
        sheets[0].set_row(1, None, None, {"hidden": True})
        sheets[0].set_column(3, 3, None, None, {"hidden": True})

    reading = read_source(read_sheet(book(TASK_ROWS, TASK_ROWS, build=build)))

    assert len(reading.annexes) == 2
    assert [w.code for w in reading.warnings][:3] == ["hidden_rows", "hidden_columns", "hidden_sheet"]


def test_several_sheets_are_named() -> None:
    reading = read_source(read_sheet(book(TASK_ROWS, [["CÔNG VIỆC"], [], *TASK_ROWS])))

    assert [(annex.title, annex.header_rows) for annex in reading.annexes] == [
        ("Sheet1", (1,)),
        ("CÔNG VIỆC", (3,)),
    ]


def test_a_letterhead_above_a_table_is_no_title() -> None:
    head = [["UBND XÃ A", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["", "", "Độc lập - Tự do - Hạnh phúc"]]
    rows = [
        *head,
        [],
        ["DANH MỤC NHIỆM VỤ"],
        [],
        *TASK_ROWS,
        [],
        ["", "", "TM. ỦY BAN NHÂN DÂN"],
        ["", "", "CHỦ TỊCH"],
    ]

    reading = read_source(read_sheet(book(rows)))

    assert [(annex.title, annex.rows) for annex in reading.annexes] == [("DANH MỤC NHIỆM VỤ", 1)]


def test_a_bar_or_a_line_end_in_a_cell_breaks_no_row() -> None:
    reading = read_source(read_sheet(book([TASK_ROWS[0], [1, "Làm a | b\nvà c", "Phòng Kinh tế", "6/2026"]])))

    assert reading.task_groups[0].tasks[0].text == "Làm a | b và c"


def far_cell() -> bytes:
    def build(workbook: Any, sheets: list[Any]) -> None:
        sheets[0].write(1048575, 16383, "x")

    return book(TASK_ROWS, build=build)


def many_rows() -> bytes:
    return book([[number, "việc"] for number in range(20_001)])


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")


def truncated() -> bytes:
    return book(TASK_ROWS)[:-200]


def lying_size() -> bytes:
    data = bytearray(book(TASK_ROWS))
    place = data.rfind(b"PK\x01\x02")
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def with_entities() -> bytes:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
    return changed(book(TASK_ROWS), lambda name, part: bomb if "sheet1" in name else part)


def bomb() -> bytes:
    big = b"<worksheet>" + b" " * (70 * 1024 * 1024) + b"</worksheet>"
    return changed(book(TASK_ROWS), lambda name, part: big if "sheet1" in name else part)


def broken_xml() -> bytes:
    return changed(book(TASK_ROWS), lambda name, part: part[:-40] if "sheet1.xml" in name else part)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (far_cell, TooLargeDocument),
        (many_rows, TooLargeDocument),
        (bomb, TooLargeDocument),
        (encrypted, EncryptedDocument),
        (truncated, DamagedDocument),
        (lying_size, DamagedDocument),
        (with_entities, DamagedDocument),
        (broken_xml, DamagedDocument),
        (lambda: book([[]]), EmptyDocument),
        (lambda: b"TT,a,b", UnsupportedDocument),
    ],
)
def test_a_file_that_would_hurt_is_refused_with_advice(
    make: Callable[[], bytes], refusal: type[UnreadableDocument]
) -> None:
    data = make()

    begun = time.process_time()
    with pytest.raises(refusal, match="Hãy"):
        read_sheet(data)

    assert time.process_time() - begun < 5


def test_a_far_cell_is_named() -> None:
    with pytest.raises(TooLargeDocument, match="XFD1048576"):
        read_sheet(far_cell())


def test_a_million_empty_rows_cost_little() -> None:
    rows = b"".join(b'<row r="%d" hidden="0"/>' % number for number in range(3, 1_000_000))
    data = changed(
        book(TASK_ROWS),
        lambda name, part: (
            part.replace(b"</sheetData>", rows + b"</sheetData>") if "sheet1.xml" in name else part
        ),
    )

    begun = time.process_time()
    text = read_sheet(data).text

    assert len(text.split("\n")) == 2
    assert time.process_time() - begun < 8


@given(st.data())
def test_a_mutated_file_is_read_or_refused(data: st.DataObject) -> None:
    package = bytearray(_PACKAGE)
    for _ in range(data.draw(st.integers(1, 6))):
        package[data.draw(st.integers(0, len(package) - 1))] = data.draw(st.integers(0, 255))

    with suppress(UnreadableDocument):
        read_sheet(bytes(package))


_PACKAGE = book(TASK_ROWS)
