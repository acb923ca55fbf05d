"""/lich-su and /tim."""

from tests.factories import add_plan, add_task


def test_history_is_newest_first_with_words_people_use(client, cast):
    client("quan").post(
        "/api/v1/people",
        json={"login": "mai", "name": "Lý Thị Mai", "password": "mat-khau-1234", "role": "leader"},
    )
    page = client("an").get("/lich-su").text
    assert page.index("Giao vai trò lãnh đạo") < page.index("Thêm người dùng Lý Thị Mai")
    assert "/nguoi-dung/" in page
    assert "Thêm người dùng" not in client("an").get("/lich-su", params={"ve": "unit"}).text
    assert "/nguoi-dung/" not in client("chi").get("/lich-su").text.split("<main")[1]


def test_history_pages_and_filters(client, cast):
    office = client("an")
    for number in range(52):
        office.post("/api/v1/units", json={"name": f"Thôn số {number}", "kind": "external"})
    first = office.get("/lich-su").text
    assert "Thôn số 51" in first
    assert "Thêm đơn vị Thôn số 1<" not in first
    assert "truoc=3" in first
    assert "Thôn số 1" in office.get("/lich-su", params={"truoc": 3}).text
    assert "Không có việc nào khớp" in office.get("/lich-su", params={"tu": "01/01/2090"}).text
    wrong = office.get("/lich-su", params={"tu": "hôm qua"})
    assert (wrong.status_code, "không phải là ngày" in wrong.text) == (200, True)
    assert "Chọn đơn vị" in office.get("/lich-su", params={"don-vi": "x"}).text


def test_history_of_others_is_not_shown(client, cast):
    client("an").post("/api/v1/units", json={"name": "Phòng Một", "kind": "division"})
    other = client("dung").get("/lich-su", params={"dia-phuong": str(cast.commune.id)})
    assert "Phòng Một" not in other.text
    assert "Phòng Một" not in client("binh").get("/lich-su").text.split("<main")[1]
    assert "Phòng Một" in client("giang").get("/lich-su", params={"dia-phuong": str(cast.commune.id)}).text
    assert client(None).get("/lich-su").status_code == 303


def test_search_page_finds_and_says_when_nothing_is_found(client, cast, stage):
    task = add_task(stage, add_plan(stage, cast.commune))
    stage.commit()
    page = client("binh").get("/tim", params={"q": "ra soat"}).text
    assert f'href="/nhiem-vu/{task.id}"' in page
    assert 'value="ra soat"' in page
    assert "Không tìm thấy gì" in client("binh").get("/tim", params={"q": "zzz"}).text
    assert client("binh").get("/tim").status_code == 200
    assert client(None).get("/tim", params={"q": "x"}).status_code == 303


def test_what_was_searched_for_is_shown_as_text(client):
    page = client("an").get("/tim", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page
