"""What hung on a unit that ends passes to who goes on from it, or ends: each thing by itself, each one recorded.

`choices` says where a thing goes by its id: the place of the successor, or None for nobody (unit_change.py).
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select

from app.events import (
    GroupMemberSucceeded,
    IndicatorOwnersSet,
    ReportingLineMoved,
    ResponsibilityEnded,
    ResponsibilityGiven,
    RoleEnded,
    RoleGranted,
    UnitLinksRevoked,
)
from app.models import (
    AccessLink,
    CalendarLink,
    IndicatorOwner,
    Membership,
    Question,
    Responsibility,
    Task,
    Unit,
    UnitGroupMember,
)
from app.models.base import columns
from app.services.access_link import revoke_links_of_unit
from app.services.calendar_link import revoke_calendar_links_of_unit
from app.services.question_closing import mark_withdrawn
from app.services.responsibility import mode_for
from app.services.unit_group import end_memberships, lasts_until
from app.services.unit_holdings import duties_held, groups_held, owned, roles_held, units_below
from app.work import Work

given, members, memberships = columns(Responsibility), columns(UnitGroupMember), columns(Membership)
owners, questions, units = columns(IndicatorOwner), columns(Question), columns(Unit)
access_links, calendar_links = columns(AccessLink), columns(CalendarLink)

Choices = Mapping[UUID, int | None]


def hold(work: Work, ending: Sequence[UUID], going_on: Sequence[UUID]) -> None:
    """Before the ledger: what others change one by one, holding it while they wait for the ledger (decision 0023).
    Units first, with those below and the groups; then what belongs to the units that end."""
    groups = select(members.group_id).where(members.unit_id.in_(ending))
    touched = or_(units.id.in_({*ending, *going_on}), units.reports_to_id.in_(ending), units.id.in_(groups))
    work.session.execute(select(units.id).where(touched).order_by(units.id).with_for_update())
    for row in (memberships, access_links, calendar_links, questions):
        of_them = select(row.id).where(row.unit_id.in_(ending)).order_by(row.id)
        work.session.execute(of_them.with_for_update())


def pass_on(work: Work, unit: Unit, going_on: Sequence[Unit], effective_on: date, choices: Choices) -> None:
    """Of `unit`, whose last day is set. The caller has required the permission."""
    _groups(work, unit, going_on, effective_on, choices)
    _duties(work, unit, going_on, effective_on, choices)
    _indicators(work, unit, going_on, choices)
    _reporting_lines(work, unit, going_on, choices)
    _roles(work, unit, going_on, choices)
    _links(work, unit)
    _questions(work, unit)


def _chosen(key: UUID, going_on: Sequence[Unit], choices: Choices) -> Unit | None:
    place = choices.get(key, 0)
    return going_on[place] if place is not None and going_on else None


def _groups(work: Work, unit: Unit, going_on: Sequence[Unit], effective_on: date, choices: Choices) -> None:
    held = [(row.id, row.group_id) for row, _ in groups_held(work, unit)]
    end_memberships(work, unit, effective_on - timedelta(days=1))
    work.session.flush()
    for key, group_id in held:
        one = _chosen(key, going_on, choices)
        joining = list(going_on) if key not in choices else [one] if one else []
        new = [one for one in joining if not _belongs(work, group_id, one, effective_on)]
        work.add(
            *(
                UnitGroupMember(
                    locality_id=unit.locality_id, group_id=group_id, unit_id=one.id, valid_from=effective_on
                )
                for one in new
            )
        )
        named = ", ".join(one.name for one in joining)
        said = f"{named} là thành viên" if named else "không đơn vị nào vào thay"
        work.record(
            GroupMemberSucceeded(locality_id=unit.locality_id, subject_id=group_id, name=unit.name, said=said)
        )


def _belongs(work: Work, group_id: UUID, unit: Unit, day: date) -> bool:
    statement = select(members.id).where(
        members.group_id == group_id, members.unit_id == unit.id, lasts_until(members, day)
    )
    return work.session.scalars(statement.limit(1)).first() is not None


def _duties(work: Work, unit: Unit, going_on: Sequence[Unit], effective_on: date, choices: Choices) -> None:
    for one, task in duties_held(work, unit):
        one.ended_on, one.version = effective_on, one.version + 1
        work.session.flush()  # one lead only: the old one steps down before the new one is named
        work.record(
            ResponsibilityEnded(
                locality_id=one.locality_id,
                subject_id=task.id,
                unit_id=unit.id,
                unit_name=unit.name,
                role=one.role,
            )
        )
        successor = _chosen(one.id, going_on, choices)
        if successor is not None:
            _give(work, one, task, successor)


def _give(work: Work, before: Responsibility, task: Task, unit: Unit) -> None:
    """Nothing to give where the unit leads the task already, or carries it in the same role."""
    known = list(
        work.session.scalars(select(given).where(given.task_id == task.id, given.unit_id == unit.id))
    )
    if any(one.ended_on is None and one.role in ("lead", before.role) for one in known):
        return
    again = next((one for one in known if one.role == before.role), None)
    if again is not None:
        again.ended_on, again.completion, again.version = None, before.completion, again.version + 1
    else:
        again = Responsibility(
            locality_id=task.locality_id,
            task_id=task.id,
            unit_id=unit.id,
            role=before.role,
            completion=before.completion,
            mode=mode_for(unit),
            previous_id=before.id,
        )
        work.add(again)
    work.record(
        ResponsibilityGiven(
            locality_id=task.locality_id,
            subject_id=task.id,
            unit_id=unit.id,
            unit_name=unit.name,
            role=again.role,
        )
    )


def _indicators(work: Work, unit: Unit, going_on: Sequence[Unit], choices: Choices) -> None:
    for row, indicator in owned(work, unit):
        successor = _chosen(row.id, going_on, choices)
        of_indicator = owners.indicator_id == indicator.id
        others = set(work.session.scalars(select(owners.unit_id).where(of_indicator, owners.id != row.id)))
        if successor is None or successor.id in others:
            work.session.delete(row)
        else:
            row.unit_id = successor.id
        work.session.flush()
        named = select(units.name).join(owners, owners.unit_id == units.id).where(of_indicator)
        names = ", ".join(work.session.scalars(named.order_by(units.name, units.id)))
        work.record(
            IndicatorOwnersSet(
                locality_id=indicator.locality_id,
                subject_id=indicator.id,
                names=names or "chưa có đơn vị nào",
            )
        )


def _reporting_lines(work: Work, unit: Unit, going_on: Sequence[Unit], choices: Choices) -> None:
    """Where nobody takes the place, and where the successor itself is below, they report to the superior."""
    for below in units_below(work, unit):
        superior = _chosen(below.id, going_on, choices)
        if superior is not None and _is_below(work, superior, below):
            superior = None
        below.reports_to_id = superior.id if superior else unit.reports_to_id
        below.version += 1
        through = work.session.get(Unit, below.reports_to_id) if below.reports_to_id else None
        said = f"báo cáo qua {through.name}" if through else "không báo cáo qua đơn vị nào"
        work.record(
            ReportingLineMoved(
                locality_id=below.locality_id, subject_id=below.id, before=unit.name, said=said
            )
        )


def _is_below(work: Work, unit: Unit, superior: Unit) -> bool:
    """Whether `unit` is `superior` or reports to it, however far below."""
    seen: set[UUID] = set()
    at: Unit | None = unit
    while at is not None and at.id not in seen:
        if at.id == superior.id:
            return True
        seen.add(at.id)
        at = work.session.get(Unit, at.reports_to_id) if at.reports_to_id else None
    return False


def _roles(work: Work, unit: Unit, going_on: Sequence[Unit], choices: Choices) -> None:
    """They end today, whatever the day of the change: until now these people did report for the unit."""
    for row, account in roles_held(work, unit):
        key = row.id
        if row.valid_from < work.today:
            row.valid_to = work.today - timedelta(days=1)
        else:
            work.session.delete(row)
        work.session.flush()
        place = unit.locality_id
        work.record(RoleEnded(locality_id=place, subject_id=account.id, unit_id=unit.id, role="unit"))
        successor = _chosen(key, going_on, choices)
        if successor is None or _holds(work, account.id, successor):
            continue
        work.add(
            Membership(
                locality_id=place,
                account_id=account.id,
                unit_id=successor.id,
                role="unit",
                valid_from=work.today,
            )
        )
        work.record(RoleGranted(locality_id=place, subject_id=account.id, unit_id=successor.id, role="unit"))


def _holds(work: Work, account_id: UUID, unit: Unit) -> bool:
    statement = select(memberships.id).where(
        memberships.account_id == account_id,
        memberships.unit_id == unit.id,
        lasts_until(memberships, work.today),
    )
    return work.session.scalars(statement.limit(1)).first() is not None


def _links(work: Work, unit: Unit) -> None:
    """By those who keep them, so that each link's own history says that it was revoked."""
    count = revoke_links_of_unit(work, unit) + revoke_calendar_links_of_unit(work, unit)
    if count:
        work.record(
            UnitLinksRevoked(locality_id=unit.locality_id, subject_id=unit.id, unit_id=unit.id, count=count)
        )


def _questions(work: Work, unit: Unit) -> None:
    """Whether it shall get rows, or keep them, is no question any more; what it asked about a row goes with the row."""
    asked = select(questions).where(
        questions.unit_id == unit.id, questions.state == "open", questions.kind != "waive_request"
    )
    for question in work.session.scalars(asked.order_by(questions.id).with_for_update()):
        mark_withdrawn(work, question, " vì đơn vị đã kết thúc")
