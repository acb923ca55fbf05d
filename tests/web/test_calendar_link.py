"""A unit's due dates in a calendar program."""

import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import update

from app.models import Assignment, Period
from app.models.base import columns
from app.services.period import PeriodInput, open_period
from tests.factories import add_assignment, add_plan, add_responsibility, add_task


@pytest.fixture
def rows(stage, cast, working):
    plan = add_plan(stage, cast.commune)
    dated = add_task(stage, plan, "NV-002", title="Lập đề án", kind="dated")
    row = add_assignment(stage, dated, cast.school_cell, due_on=date(2026, 12, 20))
    done = add_task(stage, plan, "NV-003", title="Việc đã báo cáo", kind="dated")
    add_assignment(stage, done, cast.school_cell, due_on=date(2026, 12, 21), state="reported")
    theirs = add_task(stage, plan, "NV-004", title="Việc của thôn", kind="dated")
    add_assignment(stage, theirs, cast.village_cell, due_on=date(2026, 12, 22))
    add_responsibility(stage, add_task(stage, plan, "NV-001"), cast.school_cell)
    stage.commit()
    with working(cast.an) as work:
        open_period(work, PeriodInput(label="2026-Q4"))
    return row.id


@pytest.fixture
def address(client, cast, rows):
    here = f"/don-vi/{cast.school_cell.id}/lich"
    made = client("binh").post(here)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    return re.search(r'value="http://testserver(/lich/[^"]+\.ics)"', made.text)[1]


def days(answer):
    return {str(e["summary"]): e for e in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_open_rows_and_periods_are_whole_days_with_a_reminder(client, cast, rows, address):
    answer = client(None).get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["referrer-policy"] == "strict-origin"
    found = days(answer)
    assert set(found) == {"Hạn: NV-002 Lập đề án", "Hạn báo cáo Quý IV/2026"}
    row = found["Hạn: NV-002 Lập đề án"]
    assert row["dtstart"].dt == date(2026, 12, 20)
    assert row["uid"] == f"viec-{rows}@tiendo"
    assert f"/bang/{cast.school_cell.id}" in row["description"]
    assert row.walk("VALARM")[0]["trigger"].dt == timedelta(days=-2, hours=-16)


def test_it_is_fetched_again_only_when_something_changed(client, stage, rows, address):
    browser = client(None)
    first = browser.get(address)
    assert browser.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    later = {"due_on": date(2026, 12, 27), "version": 5}
    stage.execute(update(columns(Assignment)).where(columns(Assignment).id == rows).values(**later))
    stage.commit()
    again = browser.get(address, headers={"If-None-Match": first.headers["etag"]})
    before, after = (days(answer)["Hạn: NV-002 Lập đề án"] for answer in (first, again))
    assert (after["uid"], after["dtstart"].dt) == (before["uid"], date(2026, 12, 27))
    assert after["sequence"] > before["sequence"]


def test_a_closed_period_is_over(client, stage, rows, address):
    stage.execute(update(columns(Period)).values(state="closed"))
    stage.commit()
    assert set(days(client(None).get(address))) == {"Hạn: NV-002 Lập đề án"}


def test_its_officer_and_the_office_revoke_it(client, cast, address):
    here = f"/don-vi/{cast.school_cell.id}/lich"
    page = client("an").get(here).text
    assert "/lich/" not in page.replace(f"{here}/", "")
    revoke = re.search(rf'action="({here}/[^"]+/thu-hoi)"', page)[1]
    assert client("hoa").post(revoke).status_code == 404
    assert client("binh").post(revoke).status_code == 303
    assert client(None).get(address).status_code == 404
    assert "Chưa có liên kết lịch" in client("an").get(here).text


def test_nobody_else_makes_one(client, cast):
    here = f"/don-vi/{cast.school_cell.id}/lich"
    for login in ("hoa", "chi", "kiem"):
        assert client(login).get(here).status_code == 403
        assert client(login).post(here).status_code == 403
    assert client("dung").post(here).status_code == 404


def test_another_system_makes_and_revokes_one(client, cast):
    office, unit = client("an"), {"unit": str(cast.school_cell.id)}
    made = office.post("/api/v1/calendar-links", json=unit)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    address = made.json()["address"]
    assert client(None).get(address).status_code == 200
    listed = office.get("/api/v1/calendar-links", params=unit).json()["items"]
    assert [item["id"] for item in listed] == [made.json()["id"]]
    assert "address" not in listed[0]
    assert client("hoa").get("/api/v1/calendar-links").json()["items"] == []
    assert office.post(f"/api/v1/calendar-links/{made.json()['id']}/revocations").status_code == 201
    assert client(None).get(address).status_code == 404


def test_guessing_addresses_is_slowed_down_but_a_revoked_calendar_is_not(client, rows, address, cast):
    unit, browser = client("binh"), client(None)
    here = f"/don-vi/{cast.school_cell.id}/lich"
    link = re.search(rf'{here}/([^/"]+)/thu-hoi', unit.get(here).text)[1]
    unit.post(f"{here}/{link}/thu-hoi")
    for _ in range(12):
        assert browser.get(address).status_code == 404
    for number in range(10):
        assert browser.get(f"/lich/doan-{number}.ics").status_code == 404
    assert browser.get("/lich/doan-nua.ics").status_code == 429
    assert browser.get("/l/doan-nua").status_code == 429
