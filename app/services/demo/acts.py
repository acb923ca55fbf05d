"""Acting the demo's story out through the services, each act as the person who did it, at its moment."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.database import Database
from app.models import Assignment, Indicator, Period, Submission, Task, Unit
from app.models.base import columns
from app.services.assignment import (
    ReasonInput,
    ReportInput,
    acknowledge_assignment,
    block_assignment,
    confirm_assignment,
    report_assignment,
    return_assignment,
    start_assignment,
    waive_assignment,
)
from app.services.demo.places import Place
from app.services.demo.timeline import Act, Row, Sitting
from app.services.period import PeriodInput, close_period, find_period, open_period
from app.services.remark import RemarkInput, remark_on_assignment
from app.services.submission import (
    SubmissionInput,
    accept_submission,
    reopen_submission,
    return_submission,
    send_submission,
    waive_submission,
)
from app.settings import Settings
from app.work import Work, open_work

assignments, submissions, tasks = columns(Assignment), columns(Submission), columns(Task)
indicators, periods, units = columns(Indicator), columns(Period), columns(Unit)

Deed = Callable[[Work, UUID, dict[str, Any]], object]


class Stage:
    """One commune's rows, found by what the story calls them."""

    def __init__(self, database: Database, settings: Settings, place: Place) -> None:
        self.database = database
        self.settings = settings
        self.place = place
        self._rows: dict[Row, UUID] = {}

    def play(self, sitting: Sitting, until: datetime) -> int:
        """Do what lies before `until` in one transaction; the number of acts left out."""
        due = [(at, act) for at, act in sitting.acts if at <= until]
        if due:
            actor = self.place.actors[sitting.login]
            with open_work(self.database, self.settings, actor=actor, now=due[0][0]) as work:
                for at, act in due:
                    work.now = at
                    self._do(work, act)
        return len(sitting.acts) - len(due)

    def _do(self, work: Work, act: Act) -> None:
        if act.row is None:
            _PERIOD_DEEDS[act.verb](work, self.place.locality_id, act.said)
            self._rows.clear()
            return
        if not self._rows:
            self._rows = _rows_of(work, self.place)
        DEEDS[act.verb](work, self._rows[act.row], act.said)


def _send(work: Work, submission_id: UUID, said: dict[str, Any]) -> None:
    row = work.get(Submission, submission_id)
    send_submission(
        work,
        SubmissionInput(indicator=row.indicator_id, unit=row.unit_id, period=str(row.period_id), **said),
    )


def _close_period(work: Work, locality_id: UUID, said: dict[str, Any]) -> None:
    period = find_period(work, locality_id, said["label"])
    close_period(work, period.id, period.version)


_PERIOD_DEEDS: dict[str, Deed] = {
    "open_period": lambda work, place, said: open_period(work, PeriodInput(locality=place, **said)),
    "close_period": _close_period,
}
DEEDS: dict[str, Deed] = {
    "acknowledge": lambda work, row, said: acknowledge_assignment(work, row),
    "start": lambda work, row, said: start_assignment(work, row),
    "block": lambda work, row, said: block_assignment(work, row, ReasonInput(**said)),
    "report": lambda work, row, said: report_assignment(work, row, ReportInput(**said)),
    "confirm": lambda work, row, said: confirm_assignment(work, row),
    "return": lambda work, row, said: return_assignment(work, row, ReasonInput(**said)),
    "waive": lambda work, row, said: waive_assignment(work, row, ReasonInput(**said)),
    "remark": lambda work, row, said: remark_on_assignment(work, row, RemarkInput(**said)),
    "send": _send,
    "accept_figure": lambda work, row, said: accept_submission(work, row),
    "return_figure": lambda work, row, said: return_submission(work, row, ReasonInput(**said)),
    "reopen_figure": lambda work, row, said: reopen_submission(work, row, ReasonInput(**said)),
    "waive_figure": lambda work, row, said: waive_submission(work, row, ReasonInput(**said)),
}


def _rows_of(work: Work, place: Place) -> dict[Row, UUID]:
    """Every row of the commune. Read past what the actor may see: the story already says who touches which."""
    paths = _paths_of_tasks(work, place)
    found = {}
    for key, task_id, unit, period in work.session.execute(
        select(assignments.id, assignments.task_id, units.code, periods.label)
        .join(units, units.id == assignments.unit_id)
        .outerjoin(periods, periods.id == assignments.period_id)
        .where(assignments.locality_id == place.locality_id)
    ):
        kind, path = paths[task_id]
        found[Row(kind, path, unit, period)] = key
    for key, number, unit, period in work.session.execute(
        select(submissions.id, indicators.ordinal, units.code, periods.label)
        .join(indicators, indicators.id == submissions.indicator_id)
        .join(units, units.id == submissions.unit_id)
        .join(periods, periods.id == submissions.period_id)
        .where(submissions.locality_id == place.locality_id)
    ):
        found[Row("figure", (number,), unit, period)] = key
    return found


def _paths_of_tasks(work: Work, place: Place) -> dict[UUID, tuple[str, tuple[str | int, ...]]]:
    """Duties stand under the name of their organisation, tasks under a heading; both in the order of the text."""
    told = [*place.story["units"], *place.story["groups"]]
    codes = {unit["name"]: unit["code"] for unit in told}
    numbers: dict[str, int] = {}
    headings: dict[str, int] = {}
    found: dict[UUID, tuple[str, tuple[str | int, ...]]] = {}
    statement = select(tasks.id, tasks.section).where(tasks.locality_id == place.locality_id)
    for key, section in work.session.execute(statement.order_by(tasks.ordinal)):
        if section is None:  # a milestone: nobody carries it out by a row
            continue
        number = numbers[section] = numbers.get(section, 0) + 1
        if section in codes:
            found[key] = ("duty", (codes[section], number))
        else:
            found[key] = ("task", (headings.setdefault(section, len(headings) + 1), number))
    return found
