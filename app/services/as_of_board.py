"""The board of an organisation as it was on an evening: the same board, of rows as they stood (decision 0028)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from app.models import (
    Assignment,
    Indicator,
    Responsibility,
    RowMove,
    Submission,
    SubmissionVersion,
    Target,
    UnitGroupMember,
)
from app.models.base import table
from app.services.as_of import Evening, load_evening
from app.services.as_of_rows import FigureThen, RowThen, is_current, list_figures, list_leads, list_rows
from app.services.board import Board, BoardHead, BoardPeriod, BoardUnit, lay_out
from app.services.board_together import SupportCard, support_card
from app.work import Work

assignments, submissions, members = table(Assignment).c, table(Submission).c, table(UnitGroupMember).c
moves, versions, targets = table(RowMove).c, table(SubmissionVersion).c, table(Target).c
given, indicators = table(Responsibility).c, table(Indicator).c


def build_board_as_of(
    work: Work,
    head: BoardHead,
    day: date,
    *,
    plan_id: UUID | None = None,
    period: str | None = None,
    shown: str = "",
) -> Board:
    """`build_board` for the evening of `day`, under the name the unit had then. Invalid for a day that has not come or
    before there was anything."""
    unit = head.unit
    evening = load_evening(work, unit.locality_id, day, plan_id)
    groups = set() if unit.is_group else _groups_on(work, unit.id, day)
    found = [
        row
        for row in list_rows(work, evening, _may_have_been_of(unit, groups))
        if _is_of(row, unit, groups) and is_current(row, period) and plan_id in (None, row.plan_id)
    ]
    for row in found:
        row.is_own = unit.is_group or row.unit_id == unit.id
        row.is_past = row.is_past and not (plan_id or period)
    if unit.is_group:
        found.sort(key=lambda row: (row.ordinal, evening.order[row.unit_id], row.id))
    supported = [row for row in found if not row.is_past and row.is_own and row.state == "supporting"]
    then = replace(
        head,
        unit=replace(unit, name=evening.names[unit.id]),
        periods=_periods(evening),
        asked=_asked(work, evening, unit.id),
    )
    return lay_out(then, found, day, shown=shown, support=_support(work, evening, supported))


def _groups_on(work: Work, unit_id: UUID, day: date) -> set[UUID]:
    statement = select(members.group_id).where(
        members.unit_id == unit_id,
        members.valid_from <= day,
        or_(members.valid_to.is_(None), members.valid_to >= day),
    )
    return set(work.session.scalars(statement))


def _may_have_been_of(unit: BoardUnit, groups: set[UUID]) -> Any:
    """Rows that stand there today, and those that were handed on from there."""
    keys = [unit.id, *sorted(groups)]
    handed_on = select(moves.assignment_id).where(
        moves.from_unit_id.in_(keys), moves.assignment_id.is_not(None)
    )
    return or_(assignments.unit_id.in_(keys), assignments.group_id == unit.id, assignments.id.in_(handed_on))


def _is_of(row: RowThen, unit: BoardUnit, groups: set[UUID]) -> bool:
    if unit.is_group:
        return unit.id in (row.unit_id, row.group_id)
    return row.unit_id == unit.id or row.unit_id in groups


def _periods(evening: Evening) -> tuple[BoardPeriod, ...]:
    newest_first = sorted(evening.periods.values(), key=lambda one: (one.starts_on, one.id), reverse=True)
    return tuple(BoardPeriod(one.id, one.label, one.name, one.state) for one in newest_first)


# Work it supported


@dataclass(frozen=True, slots=True)
class _Lead:
    task_id: UUID
    name: str
    period_id: UUID | None = None
    state: str | None = None


def _support(work: Work, evening: Evening, rows: Sequence[RowThen]) -> tuple[SupportCard, ...]:
    if not rows:
        return ()
    keys = sorted({row.task_id for row in rows})
    leads = [
        _Lead(row.task_id, evening.names[row.group_id or row.unit_id], row.period_id, row.state)
        for row in list_leads(work, evening, keys)
    ]
    named = [_Lead(row.task_id, evening.names[row.unit_id]) for row in _named_leads(work, evening, keys)]
    return tuple(
        support_card(
            row,
            [one for one in leads if one.task_id == row.task_id]
            or [one for one in named if one.task_id == row.task_id],
        )
        for row in rows
    )


def _named_leads(work: Work, evening: Evening, task_ids: Sequence[UUID]) -> Iterable[Any]:
    """Who led, where there was no row of it yet; without those who were given it later."""
    given_later = {
        (one.subject_id, one.unit_id) for one in evening.later if one.kind == "responsibility_given"
    }
    statement = select(given.task_id, given.unit_id).where(
        given.task_id.in_(task_ids),
        given.role == "lead",
        or_(given.ended_on.is_(None), given.ended_on > evening.day),
    )
    return [row for row in work.session.execute(statement) if tuple(row) not in given_later]


# Figures


@dataclass(frozen=True, slots=True)
class _Asked:
    """One figure asked of the unit with the newest version sent by then, once for each target (board_figures.py)."""

    indicator_id: UUID
    previous_id: UUID | None
    name: str
    measure: str
    unit_label: str | None
    decimals: int
    direction: str
    state: str
    period: str
    period_name: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    level: int | None
    flag: bool | None
    note: str | None
    comparator: str | None
    target_value: Decimal | None
    target_value_to: Decimal | None
    horizon: int | None


_PARTS = ("value", "numerator", "denominator", "level", "flag", "note")
_GOAL = ("comparator", "target_value", "target_value_to", "horizon")
_OF_INDICATOR = ("previous_id", "name", "measure", "unit_label", "decimals", "direction")


def _asked(work: Work, evening: Evening, unit_id: UUID) -> tuple[_Asked, ...]:
    """By indicator in the plan's order, newest period first."""
    handed_on = select(moves.submission_id).where(
        moves.from_unit_id == unit_id, moves.submission_id.is_not(None)
    )
    mine = or_(submissions.unit_id == unit_id, submissions.id.in_(handed_on))
    figures = [one for one in list_figures(work, evening, mine) if one.unit_id == unit_id]
    sent = {row.submission_id: row for row in work.session.execute(_sent(evening, [f.id for f in figures]))}
    goals = _goals(work, evening, {one.indicator_id for one in figures})
    return tuple(
        _as_asked(one, evening, sent.get(one.id), goal)
        for one in sorted(figures, key=lambda one: _place(one, evening))
        for goal in goals.get(one.indicator_id) or (None,)
    )


def _as_asked(one: FigureThen, evening: Evening, sent: Any, goal: Any) -> _Asked:
    indicator = evening.shared.things[one.indicator_id]
    shown: dict[str, Any] = {name: getattr(indicator, name) for name in _OF_INDICATOR}
    shown |= {name: getattr(sent, name, None) for name in _PARTS}
    shown |= {name: getattr(goal, name, None) for name in _GOAL}
    return _Asked(
        indicator_id=one.indicator_id,
        state=one.state,
        period=one.period.label,
        period_name=one.period.name,
        **shown,
    )


def _place(one: FigureThen, evening: Evening) -> tuple[Any, ...]:
    indicator = evening.shared.things[one.indicator_id]
    return indicator.ordinal, indicator.id, -one.period.ends_on.toordinal(), one.period.id


def _sent(evening: Evening, keys: Sequence[UUID]) -> Select[Any]:
    """The newest comes last."""
    return (
        select(versions.submission_id, *(versions[name] for name in _PARTS))
        .where(versions.submission_id.in_(keys), versions.sent_at < evening.until)
        .order_by(versions.number)
    )


def _goals(work: Work, evening: Evening, keys: set[UUID]) -> dict[UUID, list[Any]]:
    """Targets by indicator. One set since was not there; where one was changed or ended since, none is told."""
    since: dict[UUID, set[int | None]] = {}
    for one in evening.later:
        if one.kind in ("target_set", "target_ended"):
            since.setdefault(one.subject_id, set()).add(one.data.get("horizon"))
    statement = select(
        targets.indicator_id,
        targets.comparator,
        targets.value.label("target_value"),
        targets.value_to.label("target_value_to"),
        targets.horizon,
        targets.version,
    ).where(targets.indicator_id.in_(keys))
    known: dict[UUID, list[Any]] = {}
    for row in work.session.execute(statement.order_by(targets.id)):
        known.setdefault(row.indicator_id, []).append(row)
    return {
        key: [row for row in rows if row.horizon not in since.get(key, ())]
        for key, rows in known.items()
        if since.get(key, set()) <= {row.horizon for row in rows if row.version == 1}
    }
