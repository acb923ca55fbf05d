"""Issuing a plan: what was decided becomes units, tasks, indicators and the rows of boards, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.errors import Conflict
from app.events import PlanIssued, ResponsibilityGiven, TaskAdded
from app.models import (
    Assignment,
    Candidate,
    Indicator,
    Passage,
    Period,
    PeriodScheme,
    Plan,
    Responsibility,
    Task,
    Unit,
)
from app.models.base import columns, new_id
from app.permissions import Permission
from app.services._scope import find
from app.services.candidate import IN_ORDER, IN_PLAN
from app.services.candidate_fields import (
    FIELDS,
    DutyFields,
    IndicatorFields,
    MilestoneFields,
    Party,
    TaskFields,
)
from app.services.coverage import get_coverage
from app.services.expectation import expect_submissions, open_periods
from app.services.fan_out import fan_out
from app.services.indicator import IndicatorInput, add_indicator
from app.services.issued_units import empty_groups, make_units
from app.services.period import PeriodInput, open_period
from app.services.period_rules import span_of_day
from app.services.plan_reporting import default_cycle, is_due_in, scheme_of
from app.services.states import next_state
from app.services.supersession import CarriedOn, Supersession, begin_supersession, carry_on
from app.services.target import TargetInput
from app.services.unit_kinds import ASKED_KINDS, is_asked
from app.text import fold
from app.work import Work

assignments, candidates, passages = columns(Assignment), columns(Candidate), columns(Passage)
periods, schemes = columns(Period), columns(PeriodScheme)


@dataclass(frozen=True, slots=True)
class Issued:
    """What issuing made, and what it left for the office to do. `without_lead`: codes of tasks nobody leads;
    `left_out`: candidates still pending; `rows`: how many rows boards got. Of an amendment, `moved` of them came from
    the plan before, and `cancelled` ended there."""

    plan: Plan
    units: int
    tasks: int
    indicators: int
    rows: int
    left_out: int
    without_lead: tuple[str, ...]
    empty_groups: tuple[str, ...]
    moved: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class _Given:
    """A task with who carries it out, and the candidate it was."""

    candidate_id: UUID
    task: Task
    responsibilities: tuple[Responsibility, ...]


def issue_plan(work: Work, plan_id: UUID, version: int | None, *, with_unused: bool = False) -> Issued:
    """Issue a draft. Conflict `unused_clauses` while clauses are neither used nor set aside, unless
    `with_unused`; `no_units` when no organisation was accepted. Pending candidates are left out."""
    plan = find(work, Plan, plan_id)
    work.require(Permission.PLAN_ISSUE, plan.locality_id)
    state = next_state("plan", plan.state, "issue")
    rows = _candidates_of(work, plan)
    chosen = [row for row in rows if row.state in IN_PLAN]
    _check_ready(work, plan, rows, with_unused=with_unused)
    work.check_version(plan, version, state=state)
    taken = begin_supersession(work, plan)

    units = make_units(work, plan.locality_id, [row for row in chosen if row.kind == "unit"])
    given = _make_tasks(work, plan, chosen, units)
    measured = {r.id: _add_indicator(work, plan, r, units) for r in chosen if r.kind == "indicator"}
    given, carried = _carry_on(work, plan, taken, given, measured)
    indicators = list(measured.values())
    plan.state, plan.issued_at = state, work.now
    work.session.flush()
    _make_rows(work, plan, given, indicators)
    work.record(
        PlanIssued(
            locality_id=plan.locality_id,
            subject_id=plan.id,
            tasks=len(given),
            units=len({unit.id for unit in units.values()}),
            indicators=len(indicators),
        )
    )
    return Issued(
        plan=plan,
        units=len(units),
        tasks=len(given),
        indicators=len(indicators),
        rows=_count_rows(work, plan),
        left_out=sum(row.state == "pending" for row in rows),
        without_lead=tuple(one.task.code for one in given if not _has_lead(one)),
        empty_groups=empty_groups(work, units.values()),
        moved=carried.moves.moved,
        cancelled=carried.moves.cancelled,
    )


def _candidates_of(work: Work, plan: Plan) -> list[Candidate]:
    statement = select(candidates).where(candidates.document_id == plan.document_id)
    return list(work.session.scalars(statement.order_by(*IN_ORDER)))


def _check_ready(work: Work, plan: Plan, rows: Sequence[Candidate], *, with_unused: bool) -> None:
    if not any(row.kind == "unit" and row.state in IN_PLAN for row in rows):
        raise Conflict(
            "Chưa có đơn vị nào được nhận nên chưa ban hành được. Hãy nhận ít nhất một đơn vị thực hiện.",
            code="no_units",
        )
    unused = len(get_coverage(work, plan.document_id).open)
    if unused and not with_unused:
        raise Conflict(
            f"Còn {unused} câu trong phần nhiệm vụ và tổ chức thực hiện chưa được dùng. "
            "Nhận hoặc đánh dấu “không phải nhiệm vụ”, hoặc xác nhận ban hành mà không dùng các câu đó.",
            code="unused_clauses",
            details={"unused": unused, "pending": sum(row.state == "pending" for row in rows)},
        )


def _make_tasks(work: Work, plan: Plan, chosen: Sequence[Candidate], units: dict[UUID, Unit]) -> list[_Given]:
    """A duty goes to the organisation it stands under; one whose organisation was not accepted makes nothing."""
    paths = _paths(work, plan)
    given: list[_Given] = []
    for row in chosen:
        if row.kind in ("duty", "task", "milestone") and (row.parent_id is None or row.parent_id in units):
            given.append(_given(work, plan, row, units, len(given) + 1))
    work.add(*(one.task for one in given))
    work.add(*(responsibility for one in given for responsibility in one.responsibilities))
    by_id = {unit.id: unit for unit in _every_unit(work, given, units)}
    for one in given:
        _record_task(work, one, paths, by_id)
    return given


def _carry_on(
    work: Work, plan: Plan, taken: Supersession | None, given: list[_Given], measured: dict[UUID, Indicator]
) -> tuple[list[_Given], CarriedOn]:
    """Of an amendment: what runs moves to the new tasks, before the missing rows are made."""
    if taken is None:
        return given, CarriedOn()
    tasks = {one.candidate_id: (one.task, one.responsibilities) for one in given}
    done = carry_on(work, plan, taken, tasks, measured)
    whole = [
        replace(one, responsibilities=(*one.responsibilities, *done.responsibilities.get(one.task.id, ())))
        for one in given
    ]
    return whole, done


def _given(work: Work, plan: Plan, row: Candidate, units: dict[UUID, Unit], number: int) -> _Given:
    fields = FIELDS[row.kind].model_validate(row.decided)
    section = row.reading.get("section")
    if row.parent_id is not None:
        section = units[row.parent_id].name
    task = Task(
        id=new_id(),
        locality_id=plan.locality_id,
        plan_id=plan.id,
        passage_id=row.passage_id,
        ordinal=number,
        code=f"NV-{number:03d}",
        title=fields.title,
        text=fields.text,
        section=section,
        kind=fields.kind,
        cycle=fields.cycle,
        due_on=fields.due_on,
        expected_product=fields.expected_product or None,
        folded=fold(f"{fields.title} {fields.text}"),
        created_at=work.now,
    )
    return _Given(row.id, task, _responsibilities(work, task, row, fields, units))


def _responsibilities(
    work: Work,
    task: Task,
    row: Candidate,
    fields: DutyFields | TaskFields | MilestoneFields,
    units: dict[UUID, Unit],
) -> tuple[Responsibility, ...]:
    carriers: list[tuple[Unit, str, str]]
    if isinstance(fields, DutyFields):
        assert row.parent_id is not None
        carriers = [(units[row.parent_id], fields.role, fields.mode)]
    else:
        named = [(party, "lead") for party in [fields.lead] if party is not None]
        named += [(party, "cooperate") for party in fields.cooperate]
        found = [(_unit_of(work, party, units), role) for party, role in named]
        carriers = [(unit, role, _mode(unit)) for unit, role in found if unit is not None]
    once = {unit.id: (unit, role, mode) for unit, role, mode in reversed(carriers)}
    return tuple(
        Responsibility(
            id=new_id(),
            locality_id=task.locality_id,
            task_id=task.id,
            unit_id=unit.id,
            role=role,
            completion=fields.completion,
            mode=mode,
        )
        for unit, role, mode in reversed(once.values())
    )


def _unit_of(work: Work, party: Party, units: dict[UUID, Unit]) -> Unit | None:
    """None for an organisation that was read but not accepted: the task is then for the office to assign."""
    if party.candidate_id is not None:
        return units.get(party.candidate_id)
    return work.session.get(Unit, party.unit_id)


def _mode(unit: Unit) -> str:
    asked = is_asked(unit.name) if unit.is_group else unit.kind in ASKED_KINDS
    return "request" if asked else "assign"


def _every_unit(work: Work, given: Sequence[_Given], units: dict[UUID, Unit]) -> list[Unit]:
    known = {unit.id: unit for unit in units.values()}
    others = {r.unit_id for one in given for r in one.responsibilities} - known.keys()
    return [*known.values(), *(work.get(Unit, unit_id) for unit_id in sorted(others))]


def _record_task(work: Work, one: _Given, paths: dict[UUID, str], units: dict[UUID, Unit]) -> None:
    task = one.task
    source = paths.get(task.passage_id) if task.passage_id else None
    work.record(TaskAdded(locality_id=task.locality_id, subject_id=task.id, code=task.code, source=source))
    for given in one.responsibilities:
        work.record(
            ResponsibilityGiven(
                locality_id=task.locality_id,
                subject_id=task.id,
                unit_id=given.unit_id,
                unit_name=units[given.unit_id].name,
                role=given.role,
            )
        )


def _paths(work: Work, plan: Plan) -> dict[UUID, str]:
    rows = work.session.execute(
        select(passages.id, passages.path).where(passages.document_id == plan.document_id)
    )
    return {row.id: row.path for row in rows}


def _add_indicator(work: Work, plan: Plan, row: Candidate, units: dict[UUID, Unit]) -> Indicator:
    fields = IndicatorFields.model_validate(row.decided)
    owners = [_unit_of(work, party, units) for party in fields.owners]
    target = TargetInput(
        comparator=fields.comparator,
        value=fields.value,
        value_to=fields.value_to,
        horizon=fields.horizon,
    )
    return add_indicator(
        work,
        IndicatorInput(
            plan=plan.id,
            statement=fields.statement,
            name=fields.name,
            measure=fields.measure,
            passage=row.passage_id,
            direction=fields.direction,
            unit_label=fields.unit,
            coverage=row.reading.get("coverage"),
            cycle=fields.cycle,
            targets=[target],
            owners=list(dict.fromkeys(unit.id for unit in owners if unit is not None)),
        ),
    )


def _make_rows(work: Work, plan: Plan, given: Sequence[_Given], indicators: Sequence[Indicator]) -> None:
    """Dated work gets its rows now, standing work and figures in every open period."""
    dated = [r for one in given if one.task.kind != "standing" for r in one.responsibilities]
    fan_out(work, dated, None)
    for period in _running_periods(work, plan):
        standing = [
            r
            for one in given
            if one.task.kind == "standing" and is_due_in(plan, one.task.cycle, period)
            for r in one.responsibilities
        ]
        fan_out(work, standing, period)
        expect_submissions(work, indicators, period)


def _count_rows(work: Work, plan: Plan) -> int:
    """Counted, because opening a period makes the rows of every issued plan by itself."""
    count = select(func.count()).select_from(assignments).where(assignments.plan_id == plan.id)
    return work.session.scalar(count) or 0


def _running_periods(work: Work, plan: Plan) -> list[Period]:
    """The open ones; where none asks for its work, this quarter (or the cycle the plan names) of its scheme is opened,
    so that no board is empty on day one. A period that the office has closed stays closed: the next one it opens
    will have the rows."""
    running = open_periods(work, plan.locality_id)
    if any(is_due_in(plan, None, period) for period in running):
        return running
    scheme: Any = scheme_of(work, plan) or _calendar(work, plan)
    label = span_of_day(scheme.rules, work.today, _cycle_to_open(scheme, plan)).label
    closed = select(periods.id).where(periods.scheme_id == scheme.id, periods.label == label)
    if work.session.scalars(closed).first() is not None:
        return running
    return [
        *running,
        open_period(work, PeriodInput(scheme=scheme.code, label=label, locality=plan.locality_id)),
    ]


def _calendar(work: Work, plan: Plan) -> PeriodScheme:
    found: PeriodScheme = work.session.scalars(
        select(schemes).where(schemes.locality_id == plan.locality_id, schemes.code == "calendar")
    ).one()
    return found


def _cycle_to_open(scheme: PeriodScheme, plan: Plan) -> str:
    """Half years and nine months are not always there: what no period of today covers is left to the clock."""
    named = plan.cycle if plan.cycle in scheme.rules["cycles"] else None
    return named if named in ("month", "quarter", "year", "school_year") else default_cycle(scheme)


def _has_lead(one: _Given) -> bool:
    """A duty is its organisation's own, even where the verb is to advise or to inspect; only who merely
    cooperates leaves open who leads."""
    return any(given.role != "cooperate" for given in one.responsibilities)
