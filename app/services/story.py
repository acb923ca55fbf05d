"""The story of a task: from its sentence to what was confirmed, told in the order it happened, day by day.

Only rows the reader may see are told of; the plan and who carries it out are everybody's (decision 0024).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from app.models import Candidate, Task, TaskReport
from app.models.base import columns
from app.permissions import Permission
from app.services.plan_versions import chains_of
from app.services.timeline import TimelineEntry, timeline_of
from app.work import VIETNAM, Work

candidates, reports = columns(Candidate), columns(TaskReport)

MOST = 1_000
# Of a plan's own events, what every one of its tasks has to tell.
_OF_PLAN = ("plan_issued", "plan_superseded", "plan_closed")


@dataclass(frozen=True, slots=True)
class StoryDay:
    day: date
    entries: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """`units`: whose rows are told of, to choose from; `unit` the one chosen. Newest first on request."""

    days: tuple[StoryDay, ...]
    units: tuple[tuple[UUID, str], ...]
    unit: str
    is_newest_first: bool

    @property
    def count(self) -> int:
        return sum(len(day.entries) for day in self.days)


def build_story(
    work: Work,
    task: Task,
    rows: dict[UUID, tuple[UUID, str]],
    *,
    unit: str = "",
    is_newest_first: bool = False,
) -> Story:
    """`rows`: by row, the unit it is of and its name: the rows to tell of, which the actor may see."""
    names = dict(rows.values())
    told = {key for key, (unit_id, _) in rows.items() if unit in ("", str(unit_id))}
    entries = _entries(work, task, sorted(told))
    words = _words_of_reports(work, told)
    seen = [_with_words(entry, names, words) for entry in reversed(entries)]
    days = [StoryDay(day, tuple(same)) for day, same in groupby(seen, key=_day)]
    if is_newest_first:
        days = [replace(one, entries=one.entries[::-1]) for one in reversed(days)]
    return Story(tuple(days), tuple(sorted(names.items(), key=lambda named: named[1])), unit, is_newest_first)


def _entries(work: Work, task: Task, row_ids: Sequence[UUID]) -> list[TimelineEntry]:
    """Newest first: the candidate it was (for who reads documents), the plan, the task and its rows."""
    before = chains_of(work, Task, [task.id])[task.id]
    subjects = [*_candidates(work, task), task.id, *before, *row_ids, task.plan_id]
    found = timeline_of(work, subjects, limit=MOST)
    return [one for one in found if one.subject_id != task.plan_id or one.kind in _OF_PLAN]


def _candidates(work: Work, task: Task) -> list[UUID]:
    if task.passage_id is None or not work.actor.may(Permission.DOCUMENT_READ, task.locality_id):
        return []
    found = select(candidates.id).where(candidates.passage_id == task.passage_id).order_by(candidates.id)
    return list(work.session.scalars(found))


def _words_of_reports(work: Work, row_ids: set[UUID]) -> dict[tuple[UUID | None, int | None], str]:
    found = work.session.execute(
        select(reports.assignment_id, reports.number, reports.result).where(
            reports.assignment_id.in_(sorted(row_ids))
        )
    )
    return {(row.assignment_id, row.number): row.result for row in found}


def _with_words(
    entry: TimelineEntry, names: dict[UUID, str], words: dict[tuple[UUID | None, int | None], str]
) -> TimelineEntry:
    is_of_row = entry.unit_id in names and not entry.kind.startswith(("responsibility_", "task_"))
    text = words.get((entry.subject_id, entry.number), "") if entry.kind == "assignment_reported" else ""
    return replace(entry, text=text, unit=names[entry.unit_id] if is_of_row and entry.unit_id else "")


def _day(entry: TimelineEntry) -> date:
    return entry.at.astimezone(VIETNAM).date()
