"""What the page of one figure shows: the indicator and its target, every version with the office's answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.models import Indicator, Submission
from app.permissions import Permission
from app.services.definition import Defined, list_definitions, standing_under
from app.services.definition_page import name_of_verifier
from app.services.evidence import EvidenceOf, Subject, list_evidence
from app.services.indicator import get_indicator
from app.services.remark import RemarkSeen, UnitNamed, list_submission_remarks, mentionable
from app.services.standing import (
    Figure,
    Standing,
    goal_of_year,
    show_distance,
    show_figure,
    show_goal,
)
from app.services.submission import allowed_actions
from app.services.submission_list import VersionSeen, get_submission_row, list_versions
from app.services.timeline import TimelineEntry, timeline_of
from app.services.unit_name import name_then
from app.services.unsent import Unsent, build_unsent
from app.services.urging_list import OpenUrging, open_urgings_of_row
from app.services.version_differences import VersionDifference, differences_of, figure_sent
from app.work import VIETNAM, Work


@dataclass(frozen=True, slots=True)
class VersionShown:
    seen: VersionSeen
    shown: str


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    """`unit_name`: of an accepted figure as the unit was called on the day it was sent."""

    row: Any
    unit_name: str
    indicator: Indicator
    verifier: str | None
    goal: str
    horizon: int | None
    last: Figure | None
    standing: Standing
    gap: str
    versions: tuple[VersionShown, ...]
    timeline: tuple[TimelineEntry, ...]
    remarks: list[RemarkSeen]
    may_remark: bool
    mentionable: list[UnitNamed]
    actions: list[str]
    differences: dict[int, tuple[VersionDifference, ...]]
    urgings: tuple[OpenUrging, ...]
    evidence: EvidenceOf
    unsent: Unsent

    @property
    def number(self) -> int:
        """Of the last version sent."""
        return self.versions[0].seen.number if self.versions else 0


def build_submission_page(work: Work, submission_id: UUID) -> SubmissionPage:
    """404 unless the actor may see the row."""
    row = get_submission_row(work, submission_id)
    indicator = get_indicator(work, row.indicator_id)
    may_remark = work.actor.may(Permission.REMARK_WRITE, row.locality_id, row.unit_id)
    versions = list_versions(work, submission_id)
    last = versions[0].figure if versions else None
    defined = Defined(list_definitions(work, [indicator.id])[indicator.id])
    read_by = {v.number: defined.of(v.definition, v.sent_at) for v in versions}
    how = read_by[versions[0].number] if versions else defined.newest
    goal = goal_of_year(how.goals, row.ends_on.year)
    shown = tuple(VersionShown(v, show_figure(v.figure, read_by[v.number])) for v in versions)
    actions = allowed_actions(work, row, period_open=row.period_state == "open")
    standing = standing_under(how, last, row.ends_on.year)
    return SubmissionPage(
        row=row,
        unit_name=name_then(work, row.unit_id, row.unit_name, _settled_on(row, versions)),
        indicator=indicator,
        verifier=name_of_verifier(work, indicator),
        goal=show_goal(goal, how) if goal else "",
        horizon=goal.horizon if goal else None,
        last=last,
        standing=standing,
        gap=show_distance(standing, how),
        versions=shown,
        timeline=timeline_of(work, [submission_id]),
        remarks=list_submission_remarks(work, submission_id),
        may_remark=may_remark,
        mentionable=mentionable(work, row.locality_id) if may_remark else [],
        actions=actions,
        differences=differences_of(
            [
                figure_sent(v.seen.number, v.seen.decision, v.seen.figure, read_by[v.seen.number])
                for v in shown
            ]
        ),
        urgings=open_urgings_of_row(work, submission_id),
        evidence=list_evidence(work, Subject("submission", submission_id)),
        unsent=build_unsent(work, Submission, row, may_send="send" in actions),
    )


def _settled_on(row: Any, versions: Sequence[VersionSeen]) -> date | None:
    accepted = row.state == "accepted" and versions
    return versions[0].sent_at.astimezone(VIETNAM).date() if accepted else None
