"""Urging, on the desk of the office and on the phone of who is urged; and the notices both read."""

from tests.browser.walking import DESK, PHONE, check_page, follow, person, picture, press

ANSWER = "Nhà trường bổ sung số hiệu kế hoạch trong tuần này."


def test_the_office_urges_and_the_unit_answers_from_its_board(browser, live_server):
    with person(browser, live_server.url, "an", width=DESK) as office:
        office.goto("/don-doc")
        check_page(office)
        row = office.get_by_role("row", name="Chi bộ Trường Tiểu học và THCS Tân Lập")
        row.get_by_role("checkbox").check()
        press(office, "Soạn đôn đốc các mục đã chọn")
        check_page(office)
        picture(office, "urging-1280.png")
        press(office, "Ghi nhận và gửi")
        office.goto("/don-doc/theo-doi")
        assert office.get_by_text("Đã báo cấp trên").first.is_visible()
        check_page(office)

        with person(browser, live_server.url, "tanlap", width=PHONE) as unit:
            follow(unit, "Mở bảng việc của đơn vị")
            check_page(unit)
            follow(unit, "Xem và trả lời")
            unit.fill("#answer", ANSWER)
            check_page(unit)
            picture(unit, "urging-390.png")
            press(unit, "Gửi trả lời")
            assert unit.get_by_text(ANSWER).first.is_visible()

        office.goto("/don-doc/theo-doi")
        assert office.get_by_role("row", name=ANSWER).is_visible()
        office.get_by_role("row", name=ANSWER).get_by_role("link").first.click()
        office.wait_for_load_state()
        follow(office, "Bản in")
        check_page(office)


def test_notices_are_read_one_by_one_or_all_at_once(browser, live_server):
    with person(browser, live_server.url, "mattran", width=PHONE) as page:
        page.goto("/thong-bao")
        check_page(page)
        picture(page, "notices-390.png")
        press(page, "Mở")
        assert page.get_by_text("đối chiếu số tiền vận động").first.is_visible()
        page.goto("/thong-bao?chua_doc=1")
        check_page(page)
        page.goto("/thong-bao/cai-dat")
        page.get_by_label("Đã xác nhận").uncheck()
        check_page(page)
        press(page, "Lưu lựa chọn")
        page.goto("/thong-bao/cai-dat")
        assert not page.get_by_label("Đã xác nhận").is_checked()
