"""Reading figures: lists, one row, its versions and the office's answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from app.models import Account, Indicator, Period, Submission, SubmissionDecision, SubmissionVersion, Unit
from app.models.base import columns
from app.services._scope import find, visible
from app.services.period import named_period
from app.services.standing import Figure
from app.work import Work

submissions, indicators, units = columns(Submission), columns(Indicator), columns(Unit)
periods, versions, decisions = columns(Period), columns(SubmissionVersion), columns(SubmissionDecision)
senders, deciders = columns(aliased(Account)), columns(aliased(Account))

# Figures that count: what was returned or opened again waits for its next version.
COUNTED = ("sent", "accepted")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionFilter:
    """Plain query filters; None means any. `period` is a label or an id."""

    plan: UUID | None = None
    indicator: UUID | None = None
    unit: UUID | None = None
    period: str | None = None
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """One sent version with the office's answer, ready to show. `doubts`: what was asked about when it was sent."""

    number: int
    figure: Figure
    sent_at: datetime
    sent_by: str | None
    decision: str | None
    reason: str | None
    decided_at: datetime | None
    decided_by: str | None
    carried_from: UUID | None
    definition: int
    doubts: list[str] | None


def list_submissions(
    work: Work, wanted: SubmissionFilter, *, after: UUID | None = None, limit: int = 100
) -> list[Any]:
    """Rows (columns of `submission_columns`) in the order they were expected."""
    statement = _narrowed(visible(work, Submission, *submission_columns()), wanted)
    if after is not None:
        statement = statement.where(submissions.id > after)
    return list(work.session.execute(statement.order_by(submissions.id).limit(limit)).all())


def count_submissions(work: Work, wanted: SubmissionFilter) -> int:
    statement = _narrowed(visible(work, Submission, submissions.id), wanted)
    return work.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def get_submission_row(work: Work, submission_id: UUID) -> Any:
    """One row with the same columns as the list; 404 unless visible."""
    find(work, Submission, submission_id)
    statement = joined(select(*submission_columns())).where(submissions.id == submission_id)
    return work.session.execute(statement).one()


def list_versions(work: Work, submission_id: UUID) -> list[VersionSeen]:
    """Every version of a row the actor may see, newest first."""
    find(work, Submission, submission_id)
    statement = (
        select(
            versions.number,
            *figure_columns(),
            versions.sent_at,
            senders.name.label("sent_by"),
            decisions.kind,
            decisions.reason,
            decisions.decided_at,
            deciders.name.label("decided_by"),
            versions.carried_from_id,
            versions.definition,
            versions.doubts,
        )
        .select_from(versions)
        .outerjoin(senders, senders.id == versions.sent_by_id)
        .outerjoin(decisions, decisions.version_id == versions.id)
        .outerjoin(deciders, deciders.id == decisions.decided_by_id)
        .where(versions.submission_id == submission_id)
        .order_by(versions.number.desc())
    )
    return [_version_seen(*row) for row in work.session.execute(statement)]


def figure_of_row(row: Any) -> Figure | None:
    """The last version's figure of a row with `figure_columns`; None when nothing was sent yet."""
    if row.number is None:
        return None
    return figure_in(row)


def figure_in(row: Any) -> Figure:
    """The figure of a version, or of a row with its columns."""
    return Figure(row.value, row.numerator, row.denominator, row.level, row.flag, row.note, row.no_data)


def figure_columns() -> tuple[Any, ...]:
    return (
        versions.value,
        versions.numerator,
        versions.denominator,
        versions.level,
        versions.flag,
        versions.note,
        versions.no_data,
    )


def submission_columns() -> tuple[Any, ...]:
    return (
        submissions.id,
        submissions.locality_id,
        submissions.version,
        submissions.indicator_id,
        submissions.unit_id,
        submissions.period_id,
        submissions.state,
        submissions.state_reason,
        submissions.due_on,
        submissions.sent_at,
        indicators.plan_id,
        indicators.code,
        indicators.name,
        indicators.measure,
        indicators.unit_label,
        indicators.decimals,
        indicators.direction,
        units.name.label("unit_name"),
        periods.label.label("period"),
        periods.name.label("period_name"),
        periods.state.label("period_state"),
        periods.cycle,
        periods.starts_on,
        periods.ends_on,
        versions.number,
        versions.definition,
        versions.doubts,
        *figure_columns(),
    )


def joined(statement: Select[Any]) -> Select[Any]:
    """Indicator, unit, period and the last version beside each row."""
    newest = columns(aliased(SubmissionVersion))
    last = select(func.max(newest.number)).where(newest.submission_id == submissions.id).scalar_subquery()
    return (
        statement.select_from(submissions)
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(units, units.id == submissions.unit_id)
        .join(periods, periods.id == submissions.period_id)
        .outerjoin(versions, and_(versions.submission_id == submissions.id, versions.number == last))
    )


def _narrowed(statement: Select[Any], wanted: SubmissionFilter) -> Select[Any]:
    conditions = [
        column == value
        for column, value in (
            (indicators.plan_id, wanted.plan),
            (submissions.indicator_id, wanted.indicator),
            (submissions.unit_id, wanted.unit),
        )
        if value is not None
    ]
    if wanted.period is not None:
        conditions.append(named_period(wanted.period))
    if wanted.states:
        conditions.append(submissions.state.in_(wanted.states))
    return joined(statement).where(*conditions)


def _version_seen(number: int, *row: Any) -> VersionSeen:
    parts = len(figure_columns())
    return VersionSeen(number, Figure(*row[:parts]), *row[parts:])
