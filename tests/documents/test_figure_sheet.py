"""The spreadsheet of figures: what is written is inert, what is read is exact, what hurts or misleads is refused."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from app.documents.decoding import DamagedDocument, TooLargeDocument, UnreadableDocument
from app.documents.figure_sheet import (
    CODE,
    KEY,
    TO_FILL,
    UNIT,
    FilledCell,
    LineToFill,
    SheetToFill,
    write_figure_sheet,
)
from app.documents.figure_sheet_reading import read_figure_sheet
from app.outside.reader import read_figures

PERIOD, CELL = UUID(int=7), UUID(int=8)
HEADER = (KEY, CODE, UNIT, *TO_FILL.values())
LINE = LineToFill(
    "khoa-1",
    {"code": "CT-01", "name": "=1+1", "unit_name": "Chi bộ"},
    {"value": "99,9", "note": "+cmd"},
    ("value", "note"),
)
SHEET = SheetToFill("=HYPERLINK(1)", ("@x", "Cách điền"), PERIOD, CELL, [LINE], with_reasons=True)


def book(*rows, header=HEADER, change=lambda workbook, sheet: None):
    """A sheet with these rows below our headers; a cell is a value, or (value, number format)."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Bất kỳ")
        sheet.write_row(0, 0, header)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                value, shown = cell if isinstance(cell, tuple) else (cell, None)
                look = workbook.add_format({"num_format": shown}) if shown else None
                write = sheet.write_datetime if isinstance(value, date) else sheet.write
                if value is not None:
                    write(number, place, value, look)
        change(workbook, sheet)
    return data.getvalue()


def values(*cells):
    """What is read of cells to fill."""
    (line,) = read_figure_sheet(book(["k", "CT-01", "Chi bộ", *cells])).lines
    return {name: (cell.kind, cell.text) for name, cell in line.cells.items()}


def test_what_is_written_is_read_back():
    read = read_figure_sheet(write_figure_sheet(SHEET))
    assert read.template == (str(PERIOD), str(CELL))
    assert [(line.number, line.key, line.code, line.unit_name) for line in read.lines] == [
        (6, "khoa-1", "CT-01", "Chi bộ")
    ]
    assert read.lines[0].cells == {"value": FilledCell("text", "99,9"), "note": FilledCell("text", "+cmd")}
    assert read.remarks == ()


def test_no_cell_is_live_and_only_what_is_to_fill_is_open():
    with zipfile.ZipFile(io.BytesIO(write_figure_sheet(SHEET))) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        styles = package.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower()
    assert "<sheetProtection" in sheet
    assert re.search(r'<col min="1" max="1"[^>]*hidden="1"', sheet)
    formats = re.search(r"<cellXfs.*?</cellXfs>", styles, re.DOTALL)[0]
    open_ones = [n for n, look in enumerate(formats.split("<xf ")[1:]) if "locked" in look]
    cells = {place: int(look) for place, look in re.findall(r'<c r="([A-Z]+6)" s="(\d+)"', sheet)}
    assert [place for place, look in cells.items() if look in open_ones] == ["G6", "K6"]  # value and note


def test_real_numbers_are_exact_and_text_is_left_as_typed():
    assert values(99.9, 26120, "1.234,5", None, 7) == {
        "value": ("number", "99.9"),
        "numerator": ("number", "26120"),
        "denominator": ("text", "1.234,5"),
        "note": ("number", "7"),
    }
    assert values(0.1 + 0.2)["value"] == ("number", "0.3")
    assert values((0.955, "0.0%"))["value"] == ("percent", "95.5")
    assert values(1e15)["value"] == ("long_number", "1000000000000000")


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 15))
def test_a_number_of_fifteen_digits_comes_back_as_it_was_typed(digits, places):
    typed = Decimal(digits).scaleb(-places)
    kind, text = values(float(typed))["value"]
    assert (kind, Decimal(text)) == ("number", typed)


def test_dates_and_formulas_are_no_figures_and_blank_cells_are_none():
    read = values((date(2026, 6, 5), "d/m"), None, "", True)
    assert read == {"value": ("date", "2026-06-05"), "no_data": ("text", "x")}
    assert values("=1+1")["value"][0] == "formula"

    def without_value(workbook, sheet):
        sheet.write_formula(1, 3, "=1+1", None, "")

    (line,) = read_figure_sheet(book(["k"], change=without_value)).lines
    assert line.cells["value"].kind == "formula"


def test_a_line_added_by_hand_is_read_and_a_blank_one_is_not():
    read = read_figure_sheet(book(["k", "CT-01"], [], [None, "CT-02", "Chi bộ", "5"]))
    assert [(line.number, line.key, line.code) for line in read.lines] == [
        (2, "k", "CT-01"),
        (4, "", "CT-02"),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7", "không phải bảng tính Excel"),
        (b"Ma;So lieu\n1;2\n", "không phải bảng tính Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "Excel đời cũ"),
        (book(["k", "1"])[:400], "bị hỏng"),
        (book(header=("Số liệu", "Đơn vị")), "Không thấy bảng số liệu"),
        (book(header=[one for one in HEADER if one != "Tử số"]), "thiếu cột “Tử số”"),
        (book(header=[*HEADER, "Ghi chú"]), "hai cột “Ghi chú”"),
    ],
)
def test_what_is_no_sheet_of_ours_is_refused_with_what_to_do(data, said):
    with pytest.raises(UnreadableDocument, match=said) as refused:
        read_figure_sheet(data)
    assert "Hãy" in str(refused.value)


def test_two_templates_in_one_file_and_merged_cells_are_refused():
    def twice(workbook, sheet):
        workbook.add_worksheet("Hai").write_row(0, 0, HEADER)

    with pytest.raises(UnreadableDocument, match="“Bất kỳ”, “Hai”"):
        read_figure_sheet(book(["k"], change=twice))

    def merged(workbook, sheet):
        sheet.merge_range(1, 3, 2, 3, "5")

    with pytest.raises(UnreadableDocument, match=r"D2:D3 đang gộp"):
        read_figure_sheet(book(["k"], ["l"], change=merged))


def test_what_is_hidden_or_added_is_told():
    def more(workbook, sheet):
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(4, 4, None, None, {"hidden": True})
        sheet.write(0, 9, "Nhắc việc")
        other = workbook.add_worksheet("Nháp")
        other.write(0, 0, "x")
        other.activate()
        sheet.hide()

    said = " ".join(read_figure_sheet(book(["k", "", "", "5"], change=more)).remarks)
    for part in (
        "“Bất kỳ” đang ẩn",
        "đang ẩn, vẫn được đọc: dòng 2",
        "Cột “Tử số” đang ẩn",
        "Cột “Nhắc việc”",
        "Trang tính “Nháp”",
    ):
        assert part in said


def test_macros_and_entities_and_what_unpacks_to_gigabytes_are_not_opened():
    sheet = "xl/worksheets/sheet1.xml"
    for part, old, new, refusal in (
        (sheet, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet', DamagedDocument),
        (sheet, b'r="A2"', b'r="XFD1048576"', TooLargeDocument),
        (sheet, b"<sheetData>", b"<sheetData>" + b" " * 70_000_000, TooLargeDocument),
        ("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml", UnreadableDocument),
    ):
        with pytest.raises(refusal) as refused:
            read_figure_sheet(_with(book(["k", "1"]), part, old, new))
        assert "phụ lục" not in str(refused.value)


def test_many_lines_and_long_texts_are_too_much():
    with pytest.raises(TooLargeDocument, match="lớn hơn mẫu rất nhiều"):
        read_figure_sheet(book(*([str(n)] for n in range(5_001))))
    with pytest.raises(TooLargeDocument):
        read_figure_sheet(book(*([str(n), "", "", "", "", "", "", "a" * 5_000] for n in range(600))))


def test_the_child_reads_what_the_process_reads_and_refuses_what_it_refuses():
    data = book(["k", "CT-01", "Chi bộ", "99,9"])
    assert read_figures(data) == read_figure_sheet(data)
    with pytest.raises(UnreadableDocument, match="không phải bảng tính Excel"):
        read_figures(b"%PDF-1.7")
    far = _with(data, "xl/worksheets/sheet1.xml", b'r="A2"', b'r="XFD1048576"')
    with pytest.raises(TooLargeDocument, match="Hãy tải mẫu"):
        read_figures(far)


def _with(data, part, old, new):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed,
    ):
        for name in package.namelist():
            body = package.read(name)
            changed.writestr(name, body.replace(old, new) if name == part else body)
    return out.getvalue()
