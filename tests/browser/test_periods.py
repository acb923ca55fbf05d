"""The office's periods: what is missing before one is closed, a date of its own for a unit, opening again; the scheme a
plan reports by, after which periods open by themselves."""

from tests.browser.walking import DESK, PHONE, check_page, fill_day, follow, person, picture, press

OWN, AGAIN = "Bí thư đi công tác.", "Còn ba đơn vị xin gửi bổ sung."


def test_a_period_is_closed_and_opened_again(browser, live_server):
    with person(browser, live_server.url, "an", width=DESK) as page:
        page.goto("/ky")
        check_page(page)
        with page.expect_navigation():
            quarter = page.get_by_role("row", name="Quý").filter(has_text="Đang mở")
            quarter.get_by_role("link").first.click()
        unit = page.locator(".unit-folds summary").first
        name = unit.locator(".unit-folds__name").inner_text()
        unit.click()
        assert page.get_by_role("link", name=f"Cả phiếu của {name}").is_visible()
        check_page(page)
        picture(page, "period-1280.png")
        page.get_by_text("Đặt hạn riêng cho một đơn vị").click()
        page.get_by_label("Đơn vị", exact=True).select_option(label=name)
        fill_day(page, "own_due_on", 60)
        page.fill("#reason", OWN)
        press(page, "Ghi hạn riêng")
        assert page.get_by_role("heading", name="Hạn riêng").is_visible()
        assert page.get_by_text(OWN).first.is_visible()
        follow(page, "Xem trước khi đóng")
        assert page.get_by_text("mục chưa báo cáo").first.is_visible()
        page.set_viewport_size({"width": PHONE, "height": 844})
        check_page(page)
        picture(page, "period-close-390.png")
        press(page, "Đóng kỳ")
        check_page(page)
        page.get_by_text("Mở lại kỳ này").click()
        page.fill("#reopen_reason", AGAIN)
        fill_day(page, "until", 60)
        press(page, "Mở lại kỳ")
        assert page.get_by_text("Đang mở").first.is_visible()
        assert page.get_by_text(AGAIN).first.is_visible()


def test_a_plan_names_its_scheme_and_periods_open_by_themselves(browser, live_server):
    with person(browser, live_server.url, "an") as page:
        page.goto("/ke-hoach")
        with page.expect_navigation():
            page.locator("main th a[href^='/ke-hoach/']").last.click()
        plan = page.url
        choose_scheme(page, "calendar", "quarter")
        check_page(page)
        page.goto("/ky")
        assert page.get_by_role("heading", name="Tự mở theo chế độ báo cáo").is_visible()
        assert page.get_by_text("Đơn vị còn thiếu được nhắc").is_visible()
        check_page(page)
        picture(page, "periods-to-come-390.png", at=page.locator("#sap-mo"))
        page.goto(plan)
        choose_scheme(page, "", "")


def choose_scheme(page, scheme, cycle):
    page.locator("summary", has_text="Chế độ báo cáo").click()
    page.select_option("#scheme", scheme)
    page.select_option("#cycle", cycle)
    press(page, "Lưu chế độ báo cáo")
