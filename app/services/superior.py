"""A plan's indicators beside those of the superior plans it carries out: which answers which, what is missing, what is
set lower. Matches are proposed by likeness; only a person's word is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlmodel import Field

from app.errors import Invalid, NotFound
from app.events import SuperiorMatched
from app.models import Indicator, Plan, SuperiorMatch, Target
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.basis import LinkedPlan, superior_indicators, view_bases
from app.services.standing import show_goal
from app.services.target import list_known_targets
from app.services.typed import Typed
from app.text import fold
from app.work import Work

indicators, matches = columns(Indicator), columns(SuperiorMatch)

LEAST_LIKENESS = 60
# A share of the whole means the same in a province and in a commune; a number of schools does not.
_SHARES = ("percent", "ratio", "level")
_FIGURES = re.compile(r"[\d.,%/]+")


class MatchInput(Typed):
    """The plan's own indicator that answers the superior one; null: none does."""

    indicator: UUID | None = Field(default=None)


@dataclass(frozen=True, slots=True)
class GoalPair:
    """Both targets of one year in words. `verdict`: equal, higher, lower (than the superior asks), not_comparable."""

    horizon: int | None
    superior: str
    own: str
    verdict: str


@dataclass(frozen=True, slots=True)
class SuperiorIndicator:
    """`state`: confirmed (a person said which answers it), missing (a person said none does), proposed, open (nothing
    is like it). `score` 0 to 100 of what is proposed."""

    superior: Indicator
    plan: LinkedPlan
    state: str
    own: Indicator | None
    score: int
    version: int
    goals: tuple[GoalPair, ...]

    @property
    def is_missing(self) -> bool:
        return self.own is None

    @property
    def is_lower(self) -> bool:
        return any(pair.verdict == "lower" for pair in self.goals)


@dataclass(frozen=True, slots=True)
class SuperiorPage:
    plan: Plan
    linked: tuple[LinkedPlan, ...]
    rows: tuple[SuperiorIndicator, ...]
    own: tuple[Indicator, ...]
    may_decide: bool

    @property
    def missing(self) -> tuple[SuperiorIndicator, ...]:
        return tuple(row for row in self.rows if row.is_missing)

    @property
    def lower(self) -> tuple[SuperiorIndicator, ...]:
        return tuple(row for row in self.rows if row.is_lower)


def build_superior_page(work: Work, plan_id: UUID) -> SuperiorPage:
    """Every indicator of every linked superior plan, in the superior's order; their figures stay where they are."""
    plan = find(work, Plan, plan_id)
    linked = tuple(seen.superior for seen in view_bases(work, plan) if seen.superior)
    own = list(
        work.session.scalars(
            visible(work, Indicator)
            .where(indicators.plan_id == plan.id)
            .order_by(indicators.ordinal, indicators.id)
        )
    )
    theirs = superior_indicators(work, linked)
    goals = list_known_targets(work, [one.id for one in (*own, *theirs)])
    decided = _decided(work, plan)
    proposed = _propose(own, theirs, goals, decided)
    of_plan = {one.plan.id: one for one in linked}
    by_id = {one.id: one for one in own}
    return SuperiorPage(
        plan,
        linked,
        tuple(
            _row(plan, one, of_plan[one.plan_id], decided.get(one.id), proposed.get(one.id), by_id, goals)
            for one in theirs
        ),
        tuple(own),
        may_decide=work.actor.may(Permission.INDICATOR_MANAGE, plan.locality_id),
    )


def decide_match(
    work: Work, plan_id: UUID, superior_indicator_id: UUID, given: MatchInput, version: int | None
) -> SuperiorMatch:
    """Confirm or correct which indicator answers a superior one; version 0 while nobody has."""
    plan = find(work, Plan, plan_id)
    work.require(Permission.INDICATOR_MANAGE, plan.locality_id)
    linked = [seen.superior for seen in view_bases(work, plan) if seen.superior]
    known = {one.id: one for one in superior_indicators(work, linked)}
    superior = known.get(superior_indicator_id)
    if superior is None:
        raise NotFound
    own = _own(work, plan, given.indicator)
    there: SuperiorMatch | None = work.session.scalars(
        select(matches)
        .where(matches.plan_id == plan.id, matches.superior_indicator_id == superior.id)
        .with_for_update()
    ).first()
    row = there or SuperiorMatch(
        locality_id=plan.locality_id,
        plan_id=plan.id,
        superior_indicator_id=superior.id,
        decided_at=work.now,
        version=0,
    )
    work.check_version(row, version, indicator_id=given.indicator)

    row.indicator_id = own.id if own else None
    row.decided_at, row.decided_by_id = work.now, work.actor.account_id
    work.add(row)
    said = f"ứng với {own.code}" if own else "chưa có trong kế hoạch"
    work.record(
        SuperiorMatched(locality_id=plan.locality_id, subject_id=plan.id, code=superior.code, said=said)
    )
    return row


def _own(work: Work, plan: Plan, key: UUID | None) -> Indicator | None:
    if key is None:
        return None
    asked = select(indicators).where(indicators.id == key, indicators.plan_id == plan.id)
    own: Indicator | None = work.session.scalars(asked).first()
    if own is None:
        raise Invalid.field("indicator", "Kế hoạch không có chỉ tiêu này. Chọn lại trong danh sách.")
    return own


def _decided(work: Work, plan: Plan) -> dict[UUID, SuperiorMatch]:
    rows = work.session.scalars(select(matches).where(matches.plan_id == plan.id))
    return {row.superior_indicator_id: row for row in rows}


Goals = dict[UUID, list[Target]]


def _propose(
    own: Sequence[Indicator],
    theirs: Sequence[Indicator],
    goals: Goals,
    decided: dict[UUID, SuperiorMatch],
) -> dict[UUID, tuple[UUID, int]]:
    """By superior indicator: ours that is most like it and its score, the likeliest pairs first."""
    taken = {row.indicator_id for row in decided.values()}
    free = [one for one in own if one.id not in taken]
    pairs = [
        (score, n, m)
        for n, superior in enumerate(theirs)
        if superior.id not in decided
        for m, mine in enumerate(free)
        if (score := _score(superior, mine, goals)) >= LEAST_LIKENESS
    ]
    found: dict[UUID, tuple[UUID, int]] = {}
    used: set[int] = set()
    for score, n, m in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if theirs[n].id not in found and m not in used:
            used.add(m)
            found[theirs[n].id] = (free[m].id, score)
    return found


def _score(superior: Indicator, mine: Indicator, goals: Goals) -> int:
    """Likeness of the words without their figures; another unit or no year in common counts against it."""
    if superior.measure != mine.measure:
        return 0
    ours, theirs = _words(mine), _words(superior)
    score = max(fuzz.ratio(ours, theirs), fuzz.token_sort_ratio(ours, theirs))
    if fold(superior.unit_label or "") != fold(mine.unit_label or ""):
        score -= 10
    years = {goal.horizon for goal in goals[superior.id]} & {goal.horizon for goal in goals[mine.id]}
    return max(int(score) - (0 if years else 5), 0)


def _words(indicator: Indicator) -> str:
    return " ".join(_FIGURES.sub(" ", fold(indicator.statement)).split())


def _row(
    plan: Plan,
    superior: Indicator,
    linked: LinkedPlan,
    match: SuperiorMatch | None,
    proposed: tuple[UUID, int] | None,
    own: dict[UUID, Indicator],
    goals: Goals,
) -> SuperiorIndicator:
    mine, score = None, 0
    if match is not None:
        mine = own.get(match.indicator_id) if match.indicator_id else None
        state = "confirmed" if mine else "missing"
        score = _score(superior, mine, goals) if mine else 0
    elif proposed is not None:
        mine, score, state = own[proposed[0]], proposed[1], "proposed"
    else:
        state = "open"
    return SuperiorIndicator(
        superior,
        linked,
        state,
        mine,
        score,
        match.version if match else 0,
        _pairs(plan, linked.plan, superior, mine, goals),
    )


def _pairs(
    plan: Plan, above: Plan, superior: Indicator, mine: Indicator | None, goals: Goals
) -> tuple[GoalPair, ...]:
    ours = {goal.horizon: goal for goal in goals[mine.id]} if mine else {}
    return tuple(
        GoalPair(
            goal.horizon,
            show_goal(goal, superior),
            show_goal(ours[goal.horizon], mine) if mine and goal.horizon in ours else "",
            _verdict(
                goal,
                ours.get(goal.horizon),
                superior,
                mine,
                is_same_place=plan.locality_id == above.locality_id,
            ),
        )
        for goal in goals[superior.id]
    )


def _verdict(
    goal: Target, ours: Target | None, superior: Indicator, mine: Indicator | None, *, is_same_place: bool
) -> str:
    """Both must be numbers of one measure and unit; numbers of things only within one locality."""
    if ours is None or mine is None or goal.value is None or ours.value is None:
        return "not_comparable"
    same_unit = fold(superior.unit_label or "") == fold(mine.unit_label or "")
    if superior.measure != mine.measure or not same_unit:
        return "not_comparable"
    if superior.measure not in _SHARES and not is_same_place:
        return "not_comparable"
    if ours.value == goal.value:
        return "equal"
    less_is_better = superior.direction == "down" or goal.comparator in ("lt", "lte")
    is_worse = ours.value > goal.value if less_is_better else ours.value < goal.value
    return "lower" if is_worse else "higher"
