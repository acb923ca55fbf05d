"""Reading the history and checking that it is whole."""

from datetime import date

import pytest
from sqlalchemy import text

from app.errors import NotSignedIn
from app.permissions import NOBODY
from app.services.event import EventFilter, list_events, list_latest_events, verify_history
from app.services.unit import UnitChange, UnitInput, add_unit, change_unit


@pytest.fixture
def three_events(working, cast):
    with working(cast.an) as work:
        unit = add_unit(work, UnitInput(name="Trạm Y tế", kind="service"), cast.commune.id)
    with working(cast.an) as work:
        change_unit(work, unit.id, UnitChange(short_name="TYT"), 1)
        change_unit(work, cast.school_cell.id, UnitChange(short_name="CBMN"), 1)
    return unit


def numbers(rows):
    return [row.number for row in rows]


def test_machine_follows_upwards_and_person_reads_downwards(working, cast, three_events):
    with working(cast.an) as work:
        assert numbers(list_events(work, EventFilter(), limit=2)) == [1, 2]
        assert numbers(list_events(work, EventFilter(), since=2)) == [3]
        assert numbers(list_latest_events(work, EventFilter(), limit=2)) == [3, 2]
        assert numbers(list_latest_events(work, EventFilter(), before=2)) == [1]


def test_history_is_filtered(working, cast, three_events):
    with working(cast.an) as work:
        find = lambda **wanted: numbers(list_events(work, EventFilter(**wanted)))  # noqa: E731
        assert find(subject=three_events.id) == [1, 2]
        assert find(kind="unit_changed") == [2, 3]
        assert find(who=cast.an.account_id) == [1, 2, 3]
        assert find(who=cast.chi.account_id) == []
        assert find(from_day=date(2026, 11, 23), to_day=date(2026, 11, 23)) == [1, 2, 3]
        assert find(from_day=date(2026, 11, 24)) == []


def test_unit_officers_read_only_what_is_of_their_unit(working, cast, three_events):
    with working(cast.binh) as work:
        assert list_events(work, EventFilter()) == []
    with working(cast.dung) as work:
        assert list_events(work, EventFilter(locality=cast.commune.id)) == []
    with working(cast.giang) as work:
        assert len(list_events(work, EventFilter(locality=cast.commune.id))) == 3
    with pytest.raises(NotSignedIn), working(NOBODY) as work:
        list_events(work, EventFilter(locality=cast.commune.id))


def test_untouched_history_is_whole(cast, three_events, database):
    with database.read_session() as session:
        assert list(verify_history(session)) == []


def disarm(session):
    """Take the triggers away, as somebody with the database's own password could."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER event_refuses_update"))
        session.execute(text("DROP TRIGGER event_refuses_delete"))
    else:
        session.execute(text("ALTER TABLE event DISABLE TRIGGER ALL"))


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE event SET actor_name = 'Ai đó' WHERE number = 2", "nội dung dòng 2"),
        ("UPDATE event SET previous_hash = 'x' WHERE number = 2", "dòng 2 không nối"),
        ("DELETE FROM event WHERE number = 2", "thiếu dòng 2"),
        ("DELETE FROM event WHERE number = 3", "sổ ghi 3 dòng"),
        ("UPDATE ledger SET hash = 'x'", "mã băm trong sổ"),
    ],
)
def test_tampering_is_found(cast, three_events, database, tampering, said):
    with database.write_session() as session:
        disarm(session)
        session.execute(text(tampering))
        session.commit()
    with database.read_session() as session:
        found = list(verify_history(session))
        assert found
        assert said in found[0].what
        assert found[0].locality == cast.commune.code
        assert list(verify_history(session, cast.other_commune.id)) == []
