"""The board of an organisation as it was on an evening: the same board, of rows as they stood (decision 0028)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from app.models import (
    Assignment,
    IndicatorDefinition,
    Responsibility,
    RowMove,
    Submission,
    SubmissionVersion,
    UnitGroupMember,
)
from app.models.base import table
from app.services.as_of import Evening, load_evening
from app.services.as_of_rows import FigureThen, RowThen, is_current, list_figures, list_leads, list_rows
from app.services.board import Board, BoardHead, BoardPeriod, BoardUnit, as_read_by, lay_out
from app.services.board_together import SupportCard, support_card
from app.services.definition import definition_of
from app.services.unit_group import groups_of
from app.work import Work

assignments, submissions, members = table(Assignment).c, table(Submission).c, table(UnitGroupMember).c
moves, versions, given = table(RowMove).c, table(SubmissionVersion).c, table(Responsibility).c
definitions = table(IndicatorDefinition).c


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
    board = lay_out(then, found, day, shown=shown, support=_support(work, evening, supported))
    return as_read_by(work.actor, board)


def _groups_on(work: Work, unit_id: UUID, day: date) -> set[UUID]:
    return {group.id for group in groups_of(work, unit_id, day)}


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
    ends_on: date
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    level: int | None
    flag: bool | None
    note: str | None
    no_data: bool | None
    sent_number: int | None
    read_by: str | None
    comparator: str | None
    target_value: Decimal | None
    target_value_to: Decimal | None
    horizon: int | None


_PARTS = ("value", "numerator", "denominator", "level", "flag", "note", "no_data")
_READ_BY = ("measure", "unit_label", "decimals", "direction")


def _asked(work: Work, evening: Evening, unit_id: UUID) -> tuple[_Asked, ...]:
    """By indicator in the plan's order, newest period first; measured and aimed at as it was defined then."""
    handed_on = select(moves.submission_id).where(
        moves.from_unit_id == unit_id, moves.submission_id.is_not(None)
    )
    mine = or_(submissions.unit_id == unit_id, submissions.id.in_(handed_on))
    figures = [one for one in list_figures(work, evening, mine) if one.unit_id == unit_id]
    sent = {row.submission_id: row for row in work.session.execute(_sent(evening, [f.id for f in figures]))}
    keys = {one.indicator_id for one in figures}
    defined: dict[UUID, dict[int, Any]] = {key: {} for key in keys}
    for row in work.session.execute(_defined(evening, keys)):
        defined[row.indicator_id][row.number] = row
    return tuple(
        asked
        for one in sorted(figures, key=lambda one: _place(one, evening))
        for asked in _as_asked(one, evening, sent.get(one.id), defined[one.indicator_id])
    )


def _as_asked(one: FigureThen, evening: Evening, sent: Any, defined: Mapping[int, Any]) -> Iterator[_Asked]:
    newest = defined[max(defined)]
    definition = definition_of(newest)
    older = defined.get(sent.definition) if sent is not None else None
    shown: dict[str, Any] = {name: getattr(definition, name) for name in _READ_BY}
    shown |= {name: getattr(sent, name, None) for name in _PARTS}
    for goal in definition.goals or (None,):
        yield _Asked(
            indicator_id=one.indicator_id,
            previous_id=evening.shared.things[one.indicator_id].previous_id,
            name=newest.content["name"],
            state=one.state,
            sent_number=sent.number if sent is not None else None,
            read_by=json.dumps(older.content) if older is not None and older is not newest else None,
            period=one.period.label,
            period_name=one.period.name,
            ends_on=one.period.ends_on,
            comparator=goal.comparator if goal else None,
            target_value=goal.value if goal else None,
            target_value_to=goal.value_to if goal else None,
            horizon=goal.horizon if goal else None,
            **shown,
        )


def _place(one: FigureThen, evening: Evening) -> tuple[Any, ...]:
    indicator = evening.shared.things[one.indicator_id]
    return indicator.ordinal, indicator.id, -one.period.ends_on.toordinal(), one.period.id


def _sent(evening: Evening, keys: Sequence[UUID]) -> Select[Any]:
    """The newest comes last."""
    return (
        select(
            versions.submission_id, versions.number, versions.definition, *(versions[name] for name in _PARTS)
        )
        .where(versions.submission_id.in_(keys), versions.sent_at < evening.until)
        .order_by(versions.number)
    )


def _defined(evening: Evening, keys: set[UUID]) -> Select[Any]:
    """How each was defined by then, the newest definition last."""
    return (
        select(table(IndicatorDefinition))
        .where(definitions.indicator_id.in_(keys), definitions.defined_at < evening.until)
        .order_by(definitions.number)
    )
