"""For a page of rows that wait for the office: what was sent last, and what it changed, in two statements at most."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.models import (
    Indicator,
    ReportDecision,
    Submission,
    SubmissionDecision,
    SubmissionVersion,
    TaskReport,
)
from app.models.base import columns
from app.services.standing import show_figure
from app.services.submission_list import figure_columns, figure_in
from app.services.version_differences import (
    Sent,
    VersionDifference,
    differences_of,
    figure_sent,
    report_sent,
)
from app.work import Work

reports, answers = columns(TaskReport), columns(ReportDecision)
versions, decisions = columns(SubmissionVersion), columns(SubmissionDecision)
submissions, indicators = columns(Submission), columns(Indicator)

LONGEST = 280
Again = tuple[str, VersionDifference | None]


def reports_sent_again(work: Work, ids: Sequence[UUID]) -> dict[UUID, Again]:
    """By row, for rows the actor was shown: the beginning of the last report, and what it changed."""
    if not ids:
        return {}
    statement = (
        select(
            reports.assignment_id.label("row"),
            reports.number,
            reports.result,
            reports.difficulty,
            reports.proposal,
            reports.progress,
            answers.kind.label("decision"),
        )
        .outerjoin(answers, answers.report_id == reports.id)
        .where(reports.assignment_id.in_(ids))
        .order_by(reports.assignment_id, reports.number.desc())
    )
    texts: dict[UUID, str] = {}
    sent: dict[UUID, list[Sent]] = defaultdict(list)
    for one in work.session.execute(statement):
        texts.setdefault(one.row, _beginning(one.result))
        sent[one.row].append(report_sent(one))
    return {key: (texts[key], _newest(all_sent)) for key, all_sent in sent.items()}


def figures_sent_again(work: Work, ids: Sequence[UUID]) -> dict[UUID, Again]:
    """The same of figures: the last figure with its note."""
    if not ids:
        return {}
    statement = (
        select(
            submissions.id.label("row"),
            versions.number,
            *figure_columns(),
            decisions.kind.label("decision"),
            indicators.measure,
            indicators.unit_label,
            indicators.decimals,
        )
        .select_from(versions)
        .join(submissions, submissions.id == versions.submission_id)
        .join(indicators, indicators.id == submissions.indicator_id)
        .outerjoin(decisions, decisions.version_id == versions.id)
        .where(submissions.id.in_(ids))
        .order_by(submissions.id, versions.number.desc())
    )
    texts: dict[UUID, str] = {}
    sent: dict[UUID, list[Sent]] = defaultdict(list)
    for one in work.session.execute(statement):
        figure = figure_in(one)
        texts.setdefault(one.row, show_figure(figure, one))
        sent[one.row].append(figure_sent(one.number, one.decision, figure, one))
    return {key: (texts[key], _newest(all_sent)) for key, all_sent in sent.items()}


def _newest(sent: Sequence[Sent]) -> VersionDifference | None:
    """Of the last version: against the one returned where there is one, since that is what was to be corrected."""
    found = differences_of(sent).get(sent[0].number, ())
    return found[-1] if found else None


def _beginning(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
