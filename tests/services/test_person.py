"""People, their passwords and their roles."""

import pytest
from pydantic import ValidationError

from app.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Stale
from app.models import EventRow
from app.permissions import NOBODY, SYSTEM, Role
from app.services.person import (
    OwnPasswordInput,
    PasswordInput,
    PersonChange,
    PersonInput,
    add_person,
    change_own_password,
    change_person,
    disable_person,
    enable_person,
    get_person,
    get_person_by_login,
    list_people,
    person_actions,
    set_password,
)
from app.services.role import RoleInput, end_role, grant_role, roles_of
from app.services.signing_in import find_actor_by_cookie, sign_in
from tests.people import PASSWORD


def person(login="mai", role=Role.OFFICE, **more):
    return PersonInput(
        login=login,
        name=more.pop("name", "Lý Thị Mai"),
        password=more.pop("password", PASSWORD),
        role=role,
        **more,
    )


def let_in(working, login="mai", password=PASSWORD):
    with working(NOBODY) as work:
        return sign_in(work, login, password, address="::1", device=None).secret


def test_added_person_signs_in_with_the_role(working, cast):
    with working(cast.quan) as work:
        add_person(work, person("Mai", Role.UNIT, unit=cast.school_cell.id), cast.commune.id)
    secret = let_in(working)
    with working(NOBODY) as work:
        actor = find_actor_by_cookie(work, secret)
        assert (actor.name, actor.grants[0].role, actor.grants[0].unit_id) == (
            "Lý Thị Mai",
            Role.UNIT,
            cast.school_cell.id,
        )


def test_blanks_at_the_ends_belong_to_a_password(working, cast):
    with working(cast.quan) as work:
        add_person(work, person(password="  mười ký tự  "), cast.commune.id)
    let_in(working, password="  mười ký tự  ")


def test_people_are_found_by_folded_name_and_by_role(working, cast):
    with working(cast.quan) as work:
        add_person(work, person(), cast.commune.id)
        assert [a.login for a in list_people(work, q="ly MAI")] == ["mai"]
        assert {a.login for a in list_people(work, role=Role.UNIT)} == {"binh", "hoa"}
        assert get_person_by_login(work, " BINH ").name == "Trần Văn Bình"


def test_change_keeps_what_is_left_out(working, cast):
    with working(cast.quan) as work:
        change_person(work, cast.binh.account_id, PersonChange(post="Bí thư chi bộ"), 1)
    with working(cast.quan) as work:
        account = get_person(work, cast.binh.account_id)
        assert (account.name, account.post, account.version) == ("Trần Văn Bình", "Bí thư chi bộ", 2)


def test_new_password_by_the_administrator_ends_every_session(working, cast, database):
    secret = let_in(working, "binh")
    with working(cast.quan) as work:
        set_password(work, cast.binh.account_id, PasswordInput(password="mat-khau-moi-2027"))
    with working(NOBODY) as work:
        assert find_actor_by_cookie(work, secret) is NOBODY
    let_in(working, "binh", "mat-khau-moi-2027")
    with database.read_session() as session:
        changed = session.query(EventRow).filter(EventRow.kind == "person_changed").one()
        assert changed.data["changed"] == ["password"]


def test_own_new_password_keeps_this_session_and_ends_the_others(working, cast, database):
    other, mine = let_in(working, "binh"), let_in(working, "binh")
    with working(NOBODY) as work:
        binh = find_actor_by_cookie(work, mine)
    with working(binh) as work:
        given = OwnPasswordInput(current_password=PASSWORD, password="mat-khau-moi-2027")
        change_own_password(work, given)
    with working(NOBODY) as work:
        assert find_actor_by_cookie(work, mine) == binh
        assert find_actor_by_cookie(work, other) is NOBODY


def test_wrong_current_password_changes_nothing(working, cast):
    mine = let_in(working, "binh")
    with working(NOBODY) as work:
        binh = find_actor_by_cookie(work, mine)
    with pytest.raises(Invalid) as refusal, working(binh) as work:
        change_own_password(work, OwnPasswordInput(current_password="sai", password="mat-khau-moi-2027"))
    assert "current_password" in refusal.value.errors
    let_in(working, "binh")


def test_token_cannot_change_the_password(working, cast):
    with pytest.raises(Forbidden), working(cast.binh) as work:
        change_own_password(work, OwnPasswordInput(current_password=PASSWORD, password="mat-khau-moi-2027"))
    with pytest.raises(NotSignedIn), working(NOBODY) as work:
        change_own_password(work, OwnPasswordInput(current_password=PASSWORD, password="mat-khau-moi-2027"))


def test_disabled_person_is_out_at_once_and_may_be_let_in_again(working, cast):
    secret = let_in(working, "binh")
    with working(cast.quan) as work:
        account = disable_person(work, cast.binh.account_id, 1)
        assert "enable" in person_actions(work, account)
    with working(NOBODY) as work:
        assert find_actor_by_cookie(work, secret) is NOBODY
    with pytest.raises(Invalid, match="không đúng"):
        let_in(working, "binh")
    with working(cast.quan) as work:
        enable_person(work, cast.binh.account_id, 2)
    let_in(working, "binh")


def test_role_ended_today_no_longer_holds_today(working, cast):
    with working(cast.quan) as work:
        held = roles_of(work, [cast.binh.account_id])[cast.binh.account_id]
        end_role(work, cast.binh.account_id, held[0].id)
        given = grant_role(work, cast.binh.account_id, RoleInput(role=Role.LEADER))
    with working(cast.quan) as work:
        now_held = roles_of(work, [cast.binh.account_id])[cast.binh.account_id]
        assert now_held == [given]
        end_role(work, cast.binh.account_id, given.id)
        assert roles_of(work, [cast.binh.account_id])[cast.binh.account_id] == []


def test_role_of_a_unit_may_be_held_again_after_it_ended(working, cast):
    role = RoleInput(role=Role.UNIT, unit=cast.school_cell.id)
    with working(cast.quan) as work:
        end_role(
            work, cast.binh.account_id, roles_of(work, [cast.binh.account_id])[cast.binh.account_id][0].id
        )
        grant_role(work, cast.binh.account_id, role)


def test_first_administrator_comes_from_the_system(working, cast):
    with working(SYSTEM) as work:
        add_person(work, person("giam-doc", Role.PROVINCE), cast.province.id)


@pytest.mark.parametrize("who", ["an", "binh", "chi", "kiem"])
def test_only_the_administrator_adds_people(working, cast, who):
    with pytest.raises(Forbidden), working(getattr(cast, who)) as work:
        add_person(work, person(), cast.commune.id)


def test_office_reads_people_and_may_do_nothing_to_them(working, cast):
    with working(cast.an) as work:
        account = get_person(work, cast.binh.account_id)
        assert person_actions(work, account) == []
        for call in (
            lambda: set_password(work, account.id, PasswordInput(password=PASSWORD)),
            lambda: change_person(work, account.id, PersonChange(post="x"), 1),
            lambda: disable_person(work, account.id, 1),
            lambda: grant_role(work, account.id, RoleInput(role=Role.ADMIN)),
        ):
            with pytest.raises(Forbidden):
                call()


@pytest.mark.parametrize("who", ["binh", "chi", "kiem", "giang", "dung"])
def test_people_cannot_be_known_of_by_others(working, cast, who):
    with pytest.raises(NotFound), working(getattr(cast, who)) as work:
        get_person(work, cast.quan.account_id)


def test_login_belongs_to_one_person_of_the_whole_service(working, cast):
    with pytest.raises(Conflict, match="dung"), working(cast.quan) as work:
        add_person(work, person("dung"), cast.commune.id)


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "ngắn"},
        {"login": "Có dấu"},
        {"login": "a b"},
        {"name": " "},
        {"role": "boss"},
        {"email": "khong-phai-thu"},
        {"cccd": "001"},
    ],
)
def test_what_cannot_be_a_person_is_refused(typed):
    with pytest.raises(ValidationError):
        PersonInput.model_validate(person().model_dump() | typed)


def test_refused_input_does_not_show_the_password():
    given = person(password="mat-khau-kin-2026")
    assert "mat-khau-kin-2026" not in repr(given)


def test_role_and_place_must_fit(working, cast):
    with working(cast.quan) as work:
        for role, unit in (
            (Role.UNIT, None),
            (Role.OFFICE, cast.school_cell.id),
            (Role.UNIT, cast.other_unit.id),
            (Role.PROVINCE, None),
        ):
            with pytest.raises(Invalid):
                grant_role(work, cast.chi.account_id, RoleInput(role=role, unit=unit))
        with pytest.raises(Conflict, match="đang giữ"):
            grant_role(work, cast.chi.account_id, RoleInput(role=Role.LEADER))


def test_administrator_does_not_lock_himself_out(working, cast):
    with working(cast.quan) as work:
        mine = roles_of(work, [cast.quan.account_id])[cast.quan.account_id][0]
        with pytest.raises(Conflict):
            end_role(work, cast.quan.account_id, mine.id)
        with pytest.raises(Conflict):
            disable_person(work, cast.quan.account_id, 1)


def test_role_of_somebody_else_is_not_ended_through_another_person(working, cast):
    with working(cast.quan) as work:
        chis = roles_of(work, [cast.chi.account_id])[cast.chi.account_id][0]
        with pytest.raises(Conflict):
            end_role(work, cast.binh.account_id, chis.id)


def test_stale_change_is_refused(working, cast):
    with pytest.raises(Stale), working(cast.quan) as work:
        change_person(work, cast.binh.account_id, PersonChange(post="x"), 5)
