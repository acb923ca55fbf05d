"""What the clock does with periods of schemes that issued plans report in (decision 0020): which are to be opened,
reminded of and closed today, and doing each. Plans without a scheme leave all of this to the office.

Every step looks again at the row it is about, locked, so that doing it twice, or after being cut off, changes nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, or_, select

from app.events import PeriodReminded
from app.models import Indicator, Period, PeriodException, PeriodScheme, Plan, Responsibility, Task
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.period import PeriodInput, close_period, open_period
from app.services.period_rules import Span, spans_of_year, working_day
from app.services.period_standing import units_missing
from app.services.plan_reporting import default_cycle
from app.work import VIETNAM, Work

periods, schemes, plans = columns(Period), columns(PeriodScheme), columns(Plan)
tasks, given, indicators = columns(Task), columns(Responsibility), columns(Indicator)
exceptions = columns(PeriodException)

REMIND_DAYS = 3

Which = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Due:
    """A period the clock opens, today or later."""

    locality_id: UUID
    scheme: str
    scheme_name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reminder:
    """`unit_id`: the unit with a due date of its own this is about, else all others."""

    period_id: UUID
    unit_id: UUID | None
    which: Which


# What is due


def list_due_openings(work: Work) -> list[Due]:
    """Periods whose first day has come and which still take reports; none that ended before its plan was issued."""
    return [due for due in _wanted(work, None) if due.span.starts_on <= work.today]


def list_next_openings(work: Work, locality_id: UUID) -> list[Due]:
    """What the clock opens next, one of each cycle of each scheme, the nearest first."""
    nearest: dict[tuple[str, str], Due] = {}
    for due in _wanted(work, locality_id):
        nearest.setdefault((due.scheme, due.span.cycle), due)
    return sorted(nearest.values(), key=lambda due: (due.span.starts_on, due.scheme, due.span.label))


def list_due_reminders(work: Work) -> list[Reminder]:
    running = visible(work, Period).where(periods.state == "open", _is_kept_by_clock())
    near = running.where(periods.locks_on >= work.today).order_by(periods.id)
    found: list[Reminder] = []
    for period in work.session.scalars(near).all():
        dates: list[tuple[UUID | None, date, date | None]] = [(None, period.due_on, period.reminded_on)]
        dates += [(one.unit_id, one.due_on, one.reminded_on) for one in _exceptions_of(work, period)]
        for unit_id, due_on, reminded_on in dates:
            which = reminder_due(due_on, reminded_on, work.today)
            if which is not None:
                found.append(Reminder(period.id, unit_id, which))
    return found


def list_due_locks(work: Work) -> list[UUID]:
    over = visible(work, Period, periods.id).where(
        periods.state == "open", periods.locks_on < work.today, _is_kept_by_clock()
    )
    return list(work.session.scalars(over.order_by(periods.locks_on, periods.id)))


def reminder_due(due_on: date, reminded_on: date | None, today: date) -> Which | None:
    """`before` from three days before the due day, `after` from the first working day after it; each once."""
    if today >= working_day(due_on + timedelta(days=1)):
        return "after" if reminded_on is None or reminded_on <= due_on else None
    first = due_on - timedelta(days=REMIND_DAYS)
    if first <= today <= due_on and (reminded_on is None or reminded_on < first):
        return "before"
    return None


# Doing it


def open_due_period(work: Work, due: Due) -> Period:
    wanted = PeriodInput(scheme=due.scheme, label=due.span.label, locality=due.locality_id)
    return open_period(work, wanted)


def remind_due_period(work: Work, reminder: Reminder) -> int:
    """Record who is reminded; the number of units. Nothing is recorded while nobody misses anything."""
    period = find(work, Period, reminder.period_id)
    work.require(Permission.PERIOD_MANAGE, period.locality_id)
    own_dates = {one.unit_id: one for one in _exceptions_of(work, period)}
    subject = period if reminder.unit_id is None else own_dates.get(reminder.unit_id)
    if subject is None or period.state != "open":
        return 0
    which = reminder_due(subject.due_on, subject.reminded_on, work.today)
    missing = units_missing(work, period.id)
    if reminder.unit_id is None:
        missing = [unit_id for unit_id in missing if unit_id not in own_dates]
    else:
        missing = [unit_id for unit_id in missing if unit_id == reminder.unit_id]
    if which is None or not missing:
        return 0

    subject.reminded_on = work.today
    work.record(
        PeriodReminded(
            locality_id=period.locality_id,
            subject_id=period.id,
            label=period.label,
            which=which,
            due_on=subject.due_on,
            count=len(missing),
            units=tuple(missing),
        )
    )
    return len(missing)


def lock_due_period(work: Work, period_id: UUID) -> bool:
    """Close a period on the day after it locks; False when somebody was faster or gave it more time."""
    period = find(work, Period, period_id)
    if period.state != "open" or period.locks_on >= work.today:
        return False
    close_period(work, period_id)
    return True


def _wanted(work: Work, locality_id: UUID | None) -> list[Due]:
    """Periods not there yet of every scheme and cycle that issued plans report in, by first day."""
    asked = _asked_cycles(work, locality_id)
    if not asked:
        return []
    of_scheme = {
        one.id: one
        for one in work.session.scalars(select(schemes).where(schemes.id.in_([a[0] for a in asked])))
    }
    there = {
        (row.scheme_id, row.label)
        for row in work.session.execute(
            select(periods.scheme_id, periods.label).where(periods.scheme_id.in_(of_scheme))
        )
    }
    found: dict[tuple[UUID, str], Due] = {}
    for scheme_id, cycle, issued_on in asked:
        scheme = of_scheme[scheme_id]
        for year in (work.today.year - 1, work.today.year, work.today.year + 1):
            for span in spans_of_year(scheme.rules, year):
                is_asked = span.cycle == (cycle or default_cycle(scheme)) and span.ends_on >= issued_on
                if is_asked and span.locks_on >= work.today and (scheme_id, span.label) not in there:
                    found[scheme_id, span.label] = Due(scheme.locality_id, scheme.code, scheme.name, span)
    return sorted(found.values(), key=lambda due: (due.span.starts_on, due.span.ends_on, due.span.label))


def _asked_cycles(work: Work, locality_id: UUID | None) -> list[tuple[UUID, str | None, date]]:
    """(scheme, cycle, day the first such plan was issued) of standing work and indicators in force."""
    of_work = (
        visible(work, Plan, plans.scheme_id, func.coalesce(tasks.cycle, plans.cycle), plans.issued_at)
        .join(tasks, tasks.plan_id == plans.id)
        .join(given, given.task_id == tasks.id)
        .where(tasks.kind == "standing", given.ended_on.is_(None))
    )
    of_figures = visible(
        work, Plan, plans.scheme_id, func.coalesce(indicators.cycle, plans.cycle), plans.issued_at
    ).join(indicators, indicators.plan_id == plans.id)
    found: dict[tuple[UUID, str | None], date] = {}
    for statement in (of_work, of_figures):
        statement = statement.where(plans.state == "issued", plans.scheme_id.is_not(None)).distinct()
        if locality_id is not None:
            statement = statement.where(plans.locality_id == locality_id)
        for scheme_id, cycle, issued_at in work.session.execute(statement):
            day = issued_at.astimezone(VIETNAM).date()
            key = (scheme_id, cycle)
            found[key] = min(day, found.get(key, day))
    return [(scheme_id, cycle, day) for (scheme_id, cycle), day in found.items()]


def _exceptions_of(work: Work, period: Period) -> list[PeriodException]:
    statement = select(exceptions).where(exceptions.period_id == period.id)
    return list(work.session.scalars(statement.order_by(exceptions.id)))


def _is_kept_by_clock() -> Any:
    """Periods of a scheme that an issued plan reports in; one about a single plan goes by that plan."""
    about = or_(periods.plan_id.is_(None), periods.plan_id == plans.id)
    keeping = select(plans.id).where(plans.scheme_id == periods.scheme_id, plans.state == "issued", about)
    return keeping.exists()
