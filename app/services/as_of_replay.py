"""What a row of work or a figure was on an evening, told from what happened to it (decision 0028). Pure: no database.

It begins as it was made and goes through its events in the order of the history. What happened to many rows at once (a
task's new due date, a unit's own date in a period) happens to each as it stood then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from app.services.carrying import DECIDED
from app.services.deadlines import keeps_own_day
from app.services.period_standing import MISSING_ASSIGNMENTS
from app.services.states import MISSING_SUBMISSIONS
from app.work import VIETNAM

Happened = Any  # a row of the event table: number, at, kind, subject_id, unit_id, data

_MISSING = frozenset((*MISSING_ASSIGNMENTS, *MISSING_SUBMISSIONS))


@dataclass(slots=True)
class Then:
    """A row as it stood. `thing_id`: its task or its indicator. `is_decided`: the last report was answered."""

    unit_id: UUID
    thing_id: UUID
    state: str
    due_on: date | None = None
    first_due_on: date | None = None
    extended: int = 0
    state_reason: str | None = None
    blocked_reason: str | None = None
    reported_on: date | None = None
    done_on: date | None = None
    is_decided: bool = True


@dataclass(frozen=True, slots=True)
class Shared:
    """What happened to more than one row, each in the order of the history: changes of tasks' due dates, by task;
    units' own dates, by period. `things`: tasks and indicators by id, with what they go on from and, of tasks, `due_on`
    now; `due_of_period`: the day a period is due."""

    things: Mapping[UUID, Any]
    due_of_period: Mapping[UUID, date]
    task_changes: Mapping[UUID, Sequence[Happened]] = field(default_factory=dict)
    own_dates: Mapping[UUID, Sequence[Happened]] = field(default_factory=dict)

    def due_of_task(self, task_id: UUID, is_later: Callable[[Happened], bool]) -> date | None:
        """Before the first change of it that is later; else its due date now."""
        later = next((one for one in self.task_changes.get(task_id, ()) if is_later(one)), None)
        if later is not None:
            return _day(later.data.get("due_on_before"))
        due_on: date | None = self.things[task_id].due_on
        return due_on

    def due_in_period(
        self, period_id: UUID, unit_id: UUID, is_earlier: Callable[[Happened], bool]
    ) -> date | None:
        """The last date of its own that the unit was given earlier; else the period's."""
        given = [
            one for one in self.own_dates.get(period_id, ()) if one.unit_id == unit_id and is_earlier(one)
        ]
        return _day(given[-1].data["due_on"]) if given else self.due_of_period[period_id]


def replay(row: Any, own: Sequence[Happened], shared: Shared, until: datetime) -> Then:
    """`row` as it is stored (id, unit_id, thing_id, period_id, created_at, state, role), `own`: everything that ever
    happened to it, in the order of the history. `until` is not included."""
    chain = _chain(row.thing_id, sum(one.kind in _MOVES for one in own), shared.things)
    then = _begun(row, own, chain[0], shared)
    for one in _in_order(row, own, chain, shared):
        if one.at >= until:
            continue
        if one.kind in _MOVES:
            then.thing_id = chain[chain.index(then.thing_id) + 1]
        if (state := _STATE_AFTER.get(one.kind)) is not None:
            then.state = state
        if (step := _STEPS.get(one.kind)) is not None:
            step(then, one, row, shared)
    return then


def _chain(thing_id: UUID, moves: int, things: Mapping[UUID, Any]) -> list[UUID]:
    """The tasks (or indicators) the row belonged to, the first first: it moved to the one that went on from it."""
    chain = [thing_id]
    for _ in range(moves):
        chain.insert(0, things[chain[0]].previous_id)
    return chain


def _begun(row: Any, own: Sequence[Happened], thing_id: UUID, shared: Shared) -> Then:
    """The row as it was made."""
    handed = next((one for one in own if one.kind in _HANDED), None)
    unit_id = UUID(handed.data["from_unit"]) if handed else row.unit_id
    then = Then(unit_id, thing_id, _first_state(row, own))
    if row.period_id is None:
        then.due_on = shared.due_of_task(thing_id, lambda one: one.at > row.created_at)
        return then
    then.due_on = shared.due_in_period(row.period_id, unit_id, lambda one: one.at <= row.created_at)
    if then.due_on != (due_on := shared.due_of_period[row.period_id]):
        then.first_due_on, then.extended = due_on, 1
    return then


def _first_state(row: Any, own: Sequence[Happened]) -> str:
    """A row somebody else led when it was made supported. What became of it first says so; a row that was ended
    before that was written down, and one that nothing happened to, by what it is."""
    if not hasattr(row, "role"):
        return "expected"
    for one in own:
        if one.kind == "assignment_made_own":
            return "supporting"
        if one.kind == "assignment_cancelled":
            was = one.data.get("state_before") or ("supporting" if row.role == "cooperate" else "assigned")
            return "supporting" if was == "supporting" else "assigned"
        if one.kind in _NOT_SUPPORTING:
            return "assigned"
    return "supporting" if row.state == "supporting" else "assigned"


def _in_order(row: Any, own: Sequence[Happened], chain: Sequence[UUID], shared: Shared) -> Iterable[Happened]:
    if row.period_id is None:
        beside = [one for key in chain for one in shared.task_changes.get(key, ())]
    else:
        beside = list(shared.own_dates.get(row.period_id, ()))
    beside = [one for one in beside if one.at >= row.created_at]
    return sorted([*own, *beside], key=attrgetter("number")) if beside else own


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# What an event does beside the state. Each takes the row as it stood, what happened, the row as stored, what is shared.


def _reported(then: Then, one: Happened, *_: Any) -> None:
    then.reported_on = one.at.astimezone(VIETNAM).date()
    then.state_reason, then.is_decided = None, False


def _confirmed(then: Then, *_: Any) -> None:
    then.done_on, then.blocked_reason, then.is_decided = then.reported_on, None, True


def _returned(then: Then, one: Happened, *_: Any) -> None:
    then.state_reason, then.is_decided = one.data["reason"], True


def _ended(then: Then, one: Happened, *_: Any) -> None:
    then.state_reason = one.data["reason"]


def _started(then: Then, *_: Any) -> None:
    then.state_reason = None


def _reopened(then: Then, one: Happened, *_: Any) -> None:
    then.state = "in_progress" if then.state == "confirmed" else "assigned"
    then.state_reason, then.done_on = one.data["reason"], None


def _recalled(then: Then, *_: Any) -> None:
    """As any_of_group.py opens a row again: a report that waited waits again, a returned one is returned."""
    if then.reported_on is None:
        then.state = "assigned"
    elif not then.is_decided:
        then.state = "reported"
    else:
        then.state = "returned" if then.state_reason else "assigned"


def _restored(then: Then, one: Happened, row: Any, shared: Shared) -> None:
    then.state_reason = None
    if row.period_id is None:
        then.due_on = shared.due_of_task(then.thing_id, lambda other: other.number > one.number)
    else:
        then.due_on = shared.due_in_period(
            row.period_id, then.unit_id, lambda other: other.number < one.number
        )


def _blocked(then: Then, one: Happened, *_: Any) -> None:
    then.blocked_reason = one.data["reason"]


def _unblocked(then: Then, *_: Any) -> None:
    then.blocked_reason = None


def _extended(then: Then, one: Happened, *_: Any) -> None:
    _give_own_day(then, _day(one.data["due_on"]))


def _given_own_date(then: Then, one: Happened, *_: Any) -> None:
    """In a period: what the unit has reported keeps its date."""
    due_on = _day(one.data["due_on"])
    if one.unit_id == then.unit_id and then.state in _MISSING and then.due_on != due_on:
        _give_own_day(then, due_on)


def _give_own_day(then: Then, due_on: date | None) -> None:
    then.first_due_on = then.first_due_on or then.due_on
    then.due_on, then.extended = due_on, then.extended + 1


def _task_changed(then: Then, one: Happened, *_: Any) -> None:
    due_on = _day(one.data.get("due_on"))
    if one.subject_id == then.thing_id and then.state not in DECIDED and not keeps_own_day(then, due_on):
        then.due_on = due_on


def _moved(then: Then, one: Happened, *_: Any) -> None:
    if "due_on" in one.data or "due_on_before" in one.data:
        then.due_on = _day(one.data.get("due_on"))


def _handed_over(then: Then, one: Happened, *_: Any) -> None:
    then.unit_id = UUID(one.data["to_unit"])


_MOVES = ("assignment_moved", "submission_moved")
_HANDED = ("assignment_handed_over", "submission_handed_over")
_NOT_SUPPORTING = (
    "assignment_made_supporting",
    "assignment_acknowledged",
    "assignment_started",
    "assignment_reported",
    "assignment_blocked",
    "assignment_waived",
    "assignment_released",
)
_STATE_AFTER = {
    "assignment_acknowledged": "acknowledged",
    "assignment_started": "in_progress",
    "assignment_reported": "reported",
    "assignment_confirmed": "confirmed",
    "assignment_returned": "returned",
    "assignment_waived": "waived",
    "assignment_released": "not_needed",
    "assignment_cancelled": "cancelled",
    "assignment_restored": "assigned",
    "assignment_made_supporting": "supporting",
    "assignment_made_own": "assigned",
    "submission_sent": "sent",
    "submission_accepted": "accepted",
    "submission_returned": "returned",
    "submission_reopened": "reopened",
    "submission_waived": "waived",
}
_STEPS: dict[str, Callable[[Then, Happened, Any, Shared], None]] = {
    "assignment_started": _started,
    "assignment_reported": _reported,
    "assignment_confirmed": _confirmed,
    "assignment_returned": _returned,
    "assignment_waived": _ended,
    "assignment_cancelled": _ended,
    "assignment_reopened": _reopened,
    "assignment_recalled": _recalled,
    "assignment_restored": _restored,
    "assignment_blocked": _blocked,
    "assignment_unblocked": _unblocked,
    "assignment_made_supporting": _unblocked,
    "assignment_moved": _moved,
    "extension_granted": _extended,
    "period_excepted": _given_own_date,
    "task_changed": _task_changed,
    **dict.fromkeys(_HANDED, _handed_over),
}
# Of a row itself; `task_changed` and `period_excepted` happen to what it hangs on.
REPLAYED = tuple(sorted({*_STATE_AFTER, *_STEPS, *_MOVES} - {"task_changed", "period_excepted"}))
