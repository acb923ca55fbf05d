"""Reading the rows of a board: lists, one row, its reports, and what may be done next."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Integer, Select, Uuid, and_, bindparam, func, literal_column, or_, select

from app.errors import NotFound
from app.models import (
    Account,
    Assignment,
    Extension,
    Period,
    ReportDecision,
    Responsibility,
    Task,
    TaskReport,
    Unit,
)
from app.models.base import table
from app.services._scope import find, reach, within
from app.services.deadlines import OVERDUE_BANDS, band_condition, overdue_condition, runs_on
from app.services.evidence_rule import MISSING, MISSING_SAID, lacks_evidence
from app.services.states import ACTION_PERMISSION, actions_from, sent_back
from app.text import fold
from app.work import Work

assignments, tasks, units, periods = table(Assignment), table(Task), table(Unit), table(Period)
given, reports, decisions = table(Responsibility), table(TaskReport), table(ReportDecision)
accounts, extensions = table(Account), table(Extension)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentFilter:
    """Plain query filters; None means any. `q` is folded, every word must occur in the task. `band`: of
    OVERDUE_BANDS. `current`: dated rows and those of open periods; `dated`: those without a period, or with one."""

    plan: UUID | None = None
    task: UUID | None = None
    unit: UUID | None = None
    period: str | None = None
    states: tuple[str, ...] = ()
    overdue: bool | None = None
    band: str | None = None
    group: UUID | None = None
    blocked: bool | None = None
    current: bool = False
    dated: bool | None = None
    q: str = ""


class AssignmentRow(NamedTuple):
    """One row with what it is about. A plain tuple, since a page of a hundred reads two thousand columns.
    `extension_id`: the unit's request for a later date that waits for the office."""

    id: UUID
    locality_id: UUID
    version: int
    plan_id: UUID
    task_id: UUID
    unit_id: UUID
    group_id: UUID | None
    code: str
    title: str
    text: str
    kind: str
    expected_product: str | None
    unit_name: str
    role: str
    mode: str
    period: str | None
    period_state: str | None
    state: str
    state_reason: str | None
    blocked_reason: str | None
    progress: int | None
    due_on: date | None
    first_due_on: date | None
    extended: int
    extension_id: UUID | None
    reported_on: date | None
    done_on: date | None
    needs_evidence: bool
    lacks_evidence: bool


class RefusedAction(NamedTuple):
    """A step the machine knows from here, and this actor may take, but which a rule stands against."""

    action: str
    code: str
    reason: str


class ReportSeen(NamedTuple):
    """One sent report with the office's answer, ready to show. `carried_from`: the report of an earlier period that
    says the same."""

    id: UUID
    number: int
    result: str
    difficulty: str | None
    proposal: str | None
    progress: int | None
    sent_at: datetime
    sent_by: str | None
    decision: str | None
    reason: str | None
    decided_at: datetime | None
    carried_from: UUID | None


def get_assignment(work: Work, assignment_id: UUID) -> Assignment:
    return find(work, Assignment, assignment_id)


def list_assignments(
    work: Work, wanted: AssignmentFilter, *, after: tuple[date | None, UUID] | None = None, limit: int = 100
) -> list[AssignmentRow]:
    """Ordered by due date, those without one last, then by id."""
    shape, values = reach(work, Assignment)
    asked, given_values = _asked(work, wanted)
    values |= given_values | {"limit": limit}
    if after is not None:
        asked |= {"after"}
        values |= {"after_due": after[0] or date.max, "after_id": after[1]}
    statement = _list_statement(shape, asked, len(_words(wanted)))
    return [AssignmentRow._make(row) for row in work.session.execute(statement, values)]


def count_assignments(work: Work, wanted: AssignmentFilter) -> int:
    shape, values = reach(work, Assignment)
    asked, given_values = _asked(work, wanted)
    chosen = _chosen(shape, asked, len(_words(wanted))).subquery()
    return work.session.scalar(select(func.count()).select_from(chosen), values | given_values) or 0


def get_assignment_row(work: Work, assignment_id: UUID) -> AssignmentRow:
    """One row as in the list; 404 unless visible."""
    shape, values = reach(work, Assignment)
    row = work.session.execute(_row_statement(shape), values | {"row": assignment_id}).first()
    if row is None:
        raise NotFound
    return AssignmentRow._make(row)


def list_reports(work: Work, assignment_id: UUID) -> list[ReportSeen]:
    """Every report of a row the actor may see, newest first."""
    shape, values = reach(work, Assignment)
    found = work.session.execute(_reports_statement(shape), values | {"row": assignment_id})
    return [ReportSeen._make(row) for row in found]


def allowed_actions(work: Work, row: AssignmentRow) -> list[str]:
    """What this actor may do next with a row."""
    pointless = {"block" if row.blocked_reason else "unblock"}
    if row.due_on is None or row.extension_id is not None:
        pointless |= {"extend"}
    is_extended = runs_on(row.extended, row.due_on, work.today)
    if is_too_late(row.state, row.state_reason, row.period_state, is_extended=is_extended):
        pointless |= {"acknowledge", "start", "report"}
    if row.lacks_evidence:
        pointless |= {"confirm"}
    return [
        action
        for action in actions_from("assignment", row.state)
        if action not in pointless
        and work.actor.may(ACTION_PERMISSION["assignment"][action], row.locality_id, row.unit_id)
    ]


def refused_actions(work: Work, row: AssignmentRow) -> list[RefusedAction]:
    """What a rule keeps this actor from, and why: what would otherwise be among `allowed_actions`."""
    may_decide = work.actor.may(ACTION_PERMISSION["assignment"]["confirm"], row.locality_id, row.unit_id)
    if row.lacks_evidence and may_decide and "confirm" in actions_from("assignment", row.state):
        return [RefusedAction("confirm", MISSING, MISSING_SAID)]
    return []


def action_finder(work: Work) -> Callable[[AssignmentRow], list[str]]:
    """`allowed_actions` for many rows: most are of few units and in few states."""
    known: dict[Any, list[str]] = {}

    def find_actions(row: AssignmentRow) -> list[str]:
        dated = (row.due_on is None, row.extension_id is None, runs_on(row.extended, row.due_on, work.today))
        alike = (
            row.unit_id,
            row.state,
            row.period_state,
            bool(row.state_reason),
            bool(row.blocked_reason),
            row.lacks_evidence,
            *dated,
        )
        if alike not in known:
            known[alike] = allowed_actions(work, row)
        return known[alike]

    return find_actions


def is_too_late(state: str, reason: str | None, period_state: str | None, *, is_extended: bool) -> bool:
    """A closed period takes no first report any more; what the office returned, opened again or gave a later day to
    may be answered."""
    may_be_sent = is_extended or bool(sent_back(state, reason)) or state in ("in_progress", "reported")
    return period_state == "closed" and not may_be_sent


# Statements: built once for each shape of question, since building one takes longer than running it.


# Where the columns of AssignmentRow come from when it is not the assignment itself.
_OTHER_COLUMNS = {
    **{
        name: tasks.c[name]
        for name in ("code", "title", "text", "kind", "expected_product", "needs_evidence")
    },
    "unit_name": units.c.name,
    "role": given.c.role,
    "mode": given.c.mode,
    "period": periods.c.label,
    "period_state": periods.c.state,
    "extension_id": extensions.c.id,
    "lacks_evidence": lacks_evidence(),
}


def _columns() -> list[Any]:
    """Those of AssignmentRow, in its order."""
    return [
        _OTHER_COLUMNS[name].label(name) if name in _OTHER_COLUMNS else assignments.c[name]
        for name in AssignmentRow._fields
    ]


@lru_cache(maxsize=256)
def _list_statement(shape: str, asked: frozenset[str], words: int) -> Select[Any]:
    """The page's ids first, so that only its own rows are joined and not all that were to be sorted."""
    last_first = (_DUE, assignments.c.id)
    page = _chosen(shape, asked, words).order_by(*last_first).limit(bindparam("limit")).subquery()
    statement = _joined(select(*_columns())).join(page, page.c.id == assignments.c.id)
    return statement.order_by(*last_first)


@cache
def _row_statement(shape: str) -> Select[Any]:
    row = assignments.c.id == bindparam("row")
    return _joined(select(*_columns())).where(row, within(Assignment, shape))


@cache
def _reports_statement(shape: str) -> Select[Any]:
    return (
        select(
            reports.c.id,
            reports.c.number,
            reports.c.result,
            reports.c.difficulty,
            reports.c.proposal,
            reports.c.progress,
            reports.c.sent_at,
            accounts.c.name,
            decisions.c.kind,
            decisions.c.reason,
            decisions.c.decided_at,
            reports.c.carried_from_id,
        )
        .select_from(reports)
        .join(assignments, assignments.c.id == reports.c.assignment_id)
        .outerjoin(accounts, accounts.c.id == reports.c.sent_by_id)
        .outerjoin(decisions, decisions.c.report_id == reports.c.id)
        .where(reports.c.assignment_id == bindparam("row"), within(Assignment, shape))
        .order_by(reports.c.number.desc())
    )


# Rows without a due date come last; 9999-12-31 is date.max.
_DUE = func.coalesce(assignments.c.due_on, literal_column("'9999-12-31'"), type_=Date)
_CONDITIONS: dict[str, Any] = {
    "plan": assignments.c.plan_id == bindparam("plan"),
    "task": assignments.c.task_id == bindparam("task"),
    "unit": assignments.c.unit_id == bindparam("unit"),
    "states": assignments.c.state.in_(bindparam("states", expanding=True)),
    "period": periods.c.label == bindparam("period"),
    "late": overdue_condition(bindparam("today", type_=Date)),
    "not late": ~func.coalesce(overdue_condition(bindparam("today", type_=Date)), False),
    "band": band_condition(
        bindparam("today", type_=Date), bindparam("low", type_=Integer), bindparam("high", type_=Integer)
    ),
    "group": assignments.c.group_id == bindparam("group"),
    "blocked": assignments.c.blocked_reason.is_not(None),
    "not blocked": assignments.c.blocked_reason.is_(None),
    "current": or_(
        assignments.c.period_id.is_(None),
        assignments.c.period_id.in_(select(periods.c.id).where(periods.c.state == "open")),
    ),
    "dated": assignments.c.period_id.is_(None),
    "of periods": assignments.c.period_id.is_not(None),
    "after": or_(
        bindparam("after_due", type_=Date) < _DUE,
        and_(
            bindparam("after_due", type_=Date) == _DUE, assignments.c.id > bindparam("after_id", type_=Uuid)
        ),
    ),
}


def _asked(work: Work, wanted: AssignmentFilter) -> tuple[frozenset[str], dict[str, Any]]:
    """Which filters are on (keys of _CONDITIONS), and their values."""
    values: dict[str, Any] = {
        name: value
        for name in ("plan", "task", "unit", "group", "period")
        if (value := getattr(wanted, name)) is not None
    }
    if wanted.states:
        values["states"] = list(wanted.states)
    asked = set(values)
    if wanted.overdue is not None:
        asked.add("late" if wanted.overdue else "not late")
        values["today"] = work.today
    if wanted.band is not None:
        asked.add("band")
        low, high = OVERDUE_BANDS[wanted.band]
        values |= {"today": work.today, "low": low, "high": high}
    if wanted.blocked is not None:
        asked.add("blocked" if wanted.blocked else "not blocked")
    if wanted.current:
        asked.add("current")
    if wanted.dated is not None:
        asked.add("dated" if wanted.dated else "of periods")
    values |= {f"word{n}": _escaped(word) for n, word in enumerate(_words(wanted))}
    return frozenset(asked), values


def _escaped(word: str) -> str:
    """A pattern that finds the word anywhere; what LIKE would read as a wildcard stands for itself."""
    return "%" + re.sub(r"([/%_])", r"/\1", word) + "%"


def _words(wanted: AssignmentFilter) -> list[str]:
    return fold(wanted.q).split()


def _chosen(shape: str, asked: frozenset[str], words: int) -> Select[Any]:
    """The ids of the rows asked for; joins only what the filters look at."""
    statement = select(assignments.c.id).where(within(Assignment, shape))
    if "period" in asked:
        statement = statement.join(periods, periods.c.id == assignments.c.period_id)
    if words:
        statement = statement.join(tasks, tasks.c.id == assignments.c.task_id)
    found = [tasks.c.folded.like(bindparam(f"word{n}"), escape="/") for n in range(words)]
    return statement.where(*(_CONDITIONS[name] for name in sorted(asked)), *found)


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(assignments)
        .join(tasks, tasks.c.id == assignments.c.task_id)
        .join(units, units.c.id == assignments.c.unit_id)
        .join(given, given.c.id == assignments.c.responsibility_id)
        .outerjoin(periods, periods.c.id == assignments.c.period_id)
        .outerjoin(
            extensions,
            and_(extensions.c.assignment_id == assignments.c.id, extensions.c.state == "requested"),
        )
    )
