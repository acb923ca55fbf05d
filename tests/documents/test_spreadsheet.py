"""Tables as files: cells do nothing, numbers are numbers and exact."""

import csv
import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from app.documents.spreadsheet import Amount, Sheet, to_csv, to_xlsx

HEADS = (("Đơn vị", 30), ("Số liệu", 12), ("Số liệu đến ngày", 14))


def sheet(*rows, name="Số liệu"):
    return Sheet(name, "Tỷ lệ phòng học", ("Quý III/2026",), HEADS, rows)


def read(data, name="Số liệu"):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()


def read_csv(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_looks_like_a_formula_does_nothing(start):
    attack = f"{start}HYPERLINK('http://x')"
    data = to_xlsx([sheet((attack, None, None))])
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        page, looks = parts.read("xl/worksheets/sheet1.xml"), parts.read("xl/styles.xml")
    assert b"<f>" not in page
    assert b"hyperlink" not in page.lower()
    assert b'quotePrefix="1"' in looks
    assert to_csv(sheet((attack, None, None))).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("  =1+1", "'  =1+1"),
        ("＝1+1", "'＝1+1"),
        ("Trường A,=1+1", "Trường A,'=1+1"),
        ("Hai lớp:\r\n- lớp lá", "Hai lớp:\r\n'- lớp lá"),
        ("Năm học 2025-2026, 3 - 5 tuổi", "Năm học 2025-2026, 3 - 5 tuổi"),
    ],
)
def test_a_csv_is_inert_wherever_a_cell_may_begin(text, written):
    assert read_csv(to_csv(sheet((text, None, None))))[1][0] == written


def test_the_look_of_a_number_has_the_declared_decimals():
    data = to_xlsx(
        [sheet(("a", Amount(Decimal("92.30769231"), 2), None), ("b", Amount(Decimal(7), 0), None))]
    )
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        page, looks = parts.read("xl/worksheets/sheet1.xml").decode(), parts.read("xl/styles.xml").decode()
    assert "<v>92.30769231</v>" in page
    assert 'formatCode="#,##0.00"' in looks
    assert 'formatCode="#,##0"' in looks


def test_a_header_is_inert_too():
    bad = Sheet("a", "a", (), (("=1+1", 9),), [])
    assert read_csv(to_csv(bad)) == [["'=1+1"]]


def test_numbers_are_numbers_and_days_are_days():
    rows = read(to_xlsx([sheet(("Chi bộ", Amount(Decimal("92.30769231"), 2), date(2026, 9, 30)))]))
    assert rows[-1] == ["Chi bộ", 92.30769231, date(2026, 9, 30)]
    assert [row[0] for row in rows[:2]] == ["Tỷ lệ phòng học", "Quý III/2026"]


def test_a_negative_number_stays_a_number():
    data = sheet(("Chi bộ", Amount(Decimal("-1.5"), 1), None))
    assert read(to_xlsx([data]))[-1][1] == -1.5
    assert read_csv(to_csv(data))[1] == ["Chi bộ", "-1,5", ""]


def test_a_number_too_long_for_a_spreadsheet_is_text_with_every_digit():
    long = Amount(Decimal("12345678901234567.89"), 2)
    assert read(to_xlsx([sheet(("a", long, None))]))[-1][1] == "12345678901234567,89"
    fifteen = Amount(Decimal("123456789012345"), 0)
    assert read(to_xlsx([sheet(("a", fifteen, None))]))[-1][1] == 123456789012345


def test_what_is_missing_is_empty_and_not_zero():
    assert read_csv(to_csv(sheet(("a", None, None), ("b", 0, None)))) == [
        [head for head, _ in HEADS],
        ["a", "", ""],
        ["b", "0", ""],
    ]
    assert read(to_xlsx([sheet(("a", None, None))]))[-1][1] == ""


def test_a_csv_is_what_excel_in_vietnamese_opens():
    data = to_csv(sheet(("Chi bộ Trường Mầm non; Hoa Sen", Amount(Decimal("1234.50"), 2), date(2026, 9, 30))))
    assert data.startswith(b"\xef\xbb\xbf")
    assert read_csv(data)[1] == ["Chi bộ Trường Mầm non; Hoa Sen", "1234,5", "30/09/2026"]


def test_several_sheets_stand_in_one_file():
    data = to_xlsx([sheet(("a", 1, None)), sheet(("b", 2, None), name="Từng đơn vị")])
    assert read(data, "Từng đơn vị")[-1][:2] == ["b", 2.0]


def test_a_row_is_as_high_as_its_longest_cell():
    long = "Trường Mầm non Hoa Sen và ba điểm trường\nChưa có số liệu"
    data = to_xlsx([sheet((long, None, None), ("Ngắn", None, None))])
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
    heights = {row: float(height) for row, height in re.findall(r'<row r="(\d+)"[^>]* ht="([\d.]+)"', page)}
    assert heights["5"] == 3 * heights["6"]
