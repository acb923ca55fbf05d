"""Clauses of the task sections → groups of first-level tasks."""

from app.documents.outline import Clause, Outline
from app.documents.sections import OBJECTIVES, ORGANISATION, TASKS
from app.documents.values import TaskGroupRead, TaskRead


def read_task_groups(outline: Outline) -> tuple[TaskGroupRead, ...]:
    groups: list[TaskGroupRead] = []
    for clause in outline.clauses:
        opens = clause.is_heading and clause.section == TASKS
        if opens and (clause.parent is None or clause.parent.section != TASKS):
            groups.extend(_groups(clause))
    return tuple(groups)


def _groups(section: Clause) -> list[TaskGroupRead]:
    """Headings under the section are groups; items directly under it make a group of their own."""
    children = [c for c in section.children if c.section == TASKS and c.kind != "table"]
    headings = [c for c in children if c.is_heading]
    listed = [c for c in children if c.is_list_item and not c.is_heading]
    own = listed if headings or listed else [c for c in children if not c.is_heading]
    if headings and not _closed_items(listed):
        headings, own = [c for c in children if c.is_heading or c.is_list_item], []
    groups = [_group(heading) for heading in headings]
    if own:
        groups.insert(0, TaskGroupRead(section.text, section.id, tuple(_task(item) for item in own)))
    return [group for group in groups if group.tasks]


def _closed_items(items: list[Clause]) -> bool:
    """Whether the items beside headings are sentences, not headings that merely have nothing under them."""
    return any(item.body.endswith((".", ";")) for item in items)


def _group(heading: Clause) -> TaskGroupRead:
    inner = [c for c in heading.children if c.section not in (ORGANISATION, OBJECTIVES)]
    listed = any(c.is_list_item for c in inner)
    tasks = [c for c in inner if c.kind != "table" and not (listed and _introduces(c))]
    if not tasks and not heading.children:
        tasks = [heading]
    return TaskGroupRead(heading.text, heading.id, tuple(_task(clause) for clause in tasks))


def _introduces(clause: Clause) -> bool:
    return clause.kind == "paragraph" and clause.body.endswith(":")


def _task(clause: Clause) -> TaskRead:
    return TaskRead(clause.body, clause.id, tuple(below.id for below in clause.descendants()))
