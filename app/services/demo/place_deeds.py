"""What is done to a whole commune of the demo's story: periods, urgings, changes of units."""

from collections.abc import Callable, Sequence
from typing import Any

from app.services.demo.stage import Stage
from app.services.demo.timeline import Row
from app.services.handing_over import RowDecisionsInput, decide_rows
from app.services.period import PeriodInput, close_period, find_period, open_period
from app.services.period_clock import list_due_reminders, remind_due_period
from app.services.period_exception import ExceptionInput, except_unit
from app.services.unit import UnitInput
from app.services.unit_change import UnitChangeInput, change_units
from app.services.urging import UrgingAnswerInput, UrgingInput, answer_urging, send_urgings
from app.services.urging_step_up import step_up
from app.work import Work

Deed = Callable[[Work, Stage, dict[str, Any]], object]


def _open_period(work: Work, stage: Stage, said: dict[str, Any]) -> None:
    open_period(work, PeriodInput(locality=stage.place.locality_id, **said))
    stage.forget_rows()


def _close_period(work: Work, stage: Stage, said: dict[str, Any]) -> None:
    period = find_period(work, stage.place.locality_id, said["label"])
    close_period(work, period.id, period.version)


def _remind(work: Work, stage: Stage, said: dict[str, Any]) -> None:
    """As the clock does: whatever is due to be reminded of."""
    period = find_period(work, stage.place.locality_id, said["label"])
    for reminder in list_due_reminders(work):
        if reminder.period_id == period.id:
            remind_due_period(work, reminder)


def _except_unit(work: Work, stage: Stage, said: dict[str, Any]) -> None:
    period = find_period(work, stage.place.locality_id, said["period"])
    unit = stage.place.units[said["unit"]]
    except_unit(work, period.id, ExceptionInput(unit=unit, due_on=said["due_on"], reason=said["reason"]))


def _urge(work: Work, stage: Stage, said: dict[str, Any]) -> None:
    """`name` is how the story calls the urging of the first unit."""
    rows: Sequence[Row] = said["rows"]
    how = {key: value for key, value in said.items() if key not in ("name", "rows")}
    sent = send_urgings(work, UrgingInput(assignments=[stage.row(work, row) for row in rows], **how))
    stage.named[said["name"]] = sent[0].id


def _answer_urging(work: Work, stage: Stage, said: dict[str, Any]) -> None:
    answer_urging(work, stage.named[said["name"]], UrgingAnswerInput(text=said["text"]))


def _step_up(work: Work, stage: Stage, said: dict[str, Any]) -> None:
    told = step_up(work, stage.named[said["name"]])
    if told is not None:
        stage.named[said["as"]] = told.id


def _change_units(work: Work, stage: Stage, said: dict[str, Any]) -> None:
    """What was proposed for the open rows of units that ended is decided at once."""
    units = stage.place.units
    new = [UnitInput(**said["new_unit"])] if "new_unit" in said else []
    how = {key: value for key, value in said.items() if key not in ("units", "new_unit")}
    wanted = UnitChangeInput(units=[units[code] for code in said["units"]], new_units=new, **how)
    change = change_units(work, wanted, stage.place.locality_id)
    if said["kind"] != "rename":
        decide_rows(work, change.id, RowDecisionsInput(as_proposed=True))
    stage.forget_rows()


PLACE_DEEDS: dict[str, Deed] = {
    "open_period": _open_period,
    "close_period": _close_period,
    "remind": _remind,
    "except_unit": _except_unit,
    "urge": _urge,
    "answer_urging": _answer_urging,
    "step_up": _step_up,
    "change_units": _change_units,
}
