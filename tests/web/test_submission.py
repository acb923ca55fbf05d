"""/so-lieu as people meet it."""

import pytest

from tests.factories import add_indicator, add_period, add_plan


@pytest.fixture
def indicator(stage, cast):
    plan = add_plan(stage, cast.commune)
    add_period(stage, cast.commune)
    made = add_indicator(
        stage, plan, owners=(cast.school_cell,), numerator_name="Số phòng", denominator_name="Tổng số phòng"
    )
    stage.commit()
    return made


@pytest.fixture
def address(client, indicator, cast):
    """The page of a figure that was sent."""
    body = {"indicator": str(indicator.id), "unit": str(cast.school_cell.id), "period": "2026-Q4"}
    sent = client("binh").post("/api/v1/submissions", json=body | {"numerator": 37, "denominator": 40})
    return f"/so-lieu/{sent.json()['id']}"


def post(person, address, **fields):
    return person.post(address, data=fields, follow_redirects=False)


def test_the_unit_corrects_its_figure(client, address):
    unit = client("binh")
    page = unit.get(address)
    assert "92,5% (37/40)" in page.text
    assert 'value="37"' in page.text
    answer = post(unit, f"{address}/gui", sent="1", numerator="38", denominator="40", note="Sửa")
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert "95% (38/40)" in unit.get(address).text


def test_the_office_accepts_what_it_saw(client, address):
    unit, office = client("binh"), client("an")
    seen = office.get(address).text
    assert 'name="version" value="2"' in seen
    post(unit, f"{address}/gui", sent="1", numerator="38", denominator="40")
    assert post(office, f"{address}/chap-nhan", version="2").status_code == 412
    assert post(office, f"{address}/chap-nhan", version="3").status_code == 303
    assert "Đã chấp nhận" in office.get(address).text


def test_who_decides_sees_which_unit_vouches_for_the_figure(client, address, cast):
    office = client("an")
    row = office.get(f"/api/v1{address.replace('so-lieu', 'submissions')}").json()
    indicator = f"/api/v1/indicators/{row['indicator']['id']}"
    seen = office.get(indicator)
    assert "Đơn vị thẩm định" not in office.get(address).text
    verifier = {"verifier": str(cast.village_cell.id)}
    changed = office.patch(indicator, json=verifier, headers={"If-Match": seen.headers["etag"]})
    assert changed.status_code == 200
    assert f"Đơn vị thẩm định: <b>{cast.village_cell.name}</b>" in office.get(address).text
    # It is told, not given a right: its officer sees this figure no more than before.
    assert client("hoa").get(address).status_code == 404


def test_the_office_returns_with_a_reason_and_reopens(client, address):
    unit, office = client("binh"), client("an")
    assert post(office, f"{address}/tra-lai", return_reason="Thiếu một trường").status_code == 303
    assert "Thiếu một trường" in unit.get(address).text
    post(unit, f"{address}/gui", sent="1", numerator="40", denominator="40")
    post(office, f"{address}/chap-nhan")
    assert post(office, f"{address}/mo-lai", reopen_reason="Kiểm tra lại").status_code == 303
    assert "Kiểm tra lại" in unit.get(address).text
    assert post(office, f"{address}/khong-phai-bao-cao", waive_reason="Đã sáp nhập").status_code == 303
    assert "Đã sáp nhập" in unit.get(address).text


def test_a_return_without_a_reason_is_asked_for_one(client, address):
    answer = post(client("an"), f"{address}/tra-lai", return_reason=" ")
    assert answer.status_code == 422
    assert "Hãy nêu lý do" in answer.text


@pytest.mark.parametrize(
    ("numerator", "said"),
    [
        ("99.9", "Không rõ “99.9” là 99,9 hay 999?"),
        ("abc", "“abc” không phải là số"),
        ("48", "120 % vượt quá 100 %"),
    ],
)
def test_a_bad_figure_comes_back_filled_in(client, address, numerator, said):
    answer = post(client("binh"), f"{address}/gui", numerator=numerator, denominator="40", note="Theo EMIS")
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{numerator}"' in answer.text
    assert 'value="Theo EMIS"' in answer.text


def test_an_empty_figure_says_what_to_do(client, address):
    answer = post(client("binh"), f"{address}/gui")
    assert (answer.status_code, "Nhập số liệu rồi gửi" in answer.text) == (422, True)


def test_only_those_who_may_see_and_do(client, address):
    assert client("hoa").get(address).status_code == 404
    assert client("dung").get(address).status_code == 404
    leader = client("chi").get(address)
    assert leader.status_code == 200
    assert "Xem xét số liệu" not in leader.text
    assert "Gửi số liệu" not in leader.text
    assert post(client("chi"), f"{address}/chap-nhan").status_code == 403
    assert post(client("an"), f"{address}/gui", numerator="1", denominator="2").status_code == 403
