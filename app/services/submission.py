"""A unit's figure for an indicator in a period: sent, accepted, returned. Sent versions never change."""

from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Field, SQLModel

from app.errors import Conflict, NotFound
from app.events import (
    SubmissionAccepted,
    SubmissionReopened,
    SubmissionReturned,
    SubmissionWaived,
)
from app.models import Indicator, Submission, SubmissionDecision, SubmissionVersion, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import find, visible
from app.services.assignment import ReasonInput
from app.services.figure_ground import Spot, load_ground
from app.services.figure_sending import ASKED_AGAIN, doubts_of, weigh_figure, write_figures
from app.services.period import find_period
from app.services.sent_meanwhile import refuse_unseen
from app.services.states import ACTION_PERMISSION, actions_from, next_state
from app.services.typed import Typed
from app.services.waive_request import grant_waive_request
from app.work import Work

versions = columns(SubmissionVersion)

T = TypeVar("T", bound=SQLModel)


class FigureInput(Typed):
    """The parts of a figure; which of them are asked for depends on the indicator's measure. `no_data`: there is none
    this period, for the reason in `note`."""

    value: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    numerator: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    denominator: Decimal | None = Field(default=None, max_digits=28, decimal_places=8)
    level: int | None = Field(default=None, ge=0, le=1000)
    flag: bool | None = None
    note: str | None = Field(default=None, max_length=4_000)
    no_data: bool = False


class SubmissionInput(FigureInput):
    """A figure to send. `period` is the period's id or label."""

    indicator: UUID
    unit: UUID
    period: str = Field(min_length=1, max_length=40)


def get_submission(work: Work, submission_id: UUID) -> Submission:
    return find(work, Submission, submission_id)


def allowed_actions(work: Work, row: Submission, *, period_open: bool) -> list[str]:
    """What this actor may do next with the row."""
    permissions = ACTION_PERMISSION["submission"]
    return [
        action
        for action in actions_from("submission", row.state)
        if work.actor.may(permissions[action], row.locality_id, row.unit_id)
        and (action != "send" or period_open or row.state in ASKED_AGAIN)
    ]


def send_submission(work: Work, sent: SubmissionInput, over: int | None = None) -> SubmissionVersion:
    """Send a figure: a new version each time. 404 for what the actor may not know of, 403 for another unit's,
    Conflict when the period is closed, the plan not in force, the indicator not this unit's to report, or when another
    version than number `over` was the last one."""
    indicator, unit = _known(work, Indicator, sent.indicator), _known(work, Unit, sent.unit)
    if unit.locality_id != indicator.locality_id:
        raise NotFound("Đơn vị và chỉ tiêu không cùng địa phương. Kiểm tra lại đơn vị.")
    work.require(Permission.SUBMISSION_SEND, indicator.locality_id, unit.id)
    spot = Spot(indicator, unit, find_period(work, indicator.locality_id, sent.period))
    ground = load_ground(work, [spot])
    weighed = weigh_figure(work, ground, spot, sent)
    last = ground.last_of(spot)
    refuse_unseen(last.number if last else 0, over)

    (version,) = write_figures(work, ground, [(weighed, doubts_of(ground, weighed))])
    return version


def accept_submission(work: Work, submission_id: UUID, version: int | None = None) -> Submission:
    """Accept the last version. With `version` (of the row) Stale says that a newer figure came in meanwhile."""
    row = _to_act_on(work, submission_id, "accept")
    sent = _last_version(work, row)

    _move(work, row, "accept", version)
    _decide(work, sent, "accepted", None)
    work.record(
        SubmissionAccepted(
            locality_id=row.locality_id, subject_id=row.id, unit_id=row.unit_id, number=sent.number
        )
    )
    return row


def return_submission(
    work: Work, submission_id: UUID, why: ReasonInput, version: int | None = None
) -> Submission:
    row = _to_act_on(work, submission_id, "return")
    sent = _last_version(work, row)

    _move(work, row, "return", version, why.reason)
    _decide(work, sent, "returned", why.reason)
    work.record(
        SubmissionReturned(
            locality_id=row.locality_id,
            subject_id=row.id,
            unit_id=row.unit_id,
            number=sent.number,
            reason=why.reason,
        )
    )
    return row


def reopen_submission(
    work: Work, submission_id: UUID, why: ReasonInput, version: int | None = None
) -> Submission:
    row = _to_act_on(work, submission_id, "reopen")

    _move(work, row, "reopen", version, why.reason)
    work.record(
        SubmissionReopened(
            locality_id=row.locality_id, subject_id=row.id, unit_id=row.unit_id, reason=why.reason
        )
    )
    return row


def waive_submission(
    work: Work, submission_id: UUID, why: ReasonInput, version: int | None = None
) -> Submission:
    row = _to_act_on(work, submission_id, "waive")

    _move(work, row, "waive", version, why.reason)
    work.record(
        SubmissionWaived(
            locality_id=row.locality_id, subject_id=row.id, unit_id=row.unit_id, reason=why.reason
        )
    )
    grant_waive_request(work, row, why.reason)
    return row


def _known(work: Work, model: type[T], key: UUID) -> T:
    """The row if the actor may know of it; never locked, since all units of a commune report one indicator."""
    row: T | None = work.session.scalars(visible(work, model).where(columns(model).id == key)).first()
    if row is None:
        raise NotFound
    return row


def _to_act_on(work: Work, submission_id: UUID, action: str) -> Submission:
    """The row, once the actor may see it (404) and take this action on it (403)."""
    row = find(work, Submission, submission_id)
    work.require(ACTION_PERMISSION["submission"][action], row.locality_id, row.unit_id)
    return row


def _move(work: Work, row: Submission, action: str, version: int | None, reason: str | None = None) -> None:
    if version is None:
        row.version += 1
    else:
        work.check_version(row, version, state=row.state)
    row.state, row.state_reason = next_state("submission", row.state, action), reason


def _last_version(work: Work, row: Submission) -> SubmissionVersion:
    newest = select(versions).where(versions.submission_id == row.id).order_by(versions.number.desc())
    sent: SubmissionVersion | None = work.session.scalars(newest.limit(1)).first()
    if sent is None:
        raise Conflict("Chưa có số liệu nào để xem xét. Đợi đơn vị gửi số liệu.")
    return sent


def _decide(work: Work, sent: SubmissionVersion, kind: str, reason: str | None) -> None:
    work.add(
        SubmissionDecision(
            locality_id=sent.locality_id,
            version_id=sent.id,
            kind=kind,
            reason=reason,
            decided_at=work.now,
            decided_by_id=work.actor.account_id,
        )
    )
