"""The chore that tells a superior of a unit that stays silent: once, some working days after an answer was due."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.database import Database
from app.events import UrgingSteppedUp
from app.models import Account, Membership, Unit, Urging, UrgingRow
from app.models.base import columns
from app.permissions import SYSTEM, Permission
from app.services.urging_draft import DAYS_TO_ANSWER
from app.services.urging_list import UrgedRow, has_lapsed, owes, rows_of_urging
from app.services.working_days import working_days_after
from app.settings import Settings
from app.text import format_date
from app.work import VIETNAM, Work, open_work

urgings, rows, units = columns(Urging), columns(UrgingRow), columns(Unit)
memberships, accounts = columns(Membership), columns(Account)
later = columns(aliased(Urging))
LONGEST_LINE = 12  # reporting lines are short; a ring in the data must not hold the chore up
OFFICE = "Văn phòng"


def step_up_urgings(database: Database, settings: Settings, *, now: Any = None) -> None:
    """Each silent urging in a transaction of its own; cut off anywhere, the next run goes on."""
    with database.read_session() as session:
        work = Work(session, settings, actor=lambda _: SYSTEM, now=now, is_write=False)
        due = list_to_step_up(work)
    for urging_id in due:
        with open_work(database, settings, actor=SYSTEM, now=now) as work:
            step_up(work, urging_id)


def list_to_step_up(work: Work) -> list[UUID]:
    """Urgings past their day, without an answer, with rows still owed, and not stepped up yet."""
    found = work.session.execute(_silent(work.today).order_by(urgings.sent_at, urgings.id))
    return [row.id for row in found if _is_due(row.answer_by, row.step_up_after, work.today)]


def step_up(work: Work, urging_id: UUID) -> Urging | None:
    """Tell the superior; None when the unit answered, reported, or was stepped up meanwhile."""
    urging = work.get(Urging, urging_id)
    work.require(Permission.URGING_WRITE, urging.locality_id)
    if work.session.scalar(_silent(work.today).where(urgings.id == urging_id)) is None:
        return None
    about = work.get(Unit, urging.about_unit_id)
    superior = _superior_of(work, about)
    owed = [row for row in rows_of_urging(work, urging.id) if row.is_owed]

    told = Urging(
        locality_id=urging.locality_id,
        kind="step_up",
        unit_id=superior.id if superior else None,
        about_unit_id=about.id,
        previous_id=urging.id,
        text=_text(urging, about, len(owed)),
        answer_by=working_days_after(work.today, DAYS_TO_ANSWER),
        sent_at=work.now,
    )
    work.add(told)
    work.add(*(_row_of(told, row) for row in owed))
    work.record(
        UrgingSteppedUp(
            locality_id=urging.locality_id,
            subject_id=told.id,
            unit_id=told.unit_id,
            about=about.name,
            to=superior.name if superior else OFFICE,
            rows=len(owed),
        )
    )
    return told


def _row_of(told: Urging, row: UrgedRow) -> UrgingRow:
    return UrgingRow(
        locality_id=told.locality_id,
        urging_id=told.id,
        assignment_id=row.id if row.kind == "assignment" else None,
        submission_id=row.id if row.kind == "submission" else None,
    )


def _silent(today: date) -> Any:
    return select(urgings.id, urgings.answer_by, urgings.step_up_after).where(
        urgings.kind == "urge",
        urgings.answer.is_(None),
        urgings.step_up_after.is_not(None),
        urgings.answer_by < today,
        ~select(later.id).where(later.previous_id == urgings.id).exists(),
        owes(),
        ~has_lapsed(today),
    )


def _is_due(answer_by: date, step_up_after: int, today: date) -> bool:
    return working_days_after(answer_by, step_up_after) <= today


def _superior_of(work: Work, unit: Unit) -> Unit | None:
    """Up the reporting line to the first unit somebody answers for today; None means the office."""
    above = unit.reports_to_id
    for _ in range(LONGEST_LINE):
        if above is None or above == unit.id:
            return None
        superior = work.session.get(Unit, above)
        if superior is None:
            return None
        if _has_officer(work, superior.id):
            return superior
        above = superior.reports_to_id
    return None


def _has_officer(work: Work, unit_id: UUID) -> bool:
    held = (
        select(memberships.id)
        .join(accounts, accounts.id == memberships.account_id)
        .where(memberships.unit_id == unit_id, memberships.valid_from <= work.today)
        .where(memberships.valid_to.is_(None) | (memberships.valid_to >= work.today))
        .where(accounts.state == "active")
        .limit(1)
    )
    return work.session.scalar(held) is not None


def _text(urging: Urging, about: Unit, owed: int) -> str:
    sent_on = format_date(urging.sent_at.astimezone(VIETNAM).date())
    return (
        f"Ngày {sent_on} Văn phòng đã đôn đốc {about.name}, đề nghị trả lời chậm nhất {format_date(urging.answer_by)}. "
        f"Đến nay đơn vị chưa trả lời và còn {owed} nội dung chưa báo cáo. "
        "Đề nghị chỉ đạo đơn vị báo cáo, hoặc cho Văn phòng biết lý do."
    )
