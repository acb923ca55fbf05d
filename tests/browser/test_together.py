"""Units that work together, and units that change: the board of a group, joint work, remarks, a merger."""

from tests.browser.walking import DESK, PHONE, check_page, follow, person, picture, press


def test_a_group_sees_who_has_reported_and_does_some_work_as_one(browser, live_server):
    with person(browser, live_server.url, "an", width=DESK) as office:
        office.goto("/don-vi")
        follow(office, "Các chi bộ trường học")
        check_page(office)
        follow(office, "Bảng việc")
        assert office.get_by_text("Một đơn vị xong là đủ").first.is_visible()
        check_page(office)
        picture(office, "group-1280.png")

    with person(browser, live_server.url, "mattran", width=PHONE) as member:
        follow(member, "Mở bảng việc của đơn vị")
        check_page(member)
        follow(member, "Phát động phong trào học tập")
        assert member.get_by_text("09 gương phụ nữ tự học").first.is_visible()
        check_page(member)
        member.goto("/y-kien")
        assert member.get_by_text("đối chiếu số tiền vận động").first.is_visible()
        check_page(member)
        picture(member, "remarks-390.png")


def test_two_cells_merge_and_the_open_rows_go_on_as_proposed(browser, live_server):
    with person(browser, live_server.url, "an", width=DESK) as office:
        office.goto("/don-vi/thay-doi")
        assert office.get_by_text("Trạm Y tế xã Tân Quang").first.is_visible()
        check_page(office)
        follow(office, "Sáp nhập")
        check_page(office)
        for name in ("Chi bộ thôn Nậm Mòng", "Chi bộ thôn Pác Cáp"):
            office.get_by_label(name, exact=True).first.check()
        office.fill("#ten", "Chi bộ thôn Nậm Pác")
        press(office, "Xem trước")
        check_page(office)
        press(office, "Ghi thay đổi")
        check_page(office)
        picture(office, "handing-over-1280.png")
        office.get_by_role("button", name="Làm như đề xuất").first.click()
        office.wait_for_load_state()
        assert office.get_by_text("kèm báo cáo và lịch sử").is_visible()
        check_page(office)
