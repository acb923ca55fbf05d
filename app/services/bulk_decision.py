"""Confirming or returning several reports or figures at once, each by the service that decides one (decision 0023)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Field, SQLModel

from app.errors import NotFound, Stale, TienDoError
from app.models import Assignment, Responsibility, Submission
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import home_locality, visible
from app.services.assignment import ReasonInput, confirm_assignment, return_assignment
from app.services.submission import accept_submission, return_submission
from app.services.typed import Typed
from app.work import Work

assignments, duties, submissions = columns(Assignment), columns(Responsibility), columns(Submission)

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
    """In the order of the rows' ids; NotFound when the actor may know of none of them, Forbidden where one may not
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
    versions = {row.id: row.version for row in given.rows}
    return tuple(_decide(work, model, key, versions[key], decide) for key in sorted(versions))


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
    """Every row this will change, in one order and before the first event takes the ledger: whoever decides one of
    them alone holds that row while waiting for the ledger. With completion `any`, the other members' rows too."""
    ids = _ids(given)
    shared = (
        select(assignments.responsibility_id)
        .join(duties, duties.id == assignments.responsibility_id)
        .where(assignments.id.in_(ids), duties.completion == "any")
    )
    touched = or_(assignments.id.in_(ids), assignments.responsibility_id.in_(shared))
    locked = _locked(work, Assignment, touched)
    _require(work, Permission.ASSIGNMENT_DECIDE, [row for row in locked if row.id in ids])


def _lock_submissions(work: Work, given: BulkInput) -> None:
    _require(work, Permission.SUBMISSION_DECIDE, _locked(work, Submission, submissions.id.in_(_ids(given))))


def _locked(work: Work, model: type[SQLModel], wanted: Any) -> list[Any]:
    """Those the actor may know of, in id order."""
    chosen = visible(work, model).where(wanted).order_by(columns(model).id).with_for_update()
    return list(work.session.scalars(chosen.execution_options(populate_existing=True)))


def _require(work: Work, permission: Permission, rows: list[Any]) -> None:
    if not rows:
        raise NotFound
    for locality_id in sorted({row.locality_id for row in rows}):
        work.require(permission, locality_id)


def _ids(given: BulkInput) -> list[UUID]:
    return sorted({row.id for row in given.rows})
