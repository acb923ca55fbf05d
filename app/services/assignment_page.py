"""What the page of one row shows: the source sentence, what is asked, reports, remarks, the story."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.models import Assignment, Passage, Period, Plan, Responsibility, Task
from app.models.base import columns
from app.services.assignment_list import (
    RefusedAction,
    ReportSeen,
    allowed_actions,
    get_assignment_row,
    list_reports,
    refused_actions,
)
from app.services.cooperation_page import Partner, helpers_beside, leads_beside
from app.services.evidence import EvidenceOf, Subject, list_evidence
from app.services.extension import ExtensionFilter, ExtensionSeen, extension_actions, list_extensions
from app.services.plan_versions import present_of
from app.services.remark import RemarkSeen, UnitNamed, list_assignment_remarks, mentionable
from app.services.story import Story, build_story
from app.services.unit_name import name_then
from app.services.unsent import Unsent, build_unsent
from app.services.urging_list import OpenUrging, open_urgings_of_row
from app.services.version_differences import VersionDifference, differences_of, report_sent
from app.work import Work

assignments, tasks, passages, plans = columns(Assignment), columns(Task), columns(Passage), columns(Plan)
periods = columns(Period)


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """`differences` by number of the report; `extensions` newest first, each with what this reader may do;
    `unit_name`: of finished work as the unit was called on that day."""

    row: Any
    unit_name: str
    plan_code: str
    source: str
    source_path: str
    period_name: str
    reports: list[ReportSeen]
    previous: ReportSeen | None
    remarks: list[RemarkSeen]
    story: Story
    leads: tuple[Partner, ...]
    helpers: tuple[Partner, ...]
    mentionable: list[UnitNamed]
    actions: list[str]
    differences: dict[int, tuple[VersionDifference, ...]]
    extensions: list[tuple[ExtensionSeen, list[str]]]
    urgings: tuple[OpenUrging, ...]
    refused: list[RefusedAction]
    evidence: EvidenceOf
    unsent: Unsent

    @property
    def number(self) -> int:
        """Of the last report sent."""
        return self.reports[0].number if self.reports else 0


def build_assignment_page(
    work: Work, assignment_id: UUID, *, is_newest_first: bool = False
) -> AssignmentPage:
    """404 unless the actor may see the row."""
    row = get_assignment_row(work, assignment_id)
    about = _about(work, assignment_id)
    reports, actions = list_reports(work, assignment_id), allowed_actions(work, row)
    extensions = list_extensions(work, ExtensionFilter(assignment=assignment_id))
    return AssignmentPage(
        row=row,
        unit_name=name_then(work, row.unit_id, row.unit_name, row.done_on),
        plan_code=about.plan_code,
        source=about.source or row.text,
        source_path=about.path or "",
        period_name=about.period_name or "",
        reports=reports,
        previous=_previous_report(work, assignment_id),
        remarks=list_assignment_remarks(work, assignment_id),
        story=build_story(
            work,
            work.get(Task, row.task_id),
            {row.id: (row.unit_id, row.unit_name)},
            is_newest_first=is_newest_first,
        ),
        leads=leads_beside(work, row),
        helpers=helpers_beside(work, row),
        mentionable=mentionable(work, row.locality_id) if "remark" in actions else [],
        actions=actions,
        differences=differences_of([report_sent(report) for report in reports]),
        extensions=[(one, extension_actions(work, one)) for one in reversed(extensions)],
        urgings=open_urgings_of_row(work, assignment_id),
        refused=refused_actions(work, row),
        evidence=list_evidence(work, Subject("assignment", assignment_id)),
        unsent=build_unsent(work, Assignment, row, may_send="report" in actions),
    )


def _about(work: Work, assignment_id: UUID) -> Any:
    """Where a row comes from: its plan, its clause, its period."""
    return work.session.execute(
        select(
            plans.code.label("plan_code"),
            passages.text.label("source"),
            passages.path,
            periods.name.label("period_name"),
            tasks.created_at,
        )
        .select_from(assignments)
        .join(tasks, tasks.id == assignments.task_id)
        .join(plans, plans.id == assignments.plan_id)
        .outerjoin(passages, passages.id == tasks.passage_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.id == assignment_id)
    ).one()


def _previous_report(work: Work, assignment_id: UUID) -> ReportSeen | None:
    """The last report of the same duty by the same unit in the period before: shown beside the form."""
    mine = work.session.get(Assignment, assignment_id)
    assert mine is not None
    period = work.session.get(Period, mine.period_id) if mine.period_id else None
    if period is None:
        return None
    same_duty = present_of(work, Responsibility, [mine.responsibility_id])
    before = work.session.scalars(
        select(assignments.id)
        .join(periods, periods.id == assignments.period_id)
        .where(
            assignments.responsibility_id.in_(same_duty),
            assignments.unit_id == mine.unit_id,
            periods.ends_on < period.ends_on,
        )
        .order_by(periods.ends_on.desc())
        .limit(1)
    ).first()
    found = list_reports(work, before) if before else []
    return found[0] if found else None
