"""One commune's rows.

24 organisations (three of them groups), one issued plan with 120 tasks and 40 indicators, four quarters of 2026
(the last one open), 800 assignments, 30 current ones on the measured board. The measured commune has reports and
a chained history of every step, one row with thirty; another has a hundred events.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from app.models import (
    Account,
    Assignment,
    Document,
    IndicatorOwner,
    Locality,
    Membership,
    Period,
    PeriodScheme,
    Plan,
    ReportDecision,
    Responsibility,
    StoredFile,
    Submission,
    SubmissionVersion,
    Task,
    TaskReport,
    Unit,
    UnitGroup,
    UnitGroupMember,
)
from app.permissions import Role
from app.services.period_rules import SHIPPED_SCHEMES, span_of_label
from app.text import compare_key, fold
from bench import words
from bench.figures import add_indicator
from bench.history import History
from bench.rows import Rows

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
BEGIN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
BOARD_DATED, BOARD_STANDING = 6, 24
GROUP_TASKS, OTHER_DATED, TASKS, INDICATORS, BOARD_INDICATORS = 10, 14, 120, 40, 6
ASSIGNMENTS = 800
HISTORY_ROWS = 30
PLAIN_EVENTS = 100
_fold, _compare_key = cache(fold), cache(compare_key)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the load runs need to know of the measured commune."""

    locality: UUID
    board_unit: UUID
    plan: UUID
    rich_assignment: UUID
    indicators: tuple[UUID, ...]
    office: UUID
    officer: UUID


class Commune:
    """Adds one commune's rows."""

    def __init__(self, rows: Rows, number: int, province: UUID, *, is_measured: bool) -> None:
        first, second = words.FIRST[number % 20], words.SECOND[number // 20 % 20]
        self.rows, self.number, self.is_measured = rows, number, is_measured
        self.chance = random.Random(number)
        self.name = f"xã {first} {second}" + (f" {number // 400 + 1}" if number >= 400 else "")
        self.code = f"{10000 + number}"
        self.locality: UUID = rows.add(
            Locality,
            parent_id=province,
            code=self.code,
            name=self.name.capitalize(),
            folded=fold(self.name),
            kind="commune",
            created_at=BEGIN,
        )
        self.history = History(rows, self.locality)
        self._happened = self.history.add
        self.rich: UUID | None = None

    def add(self, model: Any, **values: Any) -> UUID:
        key: UUID = self.rows.add(model, locality_id=self.locality, **values)
        return key

    def fill(self) -> None:
        self._periods()
        self._organisations()
        self.office = self._person("vp", Role.OFFICE, None)
        self.officer = self._person("cb", Role.UNIT, self.board_unit)
        self._plan()
        self._tasks()
        self.indicators = self._indicators()
        if not self.is_measured:
            for row in self.rows.of[Assignment][1 - PLAIN_EVENTS :]:
                self._happened("assignment_acknowledged", "assignment", row["id"], row["unit_id"], BEGIN)
        self.history.close(self.office, "Văn phòng")

    def measured(self) -> Measured:
        """Once filled, what the load runs ask for."""
        assert self.rich is not None
        return Measured(
            self.locality, self.board_unit, self.plan, self.rich, self.indicators, self.office, self.officer
        )

    def _periods(self) -> None:
        scheme_name, rules = SHIPPED_SCHEMES["calendar"]
        scheme = self.add(PeriodScheme, code="calendar", name=scheme_name, rules=rules)
        self.periods: list[tuple[UUID, date, bool]] = []
        for label in QUARTERS:
            span, is_open = _span(label), label == QUARTERS[-1]
            key = self.add(
                Period,
                scheme_id=scheme,
                cycle=span.cycle,
                label=label,
                name=span.name,
                starts_on=span.starts_on,
                ends_on=span.ends_on,
                due_on=span.due_on,
                locks_on=span.locks_on,
                state="open" if is_open else "closed",
                opened_at=BEGIN,
                closed_at=None if is_open else BEGIN + timedelta(days=300),
            )
            self.periods.append((key, span.due_on, is_open))

    def _organisations(self) -> None:
        bodies = [self._unit(kind, name.format(self.name)) for kind, name in words.BODIES]
        villages = [self._unit("party_cell_village", f"Chi bộ thôn {v}") for v in words.VILLAGES]
        schools = [self._unit("party_cell_school", f"Chi bộ Trường {s}") for s in words.SCHOOLS]
        self.units = [*bodies, *villages, *schools]
        self.board_unit = bodies[4]
        self.groups = {
            self._unit("group", name): members
            for name, members in zip(words.GROUPS, (villages[:6], schools, bodies[7:]), strict=True)
        }
        for group, members in self.groups.items():
            self.add(UnitGroup, id=group)
            for member in members:
                self.add(UnitGroupMember, group_id=group, unit_id=member, valid_from=date(2026, 1, 1))

    def _unit(self, kind: str, name: str) -> UUID:
        return self.add(
            Unit,
            code=f"DV{len(self.rows.of[Unit]):05d}",
            name=name,
            kind=kind,
            name_key=_compare_key(name),
            folded=_fold(name),
            valid_from=date(2026, 1, 1),
            created_at=BEGIN,
        )

    def _person(self, post: str, role: Role, unit: UUID | None) -> UUID:
        name = f"{self.chance.choice(words.SURNAMES)} {self.chance.choice(words.GIVEN)}"
        account = self.add(
            Account,
            login=f"{post}-{self.code}",
            name=name,
            post="Chuyên viên",
            folded=fold(name),
            password_hash="!",
            created_at=BEGIN,
        )
        self.add(Membership, account_id=account, unit_id=unit, role=role.value, valid_from=date(2026, 1, 1))
        return account

    def _plan(self) -> None:
        title = "Kế hoạch thực hiện Nghị quyết về đột phá phát triển giáo dục và đào tạo"
        kept = self.add(
            StoredFile, sha256="0" * 64, size=9, name="ke-hoach.txt", media_type="text/plain", stored_at=BEGIN
        )
        document = self.add(
            Document,
            stored_file_id=kept,
            text="Kế hoạch.",
            title=title,
            folded=_fold(title),
            uploaded_by_id=self.office,
            created_at=BEGIN,
        )
        self.plan = self.add(
            Plan,
            document_id=document,
            code="KH-01",
            title=title,
            number="01-KH/ĐU",
            issued_on=BEGIN.date(),
            state="issued",
            folded=_fold(title),
            created_at=BEGIN,
            issued_at=BEGIN,
        )
        self._happened("plan_issued", "plan", self.plan, None, BEGIN)

    def _tasks(self) -> None:
        """The board's tasks first, then those of groups, then the others'; cooperating rows fill up to 800."""
        others = [u for u in self.units if u != self.board_unit]
        groups = list(self.groups)
        board = BOARD_DATED + BOARD_STANDING
        tasks, rows_made = [], 0
        for ordinal in range(TASKS):
            on_board, in_group = ordinal < board, board <= ordinal < board + GROUP_TASKS
            dated = ordinal < BOARD_DATED or 0 <= ordinal - board - GROUP_TASKS < OTHER_DATED
            unit = self.board_unit if on_board else groups[0] if in_group else others[ordinal % len(others)]
            task = self._task(ordinal, is_dated=dated)
            tasks.append((task, unit))
            rows_made += self._give(task, unit, "lead", is_dated=dated)
        for task, lead in tasks[board + GROUP_TASKS + OTHER_DATED :]:
            if rows_made >= ASSIGNMENTS:
                break
            helper = next(u for u in self.chance.sample(others, 3) if u != lead)
            rows_made += self._give(task, helper, "cooperate", is_dated=False)

    def _task(self, ordinal: int, *, is_dated: bool) -> UUID:
        place = words.VILLAGES[ordinal % len(words.VILLAGES)]
        text = words.TASKS[ordinal % len(words.TASKS)].format(f"thôn {place}")
        self.due = date(2026, 3, 1) + timedelta(days=23 * (ordinal % 14))
        return self.add(
            Task,
            plan_id=self.plan,
            ordinal=ordinal + 1,
            code=f"NV-{ordinal + 1:03d}",
            title=text.rstrip(".")[:200],
            text=text,
            section=words.SECTIONS[ordinal % 4],
            kind="dated" if is_dated else "standing",
            cycle=None if is_dated else "quarter",
            due_on=self.due if is_dated else None,
            folded=_fold(text),
            created_at=BEGIN,
        )

    def _give(self, task: UUID, unit: UUID, role: str, *, is_dated: bool) -> int:
        given = self.add(Responsibility, task_id=task, unit_id=unit, role=role)
        members = self.groups.get(unit, [unit])
        spans = [(None, self.due, True)] if is_dated else self.periods
        for period, due_on, is_open in spans:
            for member in members:
                self._assignment(
                    task, given, member, unit if unit in self.groups else None, period, due_on, is_open
                )
        return len(members) * len(spans)

    def _assignment(
        self, task: UUID, given: UUID, unit: UUID, group: UUID | None, period: UUID | None, due_on: date,
        is_open: bool,
    ) -> None:  # fmt: skip
        states = ("assigned", "acknowledged", "in_progress", "reported", "returned", "confirmed")
        state = self.chance.choices(states, (3, 2, 3, 2, 1, 2) if is_open else (0, 0, 0, 1, 0, 9))[0]
        reported = state in ("reported", "returned", "confirmed")
        day = due_on - timedelta(days=self.chance.randrange(1, 20)) if reported else None
        key = self.add(
            Assignment,
            plan_id=self.plan,
            task_id=task,
            responsibility_id=given,
            unit_id=unit,
            group_id=group,
            period_id=period,
            state=state,
            state_reason=words.RETURN_REASON if state == "returned" else None,
            due_on=due_on,
            progress=self.chance.randrange(0, 101, 10) if reported else None,
            reported_at=_noon(day) if day else None,
            reported_on=day,
            done_on=day if state == "confirmed" else None,
            created_at=BEGIN,
        )
        if self.is_measured:
            self._steps(key, unit, state, day or due_on)

    def _steps(self, key: UUID, unit: UUID, state: str, day: date) -> None:
        """Reports, decisions and events that led to the state; the first reported row gets a long story."""
        self._happened("assignment_acknowledged", "assignment", key, unit, _noon(day - timedelta(days=30)))
        if state not in ("reported", "returned", "confirmed"):
            return
        is_rich = self.rich is None and state == "reported"
        if is_rich:
            self.rich = key
            for number in range(1, 1 + (HISTORY_ROWS - 2) // 2):
                self._report(key, unit, number, day)
                self._decide(key, unit, number, day, "returned")
        number = 1 + (HISTORY_ROWS - 2) // 2 if is_rich else 1
        self._report(key, unit, number, day)
        if state != "reported":
            self._decide(key, unit, number, day, state)

    def _report(self, key: UUID, unit: UUID, number: int, day: date) -> None:
        self.report = self.add(
            TaskReport,
            assignment_id=key,
            number=number,
            result=self.chance.choice(words.RESULTS).format(self.chance.randrange(2, 20)),
            difficulty=self.chance.choice(words.DIFFICULTIES),
            proposal=self.chance.choice(words.PROPOSALS),
            progress=self.chance.randrange(0, 101, 10),
            sent_at=_noon(day),
            sent_by_id=self.officer,
        )
        self._happened("assignment_reported", "assignment", key, unit, _noon(day), number=number)

    def _decide(self, key: UUID, unit: UUID, number: int, day: date, kind: str) -> None:
        reason = words.RETURN_REASON if kind == "returned" else None
        self.add(ReportDecision, report_id=self.report, kind=kind, reason=reason, decided_at=_noon(day))
        facts = {"number": number} | ({"reason": reason} if reason else {})
        self._happened(f"assignment_{kind}", "assignment", key, unit, _noon(day), **facts)

    def _indicators(self) -> tuple[UUID, ...]:
        """Forty, six of them the board unit's; each with a target and a submission per quarter."""
        on_board = []
        for ordinal in range(INDICATORS):
            statement, comparator, value, direction = words.INDICATORS[ordinal % len(words.INDICATORS)]
            statement = statement.format(f"thôn {words.VILLAGES[ordinal % len(words.VILLAGES)]}")
            owner = self.board_unit if ordinal < BOARD_INDICATORS else self.units[ordinal % len(self.units)]
            indicator = add_indicator(
                self.rows,
                self.locality,
                {"comparator": comparator, "value": value, "horizon": 2030},
                plan_id=self.plan,
                ordinal=ordinal + 1,
                code=f"CT-{ordinal + 1:02d}",
                name=statement,
                statement=statement,
                direction=direction,
                cycle="quarter",
                folded=_fold(statement),
            )
            self.add(IndicatorOwner, indicator_id=indicator, unit_id=owner)
            self._submissions(indicator, owner)
            if ordinal < BOARD_INDICATORS:
                on_board.append(indicator)
        return tuple(on_board)

    def _submissions(self, indicator: UUID, unit: UUID) -> None:
        for period, due_on, is_open in self.periods:
            state = self.chance.choice(("expected", "sent")) if is_open else "accepted"
            sent_at = None if state == "expected" else _noon(due_on - timedelta(days=2))
            submission = self.add(
                Submission,
                indicator_id=indicator,
                unit_id=unit,
                period_id=period,
                state=state,
                due_on=due_on,
                sent_at=sent_at,
                created_at=BEGIN,
            )
            if sent_at is not None:
                self.add(
                    SubmissionVersion,
                    submission_id=submission,
                    number=1,
                    value=self.chance.randrange(50, 100),
                    sent_at=sent_at,
                    sent_by_id=self.officer,
                )


@cache
def _span(label: str) -> Any:
    return span_of_label(SHIPPED_SCHEMES["calendar"][1], label)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, 0, tzinfo=UTC)
