"""A page of the rows behind a number of an overview: what is overdue, what is not counted."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.permissions import Permission
from app.services._scope import home_locality
from app.services.assignment_list import AssignmentFilter, AssignmentRow, count_assignments, list_assignments
from app.work import Work

SHOWN = 50


@dataclass(frozen=True, slots=True)
class RowPage:
    """The first of `count` rows; `after` is where the next page goes on."""

    rows: tuple[AssignmentRow, ...]
    count: int
    after: tuple[date, UUID] | None


def build_row_page(
    work: Work, wanted: AssignmentFilter, *, after: tuple[date, UUID] | None = None
) -> RowPage:
    """`wanted` says which rows."""
    work.require(Permission.OVERVIEW_READ, home_locality(work))
    found = list_assignments(work, wanted, after=after, limit=SHOWN + 1)
    shown = found[:SHOWN]
    last = shown[-1] if len(found) > SHOWN else None
    return RowPage(
        rows=tuple(shown),
        count=count_assignments(work, wanted),
        after=(last.due_on or date.max, last.id) if last else None,
    )
