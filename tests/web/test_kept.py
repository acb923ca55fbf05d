"""A page shown again without asking the app: only to the same session, only while nothing it rests on changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, update

from app.models import SignIn
from app.models.base import columns
from app.services.assignment import ReasonInput, waive_assignment
from app.services.person import disable_person
from app.web import kept
from tests.factories import add_assignment, add_plan, add_task

sessions = columns(SignIn)


@pytest.fixture
def row(stage: Any, cast: Any) -> Any:
    task = add_task(stage, add_plan(stage, cast.commune), title="Rà soát phòng học")
    made = add_assignment(stage, task, cast.school_cell)
    stage.commit()
    return made


@pytest.fixture
def address(row: Any, cast: Any) -> str:
    return f"/bang/{cast.school_cell.id}"


@pytest.fixture
def asks(client: Any, database: Any) -> Callable[[Any, str], int]:
    """How many statements the app needs for a page; 0 where it was shown again without asking."""

    def count(browser: Any, address: str) -> int:
        with _counted(database.reader) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    return count


@contextmanager
def _counted(engine: Any) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(connection: Any, cursor: Any, sql: str, *more: Any) -> None:
        asked.append(sql)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _is_shown_again(database: Any) -> bool:
    return bool(database.is_sqlite)  # elsewhere every page takes the ordinary way


def test_a_page_shown_again_has_the_headers_of_the_first(client: Any, address: str) -> None:
    browser = client("binh")
    first, again = (browser.get(address, headers={"Accept-Encoding": "identity"}) for _ in range(2))
    ours = [{k: v for k, v in answer.headers.items() if k != "x-request-id"} for answer in (first, again)]
    assert ours[0] == ours[1]
    assert first.headers["x-request-id"] != again.headers["x-request-id"]
    same = browser.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert same.status_code == 304
    assert {"content-security-policy", "x-request-id", "etag"} <= set(same.headers)


def test_a_session_that_ran_out_sees_nothing(client: Any, address: str, database: Any) -> None:
    browser = client("binh")
    with database.write_session() as session:
        ends = datetime.now(UTC) + timedelta(seconds=1.5)
        session.execute(update(sessions).values(expires_at=ends))
        session.commit()
    etag = [browser.get(address) for _ in range(2)][1].headers["etag"]
    while datetime.now(UTC) < ends:
        pass
    after = browser.get(address, headers={"If-None-Match": etag})
    assert after.status_code == 303
    assert "/dang-nhap" in after.headers["location"]


def test_a_disabled_person_sees_nothing(client: Any, address: str, cast: Any, working: Any) -> None:
    browser = client("binh")
    etag = [browser.get(address) for _ in range(2)][1].headers["etag"]
    with working(cast.quan, now=datetime.now(UTC)) as work:
        disable_person(work, cast.binh.account_id, 1)
    after = browser.get(address, headers={"If-None-Match": etag})
    assert after.status_code == 303


def test_the_next_day_asks_again(
    client: Any, address: str, database: Any, asks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client("binh")
    asks(browser, address)
    assert asks(browser, address) == 0 or not _is_shown_again(database)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(kept, "time", SimpleNamespace(time=tomorrow.timestamp))
    assert asks(browser, address) > 0


def test_another_communes_change_ends_nothing_here(
    client: Any, address: str, stage: Any, cast: Any, working: Any, database: Any, asks: Any
) -> None:
    theirs = add_assignment(stage, add_task(stage, add_plan(stage, cast.other_commune)), cast.other_unit)
    stage.commit()
    browser = client("binh")
    asks(browser, address)
    with working(cast.dung) as work:
        waive_assignment(work, theirs.id, ReasonInput(reason="Không áp dụng"))
    assert asks(browser, address) == 0 or not _is_shown_again(database)


def test_who_reads_several_localities_is_asked_about_each_time(client: Any, address: str, asks: Any) -> None:
    """One locality's history does not tell of a role that ended in another."""
    browser = client("giang")
    assert asks(browser, address) > 0
    assert asks(browser, address) > 0


def test_a_token_is_never_passed_over_for_the_cookie(client: Any, address: str) -> None:
    browser = client("binh")
    etag = [browser.get(address) for _ in range(2)][1].headers["etag"]
    wrong = {"Authorization": "Bearer wrong", "If-None-Match": etag}
    assert browser.get(address, headers=wrong).status_code in (303, 401)


def test_a_notice_is_shown_once_and_not_kept(client: Any, address: str) -> None:
    browser = client("binh")
    before = browser.get(address).text
    notice = {"Cookie": f"tiendo_session={browser.cookies['tiendo_session']}; tiendo_notice=success%7CXong"}
    noticed = browser.get(address, headers=notice)
    assert "Xong" in noticed.text
    assert "etag" not in noticed.headers
    browser.cookies.delete("tiendo_notice")
    assert browser.get(address).text == before
