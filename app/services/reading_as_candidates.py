"""A reading (pure values) → the rows that wait for a person's decision. No database here."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

from app.documents.sections import ORGANISATION, TASKS
from app.documents.values import DeadlineRead, IndicatorRead, Passage, Reading, TaskRead, UnitRead
from app.models import Candidate
from app.models.base import new_id

NOT_CLAUSES = ("heading", "page_number")
# The reader says when the whole section is missing; this is for a section in which it found nobody.
NO_UNITS = {
    "code": "no_units",
    "message": "Chưa đọc được đơn vị nào trong phần tổ chức thực hiện. "
    "Kiểm tra xem tệp có đủ trang không; chưa có đơn vị thì chưa ban hành được.",
    "passage": None,
    "excerpt": "",
}


def is_in_scope(passage: Passage) -> bool:
    """Whether the clause must be used or set aside before the plan is issued."""
    return passage.section in (TASKS, ORGANISATION) and passage.kind not in NOT_CLAUSES


def warnings_of(reading: Reading) -> list[dict[str, Any]]:
    found = [asdict(warning) for warning in reading.warnings]
    is_said = any(warning["code"] == "no_organisation_section" for warning in found)
    return found if reading.units or is_said else [NO_UNITS, *found]


def is_a_plan(reading: Reading) -> bool:
    return bool(reading.units or reading.task_groups or reading.indicators)


def candidates_of(
    reading: Reading, document_id: UUID, locality_id: UUID, ids: dict[str, UUID]
) -> list[Candidate]:
    """Candidates in the order of the text, a unit before its duties. `ids`: row by key of the passage."""
    places = {passage.id: number for number, passage in enumerate(reading.passages)}
    groups = sorted(_groups(reading), key=lambda group: places[group[0][1]])
    made: list[Candidate] = []
    for group in groups:
        parent: UUID | None = None
        for kind, passage, read in group:
            row = Candidate(
                id=new_id(),
                locality_id=locality_id,
                document_id=document_id,
                passage_id=ids[passage],
                parent_id=parent if kind == "duty" else None,
                ordinal=len(made) + 1,
                kind=kind,
                reading=read,
            )
            parent = row.id if kind == "unit" else parent
            made.append(row)
    return made


Read = tuple[str, str, dict[str, Any]]


def _groups(reading: Reading) -> Iterator[list[Read]]:
    """(kind, key of the passage, reading) of what belongs together: a unit with its duties, a heading with its
    tasks, one figure, one milestone."""
    for unit in reading.units:
        yield [("unit", unit.passage, _unit(unit)), *_duties(unit)]
    for group in reading.task_groups:
        tasks: list[Read] = [("task", t.passage, _task(t, group.heading)) for t in group.tasks]
        if tasks:
            yield tasks
    for indicator in reading.indicators:
        yield [("indicator", indicator.passage, read_indicator(indicator))]
    for milestone in reading.milestones:
        yield [("milestone", milestone.passage, {"text": milestone.text, "year": milestone.year})]


def _unit(unit: UnitRead) -> dict[str, Any]:
    return {"name": unit.name, "is_group": unit.is_group, "requested": unit.requested}


def _task(task: TaskRead, heading: str) -> dict[str, Any]:
    """Who, when and what for are there where the document says them; names stay as they are written."""
    told = {
        "lead": list(task.lead),
        "cooperating": list(task.cooperating),
        "deadline": _deadline(task.deadline) if task.deadline else None,
        "product": task.product,
    }
    said = {name: value for name, value in told.items() if value}
    return {"text": task.text, "details": list(task.details), "section": heading, **said}


def _deadline(read: DeadlineRead) -> dict[str, Any]:
    return {
        "raw": read.raw,
        "kind": read.kind,
        "from": read.begins.isoformat() if read.begins else None,
        "to": read.ends.isoformat() if read.ends else None,
        "cycle": read.cycle,
    }


def _duties(unit: UnitRead) -> list[Read]:
    return [
        ("duty", d.passage, {"text": d.text, "details": list(d.details), "requested": unit.requested})
        for d in unit.duties
    ]


def read_indicator(read: IndicatorRead) -> dict[str, Any]:
    """The `reading` of an indicator's candidate."""
    kept = asdict(read)
    kept.pop("passage")
    kept["restated_in"] = list(read.restated_in)
    kept["lead"] = list(read.lead)
    for name in ("value", "value_to", "baseline"):
        kept[name] = None if kept[name] is None else format(kept[name], "f")
    return kept
