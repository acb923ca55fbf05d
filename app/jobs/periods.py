"""The chore that opens, reminds of and closes periods, and asks about members of groups. Each piece is a transaction
of its own: one that fails is said in the log and tried again at the next look, and stops no other."""

from collections.abc import Callable
from typing import TypeVar

import structlog

from app.database import Database
from app.permissions import SYSTEM
from app.services.group_changes import ask_due_change, list_due_changes
from app.services.period_clock import (
    list_due_locks,
    list_due_openings,
    list_due_reminders,
    lock_due_period,
    open_due_period,
    remind_due_period,
)
from app.settings import Settings
from app.work import Work, open_work

T = TypeVar("T")
log = structlog.get_logger("tiendo.jobs")


def keep_periods(database: Database, settings: Settings) -> None:
    """Close what is over before anything is opened, so that a machine that was off catches up in order."""
    _each(database, settings, list_due_locks, lock_due_period)
    _each(database, settings, list_due_openings, open_due_period)
    _each(database, settings, list_due_reminders, remind_due_period)


def ask_about_groups(database: Database, settings: Settings) -> None:
    """Memberships that began or ended on a day set beforehand."""
    _each(database, settings, list_due_changes, ask_due_change)


def _each(
    database: Database,
    settings: Settings,
    find_due: Callable[[Work], list[T]],
    do: Callable[[Work, T], object],
) -> None:
    with database.read_session() as session:
        due = find_due(Work(session, settings, actor=lambda _: SYSTEM, is_write=False))
    for one in due:
        try:
            with open_work(database, settings, actor=SYSTEM) as work:
                do(work, one)
        except Exception as error:  # noqa: BLE001 - one commune's period must not keep another's from being opened
            log.error(
                "period chore failed", due=str(one)[:200], error=f"{type(error).__name__}: {error}"[:500]
            )
