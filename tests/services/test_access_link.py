"""Links for units without an account: made by the office, opening one unit in one period."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.errors import Conflict, Forbidden, Invalid, LinkGone, NotFound, TooManyTries
from app.models import AccessLink, EventRow, SignIn
from app.models.base import columns
from app.permissions import NOBODY, SYSTEM, LinkGrant
from app.services.access_link import (
    AccessLinkInput,
    RenewalInput,
    SheetInput,
    last_day_of,
    list_access_links,
    make_access_link,
    make_sheet,
    renew_access_link,
    revoke_access_link,
    standing_of_link,
)
from app.services.guessing import note_guess
from app.services.link_door import enter_by_link, is_known, look_at_door
from app.services.signing_in import find_actor_by_cookie, hash_secret, sign_out
from tests.factories import add_group, add_period
from tests.people import NOW

events = columns(EventRow)


@pytest.fixture
def period(stage, cast):
    made = add_period(stage, cast.commune)
    stage.commit()
    return made


@pytest.fixture
def made(working, cast, period):
    with working(cast.an) as work:
        return make_access_link(work, AccessLinkInput(unit=cast.village_cell.id, period=str(period.id)))


@pytest.fixture
def entered(working, made):
    with working(NOBODY) as work:
        return enter_by_link(work, made.secret, address="10.0.0.1")


def test_the_office_makes_a_link_that_lasts_some_days_beyond_the_period(made, period):
    assert made.link.secret_hash == hash_secret(made.secret)
    assert made.secret not in repr(made.link)
    assert len(made.secret) >= 43
    assert last_day_of(made.link) == period.locks_on + timedelta(days=7)


@pytest.mark.parametrize("person", ["binh", "hoa", "chi", "kiem", "quan", "giang"])
def test_nobody_else_makes_one(working, cast, period, person):
    with working(cast.everybody[person]) as work, pytest.raises(Forbidden):
        make_access_link(work, AccessLinkInput(unit=cast.village_cell.id, period=str(period.id)))


def test_the_office_next_door_does_not_know_of_the_unit(working, cast, period):
    with working(cast.dung) as work, pytest.raises(NotFound):
        make_access_link(work, AccessLinkInput(unit=cast.village_cell.id, period=str(period.id)))


def test_a_unit_has_one_link_that_works_in_a_period(working, cast, period, made):
    with working(cast.an) as work, pytest.raises(Conflict) as refused:
        make_access_link(work, AccessLinkInput(unit=cast.village_cell.id, period=str(period.id)))
    assert refused.value.code == "link_in_use"


def test_a_group_gets_no_link(working, cast, stage, period):
    group = add_group(stage, cast.commune, "NHOM", "Các chi bộ", [cast.village_cell])
    stage.commit()
    with working(cast.an) as work, pytest.raises(Invalid, match="từng đơn vị"):
        make_access_link(work, AccessLinkInput(unit=group.id, period=str(period.id)))


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2028, 1, 1)])
def test_a_last_day_is_neither_over_nor_years_away(working, cast, period, day):
    with working(cast.an) as work, pytest.raises(Invalid) as refused:
        make_access_link(
            work, AccessLinkInput(unit=cast.village_cell.id, period=str(period.id), expires_on=day)
        )
    assert "expires_on" in refused.value.errors


def test_opening_it_gives_one_unit_in_one_period(working, database, settings, cast, period, made, entered):
    assert entered.address == f"/bao-cao-ky/{cast.village_cell.id}/{period.id}"
    with working(SYSTEM) as work:
        visitor = find_actor_by_cookie(work, entered.secret)
    assert visitor.name == "Chi bộ thôn Nà Tạng (liên kết)"
    assert visitor.account_id is None
    assert visitor.grants == ()
    assert visitor.sender == made.link.id
    assert visitor.link == LinkGrant(
        made.link.id, cast.commune.id, cast.village_cell.id, period.id, "Xã Tân Quang",
        "Chi bộ thôn Nà Tạng", period.name,
    )  # fmt: skip


def test_opening_it_is_in_the_history_without_an_account(stage, made, entered):
    told = stage.scalars(
        select(events).where(events.subject_id == made.link.id).order_by(events.number)
    ).all()
    assert [event.kind for event in told] == ["access_link_made", "access_link_opened"]
    assert (told[1].account_id, told[1].actor_name) == (None, "Chi bộ thôn Nà Tạng (liên kết)")
    assert made.secret not in str([event.data for event in told])
    assert stage.get(AccessLink, made.link.id).last_used_at == NOW


def test_looking_at_it_does_nothing(working, stage, made):
    with working(SYSTEM) as work:
        door = look_at_door(work, made.secret, address="10.0.0.1")
        assert work.wrote is False
    assert door.unit_name == "Chi bộ thôn Nà Tạng"
    assert stage.get(AccessLink, made.link.id).last_used_at is None


def test_a_session_ends_no_later_than_its_link(working, cast, period):
    with working(cast.an) as work:
        short = make_access_link(
            work, AccessLinkInput(unit=cast.school_cell.id, period=str(period.id), expires_on=NOW.date())
        )
    evening = NOW.replace(hour=16)  # 23:00 in Vietnam
    with working(NOBODY, evening) as work:
        entered = enter_by_link(work, short.secret, address="10.0.0.1")
    assert entered.seconds == 3600
    with working(SYSTEM, evening + timedelta(minutes=59)) as work:
        assert find_actor_by_cookie(work, entered.secret).link is not None
    with working(SYSTEM, evening + timedelta(minutes=61)) as work:
        assert find_actor_by_cookie(work, entered.secret) is NOBODY


def test_revoking_ends_what_is_open_with_the_next_request(working, cast, made, entered):
    with working(cast.an) as work:
        revoke_access_link(work, made.link.id)
    with working(cast.an) as work:
        revoke_access_link(work, made.link.id)  # again changes nothing
        assert find_actor_by_cookie(work, entered.secret) is NOBODY
        with pytest.raises(LinkGone):
            look_at_door(work, made.secret, address="10.0.0.1")


def test_renewing_makes_another_and_revokes_the_old(working, cast, made, entered):
    with working(cast.an) as work:
        new = renew_access_link(work, made.link.id, RenewalInput(expires_on=date(2026, 12, 24)))
        assert find_actor_by_cookie(work, entered.secret) is NOBODY
        assert [standing_of_link(link, work.now) for link in list_access_links(work)] == ["unused", "revoked"]
        assert look_at_door(work, new.secret, address="10.0.0.1").unit_name == made.unit.name


def test_a_unit_officer_neither_reads_nor_revokes_links(working, cast, made):
    with working(cast.hoa) as work:
        assert list_access_links(work) == []
        with pytest.raises(NotFound):
            revoke_access_link(work, made.link.id)


def test_a_sheet_gives_every_unit_a_new_link_in_its_order(working, cast, period, made):
    chosen = [cast.village_cell.id, cast.school_cell.id, cast.village_cell.id]
    with working(cast.an) as work:
        sheet = make_sheet(work, period.id, SheetInput(units=chosen))
        assert [one.unit.id for one in sheet] == chosen[:2]
        with pytest.raises(LinkGone):
            look_at_door(work, made.secret, address="10.0.0.1")


def test_a_sheet_takes_no_unit_from_next_door(working, cast, period):
    with working(cast.an) as work, pytest.raises(NotFound):
        make_sheet(work, period.id, SheetInput(units=[cast.other_unit.id]))


def test_leaving_ends_the_session_and_not_the_link(working, made, entered):
    with working(SYSTEM) as work:
        visitor = find_actor_by_cookie(work, entered.secret)
    with working(visitor) as work:
        sign_out(work)
        assert find_actor_by_cookie(work, entered.secret) is NOBODY
        assert look_at_door(work, made.secret, address="10.0.0.1")


def test_guessing_is_paused_and_old_paper_is_no_guess(working, cast, made):
    with working(cast.an) as work:
        revoke_access_link(work, made.link.id)
        new = renew_access_link(work, made.link.id)
        assert is_known(work, made.secret)
        assert not is_known(work, "x")
    for _ in range(10):
        with working(SYSTEM) as work:
            note_guess(work, address="10.0.0.9")
    with working(NOBODY) as work:
        with pytest.raises(TooManyTries):
            enter_by_link(work, new.secret, address="10.0.0.9")
        assert look_at_door(work, new.secret, address="10.0.0.1")
    with working(NOBODY, NOW + timedelta(minutes=6)) as work:
        assert enter_by_link(work, new.secret, address="10.0.0.9")


def test_a_session_is_of_an_account_or_of_a_link(stage, made, entered):
    session = stage.scalars(select(SignIn)).one()
    assert (session.account_id, session.access_link_id) == (None, made.link.id)
