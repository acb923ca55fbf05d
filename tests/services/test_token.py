"""Keys for other systems."""

from datetime import date, timedelta

import pytest

from app.errors import Invalid, NotFound, NotSignedIn
from app.models import Account, ApiToken
from app.permissions import NOBODY, SYSTEM
from app.services.signing_in import find_actor_by_token
from app.services.token import TokenInput, add_own_token, add_token, list_tokens, revoke_token
from tests.people import NOW


def test_token_acts_as_its_owner_and_is_stored_hashed(working, cast, database):
    with working(cast.binh) as work:
        row, secret = add_own_token(work, TokenInput(name="Phần mềm trường"))
        assert [t.name for t in list_tokens(work)] == ["Phần mềm trường"]
    assert secret.startswith("td_")
    with working(NOBODY) as work:
        actor = find_actor_by_token(work, secret)
        assert (actor.account_id, actor.session_id) == (cast.binh.account_id, None)
    with database.read_session() as session:
        assert secret not in str(session.get(ApiToken, row.id).model_dump())


def test_operator_makes_a_token_for_anybody(working, cast):
    with working(SYSTEM) as work:
        secret = add_token(work, "Đồng bộ", work.get(Account, cast.an.account_id), None)
    with working(NOBODY) as work:
        assert find_actor_by_token(work, secret).account_id == cast.an.account_id


def test_revoked_token_opens_nothing(working, cast):
    with working(cast.an) as work:
        row, secret = add_own_token(work, TokenInput(name="Thử"))
    with working(cast.an) as work:
        revoke_token(work, row.id)
        assert list_tokens(work) == []
        revoke_token(work, row.id)
    with pytest.raises(NotSignedIn), working(NOBODY) as work:
        find_actor_by_token(work, secret)


def test_token_works_until_its_last_day_ends_in_vietnam(working, cast):
    with working(cast.an) as work:
        _, secret = add_own_token(work, TokenInput(name="Thử", expires_on=date(2026, 11, 23)))
    with working(NOBODY, NOW + timedelta(hours=14, minutes=59)) as work:
        find_actor_by_token(work, secret)
    with pytest.raises(NotSignedIn), working(NOBODY, NOW + timedelta(hours=15)) as work:
        find_actor_by_token(work, secret)


def test_tokens_of_others_can_neither_be_made_nor_seen_nor_revoked(working, cast):
    with working(cast.an) as work:
        row, _ = add_own_token(work, TokenInput(name="Của An"))
    with working(cast.quan) as work:
        assert list_tokens(work) == []
        with pytest.raises(NotFound):
            revoke_token(work, row.id)
        with pytest.raises(NotFound):
            add_token(work, "Giả", work.get(Account, cast.an.account_id))
    with pytest.raises(NotSignedIn), working(NOBODY) as work:
        list_tokens(work)


def test_last_day_in_the_past_is_refused(working, cast):
    with pytest.raises(Invalid, match="đã qua"), working(cast.an) as work:
        add_own_token(work, TokenInput(name="Cũ", expires_on=date(2026, 11, 22)))
