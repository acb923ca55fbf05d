"""Old work beside the new clauses: what each old task and indicator most likely becomes. Proposed, never decided.

A clause is proposed for a task only within the same organisation; tasks without one go with tasks without one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.models import (
    AmendmentDecision,
    Assignment,
    Candidate,
    Indicator,
    Passage,
    Period,
    Plan,
    Responsibility,
    Submission,
    Target,
    Task,
    Unit,
)
from app.models.base import columns
from app.services.candidate import IN_PLAN, proposal_of
from app.services.likeness import likeness, words_key
from app.services.states import MISSING_SUBMISSIONS, RUNNING_ASSIGNMENTS
from app.services.target import list_targets
from app.text import compare_key
from app.work import Work

candidates, passages, decisions = columns(Candidate), columns(Passage), columns(AmendmentDecision)
tasks, indicators, units = columns(Task), columns(Indicator), columns(Unit)
assignments, periods, given = columns(Assignment), columns(Period), columns(Responsibility)
submissions = columns(Submission)

LEAST_LIKENESS = 65  # below, two duties of one organisation share little but its vocabulary
KINDS = {"task": ("duty", "task", "milestone"), "indicator": ("indicator",)}
GONE = ("rejected", "split", "merged")


@dataclass(frozen=True, slots=True)
class NewClause:
    """A clause of the new document that may go on from old work. `organisation`: whose duty it is, None for tasks
    that stand under no organisation; `is_in_plan` once it is accepted. `fields`: what accepting makes."""

    id: UUID
    kind: str
    text: str
    organisation: str | None
    unit_id: UUID | None
    path: str
    key: str
    is_in_plan: bool
    fields: dict[str, Any]

    @property
    def measure(self) -> str | None:
        return self.fields.get("measure")


@dataclass(frozen=True, slots=True)
class Proposal:
    """`score` 0 to 100: how alike the two sentences are; 0 where nothing is like it and it probably ended."""

    outcome: str
    clause: NewClause | None
    score: int


@dataclass(frozen=True, slots=True)
class OldWork:
    """One task or indicator of the plan being amended. `running`: rows that would move, `waiting`: of those, with a
    report the office has not decided on; `done`: rows that stay. `is_settled`: decided, and the clause still stands."""

    kind: str
    id: UUID
    code: str
    title: str
    text: str
    organisation: str | None
    unit_id: UUID | None
    due_on: date | None
    goals: tuple[Target, ...]
    row: Any
    running: int
    waiting: int
    done: int
    decision: AmendmentDecision | None
    clause: NewClause | None
    proposal: Proposal

    @property
    def version(self) -> int:
        return self.decision.version if self.decision else 0

    @property
    def outcome(self) -> str:
        """What was decided; "" while nothing was."""
        return self.decision.outcome if self.decision else ""

    @property
    def reason(self) -> str:
        return (self.decision.reason if self.decision else None) or ""

    @property
    def is_settled(self) -> bool:
        if self.decision is None:
            return False
        return self.decision.outcome == "ended" or (self.clause is not None and self.clause.is_in_plan)


@dataclass(frozen=True, slots=True)
class _Old:
    """What is compared of an old task or indicator."""

    id: UUID
    words: str
    organisation: str | None
    unit_id: UUID | None
    row: Any
    goals: tuple[Target, ...] = ()


def review_old_work(work: Work, draft: Plan, kind: str) -> list[OldWork]:
    """The caller has made sure that the reader may see the draft and its candidates."""
    if draft.amends_id is None:
        return []
    olds = _old_tasks(work, draft.amends_id) if kind == "task" else _old_indicators(work, draft.amends_id)
    clauses = new_clauses(work, draft, kind)
    decided = _decisions(work, draft, kind)
    proposed = _propose(olds, clauses, {row.candidate_id for row in decided.values()}, set(decided))
    counts = _task_rows(work, draft.amends_id) if kind == "task" else _figures(work, draft.amends_id)
    by_id = {clause.id: clause for clause in clauses}
    return [
        _seen(kind, old, decided.get(old.id), proposed[old.id], by_id, counts.get(old.id, (0, 0, 0)))
        for old in olds
    ]


def new_clauses(work: Work, draft: Plan, kind: str) -> list[NewClause]:
    """Clauses of the draft that were not rejected, in the order of the text."""
    rows = list(
        work.session.execute(
            select(candidates, passages.path, passages.key)
            .join(passages, passages.id == candidates.passage_id)
            .where(candidates.document_id == draft.document_id, candidates.state.not_in(GONE))
            .order_by(passages.ordinal, candidates.ordinal)
        )
    )
    parents = {row.id: row for row, _, _ in rows if row.kind == "unit"}
    return [
        _clause(row, path, key, parents.get(row.parent_id))
        for row, path, key in rows
        if row.kind in KINDS[kind] and (row.parent_id is None or row.parent_id in parents)
    ]


def new_clause_of(work: Work, draft: Plan, kind: str, candidate_id: UUID) -> NewClause | None:
    return next((one for one in new_clauses(work, draft, kind) if one.id == candidate_id), None)


def _clause(row: Candidate, path: str, key: str, parent: Candidate | None) -> NewClause:
    fields = proposal_of(row, parent)
    named = None if parent is None else (parent.decided or {}).get("name") or parent.reading["name"]
    stands = parent is None or parent.state in IN_PLAN
    return NewClause(
        id=row.id,
        kind=row.kind,
        text=fields.get("text") or fields.get("statement") or "",
        organisation=named,
        unit_id=parent.unit_id if parent else None,
        path=path,
        key=key,
        is_in_plan=row.state in IN_PLAN and stands,
        fields=fields,
    )


def _old_tasks(work: Work, plan_id: UUID) -> list[_Old]:
    """A duty's section is its organisation's name (issuing.py); other tasks stand under a heading."""
    rows = work.session.scalars(select(tasks).where(tasks.plan_id == plan_id).order_by(tasks.ordinal)).all()
    carried = work.session.execute(
        select(given.task_id, units.id, units.name)
        .join(units, units.id == given.unit_id)
        .where(given.task_id.in_([row.id for row in rows]))
        .order_by(given.id)
    )
    own: dict[UUID, tuple[UUID, str]] = {}
    sections = {row.id: row.section for row in rows}
    for task_id, unit_id, name in carried:
        if name == sections[task_id]:
            own[task_id] = (unit_id, name)
    return [_old_task(row, own.get(row.id)) for row in rows]


def _old_task(row: Task, own: tuple[UUID, str] | None) -> _Old:
    unit_id, name = own or (None, None)
    return _Old(row.id, words_key(row.text), name, unit_id, row)


def _old_indicators(work: Work, plan_id: UUID) -> list[_Old]:
    rows = work.session.scalars(
        select(indicators).where(indicators.plan_id == plan_id).order_by(indicators.ordinal)
    ).all()
    goals = list_targets(work, [row.id for row in rows])
    return [_Old(r.id, words_key(r.statement), None, None, r, tuple(goals[r.id])) for r in rows]


def _decisions(work: Work, draft: Plan, kind: str) -> dict[UUID, AmendmentDecision]:
    mine = decisions.task_id if kind == "task" else decisions.indicator_id
    rows = work.session.scalars(select(decisions).where(decisions.plan_id == draft.id, mine.is_not(None)))
    return {row.task_id or row.indicator_id: row for row in rows}


def _propose(
    olds: Sequence[_Old], clauses: Sequence[NewClause], taken: Iterable[UUID | None], decided: set[UUID]
) -> dict[UUID, Proposal]:
    """The likeliest pairs first, each clause once; what a person has decided takes no part."""
    free = [(clause, words_key(clause.text)) for clause in clauses if clause.id not in set(taken)]
    pairs = [
        (score, n, m)
        for n, old in enumerate(olds)
        if old.id not in decided
        for m, (clause, words) in enumerate(free)
        if (score := _score(old, clause, words)) >= LEAST_LIKENESS
    ]
    found = {old.id: Proposal("ended", None, 0) for old in olds}
    used: set[int] = set()
    for score, n, m in sorted(pairs, key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1], pair[2])):
        if m not in used and found[olds[n].id].clause is None:
            used.add(m)
            found[olds[n].id] = Proposal(_outcome(olds[n], free[m][0], score), free[m][0], int(score))
    return found


def _score(old: _Old, clause: NewClause, words: str) -> float:
    """0 where the two cannot be the same: other organisations, other ways of measuring."""
    if clause.kind == "indicator":
        if clause.measure != old.row.measure:
            return 0
        return likeness(old.words, words, least=LEAST_LIKENESS) - _target_difference(old, clause.fields)
    if not _same_organisation(old, clause):
        return 0
    return likeness(old.words, words, least=LEAST_LIKENESS)


def _same_organisation(old: _Old, clause: NewClause) -> bool:
    if old.unit_id is None or clause.organisation is None:
        return old.unit_id is None and clause.organisation is None
    if clause.unit_id is not None:
        return clause.unit_id == old.unit_id
    return compare_key(clause.organisation) == compare_key(old.organisation or "")


def _target_difference(old: _Old, fields: dict[str, Any]) -> int:
    """Several figures stand in one sentence: the year, the unit and the value say which is which."""
    goal = _goal_of(old, fields)
    value = _decimal(fields.get("value"))
    return (
        (0 if goal is not None else 12)
        + (0 if compare_key(old.row.unit_label or "") == compare_key(fields.get("unit") or "") else 8)
        + (0 if goal is not None and goal.value == value else 4)
    )


def _goal_of(old: _Old, fields: dict[str, Any]) -> Target | None:
    return next((goal for goal in old.goals if goal.horizon == fields.get("horizon")), None)


def _outcome(old: _Old, clause: NewClause, score: float) -> str:
    """Kept: the same words, and no other date or target than before."""
    fields = clause.fields
    if clause.kind == "indicator":
        return "kept" if score == 100 and has_target_of(old.goals, fields) else "changed"
    due = fields.get("due_on")
    same_day = due is None or (old.row.due_on is not None and due == old.row.due_on.isoformat())
    return "kept" if score == 100 and same_day else "changed"


def has_target_of(goals: Sequence[Target], fields: dict[str, Any]) -> bool:
    """Whether the target that the clause states is one of these."""
    stated = (fields.get("horizon"), fields.get("comparator"), _decimal(fields.get("value")))
    return any((goal.horizon, goal.comparator, goal.value) == stated for goal in goals)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _seen(
    kind: str,
    old: _Old,
    decision: AmendmentDecision | None,
    proposal: Proposal,
    by_id: dict[UUID, NewClause],
    counts: tuple[int, int, int],
) -> OldWork:
    row = old.row
    return OldWork(
        kind=kind,
        id=old.id,
        code=row.code,
        title=row.title if kind == "task" else row.name,
        text=row.text if kind == "task" else row.statement,
        organisation=old.organisation,
        unit_id=old.unit_id,
        due_on=row.due_on if kind == "task" else None,
        goals=old.goals,
        row=row,
        running=counts[0],
        waiting=counts[1],
        done=counts[2],
        decision=decision,
        clause=by_id.get(decision.candidate_id) if decision and decision.candidate_id else None,
        proposal=proposal,
    )


def _task_rows(work: Work, plan_id: UUID) -> dict[UUID, tuple[int, int, int]]:
    """By task: rows that still run, those of them with a report that waits, rows that are finished or past."""
    now = or_(assignments.period_id.is_(None), periods.state == "open")
    runs = now & assignments.state.in_(RUNNING_ASSIGNMENTS)
    rows = work.session.execute(
        select(
            assignments.task_id,
            func.count().filter(runs),
            func.count().filter(runs & (assignments.state == "reported")),
            func.count().filter(~runs),
        )
        .select_from(assignments)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.plan_id == plan_id)
        .group_by(assignments.task_id)
    )
    return {key: (running, waiting, done) for key, running, waiting, done in rows}


def _figures(work: Work, plan_id: UUID) -> dict[UUID, tuple[int, int, int]]:
    runs = (periods.state == "open") & submissions.state.in_(("sent", *MISSING_SUBMISSIONS))
    rows = work.session.execute(
        select(
            submissions.indicator_id,
            func.count().filter(runs),
            func.count().filter(runs & (submissions.state == "sent")),
            func.count().filter(~runs),
        )
        .select_from(submissions)
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(periods, periods.id == submissions.period_id)
        .where(indicators.plan_id == plan_id)
        .group_by(submissions.indicator_id)
    )
    return {key: (running, waiting, done) for key, running, waiting, done in rows}


def clauses_like(old: OldWork, clauses: Sequence[NewClause]) -> list[tuple[NewClause, int]]:
    """Every clause with its likeness to the old work's sentence, the likeliest first; for a person to choose from."""
    words = words_key(old.text)
    scored = [(clause, int(likeness(words, words_key(clause.text)))) for clause in clauses]
    return sorted(scored, key=lambda pair: -pair[1])
