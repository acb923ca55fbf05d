"""/ke-hoach: the list of plans."""

import pytest

from tests.factories import add_plan


@pytest.fixture
def plans(stage, cast):
    """One plan in each of the two communes."""
    add_plan(stage, cast.commune).title = "Kế hoạch của Tân Quang"
    add_plan(stage, cast.other_commune).title = "Kế hoạch của Phù Liễn"
    stage.commit()


def test_the_province_sees_the_plans_of_the_commune_it_chose(client, cast, plans):
    page = client("giang").get("/ke-hoach", params={"dia-phuong": str(cast.commune.id)})
    assert page.status_code == 200
    assert "Kế hoạch của Tân Quang" in page.text
    assert "Kế hoạch của Phù Liễn" not in page.text
    assert f'<option value="{cast.commune.id}" selected' in page.text


def test_without_a_choice_the_province_sees_whose_plan_each_is(client, plans):
    page = client("giang").get("/ke-hoach", params={"q": "", "dia-phuong": ""}).text
    assert '<td data-label="Địa phương">Xã Tân Quang</td>' in page
    assert '<td data-label="Địa phương">Phường Phù Liễn</td>' in page


def test_a_commune_is_not_asked_to_choose_a_locality(client, plans):
    assert "Địa phương" not in client("an").get("/ke-hoach").text


@pytest.mark.parametrize("login", ["dung", "binh"])
def test_plans_of_a_locality_one_may_not_know_of_are_not_found(client, cast, plans, login):
    elsewhere = cast.commune if login == "dung" else cast.other_commune
    page = client(login).get("/ke-hoach", params={"dia-phuong": str(elsewhere.id)})
    assert page.status_code == 404
    assert elsewhere.name not in page.text


def test_the_api_filters_plans_by_locality(client, cast, plans):
    asked = {"locality": str(cast.commune.id)}
    found = client("giang").get("/api/v1/plans", params=asked).json()["items"]
    assert [plan["title"] for plan in found] == ["Kế hoạch của Tân Quang"]
    assert client("dung").get("/api/v1/plans", params=asked).status_code == 404
