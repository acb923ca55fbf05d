"""Who joined or left a group while its work runs: the office is asked, no row appears or vanishes by itself."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from app.events import QuestionRaised
from app.models import Question, Unit, UnitGroupMember
from app.models.base import columns
from app.permissions import Permission
from app.services.fan_out import members_of
from app.services.group_work import HeldRow, LackedRow, list_held, list_lacked
from app.services.question_closing import mark_withdrawn
from app.work import VIETNAM, Work

members, questions, units = columns(UnitGroupMember), columns(Question), columns(Unit)

# A machine that was off for longer finds the change at the next look of the office at the group.
LOOK_BACK_DAYS = 14

Kind = Literal["late_joiner", "ended_member"]


@dataclass(frozen=True, slots=True)
class MemberChange:
    group_id: UUID
    unit_id: UUID
    kind: Kind


def ask_about_members(work: Work, group: Unit, before: set[UUID], after: set[UUID]) -> None:
    """After the members of today changed from `before` to `after`. The caller has required the permission."""
    for unit_id in sorted(after - before):
        withdraw_question(work, group, unit_id, "ended_member")
        ask_about_joiner(work, group, unit_id)
    for unit_id in sorted(before - after):
        withdraw_question(work, group, unit_id, "late_joiner")
        ask_about_leaver(work, group, unit_id)


def ask_about_successors(
    work: Work, before: Unit, group_ids: Collection[UUID], after: Collection[UUID]
) -> None:
    """`before` was split: who takes its open rows over is chosen row by row (handing_over.py); who of `after`, in the
    groups it was in, is to have rows of its own is asked here. The groups are held, the permission was required."""
    for group_id in sorted(group_ids):
        group = work.session.get_one(Unit, group_id)
        members_now = members_of(work, [group_id], work.today).get(group_id, [])
        for unit_id in sorted(set(after).intersection(members_now)):
            ask_about_joiner(
                work,
                group,
                unit_id,
                f"khi “{before.name}” chia tách. Việc còn mở của đơn vị cũ được chuyển ở trang thay đổi tổ chức",
            )


def ask_about_joiner(
    work: Work, group: Unit, unit_id: UUID, how: str = "sau khi việc đã được giao"
) -> Question | None:
    """None where the member lacks nothing, or is asked about already."""
    lacked = list_lacked(work, group.id, unit_id)
    if not lacked or _open_question(work, group, unit_id, "late_joiner") is not None:
        return None
    unit = work.session.get_one(Unit, unit_id)
    text = (
        f"“{unit.name}” vào nhóm “{group.name}” {how}. "
        f"Đơn vị chưa có {_counted(lacked)} như các thành viên khác. Giao thêm cho đơn vị này không?"
    )
    return _ask(work, group, unit_id, "late_joiner", text)


def ask_about_leaver(work: Work, group: Unit, unit_id: UUID) -> Question | None:
    """None where the unit holds no open row through the group, is asked about already, or has ended: what becomes of
    its rows is decided with its successors (decision 0028)."""
    unit = work.session.get_one(Unit, unit_id)
    if unit.has_ended(work.today):
        return None
    held = list_held(work, group.id, unit_id)
    if not held or _open_question(work, group, unit_id, "ended_member") is not None:
        return None
    text = (
        f"“{unit.name}” không còn trong nhóm “{group.name}” nhưng còn {len(held)} mục chưa xong được giao "
        "qua nhóm. Đơn vị làm tiếp, hay hủy các mục đó?"
    )
    return _ask(work, group, unit_id, "ended_member", text)


def withdraw_question(work: Work, group: Unit, unit_id: UUID, kind: Kind) -> None:
    """What was asked has lost its ground: the unit came back, or left again."""
    question = _open_question(work, group, unit_id, kind)
    if question is not None:
        mark_withdrawn(work, question)


def withdraw_groundless(work: Work, locality_id: UUID, why: str) -> None:
    """After a period or a plan was closed: questions about members that no row stands behind any more. Before the
    caller's own event, as the groups and then the questions are locked. `why` goes on from "Rút câu hỏi …"."""
    work.session.flush()
    for question in hold_open_questions(work, locality_id):
        if not list_behind(work, question):
            mark_withdrawn(work, question, why)


def hold_open_questions(work: Work, locality_id: UUID) -> Sequence[Question]:
    """About members of groups: the groups first, then the questions, as everybody locks them."""
    about = select(questions).where(questions.locality_id == locality_id, questions.state == "open")
    about = about.where(questions.group_id.is_not(None)).order_by(questions.id)
    _lock_groups(work, {one.group_id for one in work.session.scalars(about)})
    locked = about.with_for_update().execution_options(populate_existing=True)
    return work.session.scalars(locked).all()


def ask_again(work: Work, locality_id: UUID) -> None:
    """After a period was opened again: what was asked last about a member and lost its ground may have it back. Before
    the caller's own event, as the groups are locked."""
    work.session.flush()
    asked = select(questions).where(questions.locality_id == locality_id, questions.group_id.is_not(None))
    last = {(one.group_id, one.unit_id): one for one in work.session.scalars(asked.order_by(questions.id))}
    lost = [one for one in last.values() if one.state == "withdrawn"]
    _lock_groups(work, {one.group_id for one in lost})
    for one in lost:
        kind: Kind = "late_joiner" if one.kind == "late_joiner" else "ended_member"
        if one.group_id is not None:
            ask_due_change(work, MemberChange(one.group_id, one.unit_id, kind))


def list_behind(work: Work, question: Question) -> Sequence[LackedRow | HeldRow]:
    """The rows a question about a member is about, as it stands now; of other questions none."""
    if question.group_id is None:
        return ()
    of_kind = list_lacked if question.kind == "late_joiner" else list_held
    return of_kind(work, question.group_id, question.unit_id)


def list_due_changes(work: Work) -> list[MemberChange]:
    """Memberships that began or ended lately and were not asked about: set beforehand, or while a machine was off."""
    work.require_known(Permission.UNIT_MANAGE)
    first = work.today - timedelta(days=LOOK_BACK_DAYS)
    began = select(members.group_id, members.unit_id, members.valid_from).where(
        members.valid_from > first, members.valid_from <= work.today
    )
    ended = select(members.group_id, members.unit_id, members.valid_to).where(
        members.valid_to >= first, members.valid_to < work.today
    )
    kinds: tuple[tuple[Kind, object], ...] = (("late_joiner", began), ("ended_member", ended))
    return [
        MemberChange(group_id, unit_id, kind)
        for kind, statement in kinds
        for group_id, unit_id, day in work.session.execute(statement.order_by(members.id)).all()  # type: ignore[attr-defined]
        if not _was_asked(work, group_id, unit_id, kind, datetime.combine(day, time(), VIETNAM))
    ]


def ask_due_change(work: Work, change: MemberChange) -> Question | None:
    """The group is locked, so that two at once ask once."""
    group = work.get(Unit, change.group_id)
    work.require(Permission.UNIT_MANAGE, group.locality_id)
    is_member = change.unit_id in members_of(work, [group.id], work.today).get(group.id, [])
    if change.kind == "late_joiner":
        return ask_about_joiner(work, group, change.unit_id) if is_member else None
    return None if is_member else ask_about_leaver(work, group, change.unit_id)


def _ask(work: Work, group: Unit, unit_id: UUID, kind: Kind, text: str) -> Question:
    question = Question(
        locality_id=group.locality_id,
        kind=kind,
        unit_id=unit_id,
        group_id=group.id,
        text=text,
        asked_at=work.now,
        asked_by_id=work.actor.account_id,
    )
    work.add(question)
    work.record(
        QuestionRaised(
            locality_id=group.locality_id, subject_id=question.id, unit_id=unit_id, kind=kind, text=text
        )
    )
    return question


def _open_question(work: Work, group: Unit, unit_id: UUID, kind: Kind) -> Question | None:
    found: Question | None = work.session.scalars(
        select(questions)
        .where(questions.group_id == group.id, questions.unit_id == unit_id)
        .where(questions.kind == kind, questions.state == "open")
        .with_for_update()
    ).first()
    return found


def _lock_groups(work: Work, keys: Collection[UUID | None]) -> None:
    held = select(units.id).where(units.id.in_(keys)).order_by(units.id)
    work.session.execute(held.with_for_update())


def _was_asked(work: Work, group_id: UUID, unit_id: UUID, kind: Kind, since: datetime) -> bool:
    asked = select(questions.id).where(
        questions.group_id == group_id,
        questions.unit_id == unit_id,
        questions.kind == kind,
        questions.asked_at >= since,
    )
    return work.session.scalars(asked.limit(1)).first() is not None


def _counted(lacked: list[LackedRow]) -> str:
    """Like “2 việc có thời hạn, 5 mục của Quý IV/2026”."""
    by_period = Counter(row.period.name if row.period else "" for row in lacked)
    return ", ".join(
        f"{count} mục của {name}" if name else f"{count} việc có thời hạn"
        for name, count in by_period.items()
    )
