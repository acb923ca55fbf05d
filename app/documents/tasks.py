"""Clauses of the task sections → groups of first-level tasks."""

import re
from collections.abc import Sequence

from app.documents.descriptions import belongs_to_description, describes, with_descriptions
from app.documents.outline import Clause, Outline
from app.documents.sections import OBJECTIVES, ORGANISATION, TASKS
from app.documents.values import TaskGroupRead, TaskRead
from app.text import fold

_ONLY_SAYS_TASKS = re.compile(r"(?:cac )?(?:nhiem vu|giai phap|noi dung)(?:\W+\w+){0,6}\W*$")


def read_task_groups(outline: Outline) -> tuple[TaskGroupRead, ...]:
    groups: list[TaskGroupRead] = []
    for clause in outline.clauses:
        opens = clause.is_heading and clause.section == TASKS
        if opens and (clause.parent is None or clause.parent.section != TASKS):
            groups.extend(_groups(clause))
    return tuple(groups)


def _groups(section: Clause) -> list[TaskGroupRead]:
    """Headings under the section are groups; items directly under it make a group of their own.

    "2. Ra quân:" with bullets, between items that have none, is a task with details like its neighbours.
    """
    children = [
        c for c in section.children if c.section == TASKS and c.kind != "table" and not describes(c.body)
    ]
    headings = [c for c in children if c.is_heading]
    listed = [c for c in children if c.is_list_item and not c.is_heading]
    if _are_tasks(headings, listed):
        headings = [c for c in headings if not c.is_list_item]
        listed = [c for c in children if c.is_list_item]
    elif headings:
        headings, listed = [c for c in children if c.is_heading or c.is_list_item], []
    own = listed if headings or listed else [c for c in children if not c.is_heading]
    groups = [group for heading in headings for group in _below(heading)]
    if own:
        groups.insert(0, TaskGroupRead(section.text, section.id, tuple(_task(item) for item in own)))
    return [group for group in groups if group.tasks]


def _are_tasks(headings: list[Clause], listed: list[Clause]) -> bool:
    """Whether items with and without something below them are tasks alike: most are no titles but sentences."""
    titles = [c for c in (*headings, *listed) if not c.text.endswith((".", ";", ",", ":"))]
    few = len(headings) < len(listed) or len(titles) * 2 <= len(headings) + len(listed)
    return bool(listed) and few


def _below(heading: Clause) -> list[TaskGroupRead]:
    """ "2. Nhiệm vụ" over "2.1. Tuyên truyền" is one more section, not a group."""
    nested = bool(heading.children) and all(child.is_heading and child.children for child in heading.children)
    if nested and _ONLY_SAYS_TASKS.match(fold(heading.body)):
        return _groups(heading)
    return [_group(heading)]


def _group(heading: Clause) -> TaskGroupRead:
    inner = [c for c in heading.children if c.section not in (ORGANISATION, OBJECTIVES)]
    listed = any(c.is_list_item for c in inner)
    described = any(describes(c.body) for c in inner)
    tasks = [
        c
        for c in inner
        if c.kind != "table" and not (listed and _introduces(c)) and not (described and _tells(c))
    ]
    telling = [c for c in inner if described and _tells(c)]
    if not tasks and (described or not heading.children):
        return TaskGroupRead(heading.text, heading.id, (_task(heading, ()),))
    told = _told_about(tasks, telling, inner)
    return TaskGroupRead(heading.text, heading.id, tuple(_task(c, told.get(c.id, ())) for c in tasks))


def _told_about(tasks: list[Clause], telling: list[Clause], inner: list[Clause]) -> dict[str, list[Clause]]:
    """Lines beside the tasks tell about the one before them; one block for several tasks tells about all."""
    told: dict[str, list[Clause]] = {}
    places = [inner.index(clause) for clause in telling]
    one_block = bool(places) and places[-1] - places[0] == len(places) - 1
    for clause in telling:
        before = [task for task in tasks if inner.index(task) < inner.index(clause)]
        at_an_end = len(before) in (0, len(tasks))
        for task in tasks if one_block and at_an_end else before[-1:]:
            told.setdefault(task.id, []).append(clause)
    return told


def _tells(clause: Clause) -> bool:
    return belongs_to_description(clause.body) and (describes(clause.body) or not clause.children)


def _introduces(clause: Clause) -> bool:
    return clause.kind == "paragraph" and clause.body.endswith(":")


def _task(clause: Clause, told: Sequence[Clause] = ()) -> TaskRead:
    below = clause.descendants()
    details = tuple(dict.fromkeys(one.id for one in (*below, *told)))
    task = TaskRead(clause.body, clause.id, details)
    return with_descriptions(task, [clause.body, *map(_with_list, below), *map(_with_list, told)])


def _with_list(clause: Clause) -> str:
    """ "- Đơn vị phối hợp:" with the names as bullets below it reads as one line."""
    if not clause.body.rstrip().endswith(":"):
        return clause.body
    return "; ".join([clause.body, *(child.body for child in clause.children)]).replace(":;", ":", 1)
