"""Looking back to an earlier day: the leader chooses one, reads it, follows a unit, returns to today."""

from tests.browser.walking import PHONE, check_page, follow, person, picture, press


def test_a_leader_looks_back_to_an_earlier_day(browser, live_server):
    with person(browser, live_server.url, "chi", width=PHONE) as page:
        page.goto("/ke-hoach")
        plan = page.locator("main a[href^='/ke-hoach/']").first.get_attribute("href")
        page.goto(f"{plan}/toan-canh")
        page.get_by_text("Xem lại một ngày trước").click()
        page.fill("#ngay", "2026-11-03")
        press(page, "Xem ngày này")
        assert page.get_by_text("Như ngày 03/11/2026").is_visible()
        check_page(page)
        picture(page, "nhu-ngay-390.png")
        page.locator("#don-vi a[href^='/bang/']").nth(2).click()
        page.wait_for_load_state()
        assert page.get_by_text("Như ngày 03/11/2026").is_visible()
        assert page.locator("main form[method=post]").count() == 0
        check_page(page)
        follow(page, "Về hôm nay")
        assert "ngay=" not in page.url
