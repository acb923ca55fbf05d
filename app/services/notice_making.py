"""Notices out of the history: who is told of an event, and in which words (decision 0026).

`make_notices` goes on from the locality's cursor; notices and cursor are one transaction, so being cut off loses and
doubles nothing. Nobody is told of what they did themselves, nor who has no role in force today.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.models import EventRow, Ledger, Notice, NoticeCursor
from app.models.base import columns
from app.services.notice_subjects import People, Subjects, people_of, waiting_for_office
from app.work import Work

events, ledgers, cursors = columns(EventRow), columns(Ledger), columns(NoticeCursor)
notices = columns(Notice)

EVENTS_AT_A_TIME = 200
MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class Telling:
    """What is said to the people of a unit, or to the office (`unit_id` None). `gathered`: takes the place of what the
    same person has not read yet about the same page."""

    kind: str
    unit_id: UUID | None
    text: str
    href: str
    at_once: bool = False
    about_unit_id: UUID | None = None
    gathered: bool = False


def list_untold(work: Work) -> list[UUID]:
    """Localities whose history has gone on since people were told."""
    told = func.coalesce(cursors.number, 0)
    statement = select(ledgers.locality_id).outerjoin(cursors, cursors.locality_id == ledgers.locality_id)
    return list(work.session.scalars(statement.where(ledgers.number > told).order_by(ledgers.locality_id)))


def make_notices(work: Work, locality_id: UUID) -> int:
    """Tell people of the next events of a locality; how many events were looked at."""
    cursor = work.session.get(NoticeCursor, locality_id, with_for_update=True)
    if cursor is None:
        cursor = NoticeCursor(locality_id=locality_id, number=0)
        work.add(cursor)
    statement = select(events).where(events.locality_id == locality_id, events.number > cursor.number)
    found = list(work.session.scalars(statement.order_by(events.number).limit(EVENTS_AT_A_TIME)))
    told = [event for event in found if event.kind in _TELLINGS]
    if told:
        people = people_of(work, locality_id)
        subjects = Subjects(work, told)
        for event in told:
            _tell(work, people, event, _TELLINGS[event.kind](event, subjects))
    if found:
        cursor.number = found[-1].number
    return len(found)


def _tell(work: Work, people: People, event: EventRow, tellings: Iterable[Telling]) -> None:
    """Whoever is reached in two ways is told once; of two units with a page each, of both."""
    done: set[tuple[UUID, str, str]] = set()
    for telling in tellings:
        for unit_id in people.units_behind(telling.unit_id):
            href = telling.href.replace("{unit}", str(unit_id))
            for account_id in people.told(unit_id):
                key = (account_id, telling.kind, href if "{unit}" in telling.href else telling.text)
                if account_id != event.account_id and key not in done:
                    done.add(key)
                    _tell_one(work, account_id, event, telling, href)


def _tell_one(work: Work, account_id: UUID, event: EventRow, telling: Telling, href: str) -> None:
    about = telling.about_unit_id or telling.unit_id
    text = telling.text if len(telling.text) <= MAX_TEXT else telling.text[: MAX_TEXT - 1] + "…"
    if telling.gathered:
        unread = select(notices).where(
            notices.account_id == account_id,
            notices.kind == telling.kind,
            notices.href == href,
            notices.read_at.is_(None),
        )
        before = work.session.scalars(unread.order_by(notices.id)).first()
        if before is not None:
            before.text, before.at, before.event_number, before.mail_id = text, event.at, event.number, None
            work.session.flush()
            return
    work.add(
        Notice(
            locality_id=event.locality_id,
            account_id=account_id,
            kind=telling.kind,
            at_once=telling.at_once,
            text=text,
            href=href,
            unit_id=about,
            event_number=event.number,
            at=event.at,
        )
    )


# What each kind of event says


def _plan_issued(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    title = subjects.name_of(event)
    for unit_id, rows in subjects.rows_of_plan(event.subject_id):
        yield Telling("assigned", unit_id, f"Kế hoạch mới: {title}. Đơn vị có {rows} việc.", "/bang/{unit}")


def _period_opened(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    name, href = subjects.name_of(event), _form(event.subject_id)
    for unit_id, rows in subjects.rows_of_period(event.subject_id):
        yield Telling("assigned", unit_id, f"Mở kỳ báo cáo {name}. Đơn vị có {rows} nội dung báo cáo.", href)


def _period_reminded(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    name, due_on = subjects.name_of(event), _day(event.data.get("due_on"))
    is_late = event.data.get("which") == "after"
    text = (
        f"Đã quá hạn báo cáo {name} (hạn {due_on}), đơn vị còn nội dung chưa báo cáo."
        if is_late
        else f"Sắp đến hạn báo cáo {name} (hạn {due_on}), đơn vị còn nội dung chưa báo cáo."
    )
    for unit_id in _units(event, "units"):
        yield Telling("overdue" if is_late else "due_soon", unit_id, text, _form(event.subject_id))


def _sent(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    row = subjects.row_of(event)
    if row is None:
        return
    waiting = waiting_for_office(subjects.work, row)
    if waiting == 0:
        return  # the office was faster
    href = f"/bao-cao-ky/{row.unit_id}/{row.period_id}" if row.period_id else f"/bang/{row.unit_id}"
    when = f" của kỳ {row.period_name}" if row.period_name else ""
    text = f"{row.unit_name}: {waiting} nội dung{when} chờ Văn phòng xem."
    yield Telling("reported", None, text, href, about_unit_id=row.unit_id, gathered=True)


def _returned(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    text = f"Văn phòng trả lại {subjects.name_of(event)}: {event.data.get('reason', '')}"
    yield Telling("returned", event.unit_id, text, subjects.page_of(event), at_once=True)


def _reopened(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    """To the unit it is what a return is: something that was sent is asked for again."""
    text = f"Văn phòng mở lại {subjects.name_of(event)}: {event.data.get('reason', '')}"
    yield Telling("returned", event.unit_id, text, subjects.page_of(event), at_once=True)


def _blocked(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    who, what = subjects.unit_name(event.unit_id), subjects.name_of(event)
    text = f"{who} báo vướng mắc ở {what}: {event.data.get('reason', '')}"
    yield Telling("question", None, text, subjects.page_of(event), about_unit_id=event.unit_id)


def _confirmed(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    word = "xác nhận báo cáo" if event.subject_kind == "assignment" else "chấp nhận số liệu"
    text = f"Văn phòng đã {word} {subjects.name_of(event)}."
    yield Telling("confirmed", event.unit_id, text, subjects.page_of(event))


def _remarked(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    """Being named opens the remark, on the page of remarks, and not another unit's row."""
    text = f"{event.actor_name} nhắc đến đơn vị ở {subjects.name_of(event)}: {event.data.get('text', '')}"
    for unit_id in sorted(_units(event, "mentioned"), key=lambda named: named != event.unit_id):
        href = subjects.page_of(event) if unit_id == event.unit_id else "/y-kien"
        yield Telling("mentioned", unit_id, text, href, at_once=True)


def _urged(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    """What was urged by telephone, on paper or in a meeting was said there."""
    if event.data.get("channel", "app") != "app":
        return
    data = event.data
    text = (
        f"Văn phòng đôn đốc đơn vị về {data.get('rows', 'các')} nội dung,"
        f" trả lời chậm nhất {_day(data.get('answer_by'))}."
    )
    yield Telling("urged", event.unit_id, text, f"/don-doc/{event.subject_id}", at_once=True)


def _stepped_up(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    text = f"{event.data.get('about', 'Một đơn vị')} chưa trả lời đôn đốc, đã quá hạn trả lời."
    yield Telling("urged", event.unit_id, text, f"/don-doc/{event.subject_id}", at_once=True)


def _urging_answered(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    text = f"{subjects.unit_name(event.unit_id)} trả lời đôn đốc: {event.data.get('text', '')}"
    yield Telling("urged", None, text, f"/don-doc/{event.subject_id}", about_unit_id=event.unit_id)


def _question_raised(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    text = f"{subjects.unit_name(event.unit_id)}: {event.data.get('text', '')}"
    yield Telling("question", None, text, f"/cau-hoi/{event.subject_id}", about_unit_id=event.unit_id)


def _question_answered(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    said = event.data.get("reason") or ""
    text = f"Văn phòng đã trả lời câu hỏi về đơn vị. {said}".strip()
    yield Telling("question", event.unit_id, text, f"/cau-hoi/{event.subject_id}")


def _extension_requested(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    until = _day(event.data.get("asked_due_on"))
    text = f"{subjects.unit_name(event.unit_id)} xin gia hạn {subjects.name_of(event)} đến {until}."
    yield Telling("extension", None, text, subjects.page_of(event), about_unit_id=event.unit_id)


def _extension_granted(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    text = f"Văn phòng gia hạn {subjects.name_of(event)} đến {_day(event.data.get('due_on'))}."
    yield Telling("extension", event.unit_id, text, subjects.page_of(event))


def _extension_refused(event: EventRow, subjects: Subjects) -> Iterator[Telling]:
    text = f"Văn phòng không gia hạn {subjects.name_of(event)}: {event.data.get('reason', '')}"
    yield Telling("extension", event.unit_id, text, subjects.page_of(event))


_TELLINGS: dict[str, Any] = {
    "plan_issued": _plan_issued,
    "period_opened": _period_opened,
    "period_reminded": _period_reminded,
    "assignment_reported": _sent,
    "submission_sent": _sent,
    "assignment_returned": _returned,
    "submission_returned": _returned,
    "assignment_reopened": _reopened,
    "submission_reopened": _reopened,
    "assignment_blocked": _blocked,
    "assignment_confirmed": _confirmed,
    "submission_accepted": _confirmed,
    "assignment_remarked": _remarked,
    "submission_remarked": _remarked,
    "urging_sent": _urged,
    "urging_stepped_up": _stepped_up,
    "urging_answered": _urging_answered,
    "question_raised": _question_raised,
    "question_answered": _question_answered,
    "extension_requested": _extension_requested,
    "extension_granted": _extension_granted,
    "extension_refused": _extension_refused,
}


def _form(period_id: UUID) -> str:
    return "/bao-cao-ky/{unit}/" + str(period_id)


def _units(event: EventRow, name: str) -> Iterable[UUID]:
    return [UUID(key) for key in event.data.get(name, ())]


def _day(iso: str | None) -> str:
    """2026-12-20 → 20/12/2026."""
    return "/".join(reversed(iso.split("-"))) if iso else "…"
