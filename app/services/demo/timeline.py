"""From the demo's story to who did what at which moment. Pure: no database, no clock.

The story says when reports were sent and answered. What it leaves open is filled in the same way each time: a unit
takes notice of its rows at one sitting in the week after they came, begins about two weeks later, and says what
holds it up ten days before the deadline (or before the day the story is told).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from app.services.demo.sample import Story
from app.services.period_rules import working_day
from app.work import VIETNAM

OPENING, UNITS, OFFICE, CLOSING = time(7, 30), time(7, 50), time(13, 40), time(16, 30)
CLOCK = "đồng hồ"  # who does what nobody presses a button for
PER_ACT, BETWEEN_PEOPLE = timedelta(minutes=2), timedelta(minutes=4)
ONE_DAY, TEN_DAYS = timedelta(days=1), timedelta(days=10)
FIGURE_PARTS = ("numerator", "denominator", "value", "level", "flag", "note")
REPORT_PARTS = ("result", "difficulty", "proposal", "progress")
URGING_PARTS = ("channel", "step_up_after", "text")
CHANGE_PARTS = ("kind", "effective_on", "units", "new_unit", "name", "short_name", "basis", "note")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a unit: of a duty, path (code of the organisation it was given to, number); of a task of the tasks
    section, path (heading, number); of a figure, path (number,). All numbers 1-based, in the order of the text."""

    kind: str
    path: tuple[str | int, ...]
    unit: str
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """`verb` is a key of DEEDS (row_deeds.py) where it is done to a `row`, else of PLACE_DEEDS (place_deeds.py);
    `said` what the service is given with it."""

    locality: str
    day: date
    part: time
    login: str
    verb: str
    row: Row | None = None
    said: Story = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sitting:
    """What one person does in a row, each act with its moment: one transaction."""

    locality: str
    login: str
    acts: tuple[tuple[datetime, Act], ...]


def moment(day: str | date, at: time) -> datetime:
    return datetime.combine(date.fromisoformat(str(day)), at, VIETNAM)


def sittings(acts: Iterable[Act]) -> Iterator[Sitting]:
    """In the order of time, so that each locality's history reads forward."""
    ordered = sorted(acts, key=lambda act: (act.day, act.part, act.locality, act.login))
    clocks: dict[str, datetime] = {}
    for (day, part, locality, login), together in groupby(
        ordered, key=lambda act: (act.day, act.part, act.locality, act.login)
    ):
        at = max(moment(day, part), clocks.get(locality, moment(day, part)))
        timed = tuple((at + number * PER_ACT, act) for number, act in enumerate(together))
        clocks[locality] = timed[-1][0] + BETWEEN_PEOPLE
        yield Sitting(locality, login, timed)


def tell(story: Story) -> list[Act]:
    """Every act after the plans were issued; what one row goes through stands in its order."""
    acts: list[Act] = []
    for place in story["localities"]:
        teller = _Teller(story, place)
        acts += [*teller.periods(), *teller.tasks(), *teller.reports(), *teller.figures(), *teller.remarks()]
        acts += [*teller.evidence(), *teller.urgings(), *teller.unit_changes()]
    return acts


class _Teller:
    """One commune's part of the story."""

    def __init__(self, story: Story, place: Story) -> None:
        self.story = story
        self.place = place
        self.told_on = date.fromisoformat(story["today"])
        self.opened_on = {p["label"]: date.fromisoformat(p["opened_on"]) for p in story["periods"]}
        self.due_on = {p["label"]: date.fromisoformat(p["due_on"]) for p in story["periods"]}
        self.issued_on = min(self.opened_on.values())
        self.members = {group["code"]: group["members"] for group in place["groups"]}
        self.officers = {p["unit"]: p["login"] for p in place["people"] if p["role"] == "unit"}
        carriers = [*place["units"], *place["groups"]]
        self.places = {one["code"]: number for number, one in enumerate(carriers)}

    def periods(self) -> Iterator[Act]:
        """The first is opened by issuing the plan. Where the plan names its scheme the clock opens the others and
        reminds; elsewhere the office does."""
        reporting = self.place.get("reporting")
        opener = CLOCK if reporting else self.place["office"]
        for number, period in enumerate(self.story["periods"]):
            label = {"label": period["label"]}
            if period.get("only_where_clock") and not reporting:
                continue
            if number:
                yield self._act(period["opened_on"], opener, "open_period", None, label, OPENING)
            if period["closed_on"]:
                yield self._office(period["closed_on"], "close_period", None, label, CLOSING)
        for label, days in (reporting["reminded_on"] if reporting else {}).items():
            for day in days:
                yield self._act(day, CLOCK, "remind", None, {"label": label}, OPENING)
        for told in self._of_place("exceptions"):
            said = {name: told[name] for name in ("period", "unit", "due_on", "reason")}
            yield self._act(told["on"], told["by"], "except_unit", None, said, OFFICE)

    def reports(self) -> Iterator[Act]:
        for told in self._of_place("reports"):
            period = told["period"]
            yield from self._row(_duty_row(told), told, self.opened_on[period], self.due_on[period])

    def tasks(self) -> Iterator[Act]:
        for told in self.place["tasks"]:
            due_on = date.fromisoformat(told["due_on"])
            alone = {told["lead"]: {**told.get("report", {}), "state": told.get("state")}}
            for code, answer in told.get("members", alone).items():
                yield from self._row(_task_row(told, code), answer, self.issued_on, due_on)
            if "extension" in told:
                yield from self._extension(_task_row(told, told["lead"]), told["extension"])
            for code in self._units_of(told["cooperate"]):
                yield from self._cooperation(told, _task_row(told, code), due_on)

    def figures(self) -> Iterator[Act]:
        for told in self._of_place("submissions"):
            row = Row("figure", (told["indicator"],), told["unit"], told["period"])
            if "sent_on" in told:
                said = {part: told[part] for part in FIGURE_PARTS if part in told}
                yield self._act(told["sent_on"], told["by"], "send", row, said)
            if "decision" in told:
                yield self._decision(row, told["decision"], "_figure")
            if "reopened" in told:
                again = told["reopened"]
                yield self._office(again["on"], "reopen_figure", row, {"reason": again["reason"]})

    def remarks(self) -> Iterator[Act]:
        for told in self._of_place("remarks"):
            said = {"text": told["text"]}
            yield self._act(told["on"], told["by"], "remark", _row_of(told), said, OFFICE)

    def evidence(self) -> Iterator[Act]:
        for told in self._of_place("evidence"):
            yield self._act(
                told["on"], told["by"], "lay_evidence", _row_of(told), {"name": told["name"]}, OFFICE
            )

    def urgings(self) -> Iterator[Act]:
        """What was asked for, what was answered, and what the clock told a superior in between."""
        for told in self._of_place("urgings"):
            name = {"name": told["name"]}
            said = {key: told[key] for key in URGING_PARTS if key in told}
            rows = tuple(_row_of(row) for row in told["rows"])
            yield self._office(told["on"], "urge", None, {**name, "rows": rows, **said})
            if "answer" in told:
                yield self._answer(name, told["answer"])
            if "stepped_up" in told:
                up = told["stepped_up"]
                above = {"name": f"{told['name']}, cấp trên"}
                yield self._act(up["on"], CLOCK, "step_up", None, {**name, "as": above["name"]}, OPENING)
                yield self._answer(above, up["answer"])

    def unit_changes(self) -> Iterator[Act]:
        for told in self._of_place("unit_changes"):
            said = {key: told[key] for key in CHANGE_PARTS if key in told}
            yield self._office(told["on"], "change_units", None, said)

    def _answer(self, name: Story, told: Story) -> Act:
        return self._act(told["on"], told["by"], "answer_urging", None, {**name, "text": told["text"]})

    def _extension(self, row: Row, told: Story) -> Iterator[Act]:
        asked = {"asked_due_on": told["asked_due_on"], "reason": told["reason"]}
        yield self._act(told["on"], told["by"], "ask_for_time", row, asked)
        if "decision" in told:
            given = told["decision"]
            verb = {"granted": "grant_time", "refused": "refuse_time"}[given["kind"]]
            said = {key: given[key] for key in ("due_on", "reason") if key in given}
            yield self._act(given["on"], given["by"], verb, row, said, OFFICE)

    def _waive_request(self, row: Row, told: Story) -> Iterator[Act]:
        yield self._act(told["on"], told["by"], "ask_to_waive", row, {"reason": told["reason"]})
        if "answer" in told:
            answer = told["answer"]
            said = {"answer": answer["kind"], "text": answer.get("reason")}
            yield self._act(answer["on"], answer["by"], "answer_question", row, said, OFFICE)

    def _row(self, row: Row, told: Story, since: date, due_on: date) -> Iterator[Act]:
        """What happened to one row up to where the story says it stands."""
        if told["state"] == "waived" and "decision" in told:
            yield self._decision(row, told["decision"])
        if "waive_request" in told:
            yield from self._waive_request(row, told["waive_request"])
        if "by" not in told:
            return
        sent = [*told.get("earlier", ()), told] if "sent_on" in told else []
        noticed_on = self._noticed_on(row.unit, since, [date.fromisoformat(one["sent_on"]) for one in sent])
        yield self._act(noticed_on, told["by"], "acknowledge", row)
        if told["state"] == "in_progress":
            yield self._start(row, told["by"], noticed_on)
        if "blocked_reason" in told:
            blocked_on = working_day(min(due_on, self.told_on) - TEN_DAYS)
            yield self._act(blocked_on, told["by"], "block", row, {"reason": told["blocked_reason"]})
        for one in sent:
            said = {part: one[part] for part in REPORT_PARTS if part in one}
            yield self._act(one["sent_on"], told["by"], "report", row, said)
            if "decision" in one:
                yield self._decision(row, one["decision"])

    def _cooperation(self, told: Story, row: Row, due_on: date) -> Iterator[Act]:
        """A cooperating unit does its part before the lead reports, and says so in a remark, which goes to the lead.
        Where nobody of the unit has an account yet, it says nothing."""
        officer = self.officers.get(row.unit)
        if officer is None or told.get("state") != "confirmed":
            return
        ahead = timedelta(days=2 + self.places[row.unit] % 5)
        said_on = working_day(min(due_on, date.fromisoformat(told["report"]["sent_on"])) - ahead)
        yield self._act(said_on, officer, "remark", row, {"text": told["cooperation"]})

    def _noticed_on(self, unit: str, since: date, sent_on: list[date]) -> date:
        """In the week after the rows came, all rows of a unit on one day; never after it already reported."""
        return min([working_day(since + ONE_DAY * (1 + self.places[unit] % 6)), *sent_on])

    def _start(self, row: Row, login: str, noticed_on: date) -> Act:
        started_on = working_day(noticed_on + TEN_DAYS + ONE_DAY * (self.places[row.unit] % 7))
        return self._act(started_on, login, "start", row)

    def _decision(self, row: Row, told: Story, of: str = "") -> Act:
        verb = {"confirmed": "confirm", "returned": "return", "accepted": "accept", "waived": "waive"}
        said = {"reason": told["reason"]} if "reason" in told else {}
        return self._act(told["on"], told["by"], verb[told["kind"]] + of, row, said, OFFICE)

    def _office(
        self, day: str | date, verb: str, row: Row | None, said: Any = None, part: time = OFFICE
    ) -> Act:
        return self._act(day, self.place["office"], verb, row, said, part)

    def _act(
        self, day: str | date, login: str, verb: str, row: Row | None, said: Any = None, part: time = UNITS
    ) -> Act:
        on = date.fromisoformat(str(day))
        return Act(self.place["code"], on, part, login, verb, row, said or {})

    def _of_place(self, name: str) -> Iterator[Story]:
        return (told for told in self.story[name] if told["locality"] == self.place["code"])

    def _units_of(self, codes: Iterable[str]) -> dict[str, None]:
        """Units once each, a group standing for its members."""
        return dict.fromkeys(unit for code in codes for unit in self.members.get(code, [code]))


def _row_of(told: Story) -> Row:
    return _task_row(told, told["unit"]) if "task" in told else _duty_row(told)


def _duty_row(told: Story) -> Row:
    return Row("duty", (told.get("group") or told["unit"], told["duty"]), told["unit"], told["period"])


def _task_row(told: Story, unit: str) -> Row:
    return Row("task", (told["task_group"], told["task"]), unit)
