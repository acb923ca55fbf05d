"""The promises that hold by construction."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.errors import BrokenPromise, Forbidden, NotFound, NotSignedIn
from app.events import UnitChanged
from app.models import EventRow, Unit
from app.permissions import NOBODY, Permission
from app.work import hash_of


def rename(work, unit, name):
    row = work.get(Unit, unit.id)
    row.name = name
    return UnitChanged(locality_id=row.locality_id, subject_id=row.id, name=name)


def test_a_permitted_and_recorded_write_is_kept(working, cast):
    with working(cast.an) as work:
        work.require(Permission.UNIT_MANAGE, cast.commune.id)
        work.record(rename(work, cast.school_cell, "Tên mới"))
    with working(cast.an) as work:
        assert work.get(Unit, cast.school_cell.id).name == "Tên mới"


def test_a_write_without_required_permission_is_not_committed(working, cast):
    with pytest.raises(BrokenPromise, match="no write permission"), working(cast.an) as work:
        work.require(Permission.UNIT_READ, cast.commune.id)
        work.record(rename(work, cast.school_cell, "Tên mới"))


def test_a_write_without_an_event_is_not_committed(working, cast):
    with pytest.raises(BrokenPromise, match="recorded no event"), working(cast.an) as work:
        work.require(Permission.UNIT_MANAGE, cast.commune.id)
        rename(work, cast.school_cell, "Tên mới")


def test_who_may_not_know_gets_404_and_who_may_not_do_gets_403(working, cast):
    with pytest.raises(NotFound), working(cast.dung) as work:
        work.require(Permission.UNIT_MANAGE, cast.commune.id)
    with pytest.raises(Forbidden), working(cast.chi) as work:
        work.require(Permission.UNIT_MANAGE, cast.commune.id)
    with pytest.raises(NotSignedIn), working(NOBODY) as work:
        work.require(Permission.UNIT_READ, cast.commune.id)


def test_history_is_numbered_without_gaps_and_chained(working, cast, database):
    for name in ("Một", "Hai", "Ba"):
        with working(cast.an) as work:
            work.require(Permission.UNIT_MANAGE, cast.commune.id)
            work.record(rename(work, cast.school_cell, name))
    with database.read_session() as session:
        rows = session.query(EventRow).order_by(EventRow.number).all()
        assert [row.number for row in rows] == [1, 2, 3]
        assert [row.previous_hash for row in rows] == ["", rows[0].hash, rows[1].hash]
        assert all(hash_of(row) == row.hash for row in rows)


@pytest.mark.parametrize("statement", ["UPDATE event SET actor_name = 'Ai đó'", "DELETE FROM event"])
def test_history_cannot_be_changed(working, cast, database, statement):
    with working(cast.an) as work:
        work.require(Permission.UNIT_MANAGE, cast.commune.id)
        work.record(rename(work, cast.school_cell, "Tên mới"))
    with database.write_session() as session, pytest.raises(IntegrityError, match="append-only"):
        session.execute(text(statement))
