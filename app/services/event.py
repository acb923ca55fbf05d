"""The history of a locality: reading it, and checking that nobody rewrote it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.models import EventRow, Ledger, Locality
from app.models.base import columns
from app.services._scope import home_locality, visible
from app.work import VIETNAM, Work, hash_of

events, ledgers, localities = columns(EventRow), columns(Ledger), columns(Locality)

AT_A_TIME = 1000  # rows in memory while the history is checked


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """None means any. Days are days in Vietnam, both included; `who` is an account."""

    locality: UUID | None = None
    subject: UUID | None = None
    subject_kind: str | None = None
    unit: UUID | None = None
    who: UUID | None = None
    kind: str | None = None
    from_day: date | None = None
    to_day: date | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """Where a locality's history stops being whole: the number and what is wrong, in Vietnamese."""

    locality: str
    number: int
    what: str


# Reads


def list_events(work: Work, wanted: EventFilter, *, since: int = 0, limit: int = 100) -> list[EventRow]:
    """One locality's events after number `since`, oldest first: what a machine follows."""
    found = _narrowed(work, wanted).where(events.number > since)
    return list(work.session.scalars(found.order_by(events.number).limit(limit)))


def list_latest_events(
    work: Work, wanted: EventFilter, *, before: int | None = None, limit: int = 100
) -> list[EventRow]:
    """One locality's events before number `before`, newest first: what a person reads."""
    found = _narrowed(work, wanted)
    if before is not None:
        found = found.where(events.number < before)
    return list(work.session.scalars(found.order_by(events.number.desc()).limit(limit)))


def verify_history(session: Session, locality_id: UUID | None = None) -> Iterator[Break]:
    """Every break in the numbers, the chain and the hashes; of all localities, or of one."""
    statement = select(localities).order_by(localities.code)
    if locality_id is not None:
        statement = statement.where(localities.id == locality_id)
    for locality in session.scalars(statement).all():
        yield from _verify_locality(session, locality)


def _narrowed(work: Work, wanted: EventFilter) -> Select[Any]:
    statement = visible(work, EventRow).where(events.locality_id == home_locality(work, wanted.locality))
    for column, value in (
        (events.subject_id, wanted.subject),
        (events.subject_kind, wanted.subject_kind),
        (events.unit_id, wanted.unit),
        (events.account_id, wanted.who),
        (events.kind, wanted.kind),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.from_day is not None:
        statement = statement.where(events.at >= _start_of(wanted.from_day))
    if wanted.to_day is not None:
        statement = statement.where(events.at < _start_of(wanted.to_day + timedelta(days=1)))
    return statement


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def _verify_locality(session: Session, locality: Locality) -> Iterator[Break]:
    number, previous = 0, ""
    statement = select(events).where(events.locality_id == locality.id).order_by(events.number)
    for row in session.scalars(statement.execution_options(yield_per=AT_A_TIME)):
        if row.number != number + 1:
            yield Break(locality.code, number + 1, f"thiếu dòng {number + 1} đến {row.number - 1}")
        elif row.previous_hash != previous:
            yield Break(locality.code, row.number, f"dòng {row.number} không nối với dòng trước")
        if hash_of(row) != row.hash:
            yield Break(locality.code, row.number, f"nội dung dòng {row.number} không khớp mã băm của nó")
        number, previous = row.number, row.hash
        session.expunge(row)
    yield from _verify_end(session, locality, number, previous)


def _verify_end(session: Session, locality: Locality, number: int, last_hash: str) -> Iterator[Break]:
    """Rows cut off at the end leave no gap; the ledger still knows how many there were."""
    ledger = session.scalars(select(ledgers).where(ledgers.locality_id == locality.id)).first()
    known, known_hash = (ledger.number, ledger.hash) if ledger else (0, "")
    if known != number:
        yield Break(locality.code, number, f"sổ ghi {known} dòng nhưng lịch sử có {number} dòng")
    elif known_hash != last_hash:
        yield Break(locality.code, number, "dòng cuối không khớp mã băm trong sổ")
