"""Saving what is typed into a unit's period form, row by row: one that somebody else saved meanwhile does not keep the
others from being saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.errors import NotFound
from app.models import Assignment, Submission
from app.models.base import columns
from app.permissions import Permission
from app.services.draft import DraftInput, Saved, Subject, try_to_save
from app.services.period_form import unit_and_period
from app.work import Work


@dataclass(frozen=True, slots=True)
class TypedRow:
    """The fields of a row as typed, over the draft of that version (0: over none)."""

    typed: DraftInput
    version: int


def save_period_drafts(
    work: Work, unit_id: UUID, period_id: UUID, rows: Mapping[UUID, TypedRow]
) -> dict[UUID, Saved]:
    """By row. 404 unless all of them are the unit's in that period, 403 unless the actor reports for it."""
    unit, period = unit_and_period(work, unit_id, period_id)
    work.require(Permission.ASSIGNMENT_REPORT, unit.locality_id, unit.id)
    work.require(Permission.SUBMISSION_SEND, unit.locality_id, unit.id)
    subjects = find_subjects(work, unit.id, period.id, list(rows))
    return {
        key: try_to_save(work, subject, key, rows[key].typed, rows[key].version)
        for key, subject in subjects.items()
    }


def save_row_draft(work: Work, subject: Subject, row_id: UUID, row: TypedRow) -> Saved:
    """Of one row on a page of its own; 404 and 403 as of many."""
    return try_to_save(work, subject, row_id, row.typed, row.version)


def find_subjects(work: Work, unit_id: UUID, period_id: UUID, row_ids: Sequence[UUID]) -> dict[UUID, Subject]:
    """What each row is, in the one order in which rows are locked; NotFound for a row of another form."""
    found: dict[UUID, Subject] = {}
    for subject in (Assignment, Submission):
        row: Any = columns(subject)
        of_this_form = (row.id.in_(row_ids), row.unit_id == unit_id, row.period_id == period_id)
        for key in work.session.scalars(select(row.id).where(*of_this_form).order_by(row.id)):
            found[key] = subject
    if len(found) < len(set(row_ids)):
        raise NotFound("Có dòng không thuộc phiếu này. Tải lại phiếu rồi gửi lại.")
    return found
