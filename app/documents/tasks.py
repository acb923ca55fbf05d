"""Clauses of the task sections → groups of first-level tasks."""

import re

from app.documents.outline import Clause, Outline
from app.documents.sections import OBJECTIVES, ORGANISATION, TASKS
from app.documents.values import TaskGroupRead, TaskRead
from app.text import fold

_ONLY_SAYS_TASKS = re.compile(r"(?:cac )?(?:nhiem vu|giai phap|noi dung)(?:\W+\w+){0,6}\W*$")
# "Đơn vị chủ trì: …", "Thời gian hoàn thành: …" tell about the task above them and are none themselves.
_DESCRIBES = re.compile(
    r"(?:thoi gian|thoi han|tien do|han hoan thanh|(?:don vi|co quan|bo phan|nguoi) (?:chu tri|phoi hop|thuc hien|"
    r"phu trach))"
    r"[^:]{0,30}:"
)
_LABELLED = re.compile(r"(?:noi dung|ket qua|san pham|dia diem|thanh phan|kinh phi|hinh thuc)[^:]{0,20}:")


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
    if headings and len(headings) >= len(listed):
        headings, own = [c for c in children if c.is_heading or c.is_list_item], []
    groups = [group for heading in headings for group in _below(heading)]
    if own:
        groups.insert(0, TaskGroupRead(section.text, section.id, tuple(_task(item) for item in own)))
    return [group for group in groups if group.tasks]


def _below(heading: Clause) -> list[TaskGroupRead]:
    """ "2. Nhiệm vụ" over "2.1. Tuyên truyền" is one more section, not a group."""
    nested = bool(heading.children) and all(child.is_heading and child.children for child in heading.children)
    if nested and _ONLY_SAYS_TASKS.match(fold(heading.body)):
        return _groups(heading)
    return [_group(heading)]


def _group(heading: Clause) -> TaskGroupRead:
    inner = [c for c in heading.children if c.section not in (ORGANISATION, OBJECTIVES)]
    listed = any(c.is_list_item for c in inner)
    described = any(_DESCRIBES.match(fold(c.body[:60])) for c in inner)
    tasks = [
        c
        for c in inner
        if c.kind != "table" and not (listed and _introduces(c)) and not (described and _is_described(c))
    ]
    if not tasks and (described or not heading.children):
        tasks = [heading]
    return TaskGroupRead(heading.text, heading.id, tuple(_task(clause) for clause in tasks))


def _is_described(clause: Clause) -> bool:
    return bool(_DESCRIBES.match(fold(clause.body[:60])) or _LABELLED.match(fold(clause.body[:60])))


def _introduces(clause: Clause) -> bool:
    return clause.kind == "paragraph" and clause.body.endswith(":")


def _task(clause: Clause) -> TaskRead:
    return TaskRead(clause.body, clause.id, tuple(below.id for below in clause.descendants()))
