"""Indicators when a plan is amended: who reports, extra targets and open figures go on; accepted figures stay."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from app.events import IndicatorCarriedOn, IndicatorEnded, SubmissionMoved
from app.models import Indicator, IndicatorOwner, Period, Plan, Submission, Target
from app.models.base import columns
from app.services.amendment_proposal import OldWork
from app.services.carrying_over import Moves
from app.services.definition import KEPT, define, settle_rules
from app.services.expectation import reporters_of
from app.services.row_ending import waive_row
from app.services.standing import show_goal
from app.services.states import MISSING_SUBMISSIONS
from app.services.target import list_targets
from app.services.whole_and_parts import adds_up_still
from app.work import Work

submissions, periods = columns(Submission), columns(Period)
owners = columns(IndicatorOwner)

NO_LONGER_ASKED = "Kế hoạch sửa đổi không giao đơn vị này báo cáo chỉ tiêu nữa"
# What the office settled about measuring it; the document says nothing of these.
_ARRANGED = (
    *(name for name in KEPT if name not in ("name", "measure", "unit_label", "cycle")),
    "verifier_id",
)


def running_figures(work: Work, plan_id: UUID) -> list[Submission]:
    """Figures of open periods that are not accepted yet, locked in the order everybody locks them in."""
    indicators = columns(Indicator)
    statement = (
        select(submissions)
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(periods, periods.id == submissions.period_id)
        .where(indicators.plan_id == plan_id, periods.state == "open")
        .where(submissions.state.in_(("sent", *MISSING_SUBMISSIONS)))
        .order_by(submissions.id)
        .with_for_update(of=submissions)
        .execution_options(populate_existing=True)
    )
    return list(work.session.scalars(statement))


def carry_indicators(
    work: Work,
    plan: Plan,
    olds: Sequence[OldWork],
    made: Mapping[UUID, Indicator],
    rows: Sequence[Submission],
    moves: Moves,
) -> None:
    """`made`: the new plan's indicators by their candidate."""
    for old in olds:
        mine = [row for row in rows if row.indicator_id == old.id]
        if old.clause is None:
            _end(work, plan, old, mine, moves)
        else:
            _carry(work, plan, old, made[old.clause.id], mine, moves)
    _keep_parts_together(olds, made)
    for old in olds:
        if old.clause is not None:
            define(work, made[old.clause.id])


def _keep_parts_together(olds: Sequence[OldWork], made: Mapping[UUID, Indicator]) -> None:
    """A part whose whole goes on too stays a part of it. Where the new clauses measure in different ways, the whole no
    longer adds up."""
    now = {old.id: made[old.clause.id] for old in olds if old.clause is not None}
    for old in olds:
        if old.clause is not None and old.row.part_of_id in now:
            now[old.id].part_of_id = now[old.row.part_of_id].id
    for whole in now.values():
        parts = [one for one in now.values() if one.part_of_id == whole.id]
        whole.adds_up = whole.adds_up and adds_up_still(whole, parts)


def _end(work: Work, plan: Plan, old: OldWork, rows: Sequence[Submission], moves: Moves) -> None:
    for row in rows:
        _let_off(work, row, old.reason, moves)
    work.record(
        IndicatorEnded(locality_id=plan.locality_id, subject_id=old.id, plan=plan.code, reason=old.reason)
    )


def _carry(
    work: Work, plan: Plan, old: OldWork, new: Indicator, rows: Sequence[Submission], moves: Moves
) -> None:
    before: Indicator = old.row
    new.previous_id = before.id
    for name in _ARRANGED:
        setattr(new, name, getattr(before, name))
    new.cycle = new.cycle or before.cycle
    settle_rules(new, {})
    said = _carry_targets(work, old, new)
    _carry_owners(work, before, new)
    work.session.flush()
    reporters = set(reporters_of(work, [new.id])[new.id])
    cycles = _cycles(work, rows)
    for row in rows:
        if row.unit_id in reporters and (new.cycle is None or cycles[row.period_id] in (new.cycle, "ad_hoc")):
            _move(work, plan, new, row, moves)
        else:
            _let_off(work, row, NO_LONGER_ASKED, moves)
    work.record(
        IndicatorCarriedOn(
            locality_id=plan.locality_id,
            subject_id=before.id,
            code=new.code,
            plan=plan.code,
            outcome=old.outcome,
            said=said,
        )
    )


def _cycles(work: Work, rows: Sequence[Submission]) -> dict[UUID, str]:
    keys = {row.period_id for row in rows}
    found = work.session.execute(select(periods.id, periods.cycle).where(periods.id.in_(keys)))
    return {row.id: row.cycle for row in found}


def _carry_targets(work: Work, old: OldWork, new: Indicator) -> str:
    """Targets of years that the new clause does not name stay, where the indicator was kept. The target in words, if
    it is another one."""
    now = list_targets(work, [new.id])[new.id]
    years = {goal.horizon for goal in now}
    if old.outcome == "kept":
        work.add(
            *(
                Target(
                    locality_id=new.locality_id,
                    indicator_id=new.id,
                    comparator=goal.comparator,
                    value=goal.value,
                    value_to=goal.value_to,
                    horizon=goal.horizon,
                )
                for goal in old.goals
                if goal.horizon not in years
            )
        )
    before, after = _shown(old.goals, old.row), _shown(now, new)
    return "" if old.outcome == "kept" or before == after else f", mục tiêu từ {before} thành {after}"


def _shown(goals: Sequence[Target], indicator: Indicator) -> str:
    shown = [show_goal(goal, indicator) + (f" năm {goal.horizon}" if goal.horizon else "") for goal in goals]
    return "; ".join(shown) or "chưa đặt"


def _carry_owners(work: Work, before: Indicator, new: Indicator) -> None:
    """Who reports is mostly the office's own arrangement: it goes on unless the new plan names somebody."""
    named = select(owners.id).where(owners.indicator_id == new.id)
    if work.session.scalars(named).first() is not None:
        return
    asked = select(owners.unit_id).where(owners.indicator_id == before.id).order_by(owners.id)
    work.add(
        *(
            IndicatorOwner(locality_id=new.locality_id, indicator_id=new.id, unit_id=unit_id)
            for unit_id in work.session.scalars(asked)
        )
    )


def _move(work: Work, plan: Plan, new: Indicator, row: Submission, moves: Moves) -> None:
    row.indicator_id, row.version = new.id, row.version + 1
    moves.moved += 1
    work.record(
        SubmissionMoved(
            locality_id=row.locality_id,
            subject_id=row.id,
            unit_id=row.unit_id,
            code=new.code,
            plan=plan.code,
        )
    )


def _let_off(work: Work, row: Submission, reason: str, moves: Moves) -> None:
    """A figure that was sent stays for the office to decide on; what was not is no longer asked for."""
    if row.state == "sent":
        return
    moves.cancelled += 1
    waive_row(work, row, reason, " vì không còn phải báo cáo số liệu này")
