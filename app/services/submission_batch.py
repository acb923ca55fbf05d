"""Many figures at once, each named by its natural key: indicator, unit and period (decision 0030)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import Field

from app.errors import Conflict, Forbidden, Invalid, NotFound, TienDoError
from app.models import Indicator, Period, Plan, Submission, SubmissionVersion, Unit
from app.models.base import columns
from app.permissions import Permission
from app.services._scope import visible
from app.services.earlier_answers import FigureOfPeriod
from app.services.figure_checks import Doubt, answer_doubts
from app.services.figure_ground import Ground, Key, Spot, load_ground
from app.services.figure_sending import Weighed, doubts_of, weigh_figure, write_figures
from app.services.measures import figure_of
from app.services.period import find_period
from app.services.submission import FigureInput
from app.services.submission_list import figure_in
from app.services.typed import Typed
from app.work import Work

indicators, units, plans = columns(Indicator), columns(Unit), columns(Plan)

MOST_AT_ONCE = 500


class BatchItem(FigureInput):
    """A figure and where it belongs. `indicator` is an id, or a code beside its `plan` (id or code); `unit` an id or a
    code; `period` an id or a label."""

    indicator: str = Field(min_length=1, max_length=40)
    plan: str | None = Field(default=None, min_length=1, max_length=40)
    unit: str = Field(min_length=1, max_length=40)
    period: str = Field(min_length=1, max_length=40)


class BatchInput(Typed):
    """With `all_or_nothing` one refused item keeps all of them from being sent."""

    items: list[BatchItem] = Field(min_length=1, max_length=MOST_AT_ONCE)
    all_or_nothing: bool = False


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of one item, or would become of it. `weighed` and `doubts` where it can be sent; with `is_unchanged`
    there is nothing to send. `row` and `last`: the row and its last version, once there is one."""

    spot: Spot | None
    weighed: Weighed | None = None
    doubts: tuple[Doubt, ...] = ()
    error: TienDoError | None = None
    is_unchanged: bool = False
    row: Submission | None = None
    last: SubmissionVersion | None = None

    @property
    def is_sendable(self) -> bool:
        return self.weighed is not None and self.error is None


def send_submissions(work: Work, given: BatchInput) -> tuple[BatchOutcome, ...]:
    """In the order of the items. What is refused is answered and leaves the others sent, unless all or nothing was
    asked for. NotFound when the actor may know of nothing named, Forbidden when they may send none of it."""
    spots = _spots(work, given.items)
    _refuse_strangers(work, spots)
    ground, outcomes = _weigh(work, given.items, spots)
    if given.all_or_nothing and any(one.error for one in outcomes):
        return tuple(_held_back(one) for one in outcomes)

    return _sent(work, ground, outcomes)


def check_submissions(work: Work, items: Sequence[BatchItem]) -> tuple[BatchOutcome, ...]:
    """What `send_submissions` would say of each, with nothing sent."""
    return tuple(_weigh(work, items, _spots(work, items))[1])


def _weigh(
    work: Work, items: Sequence[BatchItem], spots: Sequence[Spot | TienDoError]
) -> tuple[Ground, list[BatchOutcome]]:
    """First each by itself, then together: what adds up is compared with the figures that come beside it, and a later
    period with an earlier one, in whatever order they stand."""
    ground = load_ground(work, [spot for spot in spots if isinstance(spot, Spot)])
    found = [
        _weigh_alone(work, ground, spot, item) if isinstance(spot, Spot) else BatchOutcome(None, error=spot)
        for spot, item in zip(spots, items, strict=True)
    ]
    coming = [(place, one.weighed) for place, one in enumerate(found) if one.weighed]
    together = ground.with_values((weighed.spot, weighed.figure) for _, weighed in coming)
    last_of_family = {weighed.spot.family: place for place, weighed in coming}
    in_order = sorted(coming, key=lambda one: one[1].spot.period.ends_on)
    ends = {(*weighed.spot.whose, weighed.spot.period.ends_on) for _, weighed in coming}
    sent: dict[tuple[UUID, UUID], FigureOfPeriod] = {}
    for place, weighed in in_order:
        spot, whose = weighed.spot, weighed.spot.whose
        is_last = last_of_family[spot.family] == place
        compared = _before_what_comes(_after_what_came(weighed, sent.get(whose)), ends)
        outcome = _weigh_together(together, found[place], compared, is_last=is_last)
        found[place] = outcome
        if outcome.is_sendable:
            sent[whose] = FigureOfPeriod(
                weighed.version_id, spot.period.name, spot.period.ends_on, weighed.figure
            )
    return ground, found


def _after_what_came(weighed: Weighed, sent: FigureOfPeriod | None) -> Weighed:
    """Compared with the earlier figure that comes with it, unless a newer one was sent before."""
    if sent is None or sent.ends_on >= weighed.spot.period.ends_on:
        return weighed
    is_newer = weighed.before is None or weighed.before.ends_on <= sent.ends_on
    return replace(weighed, before=sent) if is_newer else weighed


def _before_what_comes(weighed: Weighed, ends: Collection[tuple[UUID, UUID, date]]) -> Weighed:
    """Of two periods that come together the later one is asked about, not the earlier."""
    after = weighed.after
    is_replaced = after is not None and (*weighed.spot.whose, after.ends_on) in ends
    return replace(weighed, after=None) if is_replaced else weighed


def _weigh_alone(work: Work, ground: Ground, spot: Spot, item: BatchItem) -> BatchOutcome:
    row, last = ground.rows.get(spot.key), ground.last_of(spot)
    if last is not None and _says_the_same(ground, spot, item, last):
        return BatchOutcome(spot, is_unchanged=True, row=row, last=last)
    try:
        return BatchOutcome(spot, weigh_figure(work, ground, spot, item), row=row, last=last)
    except TienDoError as error:
        return BatchOutcome(spot, error=error, row=row, last=last)


def _weigh_together(ground: Ground, one: BatchOutcome, weighed: Weighed, *, is_last: bool) -> BatchOutcome:
    doubts = doubts_of(ground, weighed, is_last_of_family=is_last)
    error: TienDoError | None = None
    try:
        answer_doubts(doubts, weighed.figure)
    except Invalid as unanswered:
        error = unanswered
    return BatchOutcome(one.spot, weighed, doubts, error, row=one.row, last=one.last)


def _says_the_same(ground: Ground, spot: Spot, item: BatchItem, last: SubmissionVersion) -> bool:
    try:
        return figure_of(spot.indicator, ground.goals[spot.indicator.id], item) == figure_in(last)
    except Invalid:
        return False


def _sent(work: Work, ground: Ground, outcomes: Sequence[BatchOutcome]) -> tuple[BatchOutcome, ...]:
    sending = [
        (place, one.weighed, one.doubts)
        for place, one in enumerate(outcomes)
        if one.is_sendable and one.weighed
    ]
    if not sending:
        return tuple(outcomes)
    made = write_figures(work, ground, [(weighed, doubts) for _, weighed, doubts in sending])
    done = list(outcomes)
    for (place, weighed, doubts), version in zip(sending, made, strict=True):
        done[place] = BatchOutcome(weighed.spot, weighed, doubts, row=weighed.row, last=version)
    return tuple(done)


def _held_back(one: BatchOutcome) -> BatchOutcome:
    if one.error or one.is_unchanged:
        return one
    error = Conflict(
        "Chưa gửi vì có mục khác chưa gửi được, và đã chọn gửi tất cả hoặc không gửi gì.", code="held_back"
    )
    return BatchOutcome(one.spot, one.weighed, one.doubts, error, row=one.row, last=one.last)


# Where each item belongs


def _spots(work: Work, items: Sequence[BatchItem]) -> list[Spot | TienDoError]:
    """By item: its spot, which the actor may send to, or why there is none."""
    known = _Known(work, items)
    taken: dict[Key, int] = {}
    found: list[Spot | TienDoError] = []
    for number, item in enumerate(items, start=1):
        try:
            spot = known.spot_of(item)
            if (first := taken.setdefault(spot.key, number)) != number:
                raise Invalid.field(
                    "indicator", f"Trùng với mục thứ {first}: mỗi chỉ tiêu của một đơn vị chỉ gửi một lần."
                )
            found.append(spot)
        except TienDoError as error:
            found.append(error)
    return found


def _refuse_strangers(work: Work, spots: Sequence[Spot | TienDoError]) -> None:
    """Nothing of it is the actor's to send: one answer, as for a single figure. Where no item says clearly enough
    what it is about, it is enough that the actor sends figures at all."""
    refusals = [spot for spot in spots if isinstance(spot, Forbidden | NotFound)]
    if len(refusals) == len(spots):
        raise next((one for one in refusals if isinstance(one, Forbidden)), refusals[0])
    if not any(isinstance(spot, Spot) for spot in spots):
        work.require_known(Permission.SUBMISSION_SEND)


class _Known:
    """The indicators, units and periods that items name, of those the actor may know of; looked up together."""

    def __init__(self, work: Work, items: Sequence[BatchItem]) -> None:
        self._work = work
        self._indicators = _indicators_named(work, items)
        self._units = _units_named(work, items)
        self._periods: dict[tuple[UUID, str], Period | TienDoError] = {}

    def spot_of(self, item: BatchItem) -> Spot:
        """NotFound, Forbidden, or Invalid where a name means several things."""
        indicator = self._indicator(item)
        unit = self._unit(item, indicator.locality_id)
        self._work.require(Permission.SUBMISSION_SEND, indicator.locality_id, unit.id)
        return Spot(indicator, unit, self._period(indicator.locality_id, item.period))

    def _indicator(self, item: BatchItem) -> Indicator:
        if item.plan is None and _id_of(item.indicator) is None:
            raise Invalid.field("plan", "Mã chỉ tiêu chỉ rõ nghĩa trong một kế hoạch. Hãy nêu kế hoạch.")
        key = _id_of(item.indicator) or item.indicator
        plan = item.plan and (_id_of(item.plan) or item.plan)
        found = [
            one
            for one, plan_code in self._indicators
            if key in (one.id, one.code) and (plan is None or plan in (one.plan_id, plan_code))
        ]
        if not found:
            raise NotFound("Không tìm thấy chỉ tiêu này. Hãy kiểm tra mã chỉ tiêu và kế hoạch.")
        if len(found) > 1:
            raise Invalid.field("indicator", "Có nhiều chỉ tiêu mang mã này. Hãy nêu id của chỉ tiêu.")
        return found[0]

    def _unit(self, item: BatchItem, locality_id: UUID) -> Unit:
        key = _id_of(item.unit) or item.unit
        for unit in self._units:
            if unit.locality_id == locality_id and key in (unit.id, unit.code):
                return unit
        raise NotFound("Không tìm thấy đơn vị này ở địa phương của chỉ tiêu. Hãy kiểm tra mã đơn vị.")

    def _period(self, locality_id: UUID, label_or_id: str) -> Period:
        key = (locality_id, label_or_id)
        if key not in self._periods:
            try:
                self._periods[key] = find_period(self._work, locality_id, label_or_id)
            except TienDoError as error:
                self._periods[key] = error
        found = self._periods[key]
        if isinstance(found, TienDoError):
            raise found
        return found


def _indicators_named(work: Work, items: Sequence[BatchItem]) -> list[tuple[Indicator, str]]:
    """Each with the code of its plan."""
    ids, names = _apart(item.indicator for item in items)
    plan_ids, plan_names = _apart(item.plan for item in items if item.plan)
    of_plans = or_(plans.id.in_(plan_ids), plans.code.in_(plan_names))
    statement = (
        visible(work, Indicator, indicators, plans.code)
        .join(plans, plans.id == indicators.plan_id)
        .where(or_(indicators.id.in_(ids), and_(indicators.code.in_(names), of_plans)))
        .order_by(indicators.id)
    )
    return [(row[0], row[1]) for row in work.session.execute(statement)]


def _units_named(work: Work, items: Sequence[BatchItem]) -> list[Unit]:
    ids, names = _apart(item.unit for item in items)
    named = or_(units.id.in_(ids), units.code.in_(names))
    return list(work.session.scalars(visible(work, Unit).where(named).order_by(units.id)))


def _apart(given: Iterable[str]) -> tuple[list[UUID], list[str]]:
    """Ids, and codes or labels."""
    texts = sorted(set(given))
    ids = [key for key in map(_id_of, texts) if key is not None]
    return ids, [text for text in texts if _id_of(text) is None]


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
