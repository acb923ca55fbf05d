"""A spreadsheet of figures to fill in: what its columns are called, writing it, and what is read back of it. Pure.

Every cell is text, so that none can come alive and no program reads "99,9" its own way. What may not change is grey and
locked; rows are told by a key in a hidden column, the template by the period and unit in the cell above that column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from app.documents.spreadsheet import Field, Sheet, to_xlsx

SHEET = "Số liệu"
# What is read back, by the header it stands under.
KEY, CODE, UNIT, REASON = "Mã dòng", "Mã", "Đơn vị báo cáo", "Lý do chưa nhận"
TO_FILL = {
    "value": "Số liệu",
    "numerator": "Tử số",
    "denominator": "Mẫu số",
    "no_data": "Không có số liệu",
    "note": "Ghi chú",
}
_BEFORE = (
    ("code", CODE, 8),
    ("name", "Chỉ tiêu", 36),
    ("unit_name", UNIT, 20),
    ("how", "Cách điền", 28),
    ("before", "Kỳ trước", 16),
)
_AFTER = (("goal", "Mục tiêu", 16),)
_WIDTHS = {"value": 13, "numerator": 11, "denominator": 11, "no_data": 10, "note": 30}
_REASON_WIDTH = 44
SHOWN = frozenset({header for _, header, _ in (*_BEFORE, *_AFTER)} | {REASON})
_ADVICE = {
    "value": "Số viết kiểu Việt Nam: 26.120 hoặc 99,9.",
    "numerator": "Nhập cả tử số và mẫu số thì bỏ trống ô Số liệu.",
    "denominator": "Nhập cả tử số và mẫu số thì bỏ trống ô Số liệu.",
    "no_data": "Ghi x khi kỳ này không có số liệu, và ghi lý do ở Ghi chú.",
    "note": "Giải thích khi số liệu thay đổi nhiều, hoặc khi không có số liệu.",
}


Kind = Literal["text", "number", "percent", "long_number", "date", "formula"]


@dataclass(frozen=True, slots=True)
class LineToFill:
    """One expected figure; `key` is empty for a line that is only told. `shown`: what stands in grey, by name;
    `filled`: what stands in the cells to fill; `asked`: those this measure takes; `choices`: what its value may be,
    where that is a list."""

    key: str
    shown: Mapping[str, str]
    filled: Mapping[str, str]
    asked: tuple[str, ...]
    choices: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SheetToFill:
    """`unit` is None where the lines are of several. `with_reasons`: a column says why a line was not taken."""

    title: str
    notes: tuple[str, str]
    period: UUID
    unit: UUID | None
    lines: Sequence[LineToFill]
    with_reasons: bool = False


@dataclass(frozen=True, slots=True)
class FilledCell:
    """`kind`: text; number; percent, a number shown as a percentage, times 100; long_number, one of more digits than a
    spreadsheet keeps; date and formula, nothing a figure can be."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class FilledLine:
    """`number` is the row as the spreadsheet counts it; `code` and `unit_name` what stands beside the key; cells by
    name, blank ones left out."""

    number: int
    key: str
    code: str
    unit_name: str
    cells: dict[str, FilledCell]


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """`template`: the keys of the period and of the unit whose template it was, the second only where it was one
    unit's. `remarks`: what else there is in the file, for whoever sends it to know."""

    template: tuple[str, ...]
    lines: tuple[FilledLine, ...]
    remarks: tuple[str, ...]


def write_figure_sheet(sheet: SheetToFill) -> bytes:
    reason = [("reason", REASON, _REASON_WIDTH)] if sheet.with_reasons else []
    to_fill = [(name, header, _WIDTHS[name]) for name, header in TO_FILL.items()]
    columns = [("key", KEY, 0), *_BEFORE, *to_fill, *reason, *_AFTER]
    written = Sheet(
        SHEET,
        sheet.title,
        sheet.notes,
        tuple((header, width) for _, header, width in columns),
        [[_cell(line, name) for name, _, _ in columns] for line in sheet.lines],
        template=" ".join(str(key) for key in (sheet.period, sheet.unit) if key),
    )
    return to_xlsx([written])


def _cell(line: LineToFill, name: str) -> str | Field:
    text = {**line.shown, **line.filled, "key": line.key, "reason": line.reason}.get(name, "")
    if name not in line.asked:
        return text
    choices = line.choices if name == "value" else ("x",) if name == "no_data" else ()
    advice = f"Chọn hoặc ghi: {', '.join(choices)}." if name == "value" and choices else _ADVICE[name]
    return Field(text, TO_FILL[name], advice, choices)
