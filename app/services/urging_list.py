"""Reading urgings: how each stands, its rows, what a unit or a row is urged about."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app.models import Account, Assignment, Indicator, Period, Submission, Task, Unit, Urging, UrgingRow
from app.models.base import columns, table
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.states import MISSING_SUBMISSIONS
from app.work import Work

urgings, rows, units = columns(Urging), columns(UrgingRow), columns(Unit)
assignments, submissions, periods = columns(Assignment), columns(Submission), columns(Period)
tasks, indicators, accounts = columns(Task), columns(Indicator), columns(Account)
told, about, next_ones = columns(aliased(Unit)), columns(aliased(Unit)), columns(aliased(Urging))

# How an urging stands, computed: in words, by a report, still in time, silent past its day, told to the superior,
# of no use any more since the unit it is about ended.
STANDINGS = ("answered", "reported", "waiting", "silent", "stepped_up", "lapsed")


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgingFilter:
    """None means any. `unit`: the one that was told."""

    locality: UUID | None = None
    unit: UUID | None = None
    kind: str | None = None
    standing: str | None = None


class UrgingSeen(NamedTuple):
    """One urging as listed: `unit_name` who was told (None: the office), `about` the unit that owes, `owed` of its
    `rows` that are not reported yet."""

    id: UUID
    locality_id: UUID
    version: int
    kind: str
    channel: str
    unit_id: UUID | None
    unit_name: str | None
    about_unit_id: UUID
    about: str
    previous_id: UUID | None
    text: str
    answer_by: date
    step_up_after: int | None
    sent_at: datetime
    sent_by: str | None
    answer: str | None
    answered_at: datetime | None
    rows: int
    owed: int
    stepped_up_at: datetime | None
    standing: str


class UrgedRow(NamedTuple):
    """A row an urging is about, as it stands now."""

    kind: str
    id: UUID
    unit_id: UUID
    code: str
    title: str
    state: str
    due_on: date | None
    period_name: str | None

    @property
    def href(self) -> str:
        return f"/viec/{self.id}" if self.kind == "assignment" else f"/so-lieu/{self.id}"

    @property
    def is_owed(self) -> bool:
        return self.state in (MISSING_ASSIGNMENTS if self.kind == "assignment" else MISSING_SUBMISSIONS)


class OpenUrging(NamedTuple):
    """What a board, a row or a form says of an urging nobody answered yet; `is_late`: its day is past."""

    id: UUID
    sent_at: datetime
    answer_by: date
    is_late: bool


def list_urgings(
    work: Work, wanted: UrgingFilter, *, after: tuple[datetime, UUID] | None = None, limit: int = 100
) -> list[UrgingSeen]:
    """Newest first; `after` is (sent_at, id) of the last one seen."""
    statement = _seen(work).order_by(urgings.sent_at.desc(), urgings.id).limit(limit)
    statement = _narrowed(statement, wanted, work.today)
    if after is not None:
        same = and_(urgings.sent_at == after[0], urgings.id > after[1])
        statement = statement.where(or_(urgings.sent_at < after[0], same))
    return [UrgingSeen._make(row) for row in work.session.execute(statement)]


def count_standings(work: Work, locality_id: UUID | None) -> dict[str, int]:
    """How many urgings of units stand how, of a locality or of all the actor sees; every standing is named."""
    standing = standing_of(work.today)
    statement = (
        visible(work, Urging, standing.label("standing"), func.count().label("n"))
        .where(urgings.kind == "urge")
        .group_by(standing)
    )
    if locality_id is not None:
        statement = statement.where(urgings.locality_id == locality_id)
    return dict.fromkeys(STANDINGS, 0) | {row.standing: row.n for row in work.session.execute(statement)}


def get_urging(work: Work, urging_id: UUID) -> UrgingSeen:
    find(work, Urging, urging_id)
    return UrgingSeen._make(work.session.execute(_seen(work).where(urgings.id == urging_id)).one())


def rows_of_urging(work: Work, urging_id: UUID) -> list[UrgedRow]:
    """Of an urging the actor may see, also where the rows themselves are another unit's."""
    of_work = (
        select(
            literal("assignment").label("kind"),
            assignments.id,
            assignments.unit_id,
            tasks.code.label("code"),
            tasks.title.label("title"),
            assignments.state,
            assignments.due_on,
            periods.name.label("period_name"),
        )
        .join(rows, rows.assignment_id == assignments.id)
        .join(tasks, tasks.id == assignments.task_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(rows.urging_id == urging_id)
    )
    of_figures = (
        select(
            literal("submission").label("kind"),
            submissions.id,
            submissions.unit_id,
            indicators.code.label("code"),
            indicators.name.label("title"),
            submissions.state,
            submissions.due_on,
            periods.name.label("period_name"),
        )
        .join(rows, rows.submission_id == submissions.id)
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(periods, periods.id == submissions.period_id)
        .where(rows.urging_id == urging_id)
    )
    both = union_all(of_work, of_figures).subquery()
    found = work.session.execute(select(both).order_by(both.c.kind, both.c.code, both.c.id))
    return [UrgedRow._make(row) for row in found]


def open_urgings_of_unit(
    work: Work, unit_id: UUID, *, period_id: UUID | None = None
) -> tuple[OpenUrging, ...]:
    """Those told to a unit that are neither answered nor reported, of a period when one is given; the newest
    first. The caller has made sure that the actor may see the unit's rows."""
    statement = _open(work.today).where(urgings.unit_id == unit_id)
    if period_id is not None:
        of_period = (
            select(rows.urging_id)
            .outerjoin(assignments, assignments.id == rows.assignment_id)
            .outerjoin(submissions, submissions.id == rows.submission_id)
            .where(or_(assignments.period_id == period_id, submissions.period_id == period_id))
        )
        statement = statement.where(urgings.id.in_(of_period))
    return _opened(work, statement)


def open_urgings_of_row(work: Work, row_id: UUID) -> tuple[OpenUrging, ...]:
    """The same of one assignment or submission."""
    of_row = select(rows.urging_id).where(or_(rows.assignment_id == row_id, rows.submission_id == row_id))
    return _opened(work, _open(work.today).where(urgings.id.in_(of_row)))


def urging_actions(work: Work, urging: UrgingSeen) -> list[str]:
    is_theirs = urging.unit_id is not None and work.actor.may(
        Permission.URGING_ANSWER, urging.locality_id, urging.unit_id
    )
    return ["answer"] if urging.answer is None and is_theirs else []


def owes() -> Any:
    """The condition under which some row of an urging is still without a report."""
    unreported = select(assignments.id).where(
        assignments.id == rows.assignment_id, assignments.state.in_(MISSING_ASSIGNMENTS)
    )
    unsent = select(submissions.id).where(
        submissions.id == rows.submission_id, submissions.state.in_(MISSING_SUBMISSIONS)
    )
    return (
        exists()
        .select_from(rows)
        .where(rows.urging_id == urgings.id, or_(unreported.exists(), unsent.exists()))
        .correlate(urgings)
    )


def has_lapsed(today: date) -> Any:
    """The condition under which the unit an urging is about has ended: nobody is left to answer, and who takes its rows
    over was not urged."""
    return exists().select_from(about).where(about.id == urgings.about_unit_id, about.valid_to < today)


def awaits_answer(unit: Any) -> Any:
    """The condition, over tables (docs/decisions/0015), under which a unit was urged and has not answered in words."""
    sent = table(Urging)
    return exists().where(
        sent.c.locality_id == unit.c.locality_id,
        sent.c.unit_id == unit.c.id,
        sent.c.kind == "urge",
        sent.c.answer.is_(None),
    )


def standing_of(today: date) -> Any:
    """The standing as SQL: a word answers, then a report; then what the clock says."""
    return case(
        (urgings.answer.is_not(None), "answered"),
        (~owes(), "reported"),
        (has_lapsed(today), "lapsed"),
        (exists().where(next_ones.previous_id == urgings.id), "stepped_up"),
        (urgings.answer_by < today, "silent"),
        else_="waiting",
    )


def _open(today: date) -> Select[Any]:
    return (
        select(urgings.id, urgings.sent_at, urgings.answer_by)
        .where(urgings.kind == "urge", urgings.answer.is_(None), owes(), ~has_lapsed(today))
        .order_by(urgings.sent_at.desc(), urgings.id.desc())
    )


def _opened(work: Work, statement: Select[Any]) -> tuple[OpenUrging, ...]:
    found = work.session.execute(statement)
    return tuple(
        OpenUrging(row.id, row.sent_at, row.answer_by, is_late=row.answer_by < work.today) for row in found
    )


def _seen(work: Work) -> Select[Any]:
    """`UrgingSeen` of what the actor may see, in the order of its fields."""
    of_it = rows.urging_id == urgings.id
    all_rows = select(func.count()).select_from(rows).where(of_it).correlate(urgings).scalar_subquery()
    owed = (
        select(func.count())
        .select_from(rows)
        .outerjoin(assignments, assignments.id == rows.assignment_id)
        .outerjoin(submissions, submissions.id == rows.submission_id)
        .where(of_it)
        .where(
            or_(
                assignments.state.in_(MISSING_ASSIGNMENTS),
                submissions.state.in_(MISSING_SUBMISSIONS),
            )
        )
        .correlate(urgings)
        .scalar_subquery()
    )
    stepped_up = select(next_ones.sent_at).where(next_ones.previous_id == urgings.id).scalar_subquery()
    computed: dict[str, Any] = {
        "unit_name": told.name,
        "about": units.name,
        "sent_by": accounts.name,
        "rows": all_rows,
        "owed": owed,
        "stepped_up_at": stepped_up,
        "standing": standing_of(work.today),
    }
    shown = [
        computed[name].label(name) if name in computed else getattr(urgings, name)
        for name in UrgingSeen._fields
    ]
    return (
        visible(work, Urging, *shown)
        .outerjoin(told, told.id == urgings.unit_id)
        .join(units, units.id == urgings.about_unit_id)
        .outerjoin(accounts, accounts.id == urgings.sent_by_id)
    )


def _narrowed(statement: Select[Any], wanted: UrgingFilter, today: date) -> Select[Any]:
    if wanted.locality is not None:
        statement = statement.where(urgings.locality_id == wanted.locality)
    if wanted.unit is not None:
        statement = statement.where(urgings.unit_id == wanted.unit)
    if wanted.kind is not None:
        statement = statement.where(urgings.kind == wanted.kind)
    if wanted.standing is not None:
        statement = statement.where(standing_of(today) == wanted.standing)
    return statement
