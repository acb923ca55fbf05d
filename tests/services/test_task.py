"""Tasks after a plan is issued: adding, changing, and what becomes of their rows."""

from datetime import date
from uuid import uuid4

import pytest
from pydantic import ValidationError

from app.errors import Conflict, Forbidden, Invalid, NotFound, Stale, VersionRequired
from app.models import Assignment, EventRow, Passage, Plan
from app.services.responsibility import ResponsibilityInput, give_responsibility
from app.services.task import (
    TaskChange,
    TaskFilter,
    TaskInput,
    add_task,
    change_task,
    count_tasks,
    get_task,
    list_tasks,
    sources_of,
    task_actions,
)
from tests import factories
from tests.factories import add_assignment, add_period, add_plan, add_responsibility

JUNE, DECEMBER = date(2027, 6, 30), date(2027, 12, 31)


def sentence(plan, **more):
    return TaskInput(
        plan=plan.id,
        title=more.pop("title", "Rà soát quỹ đất"),
        text=more.pop("text", "Rà soát, bố trí quỹ đất cho các trường học."),
        **more,
    )


def rows_of(work, task):
    found = work.session.query(Assignment).filter_by(task_id=task.id).order_by(Assignment.id)
    return found.all()


def last_event(work):
    return work.session.query(EventRow).order_by(EventRow.number.desc()).first()


@pytest.fixture
def plan(stage, cast):
    made = add_plan(stage, cast.commune)
    stage.commit()
    return made


@pytest.fixture
def dated(stage, cast, plan):
    """A task due in June, led by the school cell, with its row."""
    made = factories.add_task(stage, plan, "NV-001", kind="dated", due_on=JUNE)
    add_assignment(stage, made, cast.school_cell)
    stage.commit()
    return made


@pytest.fixture
def standing(stage, cast, plan):
    """A standing task with its row in the open fourth quarter."""
    made = factories.add_task(stage, plan, "NV-002", ordinal=2)
    add_assignment(stage, made, cast.school_cell, period=add_period(stage, cast.commune))
    stage.commit()
    return made


def test_office_adds_a_task_with_the_sentence_it_comes_from(working, cast, stage, plan):
    passage = stage.query(Passage).filter_by(document_id=plan.document_id).one()
    stage.commit()
    with working(cast.an) as work:
        task = add_task(work, sentence(plan, passage=passage.id, kind="dated", due_on=JUNE))
        assert (task.code, task.ordinal, task.version) == ("NV-001", 1, 1)
        assert sources_of(work, [task])[task.id].path == "IV.1"
        assert last_event(work).data == {"code": "NV-001", "source": "IV.1"}
        assert add_task(work, sentence(plan)).code == "NV-002"


def test_a_new_due_date_moves_open_rows_and_both_dates_are_kept(working, cast, dated):
    with working(cast.an) as work:
        change_task(work, dated.id, TaskChange(due_on=DECEMBER), 1)
        assert [row.due_on for row in rows_of(work, dated)] == [DECEMBER]
        event = last_event(work)
        assert (event.data["due_on"], event.data["due_on_before"]) == ("2027-12-31", "2027-06-30")
        assert event.data["said"] == "hạn từ 30/06/2027 thành 31/12/2027"


def test_a_confirmed_row_keeps_the_date_it_was_measured_by(working, cast, stage, plan):
    task = factories.add_task(stage, plan, kind="dated", due_on=JUNE)
    add_assignment(stage, task, cast.school_cell, state="confirmed", done_on=JUNE)
    stage.commit()
    with working(cast.an) as work:
        change_task(work, task.id, TaskChange(due_on=DECEMBER), 1)
        assert [row.due_on for row in rows_of(work, task)] == [JUNE]


def test_other_fields_change_and_the_sentence_stays(working, cast, dated):
    with working(cast.an) as work:
        task = change_task(work, dated.id, TaskChange(title="Tên mới", expected_product="Báo cáo"), 1)
        assert (task.title, task.expected_product, task.due_on, task.version) == (
            "Tên mới",
            "Báo cáo",
            JUNE,
            2,
        )
        assert task.text == dated.text
        assert [t.id for t in list_tasks(work, TaskFilter(q="ten MOI"))] == [task.id]


def test_a_dated_task_becomes_standing_and_back(working, cast, stage, dated):
    add_period(stage, cast.commune)
    stage.commit()
    with working(cast.an) as work:
        change_task(work, dated.id, TaskChange(kind="standing"), 1)
        old, new = rows_of(work, dated)
        assert (old.state, old.period_id, new.state, new.due_on) == (
            "cancelled",
            None,
            "assigned",
            date(2027, 1, 11),
        )
        change_task(work, dated.id, TaskChange(kind="dated", due_on=DECEMBER), 2)
        old, new = rows_of(work, dated)
        assert (old.state, old.due_on, new.state) == ("assigned", DECEMBER, "cancelled")


def test_a_new_cycle_moves_the_rows_of_open_periods(working, cast, stage, standing):
    year = add_period(stage, cast.commune, "2026")
    stage.commit()
    with working(cast.an) as work:
        change_task(work, standing.id, TaskChange(cycle="year"), 1)
        quarter, whole = rows_of(work, standing)
        assert (quarter.state, whole.state, whole.period_id) == ("cancelled", "assigned", year.id)


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({"kind": "dated"}, ["NV-001", "NV-003"]),
        ({"without_lead": True}, ["NV-003", "NV-004"]),
        ({"without_lead": False}, ["NV-001", "NV-002"]),
        ({"without_due": True}, ["NV-003"]),
        ({"without_product": True}, ["NV-001", "NV-003"]),
        ({"q": "quy dat"}, ["NV-004"]),
    ],
)
def test_filters_find_what_the_office_still_has_to_do(working, cast, stage, dated, standing, wanted, codes):
    plan = stage.get(Plan, dated.plan_id)
    factories.add_task(stage, plan, "NV-003", ordinal=3, kind="dated")
    idle = factories.add_task(stage, plan, "NV-004", ordinal=4, text="Bố trí quỹ đất cho trường học")
    add_responsibility(stage, idle, cast.village_cell, role="lead", ended_on=date(2026, 11, 1))
    stage.commit()
    with working(cast.an) as work:
        assert [task.code for task in list_tasks(work, TaskFilter(**wanted))] == codes
        assert count_tasks(work, TaskFilter(plan=plan.id, **wanted)) == len(codes)


def test_list_pages_by_id(working, cast, dated, standing):
    with working(cast.an) as work:
        first = list_tasks(work, TaskFilter(), limit=1)
        assert [t.code for t in list_tasks(work, TaskFilter(), after=first[0].id)] == ["NV-002"]


def test_everybody_of_the_commune_reads_tasks_and_nobody_else(working, cast, dated):
    for actor in (cast.an, cast.binh, cast.hoa, cast.chi, cast.kiem, cast.giang):
        with working(actor) as work:
            assert get_task(work, dated.id).id == dated.id
    with pytest.raises(NotFound), working(cast.dung) as work:
        get_task(work, dated.id)


@pytest.mark.parametrize("name", ["binh", "chi", "kiem", "quan"])
def test_only_the_office_changes_tasks(working, cast, dated, name):
    with working(getattr(cast, name)) as work:
        assert task_actions(work, dated) == []
    with pytest.raises(Forbidden), working(getattr(cast, name)) as work:
        change_task(work, dated.id, TaskChange(title="Tên mới"), 1)


def test_another_commune_gets_404(working, cast, dated, plan):
    with pytest.raises(NotFound), working(cast.dung) as work:
        change_task(work, dated.id, TaskChange(title="Tên mới"), 1)
    with pytest.raises(NotFound), working(cast.dung) as work:
        add_task(work, sentence(plan))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "standing", "due_on": JUNE}, "due_on"),
        ({"kind": "dated", "cycle": "year"}, "cycle"),
        ({"passage": uuid4()}, "passage"),
    ],
)
def test_what_does_not_fit_together_is_refused_beside_its_field(working, cast, plan, more, field):
    with pytest.raises(Invalid) as refused, working(cast.an) as work:
        add_task(work, sentence(plan, **more))
    assert list(refused.value.errors) == [field]


def test_unknown_fields_are_refused():
    with pytest.raises(ValidationError):
        TaskChange.model_validate({"text": "Câu khác"})


def test_the_kind_stays_once_somebody_reported(working, cast, stage, plan):
    task = factories.add_task(stage, plan, kind="dated", due_on=JUNE)
    add_assignment(stage, task, cast.school_cell, state="reported", reported_at=factories.LONG_AGO)
    stage.commit()
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        change_task(work, task.id, TaskChange(kind="standing"), 1)
    assert refused.value.code == "already_reported"


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_a_plan_that_does_not_run_takes_no_changes(working, cast, stage, state):
    plan = add_plan(stage, cast.commune, code="KH-02", state=state)
    stage.commit()
    with pytest.raises(Conflict), working(cast.an) as work:
        add_task(work, sentence(plan))


def test_a_stale_or_missing_version_is_refused(working, cast, dated):
    with working(cast.an) as work:
        change_task(work, dated.id, TaskChange(title="Tên mới"), 1)
    with pytest.raises(Stale) as stale, working(cast.an) as work:
        change_task(work, dated.id, TaskChange(title="Tên khác"), 1)
    assert stale.value.details == {"version": 2, "changed": {"title": "Tên mới"}}
    with pytest.raises(VersionRequired), working(cast.an) as work:
        change_task(work, dated.id, TaskChange(title="Tên khác"), None)


def test_a_task_added_later_is_given_to_a_unit(working, cast, stage, plan):
    add_period(stage, cast.commune)
    stage.commit()
    with working(cast.an) as work:
        task = add_task(work, sentence(plan))
        give_responsibility(work, task.id, ResponsibilityInput(unit=cast.village_cell.id))
        assert [row.unit_id for row in rows_of(work, task)] == [cast.village_cell.id]
