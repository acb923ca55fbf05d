"""The board of one organisation: two queries, one more where it is urged, none per card. The hottest read of all: its
statements are built once, over tables, and only the values change (docs/performance.md)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, and_, bindparam, cast, false, func, or_, select, true, union_all

from app.models import (
    Assignment,
    Indicator,
    IndicatorDefinition,
    Ledger,
    Period,
    Plan,
    Responsibility,
    Submission,
    SubmissionVersion,
    Target,
    Task,
    Unit,
)
from app.models.base import table
from app.permissions import Actor, Permission
from app.services._scope import find
from app.services.board_figures import BoardFigure, build_figures
from app.services.board_together import (
    GroupDuty,
    MemberLane,
    SupportCard,
    by_task,
    group_duties,
    groups_today,
    list_support,
    member_lanes,
)
from app.services.cards import Card, card_of, group_cards, narrowed, urgency
from app.services.lanes import is_current
from app.services.states import LEFT_OUT, OPEN_ASSIGNMENTS
from app.services.urging_list import OpenUrging, awaits_answer, open_urgings_of_unit
from app.work import Work

assignments, tasks, units, periods = table(Assignment), table(Task), table(Unit), table(Period)
given, ledgers, submissions = table(Responsibility), table(Ledger), table(Submission)
indicators, versions, targets = table(Indicator), table(SubmissionVersion), table(Target)
plans, read_by = table(Plan), table(IndicatorDefinition)


@dataclass(frozen=True, slots=True)
class BoardUnit:
    id: UUID
    name: str
    kind: str
    locality_id: UUID

    @property
    def is_group(self) -> bool:
        return self.kind == "group"


@dataclass(frozen=True, slots=True)
class BoardPeriod:
    id: UUID
    label: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class BoardHead:
    """A unit, its locality's periods (newest first) and what it was asked to report in them. `number` is that
    of the locality's last event: what a kept page is keyed by; `is_urged`: some urging of it has no answer."""

    unit: BoardUnit
    number: int
    is_urged: bool
    periods: tuple[BoardPeriod, ...]
    asked: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """`to_report`: the open periods that ask something of the unit itself. `before`: id and code of plans out of force
    in which the unit has finished work that would count now. Beside the cards and outside the counts: `joint` work of
    its groups, work it only supports, of a group its `duties`. `own_alone`: of a group's work only the reader's own."""

    unit: BoardUnit
    periods: tuple[BoardPeriod, ...]
    to_report: tuple[BoardPeriod, ...]
    cards: tuple[Card, ...]
    counts: dict[str, int]
    overdue: int
    due_soon: int
    figures: tuple[BoardFigure, ...]
    members: tuple[MemberLane, ...] = ()
    before: tuple[tuple[UUID, str], ...] = ()
    joint: tuple[Card, ...] = ()
    support: tuple[SupportCard, ...] = ()
    duties: tuple[GroupDuty, ...] = ()
    urgings: tuple[OpenUrging, ...] = ()
    own_alone: bool = False

    @property
    def supported(self) -> tuple[tuple[SupportCard, ...], ...]:
        return by_task(self.support)


# Reads


def get_board_head(work: Work, unit_id: UUID) -> BoardHead:
    rows = work.session.execute(_head(), {"unit": unit_id}).all()
    if not rows:
        find(work, Unit, unit_id)  # says 401 or 404
    first = rows[0]
    work.require(Permission.ASSIGNMENT_READ, first.locality_id, first.unit_id)
    known = {r.period_id: r for r in rows if r.period_id is not None}.values()
    newest_first = sorted(known, key=lambda r: (r.starts_on, r.period_id), reverse=True)
    return BoardHead(
        unit=BoardUnit(first.unit_id, first.unit_name, first.kind, first.locality_id),
        number=first.number,
        is_urged=bool(first.is_urged),
        periods=tuple(
            BoardPeriod(r.period_id, r.period, r.period_name, r.period_state) for r in newest_first
        ),
        asked=tuple(r for r in rows if r.indicator_id is not None),
    )


def build_board(
    work: Work, head: BoardHead, *, plan_id: UUID | None = None, period: str | None = None, shown: str = ""
) -> Board:
    """Everything the board page of a unit shows: current rows (those of open periods and those without one) of plans
    in force or, given a label, that period's. `shown` narrows the cards, never the counts."""
    unit, today = head.unit, work.today
    wanted: dict[str, Any] = {"locality": unit.locality_id, "unit": unit.id, "today": today}
    wanted |= {"plan": plan_id} if plan_id else {}
    wanted |= {"period": period} if period else {}
    own = _own_only(work.actor, unit)
    wanted |= {"own": own} if own else {}
    statement = _rows(unit.is_group, by_plan=plan_id is not None, by_period=bool(period), is_narrow=bool(own))
    found = work.session.execute(statement, wanted).all()
    supported = [r for r in found if not r.is_past and r.is_own and r.state == "supporting"]
    board = lay_out(
        head,
        found,
        today,
        shown=shown,
        support=list_support(work, supported),
        urgings=open_urgings_of_unit(work, unit.id) if head.is_urged else (),
    )
    return as_read_by(work.actor, board)


def lay_out(
    head: BoardHead,
    found: Sequence[Any],
    today: date,
    *,
    shown: str,
    support: tuple[SupportCard, ...],
    urgings: tuple[OpenUrging, ...] = (),
) -> Board:
    """The board of rows that were found, told on the day `today`. Pure."""
    unit = head.unit
    current = [r for r in found if not r.is_past]
    rows = [r for r in current if r.is_own and r.state != "supporting"]
    each = [card_of(r, today) for r in rows]
    cards = group_cards(rows, today) if unit.is_group else each
    return Board(
        unit=unit,
        periods=head.periods,
        to_report=_to_report(head, current),
        cards=tuple(sorted(filter(narrowed(shown), cards), key=urgency)),
        counts=dict(Counter(r.state for r in rows)),
        overdue=sum(card.overdue for card in each),
        due_soon=sum(card.due_soon for card in each),
        figures=build_figures(head.asked, today.year),
        members=member_lanes([r for r in rows if r.unit_id != unit.id], today) if unit.is_group else (),
        before=tuple(
            sorted({(r.plan_id, r.plan_code) for r in found if r.is_past}, key=lambda plan: plan[1])
        ),
        joint=tuple(replace(card_of(r, today), unit=r.unit_name) for r in current if not r.is_own),
        support=support,
        duties=group_duties(rows, unit.id, today) if unit.is_group else (),
        urgings=urgings,
    )


def as_read_by(actor: Actor, board: Board) -> Board:
    """Who reads only their own rows of a group is told no k of n: it would be taken for the group's."""
    if not _own_only(actor, board.unit):
        return board
    cards = tuple(replace(card, members=None) for card in board.cards)
    return replace(board, cards=cards, duties=(), own_alone=True)


def _to_report(head: BoardHead, rows: Sequence[Any]) -> tuple[BoardPeriod, ...]:
    own = [row for row in rows if row.unit_id == head.unit.id or not row.is_own]
    asked = {row.period for row in (*own, *head.asked) if row.state not in LEFT_OUT}
    return tuple(one for one in head.periods if one.state == "open" and one.label in asked)


def get_card(work: Work, assignment_id: UUID) -> Card:
    """The card of one row the actor may see."""
    find(work, Assignment, assignment_id)
    return card_of(work.session.execute(_one_row(), {"row": assignment_id}).one(), work.today)


def _own_only(actor: Actor, unit: BoardUnit) -> list[UUID]:
    """Whose rows of a group an officer of a member sees: the group's own and those of the officer's unit; nothing
    for who reads the whole locality."""
    if not unit.is_group or actor.may(Permission.ASSIGNMENT_READ, unit.locality_id):
        return []
    return sorted(actor.units_with(Permission.ASSIGNMENT_READ))


@cache
def _head() -> Select[Any]:
    """The unit, each period of its locality, and in it each figure asked of the unit, with its newest version, an
    older definition it was sent under (`read_by`), and each target. A unit without periods or figures still gives one
    row."""
    asked = and_(
        submissions.c.locality_id == units.c.locality_id,
        submissions.c.unit_id == units.c.id,
        submissions.c.period_id == periods.c.id,
    )
    return (
        select(
            units.c.id.label("unit_id"),
            units.c.name.label("unit_name"),
            units.c.kind,
            units.c.locality_id,
            func.coalesce(ledgers.c.number, 0).label("number"),
            awaits_answer(units).label("is_urged"),
            periods.c.id.label("period_id"),
            periods.c.label.label("period"),
            periods.c.name.label("period_name"),
            periods.c.state.label("period_state"),
            periods.c.starts_on,
            periods.c.ends_on,
            *_FIGURE,
        )
        .select_from(units)
        .outerjoin(ledgers, ledgers.c.locality_id == units.c.locality_id)
        .outerjoin(periods, periods.c.locality_id == units.c.locality_id)
        .outerjoin(submissions, asked)
        .outerjoin(indicators, indicators.c.id == submissions.c.indicator_id)
        .outerjoin(versions, _is_last())
        .outerjoin(read_by, _is_older())
        .outerjoin(targets, targets.c.indicator_id == indicators.c.id)
        .where(units.c.id == bindparam("unit"))
        .order_by(indicators.c.ordinal, indicators.c.id, periods.c.ends_on.desc(), periods.c.id)
    )


def _is_last() -> Any:
    number = select(func.max(versions.c.number)).where(versions.c.submission_id == submissions.c.id)
    newest = number.correlate(submissions).scalar_subquery()
    return and_(versions.c.submission_id == submissions.c.id, versions.c.number == newest)


def _is_older() -> Any:
    """The definition that the version was sent under, where the indicator has a newer one by now. What came over from
    the plan before is read as the indicator is now."""
    return and_(
        read_by.c.indicator_id == indicators.c.id,
        read_by.c.number == versions.c.definition,
        read_by.c.number != indicators.c.definition,
        read_by.c.defined_at <= versions.c.sent_at,
    )


_FIGURE = (
    indicators.c.id.label("indicator_id"),
    indicators.c.previous_id,
    indicators.c.name,
    indicators.c.measure,
    indicators.c.unit_label,
    indicators.c.decimals,
    indicators.c.direction,
    submissions.c.state,
    versions.c.value,
    versions.c.numerator,
    versions.c.denominator,
    versions.c.level,
    versions.c.flag,
    versions.c.note,
    versions.c.no_data,
    versions.c.number.label("sent_number"),
    cast(read_by.c.content, Text).label("read_by"),
    targets.c.comparator,
    targets.c.value.label("target_value"),
    targets.c.value_to.label("target_value_to"),
    targets.c.horizon,
)
_CARD = (
    assignments.c.id,
    tasks.c.code,
    tasks.c.title,
    given.c.role,
    given.c.mode,
    assignments.c.state,
    assignments.c.state_reason,
    assignments.c.blocked_reason,
    periods.c.label.label("period"),
    periods.c.name.label("period_name"),
    assignments.c.due_on,
    assignments.c.first_due_on,
    assignments.c.extended,
    assignments.c.reported_on,
)
_WHOSE = (
    assignments.c.plan_id,
    assignments.c.task_id,
    assignments.c.period_id,
    assignments.c.unit_id,
    assignments.c.group_id,
    given.c.completion,
    units.c.name.label("unit_name"),
)


@cache
def _rows(is_group: bool, *, by_plan: bool, by_period: bool, is_narrow: bool) -> Select[Any]:
    # What was finished for a plan that an amendment took the place of stays with it (decision 0018).
    past = and_(plans.c.state == "superseded", assignments.c.state.not_in(OPEN_ASSIGNMENTS))
    shown = (
        *_CARD,
        plans.c.code.label("plan_code"),
        (false() if by_plan or by_period else past).label("is_past"),
    )
    if is_group:  # its members' rows, and the joint ones that are the group's own
        mine = or_(assignments.c.unit_id == bindparam("unit"), assignments.c.group_id == bindparam("unit"))
        is_own: Any = true()
    else:  # its own, and the joint ones of the groups it belongs to
        mine = assignments.c.unit_id.in_(union_all(select(bindparam("unit", type_=Uuid)), groups_today()))
        is_own = assignments.c.unit_id == bindparam("unit")
    statement = _cards(*shown, is_own.label("is_own"), *_WHOSE)
    statement = statement.join(units, units.c.id == assignments.c.unit_id).join(
        plans, plans.c.id == assignments.c.plan_id
    )
    statement = statement.order_by(tasks.c.ordinal, *([units.c.name] if is_group else []), assignments.c.id)
    if is_narrow:
        statement = statement.where(assignments.c.unit_id.in_(bindparam("own", expanding=True)))
    if by_plan:
        statement = statement.where(assignments.c.plan_id == bindparam("plan"))
    current = is_current(bindparam("period") if by_period else None)
    return statement.where(assignments.c.locality_id == bindparam("locality"), mine, current)


@cache
def _one_row() -> Select[Any]:
    return _cards(*_CARD).where(assignments.c.id == bindparam("row"))


def _cards(*shown: Any) -> Select[Any]:
    return (
        select(*shown)
        .select_from(assignments)
        .join(tasks, tasks.c.id == assignments.c.task_id)
        .join(given, given.c.id == assignments.c.responsibility_id)
        .outerjoin(periods, periods.c.id == assignments.c.period_id)
    )
