"""Work: one actor, one transaction, with permission and history built in.

    with open_work(database, settings, actor=...) as work:   # commands, jobs, tests
        work.require(Permission.PLAN_ISSUE, plan.locality_id)
        ...
        work.record(PlanIssued(...))

A request gets its Work from app/entry.py, which calls `finish` before the answer leaves. `finish` refuses to
commit a write for which no write permission was required, or which recorded no event.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy import event as sa_event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import ORMExecuteState, Session
from sqlmodel import SQLModel

from app.database import Database, WritingSession
from app.errors import BrokenPromise, Forbidden, NotFound, NotSignedIn, Stale, VersionRequired
from app.events import Event, kind_of
from app.models import (
    Draft,
    EventRow,
    KeptAnswer,
    KnownDevice,
    Ledger,
    Mail,
    Notice,
    NoticeChoice,
    NoticeCursor,
    ReadingProgress,
    SignIn,
    SignInTry,
    Upload,
)
from app.models.base import new_id, table
from app.permissions import NOBODY, Actor, Permission
from app.settings import Settings

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
# Tables that hold no fact about the work: written without an event.
UNRECORDED = (
    Draft,
    EventRow,
    KeptAnswer,
    KnownDevice,
    Ledger,
    Mail,
    Notice,
    NoticeChoice,
    NoticeCursor,
    ReadingProgress,
    SignIn,
    SignInTry,
    Upload,
)

T = TypeVar("T", bound=SQLModel)

_ledger = table(Ledger)
_its_locality = _ledger.c.locality_id == bindparam("locality")
_LAST = select(_ledger.c.number, _ledger.c.hash).where(_its_locality).with_for_update()
_APPEND = insert(table(EventRow))
_MOVE_ON = update(_ledger).where(_its_locality).values(number=bindparam("to"), hash=bindparam("its_hash"))


class Work:
    def __init__(
        self,
        session: Session,
        settings: Settings,
        *,
        actor: Callable[["Work"], Actor],
        now: datetime | None = None,
        is_write: bool = True,
    ) -> None:
        self.session = session
        self.settings = settings
        self.now = now or datetime.now(UTC)
        self.is_write = is_write
        self.undo: list[Callable[[], None]] = []
        self.asked: set[Permission] = set()
        self._find_actor = actor
        self._actor: Actor | None = None
        self.wrote = False
        self._permitted = False
        self._recorded = False
        if is_write:
            if not isinstance(session, WritingSession):
                raise BrokenPromise("a writing Work needs a session whose changes are watched")
            session.info["work"] = self

    @cached_property
    def today(self) -> date:
        """The calendar day in Vietnam: what due dates are compared with."""
        return self.now.astimezone(VIETNAM).date()

    @property
    def actor(self) -> Actor:
        """Who this is done for, looked up on first use inside the route's own thread."""
        if self._actor is None:
            self._actor = self._find_actor(self)
        return self._actor

    def act_as(self, actor: Actor) -> None:
        """From here on the work is done for `actor` (sign-in only)."""
        self._actor = actor

    def require(self, permission: Permission, locality_id: UUID, unit_id: UUID | None = None) -> None:
        """401 when nobody is signed in, 404 when the locality may not be known of, 403 when not allowed."""
        actor = self.actor
        self.asked.add(permission)
        if not actor.may(permission, locality_id, unit_id):
            if actor is NOBODY:
                raise NotSignedIn
            if not actor.knows(locality_id) or not permission.is_write:
                raise NotFound
            raise Forbidden
        if permission.is_write:
            self._permitted = True

    def require_known(self, permission: Permission) -> None:
        """For what belongs to the actor alone or to no locality: it is enough to hold it anywhere."""
        self.asked.add(permission)
        if self.actor is NOBODY:
            raise NotSignedIn
        holds = self.actor.localities_with(permission) or self.actor.units_with(permission)
        if not self.actor.is_everywhere and not holds and not self._holds_locally(permission):
            raise Forbidden
        if permission.is_write:
            self._permitted = True

    def _holds_locally(self, permission: Permission) -> bool:
        return any(g.allows(permission, g.locality_id, g.unit_id) for g in self.actor.grants)

    def open_door(self, permission: Permission) -> None:
        """The one write nobody needs to be signed in for: signing in."""
        if permission is not Permission.SESSION_OPEN:
            raise BrokenPromise("only signing in is open to everybody")
        self.asked.add(permission)
        self._permitted = True

    def add(self, *rows: SQLModel) -> None:
        """Insert at once, in the order given: without relationships the session does not know the order."""
        self.session.add_all(rows)
        self.session.flush()

    def get(self, model: type[T], key: UUID) -> T:
        """The row, locked for change when this work writes. NotFound when it is not there; the caller's
        `require` decides whether the actor may know of it."""
        row = self.session.get(model, key, with_for_update=self.is_write or None)
        if row is None:
            raise NotFound
        return row

    def check_version(self, row: Any, version: int | None, **typed: Any) -> None:
        """`check_seen`, and the row moves on to its next version."""
        self.check_seen(row, version, **typed)
        row.version += 1

    def check_seen(self, row: Any, version: int | None, **typed: Any) -> None:
        """428 without a version, 412 with the current values when somebody changed the row meanwhile."""
        if version is None:
            raise VersionRequired
        if row.version != version:
            raise Stale(row.version, {name: getattr(row, name, None) for name in typed})

    def record(self, happened: Event) -> None:
        """Append to the locality's history: the next number, chained to the row before by its hash."""
        self.record_all([happened])

    def record_all(self, happened: Sequence[Event]) -> None:
        """`record` of many things, in as many statements as of one in each locality."""
        self.session.flush()
        for locality_id in dict.fromkeys(event.locality_id for event in happened):
            self._append(locality_id, [event for event in happened if event.locality_id == locality_id])
        self._recorded = True

    def _append(self, locality_id: UUID, happened: Sequence[Event]) -> None:
        number, last_hash = self._last_of_history(locality_id)
        rows = []
        for event in happened:
            number += 1
            rows.append(self._row_of(event, number, last_hash))
            last_hash = rows[-1]["hash"]
        # Every write ends here, so it goes past the ORM: two statements, no objects.
        connection = self.session.connection()
        connection.execute(_APPEND, rows)
        connection.execute(_MOVE_ON, {"locality": locality_id, "to": number, "its_hash": last_hash})

    def _row_of(self, event: Event, number: int, previous: str) -> dict[str, Any]:
        row = {
            "id": new_id(),
            "locality_id": event.locality_id,
            "number": number,
            "at": self.now,
            "account_id": self.actor.account_id,
            "actor_name": self.actor.name,
            "kind": kind_of(type(event)),
            "subject_kind": event.subject_kind,
            "subject_id": event.subject_id,
            "unit_id": event.unit_id,
            "data": event.facts(),
            "previous_hash": previous,
        }
        return row | {"hash": hash_of(SimpleNamespace(**row))}

    def _last_of_history(self, locality_id: UUID) -> tuple[int, str]:
        """Number and hash of the locality's last event; the ledger stays locked until the commit."""
        connection, asked = self.session.connection(), {"locality": locality_id}
        found = connection.execute(_LAST, asked).first()
        if found is None:
            # The locality's first event; when two come at once, one finds the ledger of the other.
            with suppress(IntegrityError), self.session.begin_nested():
                # Asked for anew: only so does the savepoint begin.
                self.session.connection().execute(insert(_ledger), {"locality_id": locality_id})
            found = connection.execute(_LAST, asked).first()
        if found is None:
            raise NotFound
        return found.number, found.hash

    def record_if_refused(self, happened: Event) -> None:
        """For a refusal of which only the fact is kept: recorded in a transaction of its own, after this
        work was rolled back, so that no surface can forget it. The caller raises next."""
        actor = self.actor

        def record_alone() -> None:
            with WritingSession(self.session.get_bind(), expire_on_commit=False) as session:
                alone = Work(session, self.settings, actor=lambda _: actor, now=self.now)
                alone.record(happened)
                alone.finish()

        self.undo.append(record_alone)

    def finish(self) -> None:
        """Commit, unless a promise of this page was broken."""
        self.session.flush()
        if self.wrote and not self._permitted:
            raise BrokenPromise("a write for which no write permission was required")
        if self.wrote and not self._recorded:
            raise BrokenPromise("a write that recorded no event")
        self.session.commit()
        self.undo.clear()

    def check_asked(self, policy: frozenset[Permission]) -> None:
        """A route's declared permissions must really have been asked for on the way."""
        if forgotten := policy - self.asked:
            raise BrokenPromise(f"a route never asked for {', '.join(sorted(forgotten))}")

    def abandon(self) -> None:
        self.session.rollback()
        for step in reversed(self.undo):
            step()


@sa_event.listens_for(WritingSession, "before_flush")
def _note_flush(session: Session, context: Any, instances: Any) -> None:
    touched = [*session.new, *(r for r in session.dirty if session.is_modified(r)), *session.deleted]
    if any(not isinstance(row, UNRECORDED) for row in touched):
        _note_write(session)


@sa_event.listens_for(WritingSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if not state.is_select and getattr(state.bind_mapper, "class_", None) not in UNRECORDED:
        _note_write(state.session)


def _note_write(session: Session) -> None:
    work: Work | None = session.info.get("work")
    if work is not None:
        work.wrote = True


def hash_of(row: Any) -> str:
    """SHA-256 over every field of the event in a fixed order, the previous hash included."""
    said = [
        str(row.locality_id),
        row.number,
        row.at.astimezone(UTC).isoformat(),
        str(row.account_id),
        row.actor_name,
        row.kind,
        row.subject_kind,
        str(row.subject_id),
        str(row.unit_id),
        row.data,
        row.previous_hash,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def open_work(
    database: Database, settings: Settings, *, actor: Actor, now: datetime | None = None
) -> Iterator[Work]:
    """A writing Work for commands, jobs and tests: commits at the end, rolls back on any exception."""
    with database.write_session() as session:
        work = Work(session, settings, actor=lambda _: actor, now=now)
        try:
            yield work
            work.finish()
        except BaseException:
            work.abandon()
            raise
