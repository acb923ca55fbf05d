"""The office's whole lists of what waits, with filters, counts and pages. Their short forms on the first page:
office_queue.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from app.models import Period
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import home_locality
from app.services.office_list_kinds import LISTS, OfficeListKind
from app.services.sent_again import figures_sent_again, reports_sent_again
from app.services.version_differences import VersionDifference
from app.text import fold
from app.work import Work

periods = columns(Period)

SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFilter:
    """None or empty means any. `period` is a label; `q` is folded, every word must occur."""

    plan: UUID | None = None
    unit: UUID | None = None
    period: str | None = None
    q: str = ""

    @property
    def is_on(self) -> bool:
        return bool(self.plan or self.unit or self.period or self.q)


@dataclass(frozen=True, slots=True)
class SentAgain:
    """The last version that was sent, in short, and what it changed."""

    text: str
    difference: VersionDifference | None


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One thing that waits. `late`: days past `due_on` (negative: left), None where that does not count here."""

    id: UUID
    version: int
    href: str
    title: str
    unit_id: UUID | None
    unit_name: str | None
    period: str | None
    note: str | None
    due_on: date | None
    late: int | None
    sent: SentAgain | None


@dataclass(frozen=True, slots=True)
class OfficeList:
    """The first of `count` lines of the list `key`; `after`: where its next page goes on."""

    key: str
    count: int
    lines: tuple[OfficeLine, ...]
    after: tuple[Any, UUID] | None


def count_office_lists(work: Work, wanted: OfficeFilter) -> dict[str, int]:
    """How many lines each list has under the filter."""
    locality_id = _locality(work)
    return {
        key: work.session.scalar(
            select(func.count()).select_from(_narrowed(work, one, locality_id, wanted).subquery())
        )
        or 0
        for key, one in LISTS.items()
    }


def build_office_list(
    work: Work, key: str, wanted: OfficeFilter, *, count: int, after: tuple[Any, UUID] | None = None
) -> OfficeList:
    """`key`: of LISTS; `count` as counted by count_office_lists."""
    one = LISTS[key]
    row_id = columns(one.model).id
    statement = _narrowed(work, one, _locality(work), wanted).add_columns(one.order.label("place"))
    if after is not None:
        statement = statement.where(or_(one.order > after[0], (one.order == after[0]) & (row_id > after[1])))
    rows = list(work.session.execute(statement.order_by(one.order, row_id).limit(SHOWN + 1)))
    shown = rows[:SHOWN]
    sent = _sent(work, key, [row.id for row in shown])
    last = shown[-1] if len(rows) > SHOWN else None
    return OfficeList(
        key,
        count,
        tuple(_line(work, one, row, sent) for row in shown),
        (last.place, last.id) if last is not None else None,
    )


def begin_office_list(work: Work, key: str, locality_id: UUID, limit: int) -> OfficeList:
    """The first lines and the count, in one statement and without what was sent. The caller has required the
    permission."""
    one = LISTS[key]
    statement = _narrowed(work, one, locality_id, OfficeFilter()).add_columns(func.count().over().label("of"))
    rows = work.session.execute(statement.order_by(one.order, columns(one.model).id).limit(limit)).all()
    return OfficeList(key, rows[0].of if rows else 0, tuple(_line(work, one, row, {}) for row in rows), None)


def _locality(work: Work) -> UUID:
    locality_id = home_locality(work)
    work.require(Permission.TASK_MANAGE, locality_id)
    return locality_id


def _sent(work: Work, key: str, ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, VersionDifference | None]]:
    if key == "bao-cao":
        return reports_sent_again(work, ids)
    return figures_sent_again(work, ids) if key == "so-lieu" else {}


def _line(
    work: Work, one: OfficeListKind, row: Any, sent: Mapping[UUID, tuple[str, VersionDifference | None]]
) -> OfficeLine:
    late = (work.today - row.due_on).days if one.counts_days and row.due_on else None
    again = sent.get(row.id)
    return OfficeLine(
        row.id, row.version, one.at(row), f"{row.code} {row.title}".strip(), row.unit_id, row.unit_name,
        row.period, row.note, row.due_on, late, SentAgain(*again) if again else None,
    )  # fmt: skip


def _narrowed(work: Work, one: OfficeListKind, locality_id: UUID, wanted: OfficeFilter) -> Select[Any]:
    statement = one.statement(work, locality_id)
    if wanted.plan is not None:
        statement = statement.where(one.plan == wanted.plan)
    if wanted.unit is not None:
        statement = statement.where(one.unit == wanted.unit)
    if wanted.period is not None:
        statement = statement.where(periods.label == wanted.period)
    for word in fold(wanted.q).split():
        statement = statement.where(one.folded.contains(word, autoescape=True))
    return statement
