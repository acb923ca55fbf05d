"""The home page: what each of a person's roles has to do or to know today."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select

from app.models import (
    Account,
    Assignment,
    Indicator,
    Membership,
    Period,
    Plan,
    Submission,
    Task,
    Unit,
)
from app.models.base import columns
from app.permissions import Permission, Role
from app.services._scope import visible
from app.services.deadlines import is_due_soon, is_overdue
from app.services.figure_sending import ASKED_AGAIN
from app.services.lanes import is_current
from app.services.lateness import LateRow, count_bands, list_late
from app.services.office_queue import Queue, QueueItem, build_queues
from app.services.period_dates import due_day
from app.services.period_standing import MISSING_ASSIGNMENTS, Share, shares_of
from app.services.plan_lines import CommuneLine, PlanLine, list_commune_lines, list_plan_lines
from app.services.states import LEFT_OUT, MISSING_SUBMISSIONS, sent_back
from app.services.urging_list import count_standings
from app.work import Work

assignments, submissions, tasks = columns(Assignment), columns(Submission), columns(Task)
indicators, units, periods = columns(Indicator), columns(Unit), columns(Period)
accounts, memberships, plans = columns(Account), columns(Membership), columns(Plan)

EXCEPTIONS = 8


@dataclass(frozen=True, slots=True)
class PeriodToReport:
    """A unit's open period: `share.reported` of `share.expected` done."""

    id: UUID
    name: str
    due_on: date
    late: int
    share: Share


@dataclass(frozen=True, slots=True)
class UnitHome:
    """What one unit has to report: its open periods, what came back, what is late, dated work that is near, the days
    of what comes `later`."""

    unit_id: UUID
    name: str
    periods: tuple[PeriodToReport, ...]
    returned: tuple[QueueItem, ...]
    reopened: tuple[QueueItem, ...]
    overdue: tuple[QueueItem, ...]
    soon: tuple[QueueItem, ...]
    later: tuple[date | None, ...]
    waiting: int

    @property
    def is_done(self) -> bool:
        return not (
            self.returned or self.reopened or self.overdue or any(p.share.missing for p in self.periods)
        )


@dataclass(frozen=True, slots=True)
class OpenPeriod:
    id: UUID
    name: str
    due_on: date
    late: int
    share: Share


@dataclass(frozen=True, slots=True)
class PlaceHome:
    """What those who read a whole locality see: plans, open periods, what is overdue, how urgings stand."""

    locality_id: UUID
    plans: tuple[PlanLine, ...]
    periods: tuple[OpenPeriod, ...]
    late: tuple[LateRow, ...]
    bands: dict[str, int]
    urged: dict[str, int]


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an administrator looks after; the last four say what is not set up yet."""

    people: int
    units: int
    has_office: bool
    has_plan: bool
    has_period: bool
    units_without_officer: int


@dataclass(frozen=True, slots=True)
class Home:
    """Parts a person's roles do not have are None or empty."""

    queues: tuple[Queue, ...]
    units: tuple[UnitHome, ...]
    place: PlaceHome | None
    communes: tuple[CommuneLine, ...]
    set_up: SetUp | None


def build_home(work: Work, *, whole: str = "") -> Home:
    """`whole`: the key of the office's queue to show in full."""
    roles = {grant.role: grant.locality_id for grant in reversed(work.actor.grants)}
    own = {grant.unit_id for grant in work.actor.grants if grant.unit_id is not None}
    groups = {group for grant in work.actor.grants for group in grant.groups}
    here = next((roles[r] for r in (Role.OFFICE, Role.LEADER, Role.INSPECTOR) if r in roles), None)
    work.require_known(Permission.LOCALITY_READ)
    return Home(
        queues=build_queues(work, roles[Role.OFFICE], whole=whole) if Role.OFFICE in roles else (),
        units=tuple(_unit_homes(work, own, groups)) if own else (),
        place=_place(work, here) if here else None,
        communes=list_commune_lines(work, roles[Role.PROVINCE]) if Role.PROVINCE in roles else (),
        set_up=_set_up(work, roles[Role.ADMIN]) if Role.ADMIN in roles else None,
    )


def _place(work: Work, locality_id: UUID) -> PlaceHome:
    running = list(
        work.session.scalars(
            visible(work, Period)
            .where(periods.locality_id == locality_id, periods.state == "open")
            .order_by(periods.due_on, periods.id)
        )
    )
    shares = shares_of(work, [period.id for period in running])
    return PlaceHome(
        locality_id=locality_id,
        plans=list_plan_lines(work, locality_id),
        periods=tuple(
            OpenPeriod(p.id, p.name, p.due_on, (work.today - p.due_on).days, shares[p.id]) for p in running
        ),
        late=list_late(work, assignments.locality_id == locality_id, is_current(None), limit=EXCEPTIONS),
        bands=count_bands(work, assignments.locality_id == locality_id, is_current(None)),
        urged=count_standings(work, locality_id),
    )


def _unit_homes(work: Work, own: set[UUID], groups: set[UUID]) -> list[UnitHome]:
    """Three queries for all of a person's units, and for the joint work of their groups where there is some."""
    unit_ids = own | groups
    named = select(units.id, units.name).where(units.id.in_(unit_ids)).order_by(units.name, units.id)
    work_rows, figures = defaultdict(list), defaultdict(list)
    for row in work.session.execute(_current_work(work, unit_ids)):
        work_rows[row.unit_id].append(row)
    for row in work.session.execute(_current_figures(work, unit_ids)):
        figures[row.unit_id].append(row)
    return [
        _unit_home(work, one, work_rows[one.id], figures[one.id])
        for one in work.session.execute(named).all()
        if one.id in own or work_rows[one.id] or figures[one.id]
    ]


def _unit_home(work: Work, unit: Any, rows: list[Any], figures: list[Any]) -> UnitHome:
    late = [r for r in rows if r.state != "reported" and _is_late(r, work.today)]
    both = [*((r, "/viec/") for r in rows), *((r, "/so-lieu/") for r in figures)]
    back = [(r, at, sent_back(r.state, r.state_reason)) for r, at in both]
    return UnitHome(
        unit_id=unit.id,
        name=unit.name,
        periods=tuple(_periods(work.today, rows, figures)),
        returned=tuple(_item(r, at, work.today, r.state_reason) for r, at, how in back if how == "returned"),
        reopened=tuple(_item(r, at, work.today, r.state_reason) for r, at, how in back if how == "reopened"),
        overdue=tuple(_item(r, "/viec/", work.today) for r in late if not sent_back(r.state, r.state_reason)),
        soon=tuple(
            _item(r, "/viec/", work.today)
            for r in rows
            if r.period_id is None and is_due_soon(r.state, r.due_on, work.today)
        ),
        later=tuple(r.due_on for r in rows if _comes_later(r, work.today)),
        waiting=sum(r.state in ("reported", "sent") for r, _ in both),
    )


def _comes_later(row: Any, today: date) -> bool:
    """Dated or undated work to do that nothing above speaks of."""
    is_told = row.period_id is not None or is_due_soon(row.state, row.due_on, today) or _is_late(row, today)
    return not is_told and row.state in ("assigned", "acknowledged", "in_progress")


def _is_late(row: Any, today: date) -> bool:
    return is_overdue(row.state, row.due_on, row.reported_on, today)


def _item(row: Any, at: str, today: date, note: str | None = None) -> QueueItem:
    late = (today - row.due_on).days if row.due_on else None
    return QueueItem(f"{at}{row.id}", row.title, note or row.period_name or "", row.due_on, late)


def _periods(today: date, rows: list[Any], figures: list[Any]) -> list[PeriodToReport]:
    """Open periods with rows of the unit, the one due first first."""
    missing = {*MISSING_ASSIGNMENTS, *MISSING_SUBMISSIONS}
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in (*rows, *figures):
        if row.period_state == "open":
            found[row.period_id].append(row)
    seen = [
        PeriodToReport(
            key,
            same[0].period_name,
            same[0].period_due,
            (today - same[0].period_due).days,
            Share(sum(r.state not in missing for r in same), len(same)),
        )
        for key, same in found.items()
    ]
    return sorted(seen, key=lambda p: (p.due_on, p.id))


def _current_work(work: Work, unit_ids: set[UUID]) -> Any:
    """What was returned or opened again with a reason is to be done, whatever became of its period."""
    return (
        visible(
            work,
            Assignment,
            assignments.id,
            assignments.unit_id,
            assignments.period_id,
            tasks.title,
            assignments.state,
            assignments.state_reason,
            assignments.due_on,
            assignments.reported_on,
            periods.name.label("period_name"),
            periods.state.label("period_state"),
            due_day(assignments.unit_id).label("period_due"),
        )
        .join(tasks, tasks.id == assignments.task_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.unit_id.in_(unit_ids), assignments.state.not_in(LEFT_OUT))
        .where(or_(is_current(None), assignments.state_reason.is_not(None)))
        .order_by(assignments.due_on, tasks.ordinal, assignments.id)
    )


def _current_figures(work: Work, unit_ids: set[UUID]) -> Any:
    return (
        visible(
            work,
            Submission,
            submissions.id,
            submissions.unit_id,
            submissions.period_id,
            indicators.name.label("title"),
            submissions.state,
            submissions.state_reason,
            submissions.due_on,
            periods.name.label("period_name"),
            periods.state.label("period_state"),
            due_day(submissions.unit_id).label("period_due"),
        )
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(periods, periods.id == submissions.period_id)
        .where(submissions.unit_id.in_(unit_ids), submissions.state.not_in(LEFT_OUT))
        .where(or_(periods.state == "open", submissions.state.in_(ASKED_AGAIN)))
        .order_by(submissions.due_on, indicators.ordinal, submissions.id)
    )


def _set_up(work: Work, locality_id: UUID) -> SetUp:
    work.require(Permission.PERSON_READ, locality_id)
    live = memberships.valid_to.is_(None) | (memberships.valid_to >= work.today)
    held = exists().where(memberships.unit_id == units.id, live)
    office = (memberships.locality_id == locality_id, memberships.role == "office", live)
    working = (units.locality_id == locality_id, units.kind != "group", units.valid_to.is_(None))
    counted: list[Any] = [
        select(func.count())
        .where(accounts.locality_id == locality_id, accounts.state == "active")
        .scalar_subquery(),
        select(func.count()).where(*working).scalar_subquery(),
        exists().where(*office),
        exists().where(plans.locality_id == locality_id, plans.state == "issued"),
        exists().where(periods.locality_id == locality_id, periods.state == "open"),
        select(func.count()).where(*working, ~held).scalar_subquery(),
    ]
    people, of_units, has_office, has_plan, has_period, unheld = work.session.execute(select(*counted)).one()
    return SetUp(people, of_units, bool(has_office), bool(has_plan), bool(has_period), unheld)
