"""A table of organisations and their work in the section that assigns it → units with duties.

"| STT | Đơn vị | Nhiệm vụ |" under "Tổ chức thực hiện" is that section's list, drawn with lines. A table that puts the
work first, or tells when it is due, is one of tasks.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from app.documents.columns import DITTO
from app.documents.columns import TASKS as TASK_TABLE
from app.documents.organisations import is_group_name, is_organisation_name
from app.documents.outline import Outline
from app.documents.sections import ORGANISATION
from app.documents.sentences import split_sentences
from app.documents.tables import GROUP, HEAD, NOTE, Table, TableRow, is_blank, level_of
from app.documents.values import DutyRead, UnitRead
from app.text import compare_key

_TOLD = ("cooperating", "carriers", "deadline_text", "deadline_start", "product", "targets", "unit")
_BULLET = re.compile(r"[-–•+*]\s+(?=\S)")
_NEXT_BULLET = re.compile(r"(?<=[;.])\s+(?=[-–•]\s+\S)")


def is_unit_table(table: Table, outline: Outline) -> bool:
    """Whether the table is the list of an organisation section and not of an annex behind the signature."""
    leads = table.header.places("lead")
    if table.kind != TASK_TABLE or len(leads) != 1 or leads[0] > table.header.what:
        return False
    if table.header.places(*_TOLD):
        return False
    start = table.rows[0].start
    above = [clause for clause in outline.clauses if clause.block.start < start]
    closed = any(p.kind in ("recipients", "signature", "annex") and p.start < start for p in outline.others)
    return bool(above) and above[-1].section == ORGANISATION and not closed


def read_table_units(table: Table, ids: dict[int, str]) -> list[UnitRead]:
    """`ids`: passage by the place in the text where its row begins. A cell left empty or "″" goes on with its unit."""
    units: list[UnitRead] = []
    for row in table.rows:
        name, work = _unit_and_work(row, table)
        if name:
            units.append(UnitRead(name=name, is_group=is_group_name(name), passage=ids[row.start]))
        if units:
            duties = tuple(DutyRead(text, ids[row.start]) for text in _duties(work))
            units[-1] = replace(units[-1], duties=(*units[-1].duties, *duties))
    return units


def merged_units(units: Iterable[UnitRead]) -> tuple[UnitRead, ...]:
    """One named twice gets both lists."""
    merged: dict[str, UnitRead] = {}
    for unit in units:
        key = compare_key(unit.name)
        known = merged.get(key)
        merged[key] = unit if known is None else replace(known, duties=(*known.duties, *unit.duties))
    return tuple(merged.values())


def _unit_and_work(row: TableRow, table: Table) -> tuple[str, str]:
    """The organisation a row begins with ("" where it goes on) and what it is to do."""
    lead = " ".join(row.cells[table.header.places("lead")[0]].split()).strip(" .:;*")
    work = row.cells[table.header.what]
    names_unit = not is_blank(lead) and not DITTO.fullmatch(lead)
    # "I | Khối Đảng" only gathers the organisations below it.
    gathers = level_of(row.ordinal) == 0 and (not names_unit or is_blank(work))
    if row.kind in (HEAD, NOTE) or gathers:
        return "", ""
    if row.kind == GROUP and is_organisation_name(work):
        return work.strip(" .:;*"), ""
    bullet = f"{row.ordinal} " if level_of(row.ordinal) in (9, 10) else ""
    return (lead if names_unit else ""), bullet + work


def _duties(cell: str) -> list[str]:
    """List items of a cell, what is nested or wrapped joined to its item; each sentence where it has no list."""
    lines = [part for line in cell.split("\n") for part in _NEXT_BULLET.split(line.strip()) if part]
    first = next((line[0] for line in lines if _BULLET.match(line)), None)
    items: list[str] = []
    for line in lines:
        begins = line.startswith(first) if first else not items or items[-1].endswith((".", ";"))
        if begins or not items:
            items.append(_BULLET.sub("", line, count=1))
        else:
            items[-1] = f"{items[-1]} {line}"
    if first is None:
        items = [sentence for item in items for sentence in split_sentences(item)]
    return [item for item in items if not is_blank(item)]
