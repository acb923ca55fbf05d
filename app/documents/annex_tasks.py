"""Rows of a task annex → groups of tasks with who, when and what for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.documents.carriers import names_roles, split_carriers, split_units
from app.documents.columns import DITTO
from app.documents.deadlines import read_deadline
from app.documents.tables import DATA, DETAIL, GROUP, MORE, Table, TableRow, is_blank
from app.documents.values import DeadlineRead, TaskGroupRead, TaskRead

NAMELESS = "Phụ lục nhiệm vụ"
_REPEATED = ("lead", "cooperating", "carriers", "deadline_text", "deadline_start", "product")


@dataclass(slots=True)
class _Task:
    """A row with those that go on with it. `cells`: words by column."""

    row: TableRow
    cells: list[str]
    details: list[int] = field(default_factory=list)


def read_annex_groups(table: Table, ids: dict[int, str], title_passage: str) -> list[TaskGroupRead]:
    """`ids`: passage by the place in the text where its row begins."""
    groups: list[tuple[str, str, list[TaskRead]]] = [(table.title or NAMELESS, title_passage, [])]
    year = _only_year(table.title or "")
    for one in _gathered(table):
        if isinstance(one, TableRow):
            heading = _heading(one, table)
            groups.append((heading, ids[one.start], []))
        else:
            groups[-1][2].append(_task(one, table, ids, year))
    return [TaskGroupRead(heading, passage, tuple(tasks)) for heading, passage, tasks in groups if tasks]


def group_headings(table: Table) -> tuple[str, ...]:
    return tuple(_words(row.cells[table.header.what]) for row in table.rows if row.kind == GROUP)


def _heading(row: TableRow, table: Table) -> str:
    words = _words(row.cells[table.header.what])
    return f"{row.ordinal.rstrip('.')}. {words}" if row.ordinal and row.ordinal.isalnum() else words


def _gathered(table: Table) -> Iterator[TableRow | _Task]:
    """Group rows as they are; task rows once all that belongs to them is known."""
    task: _Task | None = None
    above = [""] * len(table.header.columns)
    for row in table.rows:
        if row.kind == GROUP:
            if task:
                yield task
            task = None
            yield row
        elif row.kind == DATA:
            if task:
                yield task
            above = _told_again(row, above, table)
            task = _Task(row, list(above))
        elif row.kind in (MORE, DETAIL) and task:
            _go_on(task, row)
    if task:
        yield task


def _told_again(row: TableRow, above: list[str], table: Table) -> list[str]:
    """ "-nt-" and the mark of a merged cell stand for what the row above has."""
    repeated = table.header.places(*_REPEATED)
    return [
        above[place] if place in repeated and DITTO.fullmatch(cell) else cell
        for place, cell in enumerate(row.cells)
    ]


def _go_on(task: _Task, row: TableRow) -> None:
    task.details.append(row.start)
    if row.kind == MORE:
        for place, cell in enumerate(row.cells):
            if cell and not DITTO.fullmatch(cell):
                task.cells[place] = f"{task.cells[place]}\n{cell}".strip()


def _task(task: _Task, table: Table, ids: dict[int, str], year: int | None) -> TaskRead:
    lead, cooperating = _carriers(task.cells, table)
    product = "; ".join(_words(cell) for cell in _cells(task.cells, table, "product"))
    return TaskRead(
        text=_words(task.cells[table.header.what]),
        passage=ids[task.row.start],
        details=tuple(ids[start] for start in task.details),
        lead=lead,
        cooperating=cooperating,
        deadline=_deadline(task.cells, table, year),
        product=product or None,
    )


def _carriers(cells: list[str], table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lead: list[str] = []
    cooperating: list[str] = []
    for cell in _cells(cells, table, "carriers"):
        first, others = split_carriers(cell)
        lead += first
        cooperating += others
    for cell in _cells(cells, table, "lead"):
        first, others = split_carriers(cell) if names_roles(cell) else (split_units(cell), ())
        lead += first
        cooperating += others
    for cell in _cells(cells, table, "cooperating"):
        cooperating += split_units(cell)
    named = tuple(dict.fromkeys(lead))
    return named, tuple(name for name in dict.fromkeys(cooperating) if name not in named)


def _deadline(cells: list[str], table: Table, year: int | None) -> DeadlineRead | None:
    parts = [_words(cell) for cell in _cells(cells, table, "deadline_start", "deadline_text")]
    parts = parts or _marked_years(cells, table)
    return read_deadline(" - ".join(parts), year=year) if parts else None


def _marked_years(cells: list[str], table: Table) -> list[str]:
    """First and last of the years that a cross stands under."""
    places = [place for place in table.header.places("targets") if not is_blank(cells[place])]
    years = [year for place in places if (year := table.header.columns[place].year)]
    return [str(year) for year in dict.fromkeys((min(years), max(years)))] if years else []


def _cells(cells: list[str], table: Table, *meanings: str) -> list[str]:
    found = (cells[place] for place in table.header.places(*meanings))
    return [cell for cell in found if not is_blank(cell)]


def _only_year(title: str) -> int | None:
    """The year a title is about, where it names one ("nhiệm vụ năm 2026"), not a span or several."""
    years = {int(year) for year in re.findall(r"\b20\d\d\b", title)}
    return years.pop() if len(years) == 1 else None


def _words(cell: str) -> str:
    return " ".join(cell.split())
