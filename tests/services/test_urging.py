"""Urging: chosen rows, one notice a unit, an answer in words or by a report; silence is stepped up once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.models import Account, EventRow, Urging, UrgingRow
from app.permissions import Role
from app.services.assignment import ReportInput, report_assignment
from app.services.owed import OwedFilter, list_owed
from app.services.urging import UrgingAnswerInput, UrgingInput, answer_urging, send_urgings
from app.services.urging_draft import draft_urgings
from app.services.urging_list import (
    UrgingFilter,
    count_standings,
    get_urging,
    list_urgings,
    open_urgings_of_row,
    open_urgings_of_unit,
    rows_of_urging,
)
from app.services.urging_step_up import step_up_urgings
from app.services.working_days import working_days_after
from tests.factories import (
    add_assignment,
    add_indicator,
    add_period,
    add_plan,
    add_submission,
    add_task,
    add_unit,
)
from tests.people import NOW, add_person

TODAY = date(2026, 11, 23)  # a Monday; the Tuesday is Vietnam's Culture Day
LATE = date(2026, 11, 3)


@pytest.fixture
def rows(stage, cast):
    """Of the school two late rows of work and a late figure, of the village one; one row that is not due yet."""
    plan, period = add_plan(stage, cast.commune), add_period(stage, cast.commune)
    of_school = [
        add_assignment(stage, add_task(stage, plan, f"NV-00{n}"), cast.school_cell, due_on=LATE)
        for n in (1, 2)
    ]
    of_village = add_assignment(stage, add_task(stage, plan, "NV-003"), cast.village_cell, due_on=LATE)
    figure = add_submission(stage, add_indicator(stage, plan), cast.school_cell, period, due_on=LATE)
    in_time = add_assignment(stage, add_task(stage, plan, "NV-004"), cast.village_cell, period=period)
    stage.commit()
    return {"school": of_school, "village": of_village, "figure": figure, "in_time": in_time}


@pytest.fixture
def chosen(rows):
    return UrgingInput(
        assignments=[*(row.id for row in rows["school"]), rows["village"].id], submissions=[rows["figure"].id]
    )


@pytest.fixture
def urged(working, cast, rows):
    """The school, about its first row."""
    with working(cast.an) as work:
        return send_urgings(work, UrgingInput(assignments=[rows["school"][0].id]))[0]


def test_the_list_has_what_is_late_and_on_request_all_that_is_missing(working, cast, rows):
    with working(cast.chi) as work:
        late = list_owed(work, cast.commune.id, OwedFilter())
        every = list_owed(work, cast.commune.id, OwedFilter(age="all"))
        month = list_owed(work, cast.commune.id, OwedFilter(age="month"))
        figures = list_owed(work, cast.commune.id, OwedFilter(kind="submission"))
        of_village = list_owed(work, cast.commune.id, OwedFilter(unit=cast.village_cell.id, age="all"))
    assert {row.id for row in late} == {
        *(r.id for r in rows["school"]),
        rows["village"].id,
        rows["figure"].id,
    }
    assert {row.id for row in every} == {row.id for row in late} | {rows["in_time"].id}
    assert every[-1].id == rows["in_time"].id
    assert month == []
    assert [row.id for row in figures] == [rows["figure"].id]
    assert {row.id for row in of_village} == {rows["village"].id, rows["in_time"].id}


def test_the_list_goes_on_after_the_last_row_seen(working, cast, rows):
    with working(cast.an) as work:
        whole = list_owed(work, cast.commune.id, OwedFilter(age="all"))
        first = list_owed(work, cast.commune.id, OwedFilter(age="all"), limit=2)
        rest = list_owed(work, cast.commune.id, OwedFilter(age="all"), after=(first[-1].due_on, first[-1].id))
    assert [*first, *rest] == whole


def test_a_draft_says_which_rows_and_how_late(working, cast, rows, chosen):
    with working(cast.an) as work:
        drafts = draft_urgings(work, chosen.assignments, chosen.submissions)
    assert [draft.unit_id for draft in drafts] == [cast.school_cell.id, cast.village_cell.id]
    assert "báo cáo 3 nội dung" in drafts[0].text
    assert "NV-001" in drafts[0].text
    assert "hạn 03/11/2026, đã quá hạn 20 ngày" in drafts[0].text


def test_each_unit_gets_one_urging_with_its_rows_and_one_event(working, cast, chosen):
    with working(cast.an) as work:
        sent = send_urgings(work, chosen)
        assert [(one.unit_id, one.answer_by, one.step_up_after) for one in sent] == [
            (cast.school_cell.id, date(2026, 11, 26), 3),
            (cast.village_cell.id, date(2026, 11, 26), 3),
        ]
        assert [len(rows_of_urging(work, one.id)) for one in sent] == [3, 1]
        events = work.session.scalar(
            select(func.count()).select_from(EventRow).where(EventRow.kind == "urging_sent")
        )
    assert events == 2


def test_a_text_for_all_or_for_one_unit_takes_the_place_of_the_draft(working, cast, chosen):
    of_school = chosen.model_copy(update={"texts": {cast.school_cell.id: "Gửi trường"}, "text": "Gửi chung"})
    with working(cast.an) as work:
        assert [one.text for one in send_urgings(work, of_school)] == ["Gửi trường", "Gửi chung"]


def test_a_day_to_answer_that_is_no_working_day_moves_on(working, cast, chosen):
    with working(cast.an) as work:
        sent = send_urgings(work, chosen.model_copy(update={"answer_by": date(2026, 11, 28)}))
    assert sent[0].answer_by == date(2026, 11, 30)


def test_the_unit_sees_it_on_its_board_and_rows_until_it_reports(working, cast, rows, urged):
    row = rows["school"][0]
    with working(cast.binh) as work:
        assert [one.id for one in open_urgings_of_unit(work, cast.school_cell.id)] == [urged.id]
        assert [one.id for one in open_urgings_of_row(work, row.id)] == [urged.id]
        assert open_urgings_of_row(work, rows["school"][1].id) == ()
        report_assignment(work, row.id, ReportInput(result="Xong"))
    with working(cast.binh) as work:
        assert open_urgings_of_unit(work, cast.school_cell.id) == ()
        assert get_urging(work, urged.id).standing == "reported"


def test_the_unit_answers_in_words_once(working, cast, urged):
    with working(cast.binh) as work:
        answer_urging(work, urged.id, UrgingAnswerInput(text="Báo cáo trước ngày 30"))
    with working(cast.an) as work:
        seen = get_urging(work, urged.id)
        assert (seen.standing, seen.answer) == ("answered", "Báo cáo trước ngày 30")
    with pytest.raises(Conflict) as refused, working(cast.binh) as work:
        answer_urging(work, urged.id, UrgingAnswerInput(text="Thêm"))
    assert refused.value.code == "already_answered"


def test_the_same_row_twice_on_one_day_only_when_it_is_said_so(working, cast, rows, urged):
    again = UrgingInput(assignments=[rows["school"][0].id])
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        send_urgings(work, again)
    assert refused.value.code == "urged_today"
    assert "NV-001" in refused.value.message
    with working(cast.an) as work:
        send_urgings(work, again.model_copy(update={"repeat": True}))
    with working(cast.an, now=NOW + timedelta(days=1)) as work:
        (newest,) = send_urgings(work, again)
    with working(cast.binh) as work:
        assert open_urgings_of_row(work, rows["school"][0].id)[0].id == newest.id


def test_a_row_reported_meanwhile_is_not_urged(working, cast, rows, chosen):
    with working(cast.binh) as work:
        report_assignment(work, rows["school"][0].id, ReportInput(result="Xong"))
    with pytest.raises(Conflict) as refused, working(cast.an) as work:
        send_urgings(work, chosen)
    assert refused.value.code == "nothing_owed"


@pytest.mark.parametrize("who", ["binh", "chi", "kiem", "quan"])
def test_only_the_office_urges(working, cast, chosen, who):
    with pytest.raises(Forbidden), working(getattr(cast, who)) as work:
        send_urgings(work, chosen)


def test_rows_of_another_commune_are_not_found(working, cast, chosen):
    with pytest.raises(NotFound), working(cast.dung) as work:
        send_urgings(work, chosen)


def test_another_unit_neither_sees_nor_answers_it(working, cast, urged):
    with working(cast.hoa) as work:
        assert list_urgings(work, UrgingFilter()) == []
    with pytest.raises(NotFound), working(cast.hoa) as work:
        answer_urging(work, urged.id, UrgingAnswerInput(text="Không phải tôi"))


def test_office_and_leaders_read_but_do_not_answer_for_the_unit(working, cast, urged):
    with working(cast.chi) as work:
        assert [one.id for one in list_urgings(work, UrgingFilter())] == [urged.id]
    with pytest.raises(Forbidden), working(cast.an) as work:
        answer_urging(work, urged.id, UrgingAnswerInput(text="Thay đơn vị"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"assignments": [], "submissions": []},
        {"answer_by": date(2026, 11, 20)},
        {"answer_by": date(2027, 5, 1)},
    ],
)
def test_no_rows_and_impossible_days_are_refused(working, cast, chosen, wrong):
    with pytest.raises(Invalid), working(cast.an) as work:
        send_urgings(work, chosen.model_copy(update=wrong))


def test_standings_are_counted_and_filtered(working, cast, chosen):
    with working(cast.an) as work:
        first, _ = send_urgings(work, chosen)
    with working(cast.binh) as work:
        answer_urging(work, first.id, UrgingAnswerInput(text="Sẽ báo cáo"))
    with working(cast.chi) as work:
        counted = count_standings(work, cast.commune.id)
        assert (counted["answered"], counted["waiting"], counted["silent"]) == (1, 1, 0)
    with working(cast.chi, now=NOW + timedelta(days=4)) as work:
        assert count_standings(work, cast.commune.id)["silent"] == 1
        silent = list_urgings(work, UrgingFilter(standing="silent"))
        assert [one.unit_id for one in silent] == [cast.village_cell.id]


# --- stepping up


@pytest.fixture
def superior(stage, cast):
    """The committee, with an officer; between it and the school a division nobody answers for."""
    committee = add_unit(stage, cast.commune, "DU", "Đảng ủy xã", kind="party_committee")
    division = add_unit(stage, cast.commune, "P", "Phòng Văn hóa", reports_to_id=committee.id)
    school = stage.merge(cast.school_cell)
    school.reports_to_id = division.id
    lan = add_person(stage, cast.commune, "lan", "Ngô Thị Lan", Role.UNIT, committee)
    stage.commit()
    return lan


def on(day):
    return datetime(day.year, day.month, day.day, 3, 0, tzinfo=UTC)


DUE = working_days_after(date(2026, 11, 26), 3)


def steps_of(database):
    with database.read_session() as session:
        return session.scalars(select(Urging).where(Urging.kind == "step_up")).all()


def test_silence_is_told_to_the_first_superior_with_an_officer_once(
    working, cast, database, settings, superior, urged
):
    step_up_urgings(database, settings, now=on(DUE - timedelta(days=1)))
    assert steps_of(database) == []
    step_up_urgings(database, settings, now=on(DUE))
    step_up_urgings(database, settings, now=on(DUE + timedelta(days=1)))

    (step,) = steps_of(database)
    assert (step.previous_id, step.about_unit_id) == (urged.id, cast.school_cell.id)
    assert step.unit_id == superior.grants[0].unit_id
    with working(superior, now=on(DUE)) as work:
        assert [row.code for row in rows_of_urging(work, step.id)] == ["NV-001"]
        assert [one.id for one in list_urgings(work, UrgingFilter())] == [step.id]
        answer_urging(work, step.id, UrgingAnswerInput(text="Đã nhắc chi bộ"))
    with working(cast.an, now=on(DUE)) as work:
        assert get_urging(work, urged.id).standing == "stepped_up"


def test_without_a_superior_the_office_is_told(working, cast, database, settings, urged):
    step_up_urgings(database, settings, now=on(DUE))
    (step,) = steps_of(database)
    assert step.unit_id is None
    with working(cast.an) as work:
        assert get_urging(work, step.id).unit_name is None


def test_a_ring_of_superiors_ends_at_the_office(stage, cast, database, settings, urged):
    school, village = stage.merge(cast.school_cell), stage.merge(cast.village_cell)
    school.reports_to_id, village.reports_to_id = village.id, school.id
    stage.get(Account, cast.hoa.account_id).state = "disabled"
    stage.commit()
    step_up_urgings(database, settings, now=on(DUE))
    assert [step.unit_id for step in steps_of(database)] == [None]


@pytest.mark.parametrize("how", ["answers", "reports"])
def test_who_answers_or_reports_is_not_stepped_up(working, cast, database, settings, rows, urged, how):
    with working(cast.binh) as work:
        if how == "answers":
            answer_urging(work, urged.id, UrgingAnswerInput(text="Đang làm"))
        else:
            report_assignment(work, rows["school"][0].id, ReportInput(result="Xong"))
    step_up_urgings(database, settings, now=on(DUE))
    assert steps_of(database) == []


def test_an_urging_sent_without_stepping_up_stays_with_its_unit(working, cast, database, settings, rows):
    with working(cast.an) as work:
        send_urgings(work, UrgingInput(assignments=[rows["village"].id], step_up_after=None))
    step_up_urgings(database, settings, now=on(DUE + timedelta(days=30)))
    assert steps_of(database) == []


def test_two_working_days_after_a_friday_is_the_tuesday():
    assert working_days_after(date(2026, 11, 27), 2) == date(2026, 12, 1)


def test_every_row_of_an_urging_is_of_its_unit(working, cast, database, chosen):
    with working(cast.an) as work:
        send_urgings(work, chosen)
    with database.read_session() as session:
        kept = session.scalars(select(UrgingRow)).all()
    assert len({row.urging_id for row in kept}) == 2
