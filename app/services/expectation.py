"""From indicators to the rows a period expects: one submission per owner, for a group one per member of that day."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.models import Indicator, IndicatorOwner, Period, Submission
from app.models.base import columns
from app.services.fan_out import members_of
from app.services.plan_versions import present_of
from app.work import Work

owners, periods, submissions = columns(IndicatorOwner), columns(Period), columns(Submission)


def expect_submissions(work: Work, indicators: Sequence[Indicator], period: Period) -> int:
    """Create the expected rows that are missing; the number created. Indicators of another cycle are passed
    over, and what was reported for the one an indicator goes on from. The caller has required the permission and
    records the event."""
    due = [row for row in indicators if row.cycle in (None, period.cycle)]
    reporters = reporters_of(work, [row.id for row in due])
    made = _made(work, due, period)
    missing = [
        Submission(
            locality_id=indicator.locality_id,
            indicator_id=indicator.id,
            unit_id=unit_id,
            period_id=period.id,
            due_on=period.due_on,
            created_at=work.now,
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
    rows = list(
        work.session.execute(
            select(owners.indicator_id, owners.unit_id)
            .where(owners.indicator_id.in_(indicator_ids))
            .order_by(owners.id)
        )
    )
    of_group = members_of(work, {unit_id for _, unit_id in rows}, work.today)
    found: dict[UUID, list[UUID]] = {indicator_id: [] for indicator_id in indicator_ids}
    for indicator_id, owner_id in rows:
        found[indicator_id] += of_group.get(owner_id, [owner_id])
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
