"""Words on a row of work or a figure: by the office, leaders, inspectors and the unit itself. They change nothing.

Units named in one, by "@name" or chosen, are told at once. What a unit says about work it only cooperates in goes to
the unit that leads (decision 0024).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import Field

from app.errors import Invalid
from app.events import AssignmentRemarked, SubmissionRemarked
from app.models import Account, Assignment, Indicator, Period, Remark, RemarkMention, Submission, Task, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.fan_out import members_of
from app.services.states import next_state
from app.services.supporting import leads_of
from app.services.typed import Typed
from app.text import fold
from app.work import Work

remarks, mentions, accounts = columns(Remark), columns(RemarkMention), columns(Account)
assignments, units, tasks = columns(Assignment), columns(Unit), columns(Task)
submissions, indicators, periods = columns(Submission), columns(Indicator), columns(Period)


class RemarkInput(Typed):
    """`mentions`: units to be told, beside those named in the text as “@tên đơn vị”; a group stands for its members."""

    text: str = Field(min_length=1, max_length=2_000)
    mentions: list[UUID] = Field(default_factory=list, max_length=50)


@dataclass(frozen=True, slots=True)
class UnitNamed:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RemarkSeen:
    id: UUID
    text: str
    by: str
    at: datetime
    mentioned: tuple[UnitNamed, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A remark that names a unit the reader acts for or reads. `about`: the task or indicator, and `of` which unit and
    period, all known to the whole commune; the row only where the reader may see it."""

    remark: RemarkSeen
    about: str
    of: str
    assignment_id: UUID | None
    submission_id: UUID | None

    @property
    def href(self) -> str:
        if self.assignment_id:
            return f"/viec/{self.assignment_id}"
        return f"/so-lieu/{self.submission_id}" if self.submission_id else ""


# Reads


def list_mentions(work: Work, *, limit: int = 50) -> list[Mention]:
    """Newest first. Being named opens the remark and nothing else: no row, no report."""
    found = work.session.execute(_naming(work).limit(limit)).all()
    seen = {one.id: one for one in remarks_of(work, remarks.id.in_([row.id for row in found]))}
    rows = set(
        work.session.scalars(
            visible(work, Assignment, assignments.id).where(
                assignments.id.in_([row.assignment_id for row in found if row.assignment_id])
            )
        )
    )
    figures = set(
        work.session.scalars(
            visible(work, Submission, submissions.id).where(
                submissions.id.in_([row.submission_id for row in found if row.submission_id])
            )
        )
    )
    return [
        Mention(
            seen[row.id],
            row.title or row.name or "",
            ", ".join(filter(None, (row.unit_name, row.period_name))),
            row.assignment_id if row.assignment_id in rows else None,
            row.submission_id if row.submission_id in figures else None,
        )
        for row in found
    ]


def _naming(work: Work) -> Any:
    named = visible(work, RemarkMention, mentions.remark_id)
    return (
        select(
            remarks.id,
            remarks.assignment_id,
            remarks.submission_id,
            tasks.title,
            indicators.name,
            units.name.label("unit_name"),
            periods.name.label("period_name"),
        )
        .outerjoin(assignments, assignments.id == remarks.assignment_id)
        .outerjoin(tasks, tasks.id == assignments.task_id)
        .outerjoin(submissions, submissions.id == remarks.submission_id)
        .outerjoin(indicators, indicators.id == submissions.indicator_id)
        .join(units, units.id == func.coalesce(assignments.unit_id, submissions.unit_id))
        .outerjoin(periods, periods.id == func.coalesce(assignments.period_id, submissions.period_id))
        .where(remarks.id.in_(named))
        .order_by(remarks.written_at.desc(), remarks.id.desc())
    )


def mentionable(work: Work, locality_id: UUID) -> list[UnitNamed]:
    """Units and groups of the commune that may be named today, by name."""
    found = work.session.execute(
        visible(work, Unit, units.id, units.name)
        .where(units.locality_id == locality_id)
        .where(or_(units.valid_to.is_(None), units.valid_to >= work.today))
        .order_by(units.name, units.id)
    )
    return [UnitNamed(*row) for row in found]


def list_assignment_remarks(work: Work, assignment_id: UUID) -> list[RemarkSeen]:
    """Of a row the actor may see, oldest first."""
    find(work, Assignment, assignment_id)
    return remarks_of(work, remarks.assignment_id == assignment_id)


def list_submission_remarks(work: Work, submission_id: UUID) -> list[RemarkSeen]:
    """Of a figure the actor may see, oldest first."""
    find(work, Submission, submission_id)
    return remarks_of(work, remarks.submission_id == submission_id)


def remarks_of(work: Work, wanted: Any) -> list[RemarkSeen]:
    """Oldest first. The caller has made sure the actor may read them."""
    rows = work.session.execute(
        select(remarks.id, remarks.text, accounts.name, remarks.written_at)
        .outerjoin(accounts, accounts.id == remarks.written_by_id)
        .where(wanted)
        .order_by(remarks.written_at, remarks.id)
    ).all()
    named = mentioned_in(work, [row.id for row in rows])
    return [RemarkSeen(r.id, r.text, r.name or "Hệ thống", r.written_at, named.get(r.id, ())) for r in rows]


def mentioned_in(work: Work, remark_ids: Sequence[UUID]) -> dict[UUID, tuple[UnitNamed, ...]]:
    """By remark, the units it names, by name."""
    found: dict[UUID, tuple[UnitNamed, ...]] = {}
    if remark_ids:
        rows = work.session.execute(
            select(mentions.remark_id, units.id, units.name)
            .join(units, units.id == mentions.unit_id)
            .where(mentions.remark_id.in_(remark_ids))
            .order_by(units.name, units.id)
        )
        for remark_id, unit_id, name in rows:
            found[remark_id] = (*found.get(remark_id, ()), UnitNamed(unit_id, name))
    return found


# Writes


def remark_on_assignment(work: Work, assignment_id: UUID, said: RemarkInput) -> Remark:
    """A remark never changes the row, nor its version."""
    row = find(work, Assignment, assignment_id)
    work.require(Permission.REMARK_WRITE, row.locality_id, row.unit_id)
    next_state("assignment", row.state, "remark")
    mentioned = _mentioned(work, row.locality_id, said)
    if row.state == "supporting" and (lead := leads_of(work, [row.task_id]).get(row.task_id)):
        mentioned = tuple(dict.fromkeys((*_members(work, [lead.id]), *mentioned)))

    remark = _write(work, row.locality_id, said, mentioned, assignment_id=row.id)
    work.record(
        AssignmentRemarked(
            locality_id=row.locality_id,
            subject_id=row.id,
            unit_id=row.unit_id,
            text=said.text,
            mentioned=mentioned,
        )
    )
    return remark


def remark_on_submission(work: Work, submission_id: UUID, said: RemarkInput) -> Remark:
    """A remark never changes the figure, nor its version."""
    row = find(work, Submission, submission_id)
    work.require(Permission.REMARK_WRITE, row.locality_id, row.unit_id)
    mentioned = _mentioned(work, row.locality_id, said)

    remark = _write(work, row.locality_id, said, mentioned, submission_id=row.id)
    work.record(
        SubmissionRemarked(
            locality_id=row.locality_id,
            subject_id=row.id,
            unit_id=row.unit_id,
            text=said.text,
            mentioned=mentioned,
        )
    )
    return remark


def _write(
    work: Work, locality_id: UUID, said: RemarkInput, mentioned: Iterable[UUID], **about: UUID
) -> Remark:
    remark = Remark(
        locality_id=locality_id,
        text=said.text,
        written_at=work.now,
        written_by_id=work.actor.account_id,
        **about,
    )
    work.add(remark)
    work.add(
        *(
            RemarkMention(locality_id=locality_id, remark_id=remark.id, unit_id=unit_id)
            for unit_id in mentioned
        )
    )
    return remark


def _mentioned(work: Work, locality_id: UUID, said: RemarkInput) -> tuple[UUID, ...]:
    """Units of the same commune that work today: those chosen, then those named in the text; groups as members."""
    if not said.mentions and "@" not in said.text:
        return ()
    known = list(
        work.session.scalars(
            select(units)
            .where(units.locality_id == locality_id)
            .where(or_(units.valid_to.is_(None), units.valid_to >= work.today))
            .order_by(units.id)
        )
    )
    if not {unit.id for unit in known}.issuperset(said.mentions):
        raise Invalid.field(
            "mentions", "Chỉ nhắc đến được đơn vị đang hoạt động của địa phương. Chọn lại đơn vị."
        )
    return _members(work, [*said.mentions, *_named(said.text, known)])


def _named(text: str, known: Sequence[Unit]) -> list[UUID]:
    """Units called by "@": the longest name, or code, that follows it."""
    names = sorted(
        ((fold(name), unit.id) for unit in known for name in (unit.name, unit.code)),
        key=lambda pair: -len(pair[0]),
    )
    calls = [fold(part).lstrip() for part in text.split("@")[1:]]
    found = (next((unit_id for name, unit_id in names if _begins(call, name)), None) for call in calls)
    return [unit_id for unit_id in found if unit_id is not None]


def _begins(call: str, name: str) -> bool:
    rest = call.removeprefix(name)
    return bool(name) and call.startswith(name) and not rest[:1].isalnum()


def _members(work: Work, unit_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Units once each, a group standing for its members of today."""
    of_group = members_of(work, unit_ids, work.today)
    return tuple(dict.fromkeys(one for key in unit_ids for one in of_group.get(key, [key])))
