"""One search over what the actor may read: units, plans, tasks, indicators.

Text is folded on both sides, so "to dan pho" finds "tổ dân phố"; what bears the very marks that were typed
comes first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, literal

from app.models import Indicator, Plan, Task, Unit
from app.models.base import columns
from app.services._scope import visible
from app.text import compare_key, fold
from app.work import Work

MOST_HITS = 50
MOST_WORDS = 12
# Ranking happens in Python over this many rows of each kind, those with the typed words as written first.
MOST_ROWS = 300

units, plans, tasks, indicators = columns(Unit), columns(Plan), columns(Task), columns(Indicator)


@dataclass(frozen=True, slots=True)
class Hit:
    """`kind`: unit, plan, task or indicator; `within` names what it belongs to."""

    kind: str
    id: UUID
    locality_id: UUID
    code: str
    title: str
    within: str | None


def search(work: Work, q: str) -> list[Hit]:
    """At most 50 hits, best first; every word must occur. An empty question finds nothing."""
    sources = _sources(work)
    words = fold(q).split()[:MOST_WORDS]
    if not words:
        return []
    wanted = compare_key(q)
    rows = (row for source in sources for row in _rows(work, source, words, q.strip()))
    found = [(_rank(row, wanted), order, row) for order, row in enumerate(rows)]
    found.sort(key=lambda hit: hit[:2])
    return [
        Hit(row.kind, row.id, row.locality_id, row.code, row.title, row.within)
        for _, _, row in found[:MOST_HITS]
    ]


def _sources(work: Work) -> tuple[tuple[Any, Any, Select[Any]], ...]:
    """(table, the column that is shown, what the actor may read of it) in the order of hits that rank alike."""
    read_plans = visible(work, Plan, plans.id).scalar_subquery()
    shown_tasks = visible(work, Task, *_shown("task", tasks, tasks.text, plans.title))
    shown_indicators = visible(
        work, Indicator, *_shown("indicator", indicators, indicators.statement, plans.title)
    )
    return (
        (units, units.name, visible(work, Unit, *_shown("unit", units, units.name, units.short_name))),
        (plans, plans.title, visible(work, Plan, *_shown("plan", plans, plans.title, plans.number))),
        (
            tasks,
            tasks.text,
            shown_tasks.join(plans, plans.id == tasks.plan_id).where(tasks.plan_id.in_(read_plans)),
        ),
        (
            indicators,
            indicators.statement,
            shown_indicators.join(plans, plans.id == indicators.plan_id).where(
                indicators.plan_id.in_(read_plans)
            ),
        ),
    )


def _rows(work: Work, source: tuple[Any, Any, Select[Any]], words: list[str], typed: str) -> Iterator[Any]:
    table, text, statement = source
    for word in words:
        statement = statement.where(table.folded.contains(word, autoescape=True))
    as_typed = case((text.contains(typed, autoescape=True), 0), else_=1)
    yield from work.session.execute(statement.order_by(as_typed, table.id.desc()).limit(MOST_ROWS))


def _shown(kind: str, table: Any, title: Any, within: Any) -> tuple[Any, ...]:
    return (
        literal(kind).label("kind"),
        table.id,
        table.locality_id,
        table.code,
        title.label("title"),
        within.label("within"),
    )


def _rank(row: Any, wanted: str) -> int:
    """0 the very name or code, 1 the marks as typed in one piece, 2 each word as typed, 3 one piece without
    marks, 4 the words here and there."""
    text = compare_key(f"{row.code} {row.title} {row.within or ''}")
    if wanted in (compare_key(row.title), compare_key(row.code)):
        return 0
    if wanted in text:
        return 1
    if all(word in text for word in wanted.split()):
        return 2
    return 3 if f" {fold(wanted)}" in f" {fold(text)}" else 4
