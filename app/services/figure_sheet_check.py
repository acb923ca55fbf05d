"""A filled sheet of figures: what was read of each line, what changed, and whether it can be sent (decision 0033)."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.documents.decoding import UnreadableDocument as NotReadable
from app.documents.figure_sheet import TO_FILL, FilledLine, FilledSheet
from app.errors import Conflict, Invalid, TienDoError, TooLarge, UnreadableDocument
from app.models import Period, Unit
from app.outside.reader import read_figures
from app.permissions import Permission
from app.services.figure_sheet import SheetRow, list_sheet_rows
from app.services.figure_sheet_lines import read_line, typed_cells
from app.services.period_form import unit_and_period
from app.services.standing import show_figure
from app.services.submission_batch import MOST_AT_ONCE, BatchItem, BatchOutcome, check_submissions
from app.settings import MAX_UPLOAD_BYTES
from app.text import compare_key
from app.work import Work

READY, UNCHANGED, REFUSED = "ready", "unchanged", "refused"


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """One filled line. `row` is None where it is no line of the template; `read`: the figure in words; `version`: of
    what was sent in this period; `asks_note`: a note would answer what is odd; `is_as_before`:
    the same as in the period before. `item` is what would be sent."""

    line: FilledLine
    row: SheetRow | None
    note: str
    outcome: str
    errors: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    read: str = ""
    version: int = 0
    asks_note: bool = False
    is_as_before: bool = False
    item: BatchItem | None = None

    @property
    def number(self) -> int:
        return self.line.number

    @property
    def typed(self) -> str:
        """What stands in its cells, the note left out: "Tử số: 37; Mẫu số: 40"."""
        cells = typed_cells(self.line)
        return "; ".join(f"{TO_FILL[name]}: {text}" for name, text in cells.items() if name != "note")

    @property
    def sent(self) -> str:
        return self.row.sent if self.row is not None else ""


@dataclass(frozen=True, slots=True)
class SheetCheck:
    """`others`: how many filled lines of other units there are, by what these are called; `blank`: lines nobody filled
    in; `left_out`: figures of the unit that the sheet does not hold. `remarks`: what else is in the file."""

    unit: Unit
    period: Period
    lines: tuple[CheckedLine, ...]
    others: Mapping[str, int]
    blank: tuple[SheetRow, ...]
    left_out: tuple[SheetRow, ...]
    remarks: tuple[str, ...]

    def with_outcome(self, outcome: str) -> list[CheckedLine]:
        return [line for line in self.lines if line.outcome == outcome]

    @property
    def mark(self) -> str:
        """Another one as soon as any figure of the sheet was sent by somebody else."""
        seen = sorted(f"{line.row.id} {line.version}" for line in self.lines if line.row is not None)
        return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:20]


def read_sent_sheet(data: bytes) -> FilledSheet | TienDoError:
    """Takes a moment and a process of its own, so no transaction may be open. What is refused is said, not raised."""
    if not data:
        return Invalid.field("file", "Hãy chọn tệp Excel đã điền.")
    if len(data) > MAX_UPLOAD_BYTES:
        return TooLarge("Tệp lớn quá 25 MB. Hãy tải mẫu Excel của kỳ rồi điền vào mẫu đó.")
    try:
        return read_figures(data)
    except NotReadable as error:
        return UnreadableDocument(str(error), code=error.code, errors={"file": str(error)})


def require_sheet_sender(work: Work, unit_id: UUID, period_id: UUID) -> tuple[Unit, Period]:
    unit, period = unit_and_period(work, unit_id, period_id)
    work.require(Permission.SUBMISSION_SEND, unit.locality_id, unit.id)
    return unit, period


def check_sheet(
    work: Work, unit_id: UUID, period_id: UUID, sheet: FilledSheet, notes: Mapping[int, str]
) -> SheetCheck:
    """Nothing is sent. `notes` by line, over those in the sheet. Conflict for another period's or unit's template."""
    unit, period = require_sheet_sender(work, unit_id, period_id)
    _check_template(unit, period, sheet)
    rows = {str(row.id): row for row in list_sheet_rows(work, period, unit.id)}
    filled = [line for line in sheet.lines if line.cells]
    foreign = {line.number for line in filled if _is_of_another(line, sheet, unit, rows)}
    mine = [line for line in filled if line.number not in foreign]
    if len(mine) > MOST_AT_ONCE:
        said = f"Một lần chỉ nhận tối đa {MOST_AT_ONCE} dòng đã điền. Hãy chia thành nhiều tệp."
        raise Invalid.field("file", said)
    read = _without_repeats(_read(line, rows.get(line.key), period, notes) for line in mine)
    there, answered = {line.key for line in sheet.lines}, {line.key for line in filled}
    return SheetCheck(
        unit,
        period,
        tuple(_judged(work, read)),
        Counter(line.unit_name for line in filled if line.number in foreign),
        tuple(row for key, row in rows.items() if key in there - answered),
        tuple(row for key, row in rows.items() if key not in there),
        sheet.remarks,
    )


def _check_template(unit: Unit, period: Period, sheet: FilledSheet) -> None:
    period_key, unit_key = (*sheet.template, "", "")[:2]
    if period_key and period_key != str(period.id):
        said = f"Tệp này là mẫu của kỳ khác hoặc của nơi khác. Hãy tải mẫu của {period.name} rồi điền vào mẫu đó."
    elif unit_key and unit_key != str(unit.id):
        said = f"Tệp này là mẫu của đơn vị khác. Hãy tải mẫu của {unit.name} rồi điền vào mẫu đó."
    else:
        return
    raise Conflict(said, code="other_template", errors={"file": said})


def _is_of_another(line: FilledLine, sheet: FilledSheet, unit: Unit, rows: Mapping[str, SheetRow]) -> bool:
    """In the template of the whole locality the lines of others stand beside one's own."""
    is_shared, is_told = len(sheet.template) == 1, bool(line.key and line.unit_name)
    is_ours = line.key in rows or compare_key(line.unit_name) == compare_key(unit.name)
    return is_shared and is_told and not is_ours


def _read(line: FilledLine, row: SheetRow | None, period: Period, notes: Mapping[int, str]) -> CheckedLine:
    """The line as an item to send; refused where it is none."""
    note = notes.get(line.number, line.cells["note"].text if "note" in line.cells else "")
    if row is None:
        said = (
            "Dòng này không có trong mẫu hiện nay của đơn vị: chỉ tiêu đã thôi báo cáo, hoặc dòng chép từ tệp khác. "
            "Hãy bỏ trống dòng này, hoặc tải mẫu mới."
        )
        return CheckedLine(line, None, note, REFUSED, (said,))
    read = read_line(line, row, period, note)
    return CheckedLine(
        line, row, note, READY if read.item is not None else REFUSED, read.errors, item=read.item
    )


def _without_repeats(lines: Iterable[CheckedLine]) -> list[CheckedLine]:
    """Of one row twice, neither is sent: nobody can tell which of them was meant."""
    found = list(lines)
    places: dict[UUID, list[int]] = {}
    for line in found:
        if line.row is not None:
            places.setdefault(line.row.id, []).append(line.number)
    return [
        line
        if line.row is None or len(there := places[line.row.id]) < 2
        else replace(
            line,
            outcome=REFUSED,
            item=None,
            errors=(f"Chỉ tiêu này có ở các dòng {_listed(there)}. Hãy chỉ giữ một dòng.",),
        )
        for line in found
    ]


def _judged(work: Work, lines: Sequence[CheckedLine]) -> list[CheckedLine]:
    """By the rules that sending goes by, all of them together."""
    items = [line.item for line in lines if line.item is not None]
    outcomes = iter(check_submissions(work, items)) if items else iter(())
    return [_judge(line, next(outcomes)) if line.item is not None else line for line in lines]


def _judge(line: CheckedLine, said: BatchOutcome) -> CheckedLine:
    weighed, error = said.weighed, said.error
    return replace(
        line,
        outcome=REFUSED if error else UNCHANGED if said.is_unchanged else READY,
        errors=sentences_of(error) if error else (),
        doubts=tuple(doubt.sentence for doubt in said.doubts),
        read=show_figure(weighed.figure, weighed.spot.indicator)
        if weighed
        else line.sent
        if said.is_unchanged
        else "",
        version=said.last.number if said.last else 0,
        asks_note=bool(said.doubts) or (error is not None and "note" in error.errors),
        is_as_before=weighed is not None and weighed.same is not None,
    )


def sentences_of(error: TienDoError) -> tuple[str, ...]:
    return tuple(dict.fromkeys(error.errors.values())) or (error.message,)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))
