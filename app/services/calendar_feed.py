"""A unit's due dates for calendar programs (RFC 5545): open rows with a date, and periods with something to report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from icalendar import Alarm, Calendar, Event
from sqlalchemy import func, select, union_all

from app.models import Assignment, CalendarLink, EventRow, Period, PeriodException, Submission, Task, Unit
from app.models.base import columns
from app.permissions import Actor, Grant, Role
from app.services._scope import visible
from app.services.calendar_link import find_calendar_link
from app.services.states import MISSING_SUBMISSIONS
from app.work import Work

# 08:00 three days before: an all-day event begins at midnight.
ALARM = timedelta(days=-2, hours=-16)
OPEN = ("assigned", "acknowledged", "in_progress", "returned")

assignments, submissions, tasks = columns(Assignment), columns(Submission), columns(Task)
periods, exceptions, events = columns(Period), columns(PeriodException), columns(EventRow)


@dataclass(frozen=True, slots=True)
class DueDay:
    """One day in the calendar. `version` grows with every change of what it is about, `changed_at` is the last one."""

    uid: str
    title: str
    due_on: date
    address: str
    version: int
    changed_at: datetime


def build_calendar(work: Work, secret: str, site: str) -> bytes:
    """The feed behind a secret; the same bytes as long as nothing changed. LinkGone when the link is not there. `site`:
    where the pages it leads to are, "https://…" without a slash at its end."""
    link = find_calendar_link(work, secret)
    unit = work.session.get(Unit, link.unit_id)
    assert unit is not None
    # What is read from here on is what the unit's officer reads.
    work.act_as(Actor(None, unit.name, (Grant(Role.UNIT, link.locality_id, link.unit_id),)))
    days = [*_rows(work, link), *_periods(work, link)]
    return _draw(unit, sorted(days, key=lambda day: (day.due_on, day.uid)), site)


def _rows(work: Work, link: CalendarLink) -> list[DueDay]:
    statement = (
        visible(
            work, Assignment, assignments.id, assignments.due_on, assignments.version, tasks.code, tasks.title,
            assignments.created_at,
        )
        .join(tasks, tasks.id == assignments.task_id)
        .where(assignments.unit_id == link.unit_id, assignments.period_id.is_(None))
        .where(assignments.state.in_(OPEN), assignments.due_on.is_not(None))
    )  # fmt: skip
    found = work.session.execute(statement).all()
    changed = _last_changes(work, [row.id for row in found])
    return [
        DueDay(
            f"viec-{row.id}",
            f"Hạn: {row.code} {row.title}",
            row.due_on,
            f"/viec/{row.id}",
            row.version,
            changed.get(row.id, row.created_at),
        )
        for row in found
    ]


def _periods(work: Work, link: CalendarLink) -> list[DueDay]:
    """Open periods in which the unit still owes something; its own due date where it has one."""
    owed = union_all(
        select(assignments.period_id).where(assignments.unit_id == link.unit_id, assignments.state.in_(OPEN)),
        select(submissions.period_id).where(
            submissions.unit_id == link.unit_id, submissions.state.in_(MISSING_SUBMISSIONS)
        ),
    )
    found = list(
        work.session.scalars(visible(work, Period).where(periods.id.in_(owed), periods.state == "open"))
    )
    keys = [period.id for period in found]
    own = {
        row.period_id: row
        for row in work.session.scalars(
            visible(work, PeriodException).where(
                exceptions.unit_id == link.unit_id, exceptions.period_id.in_(keys)
            )
        )
    }
    changed = _last_changes(work, keys)
    return [_of_period(link, period, own.get(period.id), changed.get(period.id)) for period in found]


def _of_period(
    link: CalendarLink, period: Period, own: PeriodException | None, changed_at: datetime | None
) -> DueDay:
    moments = [moment for moment in (changed_at, own.decided_at if own else None) if moment]
    return DueDay(
        f"ky-{period.id}-{link.unit_id}",
        f"Hạn báo cáo {period.name}",
        own.due_on if own else period.due_on,
        f"/bao-cao-ky/{link.unit_id}/{period.id}",
        period.version + (own.version if own else 0),
        max(moments, default=period.opened_at),
    )


def _last_changes(work: Work, subject_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When something last happened to each."""
    newest = select(events.subject_id, func.max(events.at).label("changed_at")).where(
        events.subject_id.in_(subject_ids)
    )
    rows = work.session.execute(newest.group_by(events.subject_id))
    return {row.subject_id: row.changed_at for row in rows}


def _draw(unit: Unit, days: Sequence[DueDay], site: str) -> bytes:
    calendar = Calendar()
    for name, value in (
        ("prodid", "-//Tien Do//Lich//VI"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", f"Hạn công việc: {unit.name}"),
        ("x-published-ttl", "PT6H"),
    ):
        calendar.add(name, value)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for day in days:
        calendar.add_component(_event(unit, day, site))
    drawn: bytes = calendar.to_ical()
    return drawn


def _event(unit: Unit, day: DueDay, site: str) -> Event:
    event = Event()
    about: tuple[tuple[str, Any], ...] = (
        ("uid", f"{day.uid}@tiendo"),
        ("dtstamp", day.changed_at),
        ("last-modified", day.changed_at),
        ("sequence", day.version),
        ("summary", day.title),
        ("dtstart", day.due_on),
        ("dtend", day.due_on + timedelta(days=1)),
        (
            "description",
            f"{unit.name}. Mở để xem và báo cáo: {site}{day.address}\nBảng việc: {site}/bang/{unit.id}",
        ),
        ("url", f"{site}{day.address}"),
        ("transp", "TRANSPARENT"),
        ("class", "PRIVATE"),
    )
    for name, value in about:
        event.add(name, value)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Còn 3 ngày. {day.title}")
    alarm.add("trigger", ALARM)
    event.add_component(alarm)
    return event
