"""One commune's rows and whatever else the demo's story gives a name, found by what it calls them."""

from uuid import UUID

from sqlalchemy import select

from app.models import Assignment, Indicator, Period, Submission, Task, Unit
from app.models.base import columns
from app.services.demo.places import Place
from app.services.demo.timeline import Row
from app.work import Work

assignments, submissions, tasks = columns(Assignment), columns(Submission), columns(Task)
indicators, periods, units = columns(Indicator), columns(Period), columns(Unit)


class Stage:
    def __init__(self, place: Place) -> None:
        self.place = place
        self.named: dict[str, UUID] = {}
        self._rows: dict[Row, UUID] = {}

    def row(self, work: Work, row: Row) -> UUID:
        if not self._rows:
            self._rows = _rows_of(work, self.place)
        return self._rows[row]

    def forget_rows(self) -> None:
        """After rows were made or went to another unit."""
        self._rows.clear()


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
