"""A unit takes its template, fills it in, sees what was read, sends what is right and takes the rest back."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.browser.walking import DESK, PHONE, check_page, follow, person, picture, press

if TYPE_CHECKING:
    from playwright.sync_api import Page

HEADER = 4


def test_a_unit_reports_its_figures_by_spreadsheet(browser: Any, live_server: Any) -> None:
    with person(browser, live_server.url, "pl-vhxh", width=PHONE) as page:
        follow(page, "Quý IV/2026")
        follow(page, "điền bằng Excel")
        check_page(page)
        template = _downloaded(page, "Tải mẫu Excel")
        filled = _filled(template, {"CT-05": ("Số liệu", "2"), "CT-11": ("Số liệu", "99.9")})
        sheet = {"name": "so-lieu.xlsx", "mimeType": "application/octet-stream", "buffer": filled}
        page.get_by_label("Bảng đã điền").set_input_files(sheet)  # type: ignore[arg-type]
        press(page, "Đọc và kiểm tra")
        assert page.get_by_text("Không rõ “99.9” là 99,9 hay 999?").is_visible()
        assert page.get_by_text("Mức độ 2", exact=True).is_visible()
        check_page(page)
        picture(page, "figure-sheet-390.png", page.get_by_role("heading", name="Chưa gửi được"))
        page.set_viewport_size({"width": DESK, "height": 900})
        check_page(page)
        press(page, "Chỉ gửi 1 dòng đúng")
        assert page.get_by_text("Đã gửi 1 số liệu. Còn 1 dòng chưa gửi.").is_visible()
        refused = _rows(_downloaded(page, "Tải 1 dòng chưa gửi được, kèm lý do"))
        assert any("Không rõ “99.9”" in str(cell) for cell in refused[HEADER + 1])


def _downloaded(page: "Page", link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link, exact=True).click()
    return Path(download.value.path()).read_bytes()


def _rows(data: bytes) -> list[list[Any]]:
    return (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_index(0)
        .to_python(skip_empty_area=False)
    )


def _filled(template: bytes, values: dict[str, tuple[str, str]]) -> bytes:
    """The template as a spreadsheet program keeps it, with these cells filled in: code → (column, what is typed)."""
    rows = _rows(template)
    columns, codes = rows[HEADER], [row[1] for row in rows]
    for code, (column, typed) in values.items():
        rows[codes.index(code)][columns.index(column)] = typed
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, cell)
    return data.getvalue()
