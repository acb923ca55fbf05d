"""Tables found in the text → passages of their rows, tasks, indicators, and a description of each annex."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.documents.annex_indicators import indicator_warnings, read_annex_indicators
from app.documents.annex_tasks import group_headings, read_annex_groups
from app.documents.columns import TASKS as TASK_TABLE
from app.documents.columns import Column
from app.documents.outline import Outline
from app.documents.sections import OBJECTIVES, ORGANISATION, TASKS
from app.documents.tables import DATA, DETAIL, GROUP, HEAD, MORE, NOTE, PARENT, Table, TableRow
from app.documents.unit_tables import is_unit_table, read_table_units
from app.documents.values import (
    AnnexRead,
    IndicatorRead,
    Passage,
    TaskGroupRead,
    UnitRead,
    WarningRead,
)

PASSAGE_KINDS = {
    HEAD: "table_head",
    GROUP: "table_group",
    PARENT: "table_group",
    DATA: "table_row",
    DETAIL: "table_row",
    MORE: "table_row",
    NOTE: "table_note",
}


@dataclass(frozen=True, slots=True)
class Annexes:
    """What the tables of a text say; `passages` are all of the text's, those of rows described."""

    passages: tuple[Passage, ...]
    groups: tuple[TaskGroupRead, ...]
    indicators: tuple[IndicatorRead, ...]
    warnings: tuple[WarningRead, ...]
    leftovers: tuple[str, ...]
    annexes: tuple[AnnexRead, ...]
    units: tuple[UnitRead, ...]
    titles: frozenset[str]


def read_annexes(outline: Outline, tables: Sequence[Table]) -> Annexes:
    listing = [table for table in tables if is_unit_table(table, outline)]
    placed = _placed(outline.passages, tables, listing)
    ids = {passage.start: passage.id for passage in placed}
    groups: list[TaskGroupRead] = []
    indicators: list[IndicatorRead] = []
    warnings: list[WarningRead] = []
    annexes: list[AnnexRead] = []
    units = [unit for table in listing for unit in read_table_units(table, ids)]
    for table in tables:
        title = _title_passage(table, placed)
        if table in listing:
            continue
        if table.kind == TASK_TABLE:
            read = read_annex_groups(table, ids, title)
            groups += read
            warnings += _unclear_deadlines(read)
        else:
            indicators += read_annex_indicators(table, ids)
            warnings += indicator_warnings(table, ids)
        annexes.append(_described(table, title))
    used = {task.passage for group in groups for task in group.tasks}
    used |= {detail for group in groups for task in group.tasks for detail in task.details}
    used |= {indicator.passage for indicator in indicators}
    used |= {passage for unit in units for passage in (unit.passage, *(d.passage for d in unit.duties))}
    return Annexes(
        passages=placed,
        groups=tuple(groups),
        indicators=tuple(indicators),
        warnings=tuple(warnings),
        leftovers=tuple(p.id for p in placed if p.kind == "table_row" and p.id not in used),
        annexes=tuple(annexes),
        units=tuple(units),
        titles=frozenset(_title_passage(table, placed) for table in tables),
    )


def _placed(
    passages: Iterable[Passage], tables: Sequence[Table], listing: Sequence[Table]
) -> tuple[Passage, ...]:
    """Rows get their places; those of `listing` belong to the organisations, others to tasks or objectives."""
    rows = {
        row.start: (f"B{number}.{place}", row, _section(table, listing))
        for number, table in enumerate(tables, start=1)
        for place, row in enumerate(table.rows, start=1)
    }
    return tuple(
        _row_passage(passage, *rows[passage.start]) if passage.start in rows else passage
        for passage in passages
    )


def _section(table: Table, listing: Sequence[Table]) -> str:
    if table in listing:
        return ORGANISATION
    return TASKS if table.kind == TASK_TABLE else OBJECTIVES


def _row_passage(passage: Passage, path: str, row: TableRow, section: str) -> Passage:
    """Rows of tasks are to be used or set aside like clauses of the tasks section."""
    ordinal = [row.ordinal] if row.ordinal and row.ordinal not in row.cells else []
    text = " | ".join(" ".join(cell.split()) for cell in (*ordinal, *row.cells) if cell)
    return replace(
        passage,
        path=path,
        kind=PASSAGE_KINDS[row.kind],
        text=text,
        body=text,
        marker=row.ordinal,
        section=section if row.kind in (DATA, DETAIL, MORE) else None,
    )


def _title_passage(table: Table, passages: tuple[Passage, ...]) -> str:
    """The passage that holds the title; the header's own where nothing stands above."""
    start = table.rows[0].start if table.title_start is None else table.title_start
    return passages[bisect_right(passages, start, key=lambda passage: passage.start) - 1].id


def _described(table: Table, passage: str) -> AnnexRead:
    kinds = [row.kind for row in table.rows]
    return AnnexRead(
        title=table.title,
        kind=table.kind,
        passage=passage,
        header_rows=table.header_rows,
        columns=_columns(table.header.columns),
        groups=group_headings(table),
        rows=kinds.count(DATA),
        parent_rows=kinds.count(GROUP) + kinds.count(PARENT),
    )


def _columns(columns: tuple[Column, ...]) -> tuple[tuple[str, str], ...]:
    """Years beside each other that are headed alike are one entry: "Năm 2026..2030"."""
    described: list[tuple[str, str]] = []
    run: list[Column] = []
    for column in (*columns, None):
        if run and (column is None or not _goes_with(run[-1], column)):
            described.append((_run_header(run), "targets"))
            run = []
        if column is None:
            break
        if column.meaning == "targets":
            run.append(column)
        elif column.header:
            described.append((column.header, _meaning(column)))
    return tuple(described)


def _goes_with(one: Column, two: Column) -> bool:
    if two.meaning != "targets" or one.year is None or two.year != one.year + 1:
        return False
    return one.header.replace(str(one.year), "") == two.header.replace(str(two.year), "")


def _run_header(run: list[Column]) -> str:
    return run[0].header if len(run) == 1 else f"{run[0].header}..{run[-1].year}"


def _meaning(column: Column) -> str:
    if column.meaning != "baseline":
        return column.meaning
    year = f"_{column.year}" if column.year else ""
    return f"baseline{year}{'_estimate' if column.is_estimate else ''}"


def _unclear_deadlines(groups: Iterable[TaskGroupRead]) -> list[WarningRead]:
    return [
        WarningRead(
            "deadline_unclear",
            "Thời hạn không nêu ngày, kỳ hay chu kỳ nào. Hãy chọn hạn khi duyệt.",
            task.passage,
            task.deadline.raw,
        )
        for group in groups
        for task in group.tasks
        if task.deadline is not None and task.deadline.kind == "unknown"
    ]
