"""From indicators to the rows a period expects: one submission per owner, for a group one per member of that day."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.models import Indicator, IndicatorOwner, Period, Plan, Submission
from app.models.base import columns
from app.services.fan_out import members_of
from app.services.late_joiners import asked_about, is_kept_out
from app.services.period_dates import dates_of_row, exceptions_in
from app.services.plan_reporting import is_due_in
from app.services.plan_versions import present_of
from app.work import Work

owners, periods, submissions, plans = (
    columns(IndicatorOwner),
    columns(Period),
    columns(Submission),
    columns(Plan),
)


def expect_submissions(work: Work, indicators: Sequence[Indicator], period: Period) -> int:
    """Create the expected rows that are missing; the number created. Indicators that report in other periods
    are passed over, and what was reported for the one an indicator goes on from. The caller has required the
    permission and records the event."""
    of_plan = _plans_of(work, indicators)
    due = [row for row in indicators if is_due_in(of_plan[row.plan_id], row.cycle, period)]
    reporters = _reporters_now(work, due, period)
    made = _made(work, due, period)
    own_dates = exceptions_in(work, period)
    missing = [
        Submission(
            locality_id=indicator.locality_id,
            indicator_id=indicator.id,
            unit_id=unit_id,
            period_id=period.id,
            created_at=work.now,
            **dates_of_row(period, own_dates.get(unit_id)),
        )
        for indicator in due
        for unit_id in reporters[indicator.id]
        if (indicator.id, unit_id) not in made
    ]
    if missing:
        work.add(*missing)
    return len(missing)


def reporters_of(work: Work, indicator_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Units that report each indicator today: its owners, a group standing for its members; each unit once."""
    found: dict[UUID, list[UUID]] = {indicator_id: [] for indicator_id in indicator_ids}
    for indicator_id, _, unit_id in _reporting(work, indicator_ids):
        found[indicator_id].append(unit_id)
    return {indicator_id: list(dict.fromkeys(units)) for indicator_id, units in found.items()}


def open_periods(work: Work, locality_id: UUID) -> list[Period]:
    """Periods that take reports now, the one due first first."""
    return list(
        work.session.scalars(
            select(periods)
            .where(periods.locality_id == locality_id, periods.state == "open")
            .order_by(periods.due_on, periods.id)
        )
    )


def _reporting(work: Work, indicator_ids: Sequence[UUID]) -> list[tuple[UUID, UUID | None, UUID]]:
    """(indicator, group it comes through, unit), in the order owners were named."""
    rows = list(
        work.session.execute(
            select(owners.indicator_id, owners.unit_id)
            .where(owners.indicator_id.in_(indicator_ids))
            .order_by(owners.id)
        )
    )
    of_group = members_of(work, {unit_id for _, unit_id in rows}, work.today)
    found: list[tuple[UUID, UUID | None, UUID]] = []
    for indicator_id, owner_id in rows:
        members = of_group.get(owner_id)
        if members is None:
            found.append((indicator_id, None, owner_id))
        else:
            found += [(indicator_id, owner_id, unit_id) for unit_id in members]
    return found


def _reporters_now(work: Work, indicators: Sequence[Indicator], period: Period) -> dict[UUID, list[UUID]]:
    """`reporters_of` without late joiners about whom the office has not said that they report."""
    reporting = _reporting(work, [row.id for row in indicators])
    asked = asked_about(work, {group_id for _, group_id, _ in reporting if group_id is not None})
    given_out = _given_out(work, indicators, period) if asked else {}
    found: dict[UUID, list[UUID]] = {row.id: [] for row in indicators}
    for indicator_id, group_id, unit_id in reporting:
        if not is_kept_out(asked, group_id, unit_id, given_out.get(indicator_id)):
            found[indicator_id].append(unit_id)
    return {indicator_id: list(dict.fromkeys(units)) for indicator_id, units in found.items()}


def _given_out(work: Work, indicators: Sequence[Indicator], period: Period) -> dict[UUID, datetime]:
    """When the first row of each was made in the period."""
    rows = work.session.execute(
        select(submissions.indicator_id, func.min(submissions.created_at).label("first"))
        .where(submissions.indicator_id.in_([row.id for row in indicators]))
        .where(submissions.period_id == period.id)
        .group_by(submissions.indicator_id)
    )
    return {row.indicator_id: row.first for row in rows}


def _plans_of(work: Work, indicators: Sequence[Indicator]) -> dict[UUID, Plan]:
    keys = {row.plan_id for row in indicators}
    return {plan.id: plan for plan in work.session.scalars(select(plans).where(plans.id.in_(keys)))}


def _made(work: Work, indicators: Sequence[Indicator], period: Period) -> set[tuple[UUID, UUID]]:
    now_of = {row.id: row.id for row in indicators}
    if goes_on := [row.id for row in indicators if row.previous_id is not None]:
        now_of |= present_of(work, Indicator, goes_on)
    rows = work.session.execute(
        select(submissions.indicator_id, submissions.unit_id).where(
            submissions.period_id == period.id, submissions.indicator_id.in_(now_of)
        )
    )
    return {(now_of[indicator_id], unit_id) for indicator_id, unit_id in rows}
