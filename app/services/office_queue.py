"""What waits for the office: each queue with its number and the first of its items."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func

from app.models import Candidate, Document, Plan
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import visible
from app.services.handing_proposal import list_ended_with_rows
from app.services.lateness import list_silent
from app.services.office_lists import OfficeLine, begin_office_list
from app.services.task import TaskFilter, count_tasks, list_tasks
from app.work import Work

documents, plans, candidates = columns(Document), columns(Plan), columns(Candidate)

SHOWN = 5
ALL = 200


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One thing to do. `late`: days past `due_on` (negative: left), None where nothing is due."""

    href: str
    title: str
    note: str = ""
    due_on: date | None = None
    late: int | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """`key` names the queue in the address of its whole list; `items` are the first of `count`."""

    key: str
    count: int
    items: tuple[QueueItem, ...]

    @property
    def has_more(self) -> bool:
        return self.count > len(self.items)


def build_queues(work: Work, locality_id: UUID, *, whole: str = "") -> tuple[Queue, ...]:
    """Every queue in the order the office works them; the one named `whole` with up to 200 items."""
    work.require(Permission.TASK_MANAGE, locality_id)
    return tuple(
        build(work, locality_id, key, ALL if key == whole else SHOWN) for key, build in QUEUES.items()
    )


def _documents(work: Work, locality_id: UUID, key: str, limit: int) -> Queue:
    """Drafts with candidates nobody decided on yet, or all decided and ready to issue."""
    waiting = func.count(candidates.id).filter(candidates.state == "pending")
    statement = (
        visible(work, Document, documents.id, plans.title, waiting.label("waiting"))
        .join(plans, plans.document_id == documents.id)
        .outerjoin(candidates, candidates.document_id == documents.id)
        .where(documents.locality_id == locality_id, plans.state == "draft")
        .group_by(documents.id, plans.title)
        .order_by(documents.id)
    )
    rows = work.session.execute(statement).all()
    items = [
        QueueItem(
            f"/van-ban/{row.id}",
            row.title,
            f"còn {row.waiting} đề xuất chờ quyết định" if row.waiting else "đã quyết định hết, chờ ban hành",
        )
        for row in rows[:limit]
    ]
    return Queue(key, len(rows), tuple(items))


def _listed(work: Work, locality_id: UUID, key: str, limit: int) -> Queue:
    """The beginning of one of the office's whole lists."""
    begun = begin_office_list(work, key, locality_id, limit)
    items = [QueueItem(line.href, line.title, _note(line), line.due_on) for line in begun.lines]
    return Queue(key, begun.count, tuple(items))


def _note(line: OfficeLine) -> str:
    return " · lý do: ".join(filter(None, (line.unit_name, line.note)))


def _missing(work: Work, locality_id: UUID, key: str, limit: int) -> Queue:
    """Units that are past a due date, the longest first."""
    late = [one for one in list_silent(work, locality_id) if one.overdue]
    items = [
        QueueItem(
            f"/bang/{one.unit_id}?loc=qua-han", one.name, f"{one.overdue} báo cáo quá hạn", None, one.days
        )
        for one in late[:limit]
    ]
    return Queue(key, len(late), tuple(items))


def _tasks(wanted: TaskFilter) -> Callable[[Work, UUID, str, int], Queue]:
    def build(work: Work, locality_id: UUID, key: str, limit: int) -> Queue:
        found = list_tasks(work, wanted, limit=limit)
        items = [QueueItem(f"/nhiem-vu/{task.id}", task.title, task.code) for task in found]
        return Queue(key, count_tasks(work, wanted), tuple(items))

    return build


def _ended_units(work: Work, locality_id: UUID, key: str, limit: int) -> Queue:
    """Open work of units that have ended, which nobody has decided on."""
    found = list_ended_with_rows(work, locality_id)
    items = [
        QueueItem(
            f"/don-vi/thay-doi/{one.change}" if one.change else f"/bang/{one.id}",
            one.name,
            f"{one.rows} việc, số liệu chờ chuyển hoặc hủy",
        )
        for one in found[:limit]
    ]
    return Queue(key, len(found), tuple(items))


QUEUES: dict[str, Callable[[Work, UUID, str, int], Queue]] = {
    "van-ban": _documents,
    "bao-cao": _listed,
    "so-lieu": _listed,
    "gia-han": _listed,
    "cau-hoi": _listed,
    "vuong-mac": _listed,
    "don-vi-ket-thuc": _ended_units,
    "qua-han": _missing,
    "tra-lai": _listed,
    "so-lieu-tra-lai": _listed,
    "chua-chu-tri": _tasks(TaskFilter(without_lead=True, running=True)),
    "chua-han": _tasks(TaskFilter(without_due=True, running=True)),
    "chua-san-pham": _tasks(TaskFilter(without_product=True, running=True)),
}
