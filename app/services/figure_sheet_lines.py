"""A line of a filled sheet as a figure to send, or the sentences that say why it is none. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.documents.figure_sheet import TO_FILL, FilledCell, FilledLine
from app.models import Indicator, Period
from app.services.figure_sheet import FLAGS, SheetRow
from app.services.measures import is_misplaced_percent, read_level
from app.services.submission_batch import BatchItem
from app.services.typed import sentence_of
from app.text import AmbiguousNumber, NotANumber, compare_key, fold, parse_number

_FLAG_OF = {fold(word): flag for flag, word in FLAGS.items()}
_MARKS = ("x", "co", "1")
_NO_FIGURE = {
    "formula": "ô là công thức nên số có thể đổi. Hãy chép ô ấy rồi dán lại chỉ lấy giá trị (Paste Values).",
    "date": "ô đã thành ngày tháng ({text}). Hãy đặt ô dạng chữ (Text) rồi nhập lại con số.",
    "long_number": "{text} dài hơn 15 chữ số nên bảng tính không giữ đúng. Hãy đặt ô dạng chữ (Text) rồi nhập lại.",
}
_NOT_A_SHARE = "có dấu %, mà ô này không tính bằng %. Hãy nhập lại số."


@dataclass(frozen=True, slots=True)
class ReadLine:
    """`item` is what would be sent; None with the `errors` that keep it from being one."""

    item: BatchItem | None
    errors: tuple[str, ...]


def read_line(line: FilledLine, row: SheetRow, period: Period, note: str) -> ReadLine:
    if said := _misplaced(line, row):
        return ReadLine(None, (said,))
    values: dict[str, Any] = {"note": note.strip() or None}
    errors: list[str] = []
    for name, cell in line.cells.items():
        try:
            values |= _part(name, cell, row.indicator)
        except (AmbiguousNumber, NotANumber) as error:
            errors.append(f"{TO_FILL[name]}: {error}")
    if errors:
        return ReadLine(None, tuple(errors))
    where = {"indicator": str(row.indicator.id), "unit": str(row.unit_id), "period": str(period.id)}
    try:
        return ReadLine(BatchItem.model_validate({**where, **values}), ())
    except ValidationError as error:
        return ReadLine(None, tuple(sentence_of(one) for one in error.errors()))


def typed_cells(line: FilledLine) -> Mapping[str, str]:
    return {name: _typed(cell) for name, cell in line.cells.items()}


def _misplaced(line: FilledLine, row: SheetRow) -> str:
    """What stands beside a hidden key no longer belongs to it: cells were sorted or copied, their keys were not."""
    for said, kept, what in (
        (line.code, row.indicator.code, "mã chỉ tiêu"),
        (line.unit_name, row.unit_name, "đơn vị"),
    ):
        if compare_key(said) != compare_key(kept):
            shown = f"“{said}”" if said else "trống"
            return (
                f"Cột {what} ghi {shown} mà dòng này là của “{kept}”: các ô đã bị sắp xếp hoặc chép lệch dòng. "
                "Hãy tải mẫu mới rồi điền lại dòng này."
            )
    return ""


def _part(name: str, cell: FilledCell, indicator: Indicator) -> dict[str, Any]:
    if name == "note" and cell.kind != "formula":
        return {}
    if said := _NO_FIGURE.get(cell.kind):
        raise NotANumber(said.format(text=cell.text))
    if name == "no_data":
        if fold(cell.text) not in _MARKS:
            raise NotANumber("chỉ ghi x, hoặc để trống.")
        return {"no_data": True}
    if name == "value" and indicator.measure == "yes_no":
        if (flag := _FLAG_OF.get(fold(cell.text))) is None:
            raise NotANumber("hãy ghi “Đạt” hoặc “Chưa đạt”.")
        return {"flag": flag}
    typed = _typed(cell)
    if is_misplaced_percent(name, typed, indicator):
        raise NotANumber(_NOT_A_SHARE)
    if name == "value" and indicator.measure == "level":
        return {"level": read_level(typed)}
    return {name: parse_number(typed)}


def _typed(cell: FilledCell) -> str:
    """A real number the way it is typed; text is as it was."""
    if cell.kind not in ("number", "percent"):
        return cell.text
    return cell.text.replace(".", ",") + ("%" if cell.kind == "percent" else "")
