"""The home page's parts, by role."""

from datetime import date

import pytest

from app.errors import NotSignedIn
from app.models import Assignment, Candidate, Indicator, Passage, Submission
from app.permissions import NOBODY
from app.services.extension import ExtensionInput, request_extension
from app.services.home import build_home
from app.services.waive_request import WaiveRequestInput, raise_waive_request
from tests import factories
from tests.factories import (
    add_assignment,
    add_indicator,
    add_period,
    add_plan,
    add_responsibility,
    add_task,
    put,
)

PAST, SOON = date(2026, 11, 13), date(2026, 11, 25)


@pytest.fixture
def plan(stage, cast):
    """An open quarter with one reported and one returned row, a late and a near dated row, figures, a draft."""
    plan = add_plan(stage, cast.commune)
    period = add_period(stage, cast.commune)
    returned = {"state": "returned", "state_reason": "Chưa nêu số liệu"}
    add_assignment(stage, add_task(stage, plan), cast.school_cell, period=period, **returned)
    sent = add_task(stage, plan, "NV-002", ordinal=2)
    reported = {"state": "reported", "reported_on": PAST, "reported_at": factories.LONG_AGO}
    add_assignment(stage, sent, cast.village_cell, period=period, **reported)
    late = add_task(stage, plan, "NV-003", ordinal=3, kind="dated", due_on=PAST, expected_product="Đề án")
    add_assignment(stage, late, cast.school_cell)
    near = add_task(stage, plan, "NV-004", ordinal=4, kind="dated", due_on=SOON)
    add_assignment(stage, near, cast.school_cell)
    add_task(stage, plan, "NV-005", ordinal=5, kind="milestone")
    indicator = add_indicator(stage, plan)
    for unit, state in ((cast.school_cell, "expected"), (cast.village_cell, "sent")):
        put(
            stage,
            Submission(
                locality_id=plan.locality_id,
                indicator_id=indicator.id,
                unit_id=unit.id,
                period_id=period.id,
                state=state,
                due_on=period.due_on,
                created_at=factories.LONG_AGO,
            ),
        )
    draft = add_plan(stage, cast.commune, code="KH-02", state="draft")
    passage = stage.query(Passage).filter_by(document_id=draft.document_id).one()
    put(
        stage,
        Candidate(
            locality_id=plan.locality_id, document_id=draft.document_id, passage_id=passage.id, ordinal=1,
            kind="task",
        ),
    )  # fmt: skip
    stage.commit()
    return plan


def home(working, actor, **more):
    with working(actor) as work:
        return build_home(work, **more)


def test_office_sees_everything_that_waits_for_it(working, cast, plan):
    seen = home(working, cast.an)
    assert {queue.key: queue.count for queue in seen.queues} == {
        "van-ban": 1,
        "bao-cao": 1,
        "so-lieu": 1,
        "gia-han": 0,
        "cau-hoi": 0,
        "vuong-mac": 0,
        "don-vi-ket-thuc": 0,
        "qua-han": 1,
        "tra-lai": 1,
        "so-lieu-tra-lai": 0,
        "chua-chu-tri": 1,
        "chua-han": 1,
        "chua-san-pham": 2,
    }
    late = next(queue for queue in seen.queues if queue.key == "qua-han").items[0]
    assert (late.title, late.late, late.href) == (
        cast.school_cell.name, 10, f"/bang/{cast.school_cell.id}?loc=qua-han",
    )  # fmt: skip
    back = next(queue for queue in seen.queues if queue.key == "tra-lai").items[0]
    assert back.note == f"{cast.school_cell.name} · lý do: Chưa nêu số liệu"


def test_the_home_page_leads_to_requests_questions_and_what_is_stuck(working, cast, stage, plan):
    stuck = add_task(stage, plan, "NV-006", ordinal=6, kind="dated", due_on=SOON)
    row = add_assignment(stage, stuck, cast.school_cell, blocked_reason="Chưa có kinh phí")
    stage.commit()
    later = date(2026, 12, 20)
    with working(cast.binh) as work:
        request_extension(work, row.id, ExtensionInput(asked_due_on=later, reason="Chờ thẩm định"))
        raise_waive_request(work, Assignment, row.id, WaiveRequestInput(reason="Không có học sinh"))
    queues = {queue.key: queue for queue in home(working, cast.an).queues}
    assert [queues[key].count for key in ("gia-han", "cau-hoi", "vuong-mac")] == [1, 1, 1]
    assert queues["gia-han"].items[0].note == f"{cast.school_cell.name} · lý do: Chờ thẩm định"
    assert queues["vuong-mac"].items[0].href == f"/viec/{row.id}"
    assert queues["cau-hoi"].items[0].href.startswith("/cau-hoi/")


def test_a_queue_is_cut_and_shown_whole_on_request(working, cast, stage, plan):
    for number in range(6, 14):
        add_task(stage, plan, f"NV-{number:03d}", ordinal=number, kind="milestone")
    stage.commit()
    cut = {queue.key: queue for queue in home(working, cast.an).queues}["chua-han"]
    assert (cut.count, len(cut.items), cut.has_more) == (9, 5, True)
    whole = {queue.key: queue for queue in home(working, cast.an, whole="chua-han").queues}["chua-han"]
    assert (len(whole.items), whole.has_more) == (9, False)


def test_unit_sees_its_period_what_came_back_and_what_is_late(working, cast, plan):
    (unit,) = home(working, cast.binh).units
    assert (unit.name, unit.is_done) == (cast.school_cell.name, False)
    assert [(p.name, p.share.reported, p.share.expected) for p in unit.periods] == [("Quý IV/2026", 0, 2)]
    assert [item.note for item in unit.returned] == ["Chưa nêu số liệu"]
    assert ([item.late for item in unit.overdue], [item.due_on for item in unit.soon]) == ([10], [SOON])


def test_a_figure_of_a_closed_period_that_came_back_is_to_be_done(working, cast, stage, plan):
    closed = add_period(stage, cast.commune, "2026-Q3", state="closed")
    (indicator,) = stage.query(Indicator)
    back = {"state": "returned", "state_reason": "Cộng lại hai lớp"}
    factories.add_submission(stage, indicator, cast.village_cell, closed, **back)
    stage.commit()
    (unit,) = home(working, cast.hoa).units
    assert [item.note for item in unit.returned] == ["Cộng lại hai lớp"]
    assert ([one.name for one in unit.periods], unit.is_done) == (["Quý IV/2026"], False)


def test_dated_work_of_later_days_is_counted(working, cast, stage, plan):
    assert home(working, cast.binh).units[0].later == ()
    for number, due_on in enumerate((date(2027, 3, 1), None), start=21):
        task = add_task(stage, plan, f"NV-0{number}", ordinal=number, kind="dated", due_on=due_on)
        add_assignment(stage, task, cast.school_cell)
    stage.commit()
    assert sorted(home(working, cast.binh).units[0].later, key=str) == [date(2027, 3, 1), None]


def test_a_unit_that_has_reported_is_done(working, cast, plan):
    (unit,) = home(working, cast.hoa).units
    assert (unit.is_done, unit.waiting, unit.periods[0].share.missing) == (True, 2, 0)


@pytest.mark.parametrize("name", ["chi", "kiem"])
def test_leader_and_inspector_see_the_place(working, cast, plan, name):
    seen = home(working, getattr(cast, name))
    (line,) = seen.place.plans
    assert (line.progress.dated.open_overdue, line.progress.dated.open_in_time) == (1, 1)
    assert (line.progress.standing.expected, line.progress.standing.reported) == (2, 1)
    assert (line.progress.silent, line.progress.units) == (1, 2)
    assert [(period.share.reported, period.share.expected) for period in seen.place.periods] == [(2, 4)]
    assert [row.code for row in seen.place.late] == ["NV-003"]
    assert (seen.queues, seen.units, seen.set_up) == ((), (), None)


def test_province_sees_its_communes_beneath(working, cast, plan):
    here, other = sorted(home(working, cast.giang).communes, key=lambda c: c.plans, reverse=True)
    assert (here.locality.name, here.plans, here.progress.dated.open_overdue) == ("Xã Tân Quang", 1, 1)
    assert (other.plans, other.progress.dated.total) == (0, 0)


def test_administrator_sees_what_is_not_set_up(working, cast, plan):
    set_up = home(working, cast.quan).set_up
    assert (set_up.people, set_up.units, set_up.has_office, set_up.has_plan, set_up.has_period) == (
        6, 2, True, True, True,
    )  # fmt: skip
    assert set_up.units_without_officer == 0


def test_another_commune_sees_nothing_of_it(working, cast, plan):
    seen = home(working, cast.dung)
    assert sum(queue.count for queue in seen.queues) == 0
    assert (seen.place.plans, seen.place.late, seen.place.periods) == ((), (), ())


def test_an_ended_lead_leaves_the_task_in_the_queue(working, cast, stage, plan):
    idle = add_task(stage, plan, "NV-006", ordinal=6)
    add_responsibility(stage, idle, cast.village_cell, ended_on=date(2026, 11, 1))
    stage.commit()
    queue = {queue.key: queue for queue in home(working, cast.an).queues}["chua-chu-tri"]
    assert queue.count == 2


def test_nobody_is_asked_to_sign_in(working, cast):
    with pytest.raises(NotSignedIn):
        home(working, NOBODY)
