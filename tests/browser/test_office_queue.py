"""The office's page of what waits: narrowing it, several decided at once by keys, one reason for several, later dates;
what a report sent again changed; what is overdue by how long."""

from tests.browser.walking import DESK, check_page, fill_day, follow, person, picture, press

REASON = "Nêu rõ số em và thời gian."


def test_several_reports_are_decided_at_once(browser, live_server):
    with person(browser, live_server.url, "an", width=DESK) as page:
        page.goto("/can-xu-ly?muc=bao-cao")
        check_page(page)
        before = number_waiting(page)
        page.get_by_text("Lọc và tìm").click()
        page.get_by_label("Đơn vị", exact=True).select_option(label="Hội Nông dân xã")
        with page.expect_navigation():
            page.get_by_role("button", name="Lọc").last.click()
        assert 0 < number_waiting(page) < before
        assert page.get_by_role("listitem").filter(has_text="Quý").first.is_visible()
        follow(page, "Báo cáo chờ xác nhận")
        page.goto("/can-xu-ly?muc=bao-cao")
        for key in "jxjxr":
            page.keyboard.press(key)
        assert page.get_by_text("Đã đánh dấu 2 mục").is_visible()
        page.keyboard.type(REASON)
        check_page(page)
        picture(page, "office-queue-1280.png", at=page.locator("#hang-doi"))
        press(page, "Trả lại")
        assert number_waiting(page) == before - 2
        for key in "jx":
            page.keyboard.press(key)
        with page.expect_navigation():
            page.keyboard.press("c")
        assert number_waiting(page) == before - 3
        follow(page, "Trả lại, chưa gửi lại")
        assert page.get_by_text(REASON).count() == 2
        check_page(page)


def number_waiting(page):
    return int(page.locator("#danh-sach + p").inner_text().split()[0])


def test_a_unit_gets_a_later_date(browser, live_server):
    with person(browser, live_server.url, "kinhte") as unit:
        with unit.expect_navigation():
            unit.locator("main a[href^='/viec/']").first.click()
        row = unit.url
        unit.get_by_text("Xin gia hạn", exact=True).click()
        fill_day(unit, "asked_due_on", 30)
        unit.fill("#extension_reason", "Chờ thẩm định lại đơn giá đền bù.")
        check_page(unit)
        press(unit, "Gửi xin gia hạn")
    with person(browser, live_server.url, "an") as office:
        office.goto("/can-xu-ly?muc=gia-han")
        check_page(office)
        with office.expect_navigation():
            office.locator(f"main a[href='{row.removeprefix(live_server.url)}']").click()
        press(office, "Gia hạn")
        assert office.get_by_text("Hạn gốc").first.is_visible()
        check_page(office)
        picture(office, "later-date-390.png", at=office.locator("#gia-han"))


def test_a_report_sent_again_says_what_changed(browser, live_server):
    first, second = "Đã tặng 10 suất quà cho học sinh.", "Đã tặng 12 suất quà cho học sinh nghèo."
    with (
        person(browser, live_server.url, "cuuchienbinh") as unit,
        person(browser, live_server.url, "an") as office,
    ):
        follow(unit, "Báo cáo Quý")
        unit.locator("textarea[name$='.result']").first.fill(first)
        press(unit, "Gửi phiếu")
        follow(unit, "NV-")
        office.goto(unit.url)
        office.fill("#return_reason", REASON)
        press(office, "Trả lại")
        unit.reload()
        unit.fill("#result", second)
        press(unit, "Gửi báo cáo")
        office.goto("/can-xu-ly?muc=bao-cao")
        assert office.get_by_text("So với lần 1").first.is_visible()
        office.goto(unit.url)
        difference = office.locator(".difference")
        assert difference.locator("ins", has_text="12").is_visible()
        assert difference.locator("del", has_text="10").is_visible()
        check_page(office)
        picture(office, "difference-390.png", at=office.locator("article", has=difference))


def test_what_is_overdue_by_how_long(browser, live_server):
    with person(browser, live_server.url, "chi") as page:
        page.goto("/qua-han")
        check_page(page)
        everything = int(page.locator("main p.muted").first.inner_text().split()[0])
        follow(page, "8–30 ngày")
        assert 0 < int(page.locator("main p.muted").first.inner_text().split()[0]) <= everything
        check_page(page)
        picture(page, "overdue-390.png")
