"""Open rows of units that ended: what may become of each, and what is proposed. Nothing happens to them by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all

from app.models import (
    Assignment,
    Indicator,
    IndicatorOwner,
    Period,
    Responsibility,
    Submission,
    Task,
    Unit,
    UnitGroupMember,
    UnitSuccessor,
)
from app.models import UnitChange as Change
from app.models.base import columns
from app.services.states import HANDING_STEPS
from app.services.unit_group import lasts_until
from app.services.unit_holdings import open_figures, open_rows
from app.work import Work

assignments, submissions, periods = columns(Assignment), columns(Submission), columns(Period)
given, tasks, units, indicators = columns(Responsibility), columns(Task), columns(Unit), columns(Indicator)
members, owners, successors = columns(UnitGroupMember), columns(IndicatorOwner), columns(UnitSuccessor)

NOBODY_GOES_ON = "Đơn vị đã kết thúc hoạt động, không có đơn vị kế tiếp"
NOT_PASSED_ON = "Không đơn vị kế tiếp nào được giao nhiệm vụ này"
MERGED_INTO = "Đã gộp vào {kind} {code} của {name}{period}"
# hand_over, cancel, choose or decide; to whom; for what reason; and the row it is one with.
Plan = tuple[str, Unit | None, str, UUID | None]
# When several rows become one, the one furthest on goes on.
_FURTHEST = ("reported", "sent", "returned", "reopened", "in_progress", "acknowledged", "draft")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open row of a unit that ended. `targets`: who may take it over, with the duty it would belong to (None for
    a figure). `proposal`: hand_over (to `to`), cancel (for `reason`), choose (the unit was split, and several may take
    it over), or decide: its report comes first. `there`: the row it would be one
    with."""

    id: UUID
    kind: str
    version: int
    title: str
    from_unit: Unit
    state: str
    period: str | None
    due_on: date | None
    targets: dict[UUID, UUID | None]
    proposal: str
    to: Unit | None = None
    reason: str = ""
    there: UUID | None = None

    @property
    def href(self) -> str:
        return self._at(self.id)

    @property
    def there_href(self) -> str:
        return self._at(self.there) if self.there else ""

    def _at(self, row: UUID) -> str:
        return f"/viec/{row}" if self.kind == "assignment" else f"/so-lieu/{row}"


@dataclass(frozen=True, slots=True)
class EndedUnit:
    """`change` None: it was given its last day by hand."""

    id: UUID
    name: str
    rows: int
    change: UUID | None


def list_waiting(work: Work, change: Change) -> list[Waiting]:
    """Every open row of the units that ended in the change: work before figures, what is furthest on first. A fixed
    number of queries. The caller has made sure the actor may see the change."""
    links = work.session.execute(
        select(successors.from_unit_id, successors.to_unit_id)
        .where(successors.change_id == change.id)
        .order_by(successors.id)
    ).all()
    before = list(dict.fromkeys(row.from_unit_id for row in links))
    after = list(dict.fromkeys(row.to_unit_id for row in links if row.to_unit_id))
    if change.kind == "rename":
        return []
    known = {
        unit.id: unit for unit in work.session.scalars(select(units).where(units.id.in_([*before, *after])))
    }
    going_on = [known[key] for key in after]
    both = [*_rows(work, before, going_on, known), *_figures(work, before, going_on, known)]
    return [_left_to_choose(row) for row in both] if change.kind == "split" else both


def lock_waiting(work: Work, change: Change) -> None:
    """Every open row of the units that ended in the change, in id order and before the first event takes the ledger:
    who still reports on one of them holds it while waiting for the ledger."""
    ended = select(successors.from_unit_id).where(successors.change_id == change.id)
    for statement, table in ((open_rows(ended), assignments), (open_figures(ended), submissions)):
        locked = statement.with_only_columns(table.id).order_by(table.id)
        work.session.execute(locked.with_for_update(of=table))


def _rows(
    work: Work, before: Sequence[UUID], going_on: Sequence[Unit], known: dict[UUID, Unit]
) -> list[Waiting]:
    found = list(
        work.session.execute(
            open_rows(before)
            .join(tasks, tasks.id == assignments.task_id)
            .join(given, given.id == assignments.responsibility_id)
            .add_columns(tasks.code, tasks.title, tasks.ordinal, periods.name, given.role)
        )
    )
    targets = _Targets(work, [row[0] for row in found], going_on)
    taken = _rows_there(work, [row[0] for row in found], going_on)
    waiting = []
    for row, code, title, _, period, role in sorted(found, key=lambda r: (_rank(r[0]), r.ordinal, r[0].id)):
        reach = targets.of(row, role)
        plan = _proposal(row.state, "end", reach, going_on)
        if plan[0] == "hand_over" and plan[1] is not None:
            key = (reach[plan[1].id], plan[1].id, row.period_id)
            if (there := taken.get(key)) is not None:
                plan = _doubled(row.state, plan[1], ("việc", code, period), there)
            else:
                taken[key] = row.id
        waiting.append(
            Waiting(
                row.id, "assignment", row.version, f"{code} {title}", known[row.unit_id], row.state, period,
                row.due_on, reach, *plan,
            )
        )  # fmt: skip
    return waiting


def _figures(
    work: Work, before: Sequence[UUID], going_on: Sequence[Unit], known: dict[UUID, Unit]
) -> list[Waiting]:
    found = list(
        work.session.execute(
            open_figures(before)
            .join(indicators, indicators.id == submissions.indicator_id)
            .add_columns(indicators.code, indicators.name, indicators.ordinal, periods.name.label("period"))
        )
    )
    keys = {row[0].indicator_id for row in found}
    there = select(
        submissions.id, submissions.indicator_id, submissions.unit_id, submissions.period_id
    ).where(submissions.indicator_id.in_(keys), submissions.unit_id.in_([unit.id for unit in going_on]))
    taken = {(r.indicator_id, r.unit_id, r.period_id): r.id for r in work.session.execute(there)}
    waiting = []
    for row, code, name, _, period in sorted(found, key=lambda r: (_rank(r[0]), r.ordinal, r[0].id)):
        reach: dict[UUID, UUID | None] = {unit.id: None for unit in going_on}
        plan = _proposal(row.state, "waive", reach, going_on)
        if plan[0] == "hand_over" and plan[1] is not None:
            key = (row.indicator_id, plan[1].id, row.period_id)
            if (other := taken.get(key)) is not None:
                plan = _doubled(row.state, plan[1], ("số liệu", code, period), other)
            else:
                taken[key] = row.id
        waiting.append(
            Waiting(
                row.id, "submission", row.version, f"{code} {name}", known[row.unit_id], row.state, period,
                row.due_on, reach, *plan,
            )
        )  # fmt: skip
    return waiting


class _Targets:
    """Who may take a row over: work of its own whoever the task was passed to, work through a group its members;
    where no successor is one, any of them."""

    def __init__(self, work: Work, rows: Sequence[Assignment], going_on: Sequence[Unit]) -> None:
        keys = [unit.id for unit in going_on]
        self._going_on = keys
        self._duties: dict[UUID, list[Responsibility]] = {}
        carried = select(given).where(
            given.task_id.in_({row.task_id for row in rows}),
            given.unit_id.in_(keys),
            given.ended_on.is_(None),
        )
        for one in work.session.scalars(carried.order_by(given.role != "lead", given.id)):
            self._duties.setdefault(one.task_id, []).append(one)
        belonging = select(members.group_id, members.unit_id).where(
            members.unit_id.in_(keys), members.valid_from <= work.today, lasts_until(members, work.today)
        )
        self._members = {(row.group_id, row.unit_id) for row in work.session.execute(belonging)}

    def of(self, row: Assignment, role: str) -> dict[UUID, UUID | None]:
        """By unit, the duty the row would belong to."""
        if row.group_id is not None:
            inside = [key for key in self._going_on if (row.group_id, key) in self._members]
            return dict.fromkeys(inside or self._going_on, row.responsibility_id)
        found: dict[UUID, UUID | None] = {}
        for one in sorted(self._duties.get(row.task_id, ()), key=lambda one: one.role != role):
            found.setdefault(one.unit_id, one.id)
        return {key: found[key] for key in self._going_on if key in found}


def _rank(row: Any) -> int:
    return _FURTHEST.index(row.state) if row.state in _FURTHEST else len(_FURTHEST)


def _proposal(state: str, ending: str, targets: dict[UUID, UUID | None], going_on: Sequence[Unit]) -> Plan:
    to = next((unit for unit in going_on if unit.id in targets), None)
    if to is not None:
        return "hand_over", to, "", None
    if ending == "end" and state not in HANDING_STEPS["end"]:
        return "decide", None, "", None
    return "cancel", None, NOT_PASSED_ON if going_on else NOBODY_GOES_ON, None


def _left_to_choose(row: Waiting) -> Waiting:
    """After a split nobody but a person knows which part of the old unit a row belongs to."""
    if row.proposal != "hand_over" or len(row.targets) < 2:
        return row
    return replace(row, proposal="choose", to=None)


def _doubled(state: str, to: Unit, about: tuple[str, str, str | None], there: UUID) -> Plan:
    """The successor has this very work already: two rows become one. The reason is kept as it is read, so it names the
    row that goes on by its kind, code and period."""
    if state in ("reported", "sent"):
        return "decide", None, "", there
    kind, code, period = about
    said = MERGED_INTO.format(kind=kind, code=code, name=to.name, period=f", {period}" if period else "")
    return "cancel", None, said, there


def _rows_there(work: Work, rows: Sequence[Assignment], going_on: Sequence[Unit]) -> dict[Any, UUID]:
    """Rows the successors have of the same tasks, by what no two rows may share."""
    statement = select(
        assignments.id, assignments.responsibility_id, assignments.unit_id, assignments.period_id
    ).where(
        assignments.task_id.in_({row.task_id for row in rows}),
        assignments.unit_id.in_([unit.id for unit in going_on]),
    )
    return {
        (row.responsibility_id, row.unit_id, row.period_id): row.id for row in work.session.execute(statement)
    }


def list_ended_with_rows(work: Work, locality_id: UUID) -> list[EndedUnit]:
    """Units that have ended and still have open rows: what nobody has decided on yet, by name. Two queries."""
    ended = select(units.id).where(units.locality_id == locality_id, units.valid_to < work.today)
    both = union_all(
        *(
            statement.with_only_columns(table.unit_id.label("unit_id"))
            for statement, table in ((open_rows(ended), assignments), (open_figures(ended), submissions))
        )
    ).subquery()
    counted = (
        select(units.id, units.name, func.count().label("n"))
        .join(both, both.c.unit_id == units.id)
        .group_by(units.id, units.name)
        .order_by(units.name, units.id)
    )
    found = work.session.execute(counted).all()
    of_unit = select(successors.from_unit_id, successors.change_id).where(
        successors.from_unit_id.in_([row.id for row in found])
    )
    changes = {
        row.from_unit_id: row.change_id for row in work.session.execute(of_unit.order_by(successors.id))
    }
    return [EndedUnit(row.id, row.name, row.n, changes.get(row.id)) for row in found]
