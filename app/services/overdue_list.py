"""Every overdue row of a locality or a plan, by how long: the lists behind the numbers of overviews."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.services.assignment_list import AssignmentFilter, AssignmentRow
from app.services.deadlines import days_overdue
from app.services.row_page import build_row_page
from app.work import Work


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
    """`wanted` says of what."""
    page = build_row_page(work, wanted, after=after)
    days = (days_overdue(row.state, row.due_on, row.reported_on, work.today) for row in page.rows)
    return OverdueList(tuple(map(OverdueRow, page.rows, days)), page.count, page.after)
