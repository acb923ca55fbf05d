"""Boards and overviews as of a day, on screen and for other systems."""

from datetime import UTC, datetime, timedelta

import pytest

from app.services.assignment import ReportInput, confirm_assignment, report_assignment
from app.services.period import PeriodInput, open_period
from app.services.responsibility import ResponsibilityInput, give_responsibility
from app.services.unit_change import UnitChangeInput, change_units
from app.text import format_date
from app.work import VIETNAM
from tests.factories import add_group, add_plan, add_task

# The app's own clock runs here, so days are counted back from today.
NOW = datetime.now(UTC)
TODAY = NOW.astimezone(VIETNAM).date()
BEFORE, YESTERDAY = TODAY - timedelta(days=5), TODAY - timedelta(days=1)


def day(before: int, hour: int = 9) -> datetime:
    at = datetime.combine(TODAY - timedelta(days=before), datetime.min.time(), VIETNAM)
    return (at + timedelta(hours=hour)).astimezone(UTC)


@pytest.fixture
def plan(stage, cast, working):
    """Dated work given six days ago, reported four days ago, confirmed three days ago; the cell was renamed the day
    before yesterday."""
    plan = add_plan(stage, cast.commune)
    task = add_task(stage, plan, kind="dated", due_on=YESTERDAY)
    group = add_group(stage, cast.commune, "CBT", "Các chi bộ", [cast.school_cell, cast.village_cell])
    shared = add_task(stage, plan, "NV-002", ordinal=2, kind="dated", due_on=TODAY + timedelta(days=9))
    stage.commit()
    with working(cast.an, day(6)) as work:
        give_responsibility(work, task.id, ResponsibilityInput(unit=cast.school_cell.id, role="lead"))
        give_responsibility(work, shared.id, ResponsibilityInput(unit=group.id, role="lead"))
        row = _row_of(work, task)
    with working(cast.binh, day(4)) as work:
        report_assignment(work, row, ReportInput(result="Đã làm"))
    with working(cast.an, day(3)) as work:
        confirm_assignment(work, row)
    with working(cast.an, day(2)) as work:
        renamed = UnitChangeInput(kind="rename", units=[cast.school_cell.id], name="Chi bộ Ban Mai")
        renamed.effective_on = TODAY - timedelta(days=2)
        change_units(work, renamed, cast.commune.id)
        open_period(work, PeriodInput(label=f"{TODAY.year}", locality=cast.commune.id))
    return plan


def _row_of(work, task):
    from app.models import Assignment

    return work.session.query(Assignment.id).filter_by(task_id=task.id).scalar()


def test_the_board_of_an_earlier_day_says_which_day_and_offers_nothing_to_do(client, cast, plan):
    officer, address = client("binh"), f"/bang/{cast.school_cell.id}"
    now = officer.get(address).text
    then = officer.get(address, params={"ngay": BEFORE.isoformat()}).text
    assert "Chi bộ Ban Mai" in now
    assert f"Như ngày {format_date(BEFORE)}" in then
    assert "Chi bộ Trường Mầm non Hoa Sen" in then
    assert f'href="{address}"' in then
    assert "/tiep-nhan" in now
    for acting in ("/tiep-nhan", "Báo cáo Năm", "/lich", 'method="post" action="/viec'):
        assert acting not in then
    assert f"loc=qua-han&amp;ngay={BEFORE.isoformat()}" in then


def test_numbers_and_cards_are_those_of_that_evening(client, cast, plan):
    office, address = client("an"), f"/api/v1/units/{cast.school_cell.id}/board"

    def counts(on):
        return office.get(address, params={"as_of": on.isoformat()}).json()["counts"]

    assert counts(TODAY - timedelta(days=5)) == {"assigned": 2}
    assert counts(TODAY - timedelta(days=4)) == {"assigned": 1, "reported": 1}
    assert counts(TODAY) == office.get(address).json()["counts"] == {"assigned": 1, "confirmed": 1}


def test_the_overview_of_an_earlier_day_stays_on_that_day(client, cast, plan):
    leader, address = client("chi"), f"/ke-hoach/{plan.id}/toan-canh"
    then = leader.get(address, params={"ngay": BEFORE.isoformat()}).text
    assert f"Như ngày {format_date(BEFORE)}" in then
    assert "Về hôm nay" in then
    assert f"/bang/{cast.school_cell.id}?ke-hoach={plan.id}&amp;ngay={BEFORE.isoformat()}" in then
    assert "Chi bộ Trường Mầm non Hoa Sen" in then
    assert "/qua-han?" not in then
    assert "Xem lại một ngày trước" in leader.get(address).text


def test_a_group_of_an_earlier_day_has_no_reminders(client, cast, plan, database):
    from app.models import Unit

    with database.read_session() as session:
        group = session.query(Unit.id).filter_by(code="CBT").scalar()
    office, address = client("an"), f"/bang/{group}"
    assert "/don-doc/moi" in office.get(address).text
    then = office.get(address, params={"ngay": BEFORE.isoformat()}).text
    assert "0 trên 2 đã xác nhận" in then
    assert "/don-doc/moi" not in then


def test_as_people_write_days_and_left_empty(client, cast, plan):
    leader, address = client("chi"), f"/bang/{cast.school_cell.id}"
    assert f"Như ngày {format_date(BEFORE)}" in leader.get(address, params={"ngay": format_date(BEFORE)}).text
    assert "Như ngày" not in leader.get(address, params={"ngay": ""}).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ((TODAY + timedelta(days=1)).isoformat(), "chưa đến"),
        ("9999-12-31", "chưa đến"),
        ("2024-12-31", "Chọn từ ngày 01/01/2025 trở đi"),
        ("0001-01-01", "Chọn từ ngày 01/01/2025 trở đi"),
        ("hôm qua", "Không đọc được ngày"),
    ],
)
def test_a_day_that_cannot_be_told_is_refused_with_a_sentence(client, cast, plan, typed, sentence):
    leader = client("chi")
    for address in (f"/bang/{cast.school_cell.id}", f"/ke-hoach/{plan.id}/toan-canh"):
        answer = leader.get(address, params={"ngay": typed})
        assert (answer.status_code, sentence in answer.text) == (422, True), address


@pytest.mark.parametrize("typed", ["9999-12-31", "2024-12-31", "0001-01-01", "hom-qua"])
def test_the_api_refuses_it_at_its_field(client, cast, plan, typed):
    leader = client("chi")
    for address in (
        f"/api/v1/units/{cast.school_cell.id}/board",
        f"/api/v1/plans/{plan.id}/board",
        f"/api/v1/plans/{plan.id}/overview",
    ):
        answer = leader.get(address, params={"as_of": typed})
        assert answer.status_code == 422, address
        assert "as_of" in answer.text


def test_an_earlier_day_unchanged_is_answered_with_304_and_never_with_another_days(client, cast, plan):
    leader, address = client("chi"), f"/ke-hoach/{plan.id}/toan-canh"
    first = leader.get(address, params={"ngay": BEFORE.isoformat()})
    assert first.headers["cache-control"] == "private, no-cache"
    tag = {"If-None-Match": first.headers["etag"]}
    assert leader.get(address, params={"ngay": BEFORE.isoformat()}, headers=tag).status_code == 304
    assert leader.get(address, params={"ngay": YESTERDAY.isoformat()}, headers=tag).status_code == 200
    assert leader.get(address, headers=tag).status_code == 200

    seen = leader.get(f"/api/v1/plans/{plan.id}/overview", params={"as_of": BEFORE.isoformat()})
    again = {"If-None-Match": seen.headers["etag"]}
    asked = {"as_of": BEFORE.isoformat()}
    assert leader.get(f"/api/v1/plans/{plan.id}/overview", params=asked, headers=again).status_code == 304
    assert seen.json()["as_of"] == BEFORE.isoformat()
    assert leader.get(f"/api/v1/plans/{plan.id}/board", params=asked).json()["as_of"] == BEFORE.isoformat()


@pytest.mark.parametrize("login", ["an", "binh", "chi", "dung", "giang", "quan", "kiem", "hoa", None])
def test_whoever_sees_a_page_now_sees_it_as_of_a_day_and_nobody_else(client, cast, plan, login):
    somebody, on = client(login), BEFORE.isoformat()
    for address, name in (
        (f"/bang/{cast.school_cell.id}", "ngay"),
        (f"/ke-hoach/{plan.id}/toan-canh", "ngay"),
        (f"/api/v1/units/{cast.school_cell.id}/board", "as_of"),
        (f"/api/v1/plans/{plan.id}/board", "as_of"),
        (f"/api/v1/plans/{plan.id}/overview", "as_of"),
    ):
        now = somebody.get(address).status_code
        assert somebody.get(address, params={name: on}).status_code == now, address
