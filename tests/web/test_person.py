"""/nguoi-dung, /tai-khoan and /ma-truy-cap."""

import re

import pytest

from tests.people import PASSWORD

MAI = {"login": "mai", "name": "Lý Thị Mai", "password": PASSWORD, "role": "leader"}


def test_administrator_adds_a_person_and_gives_and_ends_roles(client, cast):
    admin = client("quan")
    added = admin.post("/nguoi-dung", data=MAI)
    assert added.status_code == 303
    here = added.headers["Location"]
    assert "Lãnh đạo" in admin.get(here).text
    role = {"role": "unit", "unit": str(cast.school_cell.id)}
    assert admin.post(f"{here}/vai-tro", data=role).status_code == 303
    page = admin.get(here).text
    ends = re.findall(rf'action="({here}/vai-tro/[^"]+/thoi)"', page)
    assert len(ends) == 2
    assert admin.post(ends[0]).status_code == 303
    assert admin.get(here).text.count("/thoi") == 1


def test_administrator_edits_sets_a_password_and_locks(client, cast):
    admin, here = client("quan"), f"/nguoi-dung/{cast.binh.account_id}"
    form = {"version": "1", "name": "Trần Văn Bình", "post": "Bí thư chi bộ", "email": ""}
    assert admin.post(here, data=form).status_code == 303
    assert "Bí thư chi bộ" in admin.get(here).text
    assert admin.post(f"{here}/mat-khau", data={"password": "mat-khau-khac-1"}).status_code == 303
    assert admin.post(f"{here}/khoa", data={"version": "3"}).status_code == 303
    assert "Mở khóa tài khoản" in admin.get(here).text
    assert admin.post(f"{here}/mo-khoa", data={"version": "4"}).status_code == 303


def test_list_filters_by_role_and_folded_name(client):
    page = client("quan").get("/nguoi-dung", params={"vai-tro": "unit"}).text
    assert "Trần Văn Bình" in page
    assert "Lê Thị Chi" not in page
    assert "Không có người dùng nào khớp" in client("quan").get("/nguoi-dung?q=zzz").text


def test_office_reads_people_without_buttons(client, cast):
    page = client("an").get(f"/nguoi-dung/{cast.binh.account_id}").text
    assert "Trần Văn Bình" in page
    assert "Khóa tài khoản" not in page
    assert client("an").get("/nguoi-dung/them").status_code == 403
    assert client("an").post("/nguoi-dung", data=MAI).status_code == 403


def test_people_are_not_for_others(client, cast):
    assert client("chi").get(f"/nguoi-dung/{cast.binh.account_id}").status_code == 404
    assert client("dung").get(f"/nguoi-dung/{cast.binh.account_id}").status_code == 404
    assert client(None).get("/nguoi-dung").status_code == 303


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "ngan-qua"}, "10 ký tự"),
        ({"login": "dung"}, "đã có người dùng"),
        ({"login": "có dấu"}, "Lỗi"),
        ({"role": ""}, "Lỗi"),
        ({"role": "unit"}, "cần nêu đơn vị"),
        ({"email": "khong-phai"}, "Lỗi"),
    ],
)
def test_refused_person_comes_back_filled_in_but_for_the_password(client, wrong, said):
    answer = client("quan").post("/nguoi-dung", data=MAI | {"post": "Phó Bí thư"} | wrong)
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert "Phó Bí thư" in answer.text
    assert MAI["password"] not in answer.text
    assert "ngan-qua" not in answer.text


def test_own_password_is_changed_with_the_present_one(client):
    mine = client("binh")
    assert "Trần Văn Bình" in mine.get("/tai-khoan").text
    wrong = {"current_password": "khong-phai", "password": "mat-khau-khac-1"}
    refused = mine.post("/tai-khoan/mat-khau", data=wrong)
    assert refused.status_code == 422
    assert "Mật khẩu hiện tại không đúng" in refused.text
    assert "mat-khau-khac-1" not in refused.text
    assert mine.post("/tai-khoan/mat-khau", data=wrong | {"current_password": PASSWORD}).status_code == 303
    assert mine.get("/tai-khoan").status_code == 200
    assert client(None).get("/tai-khoan").status_code == 303


def test_password_is_not_kept_when_the_session_ended_meanwhile(client):
    form = {"current_password": "bi-mat-cu-123", "password": "bi-mat-moi-123"}
    answer = client(None).post("/tai-khoan/mat-khau", data=form)
    assert answer.status_code == 401
    assert "bi-mat" not in answer.text


def test_token_is_shown_once_and_can_be_revoked(client):
    mine = client("binh")
    made = mine.post("/ma-truy-cap", data={"name": "Phần mềm trường"})
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    secret = re.search(r'value="(td_[^"]+)"', made.text)
    assert secret is not None
    me = client(None).get("/api/v1/me", headers={"Authorization": f"Bearer {secret[1]}"})
    assert me.json()["login"] == "binh"
    listed = mine.get("/ma-truy-cap").text
    assert "Phần mềm trường" in listed
    assert secret[1] not in listed
    revoke = re.search(r'action="(/ma-truy-cap/[^"]+/thu-hoi)"', listed)
    assert revoke is not None
    assert client("an").post(revoke[1]).status_code == 404
    assert mine.post(revoke[1]).status_code == 303
    assert "Chưa có mã truy cập nào" in mine.get("/ma-truy-cap").text


def test_token_without_a_name_or_with_a_past_day_is_refused(client):
    past = {"name": "Cũ", "expires_on_day": "1", "expires_on_month": "1", "expires_on_year": "2020"}
    for form in ({"name": ""}, past):
        assert client("binh").post("/ma-truy-cap", data=form).status_code == 422
