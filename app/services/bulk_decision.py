"""Confirming or returning several reports or figures at once, each by the service that decides one (decision 0023)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import Field

from app.errors import NotFound, Stale, TienDoError
from app.models import Assignment, Submission
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import home_locality, visible
from app.services.any_of_group import lock_with_others
from app.services.assignment import ReasonInput, confirm_assignment, return_assignment
from app.services.submission import accept_submission, return_submission
from app.services.typed import Typed
from app.work import Work

submissions = columns(Submission)

MOST_AT_ONCE = 200


class BulkRow(Typed):
    """A row and, so that it is decided as it was read, its version."""

    id: UUID
    version: int | None = Field(default=None, ge=1)


class BulkInput(Typed):
    rows: list[BulkRow] = Field(min_length=1, max_length=MOST_AT_ONCE)


class BulkReturnInput(BulkInput):
    """One reason for all of them."""

    reason: str = Field(min_length=1, max_length=2_000)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: decided and now in `state`, or left as it was because of `error`."""

    id: UUID
    state: str | None
    version: int | None
    error: TienDoError | None = None


def require_decider(work: Work, permission: Permission) -> None:
    """Before a form is even read: 401, 403 or 404 for who decides nothing in their own commune."""
    work.require(permission, home_locality(work))


def confirm_assignments(work: Work, given: BulkInput) -> tuple[Outcome, ...]:
    """One for each row, in their order; NotFound when the actor may know of none of them, Forbidden where one may not
    decide. A row that cannot be decided is left as it was and says why; the others are decided."""
    _lock_assignments(work, given)
    return _each(work, Assignment, given, lambda key: confirm_assignment(work, key))


def return_assignments(work: Work, given: BulkReturnInput) -> tuple[Outcome, ...]:
    _lock_assignments(work, given)
    why = ReasonInput(reason=given.reason)
    return _each(work, Assignment, given, lambda key: return_assignment(work, key, why))


def accept_submissions(work: Work, given: BulkInput) -> tuple[Outcome, ...]:
    _lock_submissions(work, given)
    return _each(work, Submission, given, lambda key: accept_submission(work, key))


def return_submissions(work: Work, given: BulkReturnInput) -> tuple[Outcome, ...]:
    _lock_submissions(work, given)
    why = ReasonInput(reason=given.reason)
    return _each(work, Submission, given, lambda key: return_submission(work, key, why))


def _each(
    work: Work, model: type[Any], given: BulkInput, decide: Callable[[UUID], Any]
) -> tuple[Outcome, ...]:
    """Decided in the order of ids, as they were locked; answered in the order asked, a row named twice twice."""
    versions = {row.id: row.version for row in given.rows}
    done = {key: _decide(work, model, key, versions[key], decide) for key in sorted(versions)}
    return tuple(done[row.id] for row in given.rows)


def _decide(
    work: Work, model: type[Any], key: UUID, version: int | None, decide: Callable[[UUID], Any]
) -> Outcome:
    """Inside a savepoint: what a refused row had touched already is taken back, and only that."""
    try:
        with work.session.begin_nested():
            row = work.session.get(model, key)
            if row is not None and version is not None and row.version != version:
                raise Stale(row.version, {"state": row.state})
            row = decide(key)
            work.session.flush()
    except TienDoError as error:
        return Outcome(key, None, None, error)
    return Outcome(key, row.state, row.version)


def _lock_assignments(work: Work, given: BulkInput) -> None:
    """Every row this will change, before the first of them is decided."""
    ids = _ids(given)
    locked = lock_with_others(work, ids)
    _require(work, Permission.ASSIGNMENT_DECIDE, [row for row in locked if row.id in ids])


def _lock_submissions(work: Work, given: BulkInput) -> None:
    chosen = visible(work, Submission).where(submissions.id.in_(_ids(given)))
    locked = chosen.order_by(submissions.id).with_for_update().execution_options(populate_existing=True)
    _require(work, Permission.SUBMISSION_DECIDE, list(work.session.scalars(locked)))


def _require(work: Work, permission: Permission, rows: list[Any]) -> None:
    if not rows:
        raise NotFound
    for locality_id in sorted({row.locality_id for row in rows}):
        work.require(permission, locality_id)


def _ids(given: BulkInput) -> list[UUID]:
    return sorted({row.id for row in given.rows})
