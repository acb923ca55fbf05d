"""Clauses → the draft plan a person will decide on, and what was left over."""

from collections.abc import Sequence

from app.documents.annexes import read_annexes
from app.documents.doubts import find_doubts, find_unused
from app.documents.duties import read_orders, read_units
from app.documents.facts import read_facts
from app.documents.figures import read_indicators
from app.documents.milestones import read_milestones
from app.documents.outline import Outline
from app.documents.sections import ORGANISATION, TASKS
from app.documents.tables import Table
from app.documents.tasks import read_task_groups
from app.documents.unit_tables import merged_units
from app.documents.values import Reading, TaskGroupRead, UnitRead
from app.documents.warnings import find_warnings


def draft(outline: Outline, tables: Sequence[Table] = ()) -> Reading:
    annexes = read_annexes(outline, tables)
    titles = annexes.titles
    listed = (unit for unit in read_units(outline) if unit.duties or unit.passage not in titles)
    units = merged_units((*listed, *annexes.units))
    groups = _beside_tables((*read_task_groups(outline), *read_orders(outline)), titles)
    facts = read_facts(outline)
    issued = facts.date.year if facts.date else None
    indicators = read_indicators(outline, issued)
    milestones = read_milestones(outline, indicators, issued)
    used = _used(units, groups)
    used |= {indicator.passage for indicator in indicators}
    leftovers = _leftovers(outline, used | titles)
    every_group = (*groups, *annexes.groups)
    return Reading(
        document=facts,
        passages=annexes.passages,
        units=units,
        task_groups=every_group,
        indicators=(*indicators, *annexes.indicators),
        milestones=milestones,
        warnings=(
            *find_warnings(outline, units, indicators),
            *find_doubts(outline, units, every_group, indicators, facts.date),
            *find_unused(outline, leftovers),
            *annexes.warnings,
        ),
        leftovers=(*leftovers, *annexes.leftovers),
        annexes=annexes.annexes,
    )


def _beside_tables(groups: tuple[TaskGroupRead, ...], titles: frozenset[str]) -> tuple[TaskGroupRead, ...]:
    """A heading with nothing but a table under it is the table's title, no task."""
    return tuple(
        group
        for group in groups
        if not (group.passage in titles and [task.passage for task in group.tasks] == [group.passage])
    )


def _used(units: tuple[UnitRead, ...], groups: tuple[TaskGroupRead, ...]) -> set[str]:
    used = {unit.passage for unit in units} | {group.passage for group in groups}
    for unit in units:
        for duty in unit.duties:
            used |= {duty.passage, *duty.details}
    for group in groups:
        for task in group.tasks:
            used |= {task.passage, *task.details}
    return used


def _leftovers(outline: Outline, used: set[str]) -> tuple[str, ...]:
    """Clauses of the task and organisation sections that became nothing; headings only gather and do not count."""
    return tuple(
        clause.id
        for clause in outline.clauses
        if clause.section in (TASKS, ORGANISATION)
        and clause.id not in used
        and not (clause.is_heading and clause.children)
        and clause.parent is not None
    )
