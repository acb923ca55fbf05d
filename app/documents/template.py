"""Empty annexes to fill in: a spreadsheet of tasks, one of indicators, whose headers the reader knows. Pure."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

TASKS, INDICATORS = "tasks", "indicators"
_HEADER_ROW = 4
_ROWS_TO_FILL = 300
_YEARS = 5
_FONT = {"font_name": "Times New Roman", "font_size": 12}
_UNITS = (
    "%",
    "Người",
    "Hộ",
    "Trường",
    "Thôn",
    "Công trình",
    "Ha",
    "Tấn",
    "Triệu đồng",
    "Tỷ đồng",
    "Mức độ",
    "Đạt",
)


@dataclass(frozen=True, slots=True)
class _Layout:
    """`columns`: (header, width in letters, what to write there)."""

    sheet: str
    title: str
    note: str
    columns: tuple[tuple[str, int, str], ...]


def annex_template(kind: str, first_year: int, rows: Sequence[Sequence[str]] = ()) -> bytes:
    """An .xlsx of `kind` "tasks" or "indicators"; targets for five years from `first_year`. `rows` fill it in."""
    layout = _tasks() if kind == TASKS else _indicators(first_year)
    data = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(data, {**options, "in_memory": True}) as workbook:
        sheet = workbook.add_worksheet(layout.sheet)
        text = workbook.add_format(
            {**_FONT, "text_wrap": True, "valign": "top", "border": 1, "num_format": "@"}
        )
        _set_up(workbook, sheet, layout)
        _guide(sheet, layout)
        for number in range(max(_ROWS_TO_FILL, len(rows))):
            filled = rows[number] if number < len(rows) else ()
            for place in range(len(layout.columns)):
                # Cells are text: a spreadsheet would make a date of "6/2026" and a product of "1-2".
                written = filled[place] if place < len(filled) else ""
                if written:
                    sheet.write_string(_HEADER_ROW + 1 + number, place, written, text)
                else:
                    sheet.write_blank(_HEADER_ROW + 1 + number, place, None, text)
    return data.getvalue()


def _set_up(workbook: Any, sheet: Any, layout: _Layout) -> None:
    title = workbook.add_format({**_FONT, "bold": True, "font_size": 14})
    note = workbook.add_format({**_FONT, "italic": True})
    header = workbook.add_format(
        {**_FONT, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
    )
    for place, (_, width, _) in enumerate(layout.columns):
        sheet.set_column(place, place, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.freeze_panes(_HEADER_ROW + 1, 2)
    sheet.write_string(0, 0, "PHỤ LỤC", title)
    sheet.write_string(1, 0, layout.title, title)
    sheet.write_string(2, 0, layout.note, note)
    for place, (name, _, _) in enumerate(layout.columns):
        sheet.write_string(_HEADER_ROW, place, name, header)


def _guide(sheet: Any, layout: _Layout) -> None:
    """What to write is said beside a cell when it is chosen; nothing is forbidden."""
    first, last = _HEADER_ROW + 1, _HEADER_ROW + _ROWS_TO_FILL
    for place, (name, _, advice) in enumerate(layout.columns):
        if not advice:
            continue
        rule: dict[str, Any] = {"validate": "any", "input_title": name[:32], "input_message": advice}
        if name == "ĐVT":
            rule |= {"validate": "list", "source": list(_UNITS), "error_type": "information"}
        sheet.data_validation(first, place, last, place, rule)


def _tasks() -> _Layout:
    several = "Nhiều đơn vị thì ngăn bằng dấu chấm phẩy (;)."
    return _Layout(
        sheet="Nhiệm vụ",
        title="DANH MỤC NHIỆM VỤ",
        note="(Cách điền: mỗi dòng một nhiệm vụ; dòng nhóm chỉ điền cột TT bằng số La Mã và tên nhóm; "
        "sửa tên phụ lục ở dòng trên)",
        columns=(
            ("TT", 6, "1, 2, 3… ; số La Mã cho dòng nhóm; 1.1 cho việc nằm trong việc 1."),
            ("Nhiệm vụ", 60, ""),
            ("Cơ quan chủ trì", 30, "Một đơn vị, viết đúng tên trong hệ thống."),
            ("Cơ quan phối hợp", 34, several),
            (
                "Thời hạn",
                18,
                "Ví dụ: 30/6/2026 · 6/2026 · Quý IV/2026 · Quý III/2026 - Quý I/2027 · Hằng tháng · Thường xuyên",
            ),
            ("Sản phẩm", 26, ""),
            ("Ghi chú", 18, ""),
        ),
    )


def _indicators(first_year: int) -> _Layout:
    figure = (
        "Số viết kiểu Việt Nam: 26.120 hoặc 99,9. Được viết ≥ 95, dưới 5, 80 - 85; để “-” nếu không giao."
    )
    years = [(f"Năm {year}", 12, figure) for year in range(first_year, first_year + _YEARS)]
    return _Layout(
        sheet="Chỉ tiêu",
        title="DANH MỤC CHỈ TIÊU",
        note="(Cách điền: mỗi dòng một chỉ tiêu; chỉ tiêu con ghi “-” ở cột TT, dưới dòng của chỉ tiêu chính; "
        "sửa tên phụ lục ở dòng trên)",
        columns=(
            ("TT", 6, "1, 2, 3… ; số La Mã cho dòng nhóm; “-” hoặc 1.1 cho chỉ tiêu con."),
            ("Chỉ tiêu", 50, ""),
            ("ĐVT", 12, "Chọn trong danh sách hoặc tự nhập."),
            (
                f"Thực hiện năm {first_year - 1}",
                14,
                "Số đã đạt, để biết điểm xuất phát. Không có thì để trống.",
            ),
            *years,
            ("Cơ quan theo dõi", 30, "Đơn vị báo cáo số liệu. Nhiều đơn vị thì ngăn bằng dấu chấm phẩy (;)."),
            ("Ghi chú", 18, ""),
        ),
    )
