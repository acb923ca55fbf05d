"""Sending figures: each is weighed against its ground by the same rules, whether it comes alone or in a batch; what
may be sent is written together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.errors import Conflict
from app.events import SubmissionSent
from app.models import Submission, SubmissionVersion
from app.models.base import new_id
from app.services.draft import discard_drafts
from app.services.earlier_answers import FigureOfPeriod, same_figure
from app.services.figure_checks import Doubt, answer_doubts, check_range, doubts_about
from app.services.figure_ground import Ground, Spot
from app.services.measures import Given, figure_of
from app.services.plan_reporting import why_not_due_in
from app.services.row_ending import take_back_requests
from app.services.standing import Figure, show_figure
from app.services.states import next_state
from app.services.waive_request import rows_asked_about
from app.work import Work

# What the office asked to be corrected may be sent again after the period was closed.
ASKED_AGAIN = ("returned", "reopened")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A figure nothing stands against, the row it goes to (not kept yet where the unit was not expected to report),
    the row's next state, the figures of the periods next to it, and the version it will be. `after`: of what counts to
    date only."""

    spot: Spot
    row: Submission
    figure: Figure
    state: str
    before: FigureOfPeriod | None
    after: FigureOfPeriod | None
    version_id: UUID = field(default_factory=new_id)

    @property
    def same(self) -> UUID | None:
        """The version of an earlier period that says the same."""
        return same_figure(self.before, self.figure)


def weigh_figure(work: Work, ground: Ground, spot: Spot, given: Given) -> Weighed:
    """Conflict when the period is closed, the plan not in force, or the indicator not this unit's to report or not due
    in the period; Invalid names the part that is wrong. Doubts are `doubts_of`'s."""
    if spot.indicator.plan_id not in ground.in_force:
        raise Conflict(
            "Kế hoạch này chưa ban hành hoặc đã kết thúc nên không nhận số liệu.", code="plan_not_in_force"
        )
    row = ground.rows.get(spot.key) or _first_row(work, ground, spot)
    _check_open(spot, row)
    figure = figure_of(spot.indicator, ground.goals[spot.indicator.id], given)
    state = next_state("submission", row.state, "send")
    check_range(spot.indicator, figure)
    return Weighed(spot, row, figure, state, ground.before.get(spot.key), ground.after.get(spot.key))


def doubts_of(ground: Ground, weighed: Weighed, *, is_last_of_family: bool = True) -> tuple[Doubt, ...]:
    """What must be explained. Of a whole and its parts that come together, the last one is asked about."""
    spot = weighed.spot
    family = ground.families.get(spot.family) if is_last_of_family else None
    return doubts_about(spot.indicator, spot.period, weighed.figure, weighed.before, weighed.after, family)


def write_figures(
    work: Work, ground: Ground, sent: Sequence[tuple[Weighed, Sequence[Doubt]]]
) -> list[SubmissionVersion]:
    """A new version of each, in the order given. Invalid when a note does not answer the doubts. The caller has
    required the permission for each unit."""
    for weighed, doubts in sent:
        answer_doubts(doubts, weighed.figure)

    made = [_new_version(work, ground, weighed, doubts) for weighed, doubts in sent]
    rows = [weighed.row for weighed, _ in sent]
    for weighed, _ in sent:
        weighed.row.state, weighed.row.state_reason, weighed.row.sent_at = weighed.state, None, work.now
        weighed.row.version += 1
    work.add(*rows)
    # A figure that is the same as one of an earlier period points at it.
    in_order = sorted(zip(sent, made, strict=True), key=lambda one: one[0][0].spot.period.ends_on)
    work.add(*(version for _, version in in_order))
    work.record_all([_told(weighed, version) for (weighed, _), version in zip(sent, made, strict=True)])
    discard_drafts(work, Submission, [row.id for row in rows])
    asked = rows_asked_about(work, Submission, [row.id for row in rows])
    for row in rows:
        if row.id in asked:
            take_back_requests(work, row, " vì đã gửi số liệu")
    return made


def _first_row(work: Work, ground: Ground, spot: Spot) -> Submission:
    """For a unit that reports the indicator but was not expected to in this period, although others are."""
    if spot.unit.id not in ground.reporters[spot.indicator.id]:
        raise Conflict(
            f"{spot.unit.name} không được giao báo cáo chỉ tiêu {spot.indicator.code}. Liên hệ Văn phòng nếu cần.",
            code="not_owner",
        )
    if why := why_not_due_in(ground.in_force[spot.indicator.plan_id], spot.indicator.cycle, spot.period):
        raise Conflict(f"Chỉ tiêu {spot.indicator.code} {why}", code="other_period")
    return Submission(
        locality_id=spot.indicator.locality_id,
        indicator_id=spot.indicator.id,
        unit_id=spot.unit.id,
        period_id=spot.period.id,
        due_on=spot.period.due_on,
        created_at=work.now,
    )


def _check_open(spot: Spot, row: Submission) -> None:
    if spot.period.state != "open" and row.state not in ASKED_AGAIN:
        raise Conflict(
            f"{spot.period.name} đã đóng. Đề nghị Văn phòng mở lại số liệu này, hoặc gửi trong kỳ đang mở.",
            code="period_closed",
        )


def _new_version(work: Work, ground: Ground, weighed: Weighed, doubts: Sequence[Doubt]) -> SubmissionVersion:
    last, figure = ground.last.get(weighed.row.id), weighed.figure
    return SubmissionVersion(
        id=weighed.version_id,
        locality_id=weighed.row.locality_id,
        submission_id=weighed.row.id,
        number=(last.number if last else 0) + 1,
        value=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        level=figure.level,
        flag=figure.flag,
        note=figure.note or None,
        no_data=figure.no_data,
        doubts=[doubt.code for doubt in doubts] or None,
        definition=weighed.spot.indicator.definition,
        carried_from_id=weighed.same,
        sent_at=work.now,
        sent_by_id=work.actor.account_id,
    )


def _told(weighed: Weighed, version: SubmissionVersion) -> SubmissionSent:
    return SubmissionSent(
        locality_id=weighed.row.locality_id,
        subject_id=weighed.row.id,
        unit_id=weighed.row.unit_id,
        number=version.number,
        shown=show_figure(weighed.figure, weighed.spot.indicator),
    )
