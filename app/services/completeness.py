"""Who sent which figure of a plan in a period: units × indicators, and how many of each. A read model.

A row that was let off is not counted as asked. Late is by the day a figure was sent: a slow office makes nobody late.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.models import Indicator, Period, Plan, Submission
from app.models.base import columns
from app.services._scope import find, visible
from app.services.deadlines import was_late, was_sent_late
from app.services.figure_sending import ASKED_AGAIN
from app.services.period import the_one_named
from app.services.submission_list import COUNTED, joined, submission_columns
from app.work import Work

submissions, indicators, periods = columns(Submission), columns(Indicator), columns(Period)

# In the order they are told: what needs somebody first. Where no row was made, nothing was asked.
KINDS = ("silent", "returned", "late", "on_time", "no_data", "waived")
SENT = ("on_time", "late", "no_data")


@dataclass(frozen=True, slots=True)
class Tally:
    """`sent` (no data said included) of `asked`; `overdue`: of those silent or returned, past their day."""

    asked: int
    sent: int
    on_time: int
    late: int
    no_data: int
    returned: int
    silent: int
    overdue: int
    waived: int


@dataclass(frozen=True, slots=True)
class AskedCell:
    """`kind`: one of KINDS."""

    kind: str
    submission_id: UUID
    indicator_id: UUID
    state: str
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class UnitLine:
    """`cells` by indicator; an indicator that is not there was not asked of the unit."""

    unit_id: UUID
    name: str
    cells: dict[UUID, AskedCell]
    tally: Tally


@dataclass(frozen=True, slots=True)
class IndicatorColumn:
    id: UUID
    code: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Completeness:
    """`period` null while no period asked for a figure of the plan; `periods`: those that did, the newest first."""

    plan: Plan
    period: Period | None
    periods: tuple[Period, ...]
    units: tuple[UnitLine, ...]
    indicators: tuple[IndicatorColumn, ...]
    tally: Tally


def build_completeness(work: Work, plan_id: UUID, period: str | None = None) -> Completeness:
    """Of what the actor may see. `period`: label or id, the newest one when left out; NotFound where none of the
    plan's has that name. Four statements."""
    plan = find(work, Plan, plan_id)
    asked_in = _periods(work, plan_id)
    chosen = _chosen(asked_in, period)
    rows = _rows(work, plan_id, chosen.id) if chosen else []
    cells = [_cell(row, work.today) for row in rows]
    asked = {cell.indicator_id for cell in cells}
    return Completeness(
        plan=plan,
        period=chosen,
        periods=tuple(asked_in),
        units=_units(rows, cells),
        indicators=tuple(
            IndicatorColumn(
                one.id, one.code, one.name, tally_of(cell for cell in cells if cell.indicator_id == one.id)
            )
            for one in _indicators(work, plan_id)
            if one.id in asked
        ),
        tally=tally_of(cells),
    )


def tally_of(cells: Iterable[AskedCell]) -> Tally:
    told = list(cells)
    count = Counter(cell.kind for cell in told)
    return Tally(
        asked=len(told) - count["waived"],
        sent=sum(count[kind] for kind in SENT),
        on_time=count["on_time"],
        late=count["late"],
        no_data=count["no_data"],
        returned=count["returned"],
        silent=count["silent"],
        overdue=sum(cell.overdue for cell in told),
        waived=count["waived"],
    )


def _periods(work: Work, plan_id: UUID) -> list[Period]:
    asked = (
        visible(work, Submission, submissions.period_id)
        .join(indicators, indicators.id == submissions.indicator_id)
        .where(indicators.plan_id == plan_id)
    )
    newest_first = (periods.ends_on.desc(), periods.starts_on.desc(), periods.id)
    return list(
        work.session.scalars(visible(work, Period).where(periods.id.in_(asked)).order_by(*newest_first))
    )


def _chosen(asked_in: Sequence[Period], period: str | None) -> Period | None:
    if period is None:
        return asked_in[0] if asked_in else None
    return the_one_named([one for one in asked_in if period in (one.label, str(one.id))], period)


def _rows(work: Work, plan_id: UUID, period_id: UUID) -> list[Any]:
    statement = joined(visible(work, Submission, *submission_columns())).where(
        indicators.plan_id == plan_id, submissions.period_id == period_id
    )
    found = work.session.execute(statement).all()
    return sorted(found, key=lambda row: (row.unit_name, row.unit_id, row.id))


def _indicators(work: Work, plan_id: UUID) -> list[Indicator]:
    statement = visible(work, Indicator).where(indicators.plan_id == plan_id)
    return list(work.session.scalars(statement.order_by(indicators.ordinal, indicators.id)))


def _units(rows: Sequence[Any], cells: Sequence[AskedCell]) -> tuple[UnitLine, ...]:
    by_unit: dict[tuple[UUID, str], dict[UUID, AskedCell]] = {}
    for row, cell in zip(rows, cells, strict=True):
        by_unit.setdefault((row.unit_id, row.unit_name), {})[cell.indicator_id] = cell
    return tuple(
        UnitLine(unit_id, name, told, tally_of(told.values())) for (unit_id, name), told in by_unit.items()
    )


def _cell(row: Any, today: date) -> AskedCell:
    kind = _kind(row)
    waits = kind in ("silent", "returned")
    overdue = waits and was_late(row.due_on, today)
    return AskedCell(kind, row.id, row.indicator_id, row.state, row.due_on, overdue)


def _kind(row: Any) -> str:
    if row.state == "waived":
        return "waived"
    if row.state in ASKED_AGAIN:
        return "returned"
    if row.state not in COUNTED:
        return "silent"
    if row.no_data:
        return "no_data"
    return "late" if was_sent_late(row.due_on, row.sent_at) else "on_time"
