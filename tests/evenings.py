"""A story of eighteen days in which everything happens to rows that can happen to them, and what pages say of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.models import Assignment, Extension, Period, Responsibility, Submission, Task, UnitChange
from app.models.base import columns
from app.permissions import SYSTEM
from app.services.as_of import load_evening
from app.services.as_of_board import build_board_as_of
from app.services.as_of_overview import build_lanes_as_of, build_overview_as_of
from app.services.as_of_rows import list_figures, list_rows
from app.services.assignment import (
    ReasonInput,
    ReportInput,
    acknowledge_assignment,
    block_assignment,
    confirm_assignment,
    reopen_assignment,
    report_assignment,
    return_assignment,
    start_assignment,
    unblock_assignment,
    waive_assignment,
)
from app.services.board import build_board, get_board_head
from app.services.extension import ExtensionInput, GrantInput, grant_extension, request_extension
from app.services.handing_over import RowDecisionsInput, decide_rows
from app.services.lanes import build_lanes
from app.services.overview import build_overview, get_overview_plan
from app.services.period import PeriodInput, ReopenInput, close_period, open_period, reopen_period
from app.services.period_exception import ExceptionInput, except_unit
from app.services.responsibility import ResponsibilityInput, end_responsibility, give_responsibility
from app.services.submission import (
    SubmissionInput,
    accept_submission,
    reopen_submission,
    return_submission,
    send_submission,
)
from app.services.target import TargetInput, set_target
from app.services.task import TaskChange, change_task
from app.services.unit import UnitInput
from app.services.unit_change import UnitChangeInput, change_units
from app.work import VIETNAM
from tests.factories import add_group, add_indicator, add_plan, add_task, add_unit

assignments, submissions = columns(Assignment), columns(Submission)

TODAY = date(2026, 11, 23)
WHY = ReasonInput(reason="Chưa rõ số liệu")
DONE = ReportInput(result="Đã làm xong")


def at(day: int, hour: int = 9) -> datetime:
    """A moment of November 2026 in Vietnam."""
    return datetime.combine(date(2026, 11, day), time(hour), VIETNAM).astimezone(UTC)


@dataclass
class Story:
    """What happens from the 2nd to the 20th of November, day by day. `row(task, unit)` finds rows by their names."""

    working: Callable[..., Any]
    actor: Any
    made: dict[str, Any]
    deeds: dict[int, list[Callable[[Any], object]]] = field(default_factory=dict)

    def on(self, day: int, *deeds: Callable[[Any], object]) -> None:
        self.deeds.setdefault(day, []).extend(deeds)

    def play(self, day: int) -> None:
        for minute, deed in enumerate(self.deeds.get(day, ())):
            with self.working(self.actor, at(day) + timedelta(minutes=minute)) as work:
                deed(work)

    def row(self, work: Any, task: str, unit: str) -> Any:
        return work.session.scalars(
            select(assignments.id).where(
                assignments.task_id == self.made[task].id, assignments.unit_id == self.made[unit].id
            )
        ).one()

    def do(self, service: Callable[..., object], task: str, unit: str, *more: Any) -> Callable[[Any], object]:
        return lambda work: service(work, self.row(work, task, unit), *more)


def give(made, task, unit, role="lead", **more):
    return lambda work: give_responsibility(
        work, made[task].id, ResponsibilityInput(unit=made[unit].id, role=role, **more)
    )


def end_duty(made, task, unit):
    def deed(work):
        given = columns(Responsibility)
        found = work.session.scalars(
            select(given).where(given.task_id == made[task].id, given.unit_id == made[unit].id)
        ).one()
        end_responsibility(work, found.id, found.version)

    return deed


def change(made, task, **typed):
    def deed(work):
        now = work.session.get(Task, made[task].id)
        change_task(work, now.id, TaskChange(**typed), now.version)

    return deed


def extend(story, task, unit, asked, granted=None):
    def deed(work):
        row = story.row(work, task, unit)
        made = request_extension(work, row, ExtensionInput(asked_due_on=asked, reason="Mưa lũ"))
        assert isinstance(made, Extension)
        grant_extension(work, made.id, GrantInput(due_on=granted))

    return deed


def send(made, unit, value, period="2026-Q4"):
    return lambda work: send_submission(
        work,
        SubmissionInput(indicator=made["indicator"].id, unit=made[unit].id, period=period, value=value),
    )


def figure(made, unit, service, *more):
    def deed(work):
        found = work.session.scalars(
            select(submissions.id).where(submissions.unit_id == made[unit].id).order_by(submissions.id)
        ).first()
        service(work, found, *more)

    return deed


def set_the_stage(stage, cast):
    """A plan in force with tasks nobody carries yet, an indicator of both village cells, and their group."""
    place = cast.commune
    second = add_unit(stage, place, "CB-T2", "Chi bộ thôn Khuổi Trang", kind="party_cell_village")
    group = add_group(stage, place, "NHOM", "Các chi bộ thôn", [cast.village_cell, second])
    plan = add_plan(stage, place)
    kinds = {
        "led": {"kind": "dated", "due_on": date(2026, 11, 5)},
        "any": {"kind": "dated", "due_on": date(2026, 11, 10)},
        "each": {},
        "joint": {},
        "moving": {"kind": "dated", "due_on": date(2026, 11, 6)},
        "waived": {"kind": "dated", "due_on": date(2026, 11, 4)},
        "turning": {"kind": "dated", "due_on": date(2026, 11, 9)},
        "late": {"kind": "dated"},
        "left": {"kind": "dated", "due_on": date(2026, 11, 14)},
    }
    made = {
        name: add_task(stage, plan, f"NV-{n:03d}", ordinal=n, **more)
        for n, (name, more) in enumerate(kinds.items(), start=1)
    }
    made["indicator"] = add_indicator(stage, plan, owners=(group,))
    add_indicator(stage, plan, "CT-02", owners=(second,), statement="100% hộ ký cam kết")
    made |= {"plan": plan, "group": group, "second": second}
    made |= {"school": cast.school_cell, "village": cast.village_cell}
    stage.commit()
    return made


def tell(working, made):
    """As the system, which may do all of it; who may do what is tested elsewhere."""
    told = Story(working, SYSTEM, made)
    do, label = told.do, "2026-Q4"
    told.on(2, give(made, "led", "school"), give(made, "led", "village", "cooperate"))
    told.on(2, give(made, "any", "group", completion="any"), give(made, "each", "group"))
    told.on(2, give(made, "joint", "group", completion="joint"), give(made, "moving", "school"))
    told.on(2, give(made, "moving", "second", "cooperate"), give(made, "waived", "second"))
    told.on(2, give(made, "turning", "village"), give(made, "left", "school"))
    told.on(2, give(made, "left", "village", "cooperate"))
    told.on(3, lambda work: open_period(work, PeriodInput(label=label, locality=made["plan"].locality_id)))
    told.on(3, do(acknowledge_assignment, "led", "school"), do(start_assignment, "any", "village"))
    told.on(4, do(block_assignment, "led", "school", WHY), do(report_assignment, "each", "village", DONE))
    told.on(4, send(made, "village", 70), change(made, "moving", due_on=date(2026, 11, 12)))
    told.on(5, do(return_assignment, "each", "village", WHY), do(waive_assignment, "waived", "second", WHY))
    told.on(5, figure(made, "village", return_submission, WHY))
    told.on(6, do(unblock_assignment, "led", "school"), do(report_assignment, "led", "school", DONE))
    told.on(6, extend(told, "moving", "school", date(2026, 11, 18)))
    told.on(7, do(confirm_assignment, "led", "school"), do(report_assignment, "any", "second", DONE))
    told.on(7, do(reopen_assignment, "waived", "second", WHY), send(made, "village", 85))
    told.on(8, do(report_assignment, "any", "village", DONE), do(confirm_assignment, "any", "village"))
    told.on(8, figure(made, "village", accept_submission))
    told.on(8, lambda work: rename(work, made["school"], "Chi bộ Trường Mầm non Ban Mai"))
    told.on(
        9, do(reopen_assignment, "any", "village", WHY), change(made, "moving", due_on=date(2026, 11, 15))
    )
    told.on(9, lambda work: except_q4(work, made["second"]), change(made, "turning", kind="standing"))
    told.on(
        10, change(made, "moving", due_on=date(2026, 11, 20)), do(return_assignment, "any", "second", WHY)
    )
    told.on(10, do(reopen_assignment, "led", "school", WHY), give(made, "late", "village", "cooperate"))
    told.on(13, give(made, "late", "school"))
    told.on(11, end_duty(made, "left", "school"), do(report_assignment, "joint", "group", DONE))
    told.on(11, change(made, "late", due_on=date(2026, 11, 10)), change(made, "turning", kind="dated"))
    told.on(12, lambda work: merge(work, made), do(report_assignment, "each", "village", DONE))
    told.on(13, do(confirm_assignment, "each", "village"), lambda work: hand_over(work))
    told.on(
        13,
        change(made, "turning", due_on=date(2026, 11, 12)),
        figure(made, "village", reopen_submission, WHY),
    )
    told.on(14, lambda work: close_q4(work), lambda work: raise_target(work, made))
    told.on(16, lambda work: reopen_q4(work), do(report_assignment, "waived", "village", DONE))
    told.on(17, do(confirm_assignment, "waived", "village"), do(report_assignment, "moving", "school", DONE))
    told.on(17, end_duty(made, "left", "village"), give(made, "left", "school"))
    told.on(18, lambda work: split(work, made))
    return told


def rename(work, unit, name):
    wanted = UnitChangeInput(kind="rename", units=[unit.id], name=name)
    change_units(work, wanted, unit.locality_id)


def merge(work, made):
    wanted = UnitChangeInput(kind="merge", units=[made["second"].id], successors=[made["village"].id])
    change_units(work, wanted, made["plan"].locality_id)


def split(work, made):
    """The school's cell becomes two; its open rows wait for the office."""
    new = [
        UnitInput(code=code, name=name, kind="party_cell_school")
        for code, name in (("CB-A", "Chi bộ Trường A"), ("CB-B", "Chi bộ Trường B"))
    ]
    wanted = UnitChangeInput(kind="split", units=[made["school"].id], new_units=new)
    change_units(work, wanted, made["plan"].locality_id)


def hand_over(work):
    found = work.session.scalars(select(columns(UnitChange)).where(columns(UnitChange).kind == "merge")).one()
    done = decide_rows(work, found.id, RowDecisionsInput(as_proposed=True))
    assert done.waiting == 0


def q4(work):
    return work.session.scalars(select(columns(Period)).where(columns(Period).label == "2026-Q4")).one()


def except_q4(work, unit):
    given = ExceptionInput(unit=unit.id, due_on=date(2026, 12, 28), reason="Thôn ở xa")
    except_unit(work, q4(work).id, given)


def close_q4(work):
    close_period(work, q4(work).id)


def reopen_q4(work):
    reopen_period(work, q4(work).id, ReopenInput(reason="Còn đơn vị chưa gửi"))


def raise_target(work, made):
    set_target(work, made["indicator"].id, TargetInput(comparator="gte", value=90, horizon=2026))


ON_BOARDS = ("school", "village", "second", "group")


def live(work, made):
    """What the pages say now: the board of each organisation and the plan's overview."""
    boards = {name: build_board(work, get_board_head(work, made[name].id)) for name in ON_BOARDS}
    return {name: shown_board(board) for name, board in boards.items()} | live_of_plan(work, made["plan"].id)


def live_of_plan(work, plan_id):
    plan, _ = get_overview_plan(work, plan_id)
    return shown_overview(build_overview(work, plan)) | {"board": shown_lanes(build_lanes(work, plan))}


def then(work, made, day):
    boards = {name: build_board_as_of(work, get_board_head(work, made[name].id), day) for name in ON_BOARDS}
    return {name: shown_board(board) for name, board in boards.items()} | then_of_plan(
        work, made["plan"].id, day
    )


def then_of_plan(work, plan_id, day):
    plan, _ = get_overview_plan(work, plan_id)
    whole, lanes = build_overview_as_of(work, plan, day), build_lanes_as_of(work, plan, day)
    return shown_overview(whole) | {"board": shown_lanes(lanes)}


def shown_board(board):
    """What a board says, without what it links to today and what an evening leaves out."""
    return {
        "name": board.unit.name,
        "periods": board.periods,
        "cards": board.cards,
        "counts": board.counts,
        "late": (board.overdue, board.due_soon),
        "figures": board.figures,
        "members": board.members,
        "joint": board.joint,
        "support": board.support,
        "duties": board.duties,
    }


def shown_lanes(lanes):
    return [
        (lane.unit.id, lane.unit.name, lane.counts, lane.overdue, shown_lanes(lane.members)) for lane in lanes
    ]


def shown_overview(seen):
    return {
        "dated": seen.dated,
        "standing": seen.standing,
        "periods": seen.periods,
        "lanes": [(lane.share, lane.members_reported) for lane in seen.lanes] + shown_lanes(seen.lanes),
        "silent": seen.silent,
        "late": seen.late,
        "bands": seen.bands,
        "indicators": seen.indicators,
    }


def check_against_what_is_stored(work, locality_id, day):
    """Every row of the locality, made again from what happened to it up to `day`, is what is stored."""
    evening = load_evening(work, locality_id, day)
    rows = {row.id: row for row in list_rows(work, evening)}
    stored = work.session.scalars(select(assignments).where(assignments.locality_id == locality_id)).all()
    assert len(rows) == len(stored) > 0
    same = (
        "state", "state_reason", "blocked_reason", "due_on", "first_due_on", "extended", "reported_on", "done_on",
        "unit_id", "group_id", "task_id", "plan_id", "period_id",
    )  # fmt: skip
    for one in stored:
        assert {name: getattr(rows[one.id], name) for name in same} == {
            name: getattr(one, name) for name in same
        }
    figures = {one.id: one for one in list_figures(work, evening)}
    asked = work.session.scalars(select(submissions).where(submissions.locality_id == locality_id)).all()
    assert len(figures) == len(asked)
    for one in asked:
        told = figures[one.id]
        assert (told.state, told.due_on, told.unit_id, told.indicator_id, told.period.id) == (
            one.state, one.due_on, one.unit_id, one.indicator_id, one.period_id,
        )  # fmt: skip
    periods = work.session.scalars(select(columns(Period)).where(columns(Period).locality_id == locality_id))
    assert {one.id: one.state for one in periods} == {key: one.state for key, one in evening.periods.items()}
