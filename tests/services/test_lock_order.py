"""Two at once never wait for each other: rows in id order, then what is asked about them, then the ledger.

Each test holds the ledger until both threads wait for a lock, the second started once the first one waits: each
holds whatever it takes before its first event. On PostgreSQL alone: SQLite has one writer.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from app.database import Database
from app.errors import Conflict, IllegalStep
from app.models import Assignment, Ledger, Question
from app.services.access_link import AccessLinkInput, make_access_link, revoke_access_link
from app.services.any_of_group import lock_with_others
from app.services.assignment import (
    ReasonInput,
    ReportInput,
    acknowledge_assignment,
    confirm_assignment,
    reopen_assignment,
    report_assignment,
    start_assignment,
)
from app.services.bulk_decision import BulkInput, BulkRow, confirm_assignments
from app.services.handing_over import RowDecisionsInput, decide_rows
from app.services.period_form import acknowledge_period
from app.services.question import AnswerInput, answer_question
from app.services.responsibility import ResponsibilityInput, give_responsibility
from app.services.unit_change import UnitChangeInput, change_units
from app.services.unit_group import set_group_members
from app.services.waive_request import WaiveRequestInput, raise_waive_request
from tests.factories import (
    add_assignment,
    add_group,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
)

DONE = ReportInput(result="Đã làm xong")
TOO_LATE = (IllegalStep, Conflict)


@pytest.fixture
def database(postgresql_url):
    database = Database(postgresql_url)
    yield database
    database.dispose()


@pytest.fixture
def at_once(database, working, cast):
    """Run each `(actor, act)` in a thread and a transaction of its own; what came of each: None, or the refusal."""

    def run(*acts):
        def one(actor, act):
            try:
                with working(actor) as work:
                    act(work)
            except TOO_LATE as refused:
                return refused
            return None

        with ThreadPoolExecutor(len(acts)) as pool:
            with database.write_session() as holding:
                assert holding.get(Ledger, cast.commune.id, with_for_update=True), "no ledger to hold yet"
                running = []
                for actor, act in acts:
                    running.append(pool.submit(one, actor, act))
                    until_waiting(database, len(running))
            return [each.result(30) for each in running]

    return run


def until_waiting(database, count):
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    give_up = time.monotonic() + 10
    with database.writer.connect() as looking:
        while looking.scalar(text(waiting)) < count:
            assert time.monotonic() < give_up, "the threads do not wait"
            looking.rollback()
            time.sleep(0.02)


@pytest.fixture
def any_rows(stage, cast, working):
    """Two members' rows of one duty, one of them is enough; both reported."""
    period = add_period(stage, cast.commune)
    task = add_task(stage, add_plan(stage, cast.commune))
    group = add_group(stage, cast.commune, "CB", "Các chi bộ", [cast.school_cell, cast.village_cell])
    duty = add_responsibility(stage, task, group, completion="any")
    rows = [
        add_assignment(stage, task, unit, period=period, responsibility=duty, group_id=group.id)
        for unit in (cast.school_cell, cast.village_cell)
    ]
    stage.commit()
    for person, row in zip((cast.binh, cast.hoa), rows, strict=True):
        with working(person) as work:
            report_assignment(work, row.id, DONE)
    return rows


@pytest.fixture
def dated_rows(stage, cast, working):
    """Two rows of the school, of one task each; `period` and `tasks` beside them."""
    period = add_period(stage, cast.commune)
    plan = add_plan(stage, cast.commune)
    tasks = [add_task(stage, plan, f"NV-00{n}", ordinal=n) for n in (1, 2)]
    rows = [add_assignment(stage, task, cast.school_cell, period=period) for task in tasks]
    other = add_assignment(
        stage, add_task(stage, plan, "NV-009", ordinal=9), cast.village_cell, period=period
    )
    stage.commit()
    with working(cast.hoa) as work:
        acknowledge_assignment(work, other.id)  # the ledger begins
    return {"rows": rows, "period": period, "tasks": tasks}


def confirm(row):
    return lambda work: confirm_assignment(work, row.id)


def states(working, cast, rows):
    with working(cast.an) as work:
        return sorted(work.get(Assignment, row.id).state for row in rows)


def test_of_two_siblings_confirmed_at_once_one_is_enough(at_once, working, cast, any_rows):
    first, second = any_rows
    outcomes = at_once((cast.an, confirm(first)), (cast.an, confirm(second)))
    assert sorted(isinstance(one, IllegalStep) for one in outcomes) == [False, True]
    assert states(working, cast, any_rows) == ["confirmed", "not_needed"]


def test_siblings_read_under_a_version_first_are_confirmed_in_the_same_order(
    at_once, working, cast, any_rows
):
    def as_the_api_does(row):
        def act(work):
            lock_with_others(work, [row.id])
            confirm_assignment(work, row.id)

        return act

    outcomes = at_once(*((cast.an, as_the_api_does(row)) for row in any_rows))
    assert sorted(isinstance(one, IllegalStep) for one in outcomes) == [False, True]


def test_one_sibling_confirmed_alone_while_the_others_are_confirmed_in_bulk(at_once, working, cast, any_rows):
    first, second = any_rows
    bulk = BulkInput(rows=[BulkRow(id=first.id)])
    at_once((cast.an, confirm(second)), (cast.an, lambda work: confirm_assignments(work, bulk)))
    assert states(working, cast, any_rows) == ["confirmed", "not_needed"]


def test_a_confirmed_row_is_opened_again_while_its_sibling_is_confirmed(at_once, working, cast, any_rows):
    first, second = any_rows
    with working(cast.an) as work:
        confirm_assignment(work, first.id)
    why = ReasonInput(reason="Thiếu số liệu")
    outcomes = at_once(
        (cast.an, lambda work: reopen_assignment(work, first.id, why)), (cast.an, confirm(second))
    )
    assert outcomes[0] is None
    assert states(working, cast, any_rows) in (["confirmed", "not_needed"], ["in_progress", "reported"])


def test_a_unit_reports_on_a_row_while_the_office_grants_what_it_asked(at_once, working, cast, dated_rows):
    row = dated_rows["rows"][0]
    with working(cast.binh) as work:
        asked = raise_waive_request(work, Assignment, row.id, WaiveRequestInput(reason="Không có trường"))
    answer = AnswerInput(answer="waived")
    outcomes = at_once(
        (cast.binh, lambda work: report_assignment(work, row.id, DONE)),
        (cast.an, lambda work: answer_question(work, asked.id, answer)),
    )
    assert outcomes[1].code == "already_answered"
    with working(cast.an) as work:
        states = work.get(Assignment, row.id).state, work.get(Question, asked.id).state
        assert states == ("reported", "withdrawn")


def test_a_unit_takes_note_of_a_period_while_it_starts_on_one_of_its_rows(at_once, working, cast, dated_rows):
    last = dated_rows["rows"][-1]
    outcomes = at_once(
        (
            cast.binh,
            lambda work: acknowledge_period(work, cast.school_cell.id, dated_rows["period"].id),
        ),
        (cast.binh, lambda work: start_assignment(work, last.id)),
    )
    assert outcomes == [None, None]


def test_a_lead_is_given_while_a_unit_that_cooperates_takes_note(at_once, stage, working, cast, dated_rows):
    task = dated_rows["tasks"][0]
    helping = add_responsibility(stage, task, cast.village_cell, role="cooperate")
    ended = add_responsibility(stage, task, cast.village_cell, role="report", ended_on=None)
    rows = [
        add_assignment(
            stage, task, cast.village_cell, period=dated_rows["period"], responsibility=duty, **more
        )
        for duty, more in ((ended, {"state": "cancelled", "state_reason": "x"}), (helping, {}))
    ]
    ended.ended_on = dated_rows["period"].starts_on
    stage.add(ended)
    stage.commit()
    again = ResponsibilityInput(unit=cast.village_cell.id, role="report")
    at_once(
        (cast.an, lambda work: give_responsibility(work, task.id, again)),
        (cast.hoa, lambda work: acknowledge_assignment(work, rows[1].id)),
    )
    assert states(working, cast, rows)[0] in ("acknowledged", "assigned", "supporting")


def test_rows_of_a_unit_that_ended_are_handed_over_while_one_is_decided(at_once, working, cast, dated_rows):
    rows = dated_rows["rows"]
    with working(cast.binh) as work:
        for row in rows:
            report_assignment(work, row.id, DONE)
    merge = UnitChangeInput(kind="merge", units=[cast.school_cell.id], successors=[cast.village_cell.id])
    with working(cast.an) as work:
        change = change_units(work, merge, cast.commune.id)
    proposed = RowDecisionsInput(as_proposed=True)
    outcomes = at_once(
        (cast.an, lambda work: decide_rows(work, change.id, proposed)), (cast.an, confirm(rows[-1]))
    )
    assert outcomes[1] is None


def test_a_unit_ends_while_its_link_is_revoked(at_once, working, cast, dated_rows):
    given = AccessLinkInput(unit=cast.school_cell.id, period=str(dated_rows["period"].id))
    with working(cast.an) as work:
        made = make_access_link(work, given)
    end = UnitChangeInput(kind="end", units=[cast.school_cell.id])
    outcomes = at_once(
        (cast.an, lambda work: change_units(work, end, cast.commune.id)),
        (cast.an, lambda work: revoke_access_link(work, made.link.id)),
    )
    assert outcomes == [None, None]


def test_a_question_about_a_member_is_answered_while_the_group_changes(
    at_once, stage, working, cast, dated_rows
):
    task = dated_rows["tasks"][0]
    group = add_group(stage, cast.commune, "CB", "Các chi bộ", [cast.school_cell, cast.village_cell])
    duty = add_responsibility(stage, task, group, role="report")
    for unit in (cast.school_cell, cast.village_cell):
        add_assignment(stage, task, unit, period=dated_rows["period"], responsibility=duty, group_id=group.id)
    stage.commit()
    with working(cast.an) as work:
        set_group_members(work, group.id, [cast.school_cell.id])
        (question,) = work.session.query(Question).all()
    both = [cast.school_cell.id, cast.village_cell.id]
    outcomes = at_once(
        (cast.an, lambda work: set_group_members(work, group.id, both)),
        (cast.an, lambda work: answer_question(work, question.id, AnswerInput(answer="kept"))),
    )
    assert outcomes[0] is None
    assert outcomes[1].code == "already_answered"
