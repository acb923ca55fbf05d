"""Every overdue row of a locality or a plan, by how long: the lists behind the numbers of overviews."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.permissions import Permission
from app.services._scope import home_locality
from app.services.assignment_list import AssignmentFilter, AssignmentRow, count_assignments, list_assignments
from app.services.deadlines import days_overdue
from app.work import Work

SHOWN = 50


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """`days` past the date in force, until today or until the day its report was sent."""

    row: AssignmentRow
    days: int


@dataclass(frozen=True, slots=True)
class OverdueList:
    """The first of `count` rows, the longest overdue first; `after` is where the next page goes on."""

    rows: tuple[OverdueRow, ...]
    count: int
    after: tuple[date, UUID] | None


def build_overdue_list(
    work: Work, wanted: AssignmentFilter, *, after: tuple[date, UUID] | None = None
) -> OverdueList:
    """`wanted` says of what; only current rows, as on the overview, unless it names a period."""
    work.require(Permission.OVERVIEW_READ, home_locality(work))
    found = list_assignments(work, wanted, after=after, limit=SHOWN + 1)
    shown = found[:SHOWN]
    last = shown[-1] if len(found) > SHOWN else None
    return OverdueList(
        rows=tuple(
            OverdueRow(row, days_overdue(row.state, row.due_on, row.reported_on, work.today)) for row in shown
        ),
        count=count_assignments(work, wanted),
        after=(last.due_on, last.id) if last and last.due_on else None,
    )
